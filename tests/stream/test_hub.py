"""The logic of the stream, without sockets: every number once and in order, or a reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ, SEALED, agency_class, person_class, team_class
from tests.stream.people import (
    EPOCH,
    account,
    operation_place,
    read_frames,
    volunteer,
    wire,
)
from web.stream.hub import Audience, Feed, Reader, Sought
from web.stream.limits import CLOSE_RIGHT_WITHDRAWN, Limits
from web.stream.messages import Wish

if TYPE_CHECKING:
    from search_ops.domain.principals import Principal

ROOM = 1 << 30
OPERATION = UUID("01980000-0000-7000-8000-000000000001")


def feed_of(count: int = 0, *, after: int = 0, **limits: Any) -> Feed:
    feed = Feed(f"operation/{OPERATION}", EPOCH, operation_place(OPERATION), after, Limits(**limits))
    feed.append(wire(seq) for seq in range(after + 1, count + 1))
    return feed


def said(feed: Feed, reader: Reader, room: int = ROOM, now_s: float = 0.0) -> list[dict[str, Any]]:
    return read_frames(b"".join(feed.take(reader, room, now_s)))


def numbers(messages: list[dict[str, Any]]) -> list[int]:
    return [message["event"]["seq"] for message in messages if message["type"] == "event"]


def following(feed: Feed, principal: Principal | None = None, after: int = 0) -> Reader:
    reader = feed.enter(principal or account(Role.COORDINATOR))
    assert feed.seek(reader, Wish(EPOCH, after), is_fresh=True) is Sought.FOLLOWING
    return reader


def test_a_wish_of_null_begins_at_one_and_ends_live() -> None:
    """Without a resume the whole log comes in order, then `live` with its head."""
    feed = feed_of(3)
    reader = feed.enter(account(Role.COORDINATOR))
    assert feed.seek(reader, Wish(), is_fresh=False) is Sought.FOLLOWING
    messages = said(feed, reader)
    assert numbers(messages) == [1, 2, 3]
    assert messages[-1] == {"type": "live", "seq": 3}
    feed.append([wire(4)])
    assert numbers(said(feed, reader)) == [4]
    assert said(feed, reader) == []


def test_a_resume_gets_exactly_what_follows() -> None:
    """After number 2 the reader gets 3 and 4; at the head it gets `live` alone."""
    feed = feed_of(4)
    assert numbers(said(feed, following(feed, after=2))) == [3, 4]
    assert said(feed, following(feed, after=4)) == [{"type": "live", "seq": 4}]


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (Wish("another", 1), "epoch_unknown"),
        (Wish("", None), "epoch_unknown"),
        (Wish(EPOCH, None), "after_invalid"),
        (Wish(EPOCH, 99), "after_beyond_head"),
        (Wish(EPOCH, 2, "otherclasses"), "grants_changed"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_a_reset(wish: Wish, reason: str) -> None:
    """A reset names its reason and the snapshot; nothing follows until a new resume, then all does."""
    feed = feed_of(4)
    reader = feed.enter(account(Role.COORDINATOR))
    assert feed.seek(reader, wish, is_fresh=True) is Sought.RESET
    url = f"/api/operations/{OPERATION}/snapshot"
    assert said(feed, reader) == [{"type": "reset", "reason": reason, "snapshot_url": url}]
    feed.append([wire(5)])
    assert said(feed, reader) == []
    assert feed.seek(reader, Wish(EPOCH, 4), is_fresh=True) is Sought.FOLLOWING
    assert said(feed, reader)[-1] == {"type": "live", "seq": 5}


def test_a_number_we_have_not_read_yet_is_not_refused() -> None:
    """The log is read on before a number is called too high: the API may be faster than the hint."""
    feed = feed_of(4)
    reader = feed.enter(account(Role.COORDINATOR))
    assert feed.seek(reader, Wish(EPOCH, 6), is_fresh=False) is Sought.NEEDS_NEWER
    feed.append([wire(5), wire(6)])
    assert feed.seek(reader, Wish(EPOCH, 6), is_fresh=True) is Sought.FOLLOWING


def test_a_ring_that_begins_late_reaches_back_once() -> None:
    """An older number within the bound is fetched; one beyond the bound is a reset."""
    feed = feed_of(20, after=15, ring_frames=10)
    reader = feed.enter(account(Role.COORDINATOR))
    assert feed.seek(reader, Wish(EPOCH, 12), is_fresh=False) is Sought.NEEDS_OLDER
    feed.prepend([wire(seq) for seq in range(11, 16)])
    assert feed.seek(reader, Wish(EPOCH, 12), is_fresh=True) is Sought.FOLLOWING
    assert numbers(said(feed, reader)) == list(range(13, 21))
    assert feed.seek(reader, Wish(EPOCH, 9), is_fresh=True) is Sought.RESET
    assert feed.seek(reader, Wish(), is_fresh=True) is Sought.RESET


def test_the_ring_is_bounded_in_bytes_too() -> None:
    """A few fat events push the oldest out; whoever needs them is reset and never gets a hole."""
    feed = feed_of(1, ring_bytes=30_000)
    reader = following(feed)
    feed.append(wire(seq, text="x" * 10_000) for seq in range(2, 8))
    assert feed.ring.held_bytes <= 30_000
    assert said(feed, reader)[0]["reason"] == "too_far_behind"


def test_what_may_not_be_seen_is_a_stub() -> None:
    """A volunteer gets every number, and of other people's events the number alone."""
    feed = feed_of()
    me = volunteer(OPERATION)
    reader = following(feed, me)
    feed.append(
        [
            wire(1, visibility=HQ, text="canary"),
            wire(2, visibility=person_class(me.id), text="mine"),
            wire(3, visibility=person_class(uuid7()), text="canary"),
            wire(4, visibility=team_class(uuid7()), text="canary"),
            wire(5, visibility=agency_class(uuid7()), text="canary"),
            wire(6, visibility=SEALED, text="canary"),
            wire(7, text="for all"),
        ]
    )
    raw = b"".join(feed.take(reader, ROOM, 0.0))
    assert b"canary" not in raw
    events = [message["event"] for message in read_frames(raw) if message["type"] == "event"]
    assert [len(event) == 1 for event in events] == [True, False, True, True, True, True, False]
    assert numbers(read_frames(raw)) == [1, 2, 3, 4, 5, 6, 7]


