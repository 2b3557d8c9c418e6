"""One sector for each team: the best pairing, exactly, with the prices that prove it. For the worker only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.assignment_kernels import best_pairs
from dispatch.assignment_possible import possible
from dispatch.assignment_reasons import explained
from dispatch.assignment_values import wrong_situation

if TYPE_CHECKING:
    import numpy.typing as npt

    from dispatch.assignment_plan import Plan
    from dispatch.assignment_possible import Possible
    from dispatch.assignment_values import NoAssignment, Situation

    Floats = npt.NDArray[np.float64]


def assign_one_each(situation: Situation) -> Plan | NoAssignment:
    """Return at most one sector for every team so that the gains add up to most.

    Returns
    -------
    Plan or NoAssignment
        Proven best; bad input is answered, not raised. A team with several locks keeps the one that gains
        most, the others are in ``broken``.
    """
    wrong = wrong_situation(situation)
    if wrong is not None:
        return wrong
    can = possible(situation)
    pairs = _kept_pairs(situation, can)
    gain = np.where(can.allowed & ~can.kept, situation.work.gain, 0.0)
    gain[list(pairs)] = 0.0
    gain[:, list(pairs.values())] = 0.0
    rows, columns = np.flatnonzero(gain.any(axis=1)), np.flatnonzero(gain.any(axis=0))
    found, prices = _best(gain[np.ix_(rows, columns)])
    for row, column in enumerate(found.tolist()):
        if column >= 0 and gain[rows[row], columns[column]] > 0:
            pairs[int(rows[row])] = int(columns[column])
    priced = np.zeros(situation.n_sectors)
    priced[columns] = prices
    orders = {team: (sector,) for team, sector in pairs.items()}
    return explained(situation, can, orders, prices=priced, bound=0.0, ended="proven", rounds=0)


def _kept_pairs(situation: Situation, can: Possible) -> dict[int, int]:
    """Return for each team with locks that can be kept the one that gains most."""
    pairs = {}
    for team in np.flatnonzero((can.kept & can.allowed).any(axis=1)).tolist():
        mine = np.flatnonzero(can.kept[team] & can.allowed[team])
        pairs[team] = int(mine[situation.work.gain[team, mine].argmax()])
    return pairs


def _best(gain: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the column of each row, or -1, and the prices of the columns, none below zero."""
    n_rows, n_columns = gain.shape
    if not n_rows:
        return np.zeros(0, dtype=np.int64), np.zeros(n_columns)
    # One row or column too many that gains nothing: then somebody goes without, and no price is below zero.
    if n_rows < n_columns:
        found, _, prices = best_pairs(np.ascontiguousarray(gain))
        return found, prices
    padded = np.hstack((gain.T, np.zeros((n_columns, 1)))) if n_rows == n_columns else gain.T
    rows, prices, _ = best_pairs(np.ascontiguousarray(padded))
    found = np.full(n_rows + 1, -1, dtype=np.int64)
    found[rows] = np.arange(n_columns)
    return found[:n_rows], prices
