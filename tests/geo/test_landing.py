"""Landing places: level, clear, away from water and wires; a person confirms."""

import numpy as np
import pytest

from geo.landing import LandingGround, LandingRules, distance_within, landing_places
from geo.lattice_raster import Lattice

LATTICE = Lattice(1000.0, 2000.0, 10.0, 60, 80)
SHAPE = (60, 80)


def ground(**rasters: object) -> LandingGround:
    """Return level open ground, with what is given instead."""
    level = {
        "heights_m": np.zeros(SHAPE),
        "obstacles_m": np.zeros(SHAPE),
        "water": np.zeros(SHAPE, dtype=np.bool_),
        "wires": np.zeros(SHAPE, dtype=np.bool_),
    }
    return LandingGround(LATTICE, **{**level, **rasters})  # type: ignore[arg-type]


def test_distances_are_those_of_every_pair_of_cells() -> None:
    """Against the plain way: from each cell to each marked one."""
    draw = np.random.default_rng(5)
    for share in (0.0, 0.02, 0.3):
        mask = draw.random((23, 31)) < share
        rows, columns = np.nonzero(mask)
        here = np.indices(mask.shape)
        away = (
            np.hypot(here[0][..., None] - rows, here[1][..., None] - columns).min(axis=-1, initial=np.inf)
            * 7.0
        )
        away[away > 60.0] = np.inf
        assert np.allclose(distance_within(mask, 7.0, 60.0), away)


def test_candidates_keep_every_rule() -> None:
    """Trees, a slope, a river and a line: candidates are away from all, apart, the nearest first."""
    obstacles, water, wires = np.zeros(SHAPE), np.zeros(SHAPE, np.bool_), np.zeros(SHAPE, np.bool_)
    obstacles[:, :15] = 18.0
    water[:4] = True
    wires[:, 60] = True
    heights = np.zeros(SHAPE)
    heights[45:] = np.arange(15)[:, None] * 3.0
    made = ground(obstacles_m=obstacles, water=water, wires=wires, heights_m=heights)
    found = landing_places(made, near=(1400.0, 2250.0), spacing_m=60.0)
    assert found.candidates
    assert {name for name, share in found.excluded} >= {"too_steep", "obstacles", "near_water", "near_wires"}
    assert [each.away_m for each in found.candidates] == sorted(each.away_m for each in found.candidates)
    for each in found.candidates:
        assert each.east_m - 1145.0 > 15.0 + 2.0 * 20.0  # trees are taken as 20 m
        assert abs(each.east_m - 1605.0) >= 100.0
        assert each.north_m - 2035.0 >= 30.0
        assert each.north_m < 2450.0
        assert each.slope_deg <= 5.0
        assert each.to_confirm == ("surface", "wires_on_site", "loose_things")
        for other in found.candidates:
            apart_m = np.hypot(each.east_m - other.east_m, each.north_m - other.north_m)
            assert other is each or apart_m >= 60.0


@pytest.mark.parametrize(
    ("rasters", "hindrance"),
    [
        ({"heights_m": np.full(SHAPE, np.nan)}, "heights_unknown"),
        ({"heights_m": np.arange(60.0)[:, None] * 3.0 + np.zeros(SHAPE)}, "too_steep"),
        ({"obstacles_m": np.full(SHAPE, 12.0)}, "obstacles"),
        ({"water": np.ones(SHAPE, dtype=np.bool_)}, "near_water"),
        ({"wires": np.ones(SHAPE, dtype=np.bool_)}, "near_wires"),
    ],
)
def test_ground_without_a_place_says_what_excludes_it(rasters: dict[str, object], hindrance: str) -> None:
    found = landing_places(ground(**rasters))
    assert found.candidates == ()
    assert found.excluded[0] == (hindrance, 1.0)


def test_obstacles_nobody_knows_are_to_be_confirmed() -> None:
    """Without heights of trees there are candidates, and each says that nobody knows what stands there."""
    for obstacles in (None, np.full(SHAPE, np.nan)):
        found = landing_places(ground(obstacles_m=obstacles), LandingRules(pad_m=10.0), most=3)
        assert len(found.candidates) == 3
        assert all("obstacles_unknown" in each.to_confirm for each in found.candidates)


def test_rasters_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        landing_places(ground(water=np.zeros((3, 3), dtype=np.bool_)))
