"""The stream without a websocket: who is let in, what one answer holds, how it ends; nobody is waited for."""

from __future__ import annotations

import asyncio
import json
import socket as sockets_of_the_system
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ
from tests.stream.conftest import KEK, PAGE, Search, Stream, StreamMaker, draft, eventually
from tests.stream.http_client import HttpClient, post, read_head
from tests.stream.test_closing import QUICK, fill
from web.stream.limits import Limits
from web.stream.passes import Pass, Passes
from web.stream.server import Config, serving

if TYPE_CHECKING:
    from search_ops.persistence.embedded import DatabaseUrls
    from tests.stream.http_client import Answer

pytestmark = pytest.mark.postgres

EVENTS = {"Accept": "text/event-stream"}
POLL = {"Accept": "application/json"}
on_both = pytest.mark.parametrize("transport", ["events", "poll"])


async def auth(search: Search) -> bytes:
    """Return a first message that is let in."""
    desk = await search.sign_in(Role.COORDINATOR)
    return json.dumps({"type": "auth", "ticket": await search.ticket(desk)}).encode()


async def ask(stream: Stream, body: bytes = b"{}", **more: str) -> Answer:
    """Return the head of an answer; the connection is closed."""
    answer = await post(stream.running.port, body, **more)
    await answer.close()
    return answer


@pytest.mark.parametrize("accept", [EVENTS, POLL])
async def test_pages_of_ours_are_let_in_and_no_others(
    search: Search, stream: Stream, accept: dict[str, str]
) -> None:
    """A listed Origin is told that it may read, a program sends none; any other page gets 403 unheard."""
    ours = await ask(stream, await auth(search), Origin=PAGE, **accept)
    assert (ours.status, ours.headers["access-control-allow-origin"]) == (200, PAGE)
    assert ours.headers["cache-control"].startswith("no-store")
    assert ours.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in ours.headers
    program = await ask(stream, await auth(search), **accept)
    assert (program.status, "access-control-allow-origin" in program.headers) == (200, False)
    spared = await auth(search)
    for origin in ("http://evil.example", "null", "https://localhost:8080", ""):
        foreign = await ask(stream, spared, Origin=origin, **accept)
        assert (foreign.status, "access-control-allow-origin" in foreign.headers) == (403, False), origin
    assert (await ask(stream, spared, **accept)).status == 200  # the ticket had not been spent


async def test_what_is_no_request_for_a_stream_is_refused(stream: Stream) -> None:
    """Another path, another method, too long a message: a plain status, and the connection ends."""
    for status, more in (
        (404, {"path": "/elsewhere"}),
        (405, {"method": "PUT"}),
        (405, {"method": "OPTIONS"}),
        (413, {"body": b"x" * 8_193}),
    ):
        answer = await ask(stream, **more)
        assert (answer.status, answer.headers["connection"]) == (status, "close")


@on_both
async def test_the_first_word_must_be_a_sign_in_here_too(stream: Stream) -> None:
    """Anything else as the body is closed with 4401, and nothing else is said."""
    for word in (
        b"{",
        b"[]",
        b'{"type":"resume"}',
        b'{"type":"auth"}',
        b'{"type":"auth","pass":7}',
        b"\xff",
        b"",
    ):
        async with stream.speaker() as client:
            await client.send(word)
            assert await client.end() == (4401, "sign_in_expected"), word
            assert client.heard == []


