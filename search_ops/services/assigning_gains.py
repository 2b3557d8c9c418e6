"""What each team finds in each sector and how long that takes it. For the worker only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from dispatch.assignment_values import gain_by_hand
from geo.sector_effort import SPEED_SHARES, TEAM_PACES
from geo.sweep import light_at
from search_ops.services.search_widths import sweep_of_task
from search_ops.services.sector_ground import planned_hours

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from search_ops.services.assigning_inputs import Inputs
    from search_ops.services.assigning_teams import Crew

    Doubles = npt.NDArray[np.float64]

IN_LINE: Final = frozenset({"foot", "other"})
"""Kinds whose people walk side by side: more of them take a wider swath."""
SPACING_M: Final = 20.0
USUAL_RANK: Final = 5
_PEOPLE_OF_PACE: Final = 5
_HOUR_S: Final = 3600.0
_LEAST_S: Final = 300.0
DONE: Final[Mapping[str, str]] = {"searched_proven": "already_searched", "awaiting_track": "awaiting_track"}


def search_s(inputs: Inputs, crews: Sequence[Crew]) -> Doubles:
    """Return how long each team searches each sector whole, shape ``(n_teams, n_sectors)``."""
    seconds = np.full((len(crews), len(inputs.sector_ids)), np.inf)
    known: dict[tuple[str, int], Doubles] = {}
    for number, crew in enumerate(crews):
        key = (crew.kind, crew.people)
        if key not in known:
            known[key] = np.array([_search_s(inputs, each, *key) for each in inputs.sector_ids])
        seconds[number] = known[key]
    return seconds


def _search_s(inputs: Inputs, sector_id: str, kind: str, people: int) -> float:
    sector = inputs.sector(sector_id)
    hours = planned_hours(sector, inputs.covers.get(sector_id), kind)
    if hours is None:
        return float("inf")
    if kind in IN_LINE and sector["kind"] == "area":
        hours *= _PEOPLE_OF_PACE / people
    return max(_LEAST_S, hours * _HOUR_S)


def gains(inputs: Inputs, crews: Sequence[Crew], seconds: Doubles, by: str) -> tuple[Doubles, dict[int, str]]:
    """Return what searching adds, and for sectors where nothing is to be gained the reason.

    Parameters
    ----------
    by
        ``probability`` or ``priority``.
    """
    ranks = inputs.searched.of("sector_ranks")
    why: dict[int, str] = {}
    for number, sector_id in enumerate(inputs.sector_ids):
        if ranks.get(sector_id, {}).get("priority") == 0:
            why[number] = "not_now"
        elif by == "priority" and inputs.states[sector_id] in DONE:
            why[number] = DONE[inputs.states[sector_id]]
    gain = _by_rank(inputs, len(crews), ranks) if by == "priority" else _by_map(inputs, crews, seconds, why)
    gain[:, list(why)] = 0.0
    return gain, why


def _by_rank(inputs: Inputs, n_teams: int, ranks: Mapping[str, Mapping[str, Any]]) -> Doubles:
    wished = [ranks.get(each, {}).get("priority") for each in inputs.sector_ids]
    # Ranks are told in order, not in steps: the best rank given counts as the first.
    numbers = np.array([USUAL_RANK if each is None else each for each in wished], dtype=np.int64)
    first = numbers[numbers > 0].min(initial=USUAL_RANK)
    return gain_by_hand(np.where(numbers > 0, numbers - first + 1, 0), n_teams)


def _by_map(inputs: Inputs, crews: Sequence[Crew], seconds: Doubles, why: dict[int, str]) -> Doubles:
    assert inputs.probability is not None  # whoever plans by it has it
    rows = {str(row["sector_id"]): row for row in inputs.probability["sectors"]}
    frame = inputs.searched.frame
    light = light_at(frame.lon_deg, frame.lat_deg, inputs.searched.now.timestamp())
    gain = np.zeros(seconds.shape)
    known: dict[tuple[str, int], Doubles] = {}
    for number, crew in enumerate(crews):
        key = (crew.kind, crew.people)
        if key not in known:
            known[key] = np.array(
                [_found(inputs, rows.get(each), each, key, light) for each in inputs.sector_ids]
            ).reshape(-1, 4)
        answering, silent, rate_answering, rate_silent = known[key].T
        hours = np.where(np.isfinite(seconds[number]), seconds[number], 0.0) / _HOUR_S
        gain[number] = -answering * np.expm1(-rate_answering * hours)
        gain[number] -= silent * np.expm1(-rate_silent * hours)
    for number, sector_id in enumerate(inputs.sector_ids):
        if sector_id not in rows:
            why.setdefault(number, "not_on_the_map")
    return gain


def _found(
    inputs: Inputs, row: Mapping[str, Any] | None, sector_id: str, team: tuple[str, int], light: Any
) -> tuple[float, float, float, float]:
    """Return the probability of both subjects in a sector, and the search coverage per hour of both."""
    if row is None:
        return 0.0, 0.0, 0.0, 0.0
    kind, people = team
    cover = inputs.covers.get(sector_id)
    abreast = people if kind in IN_LINE else 1
    sweep = sweep_of_task(
        inputs.widths,
        task_id="",
        sector_id=sector_id,
        method_text=None,
        team_kind=kind,
        people=abreast,
        tracks=abreast,
        light=light,
        cover=cover,
    )
    slow = sum(share / SPEED_SHARES.get(name, 1.0) for name, share in (cover or {}).items()) or 1.0
    area_m2 = max(float(inputs.searched.grounds[sector_id].metric.area), 1.0)
    per_h = TEAM_PACES[kind].speed_kph * 1000.0 / slow / area_m2
    # Whoever is looked for by eye may be seen by each of the line; a call is heard once, by all of it.
    return (
        float(row["responsive"]),
        float(row["unresponsive"]),
        (sweep.sweeps["responsive"].width_m + SPACING_M * (abreast - 1)) * per_h,
        abreast * sweep.sweeps["unresponsive"].width_m * per_h,
    )
