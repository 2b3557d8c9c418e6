"""Kernels of effort and swept ground on a raster, each with a plain twin that the tests hold equal.

A line is given as the positions of its vertices (metres in the frame in which the raster's south-west corner
is known) and, per vertex, whether the step that ends there counts. Cells are square; rows go north, columns
east.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Steps = npt.NDArray[np.bool_]


@compiled
def add_lengths(  # noqa: PLR0917 - kernels are called by position
    length_m: Any, west_m: float, south_m: float, cell_m: float, x_m: Any, y_m: Any, counts: Any
) -> None:
    """Add the exact length of every counted step to the cells it runs through (DDA).

    Notes
    -----
    After Amanatides and Woo, "A fast voxel traversal algorithm for ray tracing", Eurographics 1987. Most
    steps stay in their cell: these are gathered and written once. What lies outside the raster is passed
    over.
    """
    rows, columns = length_m.shape
    x0, y0 = x_m[0] - west_m, y_m[0] - south_m
    column, row = math.floor(x0 / cell_m), math.floor(y0 / cell_m)
    west, south = column * cell_m, row * cell_m
    gathered_m = 0.0
    for index in range(1, x_m.size):
        x1, y1 = x_m[index] - west_m, y_m[index] - south_m
        dx, dy = x1 - x0, y1 - y0
        step_m = math.sqrt(dx * dx + dy * dy) if counts[index] else 0.0
        if west <= x1 < west + cell_m and south <= y1 < south + cell_m:
            gathered_m += step_m
        else:
            to_column, to_row = math.floor(x1 / cell_m), math.floor(y1 / cell_m)
            done = 0.0
            while column != to_column or row != to_row:
                share_x = share_y = math.inf  # of the step, up to the side of this cell
                if to_column != column:
                    share_x = (west + (cell_m if to_column > column else 0.0) - x0) / dx
                if to_row != row:
                    share_y = (south + (cell_m if to_row > row else 0.0) - y0) / dy
                share = min(share_x, share_y, 1.0)
                if 0 <= row < rows and 0 <= column < columns:
                    length_m[row, column] += gathered_m + (share - done) * step_m
                gathered_m, done = 0.0, share
                if step_m == 0.0:
                    column, row = to_column, to_row
                elif share_x <= share_y:
                    column += 1 if to_column > column else -1
                else:
                    row += 1 if to_row > row else -1
                west, south = column * cell_m, row * cell_m
            gathered_m += (1.0 - done) * step_m
        x0, y0 = x1, y1
    if 0 <= row < rows and 0 <= column < columns:
        length_m[row, column] += gathered_m


@compiled
def mark_capsules(  # noqa: PLR0917 - as above
    mask: Any,
    west_m: float,
    south_m: float,
    cell_m: float,
    x_m: Any,
    y_m: Any,
    counts: Any,
    radius_m: float,
    merge_m: float,
    off_m: float,
) -> None:
    """Mark the cells whose middle lies within ``radius_m`` of a counted step.

    Fixes a metre apart make nearly the same capsule. Steps are merged until they are ``merge_m`` long, and
    those pieces for as long as the way stays within ``off_m`` of the straight line; 0 and 0 merge nothing.
    """
    size = x_m.size
    longest_m2 = (2.0 * radius_m) ** 2
    ax, ay = (
        x_m[0] - west_m,
        y_m[0] - south_m,
    )  # the piece not yet marked runs from a to b, and goes on to the fix before
    bx, by = ax, ay
    spent_m = 0.0
    open_piece = False
    for index in range(1, size + 1):
        ends = index == size or not counts[index]
        if ends:
            x, y = x_m[index - 1] - west_m, y_m[index - 1] - south_m
        else:
            x, y = x_m[index] - west_m, y_m[index] - south_m
            open_piece = True
            if (x - bx) * (x - bx) + (y - by) * (y - by) < merge_m * merge_m:
                continue
        if open_piece:
            whole_m2 = (x - ax) * (x - ax) + (y - ay) * (y - ay)
            off2 = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) ** 2  # times whole_m2: no root yet
            onward = (bx - ax) * (x - bx) + (by - ay) * (y - by) >= 0.0
            left_m = off_m - spent_m
            if onward and whole_m2 <= longest_m2 and off2 <= left_m * left_m * whole_m2 and left_m >= 0.0:
                spent_m += math.sqrt(off2 / whole_m2) if whole_m2 > 0.0 else 0.0
            else:
                _mark_capsule(mask, cell_m, ax, ay, bx, by, radius_m)
                ax, ay = bx, by
                spent_m = 0.0
            bx, by = x, y
        if ends:
            if open_piece:
                _mark_capsule(mask, cell_m, ax, ay, bx, by, radius_m)
            if index < size:
                ax, ay = x_m[index] - west_m, y_m[index] - south_m
                bx, by = ax, ay
            spent_m, open_piece = 0.0, False


@compiled
def _mark_capsule(  # noqa: PLR0917 - as above
    mask: Any, cell_m: float, ax: float, ay: float, bx: float, by: float, radius_m: float
) -> None:
    """Mark row by row: a capsule cut by a horizontal line is one interval."""
    rows, columns = mask.shape
    if ay > by:
        ax, ay, bx, by = bx, by, ax, ay
    dx, dy = bx - ax, by - ay
    long_m = math.sqrt(dx * dx + dy * dy)
    first = max(0, math.ceil((ay - radius_m) / cell_m - 0.5))
    last = min(rows - 1, math.floor((by + radius_m) / cell_m - 0.5))
    # The straight sides touch the end circles here (offset along the normal).
    side_x, side_y = (-dy / long_m * radius_m, dx / long_m * radius_m) if long_m > 0 else (0.0, 0.0)
    r2 = radius_m * radius_m
    per_dy = 1.0 / dy if dy > 0.0 else 0.0
    for row in range(first, last + 1):
        y = (row + 0.5) * cell_m
        west, east = math.inf, -math.inf
        off = y - ay
        if -radius_m <= off <= radius_m:
            half = math.sqrt(r2 - off * off)
            west, east = ax - half, ax + half
        off = y - by
        if -radius_m <= off <= radius_m:
            half = math.sqrt(r2 - off * off)
            west, east = min(west, bx - half), max(east, bx + half)
        if dy > 0.0:
            share = (y - ay - side_y) * per_dy
            if 0.0 <= share <= 1.0:
                x = ax + side_x + share * dx
                west, east = min(west, x), max(east, x)
            share = (y - ay + side_y) * per_dy
            if 0.0 <= share <= 1.0:
                x = ax - side_x + share * dx
                west, east = min(west, x), max(east, x)
        if west <= east:
            for column in range(
                max(0, math.ceil(west / cell_m - 0.5)), min(columns - 1, math.floor(east / cell_m - 0.5)) + 1
            ):
                mask[row, column] = True


# ---- plain twins -------------------------------------------------------------------------------


def plain_lengths(shape: tuple[int, int], cell_m: float, x_m: Floats, y_m: Floats, counts: Steps) -> Floats:
    """Return length per cell by intersecting every step with every cell it may touch: slow and plain."""
    length_m = np.zeros(shape)
    for index in np.flatnonzero(counts[1:]) + 1:
        line = shapely.LineString([(x_m[index - 1], y_m[index - 1]), (x_m[index], y_m[index])])
        west, south, east, north = line.bounds
        for row in range(max(0, int(south // cell_m)), min(shape[0] - 1, int(north // cell_m)) + 1):
            for column in range(max(0, int(west // cell_m)), min(shape[1] - 1, int(east // cell_m)) + 1):
                cell = (column * cell_m, row * cell_m, (column + 1) * cell_m, (row + 1) * cell_m)
                length_m[row, column] += shapely.clip_by_rect(line, *cell).length
    return length_m


def plain_swept(  # noqa: PLR0917 - the same arguments as the kernel
    shape: tuple[int, int], cell_m: float, x_m: Floats, y_m: Floats, counts: Steps, radius_m: float
) -> Mask:
    """Return the swept mask by the distance of every cell's middle to every step: slow and plain."""
    east, north = np.meshgrid((np.arange(shape[1]) + 0.5) * cell_m, (np.arange(shape[0]) + 0.5) * cell_m)
    swept = np.zeros(shape, dtype=np.bool_)
    for index in np.flatnonzero(counts[1:]) + 1:
        ax, ay = x_m[index - 1], y_m[index - 1]
        dx, dy = x_m[index] - ax, y_m[index] - ay
        square = dx * dx + dy * dy
        share = 0.0 if square == 0 else np.clip(((east - ax) * dx + (north - ay) * dy) / square, 0.0, 1.0)
        swept |= (east - ax - share * dx) ** 2 + (north - ay - share * dy) ** 2 <= radius_m**2
    return swept
