"""Import of heights: files in, packed blocks with their smaller copies in the database, all or nothing."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
import uuid_utils.compat
from numpy.typing import NDArray

from geo.heights import BLOCK, HeightGrid, halved, pack_block
from search_ops.importing.dem_files import DemFile, open_dem

# Level 4 of a tile of three seconds has a sample each 1.5 km: enough for the whole country on one screen.
_LEVELS = 5
_SMALLEST_SIDE = 16
_IMPORT_LOCK = 731_920_453
_HASHED_BYTES = 1024 * 1024

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DemReport:
    """What an import of one file of heights did; `replaced`: an older one of the same name gave way."""

    dataset_id: UUID
    source_name: str
    file_format: str
    rows: int
    columns: int
    low_m: float
    high_m: float
    void_share: float
    replaced: bool
    elapsed_s: float


def import_dem(paths: Sequence[Path], dsn: str, *, progress: Progress | None = None) -> list[DemReport]:
    """Read files of heights into the database; those of the same name before give way.

    All of them in one transaction: when one file is refused none is taken.

    Parameters
    ----------
    paths
        ``.hgt``, ``.hgt.zip`` or GeoTIFF. Neighbouring tiles are joined when they are read.
    dsn
        Address of the database for the role that owns the tables.
    progress
        Called with (file name, files done, files in all).

    Raises
    ------
    GroundFileRefused
        A file is broken, too large or has no place on Earth; nothing was changed.
    """
    reports = []
    with psycopg.connect(dsn.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
        for done, path in enumerate(paths):
            if progress is not None:
                progress(path.name, done, len(paths))
            started_s = time.monotonic()
            with open_dem(path) as file:
                reports.append(_import_one(connection, path, file, started_s))
    return reports


def _import_one(
    connection: psycopg.Connection[Any], path: Path, file: DemFile, started_s: float
) -> DemReport:
    grid = file.grid
    rows, columns = grid.heights_m.shape
    name = path.name.split(".")[0] or path.name
    low_m, high_m, voids = _figures(grid.heights_m)
    levels = _levels_of(rows, columns)
    dataset_id = UUID(str(uuid_utils.compat.uuid7()))
    gone = connection.execute("DELETE FROM relief_dataset WHERE source_name = %s", [name])
    connection.execute(
        "INSERT INTO relief_dataset (dataset_id, source_name, file_name, file_sha256, file_format,"
        " imported_at, west_deg, north_deg, step_lon_deg, step_lat_deg, columns, rows, levels,"
        " low_m, high_m, void_share, bbox)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " ST_MakeEnvelope(%s, %s, %s, %s, 4326))",
        [
            dataset_id, name, path.name, _sha256(path), file.file_format, datetime.now(UTC),
            grid.west_deg, grid.north_deg, grid.step_lon_deg, grid.step_lat_deg, columns, rows, levels,
            low_m, high_m, voids / (rows * columns), *_box(grid),
        ],
    )  # fmt: skip
    statement = (
        "COPY relief_block (dataset_id, level, block_row, block_column, heights) FROM STDIN (FORMAT BINARY)"
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(["uuid", "int2", "int4", "int4", "bytea"])
        for block in _blocks(grid.heights_m, levels):
            copy.write_row((dataset_id, *block))
    return DemReport(
        dataset_id=dataset_id,
        source_name=name,
        file_format=file.file_format,
        rows=rows,
        columns=columns,
        low_m=low_m,
        high_m=high_m,
        void_share=voids / (rows * columns),
        replaced=gone.rowcount > 0,
        elapsed_s=time.monotonic() - started_s,
    )


def _levels_of(rows: int, columns: int) -> int:
    levels = 1
    while levels < _LEVELS and min(rows, columns) >> levels >= _SMALLEST_SIDE:
        levels += 1
    return levels


def _blocks(heights_m: NDArray[np.float32], levels: int) -> Iterator[tuple[int, int, int, bytes]]:
    """Give (level, row, column, bytes) of every block that knows any height."""
    for level in range(levels):
        for row in range(0, heights_m.shape[0], BLOCK):
            for column in range(0, heights_m.shape[1], BLOCK):
                block = np.asarray(heights_m[row : row + BLOCK, column : column + BLOCK])
                if np.isfinite(block).any():
                    yield level, row // BLOCK, column // BLOCK, pack_block(block)
        if level + 1 < levels:
            heights_m = halved(heights_m)


def _figures(heights_m: NDArray[np.float32]) -> tuple[float, float, int]:
    """Return lowest, highest and the number of voids, strip by strip."""
    low, high, voids = np.inf, -np.inf, 0
    for row in range(0, len(heights_m), BLOCK):
        strip = np.asarray(heights_m[row : row + BLOCK])
        known = strip[np.isfinite(strip)]
        voids += strip.size - known.size
        if known.size:
            low, high = min(low, float(known.min())), max(high, float(known.max()))
    return low, high, voids


def _box(grid: HeightGrid) -> tuple[float, float, float, float]:
    rows, columns = grid.heights_m.shape
    east = grid.west_deg + (columns - 1) * grid.step_lon_deg
    return grid.west_deg, grid.north_deg - (rows - 1) * grid.step_lat_deg, east, grid.north_deg


def _sha256(path: Path) -> bytes:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_HASHED_BYTES):
            found.update(piece)
    return found.digest()
