"""The letter-number grid cuts an area without gap and overlap, anywhere."""

from __future__ import annotations

import math
import re
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import get_coordinates
from shapely.geometry import MultiPolygon, Polygon, box

from geo.areas import read_area
from geo.crs import LocalFrame
from geo.errors import PartitionSettingError, RoundingCollapseError, TooManySectorsError
from geo.grid import GridPlan, clip_cells_plain, cut_grid, grid_partition
from geo.grid_names import ALPHABETS, GridAxes, GridNames, Letters, letter_name
from geo.lattice import UNITS_PER_DEG, round_lonlat
from geo.partition import Partition, check_partition
from tests.geo.strategies import Ground, grounds, polygon_mapping

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.grid_planes import Align

LABEL = re.compile(r"[A-ZА-Я]+[1-9]\d*")


def square_m(frame: LocalFrame, west: float, south: float, east: float, north: float) -> Polygon:
    """Return a rectangle in metres of the frame as canonical lon/lat."""
    area = round_lonlat(frame.to_lonlat(box(west, south, east, north)))
    assert isinstance(area, Polygon)
    return area


def assert_is_partition(cut: Partition, ground: Ground) -> None:
    check = check_partition(ground.area, [sector.geometry_lonlat for sector in cut.sectors], ground.frame)
    assert check.valid, check
    assert check.overlap_m2 < 1e-3
    assert check.gap_m2 < 1e-3
    area_m2 = ground.frame.area_m2(ground.area)
    assert math.fsum(sector.area_m2 for sector in cut.sectors) == pytest.approx(area_m2, rel=1e-9)
    labels = [sector.label for sector in cut.sectors]
    assert len(set(labels)) == len(labels)


@given(
    ground=grounds(),
    cell_m=st.sampled_from([150.0, 300.0, 500.0, 777.7]),
    min_share=st.sampled_from([0.0, 0.1, 0.5]),
    letters=st.sampled_from(["latin", "cyrillic"]),
)
@settings(max_examples=40, deadline=None)
def test_grid_is_a_partition(ground: Ground, cell_m: float, min_share: float, letters: Letters) -> None:
    """Valid coverage exactly and when rounded, no gap, no overlap, areas sum to the area within 1e-9."""
    cut = grid_partition(
        ground.area, ground.frame, cell_m=cell_m, letters=letters, min_area_m2=min_share * cell_m**2
    )
    assert_is_partition(cut, ground)
    assert all(LABEL.fullmatch(sector.label) for sector in cut.sectors)
    for sector in cut.sectors:
        alone = any(note.code == "kept_small" and sector.label in note.labels for note in cut.notes)
        assert alone or sector.area_m2 >= min_share * cell_m**2


@given(ground=grounds(max_radius_m=3_000.0), cell_m=st.sampled_from([250.0, 500.0]))
@settings(max_examples=25, deadline=None)
def test_grid_equals_its_plain_twin(ground: Ground, cell_m: float) -> None:
    """Cell by cell the same ground as ``intersection`` of each box, up to the lattice."""
    cut = {
        sector.label: sector
        for sector in grid_partition(ground.area, ground.frame, cell_m=cell_m, min_area_m2=0.0).sectors
    }
    twin = clip_cells_plain(ground.area, ground.frame, cell_m=cell_m)
    # Dust joins neighbours, and two crumbs may make one that is no dust: they are compared no further.
    dust_m2 = 0.4 * cell_m
    crumbs = {label for label, sector in cut.items() if sector.area_m2 < dust_m2} | (twin.keys() - cut.keys())
    plain = {
        label: shapely.transform(piece, lambda units: units / UNITS_PER_DEG) for label, piece in twin.items()
    }
    assert all(ground.frame.area_m2(plain[label]) < dust_m2 for label in crumbs & plain.keys())
    assert cut.keys() - crumbs == twin.keys() - crumbs
    for label in cut.keys() - crumbs:
        sector = ground.frame.unwrap(cut[label].geometry_lonlat)
        off_m2 = ground.frame.area_m2(shapely.symmetric_difference(sector, plain[label]))
        # Two lattice units along the edge, and dust that has joined a neighbour.
        assert off_m2 <= 0.025 * ground.frame.length_m(plain[label]) + dust_m2


