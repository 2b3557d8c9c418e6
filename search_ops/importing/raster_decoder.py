"""The process that decodes tiles of a raster layer for paper: strips of one RGBA picture go to the parent."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.errors import RasterioError

from search_ops.importing.child_process import run_child, send

_DRIVERS = {b"\x89PNG": "PNG", b"\xff\xd8\xff": "JPEG", b"RIFF": "WEBP"}
_STRIP_ROWS = 256


def _draw(wish: dict[str, Any]) -> dict[str, Any]:
    tile_px, (rows, columns) = wish["tile_px"], wish["shape"]
    left, top, right, bottom = (side * tile_px for side in wish["window"])
    size = (math.ceil(bottom / tile_px) * tile_px, math.ceil(right / tile_px) * tile_px, 4)
    whole = np.zeros(size, dtype=np.uint8)
    for x, y, path in wish["tiles"]:
        tile = _tile(path, tile_px)
        place = whole[y * tile_px : (y + 1) * tile_px, x * tile_px : (x + 1) * tile_px]
        place[:] = tile[: place.shape[0], : place.shape[1]]
    across = np.clip(left + (np.arange(columns) + 0.5) * (right - left) / columns, 0, size[1] - 1).astype(int)
    down = np.clip(top + (np.arange(rows) + 0.5) * (bottom - top) / rows, 0, size[0] - 1).astype(int)
    for row in range(0, rows, _STRIP_ROWS):
        send({"row": row}, np.ascontiguousarray(whole[down[row : row + _STRIP_ROWS]][:, across]).tobytes())
    return {}


def _tile(path: str, tile_px: int) -> NDArray[np.uint8]:
    """Decode one tile; a damaged one is see-through instead of spoiling the sheet."""
    out = np.zeros((tile_px, tile_px, 4), dtype=np.uint8)
    try:
        head = Path(path).read_bytes()[:4]
        driver = next((name for begin, name in _DRIVERS.items() if head.startswith(begin)), None)
        if driver is None:
            return out
        with rasterio.open(path, driver=driver) as source:
            if max(source.width, source.height) > 1_024 or source.dtypes[0] != "uint8":  # noqa: PLR2004 - as imported
                return out
            bands = source.read()
            table = source.colormap(1) if source.colorinterp[0].name == "palette" else None
    except RasterioError:
        return out
    if table is not None:
        colours = np.zeros((256, 4), np.uint8)
        for number, colour in table.items():
            colours[number] = colour
        picture = colours[bands[0]]
    elif len(bands) >= 3:  # noqa: PLR2004 - red, green, blue
        alpha = bands[3] if len(bands) == 4 else np.full_like(bands[0], 255)  # noqa: PLR2004
        picture = np.stack([*bands[:3], alpha], axis=-1)
    else:
        alpha = bands[1] if len(bands) == 2 else np.full_like(bands[0], 255)  # noqa: PLR2004 - grey and alpha
        picture = np.stack([bands[0]] * 3 + [alpha], axis=-1)
    rows = np.arange(tile_px) * picture.shape[0] // tile_px
    columns = np.arange(tile_px) * picture.shape[1] // tile_px
    return np.asarray(picture[rows][:, columns], dtype=np.uint8)


if __name__ == "__main__":
    run_child(_draw)
