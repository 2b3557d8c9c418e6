"""Everything of a search for map programs: sectors with what they prove, tracks, tasks, clues, positions.

What a reader does not see in the state of the search is not in the file either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import shapely

from geo.formats.values import POINT, RawTrack
from search_ops.domain.evidence import newest, spoken_pod
from search_ops.domain.visibility import HQ
from search_ops.persistence.tracks import read_fixes
from search_ops.services.evidence import evidence_table
from search_ops.services.geometries import geometry_of
from search_ops.services.reading import last_positions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.tracks import Fixes
    from search_ops.domain.principals import Place
    from search_ops.domain.visibility import ClassSet

MOST_FIXES: Final = 200_000
"""More than this in one file are thinned evenly, and every track says so: readers take 250 000 points."""
FIXES_AT_ONCE: Final = 20_000
"""What is written while the asker waits; a job writes more of them."""
_NOWHERE_DEG: Final = 1e-6
_SUBJECTS: Final = ("responsive", "unresponsive")
_FEWEST_FIXES: Final = 2


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of a layer; lon/lat, or None: it lies nowhere, or where its sector lies."""

    name: str
    geometry: BaseGeometry | None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Everything:
    """Layers by name, tracks apart because they carry times."""

    layers: Mapping[str, Sequence[Thing]] = field(default_factory=dict)
    tracks: Sequence[tuple[RawTrack, Mapping[str, Any]]] = ()


async def sector_columns(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet
) -> dict[str, dict[str, Any]]:
    """Return by sector its state, hours, coverage, POD of both subjects and grades; {} for outsiders."""
    if not classes.admits(HQ):
        return {}
    table = await evidence_table(connection, operation_id, classes)
    kept = (
        *("state", "hours", "planned_hours", "length_m", "swept_share"),
        *("coverage_responsive", "coverage_unresponsive", "ground", "ground_source"),
    )
    return {
        str(row["sector_id"]): {
            **{name: row[name] for name in kept},
            **_pods({subject: row[f"pod_{subject}"] for subject in _SUBJECTS}),
            "grades": ", ".join(row["grades"]) or None,
            "proposal": row["proposal"],
            "judgement": row["judgement"],
        }
        for row in table["rows"]
    }


def _pods(spoken: Mapping[str, Mapping[str, int] | None]) -> dict[str, int | None]:
    """Return detection as people may be told it: the ends of a range, per cent."""
    return {
        f"pod_{subject}_{end}": None if told is None else told[end]
        for subject, told in spoken.items()
        for end in ("low_pct", "high_pct")
    }


async def everything_in(
    connection: AsyncConnection,
    place: Place,
    state: Mapping[str, Any],
    *,
    positions: bool,
    most_fixes: int = FIXES_AT_ONCE,
) -> Everything:
    """Gather the layers beside sectors, area and points, as far as the state holds them.

    Parameters
    ----------
    state
        Of the operation, cut to what the reader may see.
    positions
        Whether he may see where people are.
    most_fixes
        More than these of all tracks together are thinned.
    """
    assert place.id is not None
    grounds = await _sector_grounds(connection, state)
    layers: dict[str, list[Thing]] = {
        "evidence": list(_evidence(state, grounds)),
        "missing": [thing async for thing in _missing(connection, state)],
        "tasks": [thing async for thing in _tasks(connection, state)] if state.get("sectors") else [],
        "clues": list(_clues(state)),
        "positions": list(_positions(state, await last_positions(connection, place))) if positions else [],
    }
    tracks = await _tracks(connection, place.id, state, most_fixes)
    return Everything({name: things for name, things in layers.items() if things}, tracks)


async def _sector_grounds(
    connection: AsyncConnection, state: Mapping[str, Any]
) -> dict[str, BaseGeometry | None]:
    wanted = {str(row["sector_id"]) for row in state.get("evidence", {}).values()}
    return {
        sector_id: await geometry_of(connection, sector)
        for sector_id, sector in state.get("sectors", {}).items()
        if sector_id in wanted
    }


def _label(state: Mapping[str, Any], sector_id: object) -> str:
    return str(state.get("sectors", {}).get(str(sector_id), {}).get("label") or "")


def _callsign(state: Mapping[str, Any], team_id: object) -> str | None:
    found: str | None = state.get("teams", {}).get(str(team_id), {}).get("callsign")
    return found


def _evidence(state: Mapping[str, Any], grounds: Mapping[str, BaseGeometry | None]) -> Iterator[Thing]:
    """Yield what each task proves of each sector in force that it touched."""
    for row in state.get("evidence", {}).values():
        sector_id, task_id = str(row["sector_id"]), row.get("task_id")
        if state.get("sectors", {}).get(sector_id, {}).get("retired", True):
            continue
        task = state.get("tasks", {}).get(str(task_id), {})
        widths = row.get("widths") or {}
        own = "own" if row.get("own") else "carried" if row.get("carried_from") else "passing"
        properties = {
            "sector_id": sector_id,
            "task_id": task_id,
            "callsign": _callsign(state, task.get("team_id")),
            "grade": row["grade"],
            "came_by": own,
            "tracks": len(row.get("track_ids") or ()),
            **{name: row.get(name) for name in ("length_m", "time_s", "swept_share")},
            **{f"coverage_{subject}": row.get(f"coverage_{subject}") for subject in _SUBJECTS},
            **_pods({subject: spoken_pod(row.get(f"pod_{subject}")) for subject in _SUBJECTS}),
        }
        for subject in _SUBJECTS:
            width = widths.get(subject) or {}
            properties[f"width_{subject}_m"] = width.get("width_m")
            properties[f"width_{subject}_source"] = width.get("source")
        yield Thing(_label(state, sector_id), grounds.get(sector_id), properties)


