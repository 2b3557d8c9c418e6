"""Following a stream on a real database: nothing missing, nothing twice, nothing that is not ours to see."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ, SEALED, person_class, team_class
from search_ops.persistence.event_log import read_events, wire_for
from search_ops.persistence.grants import team_ids_of
from search_ops.persistence.keyring import Keyring
from tests.stream.conftest import KEK, Search, Stream, StreamMaker, draft, on_every_transport, team_formed

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

pytestmark = pytest.mark.postgres


@on_every_transport
async def test_a_new_reader_gets_the_log_and_then_lives(search: Search, stream: Stream) -> None:
    """hello, every event from 1, live; and an event is there within a second of its commit."""
    await search.happen(draft("note_added", HQ, text="Первая"), draft("note_added", HQ, text="Вторая"))
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        hello = await client.hear()
        said_at = datetime.fromisoformat(hello["at"])
        assert abs((datetime.now(UTC) - said_at).total_seconds()) < 30  # phones measure by it
        assert {**hello, "epoch": "", "classes": "", "at": ""} == {
            "type": "hello",
            "epoch": "",
            "head": 3,
            "backed_up_seq": 0,
            "ping_s": 15.0,
            "classes": "",
            "at": "",
        }
        assert [one["event"]["seq"] for one in (await client.until("live"))[:-1]] == [1, 2, 3]
        await search.happen(draft("note_added", HQ, text="Третья"))
        committed = time.monotonic()
        (event,) = await client.events(1)
        assert time.monotonic() - committed < 1
        assert (event["seq"], event["payload"]["text"]) == (4, "Третья")


@on_every_transport
async def test_frames_carry_the_same_objects_as_lists(
    search: Search, stream: Stream, engine: AsyncEngine
) -> None:
    """An event in a frame equals the event of `GET events`, sealed fields opened."""
    person = uuid7()
    await search.happen(draft("participant_added", person_class(person), {"name": "Анна"}, state="going"))
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        framed = [one["event"] for one in (await client.until("live"))[1:-1]]
    async with engine.connect() as connection:
        key = await Keyring(KEK).key(connection, search.case_id)
        stored = await read_events(connection, search.stream_id, after=0)
    listed = [wire_for(one, _everything(), key) for one in stored]
    assert framed == listed
    assert framed[-1]["payload"]["name"] == "Анна"


def _everything() -> Any:
    from search_ops.domain.visibility import ClassSet  # noqa: PLC0415 - only here

    return ClassSet(frozenset({"all", HQ, SEALED}), frozenset({"team", "person", "agency"}))


@on_every_transport
async def test_a_resume_has_no_holes_while_events_pour_in(search: Search, stream: Stream) -> None:
    """A client that breaks off again and again, events being committed all the time, sees 1..n once each."""
    desk = await search.sign_in(Role.COORDINATOR)
    total, seen, epoch = 60, list[int](), ""

    async def write() -> None:
        for number in range(total):
            await search.happen(draft("note_added", HQ, text=str(number)))

    writing = asyncio.create_task(write())
    while len(seen) < total + 1:
        resume = {"epoch": epoch, "after": seen[-1]} if seen else None
        async with stream.client(desk, resume) as client:
            epoch = (await client.hear())["epoch"]
            for _ in range(min(9, total + 1 - len(seen))):
                seen.append((await client.events(1))[0]["seq"])
    await writing
    assert seen == list(range(1, total + 2))


@on_every_transport
async def test_a_volunteer_never_receives_a_canary(search: Search, stream: Stream) -> None:
    """Own record, own team, the released briefing; of all else the number alone, in every byte heard."""
    me, phone = await search.join()
    await search.happen(
        draft("note_added", HQ, text="КАНАРЕЙКА"),
        draft("check_in", person_class(uuid7()), word="home", text="КАНАРЕЙКА"),
        draft("check_in", team_class(uuid7()), word="out", text="КАНАРЕЙКА"),
        draft("subject_described", SEALED, {"name": "КАНАРЕЙКА"}),
        draft("participant_added", person_class(me), {"name": "Анна"}, participant_id=str(me)),
        draft("briefing_released", text="Сбор у моста"),
    )
    async with stream.client(phone) as client:
        heard = await client.until("live")
        await search.happen(draft("note_added", HQ, text="КАНАРЕЙКА"), draft("hold_set", state="active"))
        later = await client.events(2)
        assert "КАНАРЕЙКА".encode() not in b"".join(client.heard)
    events = [one["event"] for one in heard[1:-1]] + later
    assert [one["seq"] for one in events] == list(range(1, 10))
    whole = {one["kind"]: one["payload"] for one in events if len(one) > 1}
    assert whole.keys() == {"operation_opened", "participant_added", "briefing_released", "hold_set"}
    assert whole["participant_added"]["name"] == "Анна"


@on_every_transport
async def test_a_change_of_team_resets_the_phone(search: Search, stream: Stream) -> None:
    """Put into a team, the phone is sent to a snapshot, resumes on the same socket, sees the team's task."""
    me, phone = await search.join()
    team = uuid7()
    async with stream.client(phone) as client:
        epoch = (await client.hear())["epoch"]
        await client.until("live")
        formed = await search.happen(team_formed(team, me))
        reset = await client.hear()
        assert (reset["type"], reset["reason"]) == ("reset", "grants_changed")
        assert reset["snapshot_url"] == f"/api/operations/{search.operation_id}/snapshot"
        await client.say(type="resume", epoch=epoch, after=formed)
        assert await client.hear() == {"type": "live", "seq": formed}
        await search.happen(draft("task_given", team_class(team), task_id=str(uuid7()), text="К реке"))
        assert (await client.events(1))[0]["payload"]["text"] == "К реке"
    async with stream.client(phone, {"epoch": epoch, "after": 1}) as client:
        assert (await client.until("reset"))[-1]["reason"] == "grants_changed"


