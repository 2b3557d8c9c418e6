"""The fast plane map gives the same faces as noding and polygonizing with GEOS."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import plane
from geo.coverage import is_coverage
from geo.noding_kernels import MAX_EXTENT_UNITS, node_segments, segments_of
from geo.plane import PlaneMap, plane_map

if TYPE_CHECKING:
    from collections.abc import Sequence

SQUARE = shapely.box(0, 0, 1_000, 1_000)


def _lines(*lines: Sequence[tuple[float, float]]) -> np.ndarray[Any, Any]:
    return np.array([shapely.LineString(line) for line in lines], dtype=object)


def _faces(mapped: PlaneMap) -> set[bytes]:
    return set(shapely.to_wkb(shapely.normalize(mapped.coverage.faces)))


def _edges(mapped: PlaneMap) -> dict[tuple[Any, ...], int]:
    coverage = mapped.coverage
    ends = coverage.vertices[coverage.edge_vertices]
    sides = (coverage.edge_faces >= 0).sum(axis=1)
    return {
        tuple(sorted(map(tuple, pair.tolist()))): int(count) for pair, count in zip(ends, sides, strict=True)
    }


def assert_same(area: shapely.Polygon, lines: np.ndarray[Any, Any]) -> None:
    grounds = np.array([area], dtype=object)
    fast, slow = plane_map(grounds, lines), plane._plain_map(grounds, lines)
    assert shapely.is_valid(fast.coverage.faces).all()
    assert _faces(fast) == _faces(slow)
    assert _edges(fast) == _edges(slow)
    coordinates = shapely.get_coordinates(fast.coverage.faces)
    assert (fast.coverage.vertices[fast.coverage.vertex_of_coordinate] == coordinates).all()


def _walks(seed: int, count: int, reach: int) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(seed)
    walks = [rng.integers(-reach // 4, reach + reach // 4, (rng.integers(2, 8), 2)) for _ in range(count)]
    kept = [walk.astype(float) for walk in walks if len(np.unique(walk, axis=0)) > 1]
    return np.array([shapely.LineString(walk) for walk in kept], dtype=object)


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(0, 40))
@settings(max_examples=25, deadline=None)
def test_random_walks_give_the_faces_of_geos(seed: int, count: int) -> None:
    """Walks that cross and overlap on fine ground: the same faces but for halves, rounded another way."""
    grounds = np.array([shapely.box(0, 0, 100_000, 100_000)], dtype=object)
    lines = _walks(seed, count, 100_000)
    fast, slow = (way(grounds, lines).coverage.faces for way in (plane_map, plane._plain_map))
    assert is_coverage(fast)
    one, other = shapely.STRtree(slow).query(shapely.point_on_surface(fast), predicate="within")
    wide = shapely.area(fast) > shapely.length(fast)
    assert set(np.flatnonzero(wide)) <= set(one)
    assert len(fast) == len(slow)
    apart = np.abs(shapely.area(fast[one]) - shapely.area(slow[other]))
    assert (apart <= shapely.length(fast[one]))[wide[one]].all()


@given(seed=st.integers(0, 2**32 - 1), count=st.integers(1, 8), reach=st.sampled_from([6, 12, 40]))
@settings(max_examples=40, deadline=None)
def test_noding_is_that_of_the_book(seed: int, count: int, reach: int) -> None:
    """On coarse ground, where nearly every vertex lies on another line: equal to fractions, pair by pair."""
    lines = _walks(seed, count, reach)
    segments = segments_of(lines)
    noded = node_segments(segments, np.zeros(len(segments), dtype=np.int64))
    found = {tuple(map(tuple, noded.vertices[edge].tolist())) for edge in noded.edges}
    assert found == _noded_plainly(segments.tolist())
    area = shapely.box(0, 0, reach, reach)
    faces = plane_map(np.array([area], dtype=object), lines).coverage.faces
    assert is_coverage(faces)
    assert shapely.area(faces).sum() == area.area


def _noded_plainly(segments: list[list[int]]) -> set[tuple[tuple[int, int], tuple[int, int]]]:
    hot = {(x, y) for x0, y0, x1, y1 in segments for x, y in ((x0, y0), (x1, y1))}
    for number, one in enumerate(segments):
        for other in segments[:number]:
            place = _crossing(*one, *other)
            if place is not None:
                hot.add(place)
    edges = set()
    for x0, y0, x1, y1 in segments:
        met = [(share, node) for node in hot if (share := _entry(x0, y0, x1, y1, *node)) is not None]
        nodes = [node for _, node in sorted(met)]
        edges |= {(min(pair), max(pair)) for pair in pairwise(nodes)}
    return edges


def _crossing(  # noqa: PLR0917 - two segments
    ax: int, ay: int, bx: int, by: int, cx: int, cy: int, dx: int, dy: int
) -> tuple[int, int] | None:
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if across == 0:
        return None
    share = Fraction((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx), across)
    other = Fraction((cx - ax) * (by - ay) - (cy - ay) * (bx - ax), across)
    if not (0 < share < 1 and 0 < other < 1):
        return None
    half = Fraction(1, 2)
    return math.floor(ax + share * (bx - ax) + half), math.floor(ay + share * (by - ay) + half)


def _entry(  # noqa: PLR0917 - segment and node
    x0: int, y0: int, x1: int, y1: int, x: int, y: int
) -> tuple[Fraction, bool] | None:
    """Return where a segment enters the unit square around a node, and whether only just after.

    The west and south sides belong to the square: a corner may be touched before the next square is entered.
    """
    half = Fraction(1, 2)
    low, high, low_in, high_in = Fraction(0), Fraction(1), True, True
    for start, way, centre in ((x0, x1 - x0, x), (y0, y1 - y0, y)):
        if way == 0:
            if not centre - half <= start < centre + half:
                return None
            continue
        closed, opened = (centre - half - start) / way, (centre + half - start) / way
        first, first_in, last, last_in = (
            (closed, True, opened, False) if way > 0 else (opened, False, closed, True)
        )
        if first > low or (first == low and not first_in):
            low, low_in = first, first_in
        if last < high or (last == high and not last_in):
            high, high_in = last, last_in
    return (low, not low_in) if low < high or (low == high and low_in and high_in) else None


def test_an_island_network_makes_a_hole_in_the_face_around_it() -> None:
    """A block of streets that hangs together with nothing is cut out of the smallest face around it."""
    outer = [(100, 100), (900, 100), (900, 900), (100, 900), (100, 100)]
    inner = [(400, 400), (600, 400), (600, 600), (400, 600), (400, 400)]
    lines = _lines(outer, inner, [(500, 400), (500, 600)])
    assert_same(SQUARE, lines)
    mapped = plane_map(np.array([SQUARE], dtype=object), lines)
    assert sorted(shapely.area(mapped.coverage.faces)) == [20_000.0, 20_000.0, 360_000.0, 600_000.0]


def test_what_divides_nothing_is_told() -> None:
    """Loose ends and bridges between islands are no borders, and their stretches are returned."""
    ring = [(400, 400), (600, 400), (600, 600), (400, 600), (400, 400)]
    lines = _lines(ring, [(0, 500), (400, 500)], [(800, 800), (900, 900), (950, 800)])
    assert_same(SQUARE, lines)
    mapped = plane_map(np.array([SQUARE], dtype=object), lines)
    assert len(mapped.coverage.faces) == 2
    assert len(mapped.idle) == 3


def test_a_face_that_touches_itself_is_shell_and_hole() -> None:
    """Two triangles that meet at a corner of the area's own face stay valid polygons."""
    lines = _lines([(0, 0), (300, 100), (100, 300), (0, 0)], [(500, 500), (600, 500), (500, 600), (500, 500)])
    assert_same(SQUARE, _lines(*[list(line.coords) for line in lines], [(500, 500), (400, 400), (400, 500)]))
    assert_same(SQUARE, lines)


def test_ground_in_holes_and_outside_is_left_out() -> None:
    """Lines across a hole and beyond the boundary give no face there, without a point being tested."""
    area = shapely.Polygon(SQUARE.exterior, [[(300, 300), (300, 700), (700, 700), (700, 300)]])
    mesh = [[(x, -100), (x, 1_100)] for x in range(50, 1_000, 100)]
    mesh += [[(-100, y), (1_100, y)] for y in range(50, 1_000, 100)]
    mapped = plane_map(np.array([area], dtype=object), _lines(*mesh))
    assert math.fsum(shapely.area(mapped.coverage.faces)) == pytest.approx(area.area)
    assert_same(area, _lines(*mesh))


def test_ground_wider_than_the_kernels_count_goes_the_plain_way() -> None:
    """A third of the globe is refused by the kernels and cut by GEOS."""
    wide = shapely.box(0, 0, 2.0 * MAX_EXTENT_UNITS, 1_000)
    mapped = plane_map(np.array([wide], dtype=object), _lines([(5_000, -10), (5_000, 1_010)]))
    assert sorted(shapely.area(mapped.coverage.faces)) == pytest.approx(
        [5e6, 2e3 * MAX_EXTENT_UNITS - 5e6], rel=1e-12
    )
