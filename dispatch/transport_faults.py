"""What is wrong with a network or with a question before anything is worked out: each fault is named."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.transport_answers import Movement, Reason, Refused, Why

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from datetime import datetime

    from dispatch.transport_values import Departure, Network, Party, Place, Way, Window


def network_faults(network: Network) -> tuple[Why, ...]:
    """Return everything that makes a network unusable; empty for one that can be compiled."""
    known = {place.place_id for place in network.places}
    faults = [Why("listed_twice", place_id=each) for each in _twice(p.place_id for p in network.places)]
    faults += [
        Why("listed_twice", departure_id=each) for each in _twice(d.departure_id for d in network.departures)
    ]
    faults += [Why("listed_twice", way_id=each) for each in _twice(way.way_id for way in network.ways)]
    for place in network.places:
        faults += _place_faults(place)
    for departure in network.departures:
        faults += departure_faults(departure, known)
    for way in network.ways:
        faults += _way_faults(way, known)
    return tuple(faults) or tuple(_run_faults(network.departures))


def movement_faults(movement: Movement, known: Container[str]) -> tuple[Why, ...]:
    """Return everything that makes a question meaningless, whatever the network holds."""
    faults = [Why("listed_twice", party_id=each) for each in _twice(p.party_id for p in movement.parties)]
    if not movement.parties:
        faults.append(Why("no_parties"))
    if movement.to_id not in known:
        faults.append(Why("unknown_place", place_id=movement.to_id))
    if movement.by_at is not None and movement.by_at.tzinfo is None:
        faults.append(Why("time_without_zone", what="by_at", at=movement.by_at))
    if not _amount(movement.person_kg):
        faults.append(Why("figure_invalid", what="person_kg"))
    for party in movement.parties:
        faults += _party_faults(party, known)
    return tuple(faults)


def refused_movement(movement: Movement, known: Container[str]) -> Refused | None:
    """Return the refusal of a question that cannot be meant, or None."""
    faults = movement_faults(movement, known)
    return Refused(faults) if faults else None


def departure_faults(departure: Departure, known: Container[str]) -> Iterator[Why]:
    """Yield what is wrong with one departure."""
    name = departure.departure_id
    for place_id in (departure.from_id, departure.to_id):
        if place_id not in known:
            yield Why("unknown_place", departure_id=name, place_id=place_id)
    zoneless = [at for at in (departure.departs_at, departure.arrives_at) if at.tzinfo is None]
    if zoneless:
        yield Why("time_without_zone", departure_id=name, at=zoneless[0])
    elif departure.arrives_at <= departure.departs_at:
        yield Why("timetable_backward", departure_id=name, at=departure.departs_at)
    if departure.from_id == departure.to_id:
        yield Why("timetable_cyclic", departure_id=name, place_id=departure.from_id)
    for what in _wrong_figures(departure):
        yield Why("figure_invalid", departure_id=name, what=what)
    use = departure.use
    if use is not None and not use.busy_from <= departure.departs_at < departure.arrives_at <= use.busy_to:
        yield Why("timetable_backward", departure_id=name, craft_id=use.craft_id, what="use")


def _wrong_figures(departure: Departure) -> Iterator[str]:
    for what, value in (("seats", departure.seats), ("payload_kg", departure.payload_kg)):
        if value is not None and not _amount(value):
            yield what
    if departure.confidence is not None and not 0.0 <= departure.confidence <= 1.0:
        yield "confidence"
    door = departure.door
    if door is not None and not all(map(_amount, (door.width_m, door.height_m, door.length_m))):
        yield "door"


def _place_faults(place: Place) -> Iterator[Why]:
    for what, value, most in (("lon_deg", place.lon_deg, 180.0), ("lat_deg", place.lat_deg, 90.0)):
        if not abs(value) <= most:
            yield Why("figure_invalid", place_id=place.place_id, what=what)
    if not _amount(place.transfer_s):
        yield Why("figure_invalid", place_id=place.place_id, what="transfer_s")
    for runway in place.runways or ():
        if runway.length_m is not None and not _amount(runway.length_m):
            yield Why("figure_invalid", place_id=place.place_id, what="runway_length_m")
    for reason, at in _window_faults(place.open_windows):
        yield Why(reason, place_id=place.place_id, at=at)


def _way_faults(way: Way, known: Container[str]) -> Iterator[Why]:
    for place_id in (way.from_id, way.to_id):
        if place_id not in known:
            yield Why("unknown_place", way_id=way.way_id, place_id=place_id)
    # A way of no length would let one go in circles without time passing.
    if not (_amount(way.duration_s) and way.duration_s > 0):
        yield Why("figure_invalid", way_id=way.way_id, what="duration_s")
    if way.confidence is not None and not 0.0 <= way.confidence <= 1.0:
        yield Why("figure_invalid", way_id=way.way_id, what="confidence")
    for reason, at in _window_faults(way.open_windows):
        yield Why(reason, way_id=way.way_id, at=at)


def _window_faults(windows: Sequence[Window] | None) -> Iterator[tuple[Reason, datetime]]:
    for window in windows or ():
        if window.from_at.tzinfo is None or window.to_at.tzinfo is None:
            yield "time_without_zone", window.from_at
        elif window.to_at < window.from_at:
            yield "window_backward", window.from_at


def _party_faults(party: Party, known: Container[str]) -> Iterator[Why]:
    name = party.party_id
    if party.place_id not in known:
        yield Why("unknown_place", party_id=name, place_id=party.place_id)
    if party.ready_at.tzinfo is None:
        yield Why("time_without_zone", party_id=name, at=party.ready_at)
    if not (_amount(party.people) and int(party.people) == party.people):
        yield Why("figure_invalid", party_id=name, what="people")
    if not _amount(party.cargo_kg):
        yield Why("figure_invalid", party_id=name, what="cargo_kg")
    for piece in party.pieces:
        sides = (piece.kg, piece.length_m, piece.width_m, piece.height_m, piece.count)
        if not all(_amount(each) for each in sides) or piece.count < 1:
            yield Why("figure_invalid", party_id=name, what=f"pieces:{piece.piece_id}")
    for twice in _twice(piece.piece_id for piece in party.pieces):
        yield Why("listed_twice", party_id=name, what=f"pieces:{twice}")
    if party.people == 0 and party.cargo_kg == 0 and not party.pieces:
        yield Why("nothing_to_move", party_id=name)


def _run_faults(departures: Sequence[Departure]) -> Iterator[Why]:
    """Yield runs that go on before they end, or from elsewhere: no order of their parts is a journey."""
    runs: dict[str, list[Departure]] = defaultdict(list)
    for departure in departures:
        if departure.run_id is not None:
            runs[departure.run_id].append(departure)
    for parts in runs.values():
        parts.sort(key=lambda part: part.departs_at)
        for former, part in pairwise(parts):
            if former.arrives_at > part.departs_at or former.to_id != part.from_id:
                yield Why("timetable_cyclic", departure_id=part.departure_id, what=part.run_id)


def _twice(ids: Iterator[str] | map[str]) -> list[str]:
    return sorted(each for each, count in Counter(ids).items() if count > 1)


def _amount(value: float) -> bool:
    return math.isfinite(value) and value >= 0
