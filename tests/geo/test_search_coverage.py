"""Coverage and detection: the worked examples, the laws, and the kernels beside their plain twins."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import EffortError
from geo.lattice_raster import MAX_CELLS, Lattice
from geo.search_coverage import (
    coverage,
    coverage_for,
    coverage_of_time,
    cumulative_pod,
    effort_m2,
    line_coverage,
    line_spacing_m,
    pod_definite_range,
    pod_exponential,
    pod_inverse_cube,
)
from geo.search_coverage_kernels import plain_lengths, plain_swept
from geo.search_coverage_raster import (
    coverage_raster,
    disc_kernel,
    extend_lengths,
    extend_swept,
    lengths_of,
    mean_pod,
    missing_part,
    swept_by,
)
from tests.geo.tracks_of import way_of

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "fixtures/reference/effort_examples.json").read_text(encoding="utf-8")
)["examples"]
FOOT_M, MILE_M = 0.3048, 1_609.344
FIELD = Lattice(0.0, 0.0, 10.0, 40, 50)


def test_the_worksheet_of_a_search() -> None:
    """221 searchers at 2 mph for 1.5 h over 6 square miles at 30 ft: exact, without the sheet's rounding."""
    example = EXAMPLES["effort-searchmanager-chain"]
    given_, wanted = example["inputs"], example["expected"]["recomputed"]
    reached = coverage_of_time(
        given_["searchers"],
        given_["sweep_width_ft"] * FOOT_M,
        given_["speed_mph"] * MILE_M / 3_600,
        given_["hours"] * 3_600,
        given_["area_sqmi"] * MILE_M**2,
    )
    assert reached == pytest.approx(wanted["coverage_exact"], abs=1e-6)
    assert pod_exponential(reached) == pytest.approx(wanted["pod_from_exact"], abs=1e-6)
    assert pod_exponential(0.63) == pytest.approx(example["expected"]["published"]["pod"], abs=5e-4)


def test_the_curves_of_detection() -> None:
    """Exponential and inverse cube at ten coverages."""
    example = EXAMPLES["pod-curves"]
    wanted = example["expected"]["recomputed"]
    for function, name in ((pod_exponential, "exponential"), (pod_inverse_cube, "inverse_cube")):
        assert function(example["inputs"]["coverage"]) == pytest.approx(
            wanted[name], abs=example["tolerance"]["pod"]
        )


def test_searches_add_up() -> None:
    """Probabilities multiply by what they leave; coverages add under random search."""
    example = EXAMPLES["pod-cumulative"]
    given_, wanted = example["inputs"], example["expected"]["recomputed"]
    assert cumulative_pod(given_["pods"]) == pytest.approx(wanted["cum"], abs=1e-9)
    assert pod_exponential(sum(given_["coverages"])) == pytest.approx(wanted["exp_sum"], abs=1e-6)


@given(st.lists(st.floats(0, 5), max_size=6))
def test_adding_coverages_is_multiplying_misses(coverages: list[float]) -> None:
    """Both ways to add searches agree, and no order matters."""
    apart = cumulative_pod(float(pod) for pod in pod_exponential(coverages))
    assert apart == pytest.approx(float(pod_exponential(sum(coverages))), abs=1e-12)


@given(st.floats(0, 50))
def test_models_are_ordered(reached: float) -> None:
    """Random search promises least, definite range most, perfect sweeps lie between."""
    least, middle, most = (
        float(model(reached)) for model in (pod_exponential, pod_inverse_cube, pod_definite_range)
    )
    assert 0 <= least <= middle + 1e-12
    assert middle <= most + 1e-12 <= 1 + 2e-12


