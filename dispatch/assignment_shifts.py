"""Several sectors for each team's shift: a good plan at once, then better ones, proven. For the worker only.

Whole rounds are chosen, at most one for each team and sector. Prices of sectors come from the relaxation over
the rounds known so far; at these prices the best rounds of every team are found exactly, and added (column
generation). Prices and best rounds give a bound at any time (Lagrange). Where it stays open, every round that
could still matter is listed, and the choice among them is proven.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.assignment_possible import possible
from dispatch.assignment_pricing import Pricing
from dispatch.assignment_reasons import explained
from dispatch.assignment_search import Effort, Progress, Search
from dispatch.assignment_values import MOST_STOPS, NoAssignment, Situation, wrong_numbers, wrong_situation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    from dispatch.assignment_plan import Plan

    Floats = npt.NDArray[np.float64]

__all__ = ["Effort", "Progress", "plan_shifts"]
_MOST_STOPS_EVER: Final = 8


def plan_shifts(
    situation: Situation,
    *,
    seed: int = 0,
    gap: float = 1e-3,
    most_stops: int = MOST_STOPS,
    effort: Effort | None = None,
    bonus: Floats | None = None,
    before: Mapping[int, tuple[int, ...]] | None = None,
    keep_running: bool = True,
    heard: Callable[[Progress], bool] | None = None,
) -> Plan | NoAssignment:
    """Return the round of every team so that the gains add up to most.

    Parameters
    ----------
    seed
        Of everything that is drawn, 0..2**31 - 1.
    gap
        Good enough when ``bound / value - 1`` is no greater, >= 0.
    most_stops
        Sectors in a round, 1..8; more than five makes proofs slow.
    bonus
        What pairs count besides their gain, >= 0, shape ``(n_teams, n_sectors)``.
    before
        A plan to begin with; what of it no longer fits is left out.
    keep_running
        Whether a running task is kept whenever a round allows it.
    heard
        Told how far it is, first with the first good plan; answers whether to go on. Stopped early, the best
        plan so far is returned with the bound so far.

    Returns
    -------
    Plan or NoAssignment
        Bad input is answered, not raised.

    Notes
    -----
    Ways must be least travel times (going by way of a third sector is no shorter); the bound relies on it.
    """
    effort = effort or Effort()
    wrong = (
        wrong_situation(situation)
        or _wrong_options(situation, seed, gap, most_stops, bonus)
        or _wrong_effort(effort)
    )
    if wrong is not None:
        return wrong
    can = possible(situation, keep_running=keep_running)
    value = situation.work.gain if bonus is None else situation.work.gain + bonus
    pricing = Pricing(situation, can, np.ascontiguousarray(value, dtype=np.float64), most_stops)
    search = Search(pricing, gap, effort, seed, heard)
    ended = search.run(before or {})
    return explained(
        situation,
        can,
        search.orders,
        prices=search.prices,
        bound=search.bound,
        ended=ended,
        rounds=search.rounds,
        bonus=bonus,
    )


def _wrong_options(
    situation: Situation, seed: int, gap: float, most_stops: int, bonus: Floats | None
) -> NoAssignment | None:
    for name, fits in (
        ("seed", 0 <= seed < 2**31),
        ("gap", math.isfinite(gap) and gap >= 0),
        ("most_stops", 1 <= most_stops <= _MOST_STOPS_EVER),
    ):
        if not fits:
            return NoAssignment("limit_invalid", name)
    if bonus is None:
        return None
    if bonus.shape != situation.work.gain.shape:
        return NoAssignment("shapes_differ", "bonus")
    return wrong_numbers("bonus", bonus)


def _wrong_effort(effort: Effort) -> NoAssignment | None:
    for name, least in (("rounds", 0), ("nodes", 0), ("listed", 0), ("pool", 1)):
        if getattr(effort, name) < least:
            return NoAssignment("limit_invalid", name)
    return None
