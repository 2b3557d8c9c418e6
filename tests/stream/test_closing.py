"""Who is let in, who is sent away, with which code; and that a bad neighbour costs the others nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, insert, select, update
from uuid_utils.compat import uuid7
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.frames import Opcode

from search_ops.domain.principals import OrganisationKind, Role
from search_ops.domain.visibility import HQ
from search_ops.persistence.cluster_databases import superuser_connection
from search_ops.persistence.plain_tables import account_grant, organisation, request_party, session
from search_ops.persistence.plain_tables import stream as stream_table
from tests.stream.conftest import KEK, PAGE, Client, Search, Stream, StreamMaker, draft, on_every_transport
from web.stream.limits import Limits
from web.stream.server import Config, serving
from web.stream.socket import Socket

if TYPE_CHECKING:
    from search_ops.persistence.embedded import Cluster, DatabaseUrls

pytestmark = pytest.mark.postgres

QUICK: dict[str, Any] = {"recheck_s": 0.05, "sweep_s": 0.02, "board_s": 0.05, "retry_s": 0.05}


def test_the_numbers_keep_the_contract() -> None:
    """Sign-in within 5 s, ping at most every 20 s, unread gone in 45 s, revoked in 5 s, drained in 5 s."""
    limits = Limits()
    assert limits.sign_in_s == 5
    assert limits.ping_s <= 20
    assert limits.ping_s + limits.pong_s + 2 * limits.sweep_s + limits.close_s <= 45
    assert max(limits.recheck_s, limits.drain_s) <= 4
    assert (limits.ring_frames, limits.ring_bytes) == (4_096, 4 * 2**20)
    assert (limits.message_bytes, limits.messages_per_s, limits.buffer_bytes) == (8_192, 10, 65_536)


@on_every_transport
async def test_a_ticket_opens_once(search: Search, stream: Stream) -> None:
    """The second use of a ticket, an expired one, one of a revoked session and an invented one are 4401."""
    desk = await search.sign_in(Role.COORDINATOR)
    used = await search.ticket(desk)
    async with stream.speaker() as client:
        await client.say(type="auth", ticket=used, resume=None)
        await client.until("live")
    revoked = await search.sign_in(Role.COORDINATOR)
    of_revoked = await search.ticket(revoked)
    await search.revoke(revoked)
    expired = await search.ticket(desk, lives=timedelta(seconds=-1))
    for ticket in (used, expired, of_revoked, "invented"):
        async with stream.speaker() as client:
            await client.say(type="auth", ticket=ticket, resume=None)
            assert await client.end() == (4401, "ticket_refused")
            assert client.heard == []


@on_every_transport
async def test_a_ticket_opens_nothing_foreign(search: Search, stream: Stream) -> None:
    """A volunteer's for another stream, a family's, an unasked ministry's: 4403, without a byte."""
    _, phone = await search.join()
    family = await search.sign_in(Role.FAMILY, operation_id=search.operation_id)
    ministry = await search.sign_in(Role.EMERGENCY)
    for session_id, stream_id in (
        (phone, f"case/{search.case_id}"),
        (phone, f"operation/{uuid7()}"),
        (family, search.stream_id),
        (ministry, search.stream_id),
    ):
        async with stream.client(session_id, stream_id=stream_id) as client:
            assert await client.end() == (4403, "right_withdrawn")
            assert client.heard == []


async def test_the_first_word_must_be_a_sign_in(stream: Stream) -> None:
    """Anything else as the first message is 4401."""
    words: list[str | bytes] = [
        "{",
        "[]",
        '{"type":"resume"}',
        '{"type":"auth"}',
        '{"type":"auth","ticket":7}',
        b"\0\1",
        "",
    ]
    for word in words:
        async with stream.connection() as client:
            await client.connection.send(word)
            assert await client.end() == (4401, "sign_in_expected"), word


async def test_whoever_says_nothing_is_sent_away(make_stream: StreamMaker) -> None:
    """Without a sign-in in its time the socket is closed with 4401."""
    stream = await make_stream(sign_in_s=0.1)
    async with stream.connection() as client:
        assert await client.end() == (4401, "sign_in_expected")


