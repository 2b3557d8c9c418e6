"""Several tasks in one sector: figures of each, together, and what is missing, for both subjects."""

import numpy as np
import pytest
import shapely

from geo.search_coverage import coverage, cumulative_pod, pod_exponential
from geo.search_coverage_weigh import Work, weigh
from geo.sweep import Subject, Sweep, line_track, one_track
from geo.tracks import Way
from tests.geo.tracks_of import way_of

SECTOR = shapely.box(0, 0, 500, 400)
SWEEPS: dict[Subject, Sweep] = {"responsive": one_track(200.0), "unresponsive": one_track(50.0)}


def lanes(spacing_m: float, from_m: float = 25.0, to_m: float = 400.0) -> Way:
    rows = np.arange(from_m, to_m, spacing_m)
    ends = [(-60.0, 560.0) if index % 2 == 0 else (560.0, -60.0) for index in range(len(rows))]
    return way_of(np.concatenate(ends), np.repeat(rows, 2))


def test_an_even_search_proves_what_the_formula_says() -> None:
    """Lanes one width apart: coverage 1, detection near 63 %, nothing missing."""
    weighed = weigh(SECTOR, [Work([lanes(50.0)], SWEEPS)])
    figures = weighed.works[0]
    exact = coverage(50.0, figures.length_m, SECTOR.area)
    assert figures.length_m == pytest.approx(8 * 500)
    assert figures.coverage["unresponsive"] == pytest.approx(exact, rel=0.03)
    assert figures.pod["unresponsive"] == pytest.approx(float(pod_exponential(exact)), abs=0.04)
    assert figures.pod["responsive"] > 0.95
    assert weighed.missing["unresponsive"].is_empty
    assert weighed.swept_share["unresponsive"] == 1.0


def test_half_a_sector_leaves_the_other_half_missing() -> None:
    """What was not walked is drawn, and lowers the whole."""
    weighed = weigh(SECTOR, [Work([lanes(50.0, to_m=200.0)], SWEEPS)])
    missing = weighed.missing["unresponsive"]
    assert missing.area == pytest.approx(SECTOR.area / 2, rel=0.03)
    assert missing.centroid.y > 250
    assert weighed.pod["unresponsive"] < 0.35
    assert weighed.missing["responsive"].area < missing.area


def test_two_searches_of_the_same_ground_add_up_and_on_one_path_do_not() -> None:
    """Crossing lanes multiply the misses; the same single path walked twice proves little more."""
    once = weigh(SECTOR, [Work([lanes(50.0)], SWEEPS)]).pod["unresponsive"]
    across = way_of(lanes(50.0, to_m=500.0).y_m, lanes(50.0, to_m=500.0).x_m)
    twice = weigh(SECTOR, [Work([lanes(50.0)], SWEEPS), Work([across], SWEEPS)])
    assert twice.pod["unresponsive"] == pytest.approx(
        cumulative_pod(work.pod["unresponsive"] for work in twice.works), abs=0.02
    )
    assert twice.pod["unresponsive"] > once
    path = Work([way_of([-60.0, 560.0], [200.0, 200.0])], SWEEPS)
    assert weigh(SECTOR, [path] * 8).pod["unresponsive"] < 0.2


def test_two_navigators_in_one_group_are_one_search() -> None:
    """People who walk together are counted once, the flanks of a line each for their half."""
    single = weigh(SECTOR, [Work([lanes(50.0)], SWEEPS)]).pod["unresponsive"]
    doubled = weigh(SECTOR, [Work([lanes(50.0), lanes(50.0)], SWEEPS)]).pod["unresponsive"]
    assert doubled == pytest.approx(single)
    line = line_track(20.0, searchers=10, spacing_m=20.0, tracks=2)
    flanks = Work(
        [way_of([-60.0, 560.0], [100.0, 100.0]), way_of([-60.0, 560.0], [300.0, 300.0])],
        {"responsive": line, "unresponsive": line},
        apart=True,
    )
    assert weigh(SECTOR, [flanks]).works[0].coverage["unresponsive"] == pytest.approx(0.5, rel=0.05)


def test_no_work_proves_nothing() -> None:
    """Without tracks everything is missing; a way elsewhere is no work here."""
    assert weigh(SECTOR, []).missing["responsive"].equals(SECTOR)
    far = weigh(SECTOR, [Work([way_of([5_000.0, 6_000.0], [0.0, 0.0])], SWEEPS)])
    assert far.pod == {"responsive": 0.0, "unresponsive": 0.0}
    passing = weigh(SECTOR, [Work([way_of([-9_000.0, 9_000.0], [200.0, 200.0])], SWEEPS)])
    assert passing.works[0].length_m == pytest.approx(500.0)


def test_a_strip_narrower_than_a_cell_is_weighed() -> None:
    """A path of a metre's width has figures too."""
    strip = shapely.box(0, 0, 400, 1)
    weighed = weigh(strip, [Work([way_of([0.0, 400.0], [0.5, 0.5])], SWEEPS)])
    assert weighed.swept_share["unresponsive"] == 1.0