def test_an_event_is_encoded_once_for_all_readers() -> None:
    """Two readers of one event are given the same object."""
    feed = feed_of(1)
    first, second = following(feed), following(feed, account(Role.RADIO))
    assert feed.take(first, ROOM, 0.0)[0] is feed.take(second, ROOM, 0.0)[0]


def team_event(seq: int, kind: str, team_id: UUID, **payload: Any) -> dict[str, Any]:
    return wire(seq, kind, team_class(team_id), team_id=str(team_id), **payload)


def test_joining_and_leaving_a_team_resets_the_participant_alone() -> None:
    """The event that changes a crew resets those whose classes it changes, and nobody else."""
    feed, team = feed_of(), uuid7()
    me, other = volunteer(OPERATION), volunteer(OPERATION)
    mine, others, desk = following(feed, me), following(feed, other), following(feed)
    feed.append([team_event(1, "team_formed", team, leader_id=str(me.id), member_ids=[str(me.id)])])
    assert [message["type"] for message in said(feed, mine)] == ["reset"]
    assert numbers(said(feed, others)) == [1]
    assert numbers(said(feed, desk)) == [1]
    feed.seek(mine, Wish(EPOCH, 1), is_fresh=True)
    feed.append([wire(2, visibility=team_class(team), text="task")])
    assert said(feed, mine)[0]["event"]["payload"] == {"text": "task"}
    feed.append([team_event(3, "team_changed", team, disbanded=True)])
    assert said(feed, mine)[0]["reason"] == "grants_changed"
    feed.seek(mine, Wish(EPOCH, 3), is_fresh=True)
    feed.append([wire(4, visibility=team_class(team), text="canary")])
    assert said(feed, mine)[0] == {"type": "event", "event": {"seq": 4}}


def test_a_crew_that_changed_while_the_phone_was_away_is_a_reset() -> None:
    """A resume from before the change would leave stubs in the reader's state for ever."""
    feed, team, me = feed_of(1), uuid7(), volunteer(OPERATION)
    feed.append([team_event(2, "team_formed", team, leader_id=None, member_ids=[str(me.id)]), wire(3)])
    reader = feed.enter(me)
    assert feed.seek(reader, Wish(EPOCH, 1), is_fresh=True) is Sought.RESET
    assert feed.seek(reader, Wish(EPOCH, 2), is_fresh=True) is Sought.FOLLOWING
    assert feed.seek(reader, Wish(), is_fresh=True) is Sought.FOLLOWING


def test_grants_that_change_reset_and_grants_that_end_close() -> None:
    """A widened account is reset; one whose grants are gone, or that never had any, is sent away."""
    feed, desk = feed_of(1), account(Role.RADIO)
    reader = following(feed, desk)
    widened = account(Role.COORDINATOR)
    feed.renew(reader, widened)
    assert said(feed, reader)[-1]["reason"] == "grants_changed"
    feed.renew(reader, account(Role.COORDINATOR, region="RU-KDA"))
    assert reader.farewell == (CLOSE_RIGHT_WITHDRAWN, "right_withdrawn")
    assert feed.enter(account(Role.FAMILY)).farewell is not None


def test_a_request_opens_the_operation_to_the_asked_ministry() -> None:
    """A request marks the place as stale; when it is read anew, the asked organisation may read."""
    feed, ministry = feed_of(1), account(Role.EMERGENCY)
    assert feed.enter(ministry).farewell is not None
    assert ministry.organisation_id is not None
    feed.append([wire(2, "request_made", agency_class(ministry.organisation_id))])
    assert feed.place_is_stale
    feed.renew_place(operation_place(OPERATION, ministry.organisation_id))
    assert feed.enter(ministry).farewell is None


