"""The plain twin of ``geo.travel_time``: Dijkstra with a heap, step by step. For the tests; slow."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING

import numpy as np

from geo.travel_time import TOBLER

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from geo.travel_time import SlopeRule, TravelGround

    Floats = npt.NDArray[np.float64]

_AROUND = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right)


def travel_time_plain(
    ground: TravelGround,
    sources: Iterable[tuple[int, int, float]],
    *,
    most_s: float = math.inf,
    slope: SlopeRule = TOBLER,
    towards: bool = False,
) -> Floats:
    """Return what :func:`geo.travel_time.travel_time_s` must, for open sources within the raster."""
    pace, heights = ground.pace_s_per_m, ground.heights_m
    rows, columns = ground.lattice.shape
    time_s = np.full(ground.lattice.shape, np.inf)
    heap = [(start_s, row, column) for row, column, start_s in sources]
    while heap:
        begin_s, row, column = heapq.heappop(heap)
        if begin_s >= time_s[row, column] or begin_s > most_s:
            continue
        time_s[row, column] = begin_s
        for down, right in _AROUND:
            to_row, to_column = row + down, column + right
            if not (0 <= to_row < rows and 0 <= to_column < columns):
                continue
            if down and right and np.isinf(pace[to_row, column]) and np.isinf(pace[row, to_column]):
                continue
            length_m = ground.lattice.cell_m * math.hypot(down, right)
            rise = 0.0
            if heights is not None:
                rise = float(heights[to_row, to_column]) - float(heights[row, column])
                rise = 0.0 if math.isnan(rise) else (-rise if towards else rise) / length_m
            factor = math.exp(slope.steepness * (abs(rise - slope.best_slope) - abs(slope.best_slope)))
            step_s = length_m * (float(pace[row, column]) + float(pace[to_row, to_column])) / 2.0 * factor
            if begin_s + step_s < time_s[to_row, to_column]:
                heapq.heappush(heap, (begin_s + step_s, to_row, to_column))
    return time_s
