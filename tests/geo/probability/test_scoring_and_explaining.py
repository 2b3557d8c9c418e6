"""Scores of maps whose find is known, and what is told about a map."""

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ProbabilityError
from geo.lattice_raster import Lattice
from geo.probability.attraction import Pull, attraction_factor
from geo.probability.clues import sighting
from geo.probability.explain import Part, changes, sector_causes
from geo.probability.ledger import Ledger
from geo.probability.prior import elsewhere
from geo.probability.scenarios import mix
from geo.probability.scoring import (
    PIXEL_M,
    PIXELS,
    log_score,
    mapscore_in_window,
    mapscore_outside,
    mapscore_r,
    ring_calibration,
    window_counts,
)
from tests.geo.probability.maps import EXAMPLES, FIELD, field_prior, ledgers, row_of

_WANTED = EXAMPLES["mapscore-formula"]["expected"]["recomputed"]


def test_the_published_figures_of_mapscore() -> None:
    """A uniform map, a unique best, a unique worst on 10 x 10, and a find outside."""
    even = np.ones((10, 10))
    best, worst = even.copy(), even.copy()
    best[3, 7], worst[3, 7] = 2.0, 0.5
    tolerance = EXAMPLES["mapscore-formula"]["tolerance"]["R"]
    assert mapscore_r(even, 3, 7) == _WANTED["uniform_map_R"]
    assert mapscore_r(best, 3, 7) == pytest.approx(_WANTED["unique_maximum_at_find_10x10"], abs=tolerance)
    assert mapscore_r(worst, 3, 7) == pytest.approx(_WANTED["unique_minimum_at_find_10x10"], abs=tolerance)
    assert mapscore_outside() == pytest.approx(_WANTED["outside_window_default"], abs=tolerance)
    assert mapscore_outside(0.3) == pytest.approx(-0.4)


