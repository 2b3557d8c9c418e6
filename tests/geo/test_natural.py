"""Natural lines, however ragged, cut an area without gap and overlap."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from geo.areas import read_area
from geo.crs import LocalFrame
from geo.errors import PartitionSettingError
from geo.lattice import round_lonlat
from geo.natural import natural_partition
from geo.partition import Partition, check_partition
from tests.geo.strategies import Ground, grounds, line_soups, network, polygon_mapping

FRAME = LocalFrame.at(37.6, 55.7)


def assert_is_partition(cut: Partition, ground: Ground) -> None:
    check = check_partition(ground.area, [sector.geometry_lonlat for sector in cut.sectors], ground.frame)
    assert check.valid, check
    assert check.overlap_m2 < 1e-3
    assert check.gap_m2 < 1e-3
    area_m2 = ground.frame.area_m2(ground.area)
    assert math.fsum(sector.area_m2 for sector in cut.sectors) == pytest.approx(area_m2, rel=1e-9)
    assert [sector.label for sector in cut.sectors] == [str(n) for n in range(1, len(cut.sectors) + 1)]


def square(half_m: float, frame: LocalFrame = FRAME) -> Ground:
    area = round_lonlat(frame.to_lonlat(box(-half_m, -half_m, half_m, half_m)))
    return Ground(area, frame, half_m)


def metric_line(*positions: tuple[float, float], frame: LocalFrame = FRAME) -> LineString:
    return LineString(frame.unproject(np.array(positions, dtype=float)))


def note(cut: Partition, code: str) -> int:
    return sum(note.count for note in cut.notes if note.code == code)


@given(
    data=st.data(),
    ground=grounds(),
    snap_m=st.sampled_from([0.0, 15.0, 60.0]),
    sizes=st.sampled_from([(0.0, None), (5_000.0, None), (20_000.0, 400_000.0)]),
)
@settings(max_examples=60, deadline=None)
def test_line_soups_give_a_partition(
    data: st.DataObject, ground: Ground, snap_m: float, sizes: tuple[float, float | None]
) -> None:
    """Valid coverage exactly and when rounded, no gap, no overlap, areas sum to the area within 1e-9."""
    lines = data.draw(line_soups(ground))
    cut = natural_partition(
        ground.area, lines, ground.frame, snap_m=snap_m, min_area_m2=sizes[0], max_area_m2=sizes[1]
    )
    assert_is_partition(cut, ground)
    small = sum(sector.area_m2 < sizes[0] for sector in cut.sectors)
    assert small == note(cut, "kept_small")


@pytest.mark.parametrize("place", [(37.6, 55.7), (180.0, 65.5), (-179.99, 65.5), (60.0, 75.0)])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_ragged_town_has_all_its_blocks(place: tuple[float, float], seed: int) -> None:
    """Streets that end up to 7 m before each crossing, or run past it, still enclose every block."""
    frame = LocalFrame.at(*place)
    rng = np.random.default_rng(seed)
    lines = network(frame, 400.0, 6, lambda: float(rng.uniform(-20.0, 7.0)))
    ground = square(1_500.0, frame)
    cut = natural_partition(ground.area, lines, frame, snap_m=15.0, min_area_m2=5_000.0)
    assert_is_partition(cut, ground)
    blocks = [sector for sector in cut.sectors if sector.area_m2 == pytest.approx(160_000, rel=0.1)]
    assert len(blocks) == 36
    assert note(cut, "ends_connected") > 0


def test_without_snapping_the_same_town_is_one_field() -> None:
    """The tolerance does the work: at 0 m streets that end short enclose nothing."""
    lines = network(FRAME, 400.0, 6, lambda: 5.0)
    assert len(natural_partition(square(1_500.0).area, lines, FRAME, snap_m=0.0).sectors) == 1
    assert len(natural_partition(square(1_500.0).area, lines, FRAME, snap_m=15.0).sectors) == 37


def test_a_line_that_stops_short_of_the_boundary_still_divides() -> None:
    """Both ends within the tolerance of the boundary are carried on to it."""
    ground = square(1_000.0)
    cut = natural_partition(ground.area, [metric_line((0, -990), (30, 990))], FRAME)
    assert len(cut.sectors) == 2
    assert note(cut, "ends_connected") == 2
    assert_is_partition(cut, ground)


def test_a_round_that_does_not_quite_close_encloses_its_ground() -> None:
    """A loop whose two ends lie 10 m apart is closed."""
    turn = np.linspace(0.0, 2.0 * math.pi - 0.03, 50)
    loop = metric_line(*zip(400 * np.cos(turn), 400 * np.sin(turn), strict=True))
    cut = natural_partition(square(1_000.0).area, [loop], FRAME)
    assert len(cut.sectors) == 2
    assert_is_partition(cut, square(1_000.0))


def test_ground_without_lines_is_one_sector() -> None:
    """No line, lines elsewhere, dead ends and points of lines divide nothing, and nothing is lost."""
    ground = square(1_000.0)
    idle = [
        metric_line((5_000, 0), (6_000, 0)),
        metric_line((-300, 0), (300, 0)),
        metric_line((0, 0), (0, 0)),
        LineString(),
    ]
    for lines in ([], idle):
        cut = natural_partition(ground.area, lines, FRAME)
        assert len(cut.sectors) == 1
        assert cut.sectors[0].geometry_lonlat.equals(ground.area)
    assert note(cut, "lines_outside") == 3
    assert note(cut, "stretches_not_dividing") == 1


def test_small_faces_join_the_neighbour_with_the_longest_border() -> None:
    """Two tracks side by side give no sector of their own between them."""
    ground = square(1_000.0)
    lines = [metric_line((0, -1_100), (0, 1_100)), metric_line((4, -1_100), (4, 1_100))]
    cut = natural_partition(ground.area, lines, FRAME)
    assert len(cut.sectors) == 2
    assert note(cut, "merged_small") == 1
    assert_is_partition(cut, ground)


def test_large_faces_are_halved_across_their_longer_side() -> None:
    """A field of 2 x 2 km with a limit of 600 000 m2 becomes eight equal pieces."""
    ground = square(1_000.0)
    cut = natural_partition(ground.area, [], FRAME, max_area_m2=600_000.0)
    assert [sector.area_m2 for sector in cut.sectors] == pytest.approx([500_000.0] * 8, rel=1e-3)
    assert note(cut, "halved_large") == 1
    assert_is_partition(cut, ground)


def test_halving_leaves_the_neighbours_alone() -> None:
    """Only the field that is too large is cut; across its border nothing changes but a vertex."""
    ground = square(1_000.0)
    cut = natural_partition(ground.area, [metric_line((700, -1_100), (700, 1_100))], FRAME, max_area_m2=1e6)
    areas_m2 = sorted(sector.area_m2 for sector in cut.sectors)
    assert areas_m2[0] == pytest.approx(600_000.0, rel=1e-3)
    assert areas_m2[1:] == pytest.approx([850_000.0] * 4, rel=1e-3)
    assert_is_partition(cut, ground)


def test_numbers_run_as_a_snake_from_the_north_west() -> None:
    """Three by three blocks: the first row west to east, the second back, the third east again."""
    lines = [metric_line((x, -1_600), (x, 1_600)) for x in (-500, 500)]
    lines += [metric_line((-1_600, y), (1_600, y)) for y in (-500, 500)]
    cut = natural_partition(square(1_500.0).area, lines, FRAME, prefix="Л")
    centres = {sector.label: sector.geometry_lonlat.centroid for sector in cut.sectors}
    middle = square(1_500.0).area.centroid
    columns = [round((centres[f"Л{n}"].x - middle.x) * 60) for n in range(1, 10)]
    rows = [round((centres[f"Л{n}"].y - middle.y) * 110) for n in range(1, 10)]
    assert columns == [-1, 0, 1, 1, 0, -1, -1, 0, 1]
    assert rows == [1, 1, 1, 0, 0, 0, -1, -1, -1]


def test_a_face_across_180_is_one_sector() -> None:
    """180 degrees splits geometry, not sectors: a track along 65.5 N makes two, not four."""
    frame = LocalFrame.at(180.0, 65.5)
    ring = [(179.9, 65.45), (-179.9, 65.45), (-179.9, 65.55), (179.9, 65.55), (179.9, 65.45)]
    ground = Ground(read_area(polygon_mapping(ring)), frame, 5_000.0)
    track = LineString([(179.8, 65.5), (-179.8, 65.5)])
    cut = natural_partition(ground.area, [track], frame)
    assert len(cut.sectors) == 2
    assert all(isinstance(sector.geometry_lonlat, MultiPolygon) for sector in cut.sectors)
    assert_is_partition(cut, ground)


def test_order_of_lines_does_not_matter() -> None:
    """The same network in another order and direction gives the same sectors."""
    rng = np.random.default_rng(3)
    lines = network(FRAME, 400.0, 5, lambda: float(rng.uniform(-15.0, 5.0)))
    first = natural_partition(square(1_200.0).area, lines, FRAME)
    second = natural_partition(square(1_200.0).area, lines, FRAME)
    assert [(s.label, s.geometry_lonlat.wkb) for s in first.sectors] == [
        (s.label, s.geometry_lonlat.wkb) for s in second.sectors
    ]
    turned = natural_partition(square(1_200.0).area, [line.reverse() for line in lines[::-1]], FRAME)
    assert len(turned.sectors) == len(first.sectors)
    assert sorted(s.area_m2 for s in turned.sectors) == pytest.approx(
        sorted(s.area_m2 for s in first.sectors), abs=30.0
    )


def test_an_area_in_parts_with_a_hole_is_cut_part_by_part() -> None:
    """Lines across a hole and from part to part divide only ground of the area."""
    inner = [(-600, -300), (-600, 300), (-300, 300), (-300, -300)]
    ring = Polygon([(-1_000, -1_000), (0, -1_000), (0, 1_000), (-1_000, 1_000)], [inner])
    parts = MultiPolygon([ring, box(100, 0, 900, 800)])
    ground = Ground(round_lonlat(FRAME.to_lonlat(parts)), FRAME, 1_000.0)
    cut = natural_partition(ground.area, [metric_line((-2_000, 50), (2_000, 60))], FRAME, min_area_m2=0.0)
    assert_is_partition(cut, ground)
    assert len(cut.sectors) == 4


@pytest.mark.parametrize(
    "wrong",
    [
        {"snap_m": -1.0},
        {"snap_m": math.nan},
        {"snap_m": 101.0},
        {"min_area_m2": -1.0},
        {"min_area_m2": math.nan},
        {"min_area_m2": 10.0, "max_area_m2": 39.0},
        {"max_area_m2": math.inf},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    """Each setting has a range, and NaN is in none."""
    with pytest.raises(PartitionSettingError):
        natural_partition(square(500.0).area, [], FRAME, **wrong)


def test_random_polygons_as_lines() -> None:
    """Outlines of lakes and forests (rings, some touching) are lines like others."""
    rng = np.random.default_rng(7)
    rings = []
    for _ in range(30):
        x, y, radius = *rng.uniform(-900, 900, 2), rng.uniform(50, 400)
        rings.append(
            shapely.transform(Polygon(shapely.Point(x, y).buffer(radius, 6)).exterior, FRAME.unproject)
        )
    cut = natural_partition(square(1_000.0).area, rings, FRAME, max_area_m2=200_000.0)
    assert_is_partition(cut, square(1_000.0))


def test_a_dense_network_in_a_finely_drawn_area() -> None:
    """A boundary of 9 000 vertices crossed every few metres makes dust of single lattice units."""
    rng = np.random.default_rng(1)
    turn = np.linspace(0.0, 2.0 * math.pi, 9_001)[:-1]
    radius = 2_000 + 90 * np.sin(37 * turn) + rng.uniform(-0.3, 0.3, 9_000)
    outline = Polygon(np.column_stack((radius * np.cos(turn), radius * np.sin(turn))))
    ground = Ground(round_lonlat(FRAME.to_lonlat(outline)), FRAME, 2_000.0)
    lines = [
        metric_line(
            *(np.cumsum(rng.normal(0, 25, (6, 2)), axis=0) + 2_000 * np.array((math.cos(a), math.sin(a))))
        )
        for a in rng.uniform(0.0, 2.0 * math.pi, 700)
    ]
    cut = natural_partition(ground.area, lines, FRAME, min_area_m2=500.0, max_area_m2=200_000.0)
    assert_is_partition(cut, ground)
