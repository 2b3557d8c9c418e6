"""F17: bugs planted on purpose, each of which the simulator must catch; one that is not caught is our fault.

A bug is a rule of the phone, of headquarters or of a screen, replaced for one run of these programs; the
product has no switch for any of them.
"""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from tests.faults import outbox
from tests.faults.imagined import House, Row, Screen, fold
from tests.faults.invariants import report
from tests.faults.outbox import Answer, Item
from tests.faults.simulator import Cast, Phone, story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

MOST_STORIES: Final = 12
_HOURS: Final = 24


class AcksBeforeCommit(House):
    """The answer goes out before the commit."""

    def answers_at(self, duration_ms: int) -> int:
        return duration_ms // 4


class NoUniqueKey(House):
    """Nothing knows that an event is there already."""

    def repeated(self, log: Sequence[Row], event_id: str) -> Row | None:
        assert event_id
        assert log is not None
        return None


class NoLock(House):
    """Two transactions look up and number at the same time."""

    def lock(self, duration_ms: int) -> int:
        assert duration_ms
        return 0


class NumbersFromSequence(House):
    """A sequence gives the number when the transaction begins, and keeps it when the transaction dies."""

    given: int = 0

    def lock(self, duration_ms: int) -> int:
        assert duration_ms
        return 0

    def next_seq(self, rows: Sequence[Row]) -> int:
        assert rows is not None
        self.given += 1
        return self.given

    def commit(self, rows: Sequence[Row]) -> None:
        super().commit(rows)
        self.log.sort(key=lambda row: row.seq)


class NoNewEpoch(House):
    """A restore keeps the epoch."""

    def new_epoch(self) -> int:
        return self.epoch


class ProjectionApart(House):
    """The projection is written by a second transaction, which a crash may prevent."""

    def commit(self, rows: Sequence[Row]) -> None:
        self.log.extend(rows)
        life = self.life

        def project() -> None:
            if self.life == life:
                for row in rows:
                    fold(self.state, row)

        self.world.after(500, project)


class SnapshotBeforePosition(House):
    """A snapshot reads the state first and the number after it, in two looks."""

    def snapshot(self, take: Callable[[int, int, list[Row]], None]) -> None:
        rows = list(self.log)
        self.world.after(400, lambda: take(self.epoch, len(self.log), rows))


class HintsOnly(House):
    """Nobody polls: a lost hint is lost."""

    def hint(self, screen: Screen) -> None:
        if self.world.rng.random() < 0.8:
            self.world.after(self.world.rng.uniform(5, 80), screen.look)


class NumberOfTheHead(House):
    """A repeat is told the newest number instead of its own."""

    def repeated(self, log: Sequence[Row], event_id: str) -> Row | None:
        held = super().repeated(log, event_id)
        return None if held is None else replace(held, seq=len(log))


class LostClaimsDropped(House):
    """A claim that lost is answered and not written."""

    def commit(self, rows: Sequence[Row]) -> None:
        super().commit([row for row in rows if not row.refused])


class WaitingCountsAsStored(House):
    """What waits for its cause is told to be filed, and lives in memory only."""

    def receive(self, sender: str, events: Any, answer: Any) -> None:
        def told(status: int, said: list[Any]) -> None:
            for verdict in said[1:]:
                if verdict["status"] == "waiting":
                    verdict |= {"status": "stored", "seq": len(self.log) + 1}
            answer(status, said)

        super().receive(sender, events, told)


class GrantCached(Screen):
    """Who may see a team is looked up once, when the screen first sees it."""

    was_member = False

    def may_see(self, row: Row) -> bool:
        self.was_member = self.was_member or super().may_see(row)
        return self.was_member


class ForgetsEpoch(Screen):
    """A screen goes on by its number alone, whatever log it is of."""

    def is_of_other_log(self) -> bool:
        return False


class LateCursor(Screen):
    """A screen skips one number whenever it comes back."""

    def leave(self, for_ms: float) -> None:
        self.seq += 1
        super().leave(for_ms)


class NewIdEachTime(Phone):
    """Each try of a report carries a new id."""

    def _send(self, events: Sequence[Mapping[str, Any]], settle: Any) -> None:
        self._asked += 1
        fresh = [{**event, "id": f"{event['id']}~{self._asked}", "after": []} for event in events]
        names = {each["id"]: event["id"] for each, event in zip(fresh, events, strict=True)}

        def translated(answer: Answer) -> None:
            results = tuple({**each, "id": names.get(each["id"], "")} for each in answer.results)
            settle(replace(answer, results=results))

        super()._send(fresh, translated)


