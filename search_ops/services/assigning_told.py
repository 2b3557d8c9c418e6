"""A plan as desks read it: who goes where, when and why, what is left out and why not. For the worker."""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from search_ops.domain.events import wire_time
from search_ops.services.assigning_ways import drop_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.assignment_change import Change
    from dispatch.assignment_plan import Left, Line, Plan, Tour
    from dispatch.assignment_values import NoAssignment
    from search_ops.services.assigning_situation import Problem

_DIGITS: Final = 6
_IN_OUR_WORDS: Final = frozenset({"no_gain", "cannot_search", "locked"})
"""Obstacles of the plan that a search has a better word for, where it knows one."""


def head_of(problem: Problem, *, assignment_id: str, stage: str) -> dict[str, Any]:
    """Return what is told of every plan, made or not."""
    inputs, wish = problem.inputs, problem.wish
    base = inputs.base
    return {
        "assignment_id": assignment_id,
        "stage": stage,
        "made_at": wire_time(inputs.searched.now),
        "begins_at": wire_time(problem.crews.zero),
        "hours": wish.hours,
        "daylight": wish.daylight,
        "seed": wish.seed,
        "by": problem.by,
        "base": None if base is None else {"lon": base.lon, "lat": base.lat, "source": base.source},
        "notices": list(problem.notices),
        "fingerprint": fingerprint(problem),
        "known_tasks": _known_tasks(problem),
        "teams_out": [
            {"team_id": each.team_id, "callsign": each.callsign, "reason": each.reason}
            for each in problem.crews.out
        ],
        "without_place": [
            {"sector_id": each, "label": inputs.sector(each)["label"]} for each in inputs.without_place
        ],
    }


def told_plan(problem: Problem, plan: Plan, changes: Sequence[Change], stayed: int) -> dict[str, Any]:
    """Return a plan that was made and checked."""
    return {
        "refused": None,
        "value": round(plan.value, _DIGITS),
        "gap": round(plan.gap, _DIGITS) if math.isfinite(plan.gap) else None,
        "ended": plan.ended,
        "rounds": plan.rounds,
        "tours": [_tour(problem, tour) for tour in plan.tours],
        "left_sectors": [_left(problem, each, of_sector=True) for each in plan.left_sectors],
        "idle_teams": [_left(problem, each, of_sector=False) for each in plan.idle_teams],
        "broken": [_left(problem, each, of_sector=True) for each in plan.broken],
        "changes": [_change(problem, each) for each in changes],
        "stayed": stayed,
    }


def told_refusal(problem: Problem, refusal: NoAssignment) -> dict[str, Any]:
    """Return that no plan can be made, why, and all the same every sector and team by name."""
    inputs = problem.inputs
    return {
        "refused": refusal.reason,
        "refused_field": refusal.field,
        "value": 0.0,
        "gap": None,
        "ended": None,
        "rounds": 0,
        "tours": [],
        "left_sectors": [
            {**_sector(problem, number), **_team(problem, None)}
            | {"reason": problem.why.get(number, refusal.reason), "figure": 0.0, "gain_per_h": 0.0}
            for number in range(len(inputs.sector_ids))
        ],
        "idle_teams": [
            {**_sector(problem, None), **_team(problem, number)}
            | {"reason": refusal.reason, "figure": 0.0, "gain_per_h": 0.0}
            for number in range(len(problem.crews.counted))
        ],
        "broken": [],
        "changes": [],
        "stayed": 0,
    }


def _known_tasks(problem: Problem) -> list[dict[str, Any]]:
    """Return the tasks that the plan reckoned with: what came later is not its to take back."""
    tasks = problem.inputs.searched.of("tasks")
    mine = [
        key
        for crew in problem.crews.counted
        for key in (*(() if crew.task is None else (crew.task[0],)), *crew.planned)
    ]
    return [{"task_id": key, "state": tasks[key]["state"]} for key in mine]


def fingerprint(problem: Problem) -> str:
    """Return a digest of every number that the plan follows from: equal inputs and seed, equal plan."""
    digest = hashlib.sha256()
    situation = problem.situation
    for part in (situation.teams, situation.sectors, situation.work, situation.ways):
        for name in part.__slots__:
            digest.update(np.ascontiguousarray(getattr(part, name)).tobytes())
    return digest.hexdigest()[:12]


def _at(problem: Problem, seconds: float) -> str:
    return wire_time(problem.crews.zero + timedelta(seconds=seconds))


