"""The process in which pictures and tile databases of strangers are opened; tiles go to the parent."""

import math
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import MemoryFile
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from search_ops.importing.child_process import run_child, send
from search_ops.importing.ozf import OZF_MAGIC, OZF_SUFFIXES, PIXELS_LIMIT, WIDEST_PX, OzfPicture
from search_ops.importing.relief_refusal import GroundFileRefused

_TILE_PX = 256
_RADIUS_M = 6_378_137.0
_HALF_M = math.pi * _RADIUS_M
_MERCATOR = "EPSG:3857"
_TILES_LIMIT = 400_000
_ZOOM_LIMIT = 19
# A zoom that is only this much finer than the picture (in zooms) is enough.
_HARDLY_FINER = 0.4
_BIG_PLANET = 17
_BLOB_LIMIT_BYTES = 8 * 1024 * 1024
# First bytes of a picture and who reads it: nobody else gets to look at it.
_PICTURES = (
    (b"II*\0", "GTiff"), (b"MM\0*", "GTiff"), (b"II+\0", "GTiff"), (b"MM\0+", "GTiff"), (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"), (b"BM", "BMP"), (b"GIF8", "GIF"), (b"RIFF", "WEBP"),
    *((magic, "OZF") for magic in OZF_MAGIC),
)  # fmt: skip
_LOSSY_QUALITY = 85
_PLACED, _UNPACKED = "/vsimem/placed.vrt", "/vsimem/unpacked.tif"
# In memory the picture stays packed; a strip of 256 rows fills whole blocks, each is written once.
_UNPACKED_FORM = {
    "driver": "GTiff", "photometric": "palette", "tiled": True, "blockxsize": 256, "blockysize": 256,
    "compress": "deflate", "zlevel": 1, "bigtiff": "if_safer",
}  # fmt: skip


class _RefusedError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def _read(wish: dict[str, Any]) -> dict[str, Any]:
    try:
        if wish["format"] == "sqlite":
            return _tile_database(wish["path"])
        with rasterio.Env(
            GDAL_CACHEMAX=128,
            GDAL_NUM_THREADS="1",
            GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR",
            GDAL_PAM_ENABLED="NO",
        ):
            return _picture(wish)
    except GroundFileRefused as refusal:
        return {"refused": refusal.data}
    except _RefusedError as refusal:
        return {"refused": {"reason": refusal.reason, "detail": refusal.detail}}
    except (sqlite3.Error, RasterioError, ValueError, ArithmeticError, OverflowError) as fault:
        return {"refused": {"reason": "damaged", "detail": f"{type(fault).__name__}: {fault}"[:300]}}


# ---- tile databases ----------------------------------------------------------------------------


def _tile_database(path: str) -> dict[str, Any]:
    """Send the tiles of an MBTiles or an RMaps file, in the numbering that the web uses."""
    connection = sqlite3.connect(f"file:{quote(path)}?mode=ro&immutable=1", uri=True)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _BLOB_LIMIT_BYTES)
    connection.text_factory = lambda raw: raw.decode(errors="replace")
    connection.execute("PRAGMA trusted_schema = OFF")
    columns = {row[1].lower() for row in connection.execute("PRAGMA table_info(tiles)")}
    if {"zoom_level", "tile_column", "tile_row", "tile_data"} <= columns:
        told, rows = _mbtiles(connection)
    elif {"x", "y", "z", "image"} <= columns:
        told, rows = _rmaps(connection)
    else:
        raise _RefusedError("no_tiles", f"columns of tiles: {sorted(columns)}"[:200])
    for z, x, y, image in rows:
        if not all(isinstance(number, int) for number in (z, x, y)) or not isinstance(image, bytes):
            raise _RefusedError("damaged", f"tile {z}/{x}/{y}"[:80])
        send({"tile": [z, x, y]}, image)
    return told


Rows = Iterator[tuple[Any, Any, Any, Any]]


