"""Soonest arrival by a plain search over departures and ways: the twin of the scan."""

from __future__ import annotations

import heapq
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.transport_compile import merged, passes, seconds, seconds_up

if TYPE_CHECKING:
    from dispatch.transport_answers import Movement
    from dispatch.transport_values import Departure, Network, Place, Way


def soonest_plain(  # noqa: C901 - one search, read from top to bottom
    network: Network, movement: Movement
) -> dict[str, int]:
    """Return when the one party of a movement can be at each place it reaches, seconds since 1970.

    Notes
    -----
    Dijkstra over two kinds of states: being at a place, and sitting in a departure that has arrived.
    """
    party = movement.parties[0]
    places = {place.place_id: place for place in network.places}
    leaving, onward = defaultdict(list), {}
    for departure in network.departures:
        if _has_room(departure, movement, places):
            leaving[departure.from_id].append(departure)
    for run in _runs(network).values():
        onward.update({former.departure_id: part for former, part in pairwise(run)})
    ways = defaultdict(list)
    for way in network.ways:
        if way.vehicle_class is None:
            ways[way.from_id].append(way)
    there: dict[str, int] = {}
    boarded: set[str] = set()
    queue = [(seconds_up(party.ready_at), 0, party.place_id, "")]
    while queue:
        at_s, _, place_id, aboard = heapq.heappop(queue)
        part = onward.get(aboard)
        go = [part] if part is not None and _has_room(part, movement, places) else []
        if place_id not in there:
            there[place_id] = at_s
            free_s = at_s + places[place_id].transfer_s
            go += [each for each in leaving[place_id] if seconds(each.departs_at) >= free_s]
            for way in ways[place_id]:
                end_s = _way_end(way, at_s)
                if end_s is not None:
                    heapq.heappush(queue, (end_s, len(queue), way.to_id, ""))
        for each in go:
            if each.departure_id not in boarded:
                boarded.add(each.departure_id)
                arrives_s = seconds_up(each.arrives_at)
                heapq.heappush(queue, (arrives_s, len(queue), each.to_id, each.departure_id))
    by_s = None if movement.by_at is None else seconds(movement.by_at)
    return {place: at_s for place, at_s in there.items() if by_s is None or at_s <= by_s}


def _runs(network: Network) -> dict[str, list[Departure]]:
    runs: dict[str, list[Departure]] = defaultdict(list)
    for departure in sorted(network.departures, key=lambda each: each.departs_at):
        if departure.run_id is not None:
            runs[departure.run_id].append(departure)
    return runs


def _has_room(departure: Departure, movement: Movement, places: dict[str, Place]) -> bool:
    party = movement.parties[0]
    ask = movement.unknown == "ask"
    kg = party.cargo_kg + sum(piece.kg * piece.count for piece in party.pieces)
    kg += movement.person_kg * party.people if departure.people_weigh else 0.0
    for what, need in ((departure.seats, party.people), (departure.payload_kg, kg)):
        if need > 0 and (not ask if what is None else what < need):
            return False
    if departure.door is None:
        fits = ask or not party.pieces
    else:
        fits = all(passes(departure.door, piece) for piece in party.pieces)
    for place_id, at in ((departure.from_id, departure.departs_at), (departure.to_id, departure.arrives_at)):
        place = places[place_id]
        windows = place.open_windows
        fits = fits and not place.closed
        fits = fits and (windows is None or any(each.from_at <= at <= each.to_at for each in windows))
    return fits


def _way_end(way: Way, at_s: int) -> int | None:
    ends = [
        max(at_s, begin_s) + round(way.duration_s)
        for begin_s, end_s in merged(way.open_windows)
        if max(at_s, begin_s) + round(way.duration_s) <= end_s
    ]
    return min(ends, default=None)
