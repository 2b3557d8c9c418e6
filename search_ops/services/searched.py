"""What was walked in an operation, read for the worker: sectors, times of tasks, tracks and their ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

import numpy as np
from sqlalchemy import select

from geo.crs import LocalFrame
from geo.tracks import HABITS, Judged, Way, between, judge
from search_ops.domain.track_matching import TaskWindow
from search_ops.errors import Conflict
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.persistence.tables import event
from search_ops.persistence.tracks import read_fixes
from search_ops.services.geometries import geometry_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.tracks import Fixes, Habits
    from search_ops.domain.fold import State

DONE: Final = frozenset({"returning", "back", "debriefed", "closed"})
_LEFT: Final = ("out", "on_task")
_RETURNED: Final = ("back", "debriefed", "closed")
_LINE_CORRIDOR_M: Final = 50.0


@dataclass(frozen=True, slots=True)
class Ground:
    """One sector in force.

    Attributes
    ----------
    metric
        Polygon in metres; a line sector is its corridor.
    """

    sector: Mapping[str, Any]
    metric: BaseGeometry


@dataclass(frozen=True, slots=True)
class Walked:
    """A track of a task, cut to its time."""

    track_id: str
    way: Way
    judged: Judged


@dataclass(frozen=True, slots=True)
class Searched:
    """Everything that figures follow from, of one moment."""

    state: State
    frame: LocalFrame
    grounds: Mapping[str, Ground]
    windows: Mapping[str, TaskWindow]
    now: datetime

    def of(self, collection: str) -> Mapping[str, Mapping[str, Any]]:
        """Return a collection of the state."""
        return cast("Mapping[str, Mapping[str, Any]]", self.state.get(collection, {}))

    def habits_of_task(self, task_id: str) -> Habits:
        """Return how the team of a task moves."""
        team = self.of("teams").get(str(self.of("tasks")[task_id].get("team_id")), {})
        return HABITS.get(str(team.get("kind")), HABITS["other"])

    def origin_of(self, sector_id: str) -> frozenset[str]:
        """Return the sectors whose ground a sector has taken over, through all cuts."""
        found: set[str] = set()
        waiting = [sector_id]
        while waiting:
            sector = self.of("sectors").get(waiting.pop(), {})
            fresh = {str(old) for old in sector.get("replaces") or ()} - found
            found |= fresh
            waiting.extend(fresh)
        return frozenset(found)


async def read_searched(connection: AsyncConnection, operation_id: UUID, now: datetime) -> Searched:
    """Read what figures follow from.

    Raises
    ------
    Conflict
        ``no_area``: without an area there is no frame to measure in.
    """
    stream_id = operation_stream(operation_id)
    state = await load_state(connection, stream_id)
    area = state.get("area", {}).get(str(operation_id))
    if area is None:
        raise Conflict("no_area")
    frame = LocalFrame.at(*area["origin"])
    grounds = {}
    for sector_id, sector in state.get("sectors", {}).items():
        if sector["retired"] or sector["kind"] == "list":
            continue
        geometry = await geometry_of(connection, sector)
        if geometry is not None and not geometry.is_empty:
            grounds[sector_id] = Ground(sector, _on_the_ground(frame, sector, geometry))
    windows = await _windows(connection, stream_id, state, now)
    return Searched(state, frame, grounds, windows, now)


def _on_the_ground(frame: LocalFrame, sector: Mapping[str, Any], geometry: BaseGeometry) -> BaseGeometry:
    metric = frame.to_metric(geometry)
    if sector["kind"] == "line":
        corridor_m = float(sector.get("corridor_m") or _LINE_CORRIDOR_M)
        return metric.buffer(corridor_m / 2.0, cap_style="flat")
    # Stored sectors are valid in degrees; the projection may bring two close vertices of a ring across.
    return metric if metric.is_valid else metric.buffer(0.0)


async def _windows(
    connection: AsyncConnection, stream_id: str, state: State, now: datetime
) -> dict[str, TaskWindow]:
    """Return the time of each begun task from leaving to return, by the events' own times."""
    query = (
        select(event.c.payload, event.c.device_at)
        .where(event.c.stream_id == stream_id, event.c.kind == "task_moved")
        .order_by(event.c.seq)
    )
    moved: dict[str, dict[str, float]] = {}
    for row in await connection.execute(query):
        times = moved.setdefault(str(row.payload["task_id"]), {})
        times.setdefault(str(row.payload["state"]), row.device_at.timestamp())
    windows = {}
    for task_id, times in moved.items():
        task = state.get("tasks", {}).get(task_id)
        if task is None:
            continue
        ended_s = next((times[word] for word in _RETURNED if word in times), None)
        began_s = min((times[word] for word in _LEFT if word in times), default=None)
        if began_s is None:
            if ended_s is None:
                continue
            began_s = _given_s(task)
        windows[task_id] = TaskWindow(
            task_id,
            str(task["team_id"]),
            began_s,
            max(began_s, now.timestamp() if ended_s is None else ended_s),
        )
    return windows


