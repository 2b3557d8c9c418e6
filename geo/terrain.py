"""What heights say: gradient, slope, shadow and contours of a grid, with holes left as holes.

A grid is an array (rows from north to south, columns from west to east) of heights in metres; NaN is a void.
Everything is numpy; `contours_plain` and `slope_and_light_plain` are the same cell by cell, and the tests
hold them equal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


SUN_AZIMUTH_DEG, SUN_ALTITUDE_DEG = 315.0, 45.0
# Heights in whole metres meet whole contours in every corner of flat ground: a centimetre aside they do not.
_ASIDE_M = 0.01


def gradient(
    heights_m: NDArray[np.floating], step_x_m: NDArray[np.floating] | float, step_y_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rise per metre to the east and to the north (Horn's weights over 3 x 3 samples).

    A missing neighbour is continued from the opposite one; NaN only where the sample itself is missing.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), at least 2 x 2.
    step_x_m
        Distance between columns, metres; a number, or one for each row, shape (rows, 1).
    step_y_m
        Distance between rows, metres.

    Raises
    ------
    ValueError
        The grid is no grid.

    References
    ----------
    Horn, B.K.P. (1981), Hill shading and the reflectance map, Proc. IEEE 69(1), 14-47.
    """
    z = np.asarray(heights_m, dtype=np.float64)
    if z.ndim != 2 or min(z.shape) < 2:  # noqa: PLR2004 - a grid has rows and columns
        raise ValueError("heights must be a grid of at least 2 x 2")
    # Beyond its edges the grid goes on as straight as it came.
    tall = np.vstack([2 * z[:1] - z[1:2], z, 2 * z[-1:] - z[-2:-1]])
    wide = np.hstack([2 * tall[:, :1] - tall[:, 1:2], tall, 2 * tall[:, -1:] - tall[:, -2:-1]])

    def beside(row: int, column: int) -> NDArray[np.float64]:
        """Return the neighbours in one direction, continued where they are missing."""
        rows, columns = z.shape
        there = wide[1 + row : 1 + row + rows, 1 + column : 1 + column + columns]
        opposite = wide[1 - row : 1 - row + rows, 1 - column : 1 - column + columns]
        continued = np.where(np.isnan(opposite), z, 2 * z - opposite)
        return np.where(np.isnan(there), continued, there)

    nw, n, ne = beside(-1, -1), beside(-1, 0), beside(-1, 1)
    w, e = beside(0, -1), beside(0, 1)
    sw, s, se = beside(1, -1), beside(1, 0), beside(1, 1)
    to_east = ((ne + 2 * e + se) - (nw + 2 * w + sw)) / (8 * step_x_m)
    to_north = ((nw + 2 * n + ne) - (sw + 2 * s + se)) / (8 * step_y_m)
    void = np.isnan(z)
    to_east[void] = to_north[void] = np.nan
    return to_east, to_north


def slope_deg(
    heights_m: NDArray[np.floating], step_x_m: NDArray[np.floating] | float, step_y_m: float
) -> NDArray[np.float64]:
    """Return the steepest slope at each sample, degrees 0..90; NaN at voids.

    >>> slope_deg(np.array([[0.0, 10.0], [0.0, 10.0]]), 10.0, 10.0).round().tolist()
    [[45.0, 45.0], [45.0, 45.0]]
    """
    to_east, to_north = gradient(heights_m, step_x_m, step_y_m)
    return np.asarray(np.degrees(np.arctan(np.hypot(to_east, to_north))))


