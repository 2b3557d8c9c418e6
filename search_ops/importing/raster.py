"""Import of raster layers: tile databases and scanned maps, as tiles in the database, all or nothing."""

import hashlib
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import uuid_utils.compat

from geo.png import picture_size
from search_ops.importing.child_process import ChildDiedError, Frame, ProcessLimits, child_frames
from search_ops.importing.ozf import OZF_MAGIC, OZF_SUFFIXES
from search_ops.importing.ozi_map import read_ozi_map
from search_ops.importing.relief_refusal import GroundFileRefused

_IMPORT_LOCK = 731_920_454
_HASHED_BYTES = 1024 * 1024
_MAP_FILE_LIMIT_BYTES = 1024 * 1024
_ZOOM_LIMIT = 22
_IMAGE_LIMIT_BYTES = 4 * 1024 * 1024
_TILES_LIMIT, _LAYER_LIMIT_BYTES = 5_000_000, 40 * 1024**3
_NAME_LENGTH = 120
_TOLD_EVERY_TILES = 200
# GDAL may map a large picture into memory.
_LIMITS = ProcessLimits(cpu_s=3_600, address_bytes=6 * 1024**3, wall_s=7_200.0)
_TIFF = {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}
_PIXELS = range(64, 1025)

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class RasterReport:
    """What the import of a layer did."""

    layer_id: UUID
    name: str
    source_format: str
    tiles: int
    size_bytes: int
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]
    replaced: bool
    elapsed_s: float


@dataclass
class _Seen:
    """What the tiles say of their layer while they pass."""

    file_name: str
    file_format: str
    tiles: int = 0
    size_bytes: int = 0
    tile_px: int = 0
    zooms: dict[int, list[int]] = field(default_factory=dict)

    def check(self, z: Any, x: Any, y: Any, image: bytes) -> None:
        """Refuse what is no tile of a map; place is the tile."""
        place = {"tile": f"{z}/{x}/{y}"[:40]}
        on_map = all(type(each) is int for each in (z, x, y)) and 0 <= z <= _ZOOM_LIMIT
        if not on_map or not (0 <= x < 2**z and 0 <= y < 2**z):
            raise self.refused("off_the_map", place)
        head = picture_size(image[:_HASHED_BYTES])
        if head is None or len(image) > _IMAGE_LIMIT_BYTES:
            raise self.refused("not_a_picture", place)
        if head[1] != head[2] or head[1] not in _PIXELS:
            raise self.refused("wrong_size", place)
        self.tile_px = max(self.tile_px, head[1])
        self.tiles += 1
        self.size_bytes += len(image)
        if self.tiles > _TILES_LIMIT or self.size_bytes > _LAYER_LIMIT_BYTES:
            raise self.refused("too_large", place)
        west, north, east, south = self.zooms.setdefault(z, [x, y, x, y])
        self.zooms[z] = [min(west, x), min(north, y), max(east, x), max(south, y)]

    def refused(self, reason: str, place: Mapping[str, int | str] | None = None) -> GroundFileRefused:
        """Return the refusal of this file."""
        return GroundFileRefused(reason, file_name=self.file_name, file_format=self.file_format, place=place)


def import_raster(
    path: Path, dsn: str, *, name: str | None = None, progress: Progress | None = None
) -> RasterReport:
    """Take a raster layer into the database; one of the same name before gives way.

    Parameters
    ----------
    path
        MBTiles, ``.sqlitedb`` (RMaps, OruxMaps, OsmAnd), GeoTIFF, or an OziExplorer ``.map`` whose picture
        (PNG, JPEG, TIFF, BMP, GIF, WebP, OZF2, OZF3) lies beside it.
    dsn
        Address of the database for the role that owns the tables.
    name
        How people shall see it; else the file's own title or name.
    progress
        Called with the number of tiles so far.

    Raises
    ------
    GroundFileRefused
        The file is broken, of another kind or dangerous; nothing was changed.
    """
    started_s = time.monotonic()
    wish = _wish(path)
    seen = _Seen(path.name, "ozi" if wish.get("crs") else wish["format"])
    layer_id = UUID(str(uuid_utils.compat.uuid7()))
    try:
        with (
            psycopg.connect(dsn.replace("postgresql+psycopg://", "postgresql://", 1)) as connection,
            child_frames("search_ops.importing.raster_child", wish, _LIMITS) as frames,
        ):
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
            told = _copied(connection, frames, seen, progress)
            if not seen.tiles:
                raise seen.refused("no_tiles")
            title = (name or wish.get("title") or told["title"] or path.stem)[:_NAME_LENGTH].replace("\0", "")
            head = [layer_id, title, seen.file_format, path.name, _sha256(path), datetime.now(UTC)]
            replaced = _completed(connection, head, told, seen)
    except ChildDiedError as death:
        reason = {"too_long": "too_long", "too_large": "too_large"}.get(death.cause, "damaged")
        raise seen.refused(reason) from death
    except psycopg.errors.UniqueViolation:
        raise seen.refused("tile_twice") from None
    bounds = _bounds(seen, told)
    return RasterReport(
        layer_id=layer_id,
        name=title,
        source_format=seen.file_format,
        tiles=seen.tiles,
        size_bytes=seen.size_bytes,
        min_zoom=min(seen.zooms),
        max_zoom=max(seen.zooms),
        bounds=bounds,
        replaced=replaced,
        elapsed_s=time.monotonic() - started_s,
    )


