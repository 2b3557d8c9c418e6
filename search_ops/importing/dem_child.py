"""The process in which GDAL reads a GeoTIFF of heights: strips of rows in WGS 84 go to the parent."""

import io
import math
from typing import Any

import numpy as np
import rasterio
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window

from search_ops.importing.child_process import run_child, send

_STRIP_ROWS = 256
_WGS84 = "EPSG:4326"
_WIDEST_SAMPLES = 100_000
_CACHE_MB = 64


class _RefusedError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def _read(wish: dict[str, Any]) -> dict[str, Any]:
    try:
        with (
            rasterio.Env(
                GDAL_CACHEMAX=_CACHE_MB, GDAL_NUM_THREADS="1", GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"
            ),
            rasterio.open(wish["path"], driver="GTiff") as source,
        ):
            _check(source, wish["samples_limit"])
            with WarpedVRT(source, crs=_WGS84, resampling=_resampling(source), **_lattice(source)) as turned:
                _send_grid(turned, wish["samples_limit"])
    except _RefusedError as refusal:
        send({"refused": {"reason": refusal.reason, "detail": refusal.detail}})
    except (RasterioError, ValueError, ArithmeticError) as fault:
        send({"refused": {"reason": "damaged", "detail": f"{type(fault).__name__}: {fault}"[:300]}})
    return {}


def _check(source: Any, samples_limit: int) -> None:
    if source.count != 1 or np.dtype(source.dtypes[0]).kind not in "iuf":
        raise _RefusedError("not_heights", f"{source.count} bands of {source.dtypes[0]}")
    if source.crs is None or source.gcps[0]:
        raise _RefusedError("no_place", "no coordinate reference system")
    if not all(map(math.isfinite, source.transform[:6])) or source.transform.determinant == 0:
        raise _RefusedError("no_place", "geotransform")
    if max(source.width, source.height) > _WIDEST_SAMPLES or source.width * source.height > samples_limit:
        raise _RefusedError("too_large", f"{source.width} x {source.height}")


def _is_plain(source: Any) -> bool:
    """Whether the grid is one of meridians and parallels already."""
    transform = source.transform
    return bool(source.crs.to_epsg() == 4326 and transform.b == transform.d == 0 and transform.e < 0)  # noqa: PLR2004 - WGS 84


def _resampling(source: Any) -> Resampling:
    return Resampling.nearest if _is_plain(source) else Resampling.bilinear


def _lattice(source: Any) -> dict[str, Any]:
    """Keep a grid that is one already sample by sample; let GDAL lay one over any other."""
    if not _is_plain(source):
        return {}
    return {"transform": source.transform, "width": source.width, "height": source.height}


def _send_grid(turned: Any, samples_limit: int) -> None:
    transform, columns, rows = turned.transform, turned.width, turned.height
    west, south, east, north = turned.bounds
    on_earth = -180.01 <= west < east <= 180.01 and -90.01 <= south < north <= 90.01  # noqa: PLR2004 - degrees
    if not on_earth or columns * rows > samples_limit or max(columns, rows) > _WIDEST_SAMPLES:
        raise _RefusedError("no_place" if not on_earth else "too_large", f"{columns} x {rows}")
    if min(columns, rows) < 2:  # noqa: PLR2004 - a grid
        raise _RefusedError("not_heights", f"{columns} x {rows}")
    # The height of a pixel is that of its middle.
    send(
        {
            "grid": {
                "west_deg": transform.c + transform.a / 2,
                "north_deg": transform.f + transform.e / 2,
                "step_lon_deg": transform.a,
                "step_lat_deg": -transform.e,
                "columns": columns,
                "rows": rows,
            }
        }
    )
    for row in range(0, rows, _STRIP_ROWS):
        height = min(_STRIP_ROWS, rows - row)
        strip = turned.read(1, window=Window(0, row, columns, height), masked=True)
        plain = np.ma.filled(strip.astype(np.float32), np.nan)
        written = io.BytesIO()
        np.save(written, plain)
        send({"row": row}, written.getvalue())


if __name__ == "__main__":
    run_child(_read)