def _mbtiles(connection: sqlite3.Connection) -> tuple[dict[str, Any], Rows]:
    """Rows count from the south here."""
    named = (
        connection.execute("SELECT name, value FROM metadata LIMIT 100")
        if _has(connection, "metadata")
        else ()
    )
    words = {str(name): str(value)[:500] for name, value in named}
    if words.get("format", "").lower() in {"pbf", "mvt"}:
        raise _RefusedError("vector_tiles", words["format"])
    found = connection.execute("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles")
    rows = ((z, x, _flipped(z, y), image) for z, x, y, image in found)
    told = {"format": "mbtiles", "title": words.get("name", ""), "attribution": words.get("attribution", "")}
    return told, rows


def _flipped(z: Any, y: Any) -> Any:
    return 2**z - 1 - y if isinstance(z, int) and isinstance(y, int) and 0 <= z <= 30 else None  # noqa: PLR2004 - any tile


def _rmaps(connection: sqlite3.Connection) -> tuple[dict[str, Any], Rows]:
    """RMaps and OruxMaps count zooms backwards from 17 (BigPlanet); OsmAnd says when it does not."""
    info: dict[str, Any] = {}
    if _has(connection, "info"):
        cursor = connection.execute("SELECT * FROM info LIMIT 1")
        names = [str(column[0]).lower() for column in cursor.description]
        info = dict(zip(names, next(cursor, ()), strict=False))
    if str(info.get("ellipsoid", 0)) not in {"0", "None", ""}:
        raise _RefusedError("elliptic", "ellipsoid")
    backwards = str(info.get("tilenumbering", "BigPlanet")).lower() in {"bigplanet", "none", ""}
    from_south = str(info.get("inverted_y", 0)) not in {"0", "None", ""}

    def rows() -> Rows:
        for z, x, y, image in connection.execute("SELECT z, x, y, image FROM tiles"):
            zoom = _BIG_PLANET - z if backwards and isinstance(z, int) else z
            yield zoom, x, _flipped(zoom, y) if from_south else y, image

    return {"format": "sqlitedb", "title": "", "attribution": ""}, rows()


def _has(connection: sqlite3.Connection, table: str) -> bool:
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE lower(name) = ?", (table,))
    return bool(found.fetchone()[0])


# ---- pictures ----------------------------------------------------------------------------------


def _picture(wish: dict[str, Any]) -> dict[str, Any]:
    path, driver = wish["path"], _driver_of(Path(wish["path"]))
    with warnings.catch_warnings():
        # A scan knows no place: the `.map` beside it does.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        if driver == "OZF":
            path, driver = _unpacked(Path(path)), "GTiff"
        with rasterio.open(path, driver=driver) as scan:
            _check(scan)
            if wish["crs"]:
                rasterio.shutil.copy(scan, _PLACED, driver="VRT")
        if wish["crs"]:
            with rasterio.open(_PLACED, "r+") as placed:
                placed.crs, placed.transform = wish["crs"], rasterio.Affine(*wish["transform"])
    with rasterio.open(_PLACED if wish["crs"] else path, driver="VRT" if wish["crs"] else driver) as source:
        if source.crs is None or source.gcps[0]:
            raise _RefusedError("no_place", "no coordinate reference system")
        if not all(map(math.isfinite, source.transform[:6])) or source.transform.determinant == 0:
            raise _RefusedError("no_place", "transform")
        paletted = source.colorinterp[0] is ColorInterp.palette
        resampling = Resampling.nearest if paletted else Resampling.bilinear
        warp = {"crs": _MERCATOR, "resampling": resampling, "add_alpha": True}
        with WarpedVRT(source, **warp) as turned:
            reach = _Reach(turned.bounds, turned.width)
        # The same again, its points being those of the tiles: nothing is resampled twice.
        with WarpedVRT(source, **warp, **reach.lattice()) as turned:
            maker = _TileMaker(turned, reach, source.colormap(1) if paletted else None)
            maker.send_all()
    return {"format": source.driver, "title": "", "attribution": "", "bounds": reach.bounds_lonlat}