def hillshade(
    heights_m: NDArray[np.floating],
    step_x_m: NDArray[np.floating] | float,
    step_y_m: float,
    *,
    azimuth_deg: float = SUN_AZIMUTH_DEG,
    altitude_deg: float = SUN_ALTITUDE_DEG,
) -> NDArray[np.float64]:
    """Return how bright each sample lies in a light from the north-west, 0 (dark) to 1; NaN at voids.

    Level ground has ``sin(altitude)``.

    Parameters
    ----------
    azimuth_deg
        Where the light comes from, clockwise from north.
    altitude_deg
        Its height over the horizon.
    """
    to_east, to_north = gradient(heights_m, step_x_m, step_y_m)
    azimuth, altitude = np.radians(azimuth_deg), np.radians(altitude_deg)
    # The cosine between the normal (-to_east, -to_north, 1) and the direction to the light.
    towards = -to_east * np.sin(azimuth) - to_north * np.cos(azimuth)
    light = (np.sin(altitude) + towards * np.cos(altitude)) / np.sqrt(1 + to_east**2 + to_north**2)
    return np.asarray(np.clip(light, 0.0, 1.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Contours:
    """Lines of equal height.

    Attributes
    ----------
    points : ndarray
        Shape (n, 2), column and row, fractions of a cell.
    starts : ndarray
        Where each line begins in `points`; one more entry closes the last. Rings repeat their first point.
    elevations_m : ndarray
        Height of each line.
    """

    points: NDArray[np.float64]
    starts: NDArray[np.int64]
    elevations_m: NDArray[np.float64]

    def lines(self) -> list[NDArray[np.float64]]:
        """Return each line by itself."""
        return np.split(self.points, self.starts[1:-1]) if len(self.elevations_m) else []


# Corners: 1 north-west, 2 north-east, 4 south-east, 8 south-west; sides: 0 north, 1 east, 2 south, 3 west.
# Entry and exit side for each pattern of corners above the level, so that higher ground lies on the right.
_RUNS = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((2, 0),),
    11: ((2, 1),),
    12: ((1, 3),),
    13: ((1, 0),),
    14: ((0, 3),),
}
# Two opposite corners are above: whether their ridge or the valley between them goes through the middle.
_SADDLES = {
    (5, True): ((1, 0), (3, 2)),
    (5, False): ((3, 0), (1, 2)),
    (10, True): ((0, 3), (2, 1)),
    (10, False): ((0, 1), (2, 3)),
}
_ENTRY = np.full((2, 18), -1)
_EXIT = np.full((2, 18), -1)
for _case, _pairs in (
    *_RUNS.items(),
    (5, _SADDLES[5, False]),
    (10, _SADDLES[10, False]),
    (16, _SADDLES[5, True]),
    (17, _SADDLES[10, True]),
):
    for _number, (_from, _to) in enumerate(_pairs):
        _ENTRY[_number, _case], _EXIT[_number, _case] = _from, _to


def contours(heights_m: NDArray[np.floating], interval_m: float) -> Contours:
    """Return the contours of a grid at every multiple of an interval (marching squares).

    Cells with a missing corner have none; lines end at their edges. Neighbouring grids that share a row or
    column of samples have contours that meet there.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), at least 2 x 2; NaN where nothing is known.
    interval_m
        Metres between contours, above zero.

    Raises
    ------
    ValueError
        The interval is not above zero or the grid is no grid.
    """
    z, lowest, times = _crossed(heights_m, interval_m)
    cells = np.repeat(np.arange(times.size), times.ravel())
    if not len(cells):
        return Contours(np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0))
    first = np.concatenate([[0], np.cumsum(times.ravel())[:-1]])
    level = lowest.ravel()[cells] + np.arange(len(cells)) - first[cells]
    at_m = level * interval_m + _ASIDE_M
    rows, columns = np.divmod(cells, z.shape[1] - 1)
    corners = np.stack(
        [z[rows, columns], z[rows, columns + 1], z[rows + 1, columns + 1], z[rows + 1, columns]]
    )
    above = corners >= at_m
    case = above[0] + 2 * above[1] + 4 * above[2] + 8 * above[3]
    high_middle = corners.mean(axis=0) >= at_m
    case = np.where((case == 5) & high_middle, 16, np.where((case == 10) & high_middle, 17, case))  # noqa: PLR2004 - saddles
    parts = []
    for number in (0, 1):
        some = np.flatnonzero(_ENTRY[number, case] >= 0)
        parts.append((some, _ENTRY[number, case[some]], _EXIT[number, case[some]]))
    some, entry, leave = (np.concatenate(each) for each in zip(*parts, strict=True))
    place = (rows[some], columns[some], corners[:, some], at_m[some], level[some] - level.min())
    begin, begin_id = _crossing(entry, place, z.shape)
    end, end_id = _crossing(leave, place, z.shape)
    return _joined(begin, begin_id, end, end_id, level[some] * interval_m)


