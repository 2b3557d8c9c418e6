"""Riders into cars: fewest left behind, then least deviation. In full where that is small, else improved.

Improvement takes some riders out and puts them back, first who has most to lose by waiting (regret); what is
not worse stays (large neighbourhood search: Pisinger and Ropke 2007, A general heuristic for vehicle routing
problems, Computers & Operations Research 34(8)). It is bounded by steps, not by a clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.crew_routes import SAME_S, Rides

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    Orders = list[list[int]]

MOST_RIDERS: Final = 14
MOST_ORDERS: Final = 20_000
MOST_MERGES: Final = 400_000
ROUNDS: Final = 200
# How much costs are shaken, and what it is worth at most not to wait: 0 takes the cheapest first.
_MOODS: Final = ((0.1, 1e7), (0.3, 0.0), (0.1, 3600.0), (0.9, 0.0), (0.5, 1e7))
_SLACK: Final = 0.03


def search_in_full(rides: Rides) -> Orders | None:
    """Return the best orders, or None where there are too many to list.

    Every order of every set of riders is listed for each car, and the sets are joined car by car.
    """
    if len(rides.place) > MOST_RIDERS:
        return None
    options = []
    left = MOST_ORDERS
    for car in range(len(rides.seats)):
        best, steps = _best_of_sets(rides, car, left)
        left -= steps
        if left < 0:
            return None
        options.append(best)
    plans: dict[int, tuple[float, tuple[tuple[int, ...], ...]]] = {0: (0.0, ())}
    merges = 0
    for best in options:
        merges += len(plans) * len(best)
        if merges > MOST_MERGES:
            return None
        joined: dict[int, tuple[float, tuple[tuple[int, ...], ...]]] = {}
        for taken, (cost, orders) in plans.items():
            for riders, (more, order) in best.items():
                if taken & riders:
                    continue
                both, sum_ = taken | riders, cost + more
                if both not in joined or sum_ < joined[both][0] - SAME_S:
                    joined[both] = sum_, (*orders, order)
        plans = joined
    most = max(each.bit_count() for each in plans)
    full = (plan for riders, plan in plans.items() if riders.bit_count() == most)
    return [list(order) for order in min(full)[1]]


def _best_of_sets(rides: Rides, car: int, most: int) -> tuple[dict[int, tuple[float, tuple[int, ...]]], int]:
    """Return the least deviation and its order for every set of riders that fits, and the orders tried.

    More tried than `most`: the answer is not whole.
    """
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    riders = range(len(rides.place))
    stack: list[tuple[int, ...]] = [()]
    steps = 0
    while stack:
        order = stack.pop()
        for rider in riders:
            if rider in order:
                continue
            steps += 1
            if steps > most:
                return best, steps
            longer = (*order, rider)
            # Without any of its riders a way is not longer, so what breaks a limit cannot be mended by more.
            cost = rides.deviation(car, longer)
            if not np.isfinite(cost):
                continue
            stack.append(longer)
            key = sum(1 << each for each in longer)
            if key not in best or (cost, longer) < best[key]:
                best[key] = cost, longer
    return best, steps


class Improving:
    """Orders of all cars with what every rider would cost in each, kept up to date car by car."""

    def __init__(self, rides: Rides, seed: int) -> None:
        self.rides = rides
        self.random = np.random.default_rng(seed)
        cars, riders = len(rides.seats), len(rides.place)
        self.orders: Orders = [[] for _ in range(cars)]
        self.cost = np.zeros(cars)
        self.car_of = np.full(riders, -1, dtype=np.int64)
        self.with_him = np.full((cars, riders), np.inf)
        self.position = np.zeros((cars, riders), dtype=np.int64)
        for car in range(cars):
            self._look(car)
        self.alone = self.with_him.copy()

    def value(self) -> tuple[int, float]:
        """Return how many are left and the deviation."""
        return int((self.car_of < 0).sum()), float(self.cost.sum())

    def run(self, rounds: int) -> Orders:
        """Build a first plan and improve it for a number of rounds; return the best."""
        self._put_back(0.0, _MOODS[0][1])
        best, orders = self.value(), [list(each) for each in self.orders]
        could = np.isfinite(self.alone).any(axis=0)
        for number in range(rounds):
            before = self.value()
            if not (self.car_of >= 0).any():
                break
            kept = self.cost.copy(), self.car_of.copy(), [list(each) for each in self.orders]
            cars = self._take_out(number)
            rows = {car: (self.with_him[car].copy(), self.position[car].copy()) for car in cars}
            for car in cars:
                self._look(car)
            changed = self._put_back(*_MOODS[number % len(_MOODS)], could=could, rows=rows)
            # At first somewhat more deviation is taken as well, or nothing would ever be rearranged.
            slack = _SLACK * (1.0 - (number + 1) / rounds)
            if self.value() > (before[0], before[1] * (1.0 + slack) + SAME_S):
                self.cost, self.car_of, self.orders = kept
                for car in changed:
                    self.with_him[car], self.position[car] = rows[car]
            elif self.value() < best:
                best, orders = self.value(), [list(each) for each in self.orders]
        return orders

    def _look(self, car: int) -> None:
        self.with_him[car], self.position[car] = self.rides.insertions(car, self.orders[car])

    def _take_out(self, number: int) -> set[int]:
        """Take riders out: of a few cars in full, or those who wait near somebody; return the cars."""
        seated = np.flatnonzero(self.car_of >= 0)
        waiting = np.flatnonzero((self.car_of < 0) & np.isfinite(self.alone).any(axis=0))
        pool = waiting if len(waiting) and number % 2 else seated
        seed = int(self.random.choice(pool))
        near_s = self.rides.travel_s[self.rides.place[seed], self.rides.place[seated]]
        wobble = near_s * self.random.uniform(0.7, 1.3, len(near_s)) + self.random.uniform(0, 60, len(near_s))
        count = int(self.random.integers(3, 4 + max(len(seated) // 8, 1)))
        out = seated[np.argsort(wobble, kind="stable")[: min(count, 16)]]
        cars = {int(car) for car in self.car_of[out]}
        if number % 3 == 0:  # whole cars
            cars = set(sorted(cars)[:4])
            out = np.array([rider for car in sorted(cars) for rider in self.orders[car]], dtype=np.int64)
        for rider in out:
            car = int(self.car_of[rider])
            self.orders[car].remove(int(rider))
            self.car_of[rider] = -1
        for car in cars:
            self.cost[car] = self.rides.deviation(car, self.orders[car])
        return cars

    def _put_back(
        self,
        noise: float,
        loss_s: float,
        could: npt.NDArray[np.bool_] | None = None,
        rows: dict[int, tuple[Floats, Whole]] | None = None,
    ) -> set[int]:
        """Put in who waits, by regret; return the cars whose rows changed since `rows` was begun."""
        rows = {} if rows is None else rows
        waiting = np.flatnonzero((self.car_of < 0) & (True if could is None else could))
        more = self.with_him[:, waiting] - self.cost[:, None]
        shaken = self.random.uniform(1.0 - noise, 1.0 + noise, more.shape) if noise else np.ones(more.shape)
        while len(waiting):
            price = more * shaken
            car = price.argmin(axis=0)
            first = price[car, np.arange(len(waiting))]
            open_ = np.isfinite(first)
            if not open_.any():
                break
            price[car, np.arange(len(waiting))] = np.inf
            second = np.minimum(price.min(axis=0), loss_s)
            regret = np.where(open_, second - np.where(open_, first, 0.0), -np.inf)
            at = int(regret.argmax())
            rider, into = int(waiting[at]), int(car[at])
            if into not in rows:
                rows[into] = self.with_him[into].copy(), self.position[into].copy()
            self.orders[into].insert(int(self.position[into, rider]), rider)
            self.cost[into] = self.with_him[into, rider]
            self.car_of[rider] = into
            self._look(into)
            waiting = np.delete(waiting, at)
            more, shaken = np.delete(more, at, axis=1), np.delete(shaken, at, axis=1)
            more[into] = self.with_him[into, waiting] - self.cost[into]
        return set(rows)
