"""Tracks: what is not believed is flagged and not counted, whatever a receiver writes."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import LocalFrame
from geo.errors import TrackError
from geo.tracks import FIX, HABITS, MAX_FIXES, Flag, between, judge, merged_bounds, watched_share
from tests.geo.strategies import PLACES
from tests.geo.tracks_of import NOW_S, START_S, fixes_of, walk, way_of

FOREST = LocalFrame.at(37.6, 55.7)
FOOT = HABITS["foot"]


@pytest.mark.parametrize(("lon", "lat"), [*PLACES, (0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (0.02, 0.01)])
def test_a_walk_counts_to_the_metre_anywhere(lon: float, lat: float) -> None:
    """A kilometre walked is a kilometre counted: at the poles, across 180 degrees, beside 0/0."""
    judged = judge(
        walk(LocalFrame.at(lon, lat), [(-500, 50), (500, 50)]), LocalFrame.at(lon, lat), FOOT, now_s=NOW_S
    )
    assert not judged.flags.any()
    assert judged.way.length_m() == pytest.approx(1000.0, abs=0.01)


def test_driving_there_is_not_searching() -> None:
    """The ride to the edge of the forest is flagged and its length left out."""
    ride = walk(FOREST, [(-9_000, 0), (0, 0)], mps=15.0)
    work = walk(FOREST, [(0, 0), (1_000, 0)], start_s=ride["t_s"][-1] + 5.0)
    judged = judge(np.concatenate((ride, work)), FOREST, FOOT, now_s=NOW_S)
    assert (judged.flags[: len(ride) - 8] == Flag.TRANSIT).all()
    assert judged.way.length_m() == pytest.approx(1_000.0, rel=0.04)


def test_a_vehicle_at_work_is_searching() -> None:
    """A crew that checks a road at 20 km/h does its task; the same track is transit for walkers."""
    road = walk(FOREST, [(0, 0), (8_000, 0)], mps=5.6)
    assert judge(road, FOREST, HABITS["vehicle"], now_s=NOW_S).way.length_m() > 7_900
    assert judge(road, FOREST, FOOT, now_s=NOW_S).way.length_m() == 0.0


def test_standing_still_is_not_walking() -> None:
    """Half an hour at rest wanders a kilometre on paper and none in fact."""
    rng = np.random.default_rng(7)
    t = START_S + 5.0 * np.arange(360)
    rest = fixes_of(FOREST, t, rng.normal(0, 2.0, 360), rng.normal(0, 2.0, 360))
    judged = judge(rest, FOREST, FOOT, now_s=NOW_S)
    assert judged.way.steps_m().sum() > 1_000
    assert judged.way.length_m() < 30
    assert judged.counted()["still"] > 350


def test_a_single_jump_costs_only_itself() -> None:
    """One fix two kilometres away is flagged; the walk around it stays whole."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    away = track.copy()
    away[100] = fixes_of(FOREST, [track["t_s"][100]], [2_000.0], [2_000.0])[0]
    judged = judge(away, FOREST, FOOT, now_s=NOW_S)
    assert np.flatnonzero(judged.flags == Flag.JUMP).tolist() == [100]
    assert judged.way.length_m() == pytest.approx(1_000.0, abs=1)


def test_a_cold_start_far_away_is_a_jump() -> None:
    """The first fixes of yesterday's place do not make the rest unbelievable."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    far = fixes_of(FOREST, track["t_s"][0] - np.array([3.0, 2.0, 1.0]), [50_000] * 3, [0] * 3)
    judged = judge(np.concatenate((far, track)), FOREST, FOOT, now_s=NOW_S)
    assert judged.counted()["jump"] == 3
    assert judged.way.length_m() == pytest.approx(1_000.0, abs=1)


@pytest.mark.parametrize("year", [1901, 1970, 2079, np.nan])
def test_a_clock_that_cannot_be_is_flagged(year: float) -> None:
    """Fixes of 1901, 1970 and the future, and fixes without a time among timed ones, do not count."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    track["t_s"][50:60] = np.nan if np.isnan(year) else (year - 1970) * 31_556_952.0
    judged = judge(track, FOREST, FOOT, now_s=NOW_S)
    assert judged.counted()["clock"] == 10
    assert judged.way.length_m() == pytest.approx(1_000.0, abs=1), "the line across the gap was walked"


def test_one_fix_from_tomorrow_does_not_discredit_today() -> None:
    """Of times that do not ascend the longest ascending part is believed."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    track["t_s"][10] += 20_000.0
    judged = judge(track, FOREST, FOOT, now_s=NOW_S)
    assert np.flatnonzero(judged.flags == Flag.CLOCK).tolist() == [10]


def test_a_track_told_backwards_counts_nothing() -> None:
    """A file whose clock runs backwards is flagged nearly whole, not turned round by guess."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    track["t_s"] = track["t_s"][::-1]
    judged = judge(track, FOREST, FOOT, now_s=NOW_S)
    assert judged.counted()["clock"] == len(track) - 1
    assert judged.way.length_m() == 0.0


