"""Contours on paper: at the distance of printed maps of that scale, thinned on steep ground."""

import numpy as np
import shapely

from geo.heights import HeightGrid
from search_ops.services.paper_relief import _drawn


def slope(rise_m: float) -> HeightGrid:
    heights = np.tile(np.linspace(200.5, 200.5 + rise_m, 60, dtype=np.float32), (60, 1))
    return HeightGrid(104.0, 52.0, 1e-4, 1e-4, heights)


def test_contours_stand_at_round_heights_with_every_fifth_bold() -> None:
    """On a slope of 100 m the map of 1 : 10 000 has a line every 5 m, that of 1 : 25 000 every 10 m."""
    close, wide = _drawn(slope(100.0), 10_000), _drawn(slope(100.0), 25_000)
    assert [contour["elevation_m"] for contour in wide] == [210.0 + 10 * n for n in range(10)]
    assert len(close) == 20
    assert [contour["elevation_m"] for contour in wide if contour["index"]] == [250.0, 300.0]
    line = shapely.from_wkb(close[0]["wkb"])
    assert 104.0 <= line.bounds[0] <= 104.006


def test_a_mountain_does_not_become_a_brown_surface() -> None:
    """Two thousand metres in one window: at most sixty lines; nothing where no height is known."""
    assert len(_drawn(slope(2_000.0), 10_000)) <= 61
    empty = HeightGrid(104.0, 52.0, 1e-4, 1e-4, np.full((4, 4), np.nan, np.float32))
    assert _drawn(empty, 10_000) == []
