"""The map of one scenario: sums to one, keeps the rings, answers odd input with a reason."""

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
from geo.probability.direction import Direction
from geo.probability.nearness import distances_m, distances_plain
from geo.probability.prior import Prior, elsewhere, even_prior, prior
from tests.geo.probability.maps import EVERYWHERE, FIELD, HIKER, field_prior, priors, total

WIDE = Lattice(-10_000.0, -10_000.0, 100.0, 200, 200)
SMALL = Lattice(-800.0, -600.0, 100.0, 12, 16)
ALL_WIDE = np.ones(WIDE.shape, dtype=np.bool_)
HIKER_DEG = {0.25: 2.0, 0.5: 23.0, 0.75: 64.0, 0.95: 132.0}


def away_m(lattice: Lattice) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the straight distance of every cell from the frame's origin."""
    x, y = lattice.middles()
    return np.asarray(np.hypot(*np.meshgrid(x, y)))


@settings(max_examples=60, deadline=None)
@given(priors())
def test_every_map_sums_to_one_and_has_no_hole(found: Prior) -> None:
    """Cells, rest of the area and beyond: 1, nothing negative, nothing NaN, whatever went in."""
    assert total(found) == pytest.approx(1.0, abs=1e-9)
    assert np.isfinite(found.cells).all()
    assert (found.cells >= 0).all()
    assert 0.0 <= found.beyond <= 1.0


@pytest.mark.parametrize("factor", ["none", "ground", "direction", "travel"])
def test_the_rings_hold_what_the_statistics_say(factor: str) -> None:
    """A quarter, half and three quarters of the mass lie within their rings, with every factor."""
    rng = np.random.default_rng(1)
    all_factors: dict[str, dict[str, Any]] = {
        "none": {},
        "ground": {"factors": [rng.uniform(0.2, 3.0, WIDE.shape)]},
        "direction": {"direction": Direction(30.0, HIKER_DEG)},
        "travel": {"effective_m": away_m(WIDE)},
    }
    found = prior(WIDE, ALL_WIDE, (0.0, 0.0), HIKER, **all_factors[factor])
    for share in (0.25, 0.5, 0.75):
        inside = away_m(WIDE) <= HIKER.quantile_km(share) * 1000
        assert found.cells[inside].sum() == pytest.approx(share, abs=0.03)
    # Beyond: what the log-normal has outside the square, which holds the circle and a bit of the corners.
    assert 1 - float(HIKER.cdf_km(14.2)) < found.beyond < 1 - float(HIKER.cdf_km(10.0)) + 1e-3


def test_the_raster_loses_what_lies_outside_it() -> None:
    """A point on the corner keeps a quarter; the rest of the world gets what is left."""
    corner = Lattice(0.0, 0.0, 100.0, 100, 100)
    found = prior(corner, np.ones(corner.shape, dtype=np.bool_), (0.0, 0.0), HIKER)
    assert found.cells.sum() == pytest.approx(float(HIKER.cdf_km(10.0)) / 4, abs=0.01)
    ahead = prior(
        corner,
        np.ones(corner.shape, dtype=np.bool_),
        (0.0, 0.0),
        HIKER,
        direction=Direction(45.0, HIKER_DEG),
    )
    assert ahead.cells.sum() > 1.5 * found.cells.sum()


