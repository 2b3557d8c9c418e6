"""Travel time: exact on ground whose answer is known, equal to the plain twin elsewhere."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.lattice_raster import Lattice
from geo.travel_time import (
    NO_SLOPE,
    TOBLER,
    Notice,
    TravelGround,
    change_solved,
    effective_m,
    travel_time_s,
)
from geo.travel_time_plain import travel_time_plain

CELL_M, PACE = 10.0, 0.75
Raster = np.ndarray[Any, np.dtype[np.float64]]


def ground(pace: Raster, heights_m: Raster | None = None) -> TravelGround:
    return TravelGround(Lattice(0.0, 0.0, CELL_M, *pace.shape), pace, heights_m)


def flat(rows: int = 41, columns: int = 41) -> Raster:
    return np.full((rows, columns), PACE)


def away(rows: int, columns: int, row: int, column: int) -> tuple[Raster, Raster]:
    return np.meshgrid(np.arange(rows) - row, np.arange(columns) - column, indexing="ij")


def tobler(slope: float) -> float:
    return math.exp(3.5 * abs(slope + 0.05) - 3.5 * 0.05)


def test_flat_open_ground() -> None:
    """Straight and diagonal steps, exactly; as metres on open ground, at most 8.24 % more than straight."""
    solved = travel_time_s(ground(flat()), [(20, 20)], slope=NO_SLOPE)
    down, right = np.abs(away(41, 41, 20, 20))
    longer, shorter = np.maximum(down, right), np.minimum(down, right)
    metres = CELL_M * (longer - shorter + math.sqrt(2) * shorter)
    assert solved.time_s == pytest.approx(metres * PACE, rel=1e-6)
    assert solved.notices == ()
    straight = CELL_M * np.hypot(down, right)
    assert (effective_m(solved, PACE) <= straight * 1.0824 + 1e-6).all()
    assert (effective_m(solved, PACE) >= straight * (1 - 1e-6)).all()


@pytest.mark.parametrize("slope", [0.0, 0.1, -0.05, 0.3, -0.4])
def test_an_inclined_plane(slope: float) -> None:
    """Up, down and along the slope of a plane, and diagonally, by the closed form; up is not down."""
    rows, _ = away(31, 31, 15, 15)
    solved = travel_time_s(ground(flat(31, 31), slope * CELL_M * rows), [(15, 15)])
    reached, step_s = solved.time_s, CELL_M * PACE
    for many in (1, 7, 15):
        direct = {
            (many, 0): tobler(slope),
            (-many, 0): tobler(-slope),
            (0, many): 1.0,
            (many, many): math.sqrt(2) * tobler(slope / math.sqrt(2)),
            (-many, many): math.sqrt(2) * tobler(-slope / math.sqrt(2)),
        }
        for (row, column), factor in direct.items():
            # Steep ground is left by zigzags where these are quicker, never slower than the direct way.
            assert reached[15 + row, 15 + column] <= many * step_s * factor * (1 + 1e-6)
            if abs(slope) <= 0.1:
                assert reached[15 + row, 15 + column] == pytest.approx(many * step_s * factor, rel=1e-5)
    if slope:
        assert reached[30, 15] != pytest.approx(reached[0, 15], rel=1e-3)
    back = travel_time_s(ground(flat(31, 31), slope * CELL_M * rows), [(15, 15)], towards=True)
    assert back.time_s == pytest.approx(reached[::-1], rel=1e-5)


def test_zigzag_up_a_steep_plane() -> None:
    """Where straight up is slower than two diagonals, diagonals are taken: the exact mix of both."""
    slope = 0.6
    rows, _ = away(31, 31, 0, 15)
    solved = travel_time_s(ground(flat(31, 31), slope * CELL_M * rows), [(0, 15)])
    straight, diagonal = tobler(slope), math.sqrt(2) * tobler(slope / math.sqrt(2))
    assert diagonal < straight
    assert solved.time_s[10, 15] == pytest.approx(10 * CELL_M * PACE * diagonal, rel=1e-5)


def test_a_cone() -> None:
    """From the top down and back up a cone: exact along its eight rays, symmetric, up slower than down."""
    rows, columns = away(41, 41, 20, 20)
    cone = ground(flat(), 200.0 - 0.12 * CELL_M * np.hypot(rows, columns))
    down = travel_time_s(cone, [(20, 20)]).time_s
    up = travel_time_s(cone, [(20, 20)], towards=True).time_s
    for many in (1, 10, 20):
        for row, column in ((many, 0), (0, -many), (many, many), (-many, many)):
            metres = CELL_M * math.hypot(row, column)
            place = (20 + row, 20 + column)
            assert down[place] == pytest.approx(metres * PACE * tobler(-0.12), rel=1e-5)
            assert up[place] == pytest.approx(metres * PACE * tobler(0.12), rel=1e-5)
    for raster in (down, up):
        assert raster == pytest.approx(raster.T, rel=1e-5)
        assert raster == pytest.approx(raster[::-1], rel=1e-5)
    assert (up >= down).all()


def test_a_wall_with_a_gate() -> None:
    """All ways lead through the gate, and none over the wall."""
    pace = flat()
    pace[:, 20] = np.inf
    shut = travel_time_s(ground(pace), [(20, 5)], slope=NO_SLOPE).time_s
    assert np.isinf(shut[:, 20:]).all()
    pace[3, 20] = PACE
    solved = travel_time_s(ground(pace), [(20, 5)], slope=NO_SLOPE).time_s
    to_gate = CELL_M * PACE * (15 * math.sqrt(2) + 2)
    assert solved[3, 20] == pytest.approx(to_gate, rel=1e-6)
    assert solved[3, 35] == pytest.approx(to_gate + 15 * CELL_M * PACE, rel=1e-6)
    assert np.isinf(solved[4, 20])


def test_a_river_and_its_ford() -> None:
    """A diagonal river is not crossed between its cells; a slow ford is taken where it is shorter."""
    pace = flat()
    river = np.eye(41, dtype=bool)
    pace[river] = np.inf
    solved = travel_time_s(ground(pace), [(40, 0)], slope=NO_SLOPE).time_s
    rows, columns = np.indices(solved.shape)
    assert np.isinf(solved[columns > rows]).all()
    assert np.isfinite(solved[columns < rows]).all()
    pace = flat()
    pace[:, 20] = np.inf
    pace[20, 20] = 10 * PACE
    forded = travel_time_s(ground(pace), [(20, 5)], slope=NO_SLOPE).time_s
    # Into the ford and out of it at the mean of both paces.
    across = CELL_M * 5.5 * PACE
    assert forded[20, 20] == pytest.approx(14 * CELL_M * PACE + across, rel=1e-6)
    assert forded[20, 35] == pytest.approx(28 * CELL_M * PACE + 2 * across, rel=1e-6)
    # A single barrier cell at the corner may be passed.
    pace = flat(3, 3)
    pace[0, 1] = np.inf
    assert travel_time_s(ground(pace), [(0, 0)], slope=NO_SLOPE).time_s[1, 1] == pytest.approx(
        math.sqrt(2) * CELL_M * PACE
    )


def test_a_road_is_quicker_than_the_straight_line() -> None:
    """A track round a bog is taken."""
    pace = flat(21, 21)
    pace[5:16, 5:16] = 20.0
    pace[2, :] = 0.1
    solved = travel_time_s(ground(pace), [(10, 0)], slope=NO_SLOPE).time_s
    assert solved[10, 20] < 20 * CELL_M * PACE


def random_ground(seed: int) -> tuple[TravelGround, list[tuple[int, int, float]]]:
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(2, 24, 2)
    pace = 10.0 ** rng.uniform(-1.3, 0.7, (rows, columns))
    pace[rng.random((rows, columns)) < 0.25] = np.inf
    heights = rng.normal(0.0, 4.0, (rows, columns)).astype(np.float32).astype(np.float64)
    heights[rng.random((rows, columns)) < 0.1] = np.nan
    open_cells = np.argwhere(np.isfinite(pace))
    few = open_cells[rng.permutation(len(open_cells))[: rng.integers(1, 6)]]
    sources = [(int(row), int(column), float(rng.choice([0.0, 30.0, 500.0]))) for row, column in few]
    return ground(pace, heights), sources


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), most_s=st.sampled_from([math.inf, 60.0]), towards=st.booleans())
def test_the_plain_twin_agrees(*, seed: int, most_s: float, towards: bool) -> None:
    """Random paces, heights with holes, barriers, many sources with their own starts, a largest time."""
    where, sources = random_ground(seed)
    solved = travel_time_s(where, sources, most_s=most_s, towards=towards)
    plain = travel_time_plain(where, sources, most_s=most_s, towards=towards)
    near = ~np.isclose(plain, most_s, rtol=1e-4) | np.isinf(most_s)  # on the very limit rounding decides
    assert solved.time_s[near] == pytest.approx(plain[near], rel=1e-5)
    assert (solved.time_s[np.isfinite(solved.time_s)] <= most_s).all()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), towards=st.booleans())
def test_a_local_change_is_the_same_as_solving_anew(*, seed: int, towards: bool) -> None:
    """Barriers come and go, paces rise and fall, several times after one another."""
    where, sources = random_ground(seed)
    rng = np.random.default_rng(seed + 1)
    solved = travel_time_s(where, sources, towards=towards)
    for _ in range(3):
        rows, columns = where.pace_s_per_m.shape
        row, column = int(rng.integers(0, rows)), int(rng.integers(0, columns))
        shape = (int(rng.integers(1, rows - row + 1)), int(rng.integers(1, columns - column + 1)))
        patch = 10.0 ** rng.uniform(-1.3, 0.7, shape)
        patch[rng.random(shape) < 0.3] = np.inf
        before = solved.time_s.copy()
        changed = change_solved(solved, row, column, patch)
        assert (solved.time_s == before).all()
        pace = where.pace_s_per_m.copy()
        pace[row : row + shape[0], column : column + shape[1]] = patch
        where = TravelGround(where.lattice, pace, where.heights_m)
        anew = travel_time_s(where, sources, towards=towards)
        assert changed.time_s == pytest.approx(anew.time_s, rel=1e-9)
        assert set(changed.notices) == set(anew.notices)
        solved = changed


def test_the_queue_may_be_short() -> None:
    """Paces four thousand times apart, more than the ring of buckets holds, give the same answer."""
    rng = np.random.default_rng(4)
    pace = 10.0 ** rng.uniform(-2.0, 3.0, (25, 25))
    where = ground(pace, rng.normal(0.0, 2.0, (25, 25)).astype(np.float32).astype(np.float64))
    assert travel_time_s(where, [(3, 3), (20, 9)]).time_s == pytest.approx(
        travel_time_plain(where, [(3, 3, 0.0), (20, 9, 0.0)]), rel=1e-5
    )


def test_missing_heights_are_told_not_raised() -> None:
    """Without heights slope counts nowhere; with holes only where heights are known."""
    none = travel_time_s(ground(flat()), [(0, 0)])
    assert none.notices == (Notice("no_heights", 1.0),)
    assert none.time_s == pytest.approx(travel_time_s(ground(flat()), [(0, 0)], slope=NO_SLOPE).time_s)
    all_void = travel_time_s(ground(flat(), np.full((41, 41), np.nan)), [(0, 0)])
    assert all_void.notices == (Notice("no_heights", 1.0),)
    holes = np.zeros((41, 41))
    holes[:, 1::2] = np.nan
    some = travel_time_s(ground(flat(), holes), [(0, 0)])
    assert [each.code for each in some.notices] == ["heights_missing_in_part"]
    assert some.notices[0].share == pytest.approx(20 / 41)
    assert some.time_s == pytest.approx(none.time_s)


def test_bad_sources_and_bad_ground_are_told() -> None:
    """A source in a lake begins at the shore, one outside is left out, no ground gives an empty raster."""
    pace = flat()
    pace[10:21, 10:21] = np.inf
    lake = travel_time_s(ground(pace), [(15, 12), (50, 3), (2, 2, math.nan)], slope=NO_SLOPE)
    assert lake.time_s[15, 9] == 0.0
    assert lake.notices == (
        Notice("source_outside", sources=(1, 2)),
        Notice("source_on_barrier", sources=(0,), farthest_m=30.0),
    )
    nobody = travel_time_s(ground(pace), [], slope=NO_SLOPE)
    assert [each.code for each in nobody.notices] == ["no_source"]
    assert np.isinf(nobody.time_s).all()
    nowhere = travel_time_s(ground(np.full((4, 4), np.inf)), [(1, 1)], slope=NO_SLOPE)
    assert [each.code for each in nowhere.notices] == ["no_ground", "no_source"]
    odd = flat(4, 4)
    odd[0, :] = (0.0, -1.0, np.nan, PACE)
    unknown = travel_time_s(ground(odd), [(3, 3)], slope=NO_SLOPE)
    assert unknown.notices == (Notice("pace_unknown", 3 / 16),)
    assert np.isinf(unknown.time_s[0, :3]).all()
    with pytest.raises(ValueError, match="shape"):
        TravelGround(Lattice(0.0, 0.0, 10.0, 3, 3), flat())
    with pytest.raises(ValueError, match="within"):
        change_solved(lake, 40, 40, flat(2, 2))


def test_work_stops_at_the_largest_time() -> None:
    """Cells beyond it stay unreached, all within it are exact."""
    whole = travel_time_s(ground(flat()), [(20, 20)], slope=TOBLER).time_s
    near = travel_time_s(ground(flat()), [(20, 20)], slope=TOBLER, most_s=80.0).time_s
    assert (np.isinf(near) == (whole > 80.0)).all()
    assert near[whole <= 80.0] == pytest.approx(whole[whole <= 80.0])
