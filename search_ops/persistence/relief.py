"""Heights out of the database: a window of joined tiles at the fineness that is asked for."""

import asyncio
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from geo.heights import BLOCK, HeightGrid, joined, unpack_block

# A window larger than this is a mistake of the caller; a tile of the map needs 0.2 million.
SAMPLES_LIMIT = 8_000_000
_DATASETS_LIMIT = 400


@dataclass(frozen=True, slots=True)
class ReliefDataset:
    """One imported grid of heights. `bbox` is west, south, east, north, degrees, WGS 84."""

    dataset_id: UUID
    source_name: str
    file_format: str
    imported_at: datetime
    west_deg: float
    north_deg: float
    step_lon_deg: float
    step_lat_deg: float
    columns: int
    rows: int
    levels: int
    low_m: float
    high_m: float
    void_share: float
    bbox: list[float]

    def level_for(self, step_lat_deg: float) -> int:
        """Return the coarsest level that is still as fine as asked."""
        wanted = math.floor(math.log2(max(step_lat_deg / self.step_lat_deg, 1.0)) + 1e-9)
        return min(wanted, self.levels - 1)

    def shape_at(self, level: int) -> tuple[int, int]:
        """Return rows and columns of a level."""
        return -(-self.rows >> level), -(-self.columns >> level)


_DATASETS = text("""
    SELECT dataset_id, source_name, file_format, imported_at, west_deg, north_deg, step_lon_deg, step_lat_deg,
           columns, rows, levels, low_m, high_m, void_share,
           ARRAY[ST_XMin(bbox), ST_YMin(bbox), ST_XMax(bbox), ST_YMax(bbox)] AS bbox
    FROM relief_dataset WHERE bbox && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
    ORDER BY step_lat_deg, imported_at DESC LIMIT :limit
""")

_BLOCKS = text("""
    SELECT block_row, block_column, heights FROM relief_block
    WHERE dataset_id = :dataset AND level = :level
      AND block_row BETWEEN :top AND :bottom AND block_column BETWEEN :left AND :right
""")


async def relief_datasets(
    connection: AsyncConnection, bounds: tuple[float, float, float, float]
) -> list[ReliefDataset]:
    """Return the grids that touch a box (west, south, east, north), finest first."""
    box = dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    rows = (await connection.execute(_DATASETS, box | {"limit": _DATASETS_LIMIT})).mappings()
    return [ReliefDataset(**row) for row in rows]


async def relief_version(connection: AsyncConnection) -> str:
    """Return a short text that changes whenever any grid of heights does."""
    found = await connection.execute(
        text("SELECT coalesce(string_agg(dataset_id::text, ',' ORDER BY dataset_id), '') FROM relief_dataset")
    )
    return hashlib.sha256(found.scalar_one().encode()).hexdigest()[:16]


async def heights_window(
    connection: AsyncConnection,
    bounds: tuple[float, float, float, float],
    step_lat_deg: float,
    *,
    margin: int = 2,
) -> HeightGrid | None:
    """Return the heights of a box, joined from every grid that touches it.

    The samples are those of the finest grid, at the level that is as fine as asked; the others fill what it
    lacks. So neighbouring windows have the same samples, and contours meet between them.

    Parameters
    ----------
    bounds
        West, south, east, north, degrees, WGS 84.
    step_lat_deg
        Largest distance between rows that will do.
    margin
        Samples to add on each side.

    Returns
    -------
    HeightGrid or None
        None when no grid touches the box, or the window would be larger than `SAMPLES_LIMIT`.
    """
    datasets = await relief_datasets(connection, bounds)
    if not datasets:
        return None
    best = datasets[0]
    level = best.level_for(step_lat_deg)
    step_lon, step_lat = best.step_lon_deg * 2**level, best.step_lat_deg * 2**level
    west, south, east, north = bounds
    left = math.floor((west - best.west_deg) / step_lon + 1e-9) - margin
    right = math.ceil((east - best.west_deg) / step_lon - 1e-9) + margin
    top = math.floor((best.north_deg - north) / step_lat + 1e-9) - margin
    bottom = math.ceil((best.north_deg - south) / step_lat - 1e-9) + margin
    rows, columns = bottom - top + 1, right - left + 1
    if rows * columns > SAMPLES_LIMIT:
        return None
    lattice = HeightGrid(
        best.west_deg + left * step_lon,
        best.north_deg - top * step_lat,
        step_lon,
        step_lat,
        np.full((rows, columns), np.nan, dtype=np.float32),
    )
    grids = []
    for dataset in datasets:
        grid = await _grid(connection, dataset, dataset.level_for(step_lat * (1 + 1e-9)), lattice)
        if grid is not None:
            grids.append(grid)
    return await asyncio.to_thread(joined, lattice, grids)


async def _grid(
    connection: AsyncConnection, dataset: ReliefDataset, level: int, lattice: HeightGrid
) -> HeightGrid | None:
    """Read the part of one grid that lies on the lattice, with a sample more on each side."""
    step_lon, step_lat = dataset.step_lon_deg * 2**level, dataset.step_lat_deg * 2**level
    rows, columns = dataset.shape_at(level)
    wanted_rows, wanted_columns = lattice.heights_m.shape
    south = lattice.north_deg - (wanted_rows - 1) * lattice.step_lat_deg
    east = lattice.west_deg + (wanted_columns - 1) * lattice.step_lon_deg
    top = max(0, math.floor((dataset.north_deg - lattice.north_deg) / step_lat) - 1)
    bottom = min(rows - 1, math.ceil((dataset.north_deg - south) / step_lat) + 1)
    left = max(0, math.floor((lattice.west_deg - dataset.west_deg) / step_lon) - 1)
    right = min(columns - 1, math.ceil((east - dataset.west_deg) / step_lon) + 1)
    if top >= bottom or left >= right:
        return None
    box = {"top": top // BLOCK, "bottom": bottom // BLOCK, "left": left // BLOCK, "right": right // BLOCK}
    found = await connection.execute(_BLOCKS, {"dataset": dataset.dataset_id, "level": level, **box})
    heights = await asyncio.to_thread(_together, found.all(), (rows, columns), box)
    return HeightGrid(
        dataset.west_deg + box["left"] * BLOCK * step_lon,
        dataset.north_deg - box["top"] * BLOCK * step_lat,
        step_lon,
        step_lat,
        heights,
    )


def _together(blocks: Sequence[Any], shape: tuple[int, int], box: dict[str, int]) -> Any:
    """Put blocks side by side; those that know nothing are not stored and stay void."""
    rows = min(shape[0], (box["bottom"] + 1) * BLOCK) - box["top"] * BLOCK
    columns = min(shape[1], (box["right"] + 1) * BLOCK) - box["left"] * BLOCK
    heights = np.full((rows, columns), np.nan, dtype=np.float32)
    for block_row, block_column, packed in blocks:
        row, column = (block_row - box["top"]) * BLOCK, (block_column - box["left"]) * BLOCK
        height, width = min(BLOCK, rows - row), min(BLOCK, columns - column)
        heights[row : row + height, column : column + width] = unpack_block(bytes(packed), height, width)
    return heights
