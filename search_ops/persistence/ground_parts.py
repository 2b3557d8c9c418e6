"""Which heights and raster layers an area has, and how much of it they cover."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import shapely
from shapely import MultiPolygon, Polygon
from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

Area = Polygon | MultiPolygon
_LISTED = 200


class Parts(NamedTuple):
    """Rows that touch an area and the share that they cover together, 0..1 (None without an area)."""

    parts: list[Mapping[str, Any]]
    share: float | None


def _listing(table: str, columns: str, order: str) -> TextClause:
    return text(
        f"SELECT {columns}, imported_at,"  # noqa: S608 - constants of this module
        " ARRAY[ST_XMin(bbox), ST_YMin(bbox), ST_XMax(bbox), ST_YMax(bbox)] AS bbox,"
        " CASE WHEN CAST(:area AS text) IS NULL THEN NULL"
        " ELSE ST_Area(ST_Intersection(bbox, wanted.geom)::geography)"
        " / nullif(ST_Area(wanted.geom::geography), 0) END AS share"
        f" FROM {table}, (SELECT ST_GeomFromEWKB(decode(CAST(:area AS text), 'hex')) AS geom) wanted"
        " WHERE CAST(:area AS text) IS NULL OR ST_Intersects(bbox, wanted.geom)"
        f" ORDER BY {order} LIMIT :limit"
    )


_GRIDS = _listing(
    "relief_dataset",
    "dataset_id AS id, source_name, round((step_lat_deg * 111195)::numeric, 1)::float8 AS step_m, void_share",
    "step_lat_deg, imported_at DESC",
)
_RASTERS = _listing("raster_layer", "layer_id AS id, name, max_zoom", "name")
_SHARE = text("""
    SELECT coalesce(ST_Area(ST_Intersection(ST_Union(bbox), wanted.geom)::geography), 0)
           / nullif(ST_Area(wanted.geom::geography), 0)
    FROM (SELECT ST_GeomFromEWKB(decode(:area, 'hex')) AS geom) wanted
    LEFT JOIN relief_dataset ON ST_Intersects(bbox, wanted.geom)
    GROUP BY wanted.geom
""")


async def grids_of_area(connection: AsyncConnection, area: Area | None) -> Parts:
    """Return the grids of heights of an area (WGS 84); None: all there are, without shares."""
    wanted = _ewkb(area)
    rows = (await connection.execute(_GRIDS, {"area": wanted, "limit": _LISTED})).mappings().all()
    if wanted is None:
        return Parts([dict(row) for row in rows], None)
    share = (await connection.execute(_SHARE, {"area": wanted})).scalar_one()
    return Parts([dict(row) for row in rows], min(1.0, float(share or 0.0)))


async def rasters_of_area(connection: AsyncConnection, area: Area | None) -> list[Mapping[str, Any]]:
    """Return the raster layers that touch an area; None: all there are, without shares."""
    found = await connection.execute(_RASTERS, {"area": _ewkb(area), "limit": _LISTED})
    return [dict(row) for row in found.mappings()]


def _ewkb(area: Area | None) -> str | None:
    return (
        None
        if area is None
        else str(shapely.to_wkb(shapely.set_srid(area, 4326), hex=True, include_srid=True))
    )