def _sector(problem: Problem, number: int | None) -> dict[str, Any]:
    if number is None or number < 0:
        return {"sector_id": None, "label": None}
    sector_id = problem.inputs.sector_ids[number]
    return {"sector_id": sector_id, "label": problem.inputs.sector(sector_id)["label"]}


def _team(problem: Problem, number: int | None) -> dict[str, Any]:
    if number is None or number < 0:
        return {"team_id": None, "callsign": None}
    crew = problem.crews.counted[number]
    return {"team_id": crew.team_id, "callsign": crew.team["callsign"]}


def _tour(problem: Problem, tour: Tour) -> dict[str, Any]:
    crew = problem.crews.counted[tour.team]
    return {
        **_team(problem, tour.team),
        "kind": crew.kind,
        "people": crew.people,
        "ride": crew.ride,
        "start_at": _at(problem, float(problem.situation.teams.start_s[tour.team])),
        "back_at": _at(problem, tour.back_s),
        "due_at": wire_time(crew.back_at),
        "home_s": round(tour.home_s),
        "idle_s": round(tour.idle_s),
        "lines": [_line(problem, line, first=place == 0) for place, line in enumerate(tour.lines)],
    }


def _line(problem: Problem, line: Line, *, first: bool) -> dict[str, Any]:
    crew = problem.crews.counted[line.team]
    away = problem.ways[crew.ride].home_s[line.sector]
    task_id = None
    sector_id = problem.inputs.sector_ids[line.sector]
    tasks = problem.inputs.searched.of("tasks")
    if crew.task is not None and not crew.coming and crew.task[1].get("sector_id") == sector_id:
        task_id = crew.task[0]
    else:
        task_id = next((key for key in crew.planned if tasks[key].get("sector_id") == sector_id), None)
    standing = bool(problem.situation.teams.runs[line.team]) and first
    return {
        **_sector(problem, line.sector),
        "task_id": task_id,
        "because": line.because,
        "way_s": round(line.way_s),
        **_on_foot(problem, line, known=first and not standing),
        "begin_at": _at(problem, line.begin_s),
        "end_at": _at(problem, line.end_s),
        "home_by": _at(problem, line.end_s + (float(away) if math.isfinite(away) else 0.0)),
        "search_s": round(line.search_s),
        "detour_s": round(line.detour_s),
        "gain": round(line.gain, _DIGITS),
        "gain_per_h": round(line.gain_per_h, _DIGITS),
        "price": round(line.price, _DIGITS),
    }


def _on_foot(problem: Problem, line: Line, *, known: bool) -> dict[str, Any]:
    """Return where the team leaves its ride, and how long it walks from there; only from the base."""
    cell = problem.cells[line.sector]
    ways = problem.ways[problem.crews.counted[line.team].ride]
    found = drop_off(problem.inputs.terrain, ways, cell) if known and cell is not None else None
    if found is None:
        return {"walk_s": None, "drop_off": None}
    (row, column), walk_s = found
    xs, ys = problem.inputs.terrain.lattice.middles()
    point = problem.inputs.searched.frame.to_lonlat(shapely.Point(xs[column], ys[row]))
    lon, lat = shapely.get_coordinates(point)[0].round(6).tolist()
    return {"walk_s": round(walk_s), "drop_off": {"lon": lon, "lat": lat}}


def _left(problem: Problem, left: Left, *, of_sector: bool) -> dict[str, Any]:
    reason = str(left.reason)
    if of_sector and reason in _IN_OUR_WORDS:
        reason = problem.why.get(left.sector, reason)
        if reason == "locked" and problem.inputs.sector_ids[left.sector] in problem.crews.held_by_out:
            reason = "held_by_team"
    return {
        **_sector(problem, left.sector),
        **_team(problem, left.team),
        "reason": reason,
        "figure": round(left.figure, _DIGITS) if math.isfinite(left.figure) else 0.0,
        "gain_per_h": round(left.gain_per_h, _DIGITS),
    }


def _change(problem: Problem, change: Change) -> dict[str, Any]:
    reason = str(change.reason)
    if reason in _IN_OUR_WORDS:
        reason = problem.why.get(change.sector, reason)
    return {
        **_sector(problem, change.sector),
        "kind": change.kind,
        "was": _team(problem, change.was),
        "now": _team(problem, change.now),
        "running": change.running,
        "reason": reason,
        "gain": round(change.gain, _DIGITS),
    }