@given(st.floats(0.001, 0.99), st.floats(1, 500))
def test_spacing_and_probability_are_inverse(pod: float, width_m: float) -> None:
    """The spacing for a probability gives that probability."""
    assert pod_exponential(line_coverage(width_m, line_spacing_m(width_m, pod))) == pytest.approx(pod)
    assert coverage_for(0.0) == 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: coverage(-1, 1, 1),
        lambda: coverage(1, math.nan, 1),
        lambda: coverage(1, 1, 0),
        lambda: effort_m2(math.inf, 1),
        lambda: coverage_for(1.0),
        lambda: cumulative_pod([1.1]),
        lambda: line_coverage(10, 0),
        lambda: line_spacing_m(-1, 0.5),
        lambda: Lattice.around((0, 0, math.inf, 1), cell_m=10, margin_m=0),
        lambda: Lattice.around((0, 0, 1e6, 1e6), cell_m=10, margin_m=0),
    ],
)
def test_values_out_of_range_are_named(wrong: Any) -> None:
    """Nothing is computed from a value that cannot be."""
    with pytest.raises(EffortError):
        wrong()
    assert MAX_CELLS < 1e8


_places = st.floats(-80, 580, width=32)
_lines = st.lists(st.tuples(_places, _places, st.booleans()), min_size=2, max_size=25)


@settings(max_examples=40, deadline=None)
@given(_lines)
def test_effort_is_exact_in_every_cell(line: list[tuple[float, float, bool]]) -> None:
    """The kernel and the plain twin agree in every cell, also for lines that leave the raster."""
    x, y, counts = (np.array(column) for column in zip(*line, strict=True))
    way = way_of(x, y, counts)
    plain = plain_lengths(FIELD.shape, FIELD.cell_m, way.x_m, way.y_m, way.counts)
    fast = lengths_of(FIELD, [way])
    # A line exactly along the side of two cells may be given to either.
    along = np.isclose(np.mod(x, 10), 0).any() or np.isclose(np.mod(y, 10), 0).any()
    assert fast.sum() <= way.length_m() + 1e-6
    if not along:
        assert np.abs(fast - plain).max() < 1e-6


def test_effort_along_the_side_of_cells_is_counted_once() -> None:
    """What runs on the line between two cells belongs to one of them."""
    way = way_of([20.0, 20.0, 120.0, 120.0, 20.0], [20.0, 120.0, 120.0, 20.0, 20.0])
    assert lengths_of(FIELD, [way]).sum() == pytest.approx(400.0)


@settings(max_examples=40, deadline=None)
@given(_lines, st.floats(4, 120))
def test_swept_ground_is_that_of_the_plain_twin(
    line: list[tuple[float, float, bool]], width_m: float
) -> None:
    """Only cells whose middle lies within half a metre of the edge may differ."""
    x, y, counts = (np.array(column) for column in zip(*line, strict=True))
    way = way_of(x, y, counts)
    fast = swept_by(FIELD, [way], width_m)
    off_m = max(0.5, width_m / 20)
    inner = plain_swept(FIELD.shape, 10.0, way.x_m, way.y_m, way.counts, max(0.0, width_m / 2 - off_m))
    outer = plain_swept(FIELD.shape, 10.0, way.x_m, way.y_m, way.counts, width_m / 2 + off_m)
    assert not (inner & ~fast).any()
    assert not (fast & ~outer).any()


def test_wandering_tracks_are_swept_within_half_a_per_cent() -> None:
    """On ways as people walk them, wrong cells stay far below half a per cent."""
    rng = np.random.default_rng(5)
    heading = np.cumsum(rng.normal(0, 0.1, 4_000))
    way = way_of(250 + np.cumsum(np.cos(heading)) % 300, 200 + 0 * heading + np.cumsum(np.sin(heading)) % 150)
    far = np.concatenate(([True], way.steps_m()[1:] > 5))
    way = way_of(way.x_m, way.y_m, ~far)
    fast = swept_by(FIELD, [way], 50.0)
    plain = plain_swept(FIELD.shape, 10.0, way.x_m, way.y_m, way.counts, 25.0)
    assert (fast != plain).sum() <= 0.005 * plain.sum() + 1