def test_a_cut_of_the_same_ground_has_the_same_mass() -> None:
    """Half the cell size moves next to nothing between coarse blocks."""
    coarse = prior(WIDE, ALL_WIDE, (30.0, -20.0), HIKER, uncertainty_m=300.0)
    fine_lattice = Lattice(-10_000.0, -10_000.0, 50.0, 400, 400)
    fine = prior(
        fine_lattice, np.ones(fine_lattice.shape, dtype=np.bool_), (30.0, -20.0), HIKER, uncertainty_m=300.0
    )
    blocks = [
        each.cells.reshape(20, each.lattice.rows // 20, 20, -1).sum(axis=(1, 3)) for each in (coarse, fine)
    ]
    assert np.abs(blocks[0] - blocks[1]).max() < 0.006


def test_ground_moves_mass_within_its_ring_only() -> None:
    """Ten times likelier forest in the east: the east gains, the rings do not."""
    east = np.where(np.arange(WIDE.columns)[None, :] >= 100, 10.0, 1.0) * np.ones(WIDE.shape)
    found = prior(WIDE, ALL_WIDE, (0.0, 0.0), HIKER, factors=[east])
    assert found.cells[:, 100:].sum() / found.cells.sum() == pytest.approx(10 / 11, abs=0.01)


def test_travel_time_shapes_the_map() -> None:
    """Ground twice as slow in the west holds the mass nearer there; barred ground keeps a little."""
    effective = away_m(WIDE) * np.where(np.arange(WIDE.columns) < 100, 2.0, 1.0)[None, :]
    barred = (slice(150, 160), slice(100, 110))
    effective[barred] = np.inf
    found = prior(WIDE, ALL_WIDE, (0.0, 0.0), HIKER, effective_m=effective)
    far = away_m(WIDE) > 3_000
    west = np.broadcast_to(np.arange(WIDE.columns)[None, :] < 100, WIDE.shape)
    assert found.cells[far & west].sum() < 0.75 * found.cells[far & ~west].sum()
    assert 0 < found.cells[barred].mean() < 0.4 * found.cells[150:160, 115:125].mean()
    assert total(found) == pytest.approx(1.0, abs=1e-12)


def test_an_island_without_a_bridge_keeps_the_person_near() -> None:
    """Distances that the map bars go by straight line, with a note, instead of vanishing beyond."""
    effective = np.where(away_m(WIDE) < 800, away_m(WIDE), np.inf)
    found = prior(WIDE, ALL_WIDE, (0.0, 0.0), HIKER, effective_m=effective)
    assert "reach_enclosed" in found.notes
    assert found.beyond < 0.1
    assert found.cells[away_m(WIDE) < 800].sum() > 1.3 * float(HIKER.cdf_km(0.8))


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"start_m": (2_950.0, 0.0), "area": "west"}, "start_outside_area"),
        ({"start_m": (90_000.0, 0.0)}, "start_outside_raster"),
        ({"area": "none"}, "no_area"),
        ({"effective_m": np.full(FIELD.shape, np.inf)}, "start_unreachable"),
        ({"effective_m": np.full(FIELD.shape, np.nan)}, "start_unreachable"),
        ({"factors": [np.zeros(FIELD.shape)]}, "band_even"),
    ],
)
def test_odd_input_gives_a_map_and_a_reason(more: dict[str, Any], note: str) -> None:
    """A point in a lake or outside, no area, ground of nothing: never an exception, never an empty map."""
    more = dict(more)
    area = {"west": np.arange(60)[None, :] < 30, "none": np.zeros((1, 60), dtype=bool)}.get(
        more.pop("area", ""), EVERYWHERE
    )
    start_m = more.pop("start_m", (0.0, 0.0))
    found = prior(FIELD, np.broadcast_to(area, FIELD.shape), start_m, HIKER, **more)
    assert note in found.notes
    assert total(found) == pytest.approx(1.0, abs=1e-12)
    assert np.isfinite(found.cells).all()


def test_a_point_in_a_lake_keeps_its_rings() -> None:
    """Rings that are all water stay as they are, with a note; a ring with a shore lies on its shore."""
    lake = (away_m(WIDE) > 700).astype(float)
    found = prior(WIDE, ALL_WIDE, (0.0, 0.0), HIKER, factors=[lake])
    assert "band_even" in found.notes
    assert found.cells[away_m(WIDE) < 300].sum() == pytest.approx(float(HIKER.cdf_km(0.3)), abs=0.02)
    assert found.cells[(away_m(WIDE) > 650) & (away_m(WIDE) < 700)].sum() == 0.0
    assert total(found) == pytest.approx(1.0, abs=1e-12)


def test_nothing_known_is_even_and_elsewhere_is_elsewhere() -> None:
    """The two maps that need no distance."""
    west = np.broadcast_to(np.arange(60)[None, :] < 30, FIELD.shape)
    even = even_prior(FIELD, west, rest_of_world=0.2)
    assert even.inside == pytest.approx(0.8)
    assert even.rest_of_world == pytest.approx(0.2)
    assert elsewhere(FIELD, west).rest_of_world == 1.0
    assert "no_area" in even_prior(FIELD, ~EVERYWHERE).notes
    assert total(even_prior(FIELD, ~EVERYWHERE)) == pytest.approx(1.0)
    moved = even.with_area(~west)
    assert moved.outside_area == pytest.approx(0.8)
    assert total(moved) == pytest.approx(1.0)


def test_a_stream_draws_what_its_share_says() -> None:
    """A quarter of the finds within the stream's reach, mean 1, even ground keeps the rest."""
    stream = shapely.LineString([(-2_900, 50), (2_900, 450)])
    made = attraction_factor(FIELD, {"stream": [stream]}, {"stream": Pull(0.25, 150.0)})
    assert made.factor.mean() == pytest.approx(1.0)
    assert made.kinds["stream"].share == pytest.approx(0.25)
    assert made.even == pytest.approx(0.75)
    assert float(made.kinds["stream"].times.mean()) == pytest.approx(0.25, abs=1e-6)
    near = made.kinds["stream"].distance_m < 50
    assert made.factor[near].min() > 2 * made.factor[~near].min()