def test_counting_the_window_is_drawing_it() -> None:
    """Counts of pixels per cell against the published 5001 x 5001 raster, a find on and off our raster."""
    rng = np.random.default_rng(3)
    lattice = Lattice(-7_000.0, -4_000.0, 250.0, 40, 60)
    cells = rng.integers(1, 9, lattice.shape) / 2e4
    start_m = (31.0, -57.0)
    steps = (np.arange(PIXELS) - PIXELS // 2) * PIXEL_M
    column = np.floor((start_m[0] + steps - lattice.west_m) / lattice.cell_m).astype(int)
    row = np.floor((start_m[1] + steps - lattice.south_m) / lattice.cell_m).astype(int)
    drawn = np.zeros((PIXELS, PIXELS), dtype=np.float32)
    rows, columns = (row >= 0) & (row < 40), (column >= 0) & (column < 60)
    drawn[np.ix_(rows, columns)] = cells[np.ix_(row[rows], column[columns])]
    assert window_counts(lattice, start_m).sum() == rows.sum() * columns.sum()
    for pixel in ((2_600, 2_450), (10, 4_990)):
        find_m = (start_m[0] + steps[pixel[1]], start_m[1] + steps[pixel[0]])
        ours = mapscore_in_window(lattice, cells, start_m, find_m)
        assert ours == pytest.approx(mapscore_r(drawn, *pixel), abs=1e-12)
    outside = mapscore_in_window(lattice, cells, start_m, (20_000.0, 0.0))
    assert outside == pytest.approx(mapscore_outside(1 - cells.sum()))
    assert mapscore_in_window(lattice, cells, start_m, (20_000.0, 0.0), rest_of_world=0.05) == pytest.approx(
        -0.9
    )


def test_our_map_beats_an_even_one_where_its_people_are() -> None:
    """Finds drawn from the model score above 0 on average."""
    rng = np.random.default_rng(5)
    found = field_prior()
    flat = rng.choice(found.cells.size, 40, p=found.cells.ravel() / found.cells.sum())
    x, y = FIELD.middles()
    scores = [
        mapscore_in_window(FIELD, found.cells, (0.0, 0.0), (float(x[each % 60]), float(y[each // 60])))
        for each in flat
    ]
    assert np.mean(scores) > 0.9


def test_log_score_never_falls_out_of_the_world() -> None:
    """The logarithm of what the map gave; nothing counts as next to nothing."""
    assert log_score(0.1) == pytest.approx(math.log(0.1))
    assert log_score(0.0) == pytest.approx(math.log(1e-12))
    assert log_score(1.0 + 1e-12) == 0.0


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=60))
def test_rings_count_and_their_interval_holds_the_share(positions: list[float]) -> None:
    """Found counts grow with the ring, the interval holds what was seen."""
    rings = ring_calibration(positions)
    assert [ring.expected for ring in rings] == [0.25, 0.5, 0.75, 0.95]
    assert [ring.found for ring in rings] == sorted(ring.found for ring in rings)
    assert all(ring.low <= ring.share + 1e-12 and ring.share <= ring.high + 1e-12 for ring in rings)


def test_a_right_model_is_calibrated_and_a_wrong_one_is_not() -> None:
    """Even positions pass every ring, finds that are all too far out none."""
    assert all(ring.is_calibrated for ring in ring_calibration((np.arange(200) + 0.5) / 200))
    assert not any(ring.is_calibrated for ring in ring_calibration(np.full(200, 0.99)))
    wilson = ring_calibration([0.1] * 8 + [0.9] * 2, rings=[0.5])[0]
    assert (wilson.low, wilson.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_a_sector_says_what_made_it() -> None:
    """The sector on the stream gets its weight from the stream, within a few hundred metres."""
    stream = shapely.LineString([(1_000, -2_000), (1_000, 2_000)])
    made = attraction_factor(FIELD, {"stream": [stream]}, {"stream": Pull(0.4, 100.0)})
    here = field_prior(factors=[made.factor])
    parts = [
        Part("lost", 0.6, here, made),
        Part("hurt", 0.3, field_prior()),
        Part("left", 0.1, elsewhere(FIELD, FIELD.inside(shapely.box(-3e3, -2e3, 3e3, 2e3)))),
    ]
    sectors = np.full(FIELD.shape, 1)
    sectors[:, 39:41] = 0
    sectors[:, :5] = -1
    causes = sector_causes(parts, sectors, 3)
    on_stream = causes[0]
    assert on_stream.scenarios[0][0] == "lost"
    assert sum(share for _, share in on_stream.scenarios) == pytest.approx(1.0)
    assert on_stream.kinds[0].kind == "stream"
    assert on_stream.kinds[0].share > 0.5
    assert 0 < on_stream.kinds[0].within_m <= 300
    assert on_stream.even + on_stream.kinds[0].share == pytest.approx(1.0)
    assert causes[1].kinds[0].share < 0.2
    assert causes[2].scenarios == ()
    mixed = mix([(part.share, part.prior) for part in parts])
    shown = Ledger(mixed).searched("s", sectors == 0, 0.5, 0.5).normalised()
    again = sector_causes(parts, sectors, 3, shown)[0]
    assert again.kinds[0].share == pytest.approx(on_stream.kinds[0].share)
    assert sector_causes([], sectors, 1)[0].even == 1.0


def test_a_fall_is_explained_by_the_search_and_the_rise_of_the_others_by_it() -> None:
    """12 % and POD 70 %: the sector falls by the search, the others rise by its fall."""
    before = Ledger(row_of([0.12, 0.48, 0.2], 0.2))
    after = before.searched("t1", np.array([0]), 0.7, 0.7)
    first, second, _ = changes(before, after, np.array([[0, 1, 2]]), 3)
    assert first.before == pytest.approx(0.12)
    assert first.after == pytest.approx(0.036 / 0.916)
    assert [(each.code, each.known_id) for each in first.causes] == [("searched", "t1"), ("others", "")]
    assert first.causes[0].times == pytest.approx(0.3)
    assert first.causes[0].pod_responsive == pytest.approx(0.7)
    assert [each.code for each in second.causes] == ["others"]
    assert second.causes[0].times == pytest.approx(1 / 0.916)
    back = changes(after, before, np.array([[0, 1, 2]]), 3)[0]
    assert [each.code for each in back.causes] == ["search_withdrawn", "others"]


def test_every_kind_of_change_has_its_code() -> None:
    """Clues, sliders, ageing and new weighing are told apart."""
    prior = field_prior()
    sectors = (np.arange(60)[None, :] // 30) * np.ones((40, 1), dtype=int)
    east = sectors == 1
    start = Ledger(prior, 0.5).searched("s", east, 0.8, 0.4, tau_responsive_h=12.0)
    seen = sighting("c", FIELD, (2_000.0, 0.0), 300.0, 0.8)
    other = field_prior(start_m=(-2_000.0, 0.0))
    wanted: dict[str, Ledger] = {
        "clue": start.clue(seen),
        "search_aged": start.aged(20.0),
        "search_changed": start.searched("s", east, 0.9, 0.9, tau_responsive_h=12.0),
        "scenarios": start.with_prior(other),
        "responsive_share": Ledger(prior, 0.9, start.searches),
    }
    for code, after in wanted.items():
        assert code in {each.code for each in changes(start, after, sectors, 2)[1].causes}
    dropped = changes(start.clue(seen), start, sectors, 2)[1].causes
    assert dropped[0].code == "clue_dropped"
    assert dropped[0].times < 1
    moved = start.clue(sighting("c", FIELD, (-2_000.0, 0.0), 300.0, 0.8))
    assert changes(start.clue(seen), moved, sectors, 2)[0].causes[0].code == "clue_changed"
    assert changes(start, start, sectors, 2)[0].causes == ()


@settings(max_examples=25, deadline=None)
@given(ledgers(), ledgers())
def test_causes_multiply_to_the_change(before: Ledger, after: Ledger) -> None:
    """Whatever happened between two states, the causes told account for all of it but the untold crumbs."""
    sectors = (np.arange(60)[None, :] // 20) * np.ones((40, 1), dtype=int)
    for change in changes(before, after, sectors, 3):
        assert all(math.isfinite(cause.times) for cause in change.causes)
        if min(change.before, change.after) > 1e-12:
            told = math.prod(cause.times for cause in change.causes)
            assert math.log(change.after / change.before) == pytest.approx(math.log(told), abs=0.0101)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: mapscore_r(np.ones((2, 2)), 2, 0),
        lambda: mapscore_r(np.full((2, 2), np.nan), 0, 0),
        lambda: mapscore_r(np.ones((2, 2)), 0, 0, np.zeros((2, 2))),
        lambda: mapscore_outside(1.5),
        lambda: log_score(1.5),
        lambda: ring_calibration([1.5]),
        lambda: changes(
            Ledger(field_prior()), Ledger(row_of([1.0], 0.0)), np.zeros(FIELD.shape, dtype=int), 1
        ),
    ],
)
def test_scores_of_nothing_are_refused(wrong: Any) -> None:
    """No score without a map and a find."""
    with pytest.raises(ProbabilityError):
        wrong()
