"""Rectangular cells cut against ground: whole cells at once, only the border cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.crs import POLYGONAL

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Coordinates = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class CutCells:
    """The cells that hold ground, in order of their number ``row * columns + column``.

    Parameters
    ----------
    cells
        Number of each cell, shape ``(n,)``.
    pieces
        What it holds: the whole cell as a box, or a Polygon or MultiPolygon.
    whole
        Cells that are ground throughout.
    """

    cells: Indices
    pieces: Geometries
    whole: Flags


def cut_cells(ground: BaseGeometry, x: Coordinates, y: Coordinates) -> CutCells:
    """Cut ground into the cells of a lattice of lines.

    Parameters
    ----------
    ground
        Valid Polygon or MultiPolygon in a plane, any unit.
    x, y
        Places of the lines, rising, shapes ``(columns + 1,)`` and ``(rows + 1,)``. Row 0 lies at the lowest
        ``y``. Ground beyond the outer lines is left out.

    Notes
    -----
    Cells that the boundary passes are found from its vertices; of every run of other cells in a row one
    centre is tested. Then the ground is halved row from row by ``clip_by_rect``, and each strip clipped to
    its border cells only. The plain way, an intersection of every cell, is what the tests hold equal.
    """
    passed = _passed_cells(ground, x, y)
    full = _full_cells(ground, passed, x, y)
    rows, columns = np.nonzero(full)
    boxes = shapely.box(x[columns], y[rows], x[columns + 1], y[rows + 1])
    numbers = rows * full.shape[1] + columns
    pieces = _border_pieces(ground, passed, x, y)
    _mend(pieces)
    border = np.flatnonzero(passed)
    kept = shapely.area(pieces) > 0
    cells = np.concatenate((numbers, border[kept]))
    order = np.argsort(cells)
    whole = np.arange(len(cells)) < len(boxes)
    return CutCells(cells[order], np.concatenate((boxes, pieces[kept]))[order], whole[order])


def _passed_cells(ground: BaseGeometry, x: Coordinates, y: Coordinates) -> Flags:
    """Return which cells the boundary may pass or touch, shape ``(rows, columns)``; some more do no harm."""
    passed = np.zeros((len(y) - 1, len(x) - 1), dtype=bool)
    step = min(float(np.diff(x).min()), float(np.diff(y).min()))
    rings = shapely.segmentize(shapely.get_rings(shapely.get_parts([ground])), step)
    places, line = shapely.get_coordinates(rings, return_index=True)
    same = line[1:] == line[:-1]
    start, end = places[:-1][same], places[1:][same]
    ranges = []
    for axis, lines in ((0, x), (1, y)):
        low = np.searchsorted(lines, np.minimum(start[:, axis], end[:, axis]), side="left") - 1
        high = np.searchsorted(lines, np.maximum(start[:, axis], end[:, axis]), side="right") - 1
        ranges.append((low, high))
    # No edge is longer than a cell: it lies in two columns, or in three along a line; most lie in one.
    (left, right), (lower, upper) = ranges
    _mark(passed, lower, left)
    wide = np.flatnonzero((left != right) | (lower != upper))
    left, right, lower, upper = left[wide], right[wide], lower[wide], upper[wide]
    for row in (lower, (lower + upper) // 2, upper):
        for column in (left, (left + right) // 2, right):
            _mark(passed, row, column)
    return passed


def _mark(passed: Flags, row: Indices, column: Indices) -> None:
    held = (column >= 0) & (column < passed.shape[1]) & (row >= 0) & (row < passed.shape[0])
    passed[row[held], column[held]] = True


def _full_cells(ground: BaseGeometry, passed: Flags, x: Coordinates, y: Coordinates) -> Flags:
    """Return which of the other cells are ground, testing one of each run in a row."""
    begins = ~passed
    begins[:, 1:] &= passed[:, :-1]
    rows, columns = np.nonzero(begins)
    shapely.prepare(ground)
    inside = shapely.contains_xy(ground, 0.5 * (x[columns] + x[columns + 1]), 0.5 * (y[rows] + y[rows + 1]))
    run = np.cumsum(begins.ravel()).reshape(passed.shape) - 1
    full: Flags = ~passed
    full[full] = inside[run[full]]
    return full


def _border_pieces(ground: BaseGeometry, passed: Flags, x: Coordinates, y: Coordinates) -> Geometries:
    """Return what each passed cell holds, in the order of their numbers."""
    pieces: list[BaseGeometry] = []
    blocks = [(0, len(y) - 1, shapely.clip_by_rect(ground, x[0], y[0], x[-1], y[-1]))]
    while blocks:
        low, high, held = blocks.pop()
        if high - low > 1:
            middle = (low + high) // 2
            # The lower half is taken up first: pieces come row by row.
            blocks.append((middle, high, shapely.clip_by_rect(held, x[0], y[middle], x[-1], y[high])))
            blocks.append((low, middle, shapely.clip_by_rect(held, x[0], y[low], x[-1], y[middle])))
            continue
        south, north = y[low], y[high]
        pieces.extend(
            shapely.clip_by_rect(held, x[column], south, x[column + 1], north)
            for column in np.flatnonzero(passed[low]).tolist()
        )
    return np.array(pieces, dtype=object)


def _mend(pieces: Geometries) -> None:
    """Repair, in place, what clipping left with lines in it or a ring that touches itself."""
    broken = ~shapely.is_valid(pieces)
    pieces[broken] = shapely.buffer(pieces[broken], 0.0)
    mixed = np.flatnonzero(shapely.get_type_id(pieces) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for piece in mixed.tolist():
        held = shapely.get_parts(pieces[piece])
        pieces[piece] = shapely.union_all(held[shapely.get_dimensions(held) == POLYGONAL])
