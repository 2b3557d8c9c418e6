"""From orders of sectors to a plan that explains itself: times, gains, detours, prices, why not the rest."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.assignment_plan import Because, Ended, Left, LeftReason, Line, Plan, Tour
from dispatch.assignment_possible import OBSTACLES, POSSIBLE, Obstacle, Possible
from dispatch.assignment_values import NOWHERE, Round, Situation, clock_round

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_HOUR_S: Final = 3600.0
_MOST_TRIED: Final = 5


def explained(
    situation: Situation,
    can: Possible,
    orders: Mapping[int, Sequence[int]],
    *,
    prices: Floats,
    bound: float,
    ended: Ended,
    rounds: int,
    bonus: Floats | None = None,
) -> Plan:
    """Return the plan in which each team searches its sectors, in the order that brings it home first.

    Parameters
    ----------
    orders
        Sectors of each team that has work, in an order that is a round.
    bonus
        What pairs count besides their gain, shape ``(n_teams, n_sectors)``.
    """
    tours = tuple(
        _tour(situation, team, best_order(situation, team, orders[team]), prices)
        for team in sorted(orders)
        if len(orders[team])
    )
    lines = [line for tour in tours for line in tour.lines]
    value = math.fsum(line.gain for line in lines)
    steady = 0.0 if bonus is None else math.fsum(float(bonus[line.team, line.sector]) for line in lines)
    total = value + steady
    bound = max(bound, total)
    nothing = math.inf if bound > 0 else 0.0
    gap = bound / total - 1.0 if total > 0 else nothing
    busy, taken = {tour.team for tour in tours}, {line.sector for line in lines}
    pairs = {(line.team, line.sector) for line in lines}
    per_h = _alone_per_h(situation, can)
    idle = tuple(
        _left(situation, can, per_h, team=team) for team in range(situation.n_teams) if team not in busy
    )
    left = [
        _left(situation, can, per_h, sector=each) for each in range(situation.n_sectors) if each not in taken
    ]
    left.sort(key=lambda each: (-each.gain_per_h, each.sector))
    broken = tuple(
        _pair(situation, can, per_h, int(team), int(sector))
        for team, sector in np.argwhere(can.kept)
        if (int(team), int(sector)) not in pairs
    )
    return Plan(tours, value, steady, bound, gap, prices, tuple(left), idle, broken, ended, rounds)


def best_order(situation: Situation, team: int, order: Sequence[int]) -> tuple[int, ...]:
    """Return the sectors in the order that brings the team home first; more than five stay as they are."""
    mine = tuple(int(each) for each in order)
    if len(mine) > _MOST_TRIED:
        return mine
    tried = [(clock_round(situation, team, each), each) for each in itertools.permutations(mine)]
    rounds = [(walked.back_s, each) for walked, each in tried if walked is not None]
    return min(rounds)[1] if rounds else mine


def _tour(situation: Situation, team: int, order: Sequence[int], prices: Floats) -> Tour:
    walked = clock_round(situation, team, order)
    assert walked is not None, "a round that is none"  # the kernels keep the same rules
    lines = tuple(
        _line(situation, team, walked, place, float(prices[walked.stays[place].sector]))
        for place in range(len(walked.stays))
    )
    busy_s = sum(line.way_s + line.search_s for line in lines) + walked.home_s
    idle_s = max(walked.back_s - float(situation.teams.start_s[team]) - busy_s, 0.0)
    return Tour(team, lines, walked.home_s, walked.back_s, idle_s)


def _line(situation: Situation, team: int, walked: Round, place: int, price: float) -> Line:
    stay = walked.stays[place]
    kind = int(situation.teams.ways_of[team])
    between_s = situation.ways.between_s[situation.ways.vehicle_of[kind]]
    here = walked.stays[place - 1].sector if place else int(situation.teams.at_sector[team])
    next_s = walked.stays[place + 1].way_s if place + 1 < len(walked.stays) else walked.home_s
    if place + 1 == len(walked.stays):
        past_s = 0.0 if here == NOWHERE else float(situation.ways.home_s[kind, here])
    else:
        after = walked.stays[place + 1].sector
        from_s = situation.ways.out_s[kind] if here == NOWHERE else between_s[here]
        past_s = float(from_s[after])
    detour_s = max(stay.way_s + next_s - past_s, 0.0) if math.isfinite(past_s) else stay.way_s + next_s
    gain = float(situation.work.gain[team, stay.sector])
    search_s = float(situation.work.search_s[team, stay.sector])
    because: Because = "gain"
    if situation.work.must[team, stay.sector]:
        because = "locked"
    elif situation.teams.runs[team] and situation.teams.at_sector[team] == stay.sector:
        because = "running"
    return Line(
        team,
        stay.sector,
        stay.way_s,
        stay.begin_s,
        stay.end_s,
        gain,
        search_s,
        detour_s,
        gain / (search_s + detour_s) * _HOUR_S,
        price,
        because,
    )


def _alone_per_h(situation: Situation, can: Possible) -> Floats:
    hours = (can.way_s + situation.work.search_s) / _HOUR_S
    per_h: Floats = np.where(can.allowed, situation.work.gain / np.where(can.allowed, hours, 1.0), 0.0)
    return per_h


def _left(
    situation: Situation, can: Possible, per_h: Floats, *, team: int | None = None, sector: int | None = None
) -> Left:
    """Explain by the pair that came closest: the last obstacle, the most per hour, the least shortfall."""
    if team is None:
        assert sector is not None
        codes, figures, gains = can.code[:, sector], can.figure[:, sector], per_h[:, sector]
    else:
        codes, figures, gains = can.code[team], can.figure[team], per_h[team]
    closest = np.lexsort((figures, -gains, -codes.astype(np.int64)))[0]
    if team is None:
        assert sector is not None
        return _pair(situation, can, per_h, int(closest), sector)
    return _pair(situation, can, per_h, team, int(closest))


def _pair(situation: Situation, can: Possible, per_h: Floats, team: int, sector: int) -> Left:
    code = int(can.code[team, sector])
    reason: Obstacle | LeftReason
    if code < POSSIBLE:
        reason, figure = OBSTACLES[code], float(can.figure[team, sector])
    elif can.kept[team, sector]:
        reason, figure = "locks_do_not_fit", float(can.kept[team].sum())
    else:
        reason, figure = "better_elsewhere", float(situation.work.gain[team, sector])
    return Left(team, sector, reason, figure, float(per_h[team, sector]))