async def test_a_connection_that_says_nothing_is_cut_off(make_stream: StreamMaker) -> None:
    """Before its first word, within a head, or within a body: after the time of a sign-in it is gone."""
    stream = await make_stream(sign_in_s=0.1, pong_s=0.1)
    head = b"POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n"
    for said in (b"", b"PO", head, head + b"\r\n{"):
        reader, writer = await asyncio.open_connection("127.0.0.1", stream.running.port)
        writer.write(said)
        async with asyncio.timeout(5):
            assert await _rest(reader) == b""
        writer.close()


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def test_garbage_and_impatience_are_cut_off(search: Search, stream: Stream) -> None:
    """No HTTP, an endless head, or a second request before the first was answered."""
    request = b"POST /stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
    ticket = await auth(search)
    waiting = b"POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(ticket), ticket)
    for said in (
        b"POST \0\0\0 nonsense\r\n\r\n",
        b"POST /stream HTTP/1.1\r\n" + b"X: " + b"y" * 60_000,
        waiting + request,
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", stream.running.port)
        writer.write(said)
        async with asyncio.timeout(5):
            assert b"frames" not in await _rest(reader)
        writer.close()


async def test_a_poll_is_answered_over_one_connection_again_and_again(search: Search, stream: Stream) -> None:
    """The connection is kept: what there is at once, and what happens later when it happens."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stream.running.port)

    async def poll(body: bytes) -> list[dict[str, Any]]:
        writer.write(b"POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        answer = await read_head(reader, writer)
        assert answer.headers["connection"] == "keep-alive"
        frames: list[dict[str, Any]] = orjson.loads(await answer.whole())["frames"]
        return frames

    first = await poll(await auth(search))
    assert [one["type"] for one in first] == ["hello", "event", "live", "pass", "again"]
    resume = {"epoch": first[0]["epoch"], "after": 1, "classes": first[0]["classes"]}
    going_on = json.dumps({"type": "auth", "pass": first[3]["pass"], "resume": resume}).encode()
    waits = asyncio.create_task(poll(going_on))
    await _somebody_listens(stream)
    assert not waits.done()
    await search.happen(draft("note_added", HQ, text="Сразу"))
    second = await waits
    assert [one["type"] for one in second] == ["hello", "live", "event", "pass", "again"]
    assert second[2]["event"]["payload"]["text"] == "Сразу"
    writer.close()
    await writer.wait_closed()


async def _somebody_listens(stream: Stream) -> None:
    await eventually(lambda: any(one.reader.is_live for one in stream.running.reception.lines))


async def test_an_idle_poll_is_answered_with_a_ping(search: Search, make_stream: StreamMaker) -> None:
    """Nothing happens: the answer comes all the same, so that the client knows that we are there."""
    stream = await make_stream(**QUICK, ping_s=0.1)
    stream.transport = "poll"
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        await client.until("live")
        assert isinstance(client, HttpClient)
        async with asyncio.timeout(5):
            while client.heard.count(b'{"type":"ping"}') < 3:
                await client._next()
        assert client.answers >= 3


async def test_an_event_stream_pings_and_is_asked_for_again(search: Search, make_stream: StreamMaker) -> None:
    """Pings come in the answer; after a while it ends properly and goes on in another, without a hole."""
    stream = await make_stream(**QUICK, ping_s=0.05, answer_s=0.3)
    stream.transport = "events"
    desk = await search.sign_in(Role.COORDINATOR)
    seen: list[int] = []
    async with stream.client(desk) as client:
        assert isinstance(client, HttpClient)
        while client.answers < 3:
            await search.happen(draft("note_added", HQ, text="x"))
            seen += [one["seq"] for one in await client.events(1)]
        assert seen == list(range(1, len(seen) + 1))
        assert client.heard.count(b'{"type":"ping"}') > 1


@on_both
async def test_a_pass_opens_for_its_session_alone_and_not_for_ever(search: Search, stream: Stream) -> None:
    """Forged, of another installation, too old, of a session that is over: 4401; a websocket takes none."""
    desk = await search.sign_in(Role.COORDINATOR)
    shown = Pass(desk, search.stream_id, ("", 0), is_live=True)
    ours, foreign = Passes(KEK, 60), Passes(bytes([1]) * 32, 60)
    good = ours.write(shown)
    body, _, signature = ours.write(Pass(uuid7(), search.stream_id, ("", 0), is_live=True)).partition(".")
    forged = f"{good.partition('.')[0]}.{signature}"
    for bad in (forged, foreign.write(shown), Passes(KEK, -1).write(shown), body, "é.é", "a.b.c", "."):
        async with stream.speaker() as client:
            await client.say(type="auth", **{"pass": bad})
            assert await client.end() == (4401, "ticket_refused"), bad
    async with stream.speaker() as client:
        await client.say(type="auth", **{"pass": good})
        assert (await client.hear())["type"] == "hello"
    async with stream.connection() as socket:
        await socket.say(type="auth", **{"pass": good})
        assert await socket.end() == (4401, "ticket_refused")
    await search.revoke(desk)
    async with stream.speaker() as client:
        await client.say(type="auth", **{"pass": good})
        assert await client.end() == (4401, "session_ended")


@on_both
async def test_a_stop_says_farewell_without_a_socket_too(
    search: Search, database: DatabaseUrls, transport: str
) -> None:
    """On a stop whoever is waiting is told to come back, each at another moment."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with AsyncExitStack() as held:
        async with serving(Config("127.0.0.1", 0, (), database.stream_url, KEK)) as running:
            stream = Stream(running, search, transport)
            clients = [await held.enter_async_context(stream.client(desk)) for _ in range(2)]
            for one in clients:
                await one.until("live")
            ends = [asyncio.create_task(one.end()) for one in clients]
            await eventually(lambda: len(running.reception.lines) == 2)
        farewells = await asyncio.gather(*ends)
    assert {code for code, _ in farewells} == {1012}
    assert all(500 <= int(reason.removeprefix("retry_after_ms=")) <= 5_000 for _, reason in farewells)


@on_both
async def test_without_a_database_who_polls_is_asked_to_come_back(transport: str) -> None:
    """Nobody is told to give up: 1012."""
    nowhere = "postgresql://nobody@/none?host=/nonexistent"
    async with (
        serving(Config("127.0.0.1", 0, (), nowhere, KEK), Limits(**QUICK)) as running,
        HttpClient(running.port, transport) as client,
    ):
        await client.say(type="auth", ticket="any")
        assert (await client.end())[0] == 1012


async def _unread(stream: Stream, search: Search) -> sockets_of_the_system.socket:
    """Return a connection that asked for an event stream and reads nothing of it."""
    body = await auth(search)
    made = sockets_of_the_system.socket()
    made.setsockopt(sockets_of_the_system.SOL_SOCKET, sockets_of_the_system.SO_RCVBUF, 8_192)
    made.connect(("127.0.0.1", stream.running.port))
    made.sendall(
        b"POST /stream HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nContent-Length: %d\r\n\r\n%b"
        % (len(body), body)
    )
    await _somebody_listens(stream)
    return made


async def test_an_event_stream_that_nobody_reads_is_closed(search: Search, make_stream: StreamMaker) -> None:
    """It holds little more than its buffer and is cut off; its neighbour has everything."""
    stream = await make_stream(**{**QUICK, "ping_s": 0.1, "pong_s": 0.5, "close_s": 0.2, "lag_s": 60})
    dead = await _unread(stream, search)
    (line,) = stream.running.reception.lines
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as neighbour:
        await neighbour.until("live")
        await fill(search, 100)
        assert [one["seq"] for one in await neighbour.events(100)] == list(range(2, 102))
        assert line.room_bytes > -25_000
        await eventually(lambda: line not in stream.running.reception.lines)
        await eventually(lambda: not stream.running.plain)
        await search.happen(draft("note_added", HQ, text="weiter"))
        assert (await neighbour.events(1))[0]["seq"] == 102
    dead.close()


async def test_an_event_stream_that_lags_is_reset(search: Search, make_stream: StreamMaker) -> None:
    """Behind for too long: what is in its buffer, then a pass and a reset, and the answer is over."""
    stream = await make_stream(**{**QUICK, "lag_s": 0.1})
    slow = await _unread(stream, search)
    (line,) = stream.running.reception.lines
    await fill(search, 100)
    await eventually(lambda: line not in stream.running.reception.lines)
    slow.setblocking(False)  # noqa: FBT003 - the system's own
    said = b""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(5):
        while piece := await loop.sock_recv(slow, 65_536):
            said += piece
    slow.close()
    assert b'"reason":"too_slow"' in said
    assert said.endswith(b"\r\n0\r\n\r\n")


@on_both
async def test_who_hangs_up_leaves_his_place(search: Search, stream: Stream, transport: str) -> None:
    """A client that goes away in the middle of an answer is forgotten at once."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        await client.until("live")
        assert isinstance(client, HttpClient)
        if transport == "poll":
            going_on = asyncio.create_task(client.hear())
            await _somebody_listens(stream)
            going_on.cancel()
            await asyncio.gather(going_on, return_exceptions=True)
    reception = stream.running.reception
    await eventually(lambda: not reception.lines and not reception._seats.by_session)
