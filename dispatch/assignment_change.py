"""Planning again after a change: running tasks stay where they can, the rest moves only for a gain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dispatch.assignment_possible import OBSTACLES, POSSIBLE, Obstacle, possible
from dispatch.assignment_shifts import Effort, plan_shifts
from dispatch.assignment_values import MOST_STOPS, NoAssignment, Situation, clock_round, wrong_situation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from dispatch.assignment_plan import Plan
    from dispatch.assignment_possible import Possible
    from dispatch.assignment_shifts import Progress

    Floats = npt.NDArray[np.float64]

Kind = Literal["added", "removed", "moved"]
ChangeReason = Literal["no_time", "better"]


@dataclass(frozen=True, slots=True)
class Steadiness:
    """What it is worth to leave a plan as it is, in the units of gain.

    Attributes
    ----------
    issued
        For every planned pair that stays, >= 0: a pair is given up only for more than this.
    running
        For every running task that stays besides that; None: it stays whenever the team still has a round
        with it, whatever it costs.
    """

    issued: float
    running: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One sector whose team changes.

    Attributes
    ----------
    was, now
        Teams, or None.
    running
        Whether a running task is broken off.
    reason
        ``better``: the new plan gains more so. ``no_time``: the team's old round can no longer be done as a
        whole. Else what now stands between the old team and the sector, as for a sector left out.
    gain
        Of the new pair less that of the old one, by today's gains.
    """

    sector: int
    kind: Kind
    was: int | None
    now: int | None
    running: bool
    reason: Obstacle | ChangeReason
    gain: float


@dataclass(frozen=True, slots=True)
class Replan:
    """The new plan and what it changes.

    Attributes
    ----------
    changes
        Running tasks first, then by sector.
    stayed
        Pairs of the old plan that are in the new one.
    """

    plan: Plan
    changes: tuple[Change, ...]
    stayed: int


def plan_again(
    situation: Situation,
    before: Mapping[int, Sequence[int]],
    *,
    steady: Steadiness,
    seed: int = 0,
    gap: float = 1e-3,
    most_stops: int = MOST_STOPS,
    effort: Effort | None = None,
    heard: Callable[[Progress], bool] | None = None,
) -> Replan | NoAssignment:
    """Return a new plan that changes little, and the difference.

    Parameters
    ----------
    situation
        As it is now: later starts, ways that are closed, new gains, teams where they stand.
    before
        Sectors still to be searched by each team, in order; a running one first.
    steady
        What staying is worth.

    Returns
    -------
    Replan or NoAssignment
        Bad input is answered, not raised; a team or sector in ``before`` that does not exist any more too.
    """
    wrong = wrong_situation(situation) or _wrong_before(situation, before, steady)
    if wrong is not None:
        return wrong
    bonus = np.zeros(situation.work.gain.shape)
    for team, order in before.items():
        bonus[team, list(order)] = steady.issued
    if steady.running is not None:
        runs = np.flatnonzero(situation.teams.runs)
        bonus[runs, situation.teams.at_sector[runs]] += steady.running
    plan = plan_shifts(
        situation,
        seed=seed,
        gap=gap,
        most_stops=most_stops,
        effort=effort,
        bonus=bonus,
        before={team: tuple(order) for team, order in before.items()},
        keep_running=steady.running is None,
        heard=heard,
    )
    if isinstance(plan, NoAssignment):
        return plan
    can = possible(situation, keep_running=False)
    changes, stayed = _difference(situation, can, before, plan)
    return Replan(plan, changes, stayed)


def _wrong_before(
    situation: Situation, before: Mapping[int, Sequence[int]], steady: Steadiness
) -> NoAssignment | None:
    seen: set[int] = set()
    for team, order in before.items():
        if not 0 <= team < situation.n_teams:
            return NoAssignment("unknown_team", "before", (team,))
        for sector in order:
            if not 0 <= sector < situation.n_sectors:
                return NoAssignment("unknown_sector", "before", (team, sector))
            if sector in seen:
                return NoAssignment("locked_for_two", "before", (team, sector))
            seen.add(sector)
    for name, worth in (("issued", steady.issued), ("running", steady.running)):
        if worth is not None and not (math.isfinite(worth) and worth >= 0):
            return NoAssignment("limit_invalid", name)
    return None


def _difference(
    situation: Situation, can: Possible, before: Mapping[int, Sequence[int]], plan: Plan
) -> tuple[tuple[Change, ...], int]:
    was = {int(sector): team for team, order in before.items() for sector in order}
    now = {line.sector: line.team for tour in plan.tours for line in tour.lines}
    late = {
        team for team, order in before.items() if order and clock_round(situation, team, tuple(order)) is None
    }
    gain, teams = situation.work.gain, situation.teams
    changes = []
    for sector in sorted(was.keys() | now.keys()):
        old, new = was.get(sector), now.get(sector)
        if old == new:
            continue
        reason: Obstacle | ChangeReason = "better"
        if old is not None:
            code = int(can.code[old, sector])
            if code < POSSIBLE:
                reason = OBSTACLES[code]
            elif old in late:
                reason = "no_time"
        kind: Kind = "moved"
        if old is None or new is None:
            kind = "added" if old is None else "removed"
        more = float(gain[new, sector]) if new is not None else 0.0
        less = float(gain[old, sector]) if old is not None else 0.0
        runs = old is not None and bool(teams.runs[old]) and int(teams.at_sector[old]) == sector
        changes.append(Change(sector, kind, old, new, runs, reason, more - less))
    changes.sort(key=lambda each: (not each.running, each.sector))
    return tuple(changes), sum(now.get(sector) == team for sector, team in was.items())
