"""P4 and P5: travel time over a raster, and optimal effort over many cells.

The baselines named in the goals are not locked here. scikit-image is measured when it can be imported (put a
folder with it on ``PYTHONPATH``), xarray-spatial and cvxpy are not; ours is always set beside a plain heap in
numba and beside numpy.
"""

import gc
import importlib
import importlib.util
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dispatch.effort import Allocation, allocate_hours, allocate_hours_plain, kkt_residual
from geo.compiling import compiled
from geo.lattice_raster import Lattice
from geo.travel_time import (
    NO_SLOPE,
    TOBLER,
    SlopeRule,
    TravelGround,
    change_solved,
    travel_time_s,
)
from geo.travel_time_plain import travel_time_plain
from tests.benchmarks.figure import Figure

SIDE = 1_000
CELL_M = 10.0
ROUNDS = 5
SOURCES = [(500, 500), (120, 250), (800, 140), (300, 880), (900, 900)]
Raster = np.ndarray[Any, np.dtype[np.float64]]


def travel() -> Iterator[Figure]:
    """Measure P4: a million cells, with and without slope, growth, a local change, memory."""
    where = ground(SIDE)
    _check(ground(120))
    yield from _whole(where)
    yield from _change(where)
    yield _memory(where)
    yield from _growth()


def effort() -> Iterator[Figure]:
    """Measure P5: a million cells beside one pass over them, and the conditions of optimality."""
    yield from _effort()


