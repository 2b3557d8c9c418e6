"""Departures of vehicles along ways of their class: a car from the airport, a boat, a tracked vehicle."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from dispatch.transport_answers import Refused, Why
from dispatch.transport_compile import instant, merged, seconds_up
from dispatch.transport_craft import departure_id
from dispatch.transport_values import Ask, Departure, Use

if TYPE_CHECKING:
    from dispatch.transport_craft import Trip
    from dispatch.transport_values import Mode, Network, Vehicle, Way

_MOST_RUNS: Final = 12  # as many as a day holds


def runs(network: Network, vehicle: Vehicle, trip: Trip) -> tuple[Departure, ...] | Refused:
    """Return when a vehicle can run a trip: it comes from where it stands, and goes back there.

    It leaves when people can, and again as often as its driver's duty allows. A way out of season is waited
    for as if it were a gate.
    """
    name = vehicle.craft_id
    if vehicle.ready_at is None:
        return Refused((Why("figure_unknown", craft_id=name, what="ready_at"),))
    if not (math.isfinite(vehicle.pace) and vehicle.pace > 0):
        return Refused((Why("figure_invalid", craft_id=name, what="pace"),))
    road = _Road(network, vehicle)
    ready_s = seconds_up(vehicle.ready_at)
    come_s = road.end_s(vehicle.place_id, trip.from_id, ready_s)
    if come_s is None:
        return Refused((road.why(vehicle.place_id, trip.from_id),))
    coming_s = come_s - ready_s
    free_s = come_s + (vehicle.loading_s if coming_s else 0)
    asks = () if vehicle.duty_s is not None else (Ask("duty_s", "craft", name),)
    made: list[Departure] = []
    wished_s = sorted({max(free_s, seconds_up(each)) for each in trip.moments})
    late: Why | None = None
    first_s: int | None = None
    seen: set[int] = set()
    while wished_s and len(seen) < _MOST_RUNS + len(trip.moments):
        begin_s = wished_s.pop(0)
        end_s = road.end_s(trip.from_id, trip.to_id, begin_s)
        back_s = None if end_s is None else road.end_s(trip.to_id, trip.from_id, end_s + vehicle.loading_s)
        if begin_s in seen:
            continue
        seen.add(begin_s)
        if end_s is None or back_s is None:
            late = late or road.why(trip.from_id, trip.to_id)
            continue
        busy_s = begin_s - coming_s - (vehicle.loading_s if coming_s else 0)
        home_s = back_s + coming_s
        duty_s = home_s - (busy_s if first_s is None else first_s)
        if vehicle.duty_s is not None and duty_s > vehicle.duty_s:
            late = late or Why("no_crew_time", craft_id=name, need=duty_s, have=vehicle.duty_s)
            continue
        if trip.by_at is not None and instant(end_s) > trip.by_at:
            late = late or Why("not_ready_in_time", craft_id=name, at=instant(end_s))
            continue
        first_s = busy_s if first_s is None else first_s
        # Between two runs it turns about where it loads; it need not go home.
        use = Use(name, instant(begin_s - vehicle.loading_s), instant(back_s))
        made.append(_departure(vehicle, trip, (begin_s, end_s), use, road.mode, asks))
        wished_s = sorted({*wished_s, back_s + vehicle.loading_s})
    if made:
        return tuple(made)
    return Refused((late or road.why(trip.from_id, trip.to_id),))


def _departure(  # noqa: PLR0917 - one line of its timetable
    vehicle: Vehicle, trip: Trip, times_s: tuple[int, int], use: Use, mode: Mode, asks: tuple[Ask, ...]
) -> Departure:
    begin_at = instant(times_s[0])
    return Departure(
        departure_id(vehicle.craft_id, trip, begin_at),
        vehicle.craft_id,
        mode,
        trip.from_id,
        trip.to_id,
        begin_at,
        instant(times_s[1]),
        vehicle.seats,
        vehicle.payload_kg,
        vehicle.door,
        people_weigh=True,
        cost=vehicle.cost,
        confidence=vehicle.confidence,
        use=use,
        asks=asks,
    )


class _Road:
    """The ways that a vehicle can go."""

    def __init__(self, network: Network, vehicle: Vehicle) -> None:
        self._ways: dict[str, list[Way]] = defaultdict(list)
        self._craft_id, self._pace = vehicle.craft_id, vehicle.pace
        self.mode: Mode = "road"
        for way in network.ways:
            if way.vehicle_class == vehicle.vehicle_class:
                self._ways[way.from_id].append(way)
                self.mode = way.mode

    def end_s(self, from_id: str, to_id: str, begin_s: int, *, seasons: bool = True) -> int | None:
        """Return when it is there at the soonest, None if the ways do not lead there or do not open."""
        queue, done = [(begin_s, from_id)], set()
        while queue:
            at_s, here = heapq.heappop(queue)
            if here == to_id:
                return at_s
            if here in done:
                continue
            done.add(here)
            for way in self._ways[here]:
                lasts_s = math.ceil(way.duration_s * self._pace)
                windows = merged(way.open_windows if seasons else None)
                ends = [
                    max(at_s, opens) + lasts_s
                    for opens, closes in windows
                    if max(at_s, opens) + lasts_s <= closes
                ]
                if ends:
                    heapq.heappush(queue, (min(ends), way.to_id))
        return None

    def why(self, from_id: str, to_id: str) -> Why:
        """Return whether the season or the ways themselves are lacking; there or back."""
        for begin, end in ((from_id, to_id), (to_id, from_id)):
            if self.end_s(begin, end, 0, seasons=False) is None:
                return Why("no_way_for_vehicle", place_id=end, craft_id=self._craft_id)
        return Why("out_of_season", place_id=to_id, craft_id=self._craft_id)