_shapes = st.lists(
    st.tuples(
        st.sampled_from(["point", "line", "ring"]),
        st.lists(st.tuples(st.floats(-1_200, 1_200), st.floats(-900, 900)), min_size=4, max_size=6),
    ),
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(_shapes, st.booleans(), st.sampled_from([150.0, 900.0, 2_500.0]))
def test_distances_are_those_of_the_library(shapes: Any, edge_only: Any, reach_m: float) -> None:
    """Handed from cell to cell against asked cell by cell: never nearer, farther by a cell at the most."""
    made = {"point": shapely.MultiPoint, "line": shapely.LineString}
    features = [
        made[kind](places) if kind in made else shapely.MultiPoint(places).convex_hull
        for kind, places in shapes
    ]
    ours = distances_m(SMALL, features, reach_m=reach_m, edge_only=edge_only)
    plain = distances_plain(SMALL, features, reach_m=np.inf, edge_only=edge_only)
    found = np.isfinite(ours)
    assert (ours[found] >= plain[found] - 1e-6).all()
    assert (ours[found] <= reach_m).all()
    due = plain <= reach_m - 1.5 * SMALL.cell_m
    assert (ours[due] <= plain[due] + 1.5 * SMALL.cell_m).all()


def test_the_distance_from_a_line_is_the_distance() -> None:
    """What streams, paths and shores are measured by."""
    bends = np.random.default_rng(2).uniform(-2_500, 2_500, (12, 2))
    line = shapely.LineString(bends)
    ours = distances_m(FIELD, [line], reach_m=3_000.0)
    plain = distances_plain(FIELD, [line], reach_m=3_000.0)
    near = np.isfinite(plain)
    assert np.mean(ours[near] <= plain[near] + 1.0) > 0.99


def test_one_hut_on_a_plain_does_not_take_the_map() -> None:
    """The cap holds a rare feature to so many times the even ground."""
    hut = shapely.box(0, 0, 10, 10)
    made = attraction_factor(FIELD, {"building": [hut]}, {"building": Pull(0.5, 100.0, most_times=8.0)})
    assert made.factor.max() <= 8.0 + 1.0
    assert made.kinds["building"].share < 0.05
    assert made.factor.mean() == pytest.approx(1.0)


def test_edges_and_insides_differ() -> None:
    """A clearing draws within itself, a lake along its shore."""
    ring = shapely.Point(0, 0).buffer(1_000)
    inside = attraction_factor(FIELD, {"clearing": [ring]}, {"clearing": Pull(0.5, 100.0)})
    edge = attraction_factor(FIELD, {"water": [ring]}, {"water": Pull(0.5, 100.0, edge_only=True)})
    assert inside.kinds["clearing"].distance_m[20, 30] == 0.0
    assert edge.kinds["water"].distance_m[20, 30] > 400
    assert inside.factor[20, 30] > 1 > edge.factor[20, 30]


@pytest.mark.parametrize(
    "nothing", [{}, {"stream": []}, {"stream": [None, shapely.Point(), shapely.LineString()]}]
)
def test_no_ground_is_no_pull(nothing: dict[str, Any]) -> None:
    """Without features the factor is 1 everywhere and says so; far features count as none."""
    made = attraction_factor(FIELD, nothing, {"stream": Pull(0.4, 100.0)})
    assert (made.factor == 1.0).all()
    assert made.notes == ("no_ground",)
    far = attraction_factor(FIELD, {"stream": [shapely.Point(1e6, 0)]}, {"stream": Pull(0.4, 100.0)})
    assert far.notes == ("no_ground",)


def test_shares_above_one_are_scaled() -> None:
    """Published shares may sum to more than one: they are scaled, and the map says so."""
    line, hut = shapely.LineString([(-9e3, 0), (9e3, 0)]), shapely.box(0, 0, 900, 900)
    made = attraction_factor(
        FIELD, {"line": [line], "hut": [hut]}, {"line": Pull(0.9, 300.0), "hut": Pull(0.9, 300.0)}
    )
    assert made.notes == ("shares_above_one",)
    assert made.factor.mean() == pytest.approx(1.0)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: field_prior(start_m=(math.nan, 0.0)),
        lambda: field_prior(uncertainty_m=-1.0),
        lambda: field_prior(straight_share=2.0),
        lambda: field_prior(factors=[np.ones((2, 2))]),
        lambda: field_prior(factors=[np.full(FIELD.shape, np.nan)]),
        lambda: field_prior(effective_m=np.ones((2, 2))),
        lambda: prior(FIELD, np.ones((2, 2), dtype=np.bool_), (0.0, 0.0), HIKER),
        lambda: even_prior(FIELD, EVERYWHERE, rest_of_world=1.5),
        lambda: Pull(1.5, 10.0),
        lambda: Pull(0.5, 0.0),
        lambda: Pull(0.5, 10.0, most_times=0.5),
    ],
)
def test_what_no_program_should_pass_is_refused(wrong: Any) -> None:
    """Shapes that do not fit and values that are no values have a typed error."""
    with pytest.raises(ProbabilityError):
        wrong()


def test_the_point_itself_is_no_hole() -> None:
    """Held even near the point, no cell farther out is likelier on even ground; the rings stay."""
    found = prior(WIDE, ALL_WIDE, (0.0, 0.0), HIKER, even_within_m=HIKER.even_within_km * 1000.0)
    nearest = found.cells[away_m(WIDE) < 150.0].min()
    assert nearest >= 0.97 * found.cells.max()
    within = away_m(WIDE) <= HIKER.quantile_km(0.5) * 1000.0
    assert found.cells[within].sum() == pytest.approx(0.5, abs=0.03)
