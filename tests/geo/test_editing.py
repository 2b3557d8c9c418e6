"""Edits of sectors leave no gap and no overlap, and refuse by name what they cannot do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import LocalFrame
from geo.editing import Move, merge, reshape, split_by_line, stands_on, take_ground
from geo.errors import EditError
from geo.grid import grid_partition
from geo.lattice import round_lonlat
from geo.line_sectors import line_within, nearest_line
from tests.geo.strategies import Ground, grounds

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

FRAME = LocalFrame.at(37.6, 55.7)


def metric(geometry: BaseGeometry, frame: LocalFrame = FRAME) -> BaseGeometry:
    return round_lonlat(frame.to_lonlat(geometry))


def board(frame: LocalFrame = FRAME) -> dict[str, BaseGeometry]:
    """Return four squares of 500 m round the centre, with common corners."""
    whole = metric(shapely.box(-500, -500, 500, 500), frame)
    cut = grid_partition(whole, frame, cell_m=500.0)
    return {sector.label: sector.geometry_lonlat for sector in cut.sectors}


def corner(x_m: float, y_m: float) -> tuple[float, float]:
    lon, lat = np.round(FRAME.unproject(np.array([(x_m, y_m)]))[0], 7).tolist()
    return lon, lat


def area_m2(geometries: list[BaseGeometry], frame: LocalFrame = FRAME) -> float:
    return math.fsum(frame.area_m2(geometry) for geometry in geometries)


@given(ground=grounds(), turn=st.floats(0.0, 6.2), off=st.floats(-0.2, 0.2))
@settings(max_examples=40, deadline=None)
def test_pieces_of_a_split_are_the_sector(ground: Ground, turn: float, off: float) -> None:
    """Any line through star-shaped ground, also across 180: pieces add up, overlap nowhere, merge back."""
    frame, reach = ground.frame, 2.0 * ground.radius_m
    way = np.array((math.cos(turn), math.sin(turn)))
    side = off * ground.radius_m * np.array((-way[1], way[0]))
    line = frame.to_lonlat(shapely.LineString([side - reach * way, side + reach * way]))
    pieces = split_by_line(ground.area, line, frame)
    allowed_m2 = 0.03 * frame.length_m(ground.area) + 0.03 * reach
    assert all(piece.is_valid for piece in pieces)
    assert area_m2(pieces, frame) == pytest.approx(frame.area_m2(ground.area), abs=allowed_m2)
    union = shapely.union_all([frame.unwrap(piece) for piece in pieces])
    assert area_m2(pieces, frame) - frame.area_m2(union) < allowed_m2
    back = merge(pieces, frame)
    assert frame.area_m2(back) == pytest.approx(frame.area_m2(ground.area), abs=allowed_m2)


def test_a_line_that_ends_within_splits_nothing() -> None:
    """From the border to the middle is no cut."""
    square = board()["A1"]
    line = metric(shapely.LineString([(-600, 250), (-250, 250)]))
    with pytest.raises(EditError, match="line_does_not_split"):
        split_by_line(square, line, FRAME)


def test_sectors_apart_are_not_merged() -> None:
    """Corner to corner is not enough."""
    squares = board()
    with pytest.raises(EditError, match="sectors_apart"):
        merge([squares["A1"], squares["B2"]], FRAME)
    assert FRAME.area_m2(merge(list(squares.values()), FRAME)) == pytest.approx(1e6, abs=20.0)


def test_a_shared_corner_moves_for_all() -> None:
    """The common corner of four squares moves: four change, their sum stays, edges still match."""
    squares = board()
    changed = reshape(squares, [Move(corner(0, 0), corner(60, -40))], FRAME)
    assert set(changed) == set(squares)
    assert shapely.coverage_is_valid(list(changed.values()))
    assert area_m2(list(changed.values())) == pytest.approx(area_m2(list(squares.values())), rel=1e-9)


def test_a_new_corner_on_a_border_is_put_into_both() -> None:
    """The middle of a border is dragged: both neighbours get the corner."""
    squares = board()
    edge = (corner(0, 0), corner(0, 500))
    changed = reshape(squares, [Move(corner(0, 250), corner(80, 250), edge)], FRAME)
    assert set(changed) == {"A1", "B1"}
    assert shapely.coverage_is_valid(list(changed.values()))
    assert FRAME.area_m2(changed["A1"]) - FRAME.area_m2(squares["A1"]) == pytest.approx(20_000, rel=1e-3)


@pytest.mark.parametrize(
    ("at", "to", "reason"),
    [
        ((0, 0), (700, 0), "corner_crosses"),
        ((500, 0), (400, 0), "ground_changed"),
        ((120, 130), (100, 100), "corner_not_found"),
    ],
)
def test_moves_that_would_break_the_cut_are_refused(
    at: tuple[float, float], to: tuple[float, float], reason: str
) -> None:
    """Across a neighbour, off the area's border, from nowhere."""
    with pytest.raises(EditError) as refused:
        reshape(board(), [Move(corner(*at), corner(*to))], FRAME)
    assert refused.value.reason in {reason, "ground_changed"}