async def test_foreign_pages_get_no_socket(search: Search, stream: Stream) -> None:
    """A page of ours connects, a program without Origin too, a page from elsewhere gets 403."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.connection(origin=PAGE) as client:
        await client.say(type="auth", ticket=await search.ticket(desk))
        assert (await client.hear())["type"] == "hello"
    for origin in ("http://evil.example", "null", "https://localhost:8080"):
        with pytest.raises(InvalidStatus) as refused:
            async with stream.connection(origin=origin):
                pass
        assert refused.value.response.status_code == HTTPStatus.FORBIDDEN


async def test_plain_http_is_answered(stream: Stream) -> None:
    """The supervisor asks /livez; nothing but /stream is a websocket."""
    answers = {"/livez": b"200 OK", "/readyz": b"200 OK", "/elsewhere": b"404 Not Found"}
    for path, status in answers.items():
        reader, writer = await asyncio.open_connection("127.0.0.1", stream.running.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        assert status in line, path


@on_every_transport
async def test_a_revoked_session_loses_its_socket(search: Search, make_stream: StreamMaker) -> None:
    """Signing out, or being signed out, closes the sockets of the session with 4401."""
    stream = await make_stream(**QUICK)
    desk, other = await search.sign_in(Role.COORDINATOR), await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client, stream.client(other) as stays:
        await client.until("live")
        await stays.until("live")
        await search.revoke(desk)
        assert await client.end() == (4401, "session_ended")
        await search.happen(draft("note_added", HQ, text="weiter"))
        assert (await stays.events(1))[0]["seq"] == 2


@on_every_transport
async def test_grants_are_looked_at_again(search: Search, make_stream: StreamMaker) -> None:
    """A new grant resets the socket and shows more after it; losing all grants closes it with 4403."""
    stream = await make_stream(**QUICK)
    lead = await search.sign_in(Role.REGION_LEAD)
    await search.happen(draft("note_added", HQ, text="для штаба"))
    async with stream.client(lead) as client:
        heard = await client.until("live")
        assert heard[2]["event"] == {"seq": 2}
        async with search.office.engine.begin() as connection:
            of_session = select(session.c.account_id).where(session.c.session_id == lead)
            account_id = (await connection.execute(of_session)).scalar_one()
            row = {"grant_id": uuid7(), "account_id": account_id, "role": Role.RADIO, "region": "RU-VLA"}
            await connection.execute(insert(account_grant).values(row))
        assert (await client.hear())["reason"] == "grants_changed"
        await client.say(type="resume", epoch=heard[0]["epoch"], after=0)
        assert (await client.until("live"))[1]["event"]["payload"]["text"] == "для штаба"
        async with search.office.engine.begin() as connection:
            await connection.execute(delete(account_grant).where(account_grant.c.account_id == account_id))
        assert await client.end() == (4403, "right_withdrawn")


@on_every_transport
async def test_a_request_lets_the_asked_ministry_in(search: Search, stream: Stream) -> None:
    """Asked for help in this operation, the ministry may read what is for all and for it, from then on."""
    ministry_id = uuid7()
    async with search.office.engine.begin() as connection:
        names = dict.fromkeys(("name_ru", "name_en", "short_ru", "short_en"), "МЧС")
        await connection.execute(
            insert(organisation).values(organisation_id=ministry_id, kind=OrganisationKind.EMERGENCY, **names)
        )
    ministry = await search.sign_in(Role.EMERGENCY, organisation_id=ministry_id, region="RU-VLA")
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as keeps_the_stream_read:
        await keeps_the_stream_read.until("live")
        async with search.office.engine.begin() as connection:
            party = {"operation_id": search.operation_id, "request_id": uuid7()}
            await connection.execute(insert(request_party).values(organisation_id=ministry_id, **party))
        await search.happen(draft("request_made", f"agency:{ministry_id}", basis="по звонку"))
        async with stream.client(ministry) as client:
            heard = await client.until("live")
            assert heard[2]["event"]["payload"]["basis"] == "по звонку"


@on_every_transport
async def test_another_epoch_ends_every_socket(search: Search, make_stream: StreamMaker) -> None:
    """After a restore the numbers mean other events: 4409, and a new sign-in finds the new epoch."""
    stream = await make_stream(idle_poll_s=0.02, busy_poll_s=0.02)
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        await client.until("live")
        async with search.office.engine.begin() as connection:
            await connection.execute(update(stream_table).values(epoch=uuid7()))
        assert await client.end() == (4409, "epoch_changed")
    async with stream.client(desk) as client:
        assert [one["type"] for one in await client.until("live")] == ["hello", "event", "live"]


async def test_garbage_ends_the_socket_that_sent_it(search: Search, stream: Stream) -> None:
    """No JSON, no object, binary, too long: the standard's code; a type we do not know is passed over."""
    desk = await search.sign_in(Role.COORDINATOR)
    words: list[tuple[str | bytes, int]] = [
        ("{", 1007),
        ("[]", 1007),
        (b"{}", 1003),
        ("x" * 8_193, 1009),
        ("x" * 100_000, 1009),
    ]
    for word, code in words:
        async with stream.socket(desk) as client:
            await client.until("live")
            await client.say(type="dance", partner="unknown")
            await client.connection.send(word)
            assert (await client.end())[0] == code, word[:10]


