"""Checks a plan against the situation line by line, and knows nothing of how it was made.

Written apart from the solver and from its clock, in plain Python, so that one mistake is not made twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.assignment_plan import Line, Plan, Tour
    from dispatch.assignment_values import Situation

Broken = Literal[
    "unknown_team",
    "unknown_sector",
    "team_twice",
    "sector_twice",
    "empty_tour",
    "skill",
    "held",
    "locked",
    "lock_lost",
    "way",
    "clock",
    "rest",
    "window",
    "due_back",
    "running_not_first",
    "search_hours",
    "gain",
    "value",
    "bound",
    "unexplained",
]
_CLOSE_S: Final = 1e-3
_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a plan breaks.

    Attributes
    ----------
    team, sector
        Where; -1 where it is about no team or no sector.
    figure
        By how much: seconds, or a difference of gains.
    """

    rule: Broken
    team: int = -1
    sector: int = -1
    figure: float = 0.0


def faults_of(situation: Situation, plan: Plan) -> tuple[Fault, ...]:
    """Return every rule that a plan breaks; empty for a plan that may be given out."""
    faults = list(_double_use(situation, plan))
    if any(fault.rule.startswith("unknown") for fault in faults):
        return tuple(faults)
    for tour in plan.tours:
        faults += _tour_faults(situation, tour)
    faults += _locks(situation, plan)
    faults += _sums(plan)
    faults += _explained(situation, plan)
    return tuple(faults)


def _double_use(situation: Situation, plan: Plan) -> Iterator[Fault]:
    teams: set[int] = set()
    sectors: set[int] = set()
    for tour in plan.tours:
        if not 0 <= tour.team < situation.n_teams:
            yield Fault("unknown_team", tour.team)
        if tour.team in teams:
            yield Fault("team_twice", tour.team)
        if not tour.lines:
            yield Fault("empty_tour", tour.team)
        teams.add(tour.team)
        for line in tour.lines:
            if not 0 <= line.sector < situation.n_sectors or line.team != tour.team:
                yield Fault("unknown_sector", tour.team, line.sector)
            if line.sector in sectors:
                yield Fault("sector_twice", tour.team, line.sector)
            sectors.add(line.sector)


def _tour_faults(situation: Situation, tour: Tour) -> Iterator[Fault]:
    team, teams, ways = tour.team, situation.teams, situation.ways
    kind = int(teams.ways_of[team])
    here = int(teams.at_sector[team])
    free_s = start_s = float(teams.start_s[team])
    busy_s = 0.0
    for place, line in enumerate(tour.lines):
        yield from _pair_faults(situation, line)
        if place and bool(teams.runs[team]) and line.sector == int(teams.at_sector[team]):
            yield Fault("running_not_first", team, line.sector)
        from_s = ways.between_s[int(ways.vehicle_of[kind])][here] if here >= 0 else ways.out_s[kind]
        way_s = float(from_s[line.sector])
        if not math.isfinite(way_s) or abs(way_s - line.way_s) > _CLOSE_S:
            yield Fault("way", team, line.sector, line.way_s - way_s)
            return
        if line.begin_s < free_s + way_s - _CLOSE_S:
            yield Fault("clock", team, line.sector, free_s + way_s - line.begin_s)
        busy_s += way_s
        yield from _rest(situation, team, line.sector, busy_s, line.begin_s - start_s)
        search_s = float(situation.work.search_s[team, line.sector])
        if not math.isfinite(search_s) or abs(search_s - line.search_s) > _CLOSE_S:
            yield Fault("search_hours", team, line.sector, line.search_s - search_s)
            return
        busy_s += search_s
        if line.end_s < line.begin_s + search_s - _CLOSE_S:
            yield Fault("clock", team, line.sector, line.begin_s + search_s - line.end_s)
        yield from _rest(situation, team, line.sector, busy_s, line.end_s - start_s)
        early_s = float(situation.sectors.opens_s[line.sector]) - line.begin_s
        late_s = line.end_s - float(situation.sectors.closes_s[line.sector])
        if max(early_s, late_s) > _CLOSE_S:
            yield Fault("window", team, line.sector, max(early_s, late_s))
        here, free_s = line.sector, line.end_s
    yield from _way_home(situation, tour, here, free_s, busy_s)


