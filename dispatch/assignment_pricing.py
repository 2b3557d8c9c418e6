"""The rounds of single teams: the best ones at given worths, and all that matter. For the worker only."""

# ruff: noqa: PLR0917 - what the kernels take, in their order

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.assignment_kernels import FULL, best_of_pool, best_rounds

if TYPE_CHECKING:
    import numpy.typing as npt

    from dispatch.assignment_possible import Possible
    from dispatch.assignment_values import Situation

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

_NEVER: Final = -2  # no sector has this number
_TRIES: Final = 4
"""Sets tried for each one that may be listed; a list that needs more is too long."""


class Pricing:
    """What a situation lets single teams do, laid out for the kernels.

    Attributes
    ----------
    value
        What each pair counts, shape ``(n_teams, n_sectors)``.
    allowed, kept
        See :class:`dispatch.assignment_possible.Possible`.
    needed
        How many kept sectors each team's round holds: as many as fit into one.
    kept_orders
        Such a round for each team that needs one.
    """

    def __init__(self, situation: Situation, can: Possible, value: Floats, most_stops: int) -> None:
        teams = situation.teams
        self.situation, self.value, self.most = situation, value, most_stops
        self.allowed, self.kept = can.allowed, can.kept & can.allowed
        self.first_s = np.ascontiguousarray(can.first_s)
        between_s = situation.ways.between_s
        self._vehicle = situation.ways.vehicle_of[teams.ways_of]
        into_s = np.where(np.eye(situation.n_sectors, dtype=np.bool_), np.inf, between_s).min(axis=1)
        nearest_s = np.minimum(self.first_s, into_s[self._vehicle])
        self.cost_s = np.where(self.allowed, situation.work.search_s + nearest_s, np.inf)
        self._between = [np.ascontiguousarray(each) for each in between_s]
        self._home = [np.ascontiguousarray(each) for each in situation.ways.home_s]
        self._search_s = np.ascontiguousarray(situation.work.search_s)
        self._limits = np.column_stack((teams.start_s, teams.back_s, teams.rest_after_s, teams.rest_s))
        self._running = np.where(teams.runs, teams.at_sector, _NEVER)
        self.needed = np.zeros(situation.n_teams, dtype=np.int64)
        self.kept_orders: dict[int, tuple[int, ...]] = {}
        for team in np.flatnonzero(self.kept.any(axis=1)).tolist():
            mine = np.flatnonzero(self.kept[team])
            worth = 1.0 + value[team, mine] / (1.0 + value[team, mine].sum()) / 2.0
            orders, _ = self._found(team, mine, worth, 0.0, 1)
            self.kept_orders[team] = as_order(orders[0])
            self.needed[team] = len(self.kept_orders[team])

    def best(
        self, team: int, worth: Floats, floor: float, keep: int, *, among: Mask | None = None
    ) -> tuple[Whole, Floats]:
        """Return the best rounds of a team, best first, and what they are worth; only those above a floor.

        Parameters
        ----------
        worth
            Of each sector to this team, shape ``(n_sectors,)``; any sign.
        among
            Sectors that may be used besides those kept.
        """
        usable = worth > 0 if among is None else among & (worth > 0)
        found = self._above(team, worth, floor, keep, usable, 0)
        assert found is not None, "only lists can be too short"
        return found

    def every(
        self, team: int, worth: Floats, floor: float, slack: float, room: int, *, among: Mask | None = None
    ) -> tuple[Whole, Floats] | None:
        """Return all rounds worth more than a floor, or None if there are more than ``room``.

        Parameters
        ----------
        slack
            How far the floor lies below the best round: no sector that costs as much is in any of them.
        """
        usable = worth > -slack if among is None else among & (worth > -slack)
        return self._above(team, worth, floor, room, usable, _TRIES * room + _TRIES)

    def _above(
        self, team: int, worth: Floats, floor: float, keep: int, usable: Mask, tries: int
    ) -> tuple[Whole, Floats] | None:
        candidates = np.flatnonzero((self.allowed[team] & usable) | self.kept[team])
        needed = int(self.needed[team])
        mine = worth[candidates]
        lift = 0.0
        if needed:  # so much that a round with one kept sector more is better than any without
            lift = (
                1.0
                + 2.0 * self.most * float(np.abs(mine).max())
                + (abs(floor) if np.isfinite(floor) else 0.0)
            )
            mine = mine + lift * self.kept[team, candidates]
        # Every round with fewer kept sectors lies below the lifted floor.
        least = floor + needed * lift if np.isfinite(floor) else (needed - 0.5) * lift
        orders, values = self._found(team, candidates, mine, least, keep, tries)
        if len(orders) > keep:
            return None
        return orders, values - needed * lift

    def _found(
        self, team: int, candidates: Whole, worth: Floats, floor: float, keep: int, tries: int = 0
    ) -> tuple[Whole, Floats]:
        by_worth = np.argsort(-worth, kind="stable")
        candidates = candidates[by_worth]
        found = np.empty((keep, self.most), dtype=np.int64)
        values = np.full(keep, np.inf)
        kind = int(self.situation.teams.ways_of[team])
        count = best_rounds(
            candidates,
            np.ascontiguousarray(worth[by_worth]),
            self.first_s[team],
            self._between[int(self._vehicle[team])],
            self._home[kind],
            self._search_s[team],
            self.situation.sectors.opens_s,
            self.situation.sectors.closes_s,
            self._limits[team],
            int(self._running[team]),
            self.most,
            floor,
            tries,
            found,
            values,
        )
        if count == FULL:
            return np.empty((keep + 1, self.most), dtype=np.int64), np.empty(keep + 1)
        best_first = np.lexsort((*found[:count].T[::-1], -values[:count]))
        return found[best_first], values[best_first]


