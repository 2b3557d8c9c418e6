"""P10: effort and swept ground of many tracks, beside buffering and joining them as polygons."""

import time
from collections.abc import Iterator

import numpy as np
import shapely

from geo.crs import LocalFrame
from geo.lattice_raster import Lattice
from geo.search_coverage_raster import extend_lengths, extend_swept, lengths_of, swept_by
from geo.tracks import Way
from tests.benchmarks.figure import Figure

SIDE_M = 5_000.0
WIDTH_M = 50.0
CELL_M = 10.0
# The baseline's simplification may move a line by as much as ours does in all.
SIMPLIFY_M = 2.0
ROUNDS = 5
LATTICE = Lattice(0.0, 0.0, CELL_M, int(SIDE_M / CELL_M), int(SIDE_M / CELL_M))


def evidence() -> Iterator[Figure]:
    """Measure P10: 100 tracks of 10 000 fixes at 10 m, growth by ten, and one new fix."""
    ways = tracks(100, 10_000)
    yield from _rasters(ways)
    yield from _growth(ways)
    yield from _one_fix(ways[0])


def tracks(count: int, fixes: int) -> list[Way]:
    """Return wandering walks at a fix per second, folded back into the square at its sides."""
    rng = np.random.default_rng(1)
    ways = []
    for _ in range(count):
        heading = np.cumsum(rng.normal(0.0, 0.05, fixes)) + rng.uniform(0.0, 6.28)
        place = rng.uniform(0.0, SIDE_M, 2)
        x, y = (
            np.abs(
                start
                + np.cumsum(step(heading))
                - 2 * SIDE_M * np.rint((start + np.cumsum(step(heading))) / (2 * SIDE_M))
            )
            for start, step in zip(place, (np.cos, np.sin), strict=True)
        )
        counts = np.ones(fixes, dtype=np.bool_)
        counts[0] = False
        ways.append(Way(np.arange(fixes, dtype=np.float64), x, y, counts))
    return ways


def _rasters(ways: list[Way]) -> Iterator[Figure]:
    lines = np.array([shapely.LineString(np.column_stack((way.x_m, way.y_m))) for way in ways])

    def joined() -> shapely.Geometry:
        return shapely.union_all(shapely.buffer(shapely.simplify(lines, SIMPLIFY_M), WIDTH_M / 2))

    wrong = _wrong_share(ways[:10])
    assert wrong <= 0.005, wrong
    length_m = lengths_of(LATTICE, ways)
    walked_m = sum(way.length_m() for way in ways)
    assert abs(length_m.sum() / walked_m - 1.0) < 1e-9
    # Interleaved, and in seconds of processor time: both sides use one thread, and a busy machine is busy for
    # both. The short works are repeated, so that they are not measured with the caches of the long one.
    taken: dict[str, list[float]] = {"effort": [], "swept": [], "joined": []}
    for _ in range(ROUNDS):
        for name, times, work in (
            ("effort", 5, lambda: lengths_of(LATTICE, ways)),
            ("swept", 5, lambda: swept_by(LATTICE, ways, WIDTH_M)),
            ("joined", 1, joined),
        ):
            for _ in range(times):
                begin = time.process_time()
                work()
                taken[name].append(time.process_time() - begin)
    middle = {name: float(np.median(seconds)) for name, seconds in taken.items()}
    fixes = sum(len(way.x_m) for way in ways)
    baseline = "buffer + union_all of simplified tracks"
    yield Figure(
        f"P10 effort raster, {fixes} fixes", middle["effort"], "s", ROUNDS, middle["joined"], baseline
    )
    yield Figure(f"P10 swept mask, {fixes} fixes", middle["swept"], "s", ROUNDS, middle["joined"], baseline)
    yield Figure("P10 swept mask, share of wrong cells", wrong, "of the swept cells", 10)


def _wrong_share(ways: list[Way]) -> float:
    """Compare with the exact union of the unsimplified tracks, cell by cell."""
    lines = [shapely.LineString(np.column_stack((way.x_m, way.y_m))) for way in ways]
    exact = shapely.union_all([line.buffer(WIDTH_M / 2, quad_segs=32) for line in lines])
    truth = LATTICE.inside(exact)
    return float((swept_by(LATTICE, ways, WIDTH_M) != truth).sum() / truth.sum())


def _growth(ways: list[Way]) -> Iterator[Figure]:
    """Measure ten times the fixes: the ratio is the growth, ten is linear."""
    for name, work in (("effort", lengths_of), ("swept", lambda on, of: swept_by(on, of, WIDTH_M))):
        taken: dict[int, list[float]] = {10: [], len(ways): []}
        for _ in range(2 * ROUNDS):
            for count, times in taken.items():
                begin = time.process_time()
                work(LATTICE, ways[:count])
                times.append(time.process_time() - begin)
        few, many = (float(np.median(times)) for times in taken.values())
        yield Figure(
            f"P10 {name}, ten times the fixes", few, "s", 2 * ROUNDS, many, "the whole: growth of time"
        )


def _one_fix(way: Way) -> Iterator[Figure]:
    """Measure one new fix: projected, added to the effort, and its ground marked."""
    frame = LocalFrame.at(37.6, 55.75)
    lonlat = frame.unproject(np.column_stack((way.x_m[:1_000], way.y_m[:1_000])))
    length_m, mask = np.zeros(LATTICE.shape), np.zeros(LATTICE.shape, dtype=np.bool_)
    counts = np.array([False, True])
    times = np.zeros(2)
    before = (way.x_m[0], way.y_m[0])
    taken = []
    for index in range(1, 1_000):
        begin = time.perf_counter()
        x, y = frame.project(lonlat[index : index + 1])[0]
        step = Way(times, np.array([before[0], x]), np.array([before[1], y]), counts)
        extend_lengths(LATTICE, length_m, step)
        extend_swept(LATTICE, mask, step, WIDTH_M)
        taken.append(time.perf_counter() - begin)
        before = (x, y)
    yield Figure("P10 one new fix", float(np.median(taken)) * 1e6, "us (goal 50)", len(taken))
