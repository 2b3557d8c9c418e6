"""The local frame measures truly, across 180 degrees and far north."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from pyproj import Geod
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from geo.crs import LocalFrame
from geo.errors import FrameError
from geo.meridian import unwrap, wrap
from tests.geo.strategies import PLACES, Ground, grounds

GEOD = Geod(ellps="WGS84")


def ring_around(lon: float, lat: float) -> Polygon:
    return Polygon(
        [(lon - 0.1, lat - 0.1), (lon + 0.15, lat - 0.05), (lon + 0.05, lat + 0.2)],
        [[(lon, lat), (lon + 0.02, lat), (lon, lat + 0.02)]],
    )


@pytest.mark.parametrize(("lon", "lat"), PLACES)
def test_area_equals_the_geodesic_area_of_the_densified_polygon(lon: float, lat: float) -> None:
    """An area is within 1e-9 of an independent geodesic computation."""
    polygon = ring_around(lon, lat)
    dense = shapely.orient_polygons(shapely.segmentize(polygon, 2e-5))
    geodesic_m2, _ = GEOD.geometry_area_perimeter(dense)
    assert LocalFrame.at(lon, lat).area_m2(wrap(polygon)) == pytest.approx(abs(geodesic_m2), rel=1e-9)


@pytest.mark.parametrize(("lon", "lat"), PLACES)
def test_area_equals_the_area_in_the_plane_of_the_frame(lon: float, lat: float) -> None:
    """The projection keeps areas: densified and projected, the plane area is the same."""
    frame = LocalFrame.at(lon, lat)
    polygon = ring_around(lon, lat)
    plane = shapely.transform(shapely.segmentize(polygon, 1e-4), frame.project)
    assert frame.area_m2(wrap(polygon)) == pytest.approx(plane.area, rel=1e-9)


def test_chukotka_is_not_the_rest_of_the_world() -> None:
    """179E..179W, 65-66N is about 10 thousand square kilometres, split or with longitudes beyond 180."""
    frame = LocalFrame.at(180.0, 65.5)
    split = MultiPolygon([box(179, 65, 180, 66), box(-180, 65, -179, 66)])
    # The lon/lat rectangle; the 10 321 km2 often quoted has geodesic edges.
    assert frame.area_m2(split) == pytest.approx(10_306e6, rel=2e-3)
    assert frame.area_m2(box(179, 65, 181, 66)) == pytest.approx(frame.area_m2(split), rel=1e-12)
    assert frame.to_metric(split).geom_type == "Polygon"
    assert not split.contains(Point(-0.1, 51.5))


def test_distance_across_180_is_the_short_way() -> None:
    """179.9E to 179.9W on the 65th parallel is nine kilometres."""
    frame = LocalFrame.at(180.0, 65.0)
    ends = frame.to_metric(MultiPoint([(179.9, 65.0), (-179.9, 65.0)]))
    first, second = shapely.get_parts(ends)
    distance_m = first.distance(second)
    assert distance_m == pytest.approx(9_434.6, abs=5.0)
    assert frame.length_m(LineString([(179.9, 65.0), (-179.9, 65.0)])) == pytest.approx(distance_m, abs=0.1)


@given(ground=grounds())
@settings(max_examples=30, deadline=None)
def test_metric_and_back_is_the_same_ground(ground: Ground) -> None:
    """To metres and back moves no vertex by a millimetre and splits at 180 again."""
    back = ground.frame.to_lonlat(ground.frame.to_metric(ground.area))
    west, _, east, _ = back.bounds
    assert -180.0 <= west <= east <= 180.0
    # 5e-9 degrees are half a millimetre, a twentieth of the lattice of stored positions.
    assert back.hausdorff_distance(ground.area) < 5e-9
    assert len(shapely.get_parts(back)) == len(shapely.get_parts(ground.area))


def test_length_of_a_polygon_is_its_perimeter() -> None:
    """A polygon counts with its rings, a line with its length, a point with nothing."""
    frame = LocalFrame.at(37.0, 55.0)
    square = box(37.0, 55.0, 37.01, 55.01)
    assert frame.length_m(square) == pytest.approx(frame.length_m(LineString(square.exterior.coords)))
    assert frame.length_m(Point(37, 55)) == 0.0
    assert frame.area_m2(LineString(square.exterior.coords)) == 0.0


@pytest.mark.parametrize(("lon", "lat"), [(181.0, 0.0), (0.0, 91.0), (math.nan, 0.0), (math.inf, 0.0)])
def test_a_centre_off_the_globe_is_refused(lon: float, lat: float) -> None:
    """No frame exists outside the globe."""
    with pytest.raises(FrameError):
        LocalFrame.at(lon, lat)


def test_positions_that_cannot_be_projected_are_refused() -> None:
    """The antipode of the centre and infinite metres have no image."""
    frame = LocalFrame.at(37.0, 55.0)
    with pytest.raises(FrameError):
        frame.to_metric(Point(37.0 - 180.0, -55.0))
    with pytest.raises(FrameError):
        frame.to_lonlat(Point(1e9, 0.0))


def test_wrap_and_unwrap_every_kind_of_geometry() -> None:
    """Points, lines and polygons cross 180 both ways; what only touches it leaves no crumbs."""
    assert wrap(box(178, 0, 180, 1)).equals(box(178, 0, 180, 1))
    assert wrap(Point(181, 5)).equals(Point(-179, 5))
    line = wrap(LineString([(179, 0), (181, 1)]))
    assert line.geom_type == "MultiLineString"
    assert line.bounds == (-180.0, 0.0, 180.0, 1.0)
    assert wrap(MultiPoint([(179, 0), (181, 0)])).equals(MultiPoint([(179, 0), (-179, 0)]))
    assert unwrap(wrap(box(179, 65, 181, 66)), -179.5).equals(box(-181, 65, -179, 66))
    assert wrap(Polygon()).is_empty
