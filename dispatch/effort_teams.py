"""Whole searchers and whole teams: where each goes, how good that is at least, and what was left out.

Coverages of all who work in a sector add up (random search). Searchers that are alike are given out exactly;
teams that differ go greedily, then by better and better exchanges, then by branch and bound with the convex
relaxation of :mod:`dispatch.effort_kinds` as the bound. The gap that remains is always stated.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from dispatch.effort import NoAllocation, allocate_hours
from dispatch.effort_kinds import KindsAllocation, allocate_kinds

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

IdleReason = Literal["cannot_search_anywhere", "no_probability_in_reach"]
NOWHERE: Final = -1
_SAME: Final = 1e-12
_ROUNDS: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class SearchersPlan:
    """How many searchers go into each sector.

    Attributes
    ----------
    searchers
        Whole numbers, shape ``(n_sectors,)``.
    pos
        Probability of success.
    next_pos
        What one searcher more would add.
    """

    searchers: Whole
    pos: float
    next_pos: float


@dataclass(frozen=True, slots=True, eq=False)
class TeamsPlan:
    """Which sector each team searches.

    Attributes
    ----------
    sector_of_team
        Shape ``(n_teams,)``; ``NOWHERE`` for a team without work.
    pos, pos_bound
        Probability of success, and a proven upper bound for every plan of this kind.
    gap
        ``pos_bound / pos - 1``; 0 when the plan is proven best.
    idle
        Teams without work and why.
    nodes
        Relaxations solved for the proof.
    """

    sector_of_team: Whole
    pos: float
    pos_bound: float
    gap: float
    idle: tuple[tuple[int, IdleReason], ...]
    nodes: int


def allocate_searchers(
    p: Floats, rate_per_h: Floats, searchers: int, shift_h: float
) -> SearchersPlan | NoAllocation:
    """Return how many of a number of equal searchers go into each sector for a shift, exactly.

    Parameters
    ----------
    p, rate_per_h
        As in :func:`dispatch.effort.allocate_hours`, for one searcher.
    searchers
        How many there are, >= 0.
    shift_h
        Hours that each searches, >= 0.

    Notes
    -----
    The continuous optimum rounded down, the rest by largest gain, then single moves while one gains: a sum of
    concave functions of whole numbers has no local optimum that is not global (Gross 1956).

    Examples
    --------
    >>> allocate_searchers(np.array([0.5, 0.3]), np.array([0.2, 0.1]), 5, 4.0).searchers.tolist()
    [3, 2]
    """
    if searchers < 0 or searchers != int(searchers):
        return NoAllocation("teams_invalid")
    ideal = allocate_hours(p, rate_per_h, searchers * shift_h)
    if isinstance(ideal, NoAllocation):
        return ideal
    cover = np.asarray(rate_per_h, dtype=np.float64) * shift_h
    count = (
        np.floor(ideal.hours_h / shift_h + _SAME).astype(np.int64)
        if shift_h > 0
        else np.zeros(len(p), np.int64)
    )
    gain_of_one = np.asarray(p, dtype=np.float64) * -np.expm1(-cover)
    gains = [(-gain, index) for index, gain in enumerate((gain_of_one * np.exp(-cover * count)).tolist())]
    heapq.heapify(gains)
    for _ in range(int(searchers) - int(count.sum())):
        _, index = gains[0]
        count[index] += 1
        heapq.heapreplace(gains, (-float(gain_of_one[index] * np.exp(-cover[index] * count[index])), index))
    while True:
        more = gain_of_one * np.exp(-cover * count)
        less = np.where(count > 0, gain_of_one * np.exp(-cover * (count - 1)), np.inf)
        to, of = int(more.argmax()), int(less.argmin())
        if not more[to] > less[of] * (1.0 + _SAME):
            break
        count[to] += 1
        count[of] -= 1
    pos = float(-(p * np.expm1(-cover * count)).sum())
    return SearchersPlan(count, pos, float((gain_of_one * np.exp(-cover * count)).max()))


def assign_teams(p: Floats, coverage: Floats, *, most_nodes: int = 60) -> TeamsPlan | NoAllocation:
    """Return one sector for every team so that most is found.

    Parameters
    ----------
    p
        Probability of each sector, >= 0, shape ``(n_sectors,)``.
    coverage
        Coverage that each team would reach in each sector in its time there, >= 0, shape
        ``(n_teams, n_sectors)``; 0 where it cannot go or would have no time left.
    most_nodes
        Relaxations that may be solved for the proof, >= 1; the gap says how far it got.

    Returns
    -------
    TeamsPlan or NoAllocation
        Bad input is answered, not raised.

    Notes
    -----
    Greedy by marginal gain finds at least half of the best (Fisher, Nemhauser and Wolsey 1978: submodular,
    one task per team). The relaxation lets teams part their time; its value is the bound.
    """
    cover = np.asarray(coverage, dtype=np.float64)
    probability = np.asarray(p, dtype=np.float64)
    if cover.ndim != 2 or probability.shape != cover.shape[1:]:  # noqa: PLR2004 - teams by sectors
        return NoAllocation("shapes_differ")
    root = allocate_kinds(probability, cover.T, np.ones(len(cover)))
    if isinstance(root, NoAllocation):
        return root
    place = _exchanged(probability, cover, _greedy(probability, cover))
    best = _value(probability, cover, place)
    place, best, bound, nodes = _proven(probability, cover, root, place, best, most_nodes)
    idle = tuple(
        (int(team), "no_probability_in_reach" if (cover[team] > 0).any() else "cannot_search_anywhere")
        for team in np.flatnonzero(place == NOWHERE)
    )
    bound = max(bound, best)
    return TeamsPlan(place, best, bound, bound / best - 1.0 if best > 0 else 0.0, idle, nodes)  # type: ignore[arg-type] # the two reasons above


def _value(p: Floats, cover: Floats, place: Whole) -> float:
    total = np.zeros(len(p))
    sent = np.flatnonzero(place != NOWHERE)
    np.add.at(total, place[sent], cover[sent, place[sent]])
    return float(-(p * np.expm1(-total)).sum())


def _greedy(p: Floats, cover: Floats) -> Whole:
    place = np.full(len(cover), NOWHERE, dtype=np.int64)
    left = p.copy()
    waiting = np.ones(len(cover), dtype=np.bool_)
    gains = -left * np.expm1(-cover)
    for _ in range(len(cover)):
        team, sector = divmod(int(np.where(waiting[:, None], gains, -1.0).argmax()), len(p))
        if not gains[team, sector] > 0:
            break
        place[team], waiting[team] = sector, False
        left[sector] *= np.exp(-cover[team, sector])
        gains[:, sector] = -left[sector] * np.expm1(-cover[:, sector])
    return place


def _exchanged(p: Floats, cover: Floats, place: Whole) -> Whole:
    """Move single teams, then swap pairs, while one of these gains."""
    at = place.copy()
    teams = np.arange(len(cover))
    for _ in range(_ROUNDS):
        sent = np.flatnonzero(at != NOWHERE)
        total = np.zeros(len(p))
        np.add.at(total, at[sent], cover[sent, at[sent]])
        own = np.where(at == NOWHERE, 0.0, cover[teams, np.maximum(at, 0)])
        missed = p * np.exp(-total)
        lost = np.where(at == NOWHERE, 0.0, missed[np.maximum(at, 0)] * np.expm1(own))
        move = -missed * np.expm1(-cover) - lost[:, None]
        move[sent, at[sent]] = 0.0
        team, sector = divmod(int(move.argmax()), len(p))
        if move[team, sector] > _SAME:
            at[team] = sector
            continue
        swap = _best_swap(missed, cover, at, own, sent)
        if swap is None:
            break
        first, second = swap
        at[first], at[second] = at[second], at[first]
    return at


def _best_swap(missed: Floats, cover: Floats, at: Whole, own: Floats, sent: Whole) -> tuple[int, int] | None:
    if len(sent) < 2:  # noqa: PLR2004 - a pair
        return None
    here = at[sent]
    there = cover[np.ix_(sent, here)]
    # What is missed less in the sector of b when a comes instead of b.
    change = -missed[here][None, :] * np.expm1(own[sent][None, :] - there)
    gain = np.where(here[:, None] == here[None, :], 0.0, change + change.T)
    first, second = divmod(int(gain.argmax()), len(sent))
    return (int(sent[first]), int(sent[second])) if gain[first, second] > _SAME else None


def _proven(  # noqa: PLR0917 - one step of assign_teams
    p: Floats, cover: Floats, root: KindsAllocation, place: Whole, best: float, most_nodes: int
) -> tuple[Whole, float, float, int]:
    """Branch on the team that parts its time most; return plan, value, bound and relaxations solved."""
    number, nodes = 0, 1
    waiting: list[tuple[float, int, Floats, Floats]] = [(-root.pos_bound, number, root.hours_h.T, cover)]
    while waiting:
        bound = -waiting[0][0]
        if bound <= best * (1.0 + 1e-9) or nodes + 2 > most_nodes:
            return place, best, bound, nodes
        _, _, share, allowed = heapq.heappop(waiting)
        rounded = _exchanged(p, cover, np.where(allowed.max(axis=1) > 0, share.argmax(axis=1), NOWHERE))
        value = _value(p, cover, rounded)
        if value > best:
            place, best = rounded, value
        # A team that no longer has anywhere to go parts nothing.
        team = int(np.where(share.any(axis=1), share.max(axis=1), np.inf).argmin())
        sector = int(share[team].argmax())
        if share[team, sector] > 1.0 - 1e-9:  # nobody parts his time: the relaxation is a plan
            continue
        only, never = allowed.copy(), allowed.copy()
        only[team] = 0.0
        only[team, sector] = allowed[team, sector]
        never[team, sector] = 0.0
        for child in (only, never):
            nodes += 1
            number += 1
            relaxed = allocate_kinds(p, child.T, np.ones(len(child)))
            if isinstance(relaxed, KindsAllocation) and relaxed.pos_bound > best * (1.0 + 1e-9):
                heapq.heappush(waiting, (-relaxed.pos_bound, number, relaxed.hours_h.T, child))
    return place, best, best, nodes
