"""Who gets which frame next: the logic of the stream without sockets, clocks or database.

A `Feed` is one stream as this process holds it: a ring of frames, encoded once, and readers with a cursor
each. A reader sees every number once and in order, or an explicit `reset`; there is no third outcome.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from search_ops.domain.rights import Right, rights_in
from search_ops.domain.visibility import HQ, ClassSet, classes_for
from web.stream import frames
from web.stream.limits import CLOSE_RIGHT_WITHDRAWN, Limits
from web.stream.ring import Entry, Ring
from web.stream.roll import Roll

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from search_ops.domain.principals import Place, Principal
    from web.stream.messages import Wish

# Events after which other organisations, or other operations' people, may read this stream.
_PLACE_KINDS: Final = frozenset({"request_made", "operation_linked"})


class Sought(Enum):
    """What became of a wish to go on from a number."""

    FOLLOWING = "following"
    RESET = "reset"
    NEEDS_NEWER = "needs_newer"  # the number is beyond what we read so far: read on, then ask again
    NEEDS_OLDER = (
        "needs_older"  # the ring begins later, yet may reach back that far: read back, then ask again
    )


class Audience(Enum):
    """Who gets what is not an event."""

    POSITIONS = "positions"
    PROGRESS = "progress"


@dataclass(slots=True)
class Board:
    """What is state, not event: of each thing only the latest frame counts (last positions, progress).

    Versions of one board mean nothing on another, such as that of the process next door: hence its mark.
    """

    mark: str = field(default_factory=lambda: secrets.token_urlsafe(6))
    version: int = 0
    notices: dict[str, tuple[int, Audience, bytes]] = field(default_factory=dict)

    def put(self, key: str, audience: Audience, frame: bytes) -> None:
        """Pin a frame over the one before it."""
        self.version += 1
        self.notices[key] = (self.version, audience, frame)

    def since(self, version: int, audiences: frozenset[Audience]) -> list[bytes]:
        """Return what was pinned after this version."""
        if version == self.version:
            return []
        return [
            frame for at, audience, frame in self.notices.values() if at > version and audience in audiences
        ]


@dataclass(slots=True, eq=False)
class Reader:
    """One line's place in one stream.

    Attributes
    ----------
    next_seq : int or None
        The event it gets next; None while a reset waits for its `resume`.
    urgent : list of bytes
        Frames that go out however full the line is; they are few and small.
    behind_since_s : float or None
        Since when it could not take everything there was.
    farewell : (int, str) or None
        Set when the line has to be closed: code and reason.
    """

    principal: Principal
    classes: ClassSet = field(default_factory=ClassSet)
    teams: frozenset[str] = frozenset()
    audiences: frozenset[Audience] = frozenset()
    next_seq: int | None = None
    is_live: bool = False
    board_seen: int = 0
    urgent: list[bytes] = field(default_factory=list)
    behind_since_s: float | None = None
    farewell: tuple[int, str] | None = None

    @property
    def participant_id(self) -> str | None:
        """Return the participant whose teams decide what is visible, None for an account."""
        return str(self.principal.id) if self.principal.kind == "participant" else None


class Feed:
    """One stream: ring, readers, and what changes their rights.

    Parameters
    ----------
    place : Place
        Where the readers' grants are asked for.
    after : int
        The ring begins behind this number.
    """

    def __init__(self, stream_id: str, epoch: str, place: Place, after: int, limits: Limits) -> None:
        self.stream_id = stream_id
        self.epoch = epoch
        self.place = place
        self.place_is_stale = False
        self.backed_up_seq = 0
        self.ring = Ring(after, frames=limits.ring_frames, size_bytes=limits.ring_bytes)
        self.roll = Roll()
        self.board = Board()
        self.readers: set[Reader] = set()
        self.reaches_no_further = False
        self._limits = limits

    @property
    def head(self) -> int:
        """Return the number of the newest event read."""
        return self.ring.head

    # ---- who reads ---------------------------------------------------------------------------------

    def enter(self, principal: Principal) -> Reader:
        """Let a reader in; what it may read follows from its grants, the place, and its teams.

        A reader that may read nothing gets its `farewell` at once.
        """
        reader = Reader(principal)
        self._grant(reader)
        self.readers.add(reader)
        return reader

    def leave(self, reader: Reader) -> None:
        """Forget a reader."""
        self.readers.discard(reader)

    def renew(self, reader: Reader, principal: Principal) -> None:
        """Look at a reader's rights anew: unchanged, changed (then a reset), or gone (then a farewell)."""
        if reader.principal != principal:
            reader.principal = principal
            self._regrant(reader)

    def renew_place(self, place: Place) -> None:
        """Look at everybody's rights anew, because the place itself has changed."""
        self.place_is_stale = False
        if place != self.place:
            self.place = place
            for reader in self.readers:
                self._regrant(reader)

    def _regrant(self, reader: Reader) -> None:
        before = reader.classes
        self._grant(reader)
        if reader.farewell is None and reader.classes != before:
            self.reset(reader, "grants_changed")

    def _grant(self, reader: Reader) -> None:
        own = reader.participant_id
        reader.teams = frozenset() if own is None else self.roll.teams(own)
        team_ids = frozenset(UUID(team) for team in reader.teams)
        reader.classes = classes_for(reader.principal, self.place, team_ids=team_ids)
        audiences = set()
        if Right.POSITION_READ in rights_in(reader.principal, self.place):
            audiences.add(Audience.POSITIONS)
        if reader.classes.admits(HQ):
            audiences.add(Audience.PROGRESS)
        reader.audiences = frozenset(audiences)
        reader.farewell = None
        if not reader.classes.names and not reader.classes.families:
            reader.next_seq = None
            reader.farewell = (CLOSE_RIGHT_WITHDRAWN, "right_withdrawn")

    # ---- from where ----------------------------------------------------------------------------------

    def seek(self, reader: Reader, wish: Wish, *, is_fresh: bool) -> Sought:
        """Place the reader's cursor where it wishes, or reset it.

        Parameters
        ----------
        is_fresh : bool
            The log was read to its end after the wish arrived, so that a number beyond it was never given.
        """
        after = wish.after
        if after is not None and not is_fresh and after > self.head:
            return Sought.NEEDS_NEWER
        refusal = self._refusal(reader, wish)
        if refusal is not None:
            return self.reset(reader, refusal)
        assert after is not None
        if after + 1 < self.ring.first:
            return Sought.NEEDS_OLDER
        reader.next_seq = after + 1
        reader.is_live = False
        mark, seen = wish.board or ("", 0)
        reader.board_seen = seen if mark == self.board.mark else 0
        reader.behind_since_s = None
        return Sought.FOLLOWING

    def _refusal(self, reader: Reader, wish: Wish) -> str | None:
        after = wish.after
        if wish.epoch is not None and wish.epoch != self.epoch:
            return "epoch_unknown"
        if after is None:
            return "after_invalid"
        if after > self.head:
            return "after_beyond_head"
        is_too_far = self.head - after > self._limits.ring_frames
        if is_too_far or (after + 1 < self.ring.first and self.reaches_no_further):
            return "too_far_behind"
        if after > 0 and self._saw_otherwise(reader, after, wish.classes):
            return "grants_changed"
        return None

    def _saw_otherwise(self, reader: Reader, after: int, mark: str | None) -> bool:
        """Tell whether the reader, when it was at this number, was shown other classes than now."""
        if mark is not None and mark != frames.classes_mark(reader.classes):
            return True
        own = reader.participant_id
        return own is not None and self.roll.teams_at(own, after) != reader.teams

    def reset(self, reader: Reader, reason: str) -> Sought:
        """Send the reader to a snapshot; it gets nothing more until it says from where to go on."""
        reader.next_seq = None
        reader.is_live = False
        reader.behind_since_s = None
        reader.urgent.append(frames.reset(reason, frames.snapshot_url(self.stream_id)))
        return Sought.RESET

    # ---- what is new ---------------------------------------------------------------------------------

    def append(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Add the next events, in wire form, everything opened; readers whose rights they change reset."""
        moved = False
        first = self.ring.first
        for wire in events:
            self.ring.append(entry_of(wire))
            moved |= self.roll.note(wire["seq"], wire["kind"], wire["payload"])
            self.place_is_stale |= wire["kind"] in _PLACE_KINDS
        self.reaches_no_further |= self.ring.first > first
        if moved:
            for reader in self.readers:
                own = reader.participant_id
                if own is not None and self.roll.teams(own) != reader.teams:
                    self._regrant(reader)

    def prepend(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Add older events before the ring's first; after that it reaches as far back as it ever will."""
        older = [entry_of(wire) for wire in events if wire["seq"] < self.ring.first]
        if older and older[-1].seq == self.ring.first - 1:  # else the ring has moved on meanwhile
            self.ring.prepend(older)
        self.reaches_no_further = True

    # ---- what goes out -------------------------------------------------------------------------------

    def take(self, reader: Reader, room_bytes: int, now_s: float) -> list[bytes]:
        """Return the frames to write now, as many as there is room for, and move the cursor past them."""
        if reader.next_seq is not None and reader.next_seq < self.ring.first:
            self.reset(reader, "too_far_behind")
        out, reader.urgent = reader.urgent, []
        if reader.next_seq is None:
            return out
        admits = reader.classes.admits
        while reader.next_seq <= self.ring.head and room_bytes > 0:
            entry = self.ring[reader.next_seq]
            frame = entry.whole if admits(entry.visibility) else entry.stub
            out.append(frame)
            room_bytes -= len(frame)
            reader.next_seq += 1
        if reader.next_seq <= self.ring.head:
            if reader.behind_since_s is None:
                reader.behind_since_s = now_s
            return out
        reader.behind_since_s = None
        if not reader.is_live:
            reader.is_live = True
            out.append(frames.live(self.ring.head))
        if room_bytes > 0:  # otherwise the latest state of things waits until there is room
            out += self.board.since(reader.board_seen, reader.audiences)
            reader.board_seen = self.board.version
        return out

    def reset_if_slow(self, reader: Reader, now_s: float) -> bool:
        """Reset a reader that could not take everything for too long."""
        if reader.behind_since_s is None or now_s - reader.behind_since_s < self._limits.lag_s:
            return False
        self.reset(reader, "too_slow")
        return True


def entry_of(wire: Mapping[str, Any]) -> Entry:
    """Return an event as both its kinds of readers get it."""
    return Entry(wire["seq"], wire["visibility"], frames.event(wire), frames.stub(wire["seq"]))