def _crossed(
    heights_m: NDArray[np.floating], interval_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the grid, and for each cell the lowest level that crosses it and how many do."""
    z = np.asarray(heights_m, dtype=np.float64)
    if not interval_m > 0 or z.ndim != 2 or min(z.shape) < 2:  # noqa: PLR2004 - a grid has rows and columns
        raise ValueError("contours need a grid of at least 2 x 2 and an interval above zero")
    four = np.stack([z[:-1, :-1], z[:-1, 1:], z[1:, 1:], z[1:, :-1]])
    whole = np.isfinite(four).all(axis=0)
    low = np.where(whole, four.min(axis=0), 0.0)
    high = np.where(whole, four.max(axis=0), 0.0)
    lowest = np.floor((low - _ASIDE_M) / interval_m).astype(np.int64) + 1
    highest = np.floor((high - _ASIDE_M) / interval_m).astype(np.int64)
    return z, lowest, np.maximum(highest - lowest + 1, 0)


def _crossing(
    side: NDArray[np.int64],
    place: tuple[
        NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]
    ],
    shape: tuple[int, ...],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return where a level crosses a side of its cell, and a number that both cells of that side share."""
    rows, columns, corners, at_m, level = place
    count = np.arange(len(side))
    # Each side from its western or northern end, so that both cells compute the same point to the last bit.
    low, high = np.array([0, 1, 3, 0])[side], np.array([1, 2, 2, 3])[side]
    z0, z1 = corners[low, count], corners[high, count]
    along = (at_m - z0) / (z1 - z0)
    flat = (side == 0) | (side == 2)  # noqa: PLR2004 - north or south
    x = columns + np.where(flat, along, (side == 1) * 1.0)
    y = rows + np.where(flat, (side == 2) * 1.0, along)  # noqa: PLR2004
    row = rows + (side == 2)  # noqa: PLR2004
    column = columns + (side == 1)
    number = ((level * shape[0] + row) * shape[1] + column) * 2 + flat
    return np.column_stack([x, y]), number


def _joined(
    begin: NDArray[np.float64],
    begin_id: NDArray[np.int64],
    end: NDArray[np.float64],
    end_id: NDArray[np.int64],
    elevation_m: NDArray[np.float64],
) -> Contours:
    """Put pieces together where one ends and the next begins; at most two meet in a point."""
    order_of_begins = np.argsort(begin_id)
    found = np.searchsorted(begin_id[order_of_begins], end_id)
    candidates = order_of_begins[np.minimum(found, len(begin_id) - 1)]
    next_piece = np.where(begin_id[candidates] == end_id, candidates, -1)
    followed = np.zeros(len(begin_id) + 1, dtype=bool)
    followed[next_piece] = True
    follower = next_piece.tolist()
    loose = np.flatnonzero(~followed[: len(begin_id)]).tolist()
    seen = bytearray(len(begin_id))
    order: list[int] = []
    starts: list[int] = []
    for candidate in (*loose, *range(len(begin_id))):
        if seen[candidate]:
            continue
        starts.append(len(order))
        piece = candidate
        while piece >= 0 and not seen[piece]:
            seen[piece] = 1
            order.append(piece)
            piece = follower[piece]
    pieces, firsts = np.array(order), np.array(starts)
    # Every line has one point more than pieces: the end of its last.
    lasts = np.append(firsts[1:], len(pieces)) - 1
    points = np.insert(begin[pieces], lasts + 1, end[pieces[lasts]], axis=0)
    bounds = np.append(firsts, len(pieces)) + np.arange(len(firsts) + 1)
    return Contours(points, bounds.astype(np.int64), elevation_m[pieces[firsts]])


def contours_plain(heights_m: NDArray[np.floating], interval_m: float) -> list[tuple[float, float, float]]:
    """Return what `contours` must cover, cell by cell: (elevation, length in cells, pieces) for each height.

    The plain version that the tests compare with; slow.
    """
    z = np.asarray(heights_m, dtype=np.float64)
    lengths: dict[float, list[float]] = {}
    for row in range(z.shape[0] - 1):
        for column in range(z.shape[1] - 1):
            four = [z[row, column], z[row, column + 1], z[row + 1, column + 1], z[row + 1, column]]
            if not np.isfinite(four).all():
                continue
            level = np.floor((min(four) - _ASIDE_M) / interval_m) + 1
            while level * interval_m + _ASIDE_M <= max(four):
                at_m = level * interval_m + _ASIDE_M
                for length in _cell_lengths(four, at_m):
                    lengths.setdefault(float(level * interval_m), []).append(length)
                level += 1
    return [(at_m, float(sum(found)), len(found)) for at_m, found in sorted(lengths.items())]


def _cell_lengths(four: list[float], at_m: float) -> list[float]:
    case = sum(2**number * (height >= at_m) for number, height in enumerate(four))
    runs = _RUNS.get(case) or _SADDLES.get((case, sum(four) / 4 >= at_m)) or ()
    ends = {0: (0, 1), 1: (1, 2), 2: (3, 2), 3: (0, 3)}
    spots = {0: (0, 0), 1: (1, 0), 2: (1, 1), 3: (0, 1)}

    def spot(side: int) -> tuple[float, float]:
        low, high = ends[side]
        part = (at_m - four[low]) / (four[high] - four[low])
        (x0, y0), (x1, y1) = spots[low], spots[high]
        return x0 + part * (x1 - x0), y0 + part * (y1 - y0)

    return [float(np.hypot(*np.subtract(spot(entry), spot(leave)))) for entry, leave in runs]


def slope_and_light_plain(
    heights_m: NDArray[np.floating], step_x_m: float, step_y_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what `slope_deg` and `hillshade` do, sample by sample, light by slope and aspect.

    The plain version that the tests compare with; slow.
    """
    rows, columns = heights_m.shape

    def height(row: int, column: int) -> float:
        if not 0 <= column < columns:
            edge, inner = (0, 1) if column < 0 else (columns - 1, columns - 2)
            return 2 * height(row, edge) - height(row, inner)
        if not 0 <= row < rows:
            edge, inner = (0, 1) if row < 0 else (rows - 1, rows - 2)
            return 2 * float(heights_m[edge, column]) - float(heights_m[inner, column])
        return float(heights_m[row, column])

    def beside(row: int, column: int, down: int, right: int) -> float:
        there, opposite = height(row + down, column + right), height(row - down, column - right)
        if not math.isnan(there):
            return there
        own = height(row, column)
        return own if math.isnan(opposite) else 2 * own - opposite

    slopes, lights = np.full((rows, columns), np.nan), np.full((rows, columns), np.nan)
    zenith, sun = math.radians(90 - SUN_ALTITUDE_DEG), math.radians(SUN_AZIMUTH_DEG)
    for row, column in zip(*np.nonzero(~np.isnan(heights_m)), strict=True):
        rise_x = rise_y = 0.0
        for across in (-1, 0, 1):
            weight = 2 - abs(across)
            rise_x += weight * (beside(row, column, across, 1) - beside(row, column, across, -1))
            rise_y += weight * (beside(row, column, -1, across) - beside(row, column, 1, across))
        to_east, to_north = rise_x / (8 * step_x_m), rise_y / (8 * step_y_m)
        slope = math.atan(math.hypot(to_east, to_north))
        downhill = math.atan2(-to_east, -to_north)  # clockwise from north
        light = math.cos(zenith) * math.cos(slope)
        light += math.sin(zenith) * math.sin(slope) * math.cos(sun - downhill)
        slopes[row, column], lights[row, column] = math.degrees(slope), min(1.0, max(0.0, light))
    return slopes, lights
