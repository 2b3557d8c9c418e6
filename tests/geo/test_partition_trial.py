"""The laws of a partition on real ground: every extract of the trial data, every method of cutting."""

from __future__ import annotations

import math
import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from geo.crs import LocalFrame
from geo.grid import GridPlan, cut_grid
from geo.joined_units import grouped_partition
from geo.lattice import round_lonlat
from geo.natural import natural_partition
from geo.partition import Partition, check_partition

TRIAL = os.environ.get("SEARCH_OPS_TRIAL_DATA")
EXTRACTS = sorted((Path(TRIAL) / "1-osm").glob("*.osm.*")) if TRIAL else []
KEYS = ("highway", "railway", "waterway")

pytestmark = [pytest.mark.trial, pytest.mark.skipif(not EXTRACTS, reason="no trial data")]


@lru_cache(maxsize=1)
def ground_of(path: Path) -> tuple[shapely.Polygon, tuple[shapely.LineString, ...], LocalFrame]:
    """Return a ragged area of a few square kilometres in the middle of an extract, and its lines."""
    lines = []
    for way in osmium.FileProcessor(path).with_locations().with_filter(osmium.filter.KeyFilter(*KEYS)):
        if isinstance(way, osmium.osm.Way):
            places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
            if len(set(places)) > 1:
                lines.append(shapely.LineString(places))
    lon, lat = np.median(shapely.get_coordinates(lines), axis=0).tolist()
    frame = LocalFrame.at(lon, lat)
    turn = np.linspace(0.0, 2.0 * math.pi, 200, endpoint=False)
    radius_m = 1_800.0 + 300.0 * np.sin(5 * turn) + np.random.default_rng(1).uniform(-40, 40, 200)
    outline = shapely.Polygon(np.column_stack((radius_m * np.cos(turn), radius_m * np.sin(turn))))
    area = round_lonlat(frame.to_lonlat(outline))
    assert isinstance(area, shapely.Polygon)
    return area, tuple(lines), frame


def assert_laws(cut: Partition, area: shapely.Polygon, frame: LocalFrame) -> None:
    check = check_partition(area, [sector.geometry_lonlat for sector in cut.sectors], frame)
    assert check.valid, check
    assert check.overlap_m2 < 1e-3
    assert check.gap_m2 < 1e-3
    total_m2 = math.fsum(sector.area_m2 for sector in cut.sectors)
    assert total_m2 == pytest.approx(frame.area_m2(area), rel=1e-9)


@pytest.mark.parametrize("path", EXTRACTS, ids=lambda path: path.name)
def test_every_method_cuts_real_ground(path: Path) -> None:
    """Valid, no gap, no overlap, sizes within bounds, groups equal and the same again."""
    area, lines, frame = ground_of(path)
    grid = cut_grid(area, frame, GridPlan(500.0, align="utm"), min_area_m2=5_000.0)
    assert_laws(grid, area, frame)
    natural = natural_partition(area, lines, frame, min_area_m2=10_000.0, max_area_m2=400_000.0)
    assert_laws(natural, area, frame)
    kept_small = {label for note in natural.notes if note.code == "kept_small" for label in note.labels}
    assert all(each.area_m2 >= 10_000.0 or each.label in kept_small for each in natural.sectors)
    again = natural_partition(area, lines, frame, min_area_m2=10_000.0, max_area_m2=400_000.0)
    assert [each.geometry_lonlat.wkb for each in again.sectors] == [
        each.geometry_lonlat.wkb for each in natural.sectors
    ]
    fine = natural_partition(area, lines, frame, min_area_m2=2_000.0, max_area_m2=40_000.0)
    groups = grouped_partition(area, fine, np.array([each.area_m2 for each in fine.sectors]), 8, frame)
    assert_laws(groups, area, frame)
    sizes_m2 = np.array([each.area_m2 for each in groups.sectors])
    assert np.abs(sizes_m2 / sizes_m2.mean() - 1.0).max() <= 0.02
    assert all(shapely.get_num_geometries(each.geometry_lonlat) == 1 for each in groups.sectors)
