"""What lies on the ground of a box, by kind, for the map of probability: lines, shores, buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from sqlalchemy.ext.asyncio import AsyncConnection

    Geometries = npt.NDArray[np.object_]

MOST_OF_KIND: Final = 60_000
_BOX: Final = "(SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom) box"
_LINES: Final = text(
    "SELECT class, ST_AsBinary(ST_ClipByBox2D(ground_line.geom, box.geom)) AS body"  # noqa: S608 - a constant
    f" FROM ground_line, {_BOX} WHERE ground_line.geom && box.geom LIMIT :limit"
)
_BUILDINGS: Final = text(
    "SELECT ST_AsBinary(ST_PointOnSurface(ground_area.geom))"  # noqa: S608 - a constant
    f" FROM ground_area, {_BOX} WHERE ground_area.geom && box.geom AND class = 'building'"
    " ORDER BY size_m2 DESC LIMIT :limit"
)


async def lines_by_class(
    connection: AsyncConnection, bounds: tuple[float, float, float, float]
) -> Mapping[str, Geometries]:
    """Return all lines of a box (west, south, east, north, degrees) by class, clipped to it, lon/lat."""
    box = dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    rows = await connection.execute(_LINES, box | {"limit": MOST_OF_KIND})
    found: dict[str, list[bytes]] = {}
    for row in rows:
        if row.body is not None:
            found.setdefault(row[0], []).append(bytes(row.body))
    read = {name: shapely.from_wkb(np.array(bodies, dtype=object)) for name, bodies in found.items()}
    return {name: each[~shapely.is_empty(each)] for name, each in read.items()}


async def buildings_in(connection: AsyncConnection, bounds: tuple[float, float, float, float]) -> Geometries:
    """Return a point of every building of a box, the largest first, lon/lat."""
    box = dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    rows = (await connection.execute(_BUILDINGS, box | {"limit": MOST_OF_KIND})).scalars()
    found: Geometries = shapely.from_wkb(np.array([bytes(row) for row in rows], dtype=object))
    return found
