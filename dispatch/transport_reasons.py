"""Why a movement cannot be: what would have to be otherwise, found by asking again without one hindrance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dispatch.transport_answers import Refused, Why
from dispatch.transport_compile import CANCELLED, CLOSED, CLOSED_THEN, instant, merged
from dispatch.transport_find import NO_END, asked_of, forward
from dispatch.transport_kernels import Need
from dispatch.transport_way_kernels import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.transport_answers import Movement
    from dispatch.transport_compile import Compiled
    from dispatch.transport_find import Found, Step
    from dispatch.transport_values import Departure, Party


def reasons(compiled: Compiled, movement: Movement) -> Refused:
    """Return why the one party of a movement does not arrive.

    Notes
    -----
    Each hindrance is left out by itself; where that makes a way, everything that stands in that way is named.
    If none is enough, all are left out together. What then has no way has none on any day.
    """
    party, asked = movement.parties[0], asked_of(compiled, movement)
    need, until_s = asked.need, asked.by_s

    def found(changed: Need, by_s: int) -> Found | None:
        return forward(compiled, replace(asked, need=changed, by_s=by_s))

    whys: list[Why] = []
    later = found(need, NO_END) if until_s < NO_END else None
    if later is not None:
        whys.append(Why("after_deadline", party_id=party.party_id, at=instant(later.end_s)))
    for eased in _eased(need):
        path = found(eased, until_s)
        if path is not None:
            whys += [each for each in _whys(compiled, path, need) if each not in whys]
    if not whys:
        path = found(_all_eased(need), until_s)
        if path is None and until_s < NO_END:
            path = found(_all_eased(need), NO_END)
            if path is not None:
                whys.append(Why("after_deadline", party_id=party.party_id, at=instant(path.end_s)))
        if path is not None:
            whys += _whys(compiled, path, need)
    return Refused(tuple(whys) or tuple(_cut_off(compiled, asked.start, asked.target, party)))


def departure_whys(departure: Departure, need: Need, *, fits: bool, off: int) -> Iterator[Why]:
    """Yield why people and cargo cannot go by a departure."""
    name = departure.departure_id
    craft = None if departure.use is None else departure.use.craft_id
    if off & CANCELLED:
        yield Why("cancelled", departure_id=name, craft_id=craft, at=departure.departs_at)
    if departure.seats is not None and departure.seats < need.people:
        yield Why("no_seats", departure_id=name, craft_id=craft, need=need.people, have=departure.seats)
    kg = need.kg + (need.people * need.person_kg if departure.people_weigh else 0.0)
    if departure.payload_kg is not None and departure.payload_kg < kg:
        yield Why("too_heavy", departure_id=name, craft_id=craft, need=kg, have=departure.payload_kg)
    if not fits and departure.door is not None:
        yield Why("too_large", departure_id=name, craft_id=craft)
    if not need.unknown:
        lacking = {
            "seats": need.people > 0 and departure.seats is None,
            "payload_kg": kg > 0 and departure.payload_kg is None,
            "door": not fits and departure.door is None,
        }
        for what, is_so in lacking.items():
            if is_so:
                yield Why("figure_unknown", departure_id=name, craft_id=craft, what=what)


def _eased(need: Need) -> Iterator[Need]:
    """Yield needs without one hindrance each."""
    for bit in (CANCELLED, CLOSED, CLOSED_THEN):
        yield need._replace(off=need.off & ~bit)
    yield need._replace(seasons=False)
    yield need._replace(people=0)
    yield need._replace(kg=0.0, person_kg=0.0)
    yield need._replace(fits=np.ones_like(need.fits))
    if not need.unknown:
        yield need._replace(unknown=True, fits=np.concatenate((need.fits[:-1], [np.True_])))


def _all_eased(need: Need) -> Need:
    off = need.off & ~(CANCELLED | CLOSED | CLOSED_THEN)
    return Need(0, 0.0, 0.0, np.ones_like(need.fits), unknown=True, off=off, seasons=False)


def _whys(compiled: Compiled, path: Found, need: Need) -> list[Why]:
    whys: list[Why] = []
    for step in path.steps:
        whys += _way_whys(compiled, step) if step.slot == NONE else _step_whys(compiled, step, need)
    return [each for number, each in enumerate(whys) if each not in whys[:number]]


def _step_whys(compiled: Compiled, step: Step, need: Need) -> Iterator[Why]:
    lines = compiled.lines
    departure = compiled.departure(step.slot)
    off = int(lines.off[step.slot])
    for number, at in ((step.from_, departure.departs_at), (step.to, departure.arrives_at)):
        place = compiled.network.places[number]
        if off & CLOSED and place.closed:
            yield Why("closed_place", place_id=place.place_id, departure_id=departure.departure_id)
        if off & CLOSED_THEN and place.open_windows is not None:
            opens = [w for w in place.open_windows if w.from_at <= at <= w.to_at]
            if not opens:
                after = min((w.from_at for w in place.open_windows if w.from_at > at), default=None)
                name = departure.departure_id
                yield Why("closed_at_that_time", place_id=place.place_id, departure_id=name, at=after)
    yield from departure_whys(departure, need, fits=bool(need.fits[lines.door[step.slot]]), off=off)


def _way_whys(compiled: Compiled, step: Step) -> Iterator[Why]:
    way = compiled.network.ways[step.way]
    windows = merged(way.open_windows)
    if any(begin_s <= step.begin_s and step.end_s <= end_s for begin_s, end_s in windows):
        return
    duration_s = step.end_s - step.begin_s
    opens = min((b for b, e in windows if b > step.begin_s and b + duration_s <= e), default=None)
    yield Why("out_of_season", way_id=way.way_id, at=None if opens is None else instant(opens))


def _cut_off(compiled: Compiled, start: int, target: int, party: Party) -> Iterator[Why]:
    """Yield which end of a movement the network does not hold, or that nothing leads there."""
    lines, out, into = compiled.lines, compiled.ways_out, compiled.ways_in
    outside = False
    for number, ends, ways in ((start, lines.from_, out), (target, lines.to, into)):
        if not (ends == number).any() and ways.start[number] == ways.start[number + 1]:
            outside = True
            yield Why("outside_network", place_id=compiled.place_id(number), party_id=party.party_id)
    if not outside:
        yield Why("no_connection", place_id=compiled.place_id(target), party_id=party.party_id)
