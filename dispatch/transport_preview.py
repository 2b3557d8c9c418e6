"""A first plan for several parties at once: one load after the other takes what the former have left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.transport_answers import LeftBehind, Movement, MovementPlan, Refused, Why
from dispatch.transport_compile import BANNED
from dispatch.transport_faults import refused_movement
from dispatch.transport_find import asked_of, forward, kg_of, overlap
from dispatch.transport_scan import earliest_arrival, itinerary, whole_load, with_single_use
from dispatch.transport_way_kernels import NONE

if TYPE_CHECKING:
    from dispatch.transport_answers import Itinerary, Load
    from dispatch.transport_compile import Compiled
    from dispatch.transport_find import Found
    from dispatch.transport_values import Party, Piece

_MOST_LOADS: Final = 400
_LEAST_KG: Final = 1e-3


def preview(compiled: Compiled, movement: Movement) -> MovementPlan | Refused:
    """Return a plan at once: whole parties where they fit, else as many as fit, again and again.

    Parties with people first, and those ready first. The exact plan may move more and be sooner.
    """
    wrong = refused_movement(movement, compiled.place_of)
    if wrong is not None:
        return wrong
    lines = compiled.lines
    lines = lines._replace(seats=lines.seats.copy(), payload_kg=lines.payload_kg.copy(), off=lines.off.copy())
    left = replace(compiled, lines=lines)
    going: list[Itinerary] = []
    behind: list[LeftBehind] = []
    for party in sorted(movement.parties, key=lambda each: (each.people == 0, each.ready_at, each.party_id)):
        rest = party
        for _ in range(_MOST_LOADS):
            sent = _next(left, replace(movement, parties=(rest,)))
            if sent is None:
                break
            part, found = sent
            _take(left, movement, part, found)
            going.append(itinerary(left, part, found))
            rest = _less(rest, part)
            if _empty(rest):
                break
        if not _empty(rest):
            load = whole_load(rest)
            behind.append(LeftBehind(load, why_left(compiled, movement, load)))
    return MovementPlan(tuple(sorted(going, key=lambda each: each.arrives_at)), tuple(behind), "preview")


def why_left(compiled: Compiled, movement: Movement, load: Load) -> tuple[Why, ...]:
    """Return why a load stays: taken by others of the movement if it could go alone, else what hinders it."""
    party = next(each for each in movement.parties if each.party_id == load.party_id)
    counts = dict(load.pieces)
    pieces = tuple(
        replace(piece, count=counts[piece.piece_id]) for piece in party.pieces if piece.piece_id in counts
    )
    alone = replace(party, people=load.people, cargo_kg=load.cargo_kg, pieces=pieces)
    found = earliest_arrival(compiled, replace(movement, parties=(alone,)))
    if isinstance(found, Refused):
        return found.whys
    return (Why("taken_elsewhere", party_id=party.party_id),)


def _next(left: Compiled, movement: Movement) -> tuple[Party, Found] | None:
    """Return the next load of a party and its way: all that is left, or what fits on the soonest way."""
    party = movement.parties[0]
    found = _scan(left, movement)
    if found is not None:
        return party, found
    for least in _leasts(party):
        found = _scan(left, replace(movement, parties=(least,)))
        if found is not None:
            return _filled(left, movement, least, found), found
    return None


def _leasts(party: Party) -> list[Party]:
    """Return the smallest loads of a party: one person, one piece of each kind, a little cargo."""
    none = replace(party, people=0, cargo_kg=0.0, pieces=())
    found = [replace(none, people=1)] if party.people else []
    found += [replace(none, pieces=(replace(piece, count=1),)) for piece in party.pieces]
    return [*found, replace(none, cargo_kg=min(party.cargo_kg, 1.0))] if party.cargo_kg > _LEAST_KG else found


def _filled(left: Compiled, movement: Movement, least: Party, found: Found) -> Party:
    """Return as much of the party's people, piece or cargo as the way still takes."""
    party = movement.parties[0]
    seats, kg, weighs = _bottleneck(left, found)
    if least.people:
        by_kg = int((kg + 1e-9) // movement.person_kg) if weighs and movement.person_kg > 0 else party.people
        return replace(least, people=max(1, min(party.people, seats, by_kg)))
    if least.pieces:
        piece = least.pieces[0]
        most = next(each.count for each in party.pieces if each.piece_id == piece.piece_id)
        fit = int((kg + 1e-9) // piece.kg) if piece.kg > 0 and np.isfinite(kg) else most
        return replace(least, pieces=(replace(piece, count=max(1, min(most, fit))),))
    return replace(least, cargo_kg=min(party.cargo_kg, kg))


def _bottleneck(left: Compiled, found: Found) -> tuple[int, float, bool]:
    seats, kg, weighs = 1 << 30, float("inf"), False
    for step in found.steps:
        if step.slot == NONE:
            continue
        lines = left.lines
        if lines.seats[step.slot] >= 0:
            seats = min(seats, int(lines.seats[step.slot]))
        if lines.payload_kg[step.slot] >= 0:
            kg = min(kg, float(lines.payload_kg[step.slot]))
            weighs = weighs or bool(lines.people_weigh[step.slot])
    return seats, kg, weighs


def _scan(left: Compiled, movement: Movement) -> Found | None:
    asked = asked_of(left, movement)
    return with_single_use(left, lambda each: forward(each, asked), lambda each: each.end_s)


def _take(left: Compiled, movement: Movement, part: Party, found: Found) -> None:
    """Take the load's seats and payload, and the aircraft's time, from what is left; in place."""
    lines = left.lines
    kg = kg_of(part.cargo_kg, part.pieces)
    for step in found.steps:
        if step.slot == NONE:
            continue
        if lines.seats[step.slot] >= 0:
            lines.seats[step.slot] -= part.people
        if lines.payload_kg[step.slot] >= 0:
            own = part.people * movement.person_kg if lines.people_weigh[step.slot] else 0.0
            lines.payload_kg[step.slot] = max(0.0, lines.payload_kg[step.slot] - kg - own)
        departure = left.departure(step.slot)
        if departure.use is not None:
            for slot in left.on_demand:
                if slot != step.slot and overlap(departure, left.departure(slot)):
                    lines.off[slot] |= BANNED


def _less(party: Party, part: Party) -> Party:
    gone = {piece.piece_id: piece.count for piece in part.pieces}
    pieces: tuple[Piece, ...] = tuple(
        replace(piece, count=piece.count - gone.get(piece.piece_id, 0))
        for piece in party.pieces
        if piece.count > gone.get(piece.piece_id, 0)
    )
    cargo_kg = max(0.0, party.cargo_kg - part.cargo_kg)
    return replace(party, people=party.people - part.people, cargo_kg=cargo_kg, pieces=pieces)


def _empty(party: Party) -> bool:
    return not (party.people or party.pieces or party.cargo_kg > 0)