class Pool:
    """Rounds of all teams listed once: looking through a list is much quicker than searching again.

    Attributes
    ----------
    complete
        Whether a team's list holds all its rounds, shape ``(n_teams,)``; otherwise it holds those of the
        sectors that bring it most per second.
    """

    def __init__(self, pricing: Pricing, room: int) -> None:
        self._pricing, n_teams = pricing, pricing.situation.n_teams
        self.complete = np.ones(n_teams, dtype=np.bool_)
        sectors, values, lengths = [], [], np.zeros(n_teams, dtype=np.int64)
        for team in range(n_teams):
            share = 3 * (room - int(lengths.sum())) // (n_teams - team + 2)
            orders, mine, self.complete[team] = self._listed(team, share)
            sectors.append(np.where(orders < 0, pricing.situation.n_sectors, orders).astype(np.int32))
            values.append(mine)
            lengths[team] = len(mine)
        self._starts = np.concatenate(([0], np.cumsum(lengths)))
        self._sectors, self._values = np.concatenate(sectors), np.concatenate(values)

    def __len__(self) -> int:
        return len(self._values)

    def _listed(self, team: int, room: int) -> tuple[Whole, Floats, bool]:
        pricing = self._pricing
        usable = pricing.allowed[team] & (pricing.value[team] > 0)
        by_rate = np.argsort(
            -np.where(usable, pricing.value[team] / pricing.cost_s[team], -1.0), kind="stable"
        )
        n = int(usable.sum())
        while True:
            among = np.zeros(len(usable), dtype=np.bool_)
            among[by_rate[:n]] = True
            floor = -np.inf if pricing.needed[team] else 0.0
            found = pricing.every(team, pricing.value[team], floor, np.inf, max(room, 1), among=among)
            if found is not None:
                return *found, n == int(usable.sum())
            n //= 2

    def best(self, prices: Floats, floors: Floats, keep: int) -> list[tuple[list[tuple[int, ...]], Floats]]:
        """Return for each team its best listed rounds and their worths, best first, if above a floor."""
        n_teams = len(floors)
        found, counts = np.empty((n_teams, keep), dtype=np.int64), np.zeros(n_teams, dtype=np.int64)
        worths = np.empty((n_teams, keep))
        priced = np.append(prices, 0.0)
        best_of_pool(self._starts, self._sectors, self._values, priced, floors, found, worths, counts)
        answer = []
        for team, count in enumerate(counts.tolist()):
            order = np.lexsort((found[team, :count], -worths[team, :count]))
            answer.append((self._orders(found[team, order]), worths[team, order]))
        return answer

    def near(self, prices: Floats, floors: Floats, room: int) -> list[tuple[int, tuple[int, ...]]] | None:
        """Return all listed rounds (team, order) worth at least a floor, or None if over ``room``."""
        worth = self._values - np.append(prices, 0.0)[self._sectors].sum(axis=1)
        teams = np.repeat(np.arange(len(floors)), np.diff(self._starts))
        places = np.flatnonzero(worth >= floors[teams])
        if len(places) > room:
            return None
        return list(zip(teams[places].tolist(), self._orders(places), strict=True))

    def _orders(self, places: Whole) -> list[tuple[int, ...]]:
        end = self._pricing.situation.n_sectors
        return [tuple(each for each in row if each < end) for row in self._sectors[places].tolist()]


def as_order(row: Whole) -> tuple[int, ...]:
    """Return the sectors of a round without what fills it up."""
    return tuple(int(each) for each in row if each >= 0)
