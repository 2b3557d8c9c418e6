"""Contours for paper, from the imported heights."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo import terrain
from search_ops.persistence.relief import heights_window

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.heights import HeightGrid
    from search_ops.paper.facts import Contour
    from search_ops.paper.frame import MapFrame

# Metres between contours up to a scale: as on printed maps of that scale.
_INTERVALS_M: Final = ((10_000, 5.0), (25_000, 10.0), (50_000, 20.0), (100_000, 40.0))
_COARSEST_M: Final = 80.0
_INDEX_EVERY: Final = 5
_SAMPLES_ACROSS: Final = 400
# On steep ground closer contours than this many per window turn into a brown surface.
_MOST_LEVELS: Final = 60


async def contours_in(connection: AsyncConnection, frame: MapFrame) -> list[Contour]:
    """Return the contours of a map's window; none where no heights are."""
    west, south, east, north = frame.bbox_deg()
    step_deg = (north - south) / _SAMPLES_ACROSS
    grid = await heights_window(connection, (west, south, east, north), step_deg, margin=1)
    return [] if grid is None else await asyncio.to_thread(_drawn, grid, frame.scale)


def _drawn(grid: HeightGrid, scale: int) -> list[Contour]:
    interval_m = next((metres for most, metres in _INTERVALS_M if scale <= most), _COARSEST_M)
    if not np.isfinite(grid.heights_m).any():
        return []
    while float(np.nanmax(grid.heights_m) - np.nanmin(grid.heights_m)) / interval_m > _MOST_LEVELS:
        interval_m *= 2
    found = terrain.contours(grid.heights_m, interval_m)
    by_height: dict[float, list[shapely.LineString]] = {}
    for line, height_m in zip(found.lines(), found.elevations_m.tolist(), strict=True):
        lon = grid.west_deg + line[:, 0] * grid.step_lon_deg
        lat = grid.north_deg - line[:, 1] * grid.step_lat_deg
        if len(line) > 1:
            by_height.setdefault(height_m, []).append(shapely.LineString(np.column_stack([lon, lat])))
    return [
        {
            "elevation_m": height_m,
            "index": round(height_m / interval_m) % _INDEX_EVERY == 0,
            "wkb": shapely.to_wkb(shapely.MultiLineString(lines), hex=True),
        }
        for height_m, lines in sorted(by_height.items())
    ]