def _driver_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    for begin, driver in _PICTURES:
        if head.startswith(begin):
            return driver
    if path.suffix.lower() in OZF_SUFFIXES:
        raise GroundFileRefused(
            "ozf", file_name=path.name, file_format="ozf", place={"byte": 0}, detail=head.hex()
        )
    raise _RefusedError("not_a_picture", head.hex())


def _unpacked(path: Path) -> str:
    """Turn OziExplorer's own picture strip by strip into one that GDAL reads; return where it stands."""
    with path.open("rb") as file:
        picture = OzfPicture(file, path.name)
        size = {"width": picture.width, "height": picture.height, "count": 1, "dtype": "uint8"}
        with rasterio.open(_UNPACKED, "w", **_UNPACKED_FORM, **size) as out:
            out.write_colormap(1, dict(enumerate(map(tuple, picture.colours.tolist()))))
            for top, strip in picture.strips():
                out.write(strip, 1, window=Window(0, top, picture.width, len(strip)))
    return _UNPACKED


def _check(source: Any) -> None:
    if max(source.width, source.height) > WIDEST_PX or source.width * source.height > PIXELS_LIMIT:
        raise _RefusedError("too_large", f"{source.width} x {source.height}")
    if source.count not in {1, 2, 3, 4} or set(source.dtypes) != {"uint8"}:
        raise _RefusedError("not_a_picture", f"{source.count} bands of {source.dtypes[0]}")


class _Reach:
    """Which tiles a picture touches at which zoom, from its bounds in Web Mercator and its width."""

    def __init__(self, bounds: tuple[float, float, float, float], width: int) -> None:
        self._bounds = bounds
        west, south, east, north = bounds
        on_map = all(map(math.isfinite, bounds)) and max(map(abs, bounds)) <= _HALF_M * 1.001
        if not on_map or west >= east or south >= north:
            raise _RefusedError("no_place", "outside the map")
        pixel_m = (east - west) / width
        finest = math.log2(2 * _HALF_M / _TILE_PX / pixel_m) - _HARDLY_FINER
        self.max_zoom = max(0, min(_ZOOM_LIMIT, math.ceil(finest)))
        coarsest = math.floor(math.log2(2 * _HALF_M / max(east - west, north - south)))
        self.min_zoom = max(0, min(self.max_zoom, coarsest))
        left, top, right, bottom = self.tiles(self.max_zoom)
        if (right - left + 1) * (bottom - top + 1) > _TILES_LIMIT:
            raise _RefusedError("too_large", "tiles")

    @property
    def bounds_lonlat(self) -> list[float]:
        """West, south, east, north in degrees."""
        west, south, east, north = (side / _RADIUS_M for side in self._bounds)
        lats = [math.degrees(math.atan(math.sinh(side))) for side in (south, north)]
        return [math.degrees(west), lats[0], math.degrees(east), lats[1]]

    def tiles(self, z: int) -> tuple[int, int, int, int]:
        """Return first column, first row, last column, last row."""
        side = 2 * _HALF_M / 2**z
        west, south, east, north = self._bounds

        def number(distance: float) -> int:
            return int(min(2**z - 1, max(0, math.floor(distance / side))))

        return (
            number(west + _HALF_M),
            number(_HALF_M - north),
            number(east + _HALF_M),
            number(_HALF_M - south),
        )

    def lattice(self) -> dict[str, Any]:
        """Return transform and size of the points of all tiles of the finest zoom."""
        left, top, right, bottom = self.tiles(self.max_zoom)
        side = 2 * _HALF_M / 2**self.max_zoom
        pixel = side / _TILE_PX
        transform = rasterio.Affine(pixel, 0, left * side - _HALF_M, 0, -pixel, _HALF_M - top * side)
        size = {"width": (right - left + 1) * _TILE_PX, "height": (bottom - top + 1) * _TILE_PX}
        return {"transform": transform, **size}