async def _missing(connection: AsyncConnection, state: Mapping[str, Any]) -> AsyncIterator[Thing]:
    """Yield what no track has swept of each sector in force that was weighed."""
    by_sector: dict[str, list[Mapping[str, Any]]] = {}
    for row in state.get("evidence", {}).values():
        by_sector.setdefault(str(row["sector_id"]), []).append(row)
    for sector_id, rows in sorted(by_sector.items()):
        latest = newest(rows)
        if latest is None or latest.get("missing") is None:
            continue
        if state.get("sectors", {}).get(sector_id, {}).get("retired", True):
            continue
        geometry = await geometry_of(connection, latest["missing"])
        if geometry is not None:
            told = {"sector_id": sector_id, "subject": latest["target"]["subject"]}
            yield Thing(_label(state, sector_id), geometry, told)


async def _tasks(connection: AsyncConnection, state: Mapping[str, Any]) -> AsyncIterator[Thing]:
    names = ("sector_id", "team_id", "state", "state_at", "method", "given_at", "due_at")
    more = ("contact_every_min", "emergency_bearing_deg", "text", "source")
    for task_id, task in sorted(state.get("tasks", {}).items()):
        callsign = _callsign(state, task.get("team_id"))
        properties = {
            "task_id": task_id,
            "callsign": callsign,
            "sector": task.get("sector_label"),
            **{name: task.get(name) for name in (*names, *more)},
        }
        yield Thing(callsign or "", await geometry_of(connection, task), properties)


def _clues(state: Mapping[str, Any]) -> Iterator[Thing]:
    """Yield clues; one without a place has no geometry and is in the file all the same."""
    for clue_id, clue in sorted(state.get("clues", {}).items()):
        position = clue.get("position")
        place = None if position is None else shapely.Point(position["lon"], position["lat"])
        properties = {
            "clue_id": clue_id,
            "callsign": _callsign(state, clue.get("team_id")),
            "at": clue.get("at"),
            "source": clue.get("source"),
            "accuracy_m": (position or {}).get("accuracy_m"),
        }
        yield Thing(clue.get("text") or "", place, properties)


def _positions(state: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[Thing]:
    """Yield where each person of a team was last, under the team's callsign: no names of people."""
    for row in rows:
        callsign = _callsign(state, row["team_id"])
        if callsign is not None:
            told = {"team_id": row["team_id"], "participant_id": str(row["participant_id"]), "at": row["at"]}
            more = {name: row[name] for name in ("accuracy_m", "battery")}
            yield Thing(callsign, shapely.Point(row["lon"], row["lat"]), {**told, **more})


async def _tracks(
    connection: AsyncConnection, operation_id: UUID, state: Mapping[str, Any], most_fixes: int
) -> list[tuple[RawTrack, Mapping[str, Any]]]:
    """Return the tracks, thinned to a number of fixes; whole ones are held one at a time."""
    kept = state.get("tracks", {})
    every = max(1, math.ceil(fixes_in(state) / most_fixes))
    tracks: list[tuple[RawTrack, Mapping[str, Any]]] = []
    for track_id, held in sorted(kept.items(), key=lambda item: (str(item[1].get("name")), item[0])):
        own = UUID(track_id)
        found = (await read_fixes(connection, operation_id, [own])).get(own)
        points = None if found is None else _points(found, every)
        if points is None or len(points) < _FEWEST_FIXES:
            continue
        task = state.get("tasks", {}).get(str(held.get("task_id")), {})
        names = ("team_id", "task_id", "matched_by", "set_aside", "from", "to", "length_m", "name_date")
        properties = {
            "track_id": track_id,
            "callsign": _callsign(state, held.get("team_id")),
            "sector": task.get("sector_label"),
            **{name: held.get(name) for name in names},
            "fixes": held.get("n"),
            "thinned": None if every == 1 else every,
        }
        tracks.append((RawTrack(str(held.get("name") or ""), held.get("device"), points), properties))
    return tracks


def fixes_in(state: Mapping[str, Any]) -> int:
    """Return how many fixes the tracks of a search hold."""
    return sum(int(held.get("n") or 0) for held in state.get("tracks", {}).values())


def _points(fixes: Fixes, every: int) -> Any:
    """Return the fixes that lie somewhere, every n-th of them and the last."""
    somewhere = (np.abs(fixes["lon"]) > _NOWHERE_DEG) | (np.abs(fixes["lat"]) > _NOWHERE_DEG)
    somewhere &= (np.abs(fixes["lon"]) <= 180) & (np.abs(fixes["lat"]) <= 90)  # noqa: PLR2004 - degrees
    numbers = np.flatnonzero(somewhere)
    chosen = np.union1d(numbers[::every], numbers[-1:]).astype(np.int64)
    points = np.zeros(len(chosen), dtype=POINT)
    for axis in POINT.names or ():
        points[axis] = fixes[axis][chosen]
    return points