@on_every_transport
async def test_a_resume_that_cannot_be_kept_is_a_reset(search: Search, stream: Stream) -> None:
    """Unknown epoch, beyond the head, negative or no number at all: hello, reset, then a new resume."""
    desk = await search.sign_in(Role.COORDINATOR)
    epoch = await _epoch(search, stream)
    wishes: list[tuple[Any, str]] = [
        ({"epoch": "another", "after": 1}, "epoch_unknown"),
        (["list"], "epoch_unknown"),
        ("text", "epoch_unknown"),
        ({"epoch": epoch, "after": 99}, "after_beyond_head"),
        ({"epoch": epoch}, "after_invalid"),
        *(({"epoch": epoch, "after": after}, "after_invalid") for after in (-1, True, 1.5, "1", 10**30)),
    ]
    for wish, reason in wishes:
        async with stream.client(desk, wish) as client:
            assert (await client.hear())["type"] == "hello"
            assert (await client.hear())["reason"] == reason, wish
            await client.say(type="resume", resume={"epoch": epoch, "after": 0})  # nested is read too
            assert [one["type"] for one in await client.until("live")] == ["event", "live"]


async def _epoch(search: Search, stream: Stream) -> str:
    heads = await stream.running.rounds._reading.heads([search.stream_id])
    return heads[search.stream_id].epoch


@on_every_transport
async def test_a_log_longer_than_the_ring_begins_with_a_reset(
    search: Search, make_stream: StreamMaker
) -> None:
    """Without a resume a short log is sent whole, a long one is a reset; near its end it is read back."""
    stream = await make_stream(ring_frames=8, read_rows=3)
    await search.happen(*(draft("note_added", HQ, text=str(number)) for number in range(11)))
    desk = await search.sign_in(Role.COORDINATOR)
    epoch = await _epoch(search, stream)
    async with stream.client(desk) as client:
        assert (await client.until("reset"))[-1]["reason"] == "too_far_behind"
        async with stream.client(desk, {"epoch": epoch, "after": 5}) as other:
            heard = await other.until("live")
            assert [one["event"]["seq"] for one in heard[1:-1]] == list(range(6, 13))
        await client.say(type="resume", epoch=epoch, after=12)
        assert await client.hear() == {"type": "live", "seq": 12}


@pytest.mark.usefixtures("lost_hints")
@on_every_transport
async def test_a_number_from_the_api_may_be_newer_than_the_stream(
    search: Search, make_stream: StreamMaker
) -> None:
    """With hints lost and the poll asleep, a resume at the true head is served, not called too high."""
    stream = await make_stream(idle_poll_s=3600, busy_poll_s=3600)
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as first:
        epoch = (await first.hear())["epoch"]
        await first.until("live")
        head = await search.happen(draft("note_added", HQ, text="ещё"))
        async with stream.client(desk, {"epoch": epoch, "after": head}) as second:
            assert (await second.hear())["head"] == head
            assert await second.hear() == {"type": "live", "seq": head}
        assert (await first.events(1))[0]["seq"] == head


@pytest.mark.usefixtures("lost_hints")
@on_every_transport
async def test_a_lost_hint_is_made_good_by_the_poll(search: Search, make_stream: StreamMaker) -> None:
    """With nobody listening to hints an event still arrives with the next look at the heads."""
    stream = await make_stream(idle_poll_s=0.05, busy_poll_s=0.05)
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        await client.until("live")
        await search.happen(draft("note_added", HQ, text="тихо"))
        assert (await client.events(1))[0]["payload"]["text"] == "тихо"


@on_every_transport
async def test_case_and_organisation_have_streams_too(search: Search, stream: Stream) -> None:
    """A ticket for the organisation's stream opens that stream; the squad's own people read it."""
    stream_id = f"organisation/{search.organisation_id}"
    from search_ops.persistence.unit_of_work import transaction  # noqa: PLC0415 - a second stream

    async with transaction(search.office) as work:
        log = await work.create(stream_id, key_id=None)
        log.append(draft("request_made", f"agency:{search.organisation_id}", request_id=str(uuid7())))
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk, stream_id=stream_id) as client:
        heard = await client.until("live")
        assert heard[1]["event"]["kind"] == "request_made"


async def test_the_roll_and_the_tables_name_the_same_teams(
    search: Search, stream: Stream, engine: AsyncEngine
) -> None:
    """What the stream reads from the log about crews is what the API reads from the projection."""
    people = [(await search.join())[0] for _ in range(3)]
    teams = [uuid7(), uuid7(), uuid7()]
    names = [str(one) for one in people]
    own = [team_class(team) for team in teams]
    await search.happen(
        team_formed(teams[0], people[0], people[1]),
        team_formed(teams[1], people[1], people[2]),
        team_formed(teams[2], people[2]),
        draft("team_changed", own[0], team_id=str(teams[0]), leader_id=names[2], member_ids=names[1:2]),
        draft("team_changed", own[1], team_id=str(teams[1]), member_ids=names[:1]),
        draft("team_changed", own[2], team_id=str(teams[2]), disbanded=True),
    )
    desk = await search.sign_in(Role.COORDINATOR)
    async with stream.client(desk) as client:
        await client.until("live")
        roll = stream.running.tails.held[search.stream_id].feed.roll
    async with engine.connect() as connection:
        for person in people:
            tables = await team_ids_of(connection, search.operation_id, person)
            assert roll.teams(str(person)) == {str(team) for team in tables}
    assert roll.teams_at(names[0], 2) == {str(teams[0])}
    assert roll.teams_at(names[0], 5) == set()
    assert roll.teams(names[0]) == {str(teams[1])}
