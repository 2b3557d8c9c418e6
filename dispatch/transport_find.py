"""Scans called and read back: the steps of one load from its place to the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.transport_compile import ALL_OFF, passes, seconds, seconds_up
from dispatch.transport_kernels import Need, scan_backward, scan_forward
from dispatch.transport_values import Ask
from dispatch.transport_way_kernels import NEVER, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.transport_answers import Movement
    from dispatch.transport_compile import Compiled
    from dispatch.transport_values import Cost, Departure, Party, Piece

NO_END: Final = int(NEVER) - 1


@dataclass(frozen=True, slots=True)
class Step:
    """One leg by number.

    Attributes
    ----------
    slot
        Of the departure, or NONE.
    way
        Number of the way in the network, or NONE.
    """

    slot: int
    way: int
    from_: int
    to: int
    begin_s: int
    end_s: int
    aboard: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """How one comes to the end from where one can set out at ``ready_s``; no steps if one is there."""

    steps: tuple[Step, ...]
    ready_s: int

    @property
    def end_s(self) -> int:
        """When one arrives."""
        return self.steps[-1].end_s if self.steps else self.ready_s


def kg_of(cargo_kg: float, pieces: Sequence[Piece]) -> float:
    """Return the weight of cargo and pieces."""
    return cargo_kg + sum(piece.kg * piece.count for piece in pieces)


def need_of(compiled: Compiled, party: Party, movement: Movement) -> Need:
    """Return what a whole party needs of each departure."""
    return Need(
        party.people,
        kg_of(party.cargo_kg, party.pieces),
        movement.person_kg,
        fits_of(compiled, party.pieces, unknown=movement.unknown == "ask"),
        unknown=movement.unknown == "ask",
        off=ALL_OFF,
        seasons=True,
    )


def fits_of(compiled: Compiled, pieces: Sequence[Piece], *, unknown: bool) -> np.typing.NDArray[np.bool_]:
    """Return for each kind of door whether all pieces pass it; last, for doors nobody knows."""
    fits = [all(passes(door, piece) for piece in pieces) for door in compiled.doors]
    return np.array([*fits, unknown or not pieces], dtype=np.bool_)


def nothing_needed(compiled: Compiled) -> Need:
    """Return a need for which every departure that goes has room."""
    return Need(
        0, 0.0, 0.0, np.ones(len(compiled.doors) + 1, np.bool_), unknown=True, off=ALL_OFF, seasons=True
    )


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """From where, when, to where, by when, and what has to fit."""

    need: Need
    start: int
    ready_s: int
    target: int
    by_s: int


def asked_of(compiled: Compiled, movement: Movement) -> Asked:
    """Return what the one party of a movement asks."""
    party = movement.parties[0]
    return Asked(
        need_of(compiled, party, movement),
        compiled.place_of[party.place_id],
        seconds_up(party.ready_at),
        compiled.place_of[movement.to_id],
        NO_END if movement.by_at is None else seconds(movement.by_at),
    )


def forward(compiled: Compiled, asked: Asked) -> Found | None:
    """Return the steps that arrive soonest, or None."""
    ready_s, target = asked.ready_s, asked.target
    lines, ways = compiled.lines, compiled.ways_out
    there_s, via, via_way, _ = scan_forward(
        lines,
        ways,
        compiled.transfer_s,
        asked.need,
        np.array([asked.start], dtype=np.int32),
        np.array([ready_s], dtype=np.int64),
        target,
        asked.by_s,
    )
    if there_s[target] >= NEVER:
        return None
    steps: list[Step] = []
    here = target
    while via[here] != NONE:
        if via[here] < 0:
            row = int(via_way[here])
            end_s = int(there_s[here])
            begin_s = end_s - int(ways.duration_s[row])
            former = _begin(ways.start, row)
            steps.append(Step(NONE, int(ways.slot[row]), former, here, begin_s, end_s))
            here = former
            continue
        c = int(via[here])
        while True:
            u, departs_s = int(lines.from_[c]), int(lines.departs_s[c])
            boards = there_s[u] + compiled.transfer_s[u] <= departs_s
            steps.append(Step(c, NONE, u, int(lines.to[c]), departs_s, int(lines.arrives_s[c]), not boards))
            if boards:
                break
            c = int(lines.before[c])
        here = u
    return Found(tuple(reversed(steps)), ready_s)


def backward(compiled: Compiled, asked: Asked) -> Found | None:
    """Return the steps that leave latest and arrive in time, or None."""
    ready_s, start, target, by_s = asked.ready_s, asked.start, asked.target, asked.by_s
    lines, ways = compiled.lines, compiled.ways_in
    leave_s, via, via_way, _ = scan_backward(
        lines, ways, compiled.transfer_s, asked.need, target, by_s, start, ready_s
    )
    if leave_s[start] < ready_s:
        return None
    steps: list[Step] = []
    here = start
    while here != target or leave_s[here] < by_s:
        if via[here] == NONE:
            break
        if via[here] < 0:
            row = int(via_way[here])
            begin_s = int(leave_s[here])
            onward = _begin(ways.start, row)
            end_s = begin_s + int(ways.duration_s[row])
            steps.append(Step(NONE, int(ways.slot[row]), here, onward, begin_s, end_s))
            here = onward
            continue
        c, aboard = int(via[here]), False
        while True:
            v, arrives_s = int(lines.to[c]), int(lines.arrives_s[c])
            steps.append(Step(c, NONE, int(lines.from_[c]), v, int(lines.departs_s[c]), arrives_s, aboard))
            if arrives_s <= leave_s[v]:
                break
            c, aboard = int(lines.after[c]), True
        here = v
    return Found(tuple(steps), int(leave_s[start]))


def double_use(compiled: Compiled, found: Found) -> tuple[int, int] | None:
    """Return two departures of the steps that take one vehicle or aircraft at the same time, or None."""
    used: list[tuple[int, Departure]] = []
    for step in found.steps:
        if step.slot == NONE:
            continue
        departure = compiled.departure(step.slot)
        if departure.use is None:
            continue
        for slot, other in used:
            if overlap(departure, other):
                return slot, step.slot
        used.append((step.slot, departure))
    return None


def overlap(one: Departure, other: Departure) -> bool:
    """Return whether both take the same vehicle or aircraft at the same time."""
    if one.use is None or other.use is None or one.use.craft_id != other.use.craft_id:
        return False
    return one.use.busy_from < other.use.busy_to and other.use.busy_from < one.use.busy_to


def cost_rub(cost: Cost | None, people: int, kg: float) -> float | None:
    """Return what it costs for so many, None where unknown."""
    return None if cost is None else cost.whole_rub + cost.person_rub * people + cost.kg_rub * kg


def asks_of(departure: Departure, people: int, kg: float, *, pieces: bool) -> list[Ask]:
    """Return what nobody knows of a departure and matters for such a load."""
    weighs = kg > 0 or (departure.people_weigh and people > 0)
    lacking = {
        "seats": people > 0 and departure.seats is None,
        "payload_kg": weighs and departure.payload_kg is None,
        "door": pieces and departure.door is None,
        "cost": departure.cost is None,
        "confidence": departure.confidence is None,
    }
    use = departure.use
    own = [
        Ask(what, "departure", departure.departure_id)  # type: ignore[arg-type] # the five above
        if use is None
        else Ask(what, "craft", use.craft_id)  # type: ignore[arg-type]
        for what, is_so in lacking.items()
        if is_so
    ]
    return [*departure.asks, *own]


def _begin(start: np.typing.NDArray[np.int32], row: int) -> int:
    """Return the place in whose rows a way stands."""
    return int(np.searchsorted(start, row, side="right")) - 1