class ForgetsFiled(Phone):
    """A filed report leaves the phone at once."""

    def _change(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        super()._change(changes)
        for item in [each for each in self.items.values() if each.state == "filed"]:
            del self.items[item.id]


class ForgetsByItsClock(Phone):
    """What is filed counts as three days old by the clock of the phone, which may jump."""

    def server_at_ms(self) -> int:
        return self.now_ms


class ForgetsWhenDead(Phone):
    """Unsent reports live in the memory of the page."""

    def die(self, for_ms: float) -> None:
        for item in [each for each in self.items.values() if each.state == "unsent"]:
            del self.items[item.id]
        super().die(for_ms)


def _drop_on_500(status: int, retry_after: str | None, body: bytes) -> Answer:
    return Answer("refused", code="server") if status >= 500 else _READ(status, retry_after, body)


def _believe_any_200(status: int, retry_after: str | None, body: bytes) -> Answer:
    return Answer("too_large") if status == 200 else _READ(status, retry_after, body)


def _hold_by_the_clock(until_ms: int, now_ms: int, longest_ms: int) -> int:
    assert longest_ms >= 0
    return max(0, until_ms - now_ms)


def _never_offer_again(items: Sequence[Item], operation_id: str, epoch: str) -> dict[str, dict[str, Any]]:
    assert items is not None
    assert operation_id
    assert epoch
    return {}


def _file_without_number(batch: Sequence[Item], answer: Answer, now_ms: int) -> outbox.Outcome:
    """Take a whole request for filed when the answer came at all."""
    if answer.type != "judged":
        return _JUDGE(batch, answer, now_ms)
    results = tuple({"id": item.id, "status": "stored", "seq": 1, "reason": None} for item in batch)
    return _JUDGE(batch, replace(answer, results=results), now_ms)


_READ: Final = outbox.read_answer
_JUDGE: Final = outbox.judge


@dataclass(frozen=True)
class Bug:
    """A cast in which one has a bug, or a rule of the phone that is replaced."""

    cast: Cast = field(default_factory=Cast)
    rule: str | None = None
    instead: Any = None


BUGS: Final[Mapping[str, Bug]] = {
    "ack before commit": Bug(Cast(house=AcksBeforeCommit)),
    "no unique key": Bug(Cast(house=NoUniqueKey)),
    "looked up without the lock": Bug(Cast(house=NoLock)),
    "cursor by a sequence": Bug(Cast(house=NumbersFromSequence)),
    "no new epoch": Bug(Cast(house=NoNewEpoch)),
    "projection outside the transaction": Bug(Cast(house=ProjectionApart)),
    "snapshot read before position": Bug(Cast(house=SnapshotBeforePosition)),
    "hints without a poll": Bug(Cast(house=HintsOnly)),
    "a repeat gets the newest number": Bug(Cast(house=NumberOfTheHead)),
    "a lost claim is thrown away": Bug(Cast(house=LostClaimsDropped)),
    "waiting is told as stored": Bug(Cast(house=WaitingCountsAsStored)),
    "grant cached": Bug(Cast(screen=GrantCached)),
    "a screen forgets the epoch": Bug(Cast(screen=ForgetsEpoch)),
    "a screen skips a number": Bug(Cast(screen=LateCursor)),
    "retry with a new id": Bug(Cast(phone=NewIdEachTime)),
    "filed reports forgotten at once": Bug(Cast(phone=ForgetsFiled)),
    "filed reports forgotten by the phone's clock": Bug(Cast(phone=ForgetsByItsClock)),
    "unsent reports in memory only": Bug(Cast(phone=ForgetsWhenDead)),
    "drop on 500": Bug(rule="read_answer", instead=_drop_on_500),
    "a strange 200 is believed": Bug(rule="read_answer", instead=_believe_any_200),
    "held by a clock that jumps": Bug(rule="_left_ms", instead=_hold_by_the_clock),
    "never offered again": Bug(rule="offer_again", instead=_never_offer_again),
    "a verdict for all": Bug(rule="judge", instead=_file_without_number),
}


@contextmanager
def planted(bug: Bug) -> Iterator[Cast]:
    """Plant a bug for a while."""
    if bug.rule is None:
        yield bug.cast
        return
    sound = getattr(outbox, bug.rule)
    setattr(outbox, bug.rule, bug.instead)
    try:
        yield bug.cast
    finally:
        setattr(outbox, bug.rule, sound)


def caught(
    name: str, first: int = 0, most: int = MOST_STORIES, hours: int = _HOURS
) -> tuple[int, str] | None:
    """Play stories with a bug until one shows it; return which and what it showed."""
    with planted(BUGS[name]) as cast:
        for seed in range(first, first + most):
            try:
                faults, _ = story(seed, cast, hours)
            except Exception as broken:  # noqa: BLE001 - it falls over the bug: that is caught too
                faults = [f"{type(broken).__name__}: {broken}"]
            if faults:
                return seed, faults[0]
    return None


def bugs_planted(count: int = len(BUGS), first: int = 0) -> Iterator[dict[str, Any]]:
    """Plant so many bugs, one after the other."""
    begin = time.perf_counter()
    shown: dict[str, str] = {}
    missed = []
    for name in list(BUGS)[:count]:
        print(f"# {name} ...", file=sys.stderr, flush=True)  # noqa: T201 - progress
        found = caught(name, first)
        if found is None:
            missed.append(f"not caught in {MOST_STORIES} stories: {name}")
        else:
            shown[name] = f"story {found[0]}: {found[1]}"
    figures = {
        "n": len(shown) + len(missed),
        "caught": shown,
        "took_s": round(time.perf_counter() - begin, 1),
    }
    yield report("F17 planted", missed, first, figures)
