"""Sorties of one aircraft to one landing place: who flies when, with fuel, light and crew that last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.transport_answers import Refused, Why
from dispatch.transport_craft import distance_m, flights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatch.transport_craft import Sky, Trip
    from dispatch.transport_values import Aircraft, Ask, Departure, Network


@dataclass(frozen=True, slots=True)
class Sortie:
    """One flight with people and cargo.

    Attributes
    ----------
    passengers
        Ids, in the order in which they were asked for.
    flown_m, range_left_m
        From fuel to fuel with the loaded flight in it; None left where the range is unknown.
    light_left_s
        From landing until dark at the landing place; None where nobody knows.
    back_at
        When the aircraft can begin something else.
    """

    departure: Departure
    passengers: tuple[str, ...]
    cargo_kg: float
    flown_m: float
    range_left_m: float | None
    light_left_s: float | None
    back_at: datetime


@dataclass(frozen=True, slots=True)
class Sorties:
    """All sorties of one aircraft, who and what stays, why, and what is to be asked for."""

    sorties: tuple[Sortie, ...]
    stay: tuple[str, ...]
    stay_kg: float
    whys: tuple[Why, ...]
    asks: tuple[Ask, ...]


def plan_sorties(
    network: Network,
    aircraft: Aircraft,
    trip: Trip,
    sky: Sky,
    passengers: Sequence[str],
    *,
    cargo_kg: float = 0.0,
    person_kg: float = 100.0,
) -> Sorties | Refused:
    """Return who flies with which sortie: people in their order first, cargo in what payload they leave.

    Without known seats or payload everything goes with the first sortie, and the answer asks for them.
    """
    if len(set(passengers)) != len(passengers):
        return Refused((Why("listed_twice", what="passengers"),))
    offered = flights(network, aircraft, trip, sky)
    if isinstance(offered, Refused):
        return offered
    waiting, left_kg = list(passengers), cargo_kg
    made: list[Sortie] = []
    free_at = offered[0].use.busy_from if offered[0].use is not None else offered[0].departs_at
    for departure in offered:
        use = departure.use
        if use is None or use.busy_from < free_at or not (waiting or left_kg > 0):
            continue
        people = len(waiting) if departure.seats is None else min(len(waiting), departure.seats)
        kg = left_kg
        if departure.payload_kg is not None:
            if person_kg > 0:
                people = min(people, int((departure.payload_kg + 1e-9) // person_kg))
            kg = min(left_kg, departure.payload_kg - people * person_kg)
        if people or kg > 0:
            made.append(_sortie(network, aircraft, departure, sky, tuple(waiting[:people]), kg))
            waiting, left_kg, free_at = waiting[people:], left_kg - kg, use.busy_to
    whys: list[Why] = []
    if waiting:
        whys.append(_why_people(aircraft.craft_id, made, len(passengers), person_kg))
    if left_kg > 0:
        whys.append(Why("too_heavy", craft_id=aircraft.craft_id, need=cargo_kg, have=cargo_kg - left_kg))
    return Sorties(tuple(made), tuple(waiting), left_kg, tuple(whys), offered[0].asks)


def _why_people(craft_id: str, made: Sequence[Sortie], asked: int, person_kg: float) -> Why:
    """Return whether seats or kilograms keep people back."""
    flown = sum(len(each.passengers) for each in made)
    if any(len(each.passengers) == each.departure.seats for each in made):
        return Why("no_seats", craft_id=craft_id, need=asked, have=flown)
    return Why("too_heavy", craft_id=craft_id, need=asked * person_kg, have=flown * person_kg)


def _sortie(  # noqa: PLR0917 - one line of the list
    network: Network, aircraft: Aircraft, departure: Departure, sky: Sky, people: tuple[str, ...], kg: float
) -> Sortie:
    places = {place.place_id: place for place in network.places}
    base, from_, to = (places[each] for each in (aircraft.place_id, departure.from_id, departure.to_id))
    flown_m = distance_m(from_, to)
    if from_.place_id != base.place_id and from_.place_id not in sky.fuel:
        flown_m += distance_m(base, from_)
    if to.place_id != base.place_id and to.place_id not in sky.fuel:
        flown_m += distance_m(to, base)
    line = aircraft.payload_range
    farthest_m = None if line is None else max((corner.range_m for corner in line), default=0.0)
    dark = [
        w.to_at for w in sky.daylight.get(to.place_id, ()) if w.from_at <= departure.arrives_at <= w.to_at
    ]
    light_s = (max(dark) - departure.arrives_at).total_seconds() if dark else None
    assert departure.use is not None
    left_m = None if farthest_m is None else farthest_m - flown_m
    return Sortie(departure, people, kg, flown_m, left_m, light_s, departure.use.busy_to)