def test_a_slow_reader_is_reset_after_its_time_and_others_are_not() -> None:
    """Without room the reader is behind; ten seconds later it is reset, before that it goes on."""
    feed = feed_of(3)
    slow, quick = following(feed), following(feed)
    assert numbers(said(feed, slow, room=1)) == [1]
    said(feed, quick)
    assert not feed.reset_if_slow(slow, 9.9)
    assert feed.reset_if_slow(slow, 10.0)
    assert not feed.reset_if_slow(quick, 10.0)
    assert [message["type"] for message in said(feed, slow, room=0)] == ["reset"]


def test_the_board_gives_the_latest_only_and_to_whom_it_may_concern() -> None:
    """Two fixes of one team while a reader had no room arrive as one; volunteers and police get none."""
    feed = feed_of(1)
    desk, police = following(feed), following(feed, account(Role.POLICE))
    phone = following(feed, volunteer(OPERATION))
    feed.board.put("team 1", Audience.POSITIONS, wire_text("old"))
    said(feed, desk, room=0)
    feed.board.put("team 1", Audience.POSITIONS, wire_text("new"))
    feed.board.put("job 1", Audience.PROGRESS, wire_text("job"))
    assert [m["text"] for m in said(feed, desk) if m["type"] == "test"] == ["new", "job"]
    assert [m["text"] for m in said(feed, police) if m["type"] == "test"] == ["job"]
    assert [m for m in said(feed, phone) if m["type"] == "test"] == []
    assert said(feed, desk) == []


def wire_text(text: str) -> bytes:
    from web.stream.frames import _message  # noqa: PLC0415 - a frame that no product code makes

    return _message("test", text=text)


def test_a_hole_in_the_log_is_refused() -> None:
    """The ring takes the next number only: a fault above it stops instead of spreading."""
    with pytest.raises(ValueError, match="does not follow"):
        feed_of(3).append([wire(5)])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 5)),
        st.tuples(st.just("take"), st.integers(0, 2), st.sampled_from([0, 1, 200, 2_000, ROOM])),
        st.tuples(st.just("return"), st.integers(0, 2), st.booleans()),
        st.tuples(st.just("time"), st.sampled_from([1.0, 11.0])),
        st.tuples(st.just("crew"), st.booleans()),
    ),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_nothing_is_lost_doubled_or_out_of_order(steps: list[tuple[Any, ...]]) -> None:
    """Whatever the interleaving, each client sees 1..head without a hole, or is told to fetch a snapshot.

    Three clients of different speed live through appends, full buffers, reconnects, time and a crew that
    changes; the model client goes on from where a snapshot at the present head would put it.
    """
    feed = feed_of(ring_frames=12, ring_bytes=4_000)
    me, team = volunteer(OPERATION), uuid7()
    clients = [Model(feed, account(Role.COORDINATOR)), Model(feed, me), Model(feed, account(Role.RADIO))]
    now_s = 0.0
    for step in steps:
        match step:
            case ("append", count):
                feed.append([wire(feed.head + 1, visibility=HQ) for _ in range(count)][:1])
                for _ in range(count - 1):
                    feed.append([wire(feed.head + 1)])
            case ("crew", is_in):
                members = [str(me.id)] if is_in else []
                feed.append([team_event(feed.head + 1, "team_changed", team, member_ids=members)])
            case ("take", which, room):
                clients[which].listen(room, now_s)
            case ("return", which, from_nothing):
                clients[which].come_back(from_nothing=from_nothing)
            case ("time", seconds):
                now_s += seconds
                for client in clients:
                    feed.reset_if_slow(client.reader, now_s)
    for client in clients:
        client.listen(ROOM, now_s)
        client.listen(ROOM, now_s)
        assert client.seq == feed.head
        assert client.is_live


class Model:
    """A client that keeps its number, checks every frame against it, and obeys resets."""

    def __init__(self, feed: Feed, principal: Principal) -> None:
        self.feed = feed
        self.principal = principal
        self.seq = 0
        self.is_live = False
        self.reader = feed.enter(principal)
        self._resume(Wish())

    def _resume(self, wish: Wish) -> None:
        sought = self.feed.seek(self.reader, wish, is_fresh=False)
        if sought is Sought.NEEDS_OLDER:
            self.feed.prepend([])
            sought = self.feed.seek(self.reader, wish, is_fresh=True)
        assert sought in {Sought.FOLLOWING, Sought.RESET}

    def come_back(self, *, from_nothing: bool) -> None:
        self.feed.leave(self.reader)
        self.reader = self.feed.enter(self.principal)
        if from_nothing:
            self.seq = 0
        self._resume(Wish() if from_nothing else Wish(EPOCH, self.seq))

    def listen(self, room: int, now_s: float) -> None:
        for message in said(self.feed, self.reader, room, now_s):
            if message["type"] == "event":
                assert message["event"]["seq"] == self.seq + 1
                self.seq += 1
                self.is_live = False
            elif message["type"] == "live":
                assert message["seq"] == self.seq == self.feed.head
            elif message["type"] == "reset":
                self.seq = self.feed.head  # a snapshot taken now
                self._resume(Wish(EPOCH, self.seq))
        self.is_live = self.reader.is_live