def test_fix_by_fix_is_the_same_as_at_once() -> None:
    """Live positions, added one by one, make the raster of the whole track."""
    x, y = np.linspace(15, 480, 60), 200 + 90 * np.sin(np.linspace(0, 7, 60))
    length_m, mask = np.zeros(FIELD.shape), np.zeros(FIELD.shape, dtype=np.bool_)
    for index in range(1, 60):
        step = way_of(x[index - 1 : index + 1], y[index - 1 : index + 1])
        extend_lengths(FIELD, length_m, step)
        extend_swept(FIELD, mask, step, 50.0)
    assert length_m == pytest.approx(lengths_of(FIELD, [way_of(x, y)]))
    whole = swept_by(FIELD, [way_of(x, y)], 50.0)
    assert (mask != whole).sum() <= 0.01 * whole.sum()


@settings(max_examples=25, deadline=None)
@given(st.floats(1, 200), st.floats(2, 30))
def test_spreading_effort_loses_nothing(width_m: float, cell_m: float) -> None:
    """Coverage summed over the plane is effort: W L."""
    lattice = Lattice.around((0, 0, 600, 400), cell_m=cell_m, margin_m=width_m + 2 * cell_m)
    way = way_of([0.0, 600.0, 600.0, 10.0], [0.0, 30.0, 400.0, 380.0])
    spread = coverage_raster(lattice, lengths_of(lattice, [way]), width_m)
    assert spread.sum() * cell_m**2 == pytest.approx(width_m * way.length_m(), rel=1e-9)
    assert disc_kernel(width_m / 2, cell_m).sum() == pytest.approx(1.0)


def test_spreading_equals_the_plain_sum() -> None:
    """The transform and a plain sum over neighbours agree."""
    length_m = np.random.default_rng(2).random((12, 9))
    kernel = disc_kernel(25.0, 10.0)
    reach = kernel.shape[0] // 2
    padded = np.pad(length_m, reach)
    plain = np.array(
        [
            [
                (padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1] * kernel).sum()
                for column in range(9)
            ]
            for row in range(12)
        ]
    )
    lattice = Lattice(0, 0, 10.0, 12, 9)
    assert coverage_raster(lattice, length_m, 50.0) == pytest.approx(plain * 50.0 / 100.0)


def test_even_tracks_reach_the_average_and_crowded_ones_do_not() -> None:
    """The same length on one path detects less than spread out: the mean hides it, the raster shows it."""
    sector = shapely.box(0, 0, 500, 400)
    lattice = Lattice.around(sector.bounds, cell_m=10.0, margin_m=100.0)
    rows = np.arange(25.0, 400.0, 50.0)
    even = way_of(
        np.concatenate([[-60.0, 560.0][:: 1 if i % 2 == 0 else -1] for i in range(8)]), np.repeat(rows, 2)
    )
    crowded = way_of(np.array([-60.0, 560.0] * 8), np.full(16, 200.0))
    within = lattice.inside(sector)
    pods = [
        mean_pod(coverage_raster(lattice, lengths_of(lattice, [way]), 50.0), within)
        for way in (even, crowded)
    ]
    average = float(pod_exponential(coverage(50.0, even.inside(sector), sector.area)))
    assert pods[0] == pytest.approx(average, abs=0.04)
    assert pods[1] < 0.2
    assert mean_pod(np.ones(lattice.shape), within, np.zeros(lattice.shape)) == 0.0


def test_what_is_missing_is_the_rest_of_the_sector() -> None:
    """Swept and missing parts make up the sector; crumbs are left out."""
    sector = shapely.box(0, 0, 500, 400)
    lattice = Lattice.around(sector.bounds, cell_m=10.0, margin_m=20.0)
    swept = swept_by(lattice, [way_of([-50, 550], [100, 100])], 50.0)
    missing = missing_part(lattice, swept, sector)
    assert missing.is_valid
    assert missing.within(sector.buffer(1e-6))
    assert missing.area == pytest.approx(500 * 350, rel=0.03)
    assert missing_part(lattice, np.ones(lattice.shape, dtype=np.bool_), sector).is_empty
    assert missing_part(lattice, np.zeros(lattice.shape, dtype=np.bool_), sector).equals(sector)
