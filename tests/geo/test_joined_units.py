"""Sectors joined from smaller units: equal groups, and layers of polygons with the rest of the area."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import LocalFrame
from geo.errors import LayerOverlapError, PartitionBrokenError
from geo.grid import GridPlan, cut_grid
from geo.joined_units import grouped_partition, layer_partition
from geo.lattice import round_lonlat
from geo.partition import check_partition
from geo.sector_effort import TEAM_PACES, hours_of, slowness_of
from tests.geo.strategies import Ground, grounds

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FRAME = LocalFrame.at(37.6, 55.7)
AREA = round_lonlat(FRAME.to_lonlat(shapely.box(-1_000, -1_000, 1_000, 1_000)))


def rectangle(west: float, south: float, east: float, north: float) -> BaseGeometry:
    return round_lonlat(FRAME.to_lonlat(shapely.box(west, south, east, north)))


@given(ground=grounds(max_radius_m=2_000.0), groups=st.integers(1, 8), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_groups_cut_any_area_without_gaps(ground: Ground, groups: int, seed: int) -> None:
    """Ragged areas with holes, also across 180: a valid partition; uneven groups are told; it repeats."""
    frame, area = ground.frame, ground.area
    fine = cut_grid(area, frame, GridPlan(200.0), min_area_m2=8_000.0)
    groups = min(groups, len(fine.sectors))
    share = np.random.default_rng(seed).uniform(0.5, 1.5, len(fine.sectors))
    effort = np.array([sector.area_m2 for sector in fine.sectors]) * share
    cut = grouped_partition(area, fine, effort, groups, frame)
    check = check_partition(area, [sector.geometry_lonlat for sector in cut.sectors], frame)
    assert check.valid, check
    assert [sector.label for sector in cut.sectors] == [str(n) for n in range(1, groups + 1)]
    again = grouped_partition(area, fine, effort, groups, frame)
    assert [each.geometry_lonlat.wkb for each in again.sectors] == [
        each.geometry_lonlat.wkb for each in cut.sectors
    ]


def test_groups_of_a_plain_area_are_equal_and_in_one_piece() -> None:
    """Four equal groups of a square: nothing to tell."""
    fine = cut_grid(AREA, FRAME, GridPlan(100.0), min_area_m2=4_000.0)
    effort = np.array([sector.area_m2 for sector in fine.sectors])
    cut = grouped_partition(AREA, fine, effort, 4, FRAME)
    assert cut.notes == ()
    assert [each.area_m2 for each in cut.sectors] == pytest.approx([1e6] * 4, rel=0.01)


def test_a_layer_names_its_ground_and_the_rest_stays_ground() -> None:
    """Quarters with names; what sticks out is cut off; the rest of the area becomes sectors of its own."""
    polygons = [rectangle(-1_500, 0, 0, 1_000), rectangle(0.3, 0, 1_000, 1_000)]
    cut = layer_partition(AREA, polygons, ["кв. 12", "кв. 13"], FRAME)
    check = check_partition(AREA, [sector.geometry_lonlat for sector in cut.sectors], FRAME)
    assert check.valid, check
    assert [sector.label for sector in cut.sectors] == ["кв. 12", "кв. 13", "+1"]
    assert [sector.area_m2 for sector in cut.sectors] == pytest.approx([1e6, 1e6, 2e6], rel=1e-3)
    assert {note.code for note in cut.notes} >= {"outside_cut_off", "rest_of_area"}


def test_overlaps_are_refused_by_name_or_given_to_the_first() -> None:
    """Ground of two quarters is a mistake in the layer: named, or settled when asked; none at all is told."""
    polygons = [
        rectangle(-500, -500, 200, 500),
        rectangle(0, -500, 500, 500),
        rectangle(-900, -900, -600, -600),
    ]
    names = ["12", "13", "14"]
    with pytest.raises(LayerOverlapError) as refused:
        layer_partition(AREA, polygons, names, FRAME)
    assert refused.value.names == ["12", "13"]
    cut = layer_partition(AREA, polygons, names, FRAME, first_wins=True)
    assert [sector.area_m2 for sector in cut.sectors[:2]] == pytest.approx([7e5, 3e5], rel=1e-3)
    assert "overlaps_resolved" in {note.code for note in cut.notes}
    with pytest.raises(PartitionBrokenError):
        layer_partition(AREA, [rectangle(5_000, 0, 6_000, 1_000)], ["99"], FRAME)


@given(ground=grounds(max_radius_m=2_000.0), seed=st.integers(0, 2**32 - 1), count=st.integers(1, 12))
@settings(max_examples=10, deadline=None)
def test_any_layer_gives_a_partition(ground: Ground, seed: int, count: int) -> None:
    """Polygons that overlap, touch, lie in holes and outside: always a valid partition of the area."""
    rng, frame = np.random.default_rng(seed), ground.frame
    polygons = [
        frame.to_lonlat(
            shapely.Point(*rng.uniform(-1, 1, 2) * ground.radius_m).buffer(rng.uniform(100, 1_500), 4)
        )
        for _ in range(count)
    ]
    polygons.append(frame.to_lonlat(shapely.Point(ground.radius_m * 0.3, 0).buffer(ground.radius_m)))
    names = ["" if each % 3 else f"кв. {each}" for each in range(len(polygons))]
    cut = layer_partition(ground.area, polygons, names, frame, first_wins=True)
    check = check_partition(ground.area, [sector.geometry_lonlat for sector in cut.sectors], frame)
    assert check.valid, check
    total_m2 = math.fsum(sector.area_m2 for sector in cut.sectors)
    assert total_m2 == pytest.approx(frame.area_m2(ground.area), rel=1e-6)


def test_hours_follow_area_width_and_speed() -> None:
    """A 500 m square: an hour for a foot team in the open, longer in forest, the swamp longest."""
    areas = np.full(4, 250_000.0)
    classes = np.array(["grass", "forest", "wetland", "unheard-of"], dtype=object)
    hours = hours_of(areas, slowness_of(classes), TEAM_PACES["foot"])
    assert hours.tolist() == pytest.approx([1.0, 1 / 0.6, 1 / 0.3, 1.0])
