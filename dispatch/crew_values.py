"""Cars, people without one, and who rides with whom, as values.

Places are rows of a matrix of travel times in seconds. All times are seconds from one origin that the caller
chooses. Gear is in litres or in slots: any unit, if it is one unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

RefusalReason = Literal["nobody", "travel_invalid", "unknown_place", "listed_twice", "rules_invalid"]
LeftReason = Literal[
    "record_invalid",
    "unknown_place",
    "no_cars",
    "no_road",
    "gear_too_big",
    "too_far",
    "too_late",
    "seats_taken",
    "not_with_the_others",
]
CarOutReason = Literal["record_invalid", "unknown_place", "no_road", "too_late", "driver_unfit"]


@dataclass(frozen=True, slots=True)
class Car:
    """A car and its driver.

    Attributes
    ----------
    place
        Where it starts; on the way home where it goes. Row of the travel times.
    start_s
        When the driver can leave.
    seats
        Free beside the driver's, >= 0.
    gear_space
        Free beside the driver's own gear, >= 0.
    latest_arrival_s
        When it has to be there; on the way home, at home.
    most_deviation_s
        How much later than alone its driver agrees to arrive; None for that of the rules.
    driver_fit
        Rested enough to drive; on the way home the question that matters most.
    """

    car_id: str
    driver_id: str
    place: int
    start_s: float
    seats: int
    gear_space: float = math.inf
    latest_arrival_s: float = math.inf
    most_deviation_s: float | None = None
    driver_fit: bool = True


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody without a car.

    Attributes
    ----------
    place
        Where he waits; on the way home where he is set down.
    ready_s
        When he is there; on the way home, when he can leave the muster.
    gear
        Room that his gear takes, >= 0.
    latest_arrival_s
        When he has to be there; on the way home, set down.
    """

    person_id: str
    place: int
    ready_s: float
    gear: float = 0.0
    latest_arrival_s: float = math.inf


@dataclass(frozen=True, slots=True)
class CrewRules:
    """What a driver is asked for when he says nothing himself.

    Attributes
    ----------
    most_deviation_s
        Largest deviation. An assumption, no source.
    stop_s
        A stop to let people in or out, away from where the car stands anyway. An assumption, no source.
    """

    most_deviation_s: float = 1800.0
    stop_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Stop:
    """Where and when somebody gets in, or on the way home out."""

    person_id: str
    place: int
    at_s: float


@dataclass(frozen=True, slots=True)
class Crew:
    """A car with those who ride in it, in order.

    Attributes
    ----------
    leave_s, arrival_s
        When it leaves its first place and reaches its last.
    deviation_s
        Arrival later than that of the driver alone: additional way, stops and waiting.
    """

    car_id: str
    driver_id: str
    stops: tuple[Stop, ...]
    leave_s: float
    arrival_s: float
    deviation_s: float


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Somebody who does not ride, and why.

    Attributes
    ----------
    reason
        `no_cars`: none that can go has a seat; `no_road`: from no car's way; `gear_too_big` for every car;
        `too_far`, `too_late`: even alone in the car that suits best; `seats_taken`: in all that suit;
        `not_with_the_others`: a seat is free, but not with the ways, times and gear of who rides.
    what
        The field of a record that is wrong.
    car_id, deviation_s
        The car that suits best and its deviation for him alone.
    """

    person_id: str
    reason: LeftReason
    what: str | None = None
    car_id: str | None = None
    deviation_s: float | None = None


@dataclass(frozen=True, slots=True)
class CarOut:
    """A car that does not go, and why; its driver looks for a seat like everybody."""

    car_id: str
    reason: CarOutReason
    what: str | None = None


@dataclass(frozen=True, slots=True)
class CrewPlan:
    """Who rides with whom.

    Attributes
    ----------
    crews
        Every car that goes, also those with the driver alone.
    left
        Who does not ride: left behind, or without a way home.
    cars_out
        Cars that do not go.
    deviation_s
        Of all cars together.
    left_bound, deviation_bound_s
        No plan leaves fewer behind; none that leaves as few has less deviation. The second is None where
        more are left than the first says.
    proven
        The plan is best.
    """

    crews: tuple[Crew, ...]
    left: tuple[LeftBehind, ...]
    cars_out: tuple[CarOut, ...]
    deviation_s: float
    left_bound: int
    deviation_bound_s: float | None
    proven: bool


@dataclass(frozen=True, slots=True)
class NoCrews:
    """Why there is no plan at all.

    Attributes
    ----------
    reason
        `nobody`: neither cars nor people; `travel_invalid`: not a square matrix, or a time is negative or not
        a number; `unknown_place`: the muster; `listed_twice`: `ids`; `rules_invalid`.
    """

    reason: RefusalReason
    ids: tuple[str, ...] = ()