@pytest.mark.parametrize("opcode", [Opcode.TEXT, Opcode.PING])
async def test_a_flood_is_4429(search: Search, stream: Stream, opcode: Opcode) -> None:
    """More than ten frames in a second, pings included, end the socket."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.socket(desk) as client:
        await client.until("live")
        for _ in range(30):
            if opcode is Opcode.PING:
                await client.connection.ping()
            else:
                await client.connection.send('{"type":"noise"}')
            if client.connection.protocol.close_rcvd is not None:
                break
        assert await client.end() == (4429, "too_many_messages")


@pytest.mark.parametrize("transport", ["socket", "events"])
async def test_sockets_of_a_session_are_counted(search: Search, make_stream: StreamMaker) -> None:
    """One more socket than a session may hold is 4429; when one goes, there is room again."""
    stream = await make_stream(sockets_per_session=2)
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as first, stream.client(desk) as second:
        await first.until("live")
        await second.until("live")
        async with stream.client(desk) as third:
            assert await third.end() == (4429, "too_many_sockets")
        leaving = next(iter(stream.running.reception.lines))
        await leaving.part(1012, "retry_after_ms=500")
        async with stream.client(desk) as fourth:
            await fourth.until("live")


async def test_sockets_of_the_process_are_counted(make_stream: StreamMaker) -> None:
    """Beyond the number of all sockets a new one is 4429 before it says a word."""
    stream = await make_stream(sockets=1)
    async with stream.connection() as first:
        await first.connection.ping()
        async with stream.connection() as second:
            assert await second.end() == (4429, "too_many_sockets")


async def fill(search: Search, count: int) -> None:
    await search.happen(*(draft("note_added", HQ, text="ж" * 10_000) for _ in range(count)))


async def test_a_socket_that_nobody_reads_is_closed(search: Search, make_stream: StreamMaker) -> None:
    """It holds little more than its buffer, is closed with 4408, and its neighbour has everything."""
    stream = await make_stream(**{**QUICK, "ping_s": 0.1, "pong_s": 0.5, "close_s": 0.2, "lag_s": 60})
    desk = await search.sign_in(Role.COORDINATOR)
    async with (
        stream.connection(max_queue=1, close_timeout=0.1) as dead,
        stream.client(desk) as neighbour,
    ):
        await neighbour.until("live")
        await dead.say(type="auth", ticket=await search.ticket(desk))
        await dead.until("live")
        (stuck,) = (
            one
            for one in stream.running.reception.lines
            if isinstance(one, Socket) and one.remote_address == dead.connection.local_address
        )
        await fill(search, 100)
        assert [one["seq"] for one in await neighbour.events(100)] == list(range(2, 102))
        assert stuck.transport.get_write_buffer_size() <= 64 * 1024 + 25_000
        async with asyncio.timeout(5):
            await stuck.wait_closed()
        assert stuck.protocol.close_sent is not None
        assert stuck.protocol.close_sent.code == 4408
        await search.happen(draft("note_added", HQ, text="weiter"))
        assert (await neighbour.events(1))[0]["seq"] == 102


async def test_a_socket_that_lags_is_reset_and_goes_on(search: Search, make_stream: StreamMaker) -> None:
    """Behind for too long: what is in its buffer, then a reset, then from the snapshot's number on."""
    stream = await make_stream(**{**QUICK, "lag_s": 0.1})
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.connection(max_queue=1) as slow:
        await slow.say(type="auth", ticket=await search.ticket(desk))
        heard = await slow.until("live")
        (socket,) = stream.running.reception.lines
        was_reset = _reset_of(socket.feed)
        await fill(search, 100)
        async with asyncio.timeout(5):
            await was_reset.wait()
        late = await slow.until("reset")
        assert late[-1]["reason"] == "too_slow"
        numbers = [one["event"]["seq"] for one in late[:-1]]
        assert numbers == list(range(2, 2 + len(numbers)))
        assert len(numbers) < 100
        await slow.say(type="resume", epoch=heard[0]["epoch"], after=101)
        assert await slow.hear() == {"type": "live", "seq": 101}


