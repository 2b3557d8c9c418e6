"""Ways of cars with riders: what a car's order of stops costs, and where another rider fits in cheapest.

One form for both directions. On the way there people wait at their places for the car, or it waits for them;
on the way home the car leaves the muster when the last of its people is ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

SAME_S: Final = 1e-6


def closed(travel_s: Floats) -> Floats:
    """Return shortest times also by way of other places, 0 from a place to itself.

    Parameters
    ----------
    travel_s
        Seconds, >= 0, inf where there is no road, shape ``(n_places, n_places)``.
    """
    best = np.array(travel_s, dtype=np.float64)
    np.fill_diagonal(best, 0.0)
    for by in range(len(best)):
        np.minimum(best, best[:, by, None] + best[None, by, :], out=best)
    return best


@dataclass(frozen=True, slots=True, eq=False)
class Rides:
    """Cars and riders as arrays.

    Attributes
    ----------
    travel_s
        Closed, see :func:`closed`.
    leg_s
        The same with the stop at its end.
    first, last
        Places where each car begins and ends, shape ``(n_cars,)``.
    start_s, direct_s, agreed_s, limit_s, seats, space
        When each can leave, how long it needs alone, the deviation agreed to, the largest one that also
        arrives in time, free seats and room.
    place, gear, ready_s, release_s, stop_by_s, arrive_by_s
        Of each rider, shape ``(n_riders,)``: earliest at his stop, earliest that the car leaves with him,
        latest at his stop, latest arrival of the car.
    """

    travel_s: Floats
    leg_s: Floats
    first: Whole
    last: Whole
    start_s: Floats
    direct_s: Floats
    agreed_s: Floats
    limit_s: Floats
    seats: Whole
    space: Floats
    place: Whole
    gear: Floats
    ready_s: Floats
    release_s: Floats
    stop_by_s: Floats
    arrive_by_s: Floats

    def times(self, car: int, order: Sequence[int]) -> tuple[float, list[float], float]:
        """Return when the car leaves, is at each stop, and arrives."""
        leave = max([float(self.start_s[car]), *(float(self.release_s[rider]) for rider in order)])
        at, here, stops = leave, int(self.first[car]), []
        for rider in order:
            there = int(self.place[rider])
            at = max(at + float(self.leg_s[here, there]), float(self.ready_s[rider]))
            stops.append(at)
            here = there
        return leave, stops, at + float(self.travel_s[here, self.last[car]])

    def deviation(self, car: int, order: Sequence[int]) -> float:
        """Return how much later the car arrives than alone; inf where a limit is broken."""
        if len(order) > self.seats[car] or sum(float(self.gear[each]) for each in order) > self.space[car]:
            return np.inf
        _, stops, arrival = self.times(car, order)
        late = any(at > self.stop_by_s[rider] + SAME_S for rider, at in zip(order, stops, strict=True))
        deviation = max(arrival - float(self.start_s[car]) - float(self.direct_s[car]), 0.0)
        if late or deviation > self.limit_s[car] + SAME_S:
            return np.inf
        return deviation if all(arrival <= self.arrive_by_s[each] + SAME_S for each in order) else np.inf

    def insertions(self, car: int, order: Sequence[int]) -> tuple[Floats, Whole]:
        """Return for every rider the deviation with him at his best position, and that position.

        inf where he does not fit. Shapes ``(n_riders,)``.
        """
        number = len(self.place)
        best, where = np.full(number, np.inf), np.zeros(number, dtype=np.int64)
        if len(order) >= self.seats[car] or not number:
            return best, where
        base = max([float(self.start_s[car]), *(float(self.release_s[rider]) for rider in order)])
        alone_s = float(self.start_s[car] + self.direct_s[car])
        arrive_by = np.minimum(
            self.arrive_by_s, min((float(self.arrive_by_s[each]) for each in order), default=np.inf)
        )
        arrive_by = np.minimum(arrive_by, alone_s + self.limit_s[car]) + SAME_S
        room = self.gear <= self.space[car] - sum(float(self.gear[each]) for each in order)
        for position in range(len(order) + 1):
            arrival = self._arrivals(car, order, position, np.maximum(base, self.release_s))
            cost = np.where((arrival <= arrive_by) & room, np.maximum(arrival - alone_s, 0.0), np.inf)
            better = cost < best
            best = np.where(better, cost, best)
            where[better] = position
        return best, where

    def _arrivals(self, car: int, order: Sequence[int], position: int, at: Floats) -> Floats:
        """Return arrivals with each rider at one position of the order; inf where a stop is too late."""
        here: int | Whole = int(self.first[car])
        for number in range(len(order) + 1):
            if number == position:
                at = np.maximum(at + self.leg_s[here, self.place], self.ready_s)
                at = np.where(at <= self.stop_by_s + SAME_S, at, np.inf)
                here = self.place
            if number < len(order):
                rider = order[number]
                at = np.maximum(at + self.leg_s[here, self.place[rider]], self.ready_s[rider])
                if np.isfinite(self.stop_by_s[rider]):
                    at = np.where(at <= self.stop_by_s[rider] + SAME_S, at, np.inf)
                here = int(self.place[rider])
        result: Floats = at + self.travel_s[here, self.last[car]]
        return result


def least_left_and_cost(cost: Floats, seats: Whole) -> tuple[int, float]:
    """Return how many riders can ride at most, each with a car of finite cost, and the least total cost then.

    Parameters
    ----------
    cost
        Of each pair, shape ``(n_cars, n_riders)``; inf where impossible.
    seats
        Of each car.

    Notes
    -----
    A relaxation: riders of one car do not disturb each other. Shortest augmenting paths over the cars.
    """
    cars, riders = cost.shape
    held: list[list[int]] = [[] for _ in range(cars)]
    waiting = np.ones(riders, dtype=np.bool_)
    move = np.full((cars, cars), np.inf)
    mover = np.zeros((cars, cars), dtype=np.int64)
    total, served = 0.0, 0
    while waiting.any() and cars:
        open_cost = np.where(waiting, cost, np.inf)
        first = open_cost.argmin(axis=1)
        far = open_cost[np.arange(cars), first]
        before = np.full(cars, -1, dtype=np.int64)
        for _ in range(cars):
            through = far[:, None] + move
            by = through.argmin(axis=0)
            nearer = through[by, np.arange(cars)]
            better = nearer < far - SAME_S
            if not better.any():
                break
            before[better] = by[better]
            far = np.where(better, nearer, far)
        spare = np.array([len(each) for each in held]) < seats
        end = int(np.where(spare, far, np.inf).argmin())
        if not spare[end] or not np.isfinite(far[end]):
            break
        total, served = total + float(far[end]), served + 1
        changed = _shift(end, before, first, held, mover, waiting)
        for car in changed:
            less = cost[:, held[car]] - cost[car, held[car]]
            mover[car] = np.array(held[car])[less.argmin(axis=1)]
            move[car] = less.min(axis=1)
            move[car, car] = np.inf
    return served, total


def _shift(  # noqa: PLR0917 - one step of least_left_and_cost
    end: int, before: Whole, first: Whole, held: list[list[int]], mover: Whole, waiting: npt.NDArray[np.bool_]
) -> list[int]:
    changed, car = [end], end
    while before[car] >= 0:
        source = int(before[car])
        rider = int(mover[source, car])
        held[source].remove(rider)
        held[car].append(rider)
        car = source
        changed.append(car)
    rider = int(first[car])
    held[car].append(rider)
    waiting[rider] = False
    return changed