def test_labels_run_across_and_down() -> None:
    """Letters go east, numbers go south, 1 is the north-most row; Cyrillic skips its eight letters."""
    frame = LocalFrame.at(37.0, 55.0)
    area = square_m(frame, 0, -1_000, 1_500, 0)
    rounds: tuple[tuple[Letters, str], ...] = (
        ("latin", "A1 B1 C1 A2 B2 C2"),
        ("cyrillic", "А1 Б1 В1 А2 Б2 В2"),
    )
    for letters, expected in rounds:
        cut = grid_partition(area, frame, letters=letters, min_area_m2=100.0)
        assert [sector.label for sector in cut.sectors] == expected.split()
    assert not set("ЁЗЙОЧЪЫЬ").intersection(ALPHABETS["cyrillic"])
    assert not set("IO").intersection(ALPHABETS["latin"])
    assert [letter_name(column, ALPHABETS["latin"]) for column in (0, 23, 24, 47, 48, 599, 600)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_a_cell_in_pieces_is_one_sector() -> None:
    """A comb cuts cells into teeth; each cell stays one sector with several parts."""
    frame = LocalFrame.at(37.0, 55.0)
    teeth = shapely.union_all([box(x, 0, x + 50, 700) for x in range(0, 1000, 100)] + [box(0, -100, 950, 0)])
    area = round_lonlat(frame.to_lonlat(teeth))
    cut = grid_partition(area, frame, min_area_m2=0.0)
    assert_is_partition(cut, Ground(area, frame, 1_000.0))
    in_pieces = [sector for sector in cut.sectors if isinstance(sector.geometry_lonlat, MultiPolygon)]
    assert {sector.label for sector in in_pieces} == {"A1", "B1", "A2", "B2"} - {
        sector.label for sector in cut.sectors if not isinstance(sector.geometry_lonlat, MultiPolygon)
    }
    assert len(in_pieces) >= 2


def test_slivers_join_the_neighbour_with_the_longest_border() -> None:
    """A strip of 20 m beside the grid becomes part of its cells, and the notes say so."""
    frame = LocalFrame.at(37.0, 55.0)
    area = square_m(frame, 0, 0, 1_020, 500)
    cut = grid_partition(area, frame, min_area_m2=25_000.0)
    assert [sector.label for sector in cut.sectors] == ["A1", "B1"]
    (note,) = [note for note in cut.notes if note.code == "merged_small"]
    assert note.labels == ("B1",)
    assert note.area_m2 == pytest.approx(10_000, rel=1e-2)


def test_an_island_without_neighbours_stays() -> None:
    """Ground that borders on nothing is kept as a sector however small, and the notes say so."""
    frame = LocalFrame.at(37.0, 55.0)
    island = box(3_100, 100, 3_120, 120)
    area = round_lonlat(frame.to_lonlat(MultiPolygon([box(0, 0, 500, 500), island])))
    cut = grid_partition(area, frame, min_area_m2=25_000.0)
    assert [note.labels for note in cut.notes if note.code == "kept_small"] == [("G1",)]
    assert_is_partition(cut, Ground(area, frame, 4_000.0))


def test_two_areas_of_one_operation_share_their_grid_lines() -> None:
    """A sector of a grown area is the same cell as before."""
    frame = LocalFrame.at(37.0, 55.0)
    small = grid_partition(square_m(frame, -750, -750, 750, 750), frame)
    large = grid_partition(square_m(frame, -2_000, -2_000, 2_000, 2_000), frame)
    whole = [sector.geometry_lonlat for sector in small.sectors if sector.area_m2 > 249_000]
    there = [sector.geometry_lonlat for sector in large.sectors]
    assert whole
    assert all(any(cell.equals(other) for other in there) for cell in whole)


@pytest.mark.parametrize(
    "place", [(180.0, 65.5, 179.6, 65.3), (-179.99, 65.5, 179.6, 65.3), (60.0, 75.0, 59.6, 74.8)]
)
def test_grid_across_180_and_at_75_north(place: tuple[float, float, float, float]) -> None:
    """A lon/lat rectangle of 40 km has bowed edges in metres and still is cut exactly."""
    lon, lat, west, south = place
    ring = [(west, south), (west + 0.8, south), (west + 0.8, south + 0.4), (west, south + 0.4), (west, south)]
    area = read_area(polygon_mapping(ring))
    ground = Ground(area, LocalFrame.at(lon, lat), 40_000.0)
    cut = grid_partition(area, ground.frame, cell_m=2_000.0, min_area_m2=200_000.0)
    assert_is_partition(cut, ground)
    for sector in cut.sectors:
        bounds = sector.geometry_lonlat.bounds
        assert -180.0 <= bounds[0] <= bounds[2] <= 180.0


def test_the_same_question_has_the_same_answer() -> None:
    """Two runs give equal sectors, byte for byte."""
    frame = LocalFrame.at(37.0, 55.0)
    turn = np.linspace(0, 2 * math.pi, 40)[:-1]
    wave = 2_000 + 300 * np.sin(7 * turn)
    area = round_lonlat(frame.to_lonlat(Polygon(np.column_stack((wave * np.cos(turn), wave * np.sin(turn))))))
    first, second = (grid_partition(area, frame, min_area_m2=20_000.0) for _ in range(2))
    assert [(s.label, s.geometry_lonlat.wkb) for s in first.sectors] == [
        (s.label, s.geometry_lonlat.wkb) for s in second.sectors
    ]


@pytest.mark.parametrize("settings_", [{"cell_m": 99.0}, {"cell_m": 5_001.0}, {"cell_m": math.nan}])
def test_cell_sizes_out_of_range_are_refused(settings_: dict[str, Any]) -> None:
    """Cells are 100 m to 5 km; NaN is no size."""
    frame = LocalFrame.at(37.0, 55.0)
    with pytest.raises(PartitionSettingError):
        grid_partition(square_m(frame, 0, 0, 900, 900), frame, **settings_)


def test_other_settings_and_broken_areas_are_refused() -> None:
    """An unknown alphabet, a merge size above a cell, and a bow-tie are refused with their names."""
    frame = LocalFrame.at(37.0, 55.0)
    area = square_m(frame, 0, 0, 900, 900)
    with pytest.raises(PartitionSettingError):
        grid_partition(area, frame, letters="greek")  # type: ignore[arg-type]
    with pytest.raises(PartitionSettingError):
        grid_partition(area, frame, min_area_m2=250_001.0)
    with pytest.raises(PartitionSettingError):
        grid_partition(area, frame, min_area_m2=-1.0)
    with pytest.raises(RoundingCollapseError):
        grid_partition(Polygon([(37, 55), (38, 56), (38, 55), (37, 56)]), frame)


def test_too_many_cells_are_refused_before_they_are_made() -> None:
    """The cap counts cells that meet the area, and a huge bounding box is refused at once."""
    frame = LocalFrame.at(37.0, 55.0)
    begun = time.process_time()
    with pytest.raises(TooManySectorsError) as refused:
        grid_partition(square_m(frame, -90_000, -90_000, 90_000, 90_000), frame, cell_m=100.0)
    assert refused.value.max_sectors == 20_000
    assert time.process_time() - begun < 0.5
    with pytest.raises(TooManySectorsError):
        grid_partition(square_m(frame, -2_000, -2_000, 2_000, 2_000), frame, cell_m=100.0, max_cells=1_000)


GROUND = box(37.0, 55.0, 37.02, 55.01)


def labels(area: BaseGeometry, plan: GridPlan) -> list[str]:
    return [sector.label for sector in cut_grid(area, LocalFrame.at(37.0, 55.0), plan).sectors]


@given(
    ground=grounds(max_radius_m=3_000.0),
    align=st.sampled_from(["utm", "geographic"]),
    sub_cells=st.sampled_from([1, 2, 3]),
    ratio=st.sampled_from([0.5, 1.0, 1.6]),
)
@settings(max_examples=20, deadline=None)
def test_grids_of_maps_cut_without_gaps_too(
    ground: Ground, align: Align, sub_cells: int, ratio: float
) -> None:
    """UTM squares and steps of degrees, oblong cells and sub-cells: a valid partition, names used once."""
    width = 0.02 if align == "geographic" else 900.0
    plan = GridPlan(width, width * ratio, align, names=GridNames(sub_cells=sub_cells))
    cut = cut_grid(ground.area, ground.frame, plan)
    check = check_partition(ground.area, [sector.geometry_lonlat for sector in cut.sectors], ground.frame)
    assert check.valid, check
    names = [sector.label for sector in cut.sectors]
    assert len(set(names)) == len(names)


def test_axes_letters_and_directions_are_chosen() -> None:
    """Letters down, from the east or south, number first, other letters left out."""
    area = square_m(LocalFrame.at(37.0, 55.0), 0, -1_000, 1_500, 0)
    assert labels(area, GridPlan(names=GridNames(letters_down=True))) == ["A1", "A2", "A3", "B1", "B2", "B3"]
    assert labels(area, GridPlan(names=GridNames(from_east=True))) == ["C1", "B1", "A1", "C2", "B2", "A2"]
    assert labels(area, GridPlan(names=GridNames(from_south=True))) == ["A2", "B2", "C2", "A1", "B1", "C1"]
    assert labels(area, GridPlan(names=GridNames(scheme="number_letter"))) == [
        "1A",
        "1B",
        "1C",
        "2A",
        "2B",
        "2C",
    ]
    assert labels(area, GridPlan(names=GridNames(scheme="numbers"))) == ["1", "2", "3", "4", "5", "6"]
    assert labels(area, GridPlan(names=GridNames(skipped="AB"))) == ["C1", "D1", "E1", "C2", "D2", "E2"]
    assert labels(area, GridPlan(height=1_000.0)) == ["A1", "B1", "C1"]


def test_sub_cells_wind_round_the_middle() -> None:
    """Nine sub-cells of one square, clockwise from its north-west corner («улитка»)."""
    area = square_m(LocalFrame.at(37.0, 55.0), 0, -900, 900, 0)
    found = labels(area, GridPlan(900.0, names=GridNames("cyrillic", sub_cells=3)))
    assert found == [f"А1/{number}" for number in (1, 2, 3, 8, 9, 4, 7, 6, 5)]


def test_cells_begin_where_they_are_told() -> None:
    """A corner of the grid lies at the origin; steps of degrees lie on round minutes."""
    frame = LocalFrame.at(37.0, 55.0)
    moved = cut_grid(GROUND, frame, GridPlan(origin=(37.003, 55.002)))
    corners = {tuple(each) for sector in moved.sectors for each in get_coordinates(sector.geometry_lonlat)}
    assert (37.003, 55.002) in {(round(x, 6), round(y, 6)) for x, y in corners}
    minutes = cut_grid(GROUND, frame, GridPlan(1 / 60, 0.5 / 60, "geographic"))
    inner = [each for sector in minutes.sectors for each in get_coordinates(sector.geometry_lonlat).tolist()]
    assert any(abs(x - 37.0 - 1 / 60) < 2e-7 and abs(y - 55.0 - 0.5 / 60) < 2e-7 for x, y in inner)


def test_a_growing_grid_goes_on_outward() -> None:
    """Cells keep their names; what is added in the west and north takes the next letters and numbers."""
    frame = LocalFrame.at(37.0, 55.0)
    small = square_m(frame, 0, -1_000, 1_000, 0)
    large = square_m(frame, -1_000, -1_500, 1_500, 500)
    first = cut_grid(small, frame, GridPlan(), min_area_m2=1_000.0)
    assert first.axes is not None
    grown = cut_grid(large, frame, GridPlan(axes=first.axes), min_area_m2=1_000.0)
    names = [sector.label for sector in grown.sectors]
    assert names[:5] == ["E4", "D4", "A4", "B4", "C4"]
    before = {sector.label: sector.geometry_lonlat for sector in first.sectors}
    after = {sector.label: sector.geometry_lonlat for sector in grown.sectors}
    off_m2 = [frame.area_m2(after[label].symmetric_difference(held)) for label, held in before.items()]
    assert max(off_m2) < 200.0  # straight edges of the small area bend otherwise than cell lines
    assert GridAxes(first.axes.columns, first.axes.rows) == first.axes
