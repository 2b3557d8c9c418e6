"""Raster layers on paper: a Web Mercator picture bent into the page's UTM window, as PNG."""

from __future__ import annotations

import base64
import math
import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.grids import from_utm

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from search_ops.paper.frame import MapFrame

    Pixels = npt.NDArray[np.uint8]
    Places = npt.NDArray[np.float64]

PX_PER_MM: Final = 8
"""Two hundred dots an inch: what scanned maps hold, and a quarter of a megabyte a page."""
_KNOTS: Final = 33
_OPAQUE: Final = 255
_LAT_LIMIT_DEG: Final = 85.05


def packed_picture(
    pixels: Pixels, bounds: tuple[float, float, float, float], opacity: float
) -> dict[str, Any]:
    """Return a picture as plain JSON values for the child that draws.

    Parameters
    ----------
    pixels
        Shape (rows, columns, 4), RGBA, Web Mercator between the bounds, north up.
    bounds
        West, south, east, north, degrees.
    opacity
        0..1.
    """
    raw = base64.b64encode(zlib.compress(np.ascontiguousarray(pixels).tobytes(), 1)).decode()
    hides = opacity >= 1 and pixels.size > 0 and bool((pixels[..., 3] == _OPAQUE).all())
    return {
        "bounds": list(bounds),
        "shape": list(pixels.shape[:2]),
        "rgba": raw,
        "opacity": opacity,
        "hides": hides,
    }


def picture_svg(picture: Mapping[str, Any], frame: MapFrame) -> str:
    """Return the picture as an SVG image that fills the window."""
    rows, columns = picture["shape"]
    raw = zlib.decompress(base64.b64decode(picture["rgba"]))
    pixels = np.frombuffer(raw, dtype=np.uint8).reshape(rows, columns, 4)
    png = base64.b64encode(_png(bent(pixels, picture["bounds"], frame))).decode()
    return (
        f'<image x="0" y="0" width="{frame.width_mm}" height="{frame.height_mm}" preserveAspectRatio="none" '
        f'opacity="{picture["opacity"]:.2f}" href="data:image/png;base64,{png}"/>'
    )


def bent(pixels: Pixels, bounds: tuple[float, float, float, float], frame: MapFrame) -> Pixels:
    """Return the window's own pixels, each taken from the place that it shows; see-through outside."""
    width, height = round(frame.width_mm * PX_PER_MM), round(frame.height_mm * PX_PER_MM)
    u, v = _where(bounds, pixels.shape[0], pixels.shape[1], frame)
    # The way from UTM to Mercator bends so little in a window that a coarse net of exact places is enough.
    knots = np.arange(_KNOTS)
    across = (np.arange(width) + 0.5) / width * (_KNOTS - 1)
    down = (np.arange(height) + 0.5) / height * (_KNOTS - 1)

    def spread(net: Places) -> Places:
        wide = np.stack([np.interp(across, knots, row) for row in net])
        return np.stack([np.interp(down, knots, column) for column in wide.T], axis=1)

    column, row = np.floor(spread(u)).astype(np.int64), np.floor(spread(v)).astype(np.int64)
    inside = (column >= 0) & (column < pixels.shape[1]) & (row >= 0) & (row < pixels.shape[0])
    shown = np.zeros((height, width, 4), dtype=np.uint8)
    shown[inside] = pixels[row[inside], column[inside]]
    return shown


def _where(
    bounds: tuple[float, float, float, float], rows: int, columns: int, frame: MapFrame
) -> tuple[Places, Places]:
    """Return column and row of the picture at the knots of the window."""
    west, south, east, north = bounds
    top, bottom = _turn(north), _turn(south)
    frame_west, frame_south, frame_east, frame_north = frame.bounds_m
    u, v = np.empty((_KNOTS, _KNOTS)), np.empty((_KNOTS, _KNOTS))
    for j, y_m in enumerate(np.linspace(frame_north, frame_south, _KNOTS).tolist()):
        for i, x_m in enumerate(np.linspace(frame_west, frame_east, _KNOTS).tolist()):
            lon, lat = from_utm(frame.zone, x_m, y_m, south=frame.south)
            u[j, i] = (lon - west) / (east - west) * columns
            v[j, i] = (_turn(lat) - top) / (bottom - top) * rows
    return u, v


def _turn(lat_deg: float) -> float:
    lat = math.radians(min(max(lat_deg, -_LAT_LIMIT_DEG), _LAT_LIMIT_DEG))
    return (1 - math.asinh(math.tan(lat)) / math.pi) / 2


def _png(pixels: Pixels) -> bytes:
    rows, columns, _ = pixels.shape
    lines = np.zeros((rows, 1 + columns * 4), dtype=np.uint8)
    lines[:, 1:] = pixels.reshape(rows, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    body = zlib.compress(lines.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
