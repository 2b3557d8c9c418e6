"""From the state of a search to the arrays of an assignment. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, get_args

import numpy as np

from dispatch.assignment_change import Steadiness
from dispatch.assignment_values import NOWHERE, Sectors, Situation, Teams, Ways, Work
from geo.sweep import light_at
from search_ops.domain.roster_wishes import Competence
from search_ops.domain.wishes import TeamKind
from search_ops.services import assigning_gains
from search_ops.services.assigning_ways import cells_of_sectors, ways_of_ride

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import numpy.typing as npt

    from search_ops.domain.assignment_wishes import AssignmentWish
    from search_ops.services.assigning_inputs import Inputs
    from search_ops.services.assigning_teams import Crew, Crews
    from search_ops.services.assigning_ways import Cell, RideWays

    Doubles = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

SKILLS: Final[tuple[str, ...]] = tuple(dict.fromkeys((*get_args(TeamKind), *get_args(Competence))))
_MOSTLY: Final = 0.6
_LEAST_LEFT_S: Final = 600.0
_STAYS_FOR: Final = 0.5
"""A prepared task is moved only for more than half of what such a task finds on average."""
_LIGHT_STEP_S: Final = 300.0
_LIGHT_AHEAD_S: Final = 48 * 3600.0


@dataclass(frozen=True, slots=True)
class Problem:
    """An assignment to be made, with what its numbers mean.

    Attributes
    ----------
    before
        What teams already have to do, by number.
    why
        Sector number -> why nothing is to be done there, in words of this search.
    """

    inputs: Inputs
    wish: AssignmentWish
    crews: Crews
    situation: Situation
    before: Mapping[int, tuple[int, ...]]
    steady: Steadiness
    by: str
    cells: tuple[Cell | None, ...]
    ways: Mapping[str, RideWays]
    why: Mapping[int, str]
    notices: tuple[str, ...]


def problem_of(inputs: Inputs, wish: AssignmentWish, crews: Crews, told: Callable[[float], None]) -> Problem:
    """Return the assignment to be made.

    Parameters
    ----------
    told
        Hears the share of ways that is measured.
    """
    counted, notices = crews.counted, set[str]()
    cells = tuple(cells_of_sectors(inputs))
    rides: list[str] = sorted({crew.ride for crew in counted}) or ["none"]
    ways = {
        ride: ways_of_ride(inputs, ride, cells, lambda share, k=k: told((k + share) / len(rides)))  # type: ignore[misc]
        for k, ride in enumerate(rides)
    }
    notices |= {"no_road" for ride in rides if ride != "none" and not ways[ride].driven}
    notices |= {"no_base"} if inputs.base is None else set()
    notices |= {"no_ground"} if inputs.terrain.ground.is_empty else set()
    by = wish.by or ("probability" if inputs.probability is not None else "priority")
    if by == "probability" and inputs.probability is None:
        by = "priority"
        notices.add("no_probability")
    ranked = any(each.get("priority") for each in inputs.searched.of("sector_ranks").values())
    notices |= {"ranks_not_counted"} if by == "probability" and ranked else set()
    notices |= {"begins_in_the_past"} if wish.begins_at is not None and wish.begins_at < crews.zero else set()
    seconds = assigning_gains.search_s(inputs, counted)
    gain, why = assigning_gains.gains(inputs, counted, seconds, by)
    sectors = _sectors(inputs, wish, crews, seconds=seconds, why=why, notices=notices)
    before = _before(inputs, counted)
    must, must_not = _locks(inputs, crews, before, notices)
    teams = _teams(inputs, wish, crews, ways, rides)
    _what_is_left(inputs, crews, ways, seconds, gain)
    _second_teams(before, teams, seconds)
    held = [gain[team, list(order)].mean() for team, order in before.items() if order]
    return Problem(
        inputs,
        wish,
        crews,
        Situation(teams, sectors, Work(gain, seconds, must, must_not), _ways(ways, rides)),
        before,
        Steadiness(issued=_STAYS_FOR * float(np.mean(held)) if held else 0.0),
        by,
        cells,
        ways,
        why,
        tuple(sorted(notices)),
    )


def _ways(ways: Mapping[str, RideWays], rides: list[str]) -> Ways:
    return Ways(
        np.stack([ways[ride].out_s for ride in rides]),
        np.stack([ways[ride].home_s for ride in rides]),
        np.arange(len(rides), dtype=np.int64),
        np.stack([ways[ride].between_s for ride in rides]),
    )


def _sectors(
    inputs: Inputs,
    wish: AssignmentWish,
    crews: Crews,
    *,
    seconds: Doubles,
    why: dict[int, str],
    notices: set[str],
) -> Sectors:
    count = len(inputs.sector_ids)
    required, held = np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.bool_)
    ranks = inputs.searched.of("sector_ranks")
    for number, sector_id in enumerate(inputs.sector_ids):
        mark = inputs.sector(sector_id).get("mark")
        held[number] = mark == "held_by_other"
        if mark == "blocked":
            seconds[:, number] = np.inf
            why[number] = "blocked"
        needs = set(ranks.get(sector_id, {}).get("needs") or ())
        if inputs.covers.get(sector_id, {}).get("water", 0.0) > _MOSTLY:
            needs.add("boat")
        required[number] = _bits(needs)
    opens_s, closes_s = 0.0, np.inf
    if wish.daylight:
        opens_s, closes_s = _light(inputs, crews.zero)
        notices |= {"no_daylight"} if closes_s <= opens_s else set()
    return Sectors(required, np.full(count, opens_s), np.full(count, closes_s), held)


def _bits(skills: Iterable[str]) -> int:
    return sum(1 << SKILLS.index(each) for each in set(skills) if each in SKILLS)


def _light(inputs: Inputs, zero: datetime) -> tuple[float, float]:
    """Return from when to when there is light to search by, seconds from zero; the same if there is none."""
    lon, lat = inputs.searched.frame.lon_deg, inputs.searched.frame.lat_deg
    steps = np.arange(0.0, _LIGHT_AHEAD_S, _LIGHT_STEP_S)
    by_day = [light_at(lon, lat, zero.timestamp() + step) == "day" for step in steps]
    if not any(by_day):
        return 0.0, 0.0
    first = by_day.index(True)
    last = next((k for k in range(first, len(by_day)) if not by_day[k]), None)
    return float(steps[first]), np.inf if last is None else float(steps[last])


def _before(inputs: Inputs, counted: list[Crew]) -> dict[int, tuple[int, ...]]:
    """Return the sectors that teams have to do, each once: the task under way first."""
    number_of = {sector_id: number for number, sector_id in enumerate(inputs.sector_ids)}
    tasks, taken = inputs.searched.of("tasks"), set[int]()
    before: dict[int, tuple[int, ...]] = {}
    underway = [[] if crew.task is None or crew.coming else [crew.task[0]] for crew in counted]
    for every in (underway, [list(crew.planned) for crew in counted]):
        for team, task_ids in enumerate(every):
            for task_id in task_ids:
                sector = number_of.get(str(tasks[task_id].get("sector_id")))
                if sector is not None and sector not in taken:
                    taken.add(sector)
                    before[team] = (*before.get(team, ()), sector)
    return before


def _locks(
    inputs: Inputs, crews: Crews, before: Mapping[int, tuple[int, ...]], notices: set[str]
) -> tuple[Mask, Mask]:
    """Return musts and must-nots; of two musts for one sector the newer one counts."""
    counted = crews.counted
    shape = (len(counted), len(inputs.sector_ids))
    must, must_not = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    team_of = {crew.team_id: team for team, crew in enumerate(counted)}
    number_of = {sector_id: number for number, sector_id in enumerate(inputs.sector_ids)}
    locks = sorted(inputs.searched.of("pair_locks").values(), key=lambda each: int(each["version"]))
    for each in locks:
        team, sector = team_of.get(str(each["team_id"])), number_of.get(str(each["sector_id"]))
        if each["lock"] is None or sector is None:
            continue
        if team is None:
            notices.add("lock_without_team")
        elif each["lock"] == "must_not":
            must_not[team, sector] = True
        else:
            if must[:, sector].any():
                notices.add("locked_for_two")
                must[:, sector] = False
            must[team, sector] = True
    for number, sector_id in enumerate(inputs.sector_ids):
        if sector_id in crews.held_by_out:
            must[:, number], must_not[:, number] = False, True
    # A running task stays with its team even where somebody has locked the sector for another one meanwhile.
    for team, crew in enumerate(counted):
        if crew.out_there and before.get(team):
            must[:, before[team][0]] = False
    return must, must_not


def _teams(
    inputs: Inputs, wish: AssignmentWish, crews: Crews, ways: Mapping[str, RideWays], rides: list[str]
) -> Teams:
    counted, zero = crews.counted, crews.zero
    number_of = {sector_id: number for number, sector_id in enumerate(inputs.sector_ids)}
    start_s = np.array([(crew.begins_at - zero).total_seconds() for crew in counted])
    back_s = np.array([max((crew.back_at - zero).total_seconds(), 0.0) for crew in counted])
    at_sector = np.full(len(counted), NOWHERE, dtype=np.int64)
    runs = np.zeros(len(counted), dtype=np.bool_)
    for team, crew in enumerate(counted):
        if crew.task is None:
            continue
        sector = number_of.get(str(crew.task[1].get("sector_id")))
        if crew.out_there and sector is not None:
            at_sector[team], runs[team], start_s[team] = sector, True, 0.0
        elif crew.coming:
            home_s = 0.0 if sector is None else float(ways[crew.ride].home_s[sector])
            left_s = home_s - _since_s(crew, inputs.searched.now) if np.isfinite(home_s) else 0.0
            start_s[team] = max(start_s[team], left_s, 0.0)
    light = _light(inputs, zero)
    for team, crew in enumerate(counted):
        limits = frozenset() if crew.facts is None else crew.facts.limits
        if crew.kind == "air" or "night" in limits:  # nothing flies in the dark; some cannot see in it
            start_s[team] = max(start_s[team], light[0])
            back_s[team] = min(back_s[team], light[1])
    rests = wish.rest_h > 0
    return Teams(
        start_s,
        back_s,
        np.array([_bits(crew.skills) for crew in counted], dtype=np.uint64),
        np.array([rides.index(crew.ride) for crew in counted], dtype=np.int64),
        at_sector,
        runs,
        np.full(len(counted), wish.rest_after_h * 3600.0 if rests else np.inf),
        np.full(len(counted), wish.rest_h * 3600.0),
    )


def _what_is_left(
    inputs: Inputs, crews: Crews, ways: Mapping[str, RideWays], seconds: Doubles, gain: Doubles
) -> None:
    """Count of a running task only what is left of it; on the way there, the rest of the way too."""
    number_of = {sector_id: number for number, sector_id in enumerate(inputs.sector_ids)}
    for team, crew in enumerate(crews.counted):
        if not crew.out_there or crew.task is None:
            continue
        sector = number_of[str(crew.task[1].get("sector_id"))]
        whole_s, since_s = float(seconds[team, sector]), _since_s(crew, inputs.searched.now)
        if not np.isfinite(whole_s):
            continue
        if crew.task_state == "out":
            way_s = float(ways[crew.ride].out_s[sector])
            seconds[team, sector] = whole_s + (max(way_s - since_s, 0.0) if np.isfinite(way_s) else 0.0)
        else:
            seconds[team, sector] = max(whole_s - since_s, min(_LEAST_LEFT_S, whole_s))
            gain[team, sector] *= float(seconds[team, sector]) / whole_s


def _second_teams(before: Mapping[int, tuple[int, ...]], teams: Teams, seconds: Doubles) -> None:
    """Let a team that searches beside another one finish: the sector is the other one's in the plan."""
    for team in np.flatnonzero(teams.runs).tolist():
        sector = int(teams.at_sector[team])
        if sector not in before.get(team, ())[:1]:
            teams.runs[team] = False
            left_s = float(seconds[team, sector])
            teams.start_s[team] = left_s if np.isfinite(left_s) else 0.0


def _since_s(crew: Crew, now: datetime) -> float:
    assert crew.task is not None
    since: timedelta = now - datetime.fromisoformat(str(crew.task[1]["state_at"]))
    return max(since.total_seconds(), 0.0)
