"""Areas and points are read strictly: wrong ones are refused by name, right ones come out canonical."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping

from geo.areas import read_area, read_point
from geo.crs import LocalFrame
from geo.errors import (
    AreaTooLargeError,
    GeometryError,
    GeometryNumberError,
    GeometryStructureError,
    GeometryTypeError,
    LatitudeRangeError,
    LongitudeRangeError,
    PoleEnclosedError,
    RingNotClosedError,
    RingTooShortError,
    RoundingCollapseError,
    SelfCrossingError,
    TooManyVerticesError,
    ZeroAreaError,
)
from geo.lattice import round_lonlat
from tests.geo.strategies import Ground, grounds, polygon_mapping

SQUARE = [(37.0, 55.0), (38.0, 55.0), (38.0, 56.0), (37.0, 56.0), (37.0, 55.0)]


def circle(positions: int) -> list[tuple[float, float]]:
    turn = np.linspace(0.0, 2.0 * math.pi, positions)[:-1]
    ring = [(37.0 + 0.1 * math.cos(angle), 55.0 + 0.1 * math.sin(angle)) for angle in turn]
    return [*ring, ring[0]]


def spiral(positions: int) -> list[tuple[float, float]]:
    turn = np.linspace(0.0, 40.0 * math.pi, positions // 2)
    out = [(37 + 1e-3 * t * math.cos(t), 55 + 1e-3 * t * math.sin(t)) for t in turn]
    back = [(37 + 1e-3 * (t + 0.5) * math.cos(t), 55 + 1e-3 * (t + 0.5) * math.sin(t)) for t in turn[::-1]]
    return [*out, *back, out[0]]


def comb(teeth: int) -> list[tuple[float, float]]:
    points = [(37.0 + tooth * 1e-5, 55.01 if tooth % 2 else 55.005) for tooth in range(teeth)]
    return [(37.0, 55.0), *points, (37.0 + teeth * 1e-5, 55.0), (37.0, 55.0)]


def hole(west: float, south: float, size: float) -> list[tuple[float, float]]:
    return [(west, south), (west, south + size), (west + size, south), (west, south)]


WRONG: dict[str, tuple[Any, type[GeometryError]]] = {
    "bow-tie": (polygon_mapping([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]), SelfCrossingError),
    "ring on one line": (polygon_mapping([(0, 0), (1, 1), (2, 2), (0, 0)]), ZeroAreaError),
    "one place": (polygon_mapping([(1, 1)] * 4), ZeroAreaError),
    "smaller than the lattice": (polygon_mapping([(0, 0), (1e-9, 0), (0, 1e-9), (0, 0)]), ZeroAreaError),
    "subnormal numbers": (polygon_mapping([(0, 0), (5e-324, 0), (0, 5e-324), (0, 0)]), ZeroAreaError),
    "thinner than the lattice": (
        polygon_mapping([(37, 55), (37.2, 55.00000004), (37.1, 56), (37.1, 55.00000003), (37, 55)]),
        RoundingCollapseError,
    ),
    "NaN": (polygon_mapping([(0, 0), (math.nan, 1), (2, 2), (0, 0)]), GeometryNumberError),
    "infinity": (polygon_mapping([(0, 0), (1, math.inf), (2, 2), (0, 0)]), GeometryNumberError),
    "1e308": (polygon_mapping([(0, 0), (1e308, 1), (2, 2), (0, 0)]), LongitudeRangeError),
    "integer of 400 digits": (polygon_mapping([(0, 0), (10**400, 1), (2, 2), (0, 0)]), GeometryNumberError),
    "boolean": (polygon_mapping([(True, 0), (1, 1), (2, 2), (True, 0)]), GeometryNumberError),
    "text": (
        {"type": "Polygon", "coordinates": [[["37", 55], [38, 55], [38, 56], ["37", 55]]]},
        GeometryNumberError,
    ),
    "latitude 95": (polygon_mapping([(0, 0), (1, 95), (2, 2), (0, 0)]), LatitudeRangeError),
    "longitude 181": (polygon_mapping([(37, 55), (181, 55), (38, 56), (37, 55)]), LongitudeRangeError),
    "wholly beyond 180": (polygon_mapping([(181, 5), (182, 5), (182, 6), (181, 5)]), LongitudeRangeError),
    "open ring": (polygon_mapping(SQUARE[:-1]), RingNotClosedError),
    "three positions": (polygon_mapping([SQUARE[0], SQUARE[1], SQUARE[0]]), RingTooShortError),
    "empty ring": ({"type": "Polygon", "coordinates": [[]]}, RingTooShortError),
    "10 001 positions": (polygon_mapping(circle(10_001)), TooManyVerticesError),
    "a million empty rings": (
        {"type": "Polygon", "coordinates": [[]] * 1_000_000},
        TooManyVerticesError,
    ),
    "hole in a hole": (
        polygon_mapping(SQUARE, hole(37.2, 55.2, 0.3), hole(37.25, 55.25, 0.05)),
        SelfCrossingError,
    ),
    "hole outside": (polygon_mapping(SQUARE, hole(39, 55, 0.1)), SelfCrossingError),
    "hole along the shell": (polygon_mapping(SQUARE, hole(37, 55.2, 0.2)), SelfCrossingError),
    "part twice": ({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}, SelfCrossingError),
    "round the pole": (polygon_mapping([(0, 80), (120, 80), (-120, 80), (0, 80)]), PoleEnclosedError),
    "a continent": (polygon_mapping([(0, 0), (20, 0), (20, 20), (0, 0)]), AreaTooLargeError),
    "nested too deep": ({"type": "Polygon", "coordinates": [[[[1, 2]]] * 4]}, GeometryStructureError),
    "no coordinates": ({"type": "Polygon"}, GeometryStructureError),
    "no rings": ({"type": "Polygon", "coordinates": []}, GeometryStructureError),
    "rings are text": ({"type": "Polygon", "coordinates": "abcd"}, GeometryStructureError),
    "ring is text": ({"type": "Polygon", "coordinates": ["abcd"]}, GeometryStructureError),
    "one number": (
        polygon_mapping(SQUARE[:3], SQUARE) | {"coordinates": [[[1]] * 4]},
        GeometryStructureError,
    ),
    "foreign member": (polygon_mapping(SQUARE) | {"crs": {}}, GeometryStructureError),
    "a point": ({"type": "Point", "coordinates": [1, 2]}, GeometryTypeError),
    "a feature": ({"type": "Feature", "geometry": polygon_mapping(SQUARE)}, GeometryTypeError),
    "no mapping": ([1, 2], GeometryTypeError),
    "unhashable type": ({"type": ["Polygon"], "coordinates": [SQUARE]}, GeometryTypeError),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_areas_are_refused_by_name(name: str) -> None:
    """Each fault has its own error, with a stable code, in a moment."""
    given_mapping, error = WRONG[name]
    begun = time.process_time()
    with pytest.raises(error) as refused:
        read_area(given_mapping)
    assert type(refused.value) is error
    assert refused.value.code
    assert all(math.isfinite(number) for number in refused.value.data().values())
    assert time.process_time() - begun < 0.25


def test_a_crossing_has_its_place() -> None:
    """Who drew a bow-tie is shown where it crosses."""
    with pytest.raises(SelfCrossingError) as refused:
        read_area(polygon_mapping([(37, 55), (38, 56), (38, 55), (37, 56), (37, 55)]))
    assert refused.value.data() == {"lon_deg": 37.5, "lat_deg": 55.5, "part_index": 0}


@pytest.mark.parametrize(
    "ring", [circle(10_000), spiral(9_990), comb(9_990)], ids=["circle", "spiral", "comb"]
)
def test_awkward_but_valid_areas_are_read(ring: list[tuple[float, float]]) -> None:
    """Long, winding and toothed rings are legal up to the cap, and quick."""
    begun = time.process_time()
    area = read_area(polygon_mapping(ring))
    assert area.is_valid
    assert len(shapely.get_coordinates(area)) == len(ring)
    assert time.process_time() - begun < 1.0


def test_rings_may_touch_in_a_point() -> None:
    """A hole that touches the shell in one vertex is valid and stays as it is."""
    touching = [(37.0, 55.2), (37.2, 55.5), (37.5, 55.2), (37.0, 55.2)]
    shell = [(37.0, 55.0), (38.0, 55.0), (38.0, 56.0), (37.0, 55.2), (37.0, 55.0)]
    assert shapely.get_num_interior_rings(read_area(polygon_mapping(shell, hole(37.3, 55.1, 0.1)))) == 1
    assert read_area(polygon_mapping(SQUARE, touching)).is_valid


def test_result_is_canonical() -> None:
    """Shells run counter-clockwise, holes clockwise, seven decimals, no height, no repeated position."""
    clockwise = [(lon + 1e-9, lat, 120.0) for lon, lat in SQUARE[::-1]]
    doubled = [clockwise[0], *clockwise]
    area = read_area(
        {"type": "Polygon", "coordinates": [doubled, hole(37.2, 55.2, 0.2)[::-1]], "bbox": [37, 55, 38, 56]}
    )
    assert area.has_z is False
    assert area.equals(round_lonlat(area))
    assert shapely.get_num_coordinates(area) == 9
    shell, inner = shapely.get_rings(area)
    assert shapely.is_ccw(shell)
    assert not shapely.is_ccw(inner)


SPLIT = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[179, 65], [180, 65], [180, 66], [179, 66], [179, 65]]],
        [[[-180, 65], [-179, 65], [-179, 66], [-180, 66], [-180, 65]]],
    ],
}
JUMPING = polygon_mapping([(179, 65), (-179, 65), (-179, 66), (179, 66), (179, 65)])
BEYOND = polygon_mapping([(179, 65), (181, 65), (181, 66), (179, 66), (179, 65)])
BELOW = polygon_mapping([(-179, 65), (-181, 65), (-181, 66), (-179, 66), (-179, 65)])


@pytest.mark.parametrize("form", [SPLIT, JUMPING, BEYOND, BELOW], ids=["split", "jump", "beyond", "below"])
def test_chukotka_is_split_at_180_in_whatever_form_it_came(form: dict[str, Any]) -> None:
    """Four ways to send 179E..179W give one and the same area of two parts."""
    area = read_area(form)
    assert area.normalize().equals_exact(read_area(SPLIT).normalize(), 0.0)
    assert area.geom_type == "MultiPolygon"
    assert LocalFrame.at(180.0, 65.5).area_m2(area) == pytest.approx(10_306e6, rel=2e-3)


def test_a_hole_across_180_is_split_with_its_shell() -> None:
    """A hole on the far side and one across 180 stay holes."""
    across = [(179.8, 65.2), (179.8, 65.4), (-179.8, 65.4), (-179.8, 65.2), (179.8, 65.2)]
    far = [(-179.5, 65.5), (-179.5, 65.6), (-179.4, 65.6), (-179.5, 65.5)]
    ring = [tuple(position) for position in JUMPING["coordinates"][0]]
    area = read_area(polygon_mapping(ring, across, far))
    frame = LocalFrame.at(180.0, 65.5)
    whole = frame.area_m2(read_area(JUMPING))
    holes = sum(frame.area_m2(read_area(polygon_mapping(inner[::-1]))) for inner in (across, far))
    assert frame.area_m2(area) == pytest.approx(whole - holes, rel=1e-9)


def test_caps_are_settings() -> None:
    """Both caps can be lowered, and the error says which cap it was."""
    with pytest.raises(TooManyVerticesError) as vertices:
        read_area(polygon_mapping(SQUARE), max_vertices=4)
    assert vertices.value.data() == {"max_vertices": 4}
    with pytest.raises(AreaTooLargeError) as size:
        read_area(polygon_mapping(SQUARE), max_area_m2=1e6)
    assert size.value.data()["max_area_m2"] == 1e6


@given(ground=grounds())
@settings(max_examples=40, deadline=None)
def test_reading_again_changes_nothing(ground: Ground) -> None:
    """What was read and written as GeoJSON is read as the same geometry."""
    assert read_area(mapping(ground.area)).normalize().equals_exact(ground.area.normalize(), 0.0)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=30,
)


@given(
    kind=st.sampled_from(["Polygon", "MultiPolygon", "Point"]),
    coordinates=JSON_VALUES,
)
@settings(max_examples=150, deadline=None)
def test_any_json_is_read_or_refused(kind: str, coordinates: Any) -> None:
    """No decoded JSON makes anything but a geometry or a typed refusal."""
    for read in (read_area, read_point):
        with suppress(GeometryError):
            assert read({"type": kind, "coordinates": coordinates}).is_valid


@given(
    points=st.lists(st.tuples(st.floats(-181, 181), st.floats(-91, 91)), min_size=3, max_size=12),
)
@settings(max_examples=120, deadline=None)
def test_random_rings_are_valid_or_refused(points: list[tuple[float, float]]) -> None:
    """Whatever ring comes in, what goes out is valid, within the map and on the lattice."""
    try:
        area = read_area(polygon_mapping([*points, points[0]]), max_area_m2=1e15)
    except GeometryError:
        return
    west, south, east, north = area.bounds
    assert area.is_valid
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    assert area.equals_exact(round_lonlat(area), 0.0)


def test_points_are_read_strictly() -> None:
    """A point is two finite numbers on the globe; a height is dropped."""
    assert (
        read_point({"type": "Point", "coordinates": [37.123456789, 55.0, 140.0]}).wkt
        == "POINT (37.1234568 55)"
    )
    assert read_point({"type": "Point", "coordinates": [180, 65]}).x == 180.0
    for coordinates, error in (
        ([181, 55], LongitudeRangeError),
        ([37, 95], LatitudeRangeError),
        ([math.nan, 55], GeometryNumberError),
        ([True, 55], GeometryNumberError),
        ([37], GeometryStructureError),
        ([37, 55, 1, 1], GeometryStructureError),
    ):
        with pytest.raises(error):
            read_point({"type": "Point", "coordinates": coordinates})
