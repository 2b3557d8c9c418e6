"""The search for whole shifts: a first plan, prices, a choice, a proof, each told. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from dispatch.assignment_greedy import extended, reworked, total
from dispatch.assignment_master import Master, Relaxed
from dispatch.assignment_pricing import Pool, Pricing, as_order
from dispatch.assignment_values import clock_round

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from dispatch.assignment_plan import Ended

    Floats = npt.NDArray[np.float64]
    Orders = dict[int, tuple[int, ...]]

Stage = Literal["first", "prices", "choice", "proof"]
_SAME: Final = 1e-9
_KEEP: Final = 12
"""Best rounds of a team that are added at once."""
_CHOICE: Final = 40
"""Rounds for each team that the first choice is made among."""
_DIVE_ROUNDS: Final = 1
"""Rounds of pricing after each fixing."""
_PULL: Final = 0.6
"""How far prices stay with the best ones so far: prices of few rounds jump (Wentges 1997)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What may be spent; counted, not timed, so that the same input and seed give the same plan.

    Attributes
    ----------
    rounds
        Of pricing, >= 0; 0 is the first good plan alone.
    nodes
        Of branch and bound for each choice, >= 0.
    listed
        Rounds of teams that the proof may choose among, >= 0.
    pool
        Rounds of teams listed at the beginning, >= 1; beyond that they are searched for again at need.
    """

    rounds: int = 150
    nodes: int = 500
    listed: int = 30_000
    pool: int = 60_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is.

    Attributes
    ----------
    orders
        The best plan so far: team and its sectors.
    value, bound
        What it counts, and what none exceeds.
    """

    stage: Stage
    rounds: int
    value: float
    bound: float
    orders: Mapping[int, tuple[int, ...]]


