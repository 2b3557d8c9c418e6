"""What the ground tables answer: which data cover an area, and the natural lines within it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from search_ops.errors import BadInput
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.tables import entity, stored_geometry

Area = Polygon | MultiPolygon

# Words of a partition's settings, and the rows that each means.
NATURAL_LINE_CLASSES: Mapping[str, tuple[str, ...]] = {
    "road": ("road",),
    "track": ("track",),
    "path": ("path",),
    "cutline": ("cutline",),
    "railway": ("railway",),
    "power": ("power",),
    "river": ("river",),
    "stream": ("stream",),
    "cliff": ("cliff",),
    "water_edge": ("coastline",),
}
LINES_LIMIT = 100_000
HALF_TURN_DEG = 180.0


class TooManyLines(BadInput):
    """The area holds more natural lines than a partition takes: draw a smaller one or name fewer classes.

    Parameters
    ----------
    limit
        How many are taken.
    """

    def __init__(self, *, limit: int) -> None:
        super().__init__("too_many_lines", where="area", limit=limit)


@dataclass(frozen=True, slots=True)
class Dataset:
    """One imported extract, as far as an area is concerned.

    Attributes
    ----------
    bbox : list of float
        West, south, east, north of its data, degrees, WGS 84.
    share : float or None
        Part of the area that it covers, 0..1; None when no area was named.
    """

    dataset_id: UUID
    source_name: str
    kind: str
    data_at: datetime | None
    imported_at: datetime
    bbox: list[float]
    share: float | None
    counts: dict[str, int]
    left_out: dict[str, int]


class Coverage(NamedTuple):
    """The data sets of an area and the share that they cover together, 0..1 (None without an area)."""

    datasets: list[Dataset]
    share: float | None


_DATASETS = text("""
    SELECT dataset_id, source_name, kind, data_at, imported_at, counts,
           ARRAY[ST_XMin(bbox), ST_YMin(bbox), ST_XMax(bbox), ST_YMax(bbox)] AS bbox,
           coalesce(report->'totals', '{}'::jsonb) AS left_out,
           CASE WHEN CAST(:area AS text) IS NULL THEN NULL
                ELSE ST_Area(ST_Intersection(covered, wanted.geom)::geography)
                     / nullif(ST_Area(wanted.geom::geography), 0) END AS share
    FROM ground_dataset, (SELECT ST_GeomFromEWKB(decode(CAST(:area AS text), 'hex')) AS geom) wanted
    WHERE CAST(:area AS text) IS NULL OR ST_Intersects(covered, wanted.geom)
    ORDER BY imported_at DESC LIMIT 100
""")

_SHARE = text("""
    SELECT coalesce(ST_Area(ST_Intersection(ST_Union(covered), wanted.geom)::geography), 0)
           / nullif(ST_Area(wanted.geom::geography), 0)
    FROM (SELECT ST_GeomFromEWKB(decode(:area, 'hex')) AS geom) wanted
    LEFT JOIN ground_dataset ON ST_Intersects(covered, wanted.geom)
    GROUP BY wanted.geom
""")


_COVERED = text("""
    SELECT coalesce(ST_Covers(known.geom, ST_MakeLine(known.spot, far.geom)), false)
    FROM (SELECT ST_Union(covered) AS geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS spot
          FROM ground_dataset) known,
         (SELECT number, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom
          FROM unnest(CAST(:lons AS float8[]), CAST(:lats AS float8[]))
               WITH ORDINALITY AS each(lon, lat, number)) far
    ORDER BY far.number
