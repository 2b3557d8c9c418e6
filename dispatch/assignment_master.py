"""Rounds of all teams together: the relaxation with its prices, and the best choice. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """The relaxation solved: teams may part themselves among rounds.

    Attributes
    ----------
    value
        Its value.
    team_prices, prices
        Of teams and of sectors.
    share
        Of each round, in the order in which they were added.
    """

    value: float
    team_prices: Floats
    prices: Floats
    share: Floats


class Master:
    """Rounds known so far, at most one for each team and sector, and their relaxation kept solved.

    Parameters
    ----------
    must
        Teams that have to go, shape ``(n_teams,)``.
    """

    def __init__(self, must: Mask, n_sectors: int, seed: int) -> None:
        self._must, self._n_sectors, self._seed = must, n_sectors, seed
        self._seen: set[tuple[int, frozenset[int]]] = set()
        self.teams: list[int] = []
        self.orders: list[tuple[int, ...]] = []
        self.values: list[float] = []
        self._solver = _solver(seed)
        rows = len(must) + n_sectors
        least = np.concatenate(
            (np.where(must, 1.0, -highspy.kHighsInf), np.full(n_sectors, -highspy.kHighsInf))
        )
        nothing = np.zeros(0, dtype=np.int32)
        self._solver.addRows(rows, least, np.ones(rows), 0, np.zeros(rows, np.int32), nothing, np.zeros(0))

    def add(self, rounds: Sequence[tuple[int, tuple[int, ...], float]]) -> int:
        """Add rounds (team, order, value) that are new; return how many were."""
        new = []
        for team, order, value in rounds:
            key = (team, frozenset(order))
            if key not in self._seen:
                self._seen.add(key)
                new.append((team, order, value))
        if not new:
            return 0
        self.teams += [team for team, _, _ in new]
        self.orders += [order for _, order, _ in new]
        self.values += [value for _, _, value in new]
        _add_columns(self._solver, new, len(self._must))
        return len(new)

    def relaxed(self) -> Relaxed:
        """Solve the relaxation over the rounds known."""
        self._solver.run()
        solution, n_teams = self._solver.getSolution(), len(self._must)
        duals = -np.array(solution.row_dual)
        value = -float(self._solver.getInfo().objective_function_value)
        prices = np.maximum(duals[n_teams:], 0.0)
        return Relaxed(value, duals[:n_teams], prices, np.array(solution.col_value))

    def fix(self, places: Sequence[int], *, least: float = 1.0) -> None:
        """Hold rounds in the relaxation, or with ``least`` 0 let them go again."""
        for place in places:
            self._solver.changeColBounds(place, least, highspy.kHighsInf)

    def best_choice(
        self,
        among: Whole,
        known: Sequence[int],
        *,
        gap: float,
        most_nodes: int,
        heard: Callable[[float, float], bool],
    ) -> tuple[tuple[int, ...], float]:
        """Return the best whole choice among some rounds, and a bound for all such choices.

        Parameters
        ----------
        known
            Rounds, among these, that are a choice already.
        heard
            Told value and bound now and then; answers whether to go on.
        """
        solver = _solver(self._seed)
        must = self._must
        rows = len(must) + self._n_sectors
        least = np.concatenate(
            (np.where(must, 1.0, -highspy.kHighsInf), np.full(self._n_sectors, -highspy.kHighsInf))
        )
        nothing = np.zeros(0, dtype=np.int32)
        solver.addRows(rows, least, np.ones(rows), 0, np.zeros(rows, np.int32), nothing, np.zeros(0))
        chosen = [(self.teams[each], self.orders[each], self.values[each]) for each in among.tolist()]
        _add_columns(solver, chosen, len(must))
        whole = np.full(len(among), highspy.HighsVarType.kInteger)
        solver.changeColsIntegrality(len(among), np.arange(len(among), dtype=np.int32), whole)
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("mip_abs_gap", 0.0)
        solver.setOptionValue("mip_max_nodes", most_nodes)
        place = {each: index for index, each in enumerate(among.tolist())}
        start = highspy.HighsSolution()
        first = np.zeros(len(among))
        first[[place[each] for each in known]] = 1.0
        start.col_value = first.tolist()
        solver.setSolution(start)

        def ask(event: highspy.HighsCallbackEvent) -> None:
            seen = event.data_out
            if not heard(-float(seen.mip_primal_bound), -float(seen.mip_dual_bound)):
                event.interrupt()

        solver.cbMipInterrupt += ask
        solver.run()
        information = solver.getInfo()
        bound = -float(information.mip_dual_bound)
        if information.primal_solution_status != highspy.kSolutionStatusFeasible:
            return tuple(known), bound
        taken = np.flatnonzero(np.array(solver.getSolution().col_value) > 0.5)  # noqa: PLR2004 - a half
        return tuple(int(among[each]) for each in taken), bound


def _solver(seed: int) -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - how the library takes it
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("parallel", "off")
    solver.setOptionValue("random_seed", seed)
    return solver


def _add_columns(
    solver: highspy.Highs, rounds: Sequence[tuple[int, tuple[int, ...], float]], n_teams: int
) -> None:
    n = len(rounds)
    lengths = np.array([len(order) + 1 for _, order, _ in rounds], dtype=np.int32)
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.int32)
    places = np.array(
        [place for team, order, _ in rounds for place in (team, *sorted(n_teams + each for each in order))],
        dtype=np.int32,
    )
    costs = np.array([-value for _, _, value in rounds])
    ones = np.ones(len(places))
    solver.addCols(n, costs, np.zeros(n), np.full(n, highspy.kHighsInf), len(places), starts, places, ones)