class _TileMaker:
    """Cuts the finest zoom out of the picture and makes each coarser tile of the four below it."""

    def __init__(self, turned: Any, reach: _Reach, colours: dict[int, tuple[int, ...]] | None) -> None:
        self._turned = turned
        self._reach = reach
        self._table: NDArray[np.uint8] | None = None
        if colours is not None:
            self._table = np.zeros((256, 4), dtype=np.uint8)
            for number, colour in colours.items():
                self._table[number] = (*colour[:3], 255)

    def send_all(self) -> None:
        left, top, right, bottom = self._reach.tiles(self._reach.min_zoom)
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                self._made(self._reach.min_zoom, x, y)

    def _made(self, z: int, x: int, y: int) -> NDArray[np.uint8] | None:
        """Make, send and return a tile; None where the picture does not reach."""
        left, top, right, bottom = self._reach.tiles(z)
        if not (left <= x <= right and top <= y <= bottom):
            return None
        tile = self._cut(x, y) if z == self._reach.max_zoom else self._joined(z, x, y)
        if tile is None or not tile[..., 3].any():
            return None
        send({"tile": [z, x, y]}, _encoded(tile, lossless=self._table is not None))
        return tile

    def _joined(self, z: int, x: int, y: int) -> NDArray[np.uint8] | None:
        below = np.zeros((2 * _TILE_PX, 2 * _TILE_PX, 4), dtype=np.uint8)
        for right in (0, 1):
            for down in (0, 1):
                part = self._made(z + 1, 2 * x + right, 2 * y + down)
                if part is not None:
                    row, column = down * _TILE_PX, right * _TILE_PX
                    below[row : row + _TILE_PX, column : column + _TILE_PX] = part
        # Colours weigh by how opaque they are: a see-through neighbour must not darken an edge.
        four = below.reshape(_TILE_PX, 2, _TILE_PX, 2, 4).astype(np.float32)
        alpha = four[..., 3:]
        total = alpha.sum(axis=(1, 3))
        colour = (four[..., :3] * alpha).sum(axis=(1, 3)) / np.maximum(total, 1)
        return np.asarray(np.rint(np.concatenate([colour, total / 4], axis=2)), dtype=np.uint8)

    def _cut(self, x: int, y: int) -> NDArray[np.uint8]:
        left, top, _, _ = self._reach.tiles(self._reach.max_zoom)
        bands = self._turned.read(
            window=Window((x - left) * _TILE_PX, (y - top) * _TILE_PX, _TILE_PX, _TILE_PX)
        )
        if self._table is not None:
            tile = np.asarray(self._table[bands[0]], dtype=np.uint8)
        elif self._turned.count < 4:  # noqa: PLR2004 - grey and alpha
            tile = np.stack([bands[0]] * 3 + [bands[-1]], axis=-1)
        else:
            tile = np.moveaxis(bands[[0, 1, 2, -1]], 0, -1).copy()
        tile[..., 3] = np.minimum(tile[..., 3], bands[-1])
        return np.asarray(tile, dtype=np.uint8)


def _encoded(tile: NDArray[np.uint8], *, lossless: bool) -> bytes:
    """Return a tile as WebP: small for photographs, exact for maps of few colours."""
    how = {"LOSSLESS": "YES"} if lossless else {"QUALITY": str(_LOSSY_QUALITY)}
    with MemoryFile() as memory:
        with memory.open(
            driver="WEBP", width=_TILE_PX, height=_TILE_PX, count=4, dtype="uint8", **how
        ) as out:
            out.write(np.moveaxis(tile, -1, 0))
        return bytes(memory.getbuffer())


if __name__ == "__main__":
    run_child(_read)
