"""What the map of probability follows from, read at one moment. For the worker only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import shapely

from geo.lattice_raster import Lattice
from search_ops.errors import Conflict
from search_ops.persistence.kept_files import read_file
from search_ops.services.geometries import geometry_of
from search_ops.services.probability_ground import GroundRead, read_ground
from search_ops.services.probability_state import KeptState, load
from search_ops.services.search_widths import settings_of
from search_ops.services.searched import Searched, read_searched
from search_ops.services.sector_ground import covers_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.crs import LocalFrame

MOST_CELLS_ACROSS: Final = 320
LEAST_CELL_M: Final = 25.0
_CELL_STEP_M: Final = 5.0
_MARGIN_SHARE: Final = 0.25
_LEAST_MARGIN_M: Final = 500.0
_FAR_M: Final = 15_000.0


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the map follows from.

    Attributes
    ----------
    searched
        State, frame, sectors in force and the times of tasks.
    area
        Metric.
    retired
        Metric geometry of retired sectors that evidence speaks of.
    clue_areas
        Metric polygon by id of the clue weight.
    covers
        Land cover of sectors by share.
    before
        The newest map's state, or None.
    stamp
        Changes whenever ground or heights are imported.
    """

    searched: Searched
    lattice: Lattice
    area: BaseGeometry
    retired: Mapping[str, BaseGeometry]
    clue_areas: Mapping[str, BaseGeometry]
    covers: Mapping[str, Mapping[str, float]]
    ground: GroundRead
    before: KeptState | None
    stamp: str

    def scenarios(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the scenarios that count, in the order of their ids."""
        every = sorted(self.searched.of("scenarios").items())
        return [(key, each) for key, each in every if not each.get("dropped")]

    def clues(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the clues that count, in the order of their ids."""
        every = sorted(self.searched.of("clue_weights").items())
        return [(key, each) for key, each in every if not each.get("dropped")]


async def read_inputs(connection: AsyncConnection, operation_id: UUID, now: datetime, stamp: str) -> Inputs:
    """Read it all.

    Raises
    ------
    Conflict
        ``no_area``.
    """
    searched = await read_searched(connection, operation_id, now)
    lonlat = await geometry_of(connection, searched.state["area"][str(operation_id)])
    if lonlat is None:
        raise Conflict("no_area")
    frame = searched.frame
    area = frame.to_metric(lonlat)
    lattice = lattice_for(area.bounds, [_metric_point(searched, each) for each in _points(searched)])
    clue_areas = {}
    for key, clue in searched.of("clue_weights").items():
        found = await geometry_of(connection, clue)
        if found is not None and not clue.get("dropped"):
            clue_areas[key] = frame.to_metric(found)
    lonlats = {key: frame.to_lonlat(each.metric) for key, each in searched.grounds.items()}
    return Inputs(
        searched,
        lattice,
        area,
        await _retired(connection, searched),
        clue_areas,
        await covers_of(connection, lonlats, places_across=8),
        await read_ground(connection, frame, lattice),
        await _before(connection, searched),
        stamp,
    )


def lattice_for(bounds: tuple[float, float, float, float], points_m: list[tuple[float, float]]) -> Lattice:
    """Return a raster over the area with a margin, and over the starting points that are not far from it."""
    west, south, east, north = bounds
    near = [
        (x, y)
        for x, y in points_m
        if west - _FAR_M <= x <= east + _FAR_M and south - _FAR_M <= y <= north + _FAR_M
    ]
    xs, ys = [west, east, *(x for x, _ in near)], [south, north, *(y for _, y in near)]
    box = (min(xs), min(ys), max(xs), max(ys))
    across_m = max(box[2] - box[0], box[3] - box[1])
    margin_m = max(_LEAST_MARGIN_M, _MARGIN_SHARE * across_m)
    cell_m = (across_m + 2 * margin_m) / MOST_CELLS_ACROSS
    cell_m = max(LEAST_CELL_M, float(np.ceil(cell_m / _CELL_STEP_M)) * _CELL_STEP_M)
    return Lattice.around(box, cell_m=cell_m, margin_m=margin_m)


def _points(searched: Searched) -> list[Mapping[str, Any]]:
    every = searched.of("scenarios").values()
    return [each for each in every if not each.get("dropped") and each.get("lon") is not None]


def _metric_point(searched: Searched, place: Mapping[str, Any]) -> tuple[float, float]:
    return metric_point(searched.frame, float(place["lon"]), float(place["lat"]))


def metric_point(frame: LocalFrame, lon: float, lat: float) -> tuple[float, float]:
    """Return a place in the metric frame."""
    x, y = shapely.get_coordinates(frame.to_metric(shapely.Point(lon, lat)))[0].tolist()
    return x, y


async def _retired(connection: AsyncConnection, searched: Searched) -> dict[str, BaseGeometry]:
    """Return retired sectors with evidence: where the new cut left their ground out, it still counts."""
    spoken = {str(row["sector_id"]) for row in searched.of("evidence").values()} - set(searched.grounds)
    found = {}
    for sector_id in sorted(spoken):
        sector = searched.of("sectors").get(sector_id)
        geometry = None if sector is None else await geometry_of(connection, sector)
        if sector is not None and sector["kind"] == "area" and geometry is not None:
            found[sector_id] = searched.frame.to_metric(geometry)
    return found


async def _before(connection: AsyncConnection, searched: Searched) -> KeptState | None:
    newest = max(
        searched.of("probability_maps").values(), key=lambda each: int(each["version"]), default=None
    )
    if newest is None:
        return None
    content = await read_file(connection, UUID(newest["state_id"]))
    return load(content) if content else None


def settings(inputs: Inputs) -> Any:
    """Return what the operation's sweep widths follow from."""
    return settings_of(next(iter(inputs.searched.of("search_widths").values()), None))
