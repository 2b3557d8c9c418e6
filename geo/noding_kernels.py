"""Snap rounding of many line segments on the lattice, fast: numba kernels for the worker.

Hobby, "Practical segment intersection with finite precision output" (1999): every vertex and every crossing
makes its unit square hot, and each segment is bent to the centre of every hot square it passes. Everything is
decided with whole numbers and exact. The plain twin is ``shapely.union_all(..., grid_size=1)``.

The API process never imports this module (``pyproject.toml``, import contracts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]
    Geometries = npt.NDArray[np.object_]

# Sums of products of differences stay below 2 ** 62 (in longitude this is 53 degrees).
MAX_EXTENT_UNITS: Final = 2**29
_KEY: Final = 2**31
_CELLS_PER_SEGMENT: Final = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class NodedLines:
    """Distinct edges that meet at common vertices only.

    Parameters
    ----------
    vertices
        Lattice positions, whole numbers, shape ``(n_vertices, 2)``, ordered by x, then y.
    edges
        Indices of both ends, the smaller first, shape ``(n_edges, 2)``, ordered.
    turn
        For each edge, how many of the marked segments run along it from the smaller to the larger end, less
        those that run back, shape ``(n_edges,)``.
    """

    vertices: Whole
    edges: Whole
    turn: Whole


class TooWideError(ValueError):
    """The lines span more than the kernels can count; the plain way has no such limit."""


def segments_of(lines: Geometries) -> Whole:
    """Return the segments of lattice lines as ``x0, y0, x1, y1``, shape ``(n, 4)``; no zero lengths."""
    units, line = shapely.get_coordinates(lines, return_index=True)
    positions = np.rint(units).astype(np.int64)
    same = line[1:] == line[:-1]
    segments = np.concatenate((positions[:-1], positions[1:]), axis=1)[same]
    moved = (segments[:, 0] != segments[:, 2]) | (segments[:, 1] != segments[:, 3])
    kept: Whole = segments[moved]
    return kept


def node_segments(segments: Whole, marked: Whole) -> NodedLines:
    """Node segments by snap rounding to whole units.

    Parameters
    ----------
    segments
        ``x0, y0, x1, y1`` in whole units, shape ``(n, 4)``, no zero lengths.
    marked
        1 for segments whose direction is counted in ``turn``, else 0, shape ``(n,)``.

    Raises
    ------
    TooWideError
        The segments span more than ``MAX_EXTENT_UNITS``.
    """
    if not len(segments):
        nothing = np.empty((0, 2), dtype=np.int64)
        return NodedLines(nothing, nothing, np.empty(0, dtype=np.int64))
    ends = segments.reshape(-1, 2)
    origin = ends.min(axis=0)
    extent = ends.max(axis=0) - origin + 1
    if extent.max() >= MAX_EXTENT_UNITS:
        raise TooWideError
    local = np.ascontiguousarray(segments - np.tile(origin, 2))
    cell, columns, rows = _cells(extent, len(local))
    counts = _count_cells(local, cell, columns, rows)
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(counts)))
    members = _fill_cells(local, cell, columns, rows, starts)
    crossings = _crossings(local, starts, members)
    hot = np.concatenate((local[:, 0] * _KEY + local[:, 1], local[:, 2] * _KEY + local[:, 3], crossings))
    hot.sort()  # np.unique would hash: ten times slower
    keys = hot[np.concatenate(([True], hot[1:] != hot[:-1]))]
    nodes = np.column_stack((keys // _KEY, keys % _KEY))
    cell_of_node = (nodes[:, 0] // cell) * rows + nodes[:, 1] // cell
    order = np.argsort(cell_of_node, kind="stable")
    nodes_in_cell = np.bincount(cell_of_node, minlength=columns * rows)
    first = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(nodes_in_cell)))
    pairs, turns = _bend(local, marked, cell, columns, rows, nodes, order, first)
    edge_keys, inverse = np.unique(pairs, return_inverse=True)
    turn = np.bincount(inverse, weights=turns, minlength=len(edge_keys)).astype(np.int64)
    edges = np.column_stack((edge_keys // len(nodes), edge_keys % len(nodes)))
    return NodedLines(nodes + origin, edges, turn)


def _cells(extent: Whole, segments: int) -> tuple[int, int, int]:
    """Return side, columns and rows of square cells; lines crowd in valleys, so several for each segment."""
    cell = max(int(np.sqrt(float(extent[0]) * float(extent[1]) / (_CELLS_PER_SEGMENT * segments))), 16)
    cell = max(cell, int(extent.max() // 20_000) + 1)  # a thin band of ground makes no endless table
    return cell, int(extent[0] // cell) + 1, int(extent[1] // cell) + 1


@compiled
def _ends(segments: Whole, index: int) -> tuple[int, int, int, int]:
    return segments[index, 0], segments[index, 1], segments[index, 2], segments[index, 3]


@compiled
def _rows_in_column(  # noqa: PLR0917 - compiled
    x0: int, y0: int, x1: int, y1: int, column: int, cell: int, rows: int
) -> tuple[int, int]:
    """Return the first and last row that a segment may pass in a column, a unit to spare."""
    if x0 == x1:
        low, high = float(min(y0, y1)), float(max(y0, y1))
    else:
        slope = (y1 - y0) / (x1 - x0)
        left = max(float(column * cell) - 1.0, float(min(x0, x1)))
        right = min(float((column + 1) * cell) + 1.0, float(max(x0, x1)))
        one, other = y0 + (left - x0) * slope, y0 + (right - x0) * slope
        low, high = min(one, other) - 1.0, max(one, other) + 1.0
    return max(int(low) // cell, 0), min(int(high) // cell, rows - 1)


@compiled
def _columns(x0: int, x1: int, cell: int, columns: int) -> tuple[int, int]:
    return max((min(x0, x1) - 1) // cell, 0), min((max(x0, x1) + 1) // cell, columns - 1)


@compiled
def _count_cells(segments: Whole, cell: int, columns: int, rows: int) -> Whole:
    counts = np.zeros(columns * rows, dtype=np.int64)
    for index in range(len(segments)):
        x0, y0, x1, y1 = _ends(segments, index)
        first, last = _columns(x0, x1, cell, columns)
        for column in range(first, last + 1):
            low, high = _rows_in_column(x0, y0, x1, y1, column, cell, rows)
            for row in range(low, high + 1):
                counts[column * rows + row] += 1
    return counts


@compiled
def _fill_cells(segments: Whole, cell: int, columns: int, rows: int, starts: Whole) -> Whole:
    members = np.empty(starts[-1], dtype=np.int64)
    free = starts[:-1].copy()
    for index in range(len(segments)):
        x0, y0, x1, y1 = _ends(segments, index)
        first, last = _columns(x0, x1, cell, columns)
        for column in range(first, last + 1):
            low, high = _rows_in_column(x0, y0, x1, y1, column, cell, rows)
            for row in range(low, high + 1):
                members[free[column * rows + row]] = index
                free[column * rows + row] += 1
    return members


@compiled
def _side(ax: int, ay: int, bx: int, by: int, px: int, py: int) -> int:  # noqa: PLR0917 - compiled
    return (bx - ax) * (py - ay) - (by - ay) * (px - ax)


@compiled
def _crossings(segments: Whole, starts: Whole, members: Whole) -> Whole:
    """Return the rounded places where two segments truly cross, as keys; some come more than once."""
    found = np.empty(1024, dtype=np.int64)
    count = 0
    for cell in range(len(starts) - 1):
        for one in range(starts[cell], starts[cell + 1] - 1):
            ax, ay, bx, by = _ends(segments, members[one])
            west, east, south, north = min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
            for other in range(one + 1, starts[cell + 1]):
                cx, cy, dx, dy = _ends(segments, members[other])
                if min(cx, dx) > east or max(cx, dx) < west or min(cy, dy) > north or max(cy, dy) < south:
                    continue
                c_side = _side(ax, ay, bx, by, cx, cy)
                d_side = _side(ax, ay, bx, by, dx, dy)
                if c_side == 0 or d_side == 0 or (c_side > 0) == (d_side > 0):
                    continue
                a_side = _side(cx, cy, dx, dy, ax, ay)
                b_side = _side(cx, cy, dx, dy, bx, by)
                if a_side == 0 or b_side == 0 or (a_side > 0) == (b_side > 0):
                    continue
                x = _part_way(ax, bx, abs(a_side), abs(a_side) + abs(b_side))
                y = _part_way(ay, by, abs(a_side), abs(a_side) + abs(b_side))
                if count == len(found):
                    found = _grown(found, 2 * count)
                found[count] = x * _KEY + y
                count += 1
    return found[:count]


@compiled
def _part_way(start: int, end: int, part: int, whole: int) -> int:
    """Return ``start + (end - start) * part / whole`` rounded to the nearest, halves upwards.

    The product may have 90 bits: it is multiplied and divided bit by bit.
    """
    way = abs(end - start)
    quotient = rest = 0
    bit = 1 << 30
    while bit > 0:
        quotient, rest = 2 * quotient, 2 * rest
        if way & bit:
            rest += part
        if rest >= whole:
            rest -= whole
            quotient += 1
        if rest >= whole:
            rest -= whole
            quotient += 1
        bit >>= 1
    if end >= start:
        return start + quotient + (1 if 2 * rest >= whole else 0)
    return start - quotient - (1 if 2 * rest > whole else 0)


@compiled
def _passes(x0: int, y0: int, x1: int, y1: int, x: int, y: int) -> bool:  # noqa: PLR0917 - compiled
    """Tell whether a segment meets the unit square around (x, y), its west and south sides included."""
    if x0 > x1:
        x0, y0, x1, y1 = x1, y1, x0, y0
    # Doubled, so that the sides of the square are whole numbers.
    if 2 * x0 >= 2 * x + 1 or 2 * x1 < 2 * x - 1:
        return False
    if 2 * min(y0, y1) >= 2 * y + 1 or 2 * max(y0, y1) < 2 * y - 1:
        return False
    if x0 == x1 or y0 == y1:
        return True
    reach = (x1 - x0) + abs(y1 - y0)
    beside = 2 * _side(x0, y0, x1, y1, x, y)
    if beside <= -reach:
        return False
    # A falling segment may touch the south-west corner, which belongs to the square.
    return beside < reach or (beside == reach and y1 < y0)


@compiled
def _bend(  # noqa: PLR0917 - compiled
    segments: Whole,
    marked: Whole,
    cell: int,
    columns: int,
    rows: int,
    nodes: Whole,
    order: Whole,
    first: Whole,
) -> tuple[Whole, Whole]:
    """Return the pieces of all segments as keys of node pairs, and the direction of marked ones."""
    pairs = np.empty(2 * len(segments) + 1024, dtype=np.int64)
    turns = np.empty(len(pairs), dtype=np.int64)
    count = 0
    met = np.empty(64, dtype=np.int64)
    along = np.empty(64, dtype=np.int64)
    for index in range(len(segments)):
        x0, y0, x1, y1 = _ends(segments, index)
        hits = 0
        left, right = _columns(x0, x1, cell, columns)
        for column in range(left, right + 1):
            low, high = _rows_in_column(x0, y0, x1, y1, column, cell, rows)
            for row in range(low, high + 1):
                box = column * rows + row
                for place in range(first[box], first[box + 1]):
                    node = order[place]
                    x, y = nodes[node, 0], nodes[node, 1]
                    if not _passes(x0, y0, x1, y1, x, y):
                        continue
                    if hits == len(met):
                        met, along = _grown(met, 2 * hits), _grown(along, 2 * hits)
                    met[hits] = node
                    along[hits] = (x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)
                    hits += 1
        _sort(met, along, hits)
        if count + hits > len(pairs):
            pairs, turns = _grown(pairs, 2 * len(pairs) + hits), _grown(turns, 2 * len(pairs) + hits)
        for step in range(hits - 1):
            start, end = met[step], met[step + 1]
            pairs[count] = min(start, end) * len(nodes) + max(start, end)
            turns[count] = marked[index] * (1 if start < end else -1)
            count += 1
    return pairs[:count], turns[:count]


@compiled
def _sort(met: Whole, along: Whole, hits: int) -> None:
    """Order the first ``hits`` nodes along their segment (Shell 1959; most segments meet two or three)."""
    gap = 1
    while 3 * gap + 1 < hits:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(gap, hits):
            node, way = met[place], along[place]
            before = place - gap
            while before >= 0 and along[before] > way:
                met[before + gap], along[before + gap] = met[before], along[before]
                before -= gap
            met[before + gap], along[before + gap] = node, way
        gap //= 3


@compiled
def _grown(values: Whole, size: int) -> Whole:
    longer = np.empty(size, dtype=np.int64)
    for place in range(len(values)):
        longer[place] = values[place]
    return longer