def _given_s(task: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(str(task["given_at"])).timestamp()


async def ways_of_tasks(
    connection: AsyncConnection, operation_id: UUID, searched: Searched
) -> dict[str, list[Walked]]:
    """Return the tracks of every task, judged by its team's habits and cut to its time.

    A navigator that was not cleared between two tasks holds both: each task takes its part. A track without
    times counts for the one task that it was matched with.
    """
    kept = {
        track_id: held
        for track_id, held in searched.of("tracks").items()
        if held.get("set_aside") is None and held.get("team_id") is not None
    }
    wanted: dict[str, list[str]] = {}
    for task_id, task in searched.of("tasks").items():
        for track_id, held in kept.items():
            same_team = held["team_id"] == task.get("team_id")
            if held.get("task_id") == task_id or (
                same_team and _overlaps(held, searched.windows.get(task_id))
            ):
                wanted.setdefault(task_id, []).append(track_id)
    needed = {UUID(track_id) for found in wanted.values() for track_id in found}
    fixes = await read_fixes(connection, operation_id, needed)
    walked: dict[str, list[Walked]] = {}
    for task_id, track_ids in wanted.items():
        for track_id in track_ids:
            held_fixes = fixes.get(UUID(track_id))
            if held_fixes is not None:
                one = _walked(searched, task_id, track_id, held_fixes)
                walked.setdefault(task_id, []).append(one)
    return walked


def _overlaps(held: Mapping[str, Any], window: TaskWindow | None) -> bool:
    if window is None or held.get("from") is None or held.get("clock_shift_s"):
        return False
    began, ended = (datetime.fromisoformat(str(held[name])).timestamp() for name in ("from", "to"))
    return min(ended, window.to_s) - max(began, window.from_s) > 0


def _walked(searched: Searched, task_id: str, track_id: str, fixes: Fixes) -> Walked:
    shift_s = float(searched.of("tracks")[track_id].get("clock_shift_s") or 0.0)
    if shift_s:
        fixes = fixes.copy()
        fixes["t_s"] = fixes["t_s"] + shift_s
    judged = judge(fixes, searched.frame, searched.habits_of_task(task_id), now_s=searched.now.timestamp())
    window = searched.windows.get(task_id)
    way = judged.way if window is None else between(judged.way, window.from_s, window.to_s)
    return Walked(track_id, way, judged)


def unbelieved_share(judged: Judged) -> float:
    """Return the share of fixes that are a jump, have a wrong clock or no place."""
    counted = judged.counted()
    wrong = counted["zero"] + counted["clock"] + counted["jump"]
    return wrong / max(1, len(judged.flags))


def lonlat_bounds(judged: Judged, fixes: Fixes) -> list[float] | None:
    """Return west, south, east, north of the believed fixes in degrees; west > east across 180."""
    believed = np.isin(judged.flags, (0, 4, 5))
    if not believed.any():
        return None
    lon, lat = fixes["lon"][believed], fixes["lat"][believed]
    west, east = float(lon.min()), float(lon.max())
    if east - west > 180.0:  # noqa: PLR2004 - the short way round
        west, east = float(lon[lon > 0].min()), float(lon[lon <= 0].max())
    return [round(value, 6) for value in (west, float(lat.min()), east, float(lat.max()))]
