"""Relief for the map: hillshade pictures, contours as a layer of the ground tiles, heights of places."""

import asyncio
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geo import terrain
from geo.heights import HeightGrid
from geo.png import palette_png
from geo.vector_tiles import EXTENT, LayerWriter, commands, feature, packed_tags
from search_ops.errors import NotKnown
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.persistence.relief import heights_window, relief_version
from search_ops.services.tile_shelf import TileShelf

SHADE_PX = 256
_SHADE_MAX_ZOOM = 14
_CACHE_BYTES = 12 * 1024 * 1024
_VERSION_AGE_S = 2.0
_DRAWN_AT_ONCE = 2
_METRES_PER_DEGREE = 111_195.0
# Smallest zoom with this distance between contours; every fifth is an index contour.
_INTERVALS_M = ((13, 10.0), (12, 20.0), (11, 50.0), (10, 100.0), (8, 200.0))
_INDEX_EVERY = 5
# Samples of a contour tile per side: finer than a millimetre on the screen is noise.
_CONTOUR_SAMPLES = 256
_LEVEL_LIGHT = math.sin(math.radians(terrain.SUN_ALTITUDE_DEG))


def _palette() -> NDArray[np.uint8]:
    """Return the colours of light: 0 is nothing, 1..255 go from black shadow through nothing to white."""
    light = (np.arange(256) - 1) / 254.0
    colours = np.zeros((256, 4), dtype=np.uint8)
    dark = light < _LEVEL_LIGHT
    colours[~dark, :3] = 255
    colours[dark, 3] = (255 * (_LEVEL_LIGHT - light[dark]) / _LEVEL_LIGHT).astype(np.uint8)
    colours[~dark, 3] = (160 * (light[~dark] - _LEVEL_LIGHT) / (1 - _LEVEL_LIGHT)).astype(np.uint8)
    colours[0] = 0
    return colours


_PALETTE = _palette()
EMPTY_SHADE = palette_png(np.zeros((SHADE_PX, SHADE_PX), np.uint8), np.zeros((1, 4), np.uint8))


@dataclass(frozen=True, slots=True)
class ShadeTile:
    """A picture and the tag that stands for relief version and place."""

    etag: str
    png: bytes