def _way_home(situation: Situation, tour: Tour, here: int, free_s: float, busy_s: float) -> Iterator[Fault]:
    teams, team = situation.teams, tour.team
    home_s = float(situation.ways.home_s[int(teams.ways_of[team])][here]) if here >= 0 else 0.0
    if not math.isfinite(home_s) or abs(home_s - tour.home_s) > _CLOSE_S:
        yield Fault("way", team, figure=tour.home_s - home_s)
        return
    if tour.back_s < free_s + home_s - _CLOSE_S:
        yield Fault("clock", team, figure=free_s + home_s - tour.back_s)
    yield from _rest(situation, team, -1, busy_s + home_s, tour.back_s - float(teams.start_s[team]))
    over_s = tour.back_s - float(teams.back_s[team])
    if over_s > _CLOSE_S:
        yield Fault("due_back", team, figure=over_s)


def _rest(situation: Situation, team: int, sector: int, busy_s: float, elapsed_s: float) -> Iterator[Fault]:
    """Hold that what is neither way nor search lasts as long as the rests that are due by then."""
    every_s, rest_s = float(situation.teams.rest_after_s[team]), float(situation.teams.rest_s[team])
    due = 0
    while (due + 1) * every_s < busy_s - _CLOSE_S and rest_s > 0:
        due += 1
    short_s = due * rest_s - (elapsed_s - busy_s)
    if short_s > _CLOSE_S:
        yield Fault("rest", team, sector, short_s)


def _pair_faults(situation: Situation, line: Line) -> Iterator[Fault]:
    team, sector = line.team, line.sector
    required, has = int(situation.sectors.required[sector]), int(situation.teams.skills[team])
    if required & ~has:
        yield Fault("skill", team, sector, float((required & ~has).bit_count()))
    if situation.sectors.held[sector]:
        yield Fault("held", team, sector)
    others = [each for each in range(situation.n_teams) if situation.work.must[each, sector] and each != team]
    if situation.work.must_not[team, sector] or others:
        yield Fault("locked", team, sector)
    gain = float(situation.work.gain[team, sector])
    if abs(gain - line.gain) > _CLOSE:
        yield Fault("gain", team, sector, line.gain - gain)


def _locks(situation: Situation, plan: Plan) -> Iterator[Fault]:
    """Hold that every lock by hand is kept or named as broken."""
    done = {(line.team, line.sector) for tour in plan.tours for line in tour.lines}
    named = {(left.team, left.sector) for left in plan.broken}
    for team in range(situation.n_teams):
        for sector in range(situation.n_sectors):
            if situation.work.must[team, sector] and (team, sector) not in done | named:
                yield Fault("lock_lost", team, sector)
    for team, sector in sorted(done & named):
        yield Fault("unexplained", team, sector)


def _sums(plan: Plan) -> Iterator[Fault]:
    value = math.fsum(line.gain for tour in plan.tours for line in tour.lines)
    if abs(value - plan.value) > _CLOSE * max(1.0, abs(value)):
        yield Fault("value", figure=plan.value - value)
    total = plan.value + plan.steady
    if not plan.bound >= total * (1.0 - _CLOSE):
        yield Fault("bound", figure=plan.bound - total)
    gap = plan.bound / total - 1.0 if total > 0 else plan.gap
    if math.isfinite(gap) and abs(gap - plan.gap) > _CLOSE * max(1.0, abs(gap)):
        yield Fault("bound", figure=plan.gap - gap)


def _explained(situation: Situation, plan: Plan) -> Iterator[Fault]:
    """Hold that every sector and team is in the plan, or left out with a reason, exactly once."""
    taken = [line.sector for tour in plan.tours for line in tour.lines]
    sectors = sorted(taken + [left.sector for left in plan.left_sectors])
    if sectors != list(range(situation.n_sectors)):
        for sector in range(situation.n_sectors):
            if sectors.count(sector) != 1:
                yield Fault("unexplained", sector=sector)
    teams = [tour.team for tour in plan.tours] + [left.team for left in plan.idle_teams]
    for team in range(situation.n_teams):
        if teams.count(team) != 1:
            yield Fault("unexplained", team)