class Search:
    """The state of one search: the best plan, the best bound, the rounds known."""

    def __init__(
        self,
        pricing: Pricing,
        gap: float,
        effort: Effort,
        seed: int,
        heard: Callable[[Progress], bool] | None,
    ) -> None:
        self.pricing, self.gap, self.effort = pricing, gap, effort
        self.orders: Orders = {}
        self.value = 0.0
        self.bound = float(np.where(pricing.allowed, pricing.value, 0.0).max(axis=0).sum())
        self.prices = np.zeros(pricing.situation.n_sectors)
        self.rounds = 0
        self._best_worth = np.zeros(pricing.situation.n_teams)
        self._bounded = False  # the bound comes from prices
        self._heard, self._asked = heard, False
        self._rng = np.random.default_rng(seed)
        self._teams = np.flatnonzero(pricing.allowed.any(axis=1))
        self.master = Master(pricing.needed > 0, pricing.situation.n_sectors, seed)

    def run(self, before: Mapping[int, tuple[int, ...]]) -> Ended:
        """Improve until proven, close enough, out of effort or asked to stop."""
        self._first(before)
        if self._tell("first") and self.effort.rounds and len(self._teams):
            self._price()
            if not self._done() and not self._asked:
                self._dive()
            if not self._done() and not self._asked:
                self._choose("choice", self._nearest(), self.gap / 2.0)
            if self._bounded and not self._done() and not self._asked:
                self._prove()
        if not len(self._teams):
            self.bound = self.value
        if self.bound <= self.value * (1.0 + _SAME):
            return "proven"
        if self._done():
            return "close_enough"
        return "asked_to_stop" if self._asked else "effort_spent"

    # ---- the plan and what is known about it

    def _done(self, value: float | None = None) -> bool:
        return self.bound <= (self.value if value is None else value) * (1.0 + max(self.gap, _SAME))

    def _tell(self, stage: Stage, value: float | None = None, bound: float | None = None) -> bool:
        """Tell how far it is; return whether to go on."""
        if self._heard is not None and not self._asked:
            best = self.value if value is None else max(value, self.value)
            least = self.bound if bound is None else min(bound, self.bound)
            self._asked = not self._heard(Progress(stage, self.rounds, best, least, dict(self.orders)))
        return not self._asked

    def _take(self, orders: Orders) -> None:
        value = total(self.pricing, orders)
        if value > self.value or not self.orders:
            self.orders, self.value = orders, value

    def _add(self, orders: Mapping[int, tuple[int, ...]]) -> None:
        value = self.pricing.value
        self.master.add([(team, each, float(value[team, list(each)].sum())) for team, each in orders.items()])

    # ---- steps

    def _first(self, before: Mapping[int, tuple[int, ...]]) -> None:
        pricing = self.pricing
        begin = dict(pricing.kept_orders)
        self._add(begin)
        taken: set[int] = {sector for order in begin.values() for sector in order}
        for team, order in before.items():
            if self._still_fits(team, order, taken):
                begin[team] = tuple(order)
                taken |= set(order)
        if before:
            self._take(dict(begin))
        first = extended(pricing, begin)
        self._take(first)
        self._tell("first")
        self._take(reworked(pricing, first, self._teams.tolist()))
        if not before:
            plain = extended(pricing, pricing.kept_orders)
            self._take(reworked(pricing, plain, self._teams.tolist()))
        self._add(self.orders)

    def _still_fits(self, team: int, order: tuple[int, ...], taken: set[int]) -> bool:
        pricing = self.pricing
        mine = set(order)
        if not mine or len(mine) != len(order) or len(order) > pricing.most:
            return False
        if not pricing.allowed[team, list(order)].all():
            return False
        if int(pricing.kept[team, list(order)].sum()) != int(pricing.needed[team]):
            return False
        if mine & (taken - set(pricing.kept_orders.get(team, ()))):
            return False
        return clock_round(pricing.situation, team, order) is not None

    def _price(self) -> None:
        """Generate rounds until the relaxation is closed, or near enough."""
        self.pool = Pool(self.pricing, self.effort.pool)
        everything = bool(self.pool.complete.all())
        at, relaxed, exact, pulled = self._guess(), None, everything, True
        while self.rounds < self.effort.rounds:
            self.rounds += 1
            added, worths = self._round_at(at, None if pulled else relaxed, exact=exact)
            bound = float(at.sum() + worths.sum())
            if exact and (bound < self.bound or not self._bounded):
                self.bound, self.prices = min(bound, self.bound), at
                self._best_worth, self._bounded = worths, True
            if self._done() or not self._tell("prices"):
                return
            closed = exact and not added and not pulled
            relaxed = self.master.relaxed()
            if closed or (exact and self.bound <= relaxed.value * (1.0 + self.gap / 20.0 + _SAME)):
                break
            exact = everything or not added
            pulled = everything and bool(added)  # else the pull may hide what these prices want
            at = _PULL * self.prices + (1.0 - _PULL) * relaxed.prices if pulled else relaxed.prices
            if self.rounds % 4 == 0:
                self._round_off(relaxed)
        if relaxed is not None:
            self._round_off(relaxed)

    def _round_at(self, at: Floats, relaxed: Relaxed | None, *, exact: bool) -> tuple[int, Floats]:
        """Add the best rounds at some prices; return how many were new, and the best worth of each team.

        Only where it is exact no round at all is worth more; where the list of a team is not complete, rounds
        that are better by no more than a share of the gap are not looked for. After a relaxation only
        rounds that would improve it are of interest.
        """
        pricing, new = self.pricing, []
        floors = np.where(pricing.needed > 0, -np.inf, 0.0)
        if relaxed is not None:
            floors = relaxed.team_prices + _SAME * self.bound / len(self._teams)
        worths = np.where(np.isfinite(floors), floors, 0.0)
        for team, (orders, values) in enumerate(self.pool.best(at, floors, _KEEP)):
            new += [(team, each, float(pricing.value[team, list(each)].sum())) for each in orders]
            if len(values):
                worths[team] = values[0]
        so_far = (self.bound / self.value - 1.0) / 4.0 if self.value > 0 else 0.0
        ignored = max(self.gap, so_far) / 2.0 * self.value / max(len(self._teams), 1)
        for team in np.flatnonzero(~self.pool.complete).tolist() if exact else ():
            floor = float(worths[team]) + ignored
            found, values = pricing.best(team, pricing.value[team] - at, floor, _KEEP)
            new += [(team, as_order(row), float(pricing.value[team, row[row >= 0]].sum())) for row in found]
            worths[team] = values[0] if len(values) else floor
        return self.master.add(new), worths

    def _guess(self) -> Floats:
        """Return prices as if time alone were short: what a sector gains above the last one that fits."""
        pricing = self.pricing
        cost_s = np.where(pricing.allowed, pricing.cost_s, np.inf)
        value = np.where(pricing.allowed, pricing.value, 0.0)
        team = (value / cost_s).argmax(axis=0)
        sectors = np.arange(pricing.situation.n_sectors)
        best, cost = value[team, sectors], cost_s[team, sectors]
        rate = np.where(best > 0, best / cost, 0.0)
        by_rate = np.argsort(-rate, kind="stable")
        teams = pricing.situation.teams
        hours = float((teams.back_s - teams.start_s)[self._teams].clip(0.0).sum())
        spent = np.cumsum(np.where(rate > 0, cost, 0.0)[by_rate])
        last = int(np.searchsorted(spent, hours))
        level = float(rate[by_rate[last]]) if last < len(by_rate) else 0.0
        return np.maximum(np.where(best > 0, best - level * np.where(best > 0, cost, 0.0), 0.0), 0.0)

    def _round_off(self, relaxed: Relaxed) -> None:
        """Make a plan of the relaxation: rounds by their share, then team after team anew."""
        master, taken, orders = self.master, set[int](), dict(self.pricing.kept_orders)
        given: set[int] = set()
        for place in np.argsort(-relaxed.share, kind="stable").tolist():
            if relaxed.share[place] <= _SAME:
                break
            team, order = master.teams[place], master.orders[place]
            if team not in given and not taken & set(order):
                given.add(team)
                orders[team] = order
                taken |= set(order)
        order_of_teams = self._rng.permutation(self._teams).tolist()
        self._take(reworked(self.pricing, extended(self.pricing, orders), order_of_teams))
        self._add(self.orders)

    def _dive(self) -> None:
        """Fix round after round, the surest first, and price anew in between: a plan near the relaxation."""
        master, fixed = self.master, list[int]()
        while True:
            for _ in range(_DIVE_ROUNDS):
                relaxed = master.relaxed()
                if not self._round_at(relaxed.prices, relaxed, exact=False)[0]:
                    break
            relaxed = master.relaxed()
            open_ = np.flatnonzero((relaxed.share > _SAME) & (relaxed.share < 1.0 - _SAME))
            sure = np.setdiff1d(np.flatnonzero(relaxed.share >= 1.0 - _SAME), fixed)
            new = [*sure.tolist(), *open_[relaxed.share[open_].argsort(kind="stable")[::-1][:1]].tolist()]
            master.fix(new)
            fixed += new
            if not len(open_) or not self._tell("choice"):
                break
        master.fix(fixed, least=0.0)
        self._round_off(relaxed)

    def _losses(self) -> Floats:
        """Return what each round known is worth less than the best of its team, at the best prices."""
        known = zip(self.master.teams, self.master.orders, self.master.values, strict=True)
        return np.array(
            [
                float(self._best_worth[team] + self.prices[list(order)].sum()) - value
                for team, order, value in known
            ]
        )

    def _nearest(self) -> npt.NDArray[np.int64]:
        """Return the rounds that are nearly the best of their teams: a choice among few is made soon."""
        losses = self._losses()
        return np.sort(np.argsort(losses, kind="stable")[: _CHOICE * len(self._teams)])

    def _choose(self, stage: Stage, among: npt.NDArray[np.int64], gap: float) -> float:
        """Choose the best rounds among some; return the bound of that choice."""
        self._add(self.orders)
        known = self._known()
        among = np.union1d(among, known)
        master = self.master
        taken, bound = master.best_choice(
            among,
            known,
            gap=gap,
            most_nodes=self.effort.nodes,
            heard=lambda value, limit: (
                self._tell(stage, value, limit if stage == "proof" else None) and not self._done(value)
            ),
        )
        orders = {master.teams[each]: master.orders[each] for each in taken}
        self._take(reworked(self.pricing, orders, self._rng.permutation(self._teams).tolist()))
        return bound

    def _known(self) -> list[int]:
        place = {
            (team, frozenset(order)): each
            for each, (team, order) in enumerate(zip(self.master.teams, self.master.orders, strict=True))
        }
        return [place[team, frozenset(order)] for team, order in self.orders.items()]

    def _prove(self) -> None:
        """List every round that a better plan could hold, and choose among them."""
        pricing = self.pricing
        slack = float(self.prices.sum() + self._best_worth.sum()) - self.value + _SAME * self.bound
        listed = self.pool.near(self.prices, self._best_worth - slack, self.effort.listed)
        if listed is None:
            return
        for team in np.flatnonzero(~self.pool.complete).tolist():
            floor, room = float(self._best_worth[team]) - slack, self.effort.listed - len(listed)
            found = pricing.every(team, pricing.value[team] - self.prices, floor, slack, room)
            if found is None:
                return
            listed += [(team, as_order(row)) for row in found[0]]
        self.master.add([(team, each, float(pricing.value[team, list(each)].sum())) for team, each in listed])
        bound = self._choose("proof", np.flatnonzero(self._losses() <= slack), self.gap)
        self.bound = min(self.bound, max(bound, self.value))
