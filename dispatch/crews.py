"""Cars find their people: who rides with whom to the muster, and home again.

Fewest left behind first, then least deviation. Who is left has a reason; nobody is lost between two lists.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dispatch.crew_routes import SAME_S, Rides, closed, least_left_and_cost
from dispatch.crew_search import ROUNDS, Improving, search_in_full
from dispatch.crew_values import (
    Car,
    CarOut,
    Crew,
    CrewPlan,
    CrewRules,
    LeftBehind,
    LeftReason,
    NoCrews,
    Rider,
    Stop,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "Car",
    "CarOut",
    "Crew",
    "CrewPlan",
    "CrewRules",
    "LeftBehind",
    "NoCrews",
    "Rider",
    "Stop",
    "plan_crews",
    "plan_home",
]
RULES = CrewRules()


def plan_crews(
    cars: Sequence[Car],
    riders: Sequence[Rider],
    travel_s: Floats,
    muster: int,
    *,
    rules: CrewRules = RULES,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> CrewPlan | NoCrews:
    """Give people without a car a seat on the way to the muster.

    Parameters
    ----------
    cars, riders
        The order in which they are listed changes nothing.
    travel_s
        Seconds by road from place to place, >= 0, inf where there is no road, shape
        ``(n_places, n_places)``; need not be symmetrical. A way by another place that is quicker counts.
    muster
        The place to which everybody goes.
    seed, rounds
        Of the improvement where the search is not in full; the same seed gives the same plan.

    Returns
    -------
    CrewPlan or NoCrews
        Wrong records are left out with the field named; each driver and each rider is in a crew or in `left`.
    """
    return _plan(cars, riders, travel_s, muster, rules, seed, rounds, home=False)


def plan_home(
    cars: Sequence[Car],
    riders: Sequence[Rider],
    travel_s: Floats,
    muster: int,
    *,
    rules: CrewRules = RULES,
    seed: int = 0,
    rounds: int = ROUNDS,
) -> CrewPlan | NoCrews:
    """Give everybody a way home from the muster; `left` are those who have none.

    Parameters
    ----------
    cars, riders, travel_s, muster, rules, seed, rounds
        As in :func:`plan_crews`, with `place` where each one goes. A car leaves when the last of its people
        is ready. The driver of a car that does not go, as when he has not slept, looks for a seat himself.
    """
    return _plan(cars, riders, travel_s, muster, rules, seed, rounds, home=True)


def _plan(  # noqa: PLR0917 - the arguments of the two ways
    cars: Sequence[Car],
    riders: Sequence[Rider],
    travel_s: Floats,
    muster: int,
    rules: CrewRules,
    seed: int,
    rounds: int,
    *,
    home: bool,
) -> CrewPlan | NoCrews:
    refusal = _refusal(cars, riders, travel_s, muster, rules)
    if refusal is not None:
        return refusal
    cars = sorted(cars, key=lambda each: each.car_id)
    riders = sorted(riders, key=lambda each: each.person_id)
    places = len(travel_s)
    faults = {car.car_id: _car_fault(car, places) for car in cars}
    used = sorted(
        {muster}
        | {car.place for car in cars if _is_place(car.place, places)}
        | {rider.place for rider in riders if _rider_fault(rider, places) is None}
    )
    near = closed(travel_s)[np.ix_(used, used)]
    row = {place: number for number, place in enumerate(used)}
    going, out = [], []
    for car in cars:
        fault = faults[car.car_id]
        if fault is None:
            ends = (row[muster], row[car.place]) if home else (row[car.place], row[muster])
            fault = _way_fault(car, float(near[ends]))
        if fault is None:
            going.append(car)
        else:
            out.append(fault)
    walking = {fault.car_id for fault in out}
    seekers = list(riders)
    listed = {rider.person_id for rider in riders} | {car.driver_id for car in going}
    for car in cars:
        if car.car_id in walking and car.driver_id not in listed:
            listed.add(car.driver_id)
            seekers.append(Rider(car.driver_id, car.place, car.start_s, 0.0, car.latest_arrival_s))
    left = [wrong for rider in seekers if (wrong := _rider_fault(rider, places)) is not None]
    refused = {each.person_id for each in left}
    able = sorted(
        (each for each in seekers if each.person_id not in refused), key=lambda each: each.person_id
    )
    rides = _rides(going, able, near, row, muster, rules, home=home)
    orders, in_full = _orders(rides, seed, rounds)
    return _told(rides, going, able, orders, left, out, in_full=in_full)


def _refusal(
    cars: Sequence[Car], riders: Sequence[Rider], travel_s: Floats, muster: int, rules: CrewRules
) -> NoCrews | None:
    if not cars and not riders:
        return NoCrews("nobody")
    matrix = np.asarray(travel_s)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.dtype.kind not in "fiu":  # noqa: PLR2004 - square
        return NoCrews("travel_invalid")
    if not (matrix >= 0).all():  # NaN as well
        return NoCrews("travel_invalid")
    if not _is_place(muster, len(matrix)):
        return NoCrews("unknown_place")
    if not all(math.isfinite(each) and each >= 0 for each in (rules.most_deviation_s, rules.stop_s)):
        return NoCrews("rules_invalid")
    # Whoever drives a car that goes is no rider; a driver who may not drive can be listed as one.
    people = Counter(rider.person_id for rider in riders)
    people.update(car.driver_id for car in cars if car.driver_fit)
    fleet = Counter(car.car_id for car in cars)
    twice = sorted(each for counts in (people, fleet) for each, number in counts.items() if number > 1)
    return NoCrews("listed_twice", tuple(twice)) if twice else None


def _is_place(place: object, places: int) -> bool:
    return isinstance(place, int | np.integer) and not isinstance(place, bool) and 0 <= int(place) < places


def _car_fault(car: Car, places: int) -> CarOut | None:
    deviation = 0.0 if car.most_deviation_s is None else car.most_deviation_s
    fine = {
        "start_s": math.isfinite(car.start_s),
        "seats": isinstance(car.seats, int) and car.seats >= 0,
        "gear_space": car.gear_space >= 0,
        "latest_arrival_s": not math.isnan(car.latest_arrival_s),
        "most_deviation_s": math.isfinite(deviation) and deviation >= 0,
    }
    wrong = next((name for name, good in fine.items() if not good), None)
    if wrong is not None:
        return CarOut(car.car_id, "record_invalid", wrong)
    if not _is_place(car.place, places):
        return CarOut(car.car_id, "unknown_place", "place")
    return None if car.driver_fit else CarOut(car.car_id, "driver_unfit")


def _way_fault(car: Car, direct_s: float) -> CarOut | None:
    if not math.isfinite(direct_s):
        return CarOut(car.car_id, "no_road")
    late = car.start_s + direct_s > car.latest_arrival_s + SAME_S
    return CarOut(car.car_id, "too_late") if late else None


def _rider_fault(rider: Rider, places: int) -> LeftBehind | None:
    fine = {
        "ready_s": math.isfinite(rider.ready_s),
        "gear": math.isfinite(rider.gear) and rider.gear >= 0,
        "latest_arrival_s": not math.isnan(rider.latest_arrival_s),
    }
    wrong = next((name for name, good in fine.items() if not good), None)
    if wrong is not None:
        return LeftBehind(rider.person_id, "record_invalid", wrong)
    if not _is_place(rider.place, places):
        return LeftBehind(rider.person_id, "unknown_place", "place")
    return None


def _rides(  # noqa: PLR0917 - what makes the arrays
    cars: Sequence[Car],
    riders: Sequence[Rider],
    near: Floats,
    row: dict[int, int],
    muster: int,
    rules: CrewRules,
    *,
    home: bool,
) -> Rides:
    own = np.array([row[car.place] for car in cars], dtype=np.int64)
    there = np.full(len(cars), row[muster], dtype=np.int64)
    first, last = (there, own) if home else (own, there)
    start = np.array([car.start_s for car in cars], dtype=np.float64)
    direct = near[first, last]
    agreed = np.array(
        [rules.most_deviation_s if car.most_deviation_s is None else car.most_deviation_s for car in cars]
    )
    slack = np.array([car.latest_arrival_s for car in cars]) - start - direct
    ready = np.array([rider.ready_s for rider in riders], dtype=np.float64)
    latest = np.array([rider.latest_arrival_s for rider in riders], dtype=np.float64)
    never, always = np.full(len(riders), np.inf), np.full(len(riders), -np.inf)
    return Rides(
        near,
        near + rules.stop_s * (1.0 - np.eye(len(near))),
        first,
        last,
        start,
        direct,
        agreed,
        np.minimum(agreed, slack),
        np.array([car.seats for car in cars], dtype=np.int64),
        np.array([car.gear_space for car in cars], dtype=np.float64),
        np.array([row[rider.place] for rider in riders], dtype=np.int64),
        np.array([rider.gear for rider in riders], dtype=np.float64),
        always if home else ready,
        ready if home else always,
        latest if home else never,
        never if home else latest,
    )


def _orders(rides: Rides, seed: int, rounds: int) -> tuple[list[list[int]], bool]:
    full = search_in_full(rides)
    if full is not None:
        return full, True
    orders = Improving(rides, seed).run(rounds)
    return [list(order) for order in orders], False


def _told(  # noqa: PLR0917 - what is told
    rides: Rides,
    cars: Sequence[Car],
    riders: Sequence[Rider],
    orders: Sequence[Sequence[int]],
    left: Sequence[LeftBehind],
    out: Sequence[CarOut],
    *,
    in_full: bool,
) -> CrewPlan:
    crews = []
    for number, car in enumerate(cars):
        leave, stops, arrival = rides.times(number, orders[number])
        told = tuple(
            Stop(riders[rider].person_id, riders[rider].place, at)
            for rider, at in zip(orders[number], stops, strict=True)
        )
        deviation = max(arrival - float(rides.start_s[number]) - float(rides.direct_s[number]), 0.0)
        crews.append(Crew(car.car_id, car.driver_id, told, leave, arrival, deviation))
    alone = np.array([rides.insertions(car, ())[0] for car in range(len(cars))]).reshape(
        len(cars), len(riders)
    )
    seated = {rider for order in orders for rider in order}
    full = np.array([len(order) for order in orders], dtype=np.int64) >= rides.seats
    behind = [
        _why(rides, rider, riders[rider].person_id, cars, alone[:, rider], full)
        for rider in range(len(riders))
        if rider not in seated
    ]
    total = float(sum(crew.deviation_s for crew in crews))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(rides.seats[:, None] > 0, alone / rides.seats[:, None], np.inf)
    served, cost = least_left_and_cost(share, rides.seats)
    fewest = len(behind) if in_full else len(riders) - served
    bound = (total if in_full else cost) if len(behind) == fewest else None
    everybody = sorted([*left, *behind], key=lambda each: each.person_id)
    return CrewPlan(
        tuple(crews),
        tuple(everybody),
        tuple(out),
        total,
        fewest + len(left),
        bound,
        in_full or (bound is not None and total <= bound + SAME_S),
    )


def _why(  # noqa: PLR0917 - one answer of _told
    rides: Rides,
    rider: int,
    person_id: str,
    cars: Sequence[Car],
    alone: Floats,
    full: npt.NDArray[np.bool_],
) -> LeftBehind:
    reason: LeftReason
    usable = np.flatnonzero(rides.seats > 0)
    if not len(usable):
        return LeftBehind(person_id, "no_cars")
    place = rides.place[rider]
    way_s = rides.leg_s[rides.first[usable], place] + rides.travel_s[place, rides.last[usable]]
    reached = usable[np.isfinite(way_s)]
    if not len(reached):
        return LeftBehind(person_id, "no_road")
    roomy = reached[rides.gear[rider] <= rides.space[reached]]
    if not len(roomy):
        return LeftBehind(person_id, "gear_too_big")
    fits = np.isfinite(alone)
    if fits.any():
        best = int(alone.argmin())
        reason = "seats_taken" if full[fits].all() else "not_with_the_others"
        return LeftBehind(person_id, reason, None, cars[best].car_id, float(alone[best]))
    late_s = np.array([rides.times(int(car), (rider,))[2] for car in roomy])
    late_s -= rides.start_s[roomy] + rides.direct_s[roomy]
    over_s = late_s - rides.agreed_s[roomy]
    best = int(over_s.argmin())
    reason = "too_far" if over_s[best] > SAME_S else "too_late"
    return LeftBehind(person_id, reason, None, cars[int(roomy[best])].car_id, float(late_s[best]))
