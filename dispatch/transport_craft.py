"""Departures of aircraft and vehicles that go when asked: readiness, crew, light, runway, payload over range.

What comes out are ordinary departures, each with the time for which it takes its aircraft or vehicle, so that
timetables and these are planned together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from dispatch.transport_answers import Refused, Why
from dispatch.transport_compile import instant, merged, seconds_up
from dispatch.transport_values import Ask, Departure, Use

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dispatch.transport_values import Aircraft, Network, PayloadRange, Place, Window

EARTH_M: Final = 6_371_008.8
_MOST_PUSHES: Final = 200


@dataclass(frozen=True, slots=True)
class Trip:
    """What is wished of an aircraft or a vehicle.

    Attributes
    ----------
    moments
        When those to be carried can leave ``from_id``, see ``dispatch.transport_moments``; not empty. The
        crew's duty begins with the first of them that it can keep.
    by_at
        When it must have arrived; None: any time.
    """

    from_id: str
    to_id: str
    moments: tuple[datetime, ...]
    by_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sky:
    """What flying needs to know of places.

    Attributes
    ----------
    daylight
        From sunrise to sunset, by place; a place that is missing is asked for.
    fuel
        Places with fuel for the aircraft; at its base there is always some.
    """

    daylight: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)
    fuel: frozenset[str] = frozenset()


def distance_m(one: Place, other: Place) -> float:
    """Return the way through the air on a sphere, metres; longitude 180 is no border.

    Examples
    --------
    >>> from dispatch.transport_values import Place
    >>> east = Place("a", "airport", 179.5, 65.0)
    >>> west = Place("b", "airport", -179.5, 65.0)
    >>> round(distance_m(east, west) / 1000)
    47
    """
    lat1, lat2 = math.radians(one.lat_deg), math.radians(other.lat_deg)
    across = math.radians(other.lon_deg - one.lon_deg) / 2.0
    chord = math.sin((lat2 - lat1) / 2.0) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(across) ** 2
    return 2.0 * EARTH_M * math.asin(min(1.0, math.sqrt(chord)))


def payload_over(line: Sequence[PayloadRange], range_m: float) -> float | None:
    """Return how many kilograms fly so far without landing, None for none at all.

    Examples
    --------
    >>> from dispatch.transport_values import PayloadRange
    >>> line = (PayloadRange(4.0e6, 40_000.0), PayloadRange(9.7e6, 0.0))
    >>> payload_over(line, 1.0e6), payload_over(line, 6.85e6), payload_over(line, 9.8e6)
    (40000.0, 20000.0, None)
    """
    corners = sorted(line, key=lambda corner: corner.range_m)
    if not corners or range_m > corners[-1].range_m:
        return None
    before = corners[0]
    if range_m <= before.range_m:
        return before.payload_kg
    for corner in corners[1:]:
        if range_m <= corner.range_m:
            part = (range_m - before.range_m) / (corner.range_m - before.range_m)
            return before.payload_kg + part * (corner.payload_kg - before.payload_kg)
        before = corner
    return None


def flights(network: Network, aircraft: Aircraft, trip: Trip, sky: Sky) -> tuple[Departure, ...] | Refused:
    """Return when an aircraft can fly a trip: it comes empty from its base, and flies back empty.

    Notes
    -----
    Everything from leaving the base until being back there keeps crew duty and, if it flies by day only (or
    nobody knows whether), light at each landing and take-off. Where there is no fuel, it must be carried: the
    payload is that of the whole way between two places with fuel. Reserves are part of the figures of range.
    """
    places = {place.place_id: place for place in network.places}
    missing = [each for each in (trip.from_id, trip.to_id, aircraft.place_id) if each not in places]
    if missing:
        return Refused((Why("unknown_place", place_id=missing[0], craft_id=aircraft.craft_id),))
    whys = [
        Why("figure_unknown", craft_id=aircraft.craft_id, what=what)
        for what in ("ready_at", "cruise_mps")
        if not getattr(aircraft, what)
    ]
    whys += [
        Why("closed_place", place_id=each, craft_id=aircraft.craft_id)
        for each in dict.fromkeys((trip.from_id, trip.to_id))
        if places[each].closed
    ]
    asks: list[Ask] = []
    for each in dict.fromkeys((trip.from_id, trip.to_id)):
        found = None if each == aircraft.place_id else _runway(aircraft, places[each])
        if isinstance(found, Why):
            whys.append(found)
        elif found is not None:
            asks += found
    payload = _payload(aircraft, trip, places, sky, asks)
    if isinstance(payload, Why):
        whys.append(payload)
    if whys:
        return Refused(tuple(whys))
    assert not isinstance(payload, Why)
    return _Sortie(aircraft, trip, places, sky, asks).departures(payload)


def _runway(aircraft: Aircraft, place: Place) -> Why | list[Ask]:
    """Return why an aircraft cannot land at a place, or what has to be asked before it does."""
    name, where = aircraft.craft_id, place.place_id
    if aircraft.vertical:
        return []
    if place.runways is None:
        return [Ask("runway_length_m", "place", where)]
    open_ = [runway for runway in place.runways if not runway.closed]
    if not open_:
        return Why("no_runway", place_id=where, craft_id=name)
    surfaces = aircraft.surfaces
    fit = [each for each in open_ if surfaces is None or each.surface is None or each.surface in surfaces]
    if not fit:
        return Why("wrong_surface", place_id=where, craft_id=name, what=open_[0].surface)
    need_m = aircraft.runway_m
    longest_m = max((each.length_m for each in fit if each.length_m is not None), default=None)
    unknown = any(each.length_m is None for each in fit)
    asks = [Ask("surfaces", "craft", name)] if surfaces is None else []
    if surfaces is not None and all(each.surface is None for each in fit):
        asks.append(Ask("surface", "place", where))
    if need_m is None:
        asks.append(Ask("runway_m", "craft", name))
    elif longest_m is None or longest_m < need_m:
        if not unknown:
            return Why("runway_too_short", place_id=where, craft_id=name, need=need_m, have=longest_m)
        asks.append(Ask("runway_length_m", "place", where))
    return asks


def _payload(
    aircraft: Aircraft, trip: Trip, places: Mapping[str, Place], sky: Sky, asks: list[Ask]
) -> float | Why | None:
    """Return the kilograms that fly the trip, None where nobody knows."""
    line = aircraft.payload_range
    if line is None:
        asks.append(Ask("payload_range", "craft", aircraft.craft_id))
        return None
    stops = [aircraft.place_id, trip.from_id, trip.to_id, aircraft.place_id]
    least, way_m, loaded = math.inf, 0.0, False
    for number in range(3):
        way_m += distance_m(places[stops[number]], places[stops[number + 1]])
        loaded = loaded or number == 1
        if stops[number + 1] not in sky.fuel and stops[number + 1] != aircraft.place_id:
            continue
        kg = payload_over(line, way_m)
        if kg is None or (loaded and kg <= 0):
            farthest_m = max((corner.range_m for corner in line), default=0.0)
            return Why(
                "too_far_for_payload",
                craft_id=aircraft.craft_id,
                place_id=trip.to_id,
                need=way_m,
                have=farthest_m,
            )
        least = min(least, kg) if loaded else least
        way_m, loaded = 0.0, False
    return least


class _Sortie:
    """A trip with its empty flights, in seconds from the loaded take-off."""

    def __init__(
        self, aircraft: Aircraft, trip: Trip, places: Mapping[str, Place], sky: Sky, asks: list[Ask]
    ) -> None:
        self._aircraft, self._trip, self._sky, self._asks = aircraft, trip, sky, asks
        base, from_, to = (places[each] for each in (aircraft.place_id, trip.from_id, trip.to_id))
        ground_s = aircraft.ground_s
        self._before_s = 0 if base == from_ else self._air_s(base, from_) + ground_s
        self._flown_s = self._air_s(from_, to)
        self._after_s = self._flown_s + ground_s + (0 if to == base else self._air_s(to, base))
        self._stops = [(0, from_), (self._flown_s, to)]
        if base != from_:
            self._stops += [(-self._before_s, base), (-ground_s, from_)]
        if base != to:
            self._stops += [(self._flown_s + ground_s, to), (self._after_s, base)]

    def departures(self, payload_kg: float | None) -> tuple[Departure, ...] | Refused:
        """Return the departures that keep crew, light and opening hours, or why there is none."""
        aircraft, name = self._aircraft, self._aircraft.craft_id
        assert aircraft.ready_at is not None
        whole_s = self._before_s + self._after_s
        if aircraft.duty_s is None:
            self._asks.append(Ask("duty_s", "craft", name))
        elif whole_s > aircraft.duty_s:
            return Refused((Why("no_crew_time", craft_id=name, need=whole_s, have=aircraft.duty_s),))
        open_ = [(offset_s, merged(place.open_windows)) for offset_s, place in self._stops[:2]]
        ready_s = seconds_up(aircraft.ready_at) + self._before_s
        wished_s = sorted({max(ready_s, seconds_up(each)) for each in self._trip.moments})
        begins_s = _kept(wished_s, whole_s + aircraft.ground_s, open_ + self._light())
        if not begins_s:
            dark = bool(_kept(wished_s, 0, open_))
            return Refused((Why("no_daylight" if dark else "closed_at_that_time", craft_id=name),))
        end_s = math.inf if aircraft.duty_s is None else begins_s[0] - self._before_s + aircraft.duty_s
        made = [self._departure(at_s, payload_kg) for at_s in begins_s if at_s + self._after_s <= end_s]
        by_at = self._trip.by_at
        in_time = tuple(each for each in made if by_at is None or each.arrives_at <= by_at)
        if in_time:
            return in_time
        return Refused((Why("not_ready_in_time", craft_id=name, at=made[0].arrives_at),))

    def _air_s(self, one: Place, other: Place) -> int:
        assert self._aircraft.cruise_mps is not None
        return math.ceil(distance_m(one, other) / self._aircraft.cruise_mps) + self._aircraft.taxi_s

    def _light(self) -> list[tuple[int, list[tuple[int, int]]]]:
        """Return when there is light at each stop, where light is needed; what is not known is asked for."""
        if self._aircraft.daylight_only is None:
            self._asks.append(Ask("daylight_only", "craft", self._aircraft.craft_id))
        if self._aircraft.daylight_only is False:
            return []
        known = self._sky.daylight
        names = dict.fromkeys(place.place_id for _, place in self._stops)
        self._asks += [Ask("daylight", "place", each) for each in names if each not in known]
        return [(at_s, merged(known[p.place_id])) for at_s, p in self._stops if p.place_id in known]

    def _departure(self, begin_s: int, payload_kg: float | None) -> Departure:
        aircraft, trip, begin_at = self._aircraft, self._trip, instant(begin_s)
        back_at = instant(begin_s + self._after_s) + timedelta(seconds=aircraft.ground_s)
        return Departure(
            departure_id(aircraft.craft_id, trip, begin_at),
            aircraft.type_name,
            "helicopter" if aircraft.vertical else "flight",
            trip.from_id,
            trip.to_id,
            begin_at,
            instant(begin_s + self._flown_s),
            aircraft.seats,
            payload_kg,
            aircraft.door,
            people_weigh=True,
            cost=aircraft.cost,
            confidence=aircraft.confidence,
            use=Use(aircraft.craft_id, instant(begin_s - self._before_s), back_at),
            asks=tuple(self._asks),
        )


def departure_id(craft_id: str, trip: Trip, begin_at: datetime) -> str:
    """Return the id of a departure that was worked out: the same for the same trip at the same time."""
    return f"{craft_id}:{trip.from_id}>{trip.to_id}@{begin_at:%Y%m%dT%H%M%SZ}"


def _kept(
    wished_s: Sequence[int], cycle_s: int, stops: Sequence[tuple[int, Sequence[tuple[int, int]]]]
) -> list[int]:
    """Return when it can begin: at each wish, or as soon after as all stops are open; and again and again.

    ``stops`` are seconds after the beginning and when the place is open.
    """
    begins: set[int] = set()
    wishes = list(wished_s)
    first = _pushed(wishes[0], stops) if wishes else None
    if first is not None and cycle_s:
        wishes += [first + number * cycle_s for number in range(1, 12)]  # as many as a day holds, and more
    for wish_s in wishes:
        begin_s = _pushed(wish_s, stops)
        if begin_s is not None:
            begins.add(begin_s)
    return sorted(begins)


def _pushed(begin_s: int, stops: Sequence[tuple[int, Sequence[tuple[int, int]]]]) -> int | None:
    for _ in range(_MOST_PUSHES):
        later_s = begin_s
        for offset_s, windows in stops:
            at_s = begin_s + offset_s
            if not any(opens <= at_s <= closes for opens, closes in windows):
                opens_s = min((opens for opens, _ in windows if opens > at_s), default=None)
                if opens_s is None:
                    return None
                later_s = max(later_s, opens_s - offset_s)
        if later_s == begin_s:
            return begin_s
        begin_s = later_s
    return None
