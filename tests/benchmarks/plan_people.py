"""People who get lost, by rules of behaviour that know nothing of the planner's model.

Each walks from cell to cell by a habit (keeps a direction, wanders, follows lines, follows water downhill),
changes it now and then, tires, climbs slowly, gets stuck in bad ground, and stays where the walk ends. Nobody
draws a distance from a table; the times on foot are chosen so that the distances come somewhat near the
published ones (they stay shorter than those), and where people go, and along what, is the rules' own. The
habits are those of Hill 1998 and Hashimoto et al. 2022 in our own simple form.
"""

# ruff: noqa: NPY002 - numba has the old generator only; it is seeded for each person

from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.compiling import compiled
from tests.benchmarks.plan_ground import CELL_M, CELLS, CLASSES, Terrain

Raster = np.ndarray[Any, np.dtype[np.float64]]
Whole = np.ndarray[Any, np.dtype[np.int64]]
KEEPS, WANDERS, FOLLOWS_LINES, GOES_DOWN = 0, 1, 2, 3


@dataclass(frozen=True)
class Kind:
    """How a category behaves.

    Attributes
    ----------
    category
        As in the planner's tables.
    habits
        Share of keeping a direction, wandering, following lines, going down.
    hours, spread
        Median time on foot, and sigma of its logarithm.
    slowness
        Times the pace of searchers.
    stuck
        Chance to stop in each cell of scrub, wetland or rock.
    change
        Chance to take up another habit in each cell.
    """

    category: str
    habits: tuple[float, float, float, float]
    hours: float
    spread: float
    slowness: float
    stuck: float
    change: float


CLIMB_S_PER_M = 6.0
"""An hour for 600 m of climb on top of the way (Naismith 1892), for a searcher's pace."""

KINDS = (
    Kind("gatherer", (0.35, 0.40, 0.15, 0.10), 6.0, 0.8, 1.8, 0.003, 0.006),
    Kind("hiker", (0.20, 0.10, 0.45, 0.25), 3.0, 1.0, 1.5, 0.004, 0.012),
    Kind("dementia", (0.60, 0.10, 0.25, 0.05), 1.0, 1.4, 2.5, 0.040, 0.003),
)


def lost_people(terrain: Terrain, kind: Kind, start: tuple[int, int], count: int, seed: int) -> Whole:
    """Return the flat cell where each is at the end, or -1 outside the window; shape ``(count,)``."""
    rng = np.random.default_rng(seed)
    hours = kind.hours * np.exp(rng.normal(0.0, kind.spread, count))
    hard = np.isin(terrain.ground_class, [CLASSES.index(each) for each in ("scrub", "wetland", "rock")])
    height = np.zeros((CELLS, CELLS)) if terrain.heights_m is None else np.nan_to_num(terrain.heights_m)
    ends: Whole = walk(
        terrain.pace * kind.slowness,
        terrain.lines,
        terrain.streams,
        hard & ~terrain.lines,
        height,
        start[0],
        start[1],
        hours,
        np.cumsum(kind.habits),
        kind.stuck,
        kind.change,
        CLIMB_S_PER_M * kind.slowness,
        rng.integers(0, 2**31, count),
    )
    return ends


@compiled
def walk(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one loop over steps
    pace: Any,
    lines: Any,
    streams: Any,
    hard: Any,
    height: Any,
    row0: int,
    column0: int,
    hours: Any,
    habits: Any,
    stuck: float,
    change: float,
    climb_s_per_m: float,
    seeds: Any,
) -> Any:
    """Walk everybody to the end."""
    rows, columns = pace.shape
    ends = np.empty(len(hours), dtype=np.int64)
    weights = np.empty(8)
    for person in range(len(hours)):
        np.random.seed(seeds[person])
        row, column, left_s = row0, column0, hours[person] * 3600.0
        toward = np.random.uniform(0.0, 2.0 * np.pi)
        heading = toward
        habit = np.searchsorted(habits, np.random.random() * habits[-1])
        inside = True
        while left_s > 0.0:
            if np.random.random() < change:
                habit = np.searchsorted(habits, np.random.random() * habits[-1])
                toward = np.random.uniform(0.0, 2.0 * np.pi)
            if hard[row, column] and np.random.random() < stuck:
                break
            total, side = 0.0, 0
            for down in range(-1, 2):
                for right in range(-1, 2):
                    if down == 0 and right == 0:
                        continue
                    y, x = row + down, column + right
                    weight = 0.0
                    off = not (0 <= y < rows and 0 <= x < columns)
                    if off or pace[y, x] < np.inf:
                        angle = np.arctan2(down, right)
                        turn = np.cos(angle - heading)
                        if habit == KEEPS:
                            weight = np.exp(5.0 * np.cos(angle - toward))
                        elif habit == WANDERS:
                            weight = np.exp(1.5 * turn)
                        elif habit == FOLLOWS_LINES:
                            weight = np.exp(2.0 * turn) * (25.0 if not off and lines[y, x] else 1.0)
                        else:
                            fall = 0.0 if off else height[row, column] - height[y, x]
                            weight = np.exp(turn + min(max(fall / 4.0, -3.0), 3.0))
                            weight *= 4.0 if not off and streams[y, x] else 1.0
                        if not off and hard[y, x]:
                            weight *= 0.5
                    weights[side] = weight
                    total += weight
                    side += 1
            if total <= 0.0:
                break
            pick, side = np.random.random() * total, 0
            while side < 7 and pick >= weights[side]:
                pick -= weights[side]
                side += 1
            place = side if side < 4 else side + 1
            down, right = place // 3 - 1, place % 3 - 1
            heading = np.arctan2(down, right)
            length_m = 50.0 * np.sqrt(down * down + right * right)
            here_m = height[row, column]
            row, column = row + down, column + right
            if not (0 <= row < rows and 0 <= column < columns):
                inside = False
                break
            climb_m = max(height[row, column] - here_m, 0.0)
            left_s -= length_m * pace[row, column] + climb_m * climb_s_per_m
        ends[person] = row * columns + column if inside else -1
    return ends


def distances_km(start: tuple[int, int], ends: Whole) -> Raster:
    """Return the straight distance of each end within the window from the start."""
    row, column = np.divmod(ends[ends >= 0], CELLS)
    distances: Raster = np.hypot(row - start[0], column - start[1]) * CELL_M / 1000.0
    return distances


def starts(terrain: Terrain, count: int, seed: int) -> list[tuple[int, int]]:
    """Return places on lines near forest, in the middle of the window, from which people get lost."""
    rng = np.random.default_rng(seed)
    middle = slice(4 * CELLS // 10, 6 * CELLS // 10)
    forest = CLASSES.index("forest")
    near_forest = np.zeros((CELLS, CELLS), dtype=np.bool_)
    wooded = terrain.ground_class == forest
    for shift in (-4, 4):
        near_forest |= np.roll(wooded, shift, axis=0) | np.roll(wooded, shift, axis=1)
    good = terrain.lines & near_forest & np.isfinite(terrain.pace)
    within = np.zeros_like(good)
    within[middle, middle] = good[middle, middle]
    places = np.argwhere(within)
    return [(int(row), int(column)) for row, column in places[rng.permutation(len(places))[:count]]]