def test_a_drawn_sector_takes_its_ground_from_others() -> None:
    """What is left stays theirs, what is outside the area is cut off, no ground is counted twice."""
    squares = board()
    area = metric(shapely.box(-500, -500, 500, 500))
    drawn = metric(shapely.box(-100, -100, 900, 100))
    new, left = take_ground(drawn, area, squares, FRAME)
    assert set(left) == set(squares)
    assert FRAME.area_m2(new) == pytest.approx(600 * 200, rel=1e-4)
    rest = [piece for pieces in left.values() for piece in pieces]
    assert area_m2([new, *rest]) == pytest.approx(1e6, abs=60.0)
    assert shapely.area(shapely.intersection(new, shapely.union_all(rest))) * 7e9 < 60.0
    with pytest.raises(EditError, match="outside_area"):
        take_ground(metric(shapely.box(900, 900, 990, 990)), area, squares, FRAME)


def test_ground_is_given_back_only_whole() -> None:
    """Undo of a split finds its pieces; pieces that reach beyond are refused."""
    squares = board()
    pieces = split_by_line(squares["A1"], metric(shapely.LineString([(-600, 250), (100, 260)])), FRAME)
    standing = {f"piece{number}": piece for number, piece in enumerate(pieces)}
    standing |= {name: square for name, square in squares.items() if name != "A1"}
    assert set(stands_on([squares["A1"]], standing, FRAME)) == {"piece0", "piece1"}
    with pytest.raises(EditError, match="ground_changed"):
        stands_on([pieces[0]], squares, FRAME)


def test_lines_are_cut_to_the_area_and_found_by_place() -> None:
    """A power line in pieces is one line; beyond 200 m none is meant."""
    area = metric(shapely.box(-500, -500, 500, 500))
    pieces = [
        metric(shapely.LineString([(-2_000, 0), (-100, 0)])),
        metric(shapely.LineString([(-100, 0), (2_000, 50)])),
        metric(shapely.LineString([(-2_000, 400), (2_000, 400)])),
    ]
    lines = [shapely.transform(piece, lambda each: np.round(each, 7)) for piece in pieces]
    found = nearest_line(lines, *corner(0, 30), FRAME)  # type: ignore[arg-type]
    inside = line_within(found, area, FRAME)
    assert FRAME.length_m(inside) == pytest.approx(1_000, abs=1.0)
    with pytest.raises(EditError, match="no_line_near"):
        nearest_line(lines, *corner(0, -300), FRAME)  # type: ignore[arg-type]
    with pytest.raises(EditError, match="outside_area"):
        line_within(lines[2], metric(shapely.box(-500, -500, 500, 300)), FRAME)