def test_fixes_at_no_place_are_flagged() -> None:
    """0/0, beyond the globe, not a number, and the other side of the world are no places of this search."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    for index, place in ((20, (0.0, 0.0)), (30, (400.0, 10.0)), (40, (np.nan, 55.0)), (50, (-142.4, -55.7))):
        track["lon"][index], track["lat"][index] = place
    judged = judge(track, FOREST, FOOT, now_s=NOW_S)
    assert np.flatnonzero(judged.flags == Flag.ZERO).tolist() == [20, 30, 40, 50]


def test_without_times_the_line_counts_and_says_so() -> None:
    """A drawn track has a length; nothing is known of its speed or of when it was."""
    track = walk(FOREST, [(0, 0), (1_000, 0)])
    track["t_s"] = np.nan
    judged = judge(track, FOREST, FOOT, now_s=NOW_S)
    assert not judged.timed
    assert judged.way.length_m() == pytest.approx(1_000.0, abs=0.01)
    assert between(judged.way, 0, 1) is judged.way
    assert watched_share(judged.way, START_S, START_S + 1_000) == 0.0


def test_two_days_are_cut_to_the_task() -> None:
    """A navigator that was not cleared holds yesterday's walk too: the window takes today's."""
    yesterday = walk(FOREST, [(0, 0), (3_000, 0)], start_s=START_S - 80_000)
    today = walk(FOREST, [(0, 500), (1_000, 500)])
    judged = judge(np.concatenate((yesterday, today)), FOREST, FOOT, now_s=NOW_S)
    cut = between(judged.way, START_S - 60, START_S + 2_000)
    assert cut.length_m() == pytest.approx(1_000.0, abs=0.01)
    assert watched_share(cut, START_S, START_S + 1_000) == pytest.approx(1.0)
    assert watched_share(cut, START_S, START_S + 2_000) == pytest.approx(0.5)


def test_a_long_silence_is_no_line() -> None:
    """Nobody knows where the team was while the navigator was off."""
    one = walk(FOREST, [(0, 0), (500, 0)])
    other = walk(FOREST, [(1_500, 0), (2_000, 0)], start_s=START_S + 4_000)
    judged = judge(np.concatenate((one, other)), FOREST, FOOT, now_s=NOW_S)
    assert judged.way.length_m() == pytest.approx(1_000.0, abs=0.01)
    assert len(judged.way.lines()) == 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nearly_nothing_is_judged(count: int) -> None:
    """Empty tracks and tracks of one fix are judged like others."""
    judged = judge(walk(FOREST, [(0, 0), (1_000, 0)])[:count], FOREST, FOOT, now_s=NOW_S)
    assert len(judged.flags) == count
    assert judged.way.length_m() == pytest.approx(5.0 * max(0, count - 1), abs=0.01)
    assert watched_share(judged.way, START_S, START_S + 60) <= 0.1
    assert (merged_bounds([judged.way]) is None) == (count == 0)


def test_the_wrong_columns_are_refused() -> None:
    """An array of other columns, or of too many fixes, is refused by name."""
    with pytest.raises(TrackError):
        judge(np.zeros(3, dtype=[("lon", "f8"), ("lat", "f8")]), FOREST, FOOT, now_s=NOW_S)
    with pytest.raises(TrackError):
        judge(np.zeros(MAX_FIXES + 1, dtype=FIX), FOREST, FOOT, now_s=NOW_S)


def test_a_quarter_million_fixes_out_of_order_are_judged() -> None:
    """A very long file with a clock gone wild is judged in a second and without error."""
    rng = np.random.default_rng(3)
    track = np.zeros(250_000, dtype=FIX)
    track["lon"], track["lat"] = 37.6 + 1e-6 * np.arange(250_000), 55.7
    track["t_s"] = START_S + rng.permutation(250_000) * 0.05
    judged = judge(track, FOREST, FOOT, now_s=NOW_S)
    assert judged.counted()["clock"] > 240_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.floats(width=32)] * 4), max_size=30), st.sampled_from(sorted(HABITS)))
def test_whatever_numbers_stand_in_a_file_nothing_breaks(rows: list[tuple[float, ...]], kind: str) -> None:
    """Infinities, giants and nonsense give flags, never an error or a length that is no number."""
    fixes = np.array([tuple(row) for row in rows], dtype=FIX)
    judged = judge(fixes, FOREST, HABITS[kind], now_s=NOW_S)
    assert len(judged.flags) == len(rows)
    assert np.isfinite(judged.way.length_m())
    assert len(judged.way.x_m) == int(np.isin(judged.flags, [Flag.GOOD, Flag.STILL, Flag.TRANSIT]).sum())


def test_length_is_clipped_to_the_sector_exactly() -> None:
    """Of a walk through a sector counts what lies inside, and the time of it."""
    way = judge(walk(FOREST, [(-500, 100), (500, 100)]), FOREST, FOOT, now_s=NOW_S).way
    sector = shapely.box(-200, 0, 300, 500) - shapely.box(0, 50, 100, 150)
    assert way.inside(sector) == pytest.approx(400.0, abs=0.01)
    assert way.time_inside_s(sector) == pytest.approx(400.0, abs=10)
    assert way.inside(shapely.Polygon()) == 0.0


def test_lines_are_the_counted_runs() -> None:
    """Every unbroken run of counted steps is one line with the vertex it starts from."""
    way = way_of([0, 1, 2, 3, 4, 5], [0] * 6, [0, 1, 1, 0, 0, 1])
    assert [line.wkt for line in way.lines()] == ["LINESTRING (0 0, 1 0, 2 0)", "LINESTRING (4 0, 5 0)"]
    assert way.length_m() == 3.0
