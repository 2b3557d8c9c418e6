"""Raster layers on paper lie where the ground lies: bent from Mercator into the page's window."""

import base64
import math
import re
import zlib

import numpy as np
import pytest

from search_ops.paper.frame import MAP_HEIGHT_MM, MAP_WIDTH_MM, frame_for
from search_ops.paper.map_page import draw_map
from search_ops.paper.pictures import PX_PER_MM, bent, packed_picture
from search_ops.paper.rendering import packet_pdf
from tests.paper.facts import LAT, LON, SECTOR, sheet
from tests.paper.test_sheet import say

FRAME = frame_for(SECTOR, 25_000)
ROWS, COLUMNS = 900, 800


def turn(lat: float) -> float:
    return (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2


def marked() -> np.ndarray:
    """Return a white picture with a red square of 9 pixels at the sector's south-western corner."""
    west, south, east, north = FRAME.bbox_deg()
    pixels = np.full((ROWS, COLUMNS, 4), 255, np.uint8)
    column = int((LON - west) / (east - west) * COLUMNS)
    row = int((turn(LAT) - turn(north)) / (turn(south) - turn(north)) * ROWS)
    pixels[row - 4 : row + 5, column - 4 : column + 5, 1:3] = 0
    return pixels


def test_a_corner_stays_at_its_place() -> None:
    """The mark of the picture comes to lie on the corner of the sector, to half a millimetre."""
    shown = bent(marked(), FRAME.bbox_deg(), FRAME)
    assert shown.shape == (round(MAP_HEIGHT_MM * PX_PER_MM), round(MAP_WIDTH_MM * PX_PER_MM), 4)
    rows, columns = np.nonzero((shown[:, :, 1] == 0) & (shown[:, :, 3] == 255))
    x_mm, y_mm = FRAME.place_on_paper(LON, LAT)
    assert columns.mean() / PX_PER_MM == pytest.approx(x_mm, abs=0.5)
    assert rows.mean() / PX_PER_MM == pytest.approx(y_mm, abs=0.5)
    assert (shown[:, :, 3] == 255).all()


def test_a_picture_that_ends_leaves_white() -> None:
    """Beyond the picture the page stays see-through."""
    west, south, east, north = FRAME.bbox_deg()
    shown = bent(marked(), (west, south, (west + east) / 2, north), FRAME)
    share = float((shown[:, :, 3] == 255).mean())
    assert 0.4 < share < 0.6


def test_a_raster_lies_over_the_drawn_ground() -> None:
    """The ground shines through a see-through picture and none is drawn under an opaque one; order holds."""
    whole, clear = (packed_picture(marked(), FRAME.bbox_deg(), opacity) for opacity in (1.0, 0.5))
    forest = '"#dcebcf"'
    for pictures, images, ground in (
        ([clear], 1, True),
        ([whole], 1, False),
        ([whole, clear], 2, False),
        ([clear, whole], 1, False),
        ([], 0, True),
    ):
        drawn = draw_map(sheet(pictures=pictures, scale=25_000), FRAME, say)
        assert (drawn.count("<image "), forest in drawn) == (images, ground)
    holed = marked()
    holed[:10, :10, 3] = 0
    assert forest in draw_map(sheet(pictures=[packed_picture(holed, FRAME.bbox_deg(), 1.0)]), FRAME, say)
    two = draw_map(sheet(pictures=[whole, clear], scale=25_000), FRAME, say)
    assert two.index('opacity="1.00"') < two.index('opacity="0.50"')


def test_a_raster_has_its_own_names() -> None:
    """With a picture our names are left out, not sector, grid, neighbours; the PDF holds it."""
    picture = packed_picture(marked(), FRAME.bbox_deg(), 0.8)
    facts = sheet(pictures=[picture], scale=25_000)
    drawn = draw_map(facts, FRAME, say)
    assert drawn.count("<image ") == 1
    assert 'opacity="0.80"' in drawn
    # On a dark picture thin dark lines would be lost: grid and neighbours' borders get white under them.
    plain = draw_map(sheet(scale=25_000), FRAME, say)
    for width_mm in ("0.55", "0.85"):
        halo = f'stroke="#fff" stroke-width="{width_mm}"'
        assert (halo in drawn, halo in plain) == (True, False)
    assert "Нижние Ёлки" not in drawn
    assert "Лиса-3" in drawn
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", drawn)
    assert found is not None
    assert base64.b64decode(found[1])[:8] == b"\x89PNG\r\n\x1a\n"
    assert zlib.decompress(base64.b64decode(picture["rgba"]))
    assert b"/Subtype/Image" in packet_pdf([facts], "ru").replace(b" ", b"")
