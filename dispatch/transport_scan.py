"""Answers for one party: soonest arrival, latest departure, with every leg and what is to be asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dispatch.transport_answers import Itinerary, Leg, Load, Refused, Why
from dispatch.transport_compile import instant, without
from dispatch.transport_faults import refused_movement
from dispatch.transport_find import asked_of, asks_of, backward, cost_rub, double_use, forward, kg_of
from dispatch.transport_reasons import reasons
from dispatch.transport_values import Ask
from dispatch.transport_way_kernels import NONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.transport_answers import Movement
    from dispatch.transport_compile import Compiled
    from dispatch.transport_find import Found, Step
    from dispatch.transport_values import Party

_MOST_SCANS = 64


def earliest_arrival(compiled: Compiled, movement: Movement) -> Itinerary | Refused:
    """Return how the one party of a movement arrives soonest, whole, or why it does not.

    Notes
    -----
    An aircraft or vehicle cannot be in two places: where the legs found would need that, one of the two is
    forbidden in turn and the better answer counts.
    """
    wrong = one_party(compiled, movement)
    if wrong is not None:
        return wrong
    scan = partial(forward, asked=asked_of(compiled, movement))
    found = with_single_use(compiled, scan, lambda each: each.end_s)
    return reasons(compiled, movement) if found is None else itinerary(compiled, movement.parties[0], found)


def latest_departure(compiled: Compiled, movement: Movement) -> Itinerary | Refused:
    """Return how the one party of a movement leaves latest and still arrives by ``by_at``, which it needs.

    ``ready_at`` of the answer is when it has to be ready at the latest.
    """
    wrong = one_party(compiled, movement)
    if wrong is not None:
        return wrong
    if movement.by_at is None:
        return Refused((Why("figure_invalid", what="by_at"),))
    scan = partial(backward, asked=asked_of(compiled, movement))
    found = with_single_use(compiled, scan, lambda each: -each.ready_s)
    if found is None:
        return reasons(compiled, movement)
    return replace(itinerary(compiled, movement.parties[0], found), names=("latest_leaving",))


def one_party(compiled: Compiled, movement: Movement) -> Refused | None:
    """Return the refusal of a question that cannot be meant or is about several parties, or None."""
    wrong = refused_movement(movement, compiled.place_of)
    if wrong is None and len(movement.parties) > 1:
        return Refused((Why("figure_invalid", what="parties", need=1, have=len(movement.parties)),))
    return wrong


def itinerary(compiled: Compiled, party: Party, found: Found) -> Itinerary:
    """Return the steps of a whole party as people read them."""
    return itinerary_of(compiled, whole_load(party), kg_of(party.cargo_kg, party.pieces), found)


def whole_load(party: Party) -> Load:
    """Return all of a party as one load."""
    pieces = tuple(sorted((piece.piece_id, piece.count) for piece in party.pieces))
    return Load(party.party_id, party.people, party.cargo_kg, pieces)


def itinerary_of(compiled: Compiled, load: Load, kg: float, found: Found) -> Itinerary:
    """Return the steps of a load, which weighs ``kg`` without its people, as people read them."""
    legs, asks = [], []
    for step in found.steps:
        leg, lacking = _leg(compiled, step, load, kg)
        legs.append(leg)
        asks += [each for each in lacking if each not in asks]
    confidence = 1.0
    for leg in legs:
        confidence *= 1.0 if leg.confidence is None else leg.confidence
    return Itinerary(
        load,
        tuple(legs),
        instant(found.ready_s),
        instant(found.end_s),
        sum(leg.cost_rub or 0.0 for leg in legs),
        confidence,
        tuple(asks),
    )


def _leg(compiled: Compiled, step: Step, load: Load, kg: float) -> tuple[Leg, list[Ask]]:
    from_id, to_id = compiled.place_id(step.from_), compiled.place_id(step.to)
    begin_at, end_at = instant(step.begin_s), instant(step.end_s)
    if step.slot == NONE:
        way = compiled.network.ways[step.way]
        cost = cost_rub(way.cost, load.people, kg)
        asks = [Ask("cost", "way", way.way_id)] if cost is None else []
        asks += [Ask("confidence", "way", way.way_id)] if way.confidence is None else []
        leg = Leg("way", way.way_id, "", way.mode, from_id, to_id, begin_at, end_at, cost, way.confidence)
        return leg, asks
    departure = compiled.departure(step.slot)
    leg = Leg(
        "departure",
        departure.departure_id,
        departure.service_id,
        departure.mode,
        from_id,
        to_id,
        begin_at,
        end_at,
        cost_rub(departure.cost, load.people, kg),
        departure.confidence,
        step.aboard,
    )
    return leg, asks_of(departure, load.people, kg, pieces=bool(load.pieces))


def with_single_use(
    compiled: Compiled, scan: Callable[[Compiled], Found | None], badness: Callable[[Found], float]
) -> Found | None:
    """Return the best that uses no vehicle or aircraft twice at a time."""
    open_: list[frozenset[int]] = [frozenset()]
    best: Found | None = None
    for _ in range(_MOST_SCANS):
        if not open_:
            break
        banned = open_.pop()
        found = scan(without(compiled, banned) if banned else compiled)
        if found is None or (best is not None and badness(found) >= badness(best)):
            continue
        double = double_use(compiled, found)
        if double is None:
            best = found
        else:
            open_ += [banned | {slot} for slot in double]
    return best