def ground(side: int) -> TravelGround:
    """Return patchy ground with tracks, lakes and hills."""
    rng = np.random.default_rng(7)
    coarse = rng.choice([0.6, 0.8, 1.2, 2.4], (side // 20 + 1, side // 20 + 1))
    pace = np.kron(coarse, np.ones((20, 20)))[:side, :side]
    pace *= rng.uniform(0.9, 1.1, pace.shape)
    for line in rng.integers(0, side, side // 60):
        pace[line, :] = 0.45
    for row, column in rng.integers(0, side, (side // 12, 2)):
        pace[row : row + 18, column : column + 12] = np.inf
    for row, column in SOURCES:
        pace[row * side // SIDE, column * side // SIDE] = 0.8
    at = np.linspace(0.0, 8.0 * side / SIDE, side)
    heights = 60.0 * np.sin(at * 2.1)[:, None] * np.cos(at * 1.7)[None, :] + 25.0 * np.sin(at * 9.0)[:, None]
    return TravelGround(Lattice(0.0, 0.0, CELL_M, side, side), pace, heights)


def sources(side: int) -> list[tuple[int, int, float]]:
    """Return the sources on a smaller or larger square."""
    return [(row * side // SIDE, column * side // SIDE, 0.0) for row, column in SOURCES]


@compiled
def heap_times(  # noqa: C901, PLR0912, PLR0917 - the whole of Dijkstra, as one writes it first
    pace: Any, heights: Any, rows: Any, columns: Any, cell_m: float, steepness: float, lean: float
) -> Any:
    """Return travel times by Dijkstra with a binary heap: what one writes first, compiled."""
    height, width = pace.shape
    time_s = np.full(pace.shape, np.inf)
    done = np.zeros(pace.shape, dtype=np.bool_)
    keys, cells, size = np.empty(8 * pace.size), np.empty(8 * pace.size, dtype=np.int64), 0
    for place in range(len(rows)):
        time_s[rows[place], columns[place]] = 0.0
        keys[size], cells[size] = 0.0, rows[place] * width + columns[place]
        size += 1
    while size:
        key, cell = keys[0], cells[0]
        size -= 1
        last_key, last_cell, hole = keys[size], cells[size], 0
        while 2 * hole + 1 < size:
            child = 2 * hole + 1
            if child + 1 < size and keys[child + 1] < keys[child]:
                child += 1
            if last_key <= keys[child]:
                break
            keys[hole], cells[hole] = keys[child], cells[child]
            hole = child
        keys[hole], cells[hole] = last_key, last_cell
        row, column = cell // width, cell % width
        if done[row, column]:
            continue
        done[row, column] = True
        for down in range(-1, 2):
            for right in range(-1, 2):
                y, x = row + down, column + right
                if not (0 <= y < height and 0 <= x < width) or done[y, x] or pace[y, x] == np.inf:
                    continue
                if down and right and pace[y, column] == np.inf and pace[row, x] == np.inf:
                    continue
                length_m = cell_m * math.sqrt(down * down + right * right)
                step_s = length_m * (pace[row, column] + pace[y, x]) / 2.0
                if steepness > 0:
                    slope = (heights[y, x] - heights[row, column]) / length_m
                    step_s *= math.exp(steepness * (abs(slope + lean) - lean))
                if key + step_s < time_s[y, x]:
                    time_s[y, x] = key + step_s
                    hole = size
                    size += 1
                    while hole > 0 and keys[(hole - 1) // 2] > key + step_s:
                        keys[hole], cells[hole] = keys[(hole - 1) // 2], cells[(hole - 1) // 2]
                        hole = (hole - 1) // 2
                    keys[hole], cells[hole] = key + step_s, y * width + x
    return time_s


def by_heap(where: TravelGround, slope: SlopeRule) -> Raster:
    """Run the plain heap."""
    at = np.array(sources(where.lattice.rows), dtype=np.int64)
    heights = np.asarray(where.heights_m)
    answer: Raster = heap_times(
        where.pace_s_per_m, heights, at[:, 0], at[:, 1], CELL_M, slope.steepness, -slope.best_slope
    )
    return answer


def _check(where: TravelGround) -> None:
    """Hold all three against each other before anything is timed."""
    side = where.lattice.rows
    for slope in (NO_SLOPE, TOBLER):
        plain = travel_time_plain(where, sources(side), slope=slope)
        for other in (travel_time_s(where, sources(side), slope=slope).time_s, by_heap(where, slope)):
            np.testing.assert_allclose(other, plain, rtol=1e-5)


def interleaved(works: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median processor time of each work, taken in turns after one run not counted."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            begin = time.process_time()
            work()
            if turn:
                taken[name].append(time.process_time() - begin)
    return {name: float(np.median(each)) for name, each in taken.items()}


def _whole(where: TravelGround) -> Iterator[Figure]:
    """Compare on the whole raster; answers first."""
    works: dict[str, Callable[[], object]] = {}
    names = {NO_SLOPE: "isotropic", TOBLER: "Tobler"}
    for slope, name in names.items():
        np.testing.assert_allclose(
            travel_time_s(where, sources(SIDE), slope=slope).time_s, by_heap(where, slope), rtol=1e-5
        )
        works[name] = partial(travel_time_s, where, sources(SIDE), slope=slope)
        works[f"heap {name}"] = partial(by_heap, where, slope)
    works |= _foreign(where)
    middle = interleaved(works)
    for name in names.values():
        yield Figure(
            f"P4 {name}, {SIDE} x {SIDE}",
            middle[name],
            "s",
            ROUNDS,
            middle[f"heap {name}"],
            "Dijkstra with a binary heap in numba, own plain",
        )
        if MCP in middle:
            yield Figure(f"P4 {name}, {SIDE} x {SIDE}", middle[name], "s", ROUNDS, middle[MCP], MCP)


MCP = "skimage.graph.MCP_Geometric, isotropic"


def _foreign(where: TravelGround) -> dict[str, Callable[[], object]]:
    """Return the named baseline if it happens to be installed, after a look at its answers.

    It walks between two barrier cells and so may be quicker than ours behind them; elsewhere they agree.
    """
    works: dict[str, Callable[[], object]] = {}
    at = [(row, column) for row, column, _ in sources(SIDE)]
    ours = travel_time_s(where, sources(SIDE), slope=NO_SLOPE).time_s
    if importlib.util.find_spec("skimage"):
        geometric = importlib.import_module("skimage.graph").MCP_Geometric
        costs = np.where(np.isfinite(where.pace_s_per_m), where.pace_s_per_m, -1.0)

        def mcp() -> Raster:
            found: Raster = geometric(costs).find_costs(at)[0] * CELL_M
            return found

        both = np.isfinite(ours) & (ours > 0)
        assert (np.abs(mcp()[both] / ours[both] - 1.0) < 1e-5).mean() > 0.98
        works[MCP] = mcp
    return works


def _change(where: TravelGround) -> Iterator[Figure]:
    """Measure a felled bridge: 20 x 20 cells become a barrier, and open again."""
    solved = travel_time_s(where, sources(SIDE))
    patch = np.full((20, 20), np.inf)
    shares = []
    for row, column in ((640, 640), (420, 300), (100, 700), (760, 420)):
        changed = change_solved(solved, row, column, patch)
        pace = where.pace_s_per_m.copy()
        pace[row : row + 20, column : column + 20] = np.inf
        anew = TravelGround(where.lattice, pace, where.heights_m)
        np.testing.assert_allclose(changed.time_s, travel_time_s(anew, sources(SIDE)).time_s, rtol=1e-9)
        old = np.array(where.pace_s_per_m[row : row + 20, column : column + 20], dtype=np.float64)
        opened = change_solved(changed, row, column, old)
        np.testing.assert_allclose(opened.time_s, solved.time_s, rtol=1e-9)
        middle = interleaved(
            {
                "shut": partial(change_solved, solved, row, column, patch),
                "open": partial(change_solved, changed, row, column, old),
                "anew": partial(travel_time_s, anew, sources(SIDE)),
            }
        )
        shares.append((middle["shut"], middle["open"], middle["anew"]))
    for name, place in (("closed", 0), ("opened", 1)):
        worst = max(shares, key=lambda each: each[place] / each[2])
        yield Figure(
            f"P4 local change, 20 x 20 cells {name}, worst of {len(shares)} places",
            worst[place],
            "s",
            ROUNDS,
            worst[2],
            "solving anew (goal: ratio >= 10)",
        )


def _memory(where: TravelGround) -> Figure:
    """Measure the peak of the process while one raster is solved, less the raster itself."""
    gc.collect()
    seen, done = [_resident()], threading.Event()

    def watch() -> None:
        while not done.wait(0.0005):
            seen.append(_resident())

    watcher = threading.Thread(target=watch)
    watcher.start()  # the kernels leave the interpreter's lock alone
    solved = travel_time_s(where, sources(SIDE))
    done.set()
    watcher.join()
    per_cell = (max(seen) - seen[0]) / solved.time_s.size - solved.time_s.itemsize
    return Figure("P4 extra memory per cell, Tobler", per_cell, "bytes (goal 24)", len(seen))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _growth() -> Iterator[Figure]:
    """Measure sixteen times the cells: the ratio is the growth, the goal 20."""
    few, many = ground(SIDE // 2), ground(SIDE * 2)
    middle = interleaved(
        {
            "few": lambda: travel_time_s(few, sources(SIDE // 2)),
            "many": lambda: travel_time_s(many, sources(SIDE * 2)),
        },
        rounds=3,
    )
    yield Figure(
        "P4 Tobler, sixteen times the cells",
        middle["few"],
        "s",
        3,
        middle["many"],
        f"{SIDE * 2} x {SIDE * 2}: growth of time, goal 20",
    )


def _effort() -> Iterator[Figure]:
    n = 1_000_000
    rng = np.random.default_rng(5)
    p = rng.gamma(0.5, 1.0, n)
    p /= p.sum()
    rate = rng.uniform(0.05, 2.0, n)
    for hours in (2_000.0, 200_000.0):
        ours, plain = allocate_hours(p, rate, hours), allocate_hours_plain(p, rate, hours)
        assert isinstance(ours, Allocation)
        assert isinstance(plain, Allocation)
        np.testing.assert_allclose(ours.hours_h, plain.hours_h, rtol=1e-6, atol=1e-9)
        assert abs(ours.hours_h.sum() / hours - 1.0) < 1e-9
        residual = kkt_residual(p, rate, ours)
        assert residual <= 1e-9, residual
        middle = interleaved(
            {
                "ours": partial(allocate_hours, p, rate, hours),
                "pass": lambda: p * np.exp(-rate * 1.0),
                "sort": partial(allocate_hours_plain, p, rate, hours),
            },
            rounds=9,
        )
        name = f"P5 effort over 1 M cells, {int((ours.hours_h > 0).sum())} get hours"
        yield Figure(
            name, middle["ours"], "s", 9, middle["pass"], "one numpy pass p exp(-a x) (goal: ratio >= 0.333)"
        )
        yield Figure(name, middle["ours"], "s", 9, middle["sort"], "closed form by sorting, numpy, own plain")
        yield Figure(f"P5 KKT residual, {hours:.0f} h", residual, "relative (goal 1e-9)", 1)
    tenth = interleaved(
        {
            "few": lambda: allocate_hours(p[:100_000], rate[:100_000], 2_000.0),
            "many": lambda: allocate_hours(p, rate, 20_000.0),
        },
        rounds=9,
    )
    yield Figure(
        "P5 effort, ten times the cells", tenth["few"], "s", 9, tenth["many"], "1 M cells: growth of time"
    )
