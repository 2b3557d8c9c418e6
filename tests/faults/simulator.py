"""F15: thousands of hours of searches in virtual time, each out of one number.

Phones send by the phone's own rules over an imagined network; headquarters crashes, answers 500, is restored;
clocks jump by years; batteries die. At the end everything heals, and the invariants must hold.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from tests.faults import outbox
from tests.faults.imagined import HOUR_MS, House, Screen, World, folded
from tests.faults.invariants import report
from tests.faults.outbox import Answer, Channel, Item, Pace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

STORY_H: Final = 24
HEALED_WITHIN_MS: Final = 5 * 60_000
_PHONES: Final = 4
_YEAR_MS: Final = 365 * 24 * HOUR_MS
_OPERATION: Final = "op"
_PORTAL: Final = b"<html>sign in to the hotel</html>"


@dataclass
class Phone:
    """A phone: its items survive a dead battery, its timers and requests do not."""

    name: str
    world: World
    house: House
    items: dict[str, Item] = field(default_factory=dict)
    acked: list[tuple[int, str, int]] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    paces: dict[Channel, Pace] = field(default_factory=dict)
    asking: dict[Channel, int] = field(default_factory=dict)
    timers: dict[Channel, int] = field(default_factory=dict)
    dseq: int = 0
    skew_ms: int = 0
    is_offline: bool = False
    is_dead: bool = False
    _asked: int = 0
    _timed: int = 0

    @property
    def now_ms(self) -> int:
        """What its clock says."""
        return self.world.now_ms + self.skew_ms

    def tap(self) -> None:
        """Report something."""
        rng = self.world.rng
        self.dseq += 1
        kind = rng.choice(("check_in", "check_in", "clue_found", "sos_raised", "sector_claimed"))
        claim = {"claim": f"G{rng.randrange(20)}"} if kind == "sector_claimed" else {}
        earlier = list(self.items)
        event = {
            "id": f"{self.name}-{self.dseq}",
            "dseq": self.dseq,
            "kind": kind,
            "payload": {**claim, "team": rng.random() < 0.3},
            "after": [rng.choice(earlier)] if earlier and rng.random() < 0.1 else [],
        }
        self.items[str(event["id"])] = Item(_OPERATION, event, self.now_ms)
        self.kick()

    def kick(self) -> None:
        """Try again now."""
        for channel in ("sos", "rest"):
            pace = self.paces.get(channel, Pace())
            self.paces[channel] = replace(pace, failures=min(pace.failures, 1))
            self._timer(channel, 0)

    def server_at_ms(self) -> int:
        """Return the moment that headquarters names when it is heard."""
        return self.world.now_ms

    def hear(self) -> None:
        """Hear from the stream of which epoch headquarters is."""
        if self.is_offline or self.is_dead or not self.house.is_up:
            return
        self._note(self.house.epoch)
        items = list(self.items.values())
        for item in items:
            if item.epoch == str(self.house.epoch) and outbox.may_forget(
                item, self.house.backed_up_seq, self.server_at_ms()
            ):
                del self.items[item.id]
                self.forgotten.add(item.id)

    def _note(self, epoch: int) -> None:
        changes = outbox.offer_again(list(self.items.values()), _OPERATION, str(epoch))
        self._change(changes)
        if changes:
            self.kick()

    def die(self, for_ms: float) -> None:
        """Let the battery be empty for a while; the clock may be another afterwards."""
        self.is_dead = True
        self.asking.clear()
        self.timers.clear()

        def back() -> None:
            self.is_dead = False
            self.paces.clear()
            if self.world.chance(0.5):
                self.skew_ms = self.world.rng.choice((-1, 1)) * self.world.rng.randrange(10 * _YEAR_MS)
            self.kick()

        self.world.after(for_ms, back)

    def _timer(self, channel: Channel, delay_ms: int) -> None:
        self._timed += 1
        number = self.timers[channel] = self._timed

        def ring() -> None:
            if self.timers.get(channel) == number and channel not in self.asking and not self.is_dead:
                self._attempt(channel)

        self.world.after(delay_ms, ring)

    def _attempt(self, channel: Channel) -> None:
        items, pace = list(self.items.values()), self.paces.get(channel, Pace())
        batch = outbox.next_batch(items, channel, self.now_ms, pace.batch_size)
        if not batch:
            due_in_ms = outbox.next_due_in_ms(items, channel, self.now_ms)
            if due_in_ms is not None:
                self._timer(channel, max(1, due_in_ms))
            return
        pause_ms = outbox.pause_left_ms(pace, self.now_ms)
        if pause_ms > 0:
            self._timer(channel, pause_ms)
            return
        self._asked += 1
        self.asking[channel] = self._asked
        settle = partial(self._settle, channel, self._asked, batch)
        self.world.after(
            outbox.timeout_ms(channel, pace.failures), partial(settle, Answer("later", cause="timeout"))
        )
        self._send([item.event for item in batch], settle)

    def _send(self, events: Sequence[Mapping[str, Any]], settle: Any) -> None:
        """Cross the network: lost, late, doubled, answered by somebody else, or cut on the way back."""
        world, rng = self.world, self.world.rng
        if self.is_offline or world.chance(0.1):
            world.after(rng.uniform(5, 500), partial(settle, Answer("later", cause="network")))
            return
        if world.chance(0.02):
            world.after(50, partial(settle, outbox.read_answer(200, None, _PORTAL)))
            return

        def back(status: int, told: list[Any]) -> None:
            if world.chance(0.15):
                return
            answer = replace(read(status, told), at_ms=self.server_at_ms())
            world.after(self._on_the_way_ms(), partial(settle, answer))

        for _ in range(2 if world.chance(0.1) else 1):
            world.after(self._on_the_way_ms(), partial(self.house.receive, self.name, events, back))

    def _on_the_way_ms(self) -> float:
        if self.world.chance(0.1):
            return self.world.rng.uniform(50, 40_000)
        return self.world.rng.uniform(5, 300)

    def _settle(self, channel: Channel, number: int, batch: Sequence[Item], answer: Answer) -> None:
        if self.asking.get(channel) != number:
            return
        del self.asking[channel]
        outcome = outbox.judge(batch, answer, self.now_ms)
        self._change(outcome.changes)
        if answer.type == "judged":
            self._note(int(answer.epoch))
        self.paces[channel], delay_ms = outbox.settle(
            channel,
            self.paces.get(channel, Pace()),
            answer,
            outcome,
            sent=len(batch),
            now_ms=self.now_ms,
            chance=self.world.rng.random(),
        )
        self._timer(channel, delay_ms)

    def _change(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        for item_id, change in changes.items():
            if item_id not in self.items:
                continue
            item = self.items[item_id] = replace(self.items[item_id], **change)
            if change["state"] == "filed":
                self.acked.append((int(item.epoch or 0), item_id, item.seq or 0))


def read(status: int, told: list[Any]) -> Answer:
    """Read the imagined answer as the phone reads a real one."""
    if status != 200:
        return outbox.read_answer(status, "20" if status == 429 else None, b"{}")
    epoch, *verdicts = told
    return Answer("judged", epoch=str(epoch), results=tuple(verdicts))


@dataclass
class Cast:
    """Who plays: each may be replaced by one with a bug."""

    house: type[House] = House
    phone: type[Phone] = Phone
    screen: type[Screen] = Screen


def story(seed: int, cast: Cast | None = None, hours: int = STORY_H) -> tuple[list[str], World]:
    """Play one search and return what did not hold."""
    cast = cast or Cast()
    rng = random.Random(seed)
    world = World(rng)
    house = cast.house(world)
    phones = [cast.phone(f"p{number}", world, house) for number in range(_PHONES)]
    house.screens = [cast.screen(house), cast.screen(house), cast.screen(house, who="p0")]
    _plan(world, house, phones, hours * HOUR_MS)
    world.run(hours * HOUR_MS)
    world.is_calm = True
    for phone in phones:
        phone.is_offline = phone.is_dead = False
        for wait_ms in (0, HEALED_WITHIN_MS // 3):  # headquarters may be down at this very moment
            world.after(wait_ms, phone.hear)
        phone.kick()
    for screen in house.screens:
        screen.is_away = False
        world.after(HEALED_WITHIN_MS // 3, screen.look)
    world.after(HEALED_WITHIN_MS // 2, partial(house.decide, hours * HOUR_MS, None))
    world.run(world.now_ms + HEALED_WITHIN_MS)
    return list(_faults(house, phones)), world


def _plan(world: World, house: House, phones: Sequence[Phone], end_ms: int) -> None:
    """Lay out what happens to whom and when."""
    rng = world.rng

    def now_and_then(mean_ms: float, do: Any) -> None:
        at_ms = rng.expovariate(1 / mean_ms)
        while at_ms < end_ms:
            world.after(at_ms, do)
            at_ms += rng.expovariate(1 / mean_ms)

    for phone in phones:
        now_and_then(HOUR_MS / 6, partial(_if_alive, phone))
        now_and_then(HOUR_MS * 4, partial(_go_offline, world, phone))
        now_and_then(HOUR_MS * 8, lambda phone=phone: phone.die(rng.uniform(0, HOUR_MS)))
        now_and_then(HOUR_MS, phone.hear)
    now_and_then(HOUR_MS, lambda: house.crash(rng.uniform(200, 60_000)))
    now_and_then(HOUR_MS * 3, house.back_up)
    now_and_then(HOUR_MS * 16, lambda: house.restore(phones))
    for number in range(end_ms // HOUR_MS * 2):
        member = None if number % 3 else ("p0", number % 2 == 0)
        world.after(rng.randrange(end_ms), partial(house.decide, number, member))
    for screen in house.screens:
        now_and_then(HOUR_MS / 2, lambda screen=screen: screen.leave(rng.uniform(100, HOUR_MS / 4)))


def _if_alive(phone: Phone) -> None:
    if not phone.is_dead:
        phone.tap()


def _go_offline(world: World, phone: Phone) -> None:
    phone.is_offline = True

    def back() -> None:
        phone.is_offline = False
        phone.kick()

    world.after(world.rng.uniform(1_000, HOUR_MS), back)


def _faults(house: House, phones: Sequence[Phone]) -> Iterator[str]:
    """Look at I1 to I5, I7 and I8."""
    held = {row.id: row.seq for row in house.log}
    if [row.seq for row in house.log] != list(range(1, len(house.log) + 1)):
        yield "I3: numbers have holes"
    if max(Counter(row.id for row in house.log).values(), default=0) > 1:
        yield "I2: an id stands twice"
    if (
        max(Counter((row.sender, row.dseq) for row in house.log if row.sender != "desk").values(), default=0)
        > 1
    ):
        yield "I2: a report stands twice"
    if house.state != folded(house.log):
        yield "I5: the projection is not the fold of the log"
    for phone in phones:
        yield from _phone_faults(house, phone, held)
    whole, narrow = folded(house.log), [screen for screen in house.screens if screen.who]
    for screen in house.screens:
        yield from screen.faults
        if screen.epoch != house.epoch or screen.seq != len(house.log):
            yield f"I4: a screen stays at {screen.seq} of {len(house.log)}"
        elif screen not in narrow and screen.state != whole:
            yield "I5: a screen shows another state"


def _phone_faults(house: House, phone: Phone, held: Mapping[str, int]) -> Iterator[str]:
    for item in phone.items.values():
        if item.state == "tray":
            yield f"{item.id} could not be filed"
        elif item.state != "filed":
            yield f"I7: {item.id} is still {item.state}"
    for epoch, event_id, seq in phone.acked:
        if event_id not in held:
            yield f"I1: {event_id} was acknowledged and is lost"
        elif epoch == house.epoch and held[event_id] != seq:
            yield f"I1: {event_id} was acknowledged as {seq} and stands at {held[event_id]}"
    missing = {f"{phone.name}-{number}" for number in range(1, phone.dseq + 1)} - held.keys()
    if missing:
        yield f"{len(missing)} reports of {phone.name} are nowhere"


def _stories(seeds: Sequence[int]) -> tuple[list[str], int]:
    faults, happened = [], 0
    for seed in seeds:
        found, world = story(seed)
        faults += [f"seed {seed}: {fault}" for fault in found[:3]]
        happened += world.happened
    return faults, happened


def simulator(count: int = 10_000, first: int = 0) -> Iterator[dict[str, Any]]:
    """Simulate so many hours, a day to a seed, on all cores."""
    begin = time.perf_counter()
    seeds = range(first, first + max(1, count // STORY_H))
    faults: list[str] = []
    happened = 0
    with ProcessPoolExecutor() as pool:
        for found, steps in pool.map(_stories, [seeds[at : at + 8] for at in range(0, len(seeds), 8)]):
            faults += found
            happened += steps
    figures = {
        "simulated_h": len(seeds) * STORY_H,
        "steps": happened,
        "took_s": round(time.perf_counter() - begin, 1),
    }
    yield report("F15 simulator", faults, first, figures)