""")


async def covered_lines(
    connection: AsyncConnection, spot: tuple[float, float], ends: Sequence[tuple[float, float]]
) -> list[bool]:
    """Return whether imported data cover the straight lines from a place to others (lon, lat, WGS 84).

    A line over 180 degrees counts as not covered.
    """
    if not ends:
        return []
    lons, lats = zip(*ends, strict=True)
    given = {"lon": spot[0], "lat": spot[1], "lons": list(lons), "lats": list(lats)}
    covered = (await connection.execute(_COVERED, given)).scalars()
    near = [abs(lon - spot[0]) < HALF_TURN_DEG for lon in lons]
    return [found and beside for found, beside in zip(covered, near, strict=True)]


async def coverage(connection: AsyncConnection, area: Area | None) -> Coverage:
    """Return which imported data cover an area, how much of it, and how old they are.

    Parameters
    ----------
    area
        WGS 84, cut at 180°. None: every data set there is, without shares.
    """
    wanted = None if area is None else _ewkb(area)
    rows = (await connection.execute(_DATASETS, {"area": wanted})).mappings()
    datasets = [Dataset(**row) for row in rows]
    if wanted is None:
        return Coverage(datasets, None)
    share = (await connection.execute(_SHARE, {"area": wanted})).scalar_one()
    return Coverage(datasets, min(1.0, float(share or 0.0)))


async def operation_area(connection: AsyncConnection, operation_id: UUID) -> Area | None:
    """Return the search area of an operation, WGS 84; None when it is not drawn yet."""
    body: dict[str, Any] | None = await connection.scalar(
        select(entity.c.body).where(
            entity.c.stream_id == operation_stream(operation_id), entity.c.collection == "area"
        )
    )
    if body is None:
        return None
    geom = await _geometry_of(connection, body)
    return geom if isinstance(geom, Polygon | MultiPolygon) else None


async def _geometry_of(connection: AsyncConnection, body: Mapping[str, Any]) -> BaseGeometry | None:
    """Return the geometry that an entity holds, or names by its hash."""
    if body.get("geometry_ref") is None:
        return shape(body["geometry"])
    sha256 = bytes.fromhex(body["geometry_ref"]["sha256"])
    wkb: bytes | None = await connection.scalar(
        select(func.ST_AsBinary(stored_geometry.c.geom)).where(stored_geometry.c.sha256 == sha256)
    )
    return None if wkb is None else shapely.from_wkb(bytes(wkb))


_LINES = text("""
    SELECT ST_AsBinary(ST_ClipByBox2D(ground_line.geom, box.geom))
    FROM ground_line,
        (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom) box
    WHERE ground_line.geom && box.geom AND class = ANY(:classes) LIMIT :limit
""")

# A shore is the outline of the water, its islands included.
_SHORES = text("""
    SELECT ST_AsBinary(ST_ClipByBox2D(ST_Boundary(ground_area.geom), box.geom))
    FROM ground_area,
        (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom) box
    WHERE ground_area.geom && box.geom AND class = 'water' LIMIT :limit
""")


async def natural_lines(
    connection: AsyncConnection, area: Area, classes: Collection[str], *, limit: int = LINES_LIMIT
) -> list[LineString]:
    """Return the lines along which an area may be partitioned, clipped to the box of each of its parts.

    They come as they are in the file: not noded, ragged, some a metre short of each other.

    Parameters
    ----------
    area
        WGS 84, cut at 180°.
    classes
        Keys of `NATURAL_LINE_CLASSES`; others are refused.
    limit
        Most lines to return.

    Raises
    ------
    TooManyLines
        The area holds more than `limit`.
    BadInput
        ``unknown_line_class``.
    """
    if unknown := set(classes) - set(NATURAL_LINE_CLASSES):
        raise BadInput("unknown_line_class", where="lines", count=len(unknown))
    wanted = sorted({name for word in classes for name in NATURAL_LINE_CLASSES[word]})
    found: list[bytes] = []
    for west, south, east, north in shapely.bounds(shapely.get_parts(area)).tolist():
        box = {"west": west, "south": south, "east": east, "north": north, "limit": limit + 1 - len(found)}
        found += (await connection.execute(_LINES, box | {"classes": wanted})).scalars()
        if "water_edge" in classes:
            box["limit"] = limit + 1 - len(found)
            found += (await connection.execute(_SHORES, box)).scalars()
        if len(found) > limit:
            raise TooManyLines(limit=limit)
    # Clipping may leave several pieces of one line, or a point where it only touches the box.
    pieces = shapely.get_parts(shapely.get_parts(shapely.from_wkb(np.array(found, dtype=object))))
    lines = [piece for piece in pieces if isinstance(piece, LineString) and not piece.is_empty]
    if len(lines) > limit:
        raise TooManyLines(limit=limit)
    return lines


_COVER = text("""
    SELECT class, ST_AsBinary(ST_ClipByBox2D(ground_area.geom, box.geom))
    FROM ground_area,
        (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS geom) box
    WHERE ground_area.geom && box.geom AND class <> 'building' AND size_m2 >= :least_m2
    ORDER BY size_m2 DESC LIMIT :limit
""")
LEAST_COVER_M2 = 2_000.0


async def land_cover(
    connection: AsyncConnection, area: Area, *, limit: int = LINES_LIMIT
) -> list[tuple[str, BaseGeometry]]:
    """Return what grows or lies on the ground of an area: class and polygon, the largest first.

    Parameters
    ----------
    area
        WGS 84, cut at 180°.
    limit
        Most polygons of each part of the area; the smallest are left out first.
    """
    found: list[tuple[str, BaseGeometry]] = []
    for west, south, east, north in shapely.bounds(shapely.get_parts(area)).tolist():
        box = {"west": west, "south": south, "east": east, "north": north}
        rows = await connection.execute(_COVER, box | {"limit": limit, "least_m2": LEAST_COVER_M2})
        found += [(name, shapely.from_wkb(bytes(body))) for name, body in rows if body is not None]
    return found


def _ewkb(geom: Area) -> str:
    return str(shapely.to_wkb(shapely.set_srid(geom, 4326), hex=True, include_srid=True))
