"""Raster layers: their list, and their tiles."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


class RasterLayer(NamedTuple):
    """One imported layer. `bounds` is west, south, east, north, degrees, WGS 84."""

    layer_id: UUID
    name: str
    source_format: str
    file_name: str
    imported_at: datetime
    bounds: list[float]
    min_zoom: int
    max_zoom: int
    tile_px: int
    tiles: int
    size_bytes: int
    attribution: str


_COLUMNS = (
    "layer_id, name, source_format, file_name, imported_at,"
    " ARRAY[ST_XMin(bbox), ST_YMin(bbox), ST_XMax(bbox), ST_YMax(bbox)] AS bounds,"
    " min_zoom, max_zoom, tile_px, tiles, size_bytes, attribution"
)
_LISTED = 500


async def raster_layers(connection: AsyncConnection) -> list[RasterLayer]:
    """Return every layer by name."""
    query = text(f"SELECT {_COLUMNS} FROM raster_layer ORDER BY name LIMIT {_LISTED}")  # noqa: S608 - constants
    return [RasterLayer(*row) for row in (await connection.execute(query)).all()]


async def raster_layer(connection: AsyncConnection, layer_id: UUID) -> RasterLayer | None:
    """Return one layer, or None."""
    query = text(f"SELECT {_COLUMNS} FROM raster_layer WHERE layer_id = :layer")  # noqa: S608 - constants
    row = (await connection.execute(query, {"layer": layer_id})).one_or_none()
    return None if row is None else RasterLayer(*row)


async def raster_tile(connection: AsyncConnection, layer_id: UUID, z: int, x: int, y: int) -> bytes | None:
    """Return the picture of a tile; empty where the layer has none, None when there is no such layer."""
    query = text(
        "SELECT coalesce(t.image, ''::bytea) FROM raster_layer l LEFT JOIN raster_tile t"
        " ON t.layer_id = l.layer_id AND t.z = :z AND t.x = :x AND t.y = :y WHERE l.layer_id = :layer"
    )
    found: Any = await connection.scalar(query, {"layer": layer_id, "z": z, "x": x, "y": y})
    return None if found is None else bytes(found)


async def raster_tiles(
    connection: AsyncConnection, layer_id: UUID, z: int, box: tuple[int, int, int, int]
) -> list[tuple[int, int, bytes]]:
    """Return (column, row, picture) of the tiles of a zoom from a corner to another, both included."""
    query = text(
        "SELECT x, y, image FROM raster_tile WHERE layer_id = :layer AND z = :z"
        " AND x BETWEEN :left AND :right AND y BETWEEN :top AND :bottom"
    )
    values = dict(zip(("left", "top", "right", "bottom"), box, strict=True))
    found = await connection.execute(query, {"layer": layer_id, "z": z, **values})
    return [(x, y, bytes(image)) for x, y, image in found]
