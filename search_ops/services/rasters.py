"""Raster layers for the map and for paper."""

import asyncio
import math
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geo.png import picture_size
from search_ops.errors import BadInput, NotKnown
from search_ops.importing.child_process import ProcessLimits, child_frames
from search_ops.persistence import rasters as store

_TILES_LIMIT = 400
_WIDEST_PX = 4_000
_LARGEST_Z = 22
_LIMITS = ProcessLimits(cpu_s=60, address_bytes=2 * 1024**3, wall_s=120.0)
# As far as Web Mercator goes.
_LAT_LIMIT_DEG = 85.05


async def list_layers(engine: AsyncEngine) -> list[dict[str, Any]]:
    """Return every raster layer with bounds, zooms and source."""
    async with engine.connect() as connection:
        layers = await store.raster_layers(connection)
    return [
        {
            "id": str(layer.layer_id),
            "name": layer.name,
            "source_format": layer.source_format,
            "file_name": layer.file_name,
            "imported_at": layer.imported_at.isoformat(timespec="milliseconds"),
            "bounds": layer.bounds,
            "min_zoom": layer.min_zoom,
            "max_zoom": layer.max_zoom,
            "tile_px": layer.tile_px,
            "tiles": layer.tiles,
            "size_bytes": layer.size_bytes,
            "attribution": layer.attribution,
            "url": f"/tiles/raster/{layer.layer_id}/{{z}}/{{x}}/{{y}}",
        }
        for layer in layers
    ]


async def tile_picture(
    engine: AsyncEngine, layer_id: UUID, z: int, x: int, y: int
) -> tuple[str, bytes] | None:
    """Return media type and bytes of a tile; None where the layer has none there.

    Raises
    ------
    NotKnown
        There is no such layer, or no such tile on any map.
    """
    if not 0 <= z <= _LARGEST_Z or not (0 <= x < 2**z and 0 <= y < 2**z):
        raise NotKnown("tile_not_known")
    async with engine.connect() as connection:
        image = await store.raster_tile(connection, layer_id, z, x, y)
    if image is None:
        raise NotKnown
    head = picture_size(image) if image else None
    return None if head is None else (head[0], image)


async def raster_window(
    connection: AsyncConnection,
    layer_id: UUID,
    bounds: tuple[float, float, float, float],
    width_px: int,
) -> NDArray[np.uint8]:
    """Return a part of a layer as one picture, for paper: call it in the worker.

    The picture is in Web Mercator between the bounds, north up. Tiles are decoded in a bounded process.

    Parameters
    ----------
    bounds
        West, south, east, north, degrees, WGS 84.
    width_px
        Columns of the picture, 1..4000; rows follow from the bounds.

    Returns
    -------
    ndarray
        Shape (rows, width_px, 4), RGBA; see-through where the layer has nothing.

    Raises
    ------
    NotKnown
        There is no such layer.
    BadInput
        ``window_too_large``.
    """
    layer = await store.raster_layer(connection, layer_id)
    if layer is None:
        raise NotKnown
    west, south, east, north = bounds
    x0, x1 = ((lon + 180) / 360 for lon in (west, east))
    y0, y1 = (_turn(lat) for lat in (north, south))
    if not (x0 < x1 and y0 < y1 and 0 < width_px <= _WIDEST_PX):
        raise BadInput("window_too_large", where="bounds")
    height_px = max(1, round(width_px * (y1 - y0) / (x1 - x0)))
    wanted = math.ceil(math.log2(width_px / layer.tile_px / (x1 - x0)) - 0.3)
    z = min(max(wanted, layer.min_zoom), layer.max_zoom)
    box = tuple(min(2**z - 1, max(0, math.floor(side * 2**z))) for side in (x0, y0, x1 - 1e-12, y1 - 1e-12))
    left, top, right, bottom = box
    if (right - left + 1) * (bottom - top + 1) > _TILES_LIMIT or height_px > _WIDEST_PX:
        raise BadInput("window_too_large", where="bounds")
    tiles = await store.raster_tiles(connection, layer_id, z, (left, top, right, bottom))
    window = [(x0 * 2**z - left), (y0 * 2**z - top), (x1 * 2**z - left), (y1 * 2**z - top)]
    wish = {"window": window, "shape": [height_px, width_px], "tile_px": layer.tile_px}
    return await asyncio.to_thread(_decoded, tiles, (left, top), wish)


def _turn(lat_deg: float) -> float:
    lat = math.radians(min(max(lat_deg, -_LAT_LIMIT_DEG), _LAT_LIMIT_DEG))
    return (1 - math.asinh(math.tan(lat)) / math.pi) / 2


def _decoded(
    tiles: list[tuple[int, int, bytes]], corner: tuple[int, int], wish: dict[str, Any]
) -> NDArray[np.uint8]:
    rows, columns = wish["shape"]
    out = np.zeros((rows, columns, 4), dtype=np.uint8)
    with tempfile.TemporaryDirectory(prefix="search-ops-raster-") as folder:
        told = []
        for number, (x, y, image) in enumerate(tiles):
            place = Path(folder) / str(number)
            place.write_bytes(image)
            told.append([x - corner[0], y - corner[1], str(place)])
        with child_frames("search_ops.importing.raster_decoder", {**wish, "tiles": told}, _LIMITS) as frames:
            for frame in frames:
                if "row" in frame.header:
                    strip = np.frombuffer(frame.payload, np.uint8).reshape(-1, columns, 4)
                    out[frame.header["row"] : frame.header["row"] + len(strip)] = strip
    return out
