"""Virtual time, an imagined network, and headquarters as the rules of the log have it: nothing here is real.

The same seed makes the same story to the last millisecond. Phones send by `outbox`, which is the phone's own.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable, Mapping, Sequence

HOUR_MS: Final = 3_600_000
POLL_MS: Final = 1_000
_MOST_AT_ONCE: Final = 5_000
_MOST: Final = 400_000  # a day of four phones takes some thirty thousand


class TurnsInPlace(Exception):  # noqa: N818 - reads as a statement
    """Something happens again and again, and nothing comes of it."""


@dataclass
class World:
    """Time that moves from one happening to the next."""

    rng: random.Random
    now_ms: int = 0
    is_calm: bool = False
    happened: int = 0
    _queue: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    _number: int = 0
    _at_once: int = 0

    def after(self, delay_ms: float, do: Callable[[], None]) -> None:
        """Let something happen later."""
        self._number += 1
        heapq.heappush(self._queue, (self.now_ms + max(0, int(delay_ms)), self._number, do))

    def run(self, until_ms: int) -> None:
        """Let everything happen that happens until then."""
        while self._queue and self._queue[0][0] <= until_ms:
            at_ms, _, do = heapq.heappop(self._queue)
            self._at_once = self._at_once + 1 if at_ms == self.now_ms else 0
            if self._at_once > _MOST_AT_ONCE or self.happened > _MOST:
                raise TurnsInPlace(f"at {at_ms} ms")
            self.now_ms = at_ms
            self.happened += 1
            do()
        self.now_ms = until_ms

    def chance(self, share: float) -> bool:
        """Draw; nothing bad happens any more when the world is calm."""
        return not self.is_calm and self.rng.random() < share


@dataclass(frozen=True, slots=True)
class Row:
    """One event of the imagined log; `claim` names a sector, `member` who joins or leaves the team."""

    seq: int
    id: str
    sender: str
    dseq: int
    is_of_team: bool = False
    claim: str | None = None
    refused: bool = False
    member: tuple[str, bool] | None = None


State = dict[str, int]


def folded(rows: Iterable[Row]) -> State:
    """Return the state: what each said last and how often, who holds which sector, who is in the team."""
    state: State = {}
    for row in rows:
        fold(state, row)
    return state


def fold(state: State, row: Row) -> None:
    """Change the state by one event."""
    state[f"last {row.sender}"] = row.seq
    state[f"said {row.sender}"] = state.get(f"said {row.sender}", 0) + 1
    if row.claim is not None and not row.refused:
        state[f"holder {row.claim}"] = row.seq
    if row.member is not None:
        state[f"member {row.member[0]}"] = int(row.member[1])


@dataclass
class House:
    """Headquarters: one log, numbered under a lock that is held to the commit; a crash loses what is open.

    Each rule is a method of its own, so that a planted bug replaces one.
    """

    world: World
    log: list[Row] = field(default_factory=list)
    state: State = field(default_factory=dict)
    waiting: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    epoch: int = 1
    life: int = 1
    is_up: bool = True
    backed_up_seq: int = 0
    backups: list[tuple[int, list[Row], dict[str, tuple[str, Mapping[str, Any]]]]] = field(
        default_factory=list
    )
    screens: list[Screen] = field(default_factory=list)
    free_at_ms: int = 0

    # ---- rules ---------------------------------------------------------------------------------------

    def known(self, log: Sequence[Row], event_id: str) -> Row | None:
        """Return the event of this id, looked up under the lock."""
        return next((row for row in log if row.id == event_id), None)

    def repeated(self, log: Sequence[Row], event_id: str) -> Row | None:
        """Return the first copy of what is sent again."""
        return self.known(log, event_id)

    def next_seq(self, rows: Sequence[Row]) -> int:
        """Return the next number, given under the lock."""
        return len(self.log) + len(rows) + 1

    def lock(self, duration_ms: int) -> int:
        """Return when the lock is ours: after everybody who asked before."""
        begin_ms = max(self.world.now_ms, self.free_at_ms)
        self.free_at_ms = begin_ms + duration_ms + 1
        return begin_ms - self.world.now_ms

    def commit(self, rows: Sequence[Row]) -> None:
        """Write events and projection together."""
        self.log.extend(rows)
        for row in rows:
            fold(self.state, row)

    def answers_at(self, duration_ms: int) -> int:
        """Return how long after the lock was taken the answer goes out: never before the commit."""
        return duration_ms

    def new_epoch(self) -> int:
        """Return the epoch after a restore."""
        return self.epoch + 1

    def snapshot(self, take: Callable[[int, int, list[Row]], None]) -> None:
        """Give (epoch, number, events up to it) of one moment."""
        take(self.epoch, len(self.log), list(self.log))

    def hint(self, screen: Screen) -> None:
        """Tell a screen that the log moved; where the hint is lost, a poll finds it."""
        is_lost = self.world.chance(0.2)
        self.world.after(POLL_MS if is_lost else self.world.rng.uniform(5, 80), screen.look)

    # ---- what happens ----------------------------------------------------------------------------------

    def receive(
        self, sender: str, events: Sequence[Mapping[str, Any]], answer: Callable[[int, list[Any]], None]
    ) -> None:
        """Take a request; `answer` gets status and verdicts, or is never called."""
        if not self.is_up:
            return
        if self.world.chance(0.03):
            answer(self.world.rng.choice((500, 503, 429)), [])
            return
        duration_ms = self.world.rng.randrange(3, 250)
        life, wait_ms = self.life, self.lock(duration_ms)

        def begin() -> None:
            if self.life != life:
                return
            if self.world.chance(0.02):  # killed in the middle of it, or just after
                down_ms = self.world.rng.uniform(200, 20_000)
                moment_ms = self.world.rng.uniform(0, 2 * duration_ms)
                self.world.after(moment_ms, lambda: self.crash(down_ms))
            rows, verdicts, waiting = self._judge(sender, events)
            epoch = self.epoch

            def end() -> None:
                if self.life == life:
                    self.commit(rows)
                    self.waiting = {
                        each: held
                        for each, held in {**self.waiting, **waiting}.items()
                        if self.known(self.log, each) is None
                    }
                    self._tell_screens()

            self.world.after(duration_ms, end)
            self.world.after(
                self.answers_at(duration_ms),
                lambda: answer(200, [epoch, *verdicts]) if self.life == life else None,
            )

        self.world.after(wait_ms, begin)

    def _judge(
        self, sender: str, events: Sequence[Mapping[str, Any]]
    ) -> tuple[list[Row], list[dict[str, Any]], dict[str, tuple[str, Mapping[str, Any]]]]:
        rows: list[Row] = []
        waiting: dict[str, tuple[str, Mapping[str, Any]]] = {}
        verdicts = []
        for event in events:
            verdict = {"id": event["id"], "status": "waiting", "seq": None, "reason": "cause_missing"}
            held = self.repeated([*self.log, *rows], event["id"])
            if held is not None:
                verdict |= {"status": "refused" if held.refused else "duplicate", "seq": held.seq}
            elif all(self.known([*self.log, *rows], cause) for cause in event["after"]):
                row = self._admitted(sender, event, rows)
                verdict |= {"status": "refused" if row.refused else "stored", "seq": row.seq}
                self._release(rows, {**self.waiting, **waiting})
            else:
                waiting[event["id"]] = (sender, event)
            verdicts.append(verdict)
        return rows, verdicts, waiting

    def _admitted(self, sender: str, event: Mapping[str, Any], rows: list[Row]) -> Row:
        claim = event["payload"].get("claim")
        taken = any(row.claim == claim and not row.refused for row in [*self.log, *rows]) if claim else False
        is_of_team = bool(event["payload"].get("team"))
        row = Row(self.next_seq(rows), event["id"], sender, event["dseq"], is_of_team, claim, taken)
        rows.append(row)
        return row

    def _release(self, rows: list[Row], waiting: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        for event_id, (sender, event) in waiting.items():
            present = [*self.log, *rows]
            is_due = all(self.known(present, cause) for cause in event["after"])
            if is_due and self.known(present, event_id) is None:
                self._admitted(sender, event, rows)

    def decide(self, number: int, member: tuple[str, bool] | None) -> None:
        """Let the desk do something: a word to the team, or somebody into it or out of it."""
        life, duration_ms = self.life, self.world.rng.randrange(3, 100)

        def end() -> None:
            if self.is_up and self.life == life:
                identity = f"desk {self.epoch} {number}"
                self.commit([Row(self.next_seq([]), identity, "desk", number, member is None, member=member)])
                self._tell_screens()

        self.world.after(self.lock(duration_ms) + duration_ms, end)

    def _tell_screens(self) -> None:
        for screen in self.screens:
            self.hint(screen)

    def crash(self, down_ms: float) -> None:
        """Lose everything that is not committed, and come back."""
        self.life += 1
        self.is_up = False
        self.free_at_ms = 0

        def back() -> None:
            self.is_up = True
            self._tell_screens()

        self.world.after(down_ms, back)

    def back_up(self) -> None:
        """Keep a copy elsewhere."""
        if self.is_up:
            self.backups.append((self.world.now_ms, list(self.log), dict(self.waiting)))
            self.backed_up_seq = len(self.log)

    def restore(self, phones: Sequence[Any]) -> None:
        """Go back to a backup of the last three days; the stream tells the new epoch to who is there."""
        recent = [each for each in self.backups if self.world.now_ms - each[0] < 60 * HOUR_MS]
        if not recent:
            return
        self.life += 1
        self.free_at_ms = 0
        _, log, waiting = self.world.rng.choice(recent)
        self.log, self.waiting = list(log), dict(waiting)
        self.state = folded(self.log)
        self.backed_up_seq = len(self.log)
        self.epoch = self.new_epoch()
        self.backups = [each for each in self.backups if len(each[1]) <= len(log)]
        for phone in phones:
            self.world.after(self.world.rng.uniform(0, 2 * HOUR_MS), phone.hear)
        self._tell_screens()


@dataclass
class Screen:
    """A reader with a cursor: every number once and in order, or a snapshot. `who` None: headquarters."""

    house: House
    who: str | None = None
    epoch: int = 1
    seq: int = 0
    state: State = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    is_away: bool = False
    is_fetching: bool = False

    def look(self) -> None:
        """Read on from the cursor."""
        house = self.house
        if self.is_away or self.is_fetching or not house.is_up:
            return
        if self.is_of_other_log():
            self.fetch()
            return
        for row in self.rows_after():
            if row.seq <= self.seq:
                continue
            if row.seq != self.seq + 1:
                self.faults.append(f"I4: {row.seq} came after {self.seq}")
            self.seq = row.seq
            if self.may_see(row):
                self.take(row)

    def is_of_other_log(self) -> bool:
        """Tell whether numbers mean something else now."""
        return self.epoch != self.house.epoch

    def rows_after(self) -> list[Row]:
        """Return what is committed beyond the cursor, in order."""
        return [row for row in self.house.log if row.seq > self.seq]

    def may_see(self, row: Row) -> bool:
        """Decide for each event whether this reader gets it whole."""
        if self.who is None or not row.is_of_team:
            return True
        return is_member(self.who, self.house.log, row.seq)

    def take(self, row: Row) -> None:
        """Fold an event that was sent whole."""
        if self.who is not None and row.is_of_team and not is_member(self.who, self.house.log, row.seq):
            self.faults.append(f"I8: {self.who} was sent {row.seq} of a team he is not in")
        fold(self.state, row)

    def fetch(self) -> None:
        """Take a snapshot and go on from its number."""
        self.is_fetching = True
        life = self.house.life

        def take(epoch: int, seq: int, rows: list[Row]) -> None:
            self.is_fetching = False
            if self.house.life != life:
                self.fetch()
                return
            self.epoch, self.seq = epoch, seq
            self.state = folded(self.visible(rows))
            if self.state != folded(self.visible(self.house.log[:seq])):
                self.faults.append(f"I6: the snapshot at {seq} is not the fold of the log up to there")
            self.look()

        self.house.snapshot(take)

    def visible(self, rows: Sequence[Row]) -> list[Row]:
        """Return what this reader may see whole."""
        who = self.who
        return [row for row in rows if who is None or not row.is_of_team or is_member(who, rows, row.seq)]

    def leave(self, for_ms: float) -> None:
        """Lose the connection for a while; half come back to a snapshot, as a page that was closed."""
        self.is_away = True

        def back() -> None:
            self.is_away = False
            if self.house.world.rng.random() < 0.5 and self.house.is_up:
                self.fetch()
            else:
                self.house.world.after(POLL_MS, self.look)

        self.house.world.after(for_ms, back)


def is_member(who: str, rows: Sequence[Row], seq: int) -> bool:
    """Tell whether somebody is in the team just when an event happens."""
    said = [row.member[1] for row in rows[:seq] if row.member is not None and row.member[0] == who]
    return bool(said and said[-1])
