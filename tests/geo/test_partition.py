"""The check of a partition finds every way of being none."""

from __future__ import annotations

import pytest
from shapely.geometry import MultiPolygon, Polygon, box

from geo.crs import LocalFrame
from geo.partition import check_partition

FRAME = LocalFrame.at(37.5, 55.5)
AREA = box(37.0, 55.0, 38.0, 56.0)


def test_halves_are_a_partition() -> None:
    """Two halves with the same border vertices are valid, whatever their order."""
    halves = [box(37.0, 55.0, 37.5, 56.0), box(37.5, 55.0, 38.0, 56.0)]
    for sectors in (halves, halves[::-1]):
        check = check_partition(AREA, sectors, FRAME)
        assert check.valid
        assert (check.overlap_m2, check.gap_m2) == (0.0, 0.0)
        assert check.sum_error_relative < 1e-12


def test_a_gap_is_measured() -> None:
    """A missing strip is given in square metres."""
    check = check_partition(AREA, [box(37.0, 55.0, 37.5, 56.0), box(37.6, 55.0, 38.0, 56.0)], FRAME)
    assert not check.valid
    assert check.gap_m2 == pytest.approx(FRAME.area_m2(box(37.5, 55.0, 37.6, 56.0)), rel=1e-9)
    assert check.sum_error_relative == pytest.approx(0.1, rel=1e-2)


def test_a_tiny_gap_inside_is_found() -> None:
    """A hole of a square metre in the middle is no rounding of the boundary."""
    middle = box(37.5, 55.5, 37.50001, 55.50001)
    check = check_partition(AREA, [AREA.difference(middle)], FRAME)
    assert not check.valid
    assert 0.5 < check.gap_m2 < 1.0


def test_an_overlap_is_measured() -> None:
    """A strip given twice is given in square metres."""
    check = check_partition(AREA, [box(37.0, 55.0, 37.6, 56.0), box(37.5, 55.0, 38.0, 56.0)], FRAME)
    assert not check.valid
    assert check.overlap_m2 == pytest.approx(FRAME.area_m2(box(37.5, 55.0, 37.6, 56.0)), rel=1e-6)
    assert check.gap_m2 == 0.0


def test_ground_outside_the_area_is_found() -> None:
    """A sector that leaves the area is no part of it."""
    check = check_partition(AREA, [box(37.0, 55.0, 38.1, 56.0)], FRAME)
    assert not check.valid
    assert check.overlap_m2 > 1e8


def test_a_border_with_vertices_on_one_side_only_is_no_coverage() -> None:
    """T-junctions must be vertices on both sides: else rounding opens cracks."""
    lower = box(37.0, 55.0, 38.0, 55.5)
    upper = [box(37.0, 55.5, 37.3, 56.0), box(37.3, 55.5, 38.0, 56.0)]
    assert not check_partition(AREA, [lower, *upper], FRAME).valid
    noded = Polygon([(37, 55), (38, 55), (38, 55.5), (37.3, 55.5), (37, 55.5)])
    assert check_partition(AREA, [noded, *upper], FRAME).valid


def test_one_ulp_beside_is_no_coverage() -> None:
    """Borders that only look the same are refused, although rounding would mend them."""
    crack = box(37.5 + 1e-12, 55.0, 38.0, 56.0)
    assert not check_partition(AREA, [box(37.0, 55.0, 37.5, 56.0), crack], FRAME).valid


def test_borders_that_rounding_breaks_are_refused() -> None:
    """Valid now, but one sector's thin end crosses its neighbour's border at seven decimals."""
    thorn = Polygon([(37.5, 55.0), (37.50000004, 55.5), (37.5, 56.0), (37.49, 55.5)])
    east = Polygon([(37.5, 55.0), (38.0, 55.0), (38.0, 56.0), (37.5, 56.0), (37.50000004, 55.5)])
    west = Polygon([(37.0, 55.0), (37.5, 55.0), (37.49, 55.5), (37.5, 56.0), (37.0, 56.0)])
    assert check_partition(AREA, [west, thorn, east], FRAME).valid
    needle = Polygon([(37.5, 55.0), (37.50000004, 55.5), (37.5, 56.0), (37.49999998, 55.5)])
    west = Polygon([(37.0, 55.0), (37.5, 55.0), (37.49999998, 55.5), (37.5, 56.0), (37.0, 56.0)])
    assert not check_partition(AREA, [west, needle, east], FRAME).valid


def test_nothing_is_no_partition() -> None:
    """Without sectors the whole area is a gap."""
    check = check_partition(AREA, [], FRAME)
    assert not check.valid
    assert check.gap_m2 == pytest.approx(FRAME.area_m2(AREA))


def test_sectors_across_180_are_checked_in_their_parts() -> None:
    """Sectors split at 180 are a coverage like others."""
    area = MultiPolygon([box(179, 65, 180, 66), box(-180, 65, -179, 66)])
    south = MultiPolygon([box(179, 65, 180, 65.5), box(-180, 65, -179, 65.5)])
    north = MultiPolygon([box(179, 65.5, 180, 66), box(-180, 65.5, -179, 66)])
    assert check_partition(area, [south, north], LocalFrame.at(180, 65.5)).valid
    assert not check_partition(area, [south], LocalFrame.at(180, 65.5)).valid