def _wish(path: Path) -> dict[str, Any]:
    """Find out what the file is, from its first bytes, and what the child shall open."""
    if not path.is_file():
        raise GroundFileRefused("missing", file_name=path.name)
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise GroundFileRefused("empty", file_name=path.name)
    if head.startswith(b"SQLite format 3\0"):
        return {"format": "sqlite", "path": str(path.resolve()), "crs": "", "transform": []}
    if head[:4] in _TIFF:
        return {"format": "geotiff", "path": str(path.resolve()), "crs": "", "transform": []}
    if b"OziExplorer Map Data File" in head:
        with path.open("rb") as file:
            found = read_ozi_map(file.read(_MAP_FILE_LIMIT_BYTES), path.name)
        return {
            "format": "ozi",
            "path": str(_beside(path, found.image_name).resolve()),
            "crs": found.crs,
            "transform": list(found.transform),
            "title": found.title if "." not in found.title[-6:] else "",
        }
    if path.suffix.lower() in OZF_SUFFIXES or head[:2] in OZF_MAGIC:
        raise GroundFileRefused("ozf_alone", file_name=path.name, file_format="ozi")
    raise GroundFileRefused("not_a_raster", file_name=path.name, place={"byte": 0})


def _beside(path: Path, image_name: str) -> Path:
    """Return the picture of a map: in its own folder, whatever its author's disk was called."""
    for each in sorted(path.parent.iterdir()):
        if each.name.lower() == image_name.lower() and each.is_file() and not each.is_symlink():
            return each
    raise GroundFileRefused(
        "no_picture", file_name=path.name, file_format="ozi", place={"line": 3}, detail=image_name[:100]
    )


def _copied(
    connection: psycopg.Connection[Any],
    frames: Iterator[Frame],
    seen: _Seen,
    progress: Progress | None,
) -> dict[str, Any]:
    """Write the tiles as they come; return what the child says at the end."""
    told: dict[str, Any] = {}
    # The layer itself is written when its tiles are known: tiles wait in a table of this transaction.
    connection.execute(
        "CREATE TEMP TABLE new_tile (z smallint, x integer, y integer, image bytea) ON COMMIT DROP"
    )
    with connection.cursor() as cursor, cursor.copy("COPY new_tile FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["int2", "int4", "int4", "bytea"])
        for frame in frames:
            if "end" in frame.header:
                told = frame.header["end"]
                break
            z, x, y = frame.header["tile"]
            seen.check(z, x, y, frame.payload)
            copy.write_row((z, x, y, frame.payload))
            if progress is not None and seen.tiles % _TOLD_EVERY_TILES == 0:
                progress(seen.tiles)
    if "refused" in told:
        raise GroundFileRefused(
            **{"file_name": seen.file_name, "file_format": seen.file_format} | told["refused"]
        )
    seen.file_format = told["format"] if seen.file_format == "sqlite" else seen.file_format
    return told


def _completed(
    connection: psycopg.Connection[Any], head: list[Any], told: dict[str, Any], seen: _Seen
) -> bool:
    """Write the layer and its tiles; `head` is the first six columns of its row."""
    gone = connection.execute("DELETE FROM raster_layer WHERE name = %s", [head[1]])
    connection.execute(
        "INSERT INTO raster_layer (layer_id, name, source_format, file_name, file_sha256, imported_at, bbox,"
        " min_zoom, max_zoom, tile_px, tiles, size_bytes, attribution) VALUES (%s, %s, %s, %s, %s, %s,"
        " ST_MakeEnvelope(%s, %s, %s, %s, 4326), %s, %s, %s, %s, %s, %s)",
        [
            *head, *_bounds(seen, told), min(seen.zooms), max(seen.zooms),
            seen.tile_px, seen.tiles, seen.size_bytes, told["attribution"].replace("\0", ""),
        ],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO raster_tile (layer_id, z, x, y, image) SELECT %s, z, x, y, image FROM new_tile",
        head[:1],
    )
    return gone.rowcount > 0


def _bounds(seen: _Seen, told: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return the box of the picture, or of the tiles of the finest zoom."""
    if told.get("bounds"):
        west, south, east, north = told["bounds"]
        return west, south, east, north
    z = max(seen.zooms)
    return tile_box(z, *seen.zooms[z])


def tile_box(z: int, left: int, top: int, right: int, bottom: int) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees of tiles from a corner to another, both included."""

    def lat(row: int) -> float:
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**z))))

    return 360.0 * left / 2**z - 180, lat(bottom + 1), 360.0 * (right + 1) / 2**z - 180, lat(top)


def _sha256(path: Path) -> bytes:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_HASHED_BYTES):
            found.update(piece)
    return found.digest()