class HillshadeTiles:
    """Draws pictures of light and shadow and keeps the latest.

    Parameters
    ----------
    engine
        Database in the application's role.
    clock_s
        Monotonic seconds; a parameter for tests.
    """

    def __init__(self, engine: AsyncEngine, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock_s = clock_s
        self._drawing = asyncio.Semaphore(_DRAWN_AT_ONCE)
        self._shelf = TileShelf(_CACHE_BYTES)
        self._version = ""
        self._version_until_s = float("-inf")

    async def etag(self, address: TileAddress) -> str:
        """Return the tag of a tile without drawing it.

        Raises
        ------
        NotKnown
            We draw no such tile.
        """
        if not address.exists or address.z > _SHADE_MAX_ZOOM:
            raise NotKnown("tile_not_known")
        if self._clock_s() >= self._version_until_s:
            async with self._engine.connect() as connection:
                self._version = await relief_version(connection)
            self._version_until_s = self._clock_s() + _VERSION_AGE_S
        return f'"{self._version}-s-{address.z}-{address.x}-{address.y}"'

    async def get(self, address: TileAddress) -> ShadeTile:
        """Return a tile, from memory when it is there; see-through where no heights are."""
        etag = await self.etag(address)
        kept = self._shelf.get(etag)
        if kept is None:
            async with self._drawing, self._engine.connect() as connection:
                west, south, east, north = address.bounds_deg()
                grid = await heights_window(
                    connection, (west, south, east, north), (north - south) / SHADE_PX, margin=3
                )
            kept = EMPTY_SHADE if grid is None else await asyncio.to_thread(shade_picture, grid, address)
            self._shelf.put(etag, kept)
        return ShadeTile(etag, kept)


def shade_picture(grid: HeightGrid, address: TileAddress) -> bytes:
    """Return the picture of one tile from the heights round it.

    Light is computed between the samples that there are and then spread over the points of the picture, so
    that coarse heights give soft hills instead of facets.
    """
    lat = grid.north_deg - np.arange(len(grid.heights_m)) * grid.step_lat_deg
    step_x_m = grid.step_lon_deg * _METRES_PER_DEGREE * np.cos(np.radians(lat))[:, None]
    light = terrain.hillshade(grid.heights_m, step_x_m, grid.step_lat_deg * _METRES_PER_DEGREE)
    lit = HeightGrid(
        grid.west_deg, grid.north_deg, grid.step_lon_deg, grid.step_lat_deg, light.astype(np.float32)
    )
    middle = (np.arange(SHADE_PX) + 0.5) / SHADE_PX
    lon = (address.x + middle) / 2**address.z * 360.0 - 180.0
    turn = np.pi * (1 - 2 * (address.y + middle) / 2**address.z)
    seen = lit.at(*np.meshgrid(lon, np.degrees(np.arctan(np.sinh(turn)))))
    known = np.isfinite(seen)
    if not known.any():
        return EMPTY_SHADE
    indices = np.where(known, 1 + np.rint(np.nan_to_num(seen) * 254), 0).astype(np.uint8)
    return palette_png(indices, _PALETTE)


def contour_interval_m(z: int) -> float | None:
    """Return the metres between contours at a zoom; None where there are none.

    >>> contour_interval_m(12), contour_interval_m(7)
    (20.0, None)
    """
    return next((interval for zoom, interval in _INTERVALS_M if z >= zoom), None)


async def contour_layer(connection: AsyncConnection, address: TileAddress) -> bytes:
    """Return the layer ``contour`` of a ground tile (`elevation_m`, `index`); empty without heights."""
    interval_m = contour_interval_m(address.z)
    if interval_m is None:
        return b""
    west, south, east, north = address.bounds_deg()
    step = (north - south) / _CONTOUR_SAMPLES
    grid = await heights_window(connection, (west, south, east, north), step, margin=1)
    return b"" if grid is None else await asyncio.to_thread(_contours, grid, address, interval_m)


def _contours(grid: HeightGrid, address: TileAddress, interval_m: float) -> bytes:
    found = terrain.contours(grid.heights_m, interval_m)
    if not len(found.elevations_m):
        return b""
    lon = grid.west_deg + found.points[:, 0] * grid.step_lon_deg
    lat = grid.north_deg - found.points[:, 1] * grid.step_lat_deg
    x = ((lon + 180.0) / 360.0 * 2**address.z - address.x) * EXTENT
    turn = np.arcsinh(np.tan(np.radians(lat))) / np.pi
    y = ((1.0 - turn) / 2 * 2**address.z - address.y) * EXTENT
    points = np.rint(np.column_stack([x, y])).astype(np.int64)
    lines = np.argsort(found.elevations_m, kind="stable")
    counts = np.diff(found.starts)
    order = np.concatenate([np.arange(found.starts[at], found.starts[at + 1]) for at in lines])
    heights, firsts = np.unique(found.elevations_m[lines], return_index=True)
    part_starts = np.concatenate([[0], np.cumsum(counts[lines])])
    feature_parts = np.append(firsts, len(lines))
    encoded, bounds = commands(points[order], part_starts, feature_parts, "line")
    writer = LayerWriter("contour", ("elevation_m", "index"))
    features = []
    for number, height in enumerate(heights.tolist()):
        is_index = round(height / interval_m) % _INDEX_EVERY == 0
        tags = packed_tags((0, writer.number_of(int(height)), 1, writer.number_of(is_index)))
        features.append(feature("line", tags, encoded[bounds[number] : bounds[number + 1]]))
    return writer.packed(features)


async def elevation(engine: AsyncEngine, lon: float, lat: float) -> dict[str, Any]:
    """Return the height of a place, metres above sea level to a decimetre; None where none is known."""
    async with engine.connect() as connection:
        grid = await heights_window(connection, (lon, lat, lon, lat), 0.0, margin=1)
    found = math.nan if grid is None else float(grid.at(np.array([lon]), np.array([lat]))[0])
    return {"lon": lon, "lat": lat, "elevation_m": None if math.isnan(found) else round(found, 1)}
