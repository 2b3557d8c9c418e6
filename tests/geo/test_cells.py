"""Cells cut along lines hold what an intersection cell by cell gives."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.cells import cut_cells


def _star(rng: np.random.Generator, corners: int) -> shapely.Polygon:
    turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
    radius = rng.uniform(300.0, 1_000.0, corners)
    outline = np.column_stack((radius * np.cos(turn), radius * np.sin(turn)))
    hole = np.column_stack((150.0 * np.cos(turn[::-1]), 100.0 * np.sin(turn[::-1])))
    return shapely.Polygon(outline, [hole])


@given(
    seed=st.integers(0, 2**32 - 1),
    corners=st.integers(4, 60),
    columns=st.integers(1, 17),
    rows=st.integers(1, 17),
)
@settings(max_examples=60, deadline=None)
def test_cells_hold_what_an_intersection_gives(seed: int, corners: int, columns: int, rows: int) -> None:
    """Ragged ground with a hole, cells of any number and unequal width, some beyond the ground."""
    rng = np.random.default_rng(seed)
    ground = _star(rng, corners)
    x = np.sort(rng.uniform(-1_200.0, 1_200.0, columns + 1))
    y = np.sort(rng.uniform(-1_200.0, 1_200.0, rows + 1))
    cut = cut_cells(ground, x, y)
    row, column = np.divmod(cut.cells, columns)
    boxes = shapely.box(x[column], y[row], x[column + 1], y[row + 1])
    plain = shapely.intersection(boxes, ground)
    assert shapely.is_valid(cut.pieces).all()
    assert shapely.area(cut.pieces) == pytest.approx(shapely.area(plain), rel=1e-9, abs=1e-6)
    assert shapely.area(shapely.symmetric_difference(cut.pieces, plain)).max(initial=0.0) < 1e-6
    whole = shapely.intersection(ground, shapely.box(x[0], y[0], x[-1], y[-1]))
    assert shapely.area(cut.pieces).sum() == pytest.approx(whole.area, rel=1e-9, abs=1e-6)
    assert (np.diff(cut.cells) > 0).all()
    assert shapely.equals(cut.pieces[cut.whole], boxes[cut.whole]).all()


def test_ground_drawn_along_the_lines_is_whole_cells() -> None:
    """A boundary on cell lines leaves no slivers beside it."""
    ground = shapely.box(100, 100, 400, 300).difference(shapely.box(200, 100, 300, 200))
    cut = cut_cells(ground, np.arange(0.0, 601.0, 100.0), np.arange(0.0, 601.0, 100.0))
    assert cut.cells.tolist() == [7, 9, 13, 14, 15]
    assert shapely.area(cut.pieces).tolist() == [10_000.0] * 5
