"""Alternatives for one party: none better than another in time, cost, confidence and questions at once."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.transport_answers import Alternatives, Refused
from dispatch.transport_compile import seconds_up
from dispatch.transport_find import Found, Step, asked_of, asks_of, cost_rub, double_use
from dispatch.transport_kernels import room, scan_backward, scan_forward
from dispatch.transport_scan import earliest_arrival, itinerary
from dispatch.transport_way_kernels import NEVER, NONE, way_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.transport_answers import Itinerary, Movement, Name
    from dispatch.transport_compile import Compiled
    from dispatch.transport_find import Asked
    from dispatch.transport_values import Cost

WITHIN_S: Final = 24 * 3600
_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class _Label:
    """One way to be somewhere: when, for how much, at what risk (-ln of confidence), how many questions."""

    at_s: int
    rub: float
    risk: float
    questions: int
    step: Step | None = None
    before: _Label | None = None

    def no_worse(self, other: _Label) -> bool:
        return (
            self.at_s <= other.at_s
            and self.rub <= other.rub + _CLOSE
            and self.risk <= other.risk + _CLOSE
            and self.questions <= other.questions
        )


def alternatives(
    compiled: Compiled, movement: Movement, *, within_s: int = WITHIN_S, most_each: int = 16
) -> Alternatives | Refused:
    """Return what the one party of a movement can choose from.

    Parameters
    ----------
    within_s
        How much later than the soonest arrival is still looked at; never later than ``by_at``.
    most_each
        How many labels a place keeps; when that is not enough the answer says that it is not complete.
    """
    soonest = earliest_arrival(compiled, movement)
    if isinstance(soonest, Refused):
        return soonest
    asked = asked_of(compiled, movement)
    by_s = min(asked.by_s, seconds_up(soonest.arrives_at) + within_s)
    search = _Search(compiled, movement, replace(asked, by_s=by_s), most_each)
    found = search.found()
    party = movement.parties[0]
    single = [each for each in found if double_use(compiled, each) is None]
    itineraries = [itinerary(compiled, party, each) for each in single]
    complete = search.complete and len(single) == len(found)
    if not any(each.arrives_at == soonest.arrives_at for each in itineraries):
        itineraries.append(soonest)
    itineraries.sort(key=lambda each: (each.arrives_at, each.cost_rub, -each.confidence))
    return Alternatives(named(itineraries), complete)


def named(itineraries: Sequence[Itinerary]) -> tuple[Itinerary, ...]:
    """Return itineraries with the names of what each is best in.

    What a leg costs, or how sure it is, may be unknown: then the itinerary is not called cheapest or surest.
    """
    marks: dict[Name, list[tuple[float, int]]] = defaultdict(list)
    for number, each in enumerate(itineraries):
        unknown = {ask.what for ask in each.asks}
        changes = sum(leg.kind == "departure" and not leg.aboard for leg in each.legs)
        marks["soonest"].append((each.arrives_at.timestamp(), number))
        marks["fewest_questions"].append((len(each.asks), number))
        marks["fewest_changes"].append((changes, number))
        if "cost" not in unknown:
            marks["cheapest"].append((each.cost_rub, number))
        if "confidence" not in unknown:
            marks["surest"].append((-each.confidence, number))
    names: dict[int, list[Name]] = defaultdict(list)
    for name in ("soonest", "cheapest", "surest", "fewest_questions", "fewest_changes"):
        if marks[name]:
            names[min(marks[name])[1]].append(name)
    return tuple(replace(each, names=tuple(names[number])) for number, each in enumerate(itineraries))


@dataclass(slots=True)
class _Search:
    """A scan in which places keep all labels of which none is worse than another in everything."""

    compiled: Compiled
    movement: Movement
    asked: Asked
    most_each: int
    complete: bool = True
    bags: dict[int, list[_Label]] = field(default_factory=lambda: defaultdict(list))

    def found(self) -> list[Found]:
        """Return the ways to the end, the soonest first."""
        asked, lines = self.asked, self.compiled.lines
        self._add(asked.start, _Label(asked.ready_s, 0.0, 0.0, 0))
        seats: dict[int, list[_Label]] = {}
        for c in self._worth_a_look():
            u, begin_s = int(lines.from_[c]), int(lines.departs_s[c])
            free_s = begin_s - int(self.compiled.transfer_s[u])
            boarding = [label for label in self.bags[u] if label.at_s <= free_s]
            before = int(lines.before[c])
            staying = [label for label in seats.get(before, ()) if label.at_s <= begin_s]
            bag: list[_Label] = []
            for labels, aboard in ((boarding, False), (staying, True)):
                for label in labels:
                    self._kept(bag, self._rides(c, label, aboard=aboard))
            if lines.after[c] >= 0:
                seats[c] = bag
            for label in bag:
                self._add(int(lines.to[c]), label)
        end = sorted(self.bags[asked.target], key=lambda label: label.at_s)
        return [Found(_steps(label), asked.ready_s) for label in end]

    def _worth_a_look(self) -> list[int]:
        """Return departures with room, reachable, from which the end is reached in time; in order."""
        compiled, asked = self.compiled, self.asked
        lines, transfer_s = compiled.lines, compiled.transfer_s
        starts, ready = np.array([asked.start], np.int32), np.array([asked.ready_s], np.int64)
        there_s, _, _, _ = scan_forward(
            lines, compiled.ways_out, transfer_s, asked.need, starts, ready, NONE, asked.by_s
        )
        leave_s, _, _, _ = scan_backward(
            lines, compiled.ways_in, transfer_s, asked.need, asked.target, asked.by_s, NONE, asked.ready_s
        )
        board = there_s[lines.from_] + transfer_s[lines.from_] <= lines.departs_s
        alight = lines.arrives_s <= leave_s[lines.to]
        runs = (lines.before >= 0) | (lines.after >= 0)
        inside = (lines.departs_s >= asked.ready_s) & (lines.arrives_s <= asked.by_s)
        keep = inside & ((board & alight) | runs) & (there_s[lines.from_] < NEVER)
        order = lines.order[keep[lines.order]]
        return [c for c in order.tolist() if room(lines, asked.need, c)]

    def _rides(self, c: int, label: _Label, *, aboard: bool) -> _Label:
        compiled, need = self.compiled, self.asked.need
        lines, departure = compiled.lines, compiled.departure(c)
        pieces = bool(self.movement.parties[0].pieces)
        questions = len(asks_of(departure, need.people, need.kg, pieces=pieces))
        begin_s, end_s = int(lines.departs_s[c]), int(lines.arrives_s[c])
        step = Step(c, NONE, int(lines.from_[c]), int(lines.to[c]), begin_s, end_s, aboard)
        return self._further(label, step, departure.cost, departure.confidence, questions)

    def _further(
        self, label: _Label, step: Step, cost: Cost | None, confidence: float | None, questions: int
    ) -> _Label:
        need = self.asked.need
        rub = label.rub + (cost_rub(cost, need.people, need.kg) or 0.0)
        sure = 1.0 if confidence is None else confidence
        risk = label.risk + (math.inf if sure <= 0 else -math.log(sure))
        return _Label(step.end_s, rub, risk, label.questions + questions, step, label)

    def _add(self, place: int, first: _Label) -> None:
        """Keep a label at a place, and go on from there by ways."""
        ways, network, asked = self.compiled.ways_out, self.compiled.network, self.asked
        open_ = [(place, first)]
        while open_:
            v, label = open_.pop()
            if label.at_s > asked.by_s or any(each.no_worse(label) for each in self.bags[asked.target]):
                continue
            if not self._kept(self.bags[v], label) or v == asked.target:
                continue
            for row in range(ways.start[v], ways.start[v + 1]):
                end_s = int(way_end(ways, row, label.at_s, asked.need.seasons))
                if end_s > asked.by_s:
                    continue
                way, w = network.ways[int(ways.slot[row])], int(ways.other[row])
                begin_s = end_s - int(ways.duration_s[row])
                step = Step(NONE, int(ways.slot[row]), v, w, begin_s, end_s)
                questions = (way.cost is None) + (way.confidence is None)
                open_.append((w, self._further(label, step, way.cost, way.confidence, questions)))

    def _kept(self, bag: list[_Label], label: _Label) -> bool:
        """Put a label among others unless one is no worse; return whether it was."""
        if any(each.no_worse(label) for each in bag):
            return False
        bag[:] = [each for each in bag if not label.no_worse(each)]
        if len(bag) >= self.most_each:
            self.complete = False
            return False
        bag.append(label)
        return True


def _steps(label: _Label | None) -> tuple[Step, ...]:
    steps = []
    while label is not None and label.step is not None:
        steps.append(label.step)
        label = label.before
    return tuple(reversed(steps))
