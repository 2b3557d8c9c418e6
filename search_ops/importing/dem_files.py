"""Files of heights: SRTM tiles are read here, GeoTIFF in a bounded process; both come as one grid."""

import io
import math
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.heights import HeightGrid, known_only
from search_ops.importing.child_process import ChildDiedError, ProcessLimits, child_frames
from search_ops.importing.relief_refusal import GroundFileRefused

if TYPE_CHECKING:
    from numpy.typing import NDArray

_HGT_NAME = re.compile(r"^([NS])(\d{1,2})([EW])(\d{1,3})", re.IGNORECASE)
_HGT_SIDES = (1_201, 3_601)
_HGT_VOID = -32_768
_LARGEST_LAT_DEG, _LARGEST_LON_DEG = 90, 180
SAMPLES_LIMIT = 100_000_000
_CHILD_LIMITS = ProcessLimits(cpu_s=900, address_bytes=4 * 1024**3, wall_s=1_800.0)


@dataclass(frozen=True, slots=True)
class DemFile:
    """A file of heights that was read: its format and its grid (perhaps in a temporary file)."""

    file_format: str
    grid: HeightGrid


@contextmanager
def open_dem(path: Path) -> Iterator[DemFile]:
    """Read a file of heights; the grid lives as long as the block.

    Parameters
    ----------
    path
        ``.hgt`` (named by its south-western corner), ``.hgt.zip`` or a GeoTIFF of one band.

    Raises
    ------
    GroundFileRefused
        With what is wrong with it.
    """
    if not path.is_file():
        raise GroundFileRefused("missing", file_name=path.name)
    if path.stat().st_size == 0:
        raise GroundFileRefused("empty", file_name=path.name)
    with path.open("rb") as file:
        head = file.read(4)
    if head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}:
        with _geotiff(path) as grid:
            yield DemFile("geotiff", grid)
    elif head == b"PK\x03\x04":
        yield DemFile("hgt", _zipped(path))
    elif path.suffix.lower() == ".hgt":
        if path.stat().st_size > 2 * max(_HGT_SIDES) ** 2:
            raise GroundFileRefused("wrong_size", file_name=path.name, file_format="hgt")
        yield DemFile("hgt", _hgt(path.read_bytes(), path.name, path.name))
    else:
        raise GroundFileRefused("not_heights", file_name=path.name, place={"byte": 0})


def _zipped(path: Path) -> HeightGrid:
    """Read the one ``.hgt`` of an archive; what its header claims of sizes is not believed."""
    largest = 2 * max(_HGT_SIDES) ** 2
    try:
        with zipfile.ZipFile(path) as archive:
            members = [name for name in archive.namelist() if name.lower().endswith(".hgt")]
            if len(members) != 1:
                raise GroundFileRefused("not_heights", file_name=path.name, file_format="hgt")
            with archive.open(members[0]) as member:
                content = member.read(largest + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as fault:
        raise GroundFileRefused(
            "damaged", file_name=path.name, file_format="hgt", detail=type(fault).__name__
        ) from None
    return _hgt(content, members[0].replace("\\", "/").rpartition("/")[2], path.name)


def _hgt(content: bytes, tile_name: str, file_name: str) -> HeightGrid:
    corner = _HGT_NAME.match(tile_name)
    if corner is None:
        raise GroundFileRefused("no_corner", file_name=file_name, file_format="hgt")
    south = int(corner[2]) * (1 if corner[1] in "Nn" else -1)
    west = int(corner[4]) * (1 if corner[3] in "Ee" else -1)
    if not (-_LARGEST_LAT_DEG <= south < _LARGEST_LAT_DEG and -_LARGEST_LON_DEG <= west < _LARGEST_LON_DEG):
        raise GroundFileRefused("no_corner", file_name=file_name, file_format="hgt")
    side = math.isqrt(len(content) // 2)
    if side not in _HGT_SIDES or len(content) != 2 * side**2:
        place = {"byte": len(content)}
        raise GroundFileRefused("wrong_size", file_name=file_name, file_format="hgt", place=place)
    numbers = np.frombuffer(content, dtype=">i2").reshape(side, side)
    heights = known_only(np.where(numbers == _HGT_VOID, np.nan, numbers.astype(np.float32)))
    step = 1.0 / (side - 1)
    return _with_ground(HeightGrid(west, south + 1.0, step, step, heights), file_name, "hgt")


@contextmanager
def _geotiff(path: Path) -> Iterator[HeightGrid]:
    wish = {"path": str(path.resolve()), "samples_limit": SAMPLES_LIMIT}
    with tempfile.TemporaryDirectory(prefix="search-ops-heights-") as folder:
        try:
            with child_frames("search_ops.importing.dem_child", wish, _CHILD_LIMITS) as frames:
                grid = _gathered(frames, Path(folder) / "heights", path.name)
        except ChildDiedError as death:
            reason = {"too_long": "too_long", "too_large": "too_large"}.get(death.cause, "damaged")
            raise GroundFileRefused(
                reason, file_name=path.name, file_format="geotiff", detail=death.detail
            ) from None
        yield _with_ground(grid, path.name, "geotiff")


def _gathered(frames: Iterator[Any], place: Path, file_name: str) -> HeightGrid:
    """Put the strips of the child together in a temporary file, so that memory stays bounded."""
    told: dict[str, Any] = {}
    heights: NDArray[np.float32] = np.empty((0, 0), np.float32)
    for frame in frames:
        header = frame.header
        if "refused" in header:
            refused = header["refused"]
            raise GroundFileRefused(
                refused["reason"], file_name=file_name, file_format="geotiff", detail=refused["detail"]
            )
        if "grid" in header:
            told = header["grid"]
            if told["rows"] * told["columns"] > SAMPLES_LIMIT or min(told["rows"], told["columns"]) < 2:  # noqa: PLR2004 - a grid
                raise GroundFileRefused("too_large", file_name=file_name, file_format="geotiff")
            heights = np.memmap(place, np.float32, "w+", shape=(told["rows"], told["columns"]))
        elif "row" in header:
            strip = np.load(io.BytesIO(frame.payload), allow_pickle=False)
            heights[header["row"] : header["row"] + len(strip)] = known_only(strip)
    return HeightGrid(
        told["west_deg"], told["north_deg"], told["step_lon_deg"], told["step_lat_deg"], heights
    )


def _with_ground(grid: HeightGrid, file_name: str, file_format: str) -> HeightGrid:
    if not any(
        np.isfinite(grid.heights_m[row : row + 256]).any() for row in range(0, len(grid.heights_m), 256)
    ):
        raise GroundFileRefused("only_voids", file_name=file_name, file_format=file_format)
    return grid