def _reset_of(feed: Any) -> asyncio.Event:
    """Return what is set when the feed resets somebody."""
    happened, reset = asyncio.Event(), feed.reset

    def watched(*arguments: Any) -> Any:
        happened.set()
        return reset(*arguments)

    feed.reset = watched
    return happened


async def test_pings_are_heard_and_answered(search: Search, make_stream: StreamMaker) -> None:
    """Page scripts see a `ping` message; a client that answers the protocol's ping stays."""
    stream = await make_stream(**{**QUICK, "ping_s": 0.05, "pong_s": 0.5})
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.socket(desk) as client:
        await client.until("live")
        async with asyncio.timeout(5):
            while client.heard.count(b'{"type":"ping"}') < 20:  # twice the time a silent one would have
                client.heard.append(await client.connection.recv(decode=False))


@on_every_transport
async def test_a_killed_database_connection_costs_nothing(
    search: Search, make_stream: StreamMaker, cluster: Cluster, database: DatabaseUrls
) -> None:
    """All connections of the stream are cut, again and again: events come on, without a hole."""
    stream = await make_stream(**QUICK)
    desk = await search.sign_in(Role.COORDINATOR)
    name = database.app_url.rpartition("/")[2].partition("?")[0]
    async with stream.client(desk) as client:
        await client.until("live")
        seen: list[int] = []
        for _ in range(4):
            await asyncio.to_thread(_cut, cluster, name)
            await search.happen(draft("note_added", HQ, text="x"), draft("note_added", HQ, text="y"))
            seen += [one["seq"] for one in await client.events(2)]
        assert seen == list(range(2, 10))
        async with stream.client(desk) as another:
            assert len(await another.until("live")) == 11


def _cut(cluster: Cluster, database: str) -> None:
    with superuser_connection(cluster) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'search_ops_stream' AND datname = %s",
            (database,),
        )


async def test_a_stop_sends_everybody_away_to_come_back(search: Search, database: DatabaseUrls) -> None:
    """On a stop every socket, signed in or not, is closed with 1012 and a moment to come back at."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with AsyncExitStack() as sockets:
        async with serving(Config("127.0.0.1", 0, (), database.stream_url, KEK)) as running:
            stream = Stream(running, search)
            clients = [
                await sockets.enter_async_context(one)
                for one in (stream.socket(desk), stream.socket(desk), stream.connection())
            ]
            for one in clients[:2]:
                await one.until("live")
            await (await clients[2].connection.ping())
            ends = [asyncio.create_task(one.end()) for one in clients]
        farewells = await asyncio.gather(*ends)
    assert {code for code, _ in farewells} == {1012}
    waits = [int(reason.removeprefix("retry_after_ms=")) for _, reason in farewells]
    assert all(500 <= wait <= 5_000 for wait in waits)


async def test_without_a_database_clients_are_asked_to_come_back() -> None:
    """Nobody is let in and nobody is told to give up: 1012; the process lives but is not ready."""
    nowhere = "postgresql://nobody@/none?host=/nonexistent"
    async with serving(Config("127.0.0.1", 0, (), nowhere, KEK), Limits(**QUICK)) as running:
        async with connect(f"ws://127.0.0.1:{running.port}/stream", proxy=None) as connected:
            client = Client(connected)
            await client.say(type="auth", ticket="any", resume=None)
            code, reason = await client.end()
        assert (code, reason.partition("=")[0]) == (1012, "retry_after_ms")
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"503" in await reader.readline()
        writer.close()
        await writer.wait_closed()
