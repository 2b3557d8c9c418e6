"""Strict reading of GeoJSON areas and points: what is wrong is refused by name, never repaired."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from geo.crs import POLYGONAL, LocalFrame
from geo.errors import (
    AreaTooLargeError,
    GeometryStructureError,
    GeometryTypeError,
    LongitudeRangeError,
    RoundingCollapseError,
    SelfCrossingError,
    ZeroAreaError,
)
from geo.lattice import DECIMALS, FULL_TURN_UNITS, HALF_TURN_UNITS, UNITS_PER_DEG, lonlat_to_units
from geo.meridian import assemble
from geo.positions import FULL_TURN_DEG, MAX_LAT_DEG, MAX_LON_DEG, count_positions, read_position, read_ring

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MAX_VERTICES = 10_000
MAX_AREA_M2 = 100_000e6
MIN_AREA_M2 = 1.0
# RFC 7946 allows a bounding box beside every geometry; it says nothing new and is not read.
AREA_MEMBERS = frozenset({"type", "coordinates", "bbox"})

_PLACE = re.compile(r"\[(\S+) (\S+)\]")


def read_area(
    mapping: Mapping[str, Any], *, max_vertices: int = MAX_VERTICES, max_area_m2: float = MAX_AREA_M2
) -> Polygon | MultiPolygon:
    """Read a GeoJSON Polygon or MultiPolygon into canonical lon/lat geometry, or refuse it.

    Parameters
    ----------
    mapping
        Decoded GeoJSON geometry, EPSG:4326. Across 180 degrees it may be split, or have rings whose
        longitudes jump by more than 180, or rings at most 30 degrees wide that go on beyond 180. Heights
        are checked and dropped.
    max_vertices
        Cap on positions, counted before any geometry is built.
    max_area_m2
        Cap on square metres on the ellipsoid.

    Returns
    -------
    Polygon or MultiPolygon
        Valid, within -180..180 and split there, rounded to 1e-7 degrees, without repeated positions,
        shells counter-clockwise and holes clockwise (RFC 7946).

    Raises
    ------
    GeometryTypeError, GeometryStructureError, GeometryNumberError
        Not such a mapping, or not of finite numbers.
    TooManyVerticesError, RingTooShortError, RingNotClosedError
        Rings that are too long, too short or open.
    LongitudeRangeError, LatitudeRangeError, PoleEnclosedError
        Not on the map.
    SelfCrossingError, ZeroAreaError, RoundingCollapseError, AreaTooLargeError
        Not an area that can be searched; a crossing has its place.

    Notes
    -----
    Repair is not offered: ``make_valid`` on a thousand random vertices does not end in five minutes,
    and it guesses. ``is_valid`` finds the first crossing in milliseconds.

    Examples
    --------
    >>> ring = [[37, 55], [38, 55], [38, 56], [37, 55]]
    >>> read_area({"type": "Polygon", "coordinates": [ring]}).geom_type
    'Polygon'
    """
    parts = _parts_of(mapping)
    count_positions(parts, max_vertices)
    rings = [
        [read_ring(ring, part_index, ring_index) for ring_index, ring in enumerate(part)]
        for part_index, part in enumerate(parts)
    ]
    pieces: list[BaseGeometry] = []
    for part_index, part in enumerate(rings):
        pieces.extend(_split(_polygon(part, part_index)))
    area = shapely.transform(shapely.orient_polygons(assemble(pieces)), lambda units: units / UNITS_PER_DEG)
    if area.is_empty:  # flat along a line that crosses 180 degrees: cut there, nothing is left of it
        raise RoundingCollapseError("the area is thinner than the stored 1e-7 degrees")
    # Parts that are valid each may still overlap each other.
    _check_crossing(area, None, units_per_deg=1.0)
    west, _, east, _ = area.bounds
    area_m2 = LocalFrame.at((west + east) / 2, 0.0).area_m2(area)
    if area_m2 < MIN_AREA_M2:
        raise ZeroAreaError("the area is smaller than a square metre")
    if area_m2 > max_area_m2:
        raise AreaTooLargeError(area_m2, max_area_m2)
    assert isinstance(area, Polygon | MultiPolygon)
    return area


def read_point(mapping: Mapping[str, Any]) -> Point:
    """Read a GeoJSON Point, or refuse it.

    Returns
    -------
    Point
        Lon/lat, EPSG:4326, rounded to 1e-7 degrees; a height is dropped.

    Raises
    ------
    GeometryTypeError, GeometryStructureError, GeometryNumberError
        Not such a mapping, or not of finite numbers.
    LongitudeRangeError, LatitudeRangeError
        Not on the globe.

    Examples
    --------
    >>> read_point({"type": "Point", "coordinates": [37.6, 55.75]}).y
    55.75
    """
    _check_members(mapping, ("Point",))
    lon, lat = read_position(mapping["coordinates"])
    if abs(lon) > MAX_LON_DEG:
        raise LongitudeRangeError("longitude must be within -180..180")
    return Point(round(lon, DECIMALS), round(lat, DECIMALS))


def _check_members(mapping: object, types: tuple[str, ...]) -> None:
    if not isinstance(mapping, Mapping) or mapping.get("type") not in types:
        raise GeometryTypeError(f"expected a GeoJSON {' or '.join(types)}")
    if "coordinates" not in mapping or not AREA_MEMBERS.issuperset(mapping):
        raise GeometryStructureError("a geometry has type and coordinates, nothing else")


def _parts_of(mapping: Mapping[str, Any]) -> Any:
    _check_members(mapping, ("Polygon", "MultiPolygon"))
    coordinates = mapping["coordinates"]
    return coordinates if mapping["type"] == "MultiPolygon" else [coordinates]


def _polygon(rings: list[np.ndarray[Any, np.dtype[np.float64]]], part_index: int) -> Polygon:
    """Build a valid lattice polygon with continuous longitudes from rings in degrees."""
    shell = rings[0]
    middle = (shell[:, 0].min() + shell[:, 0].max()) / 2
    for ring in rings[1:]:
        # A hole may have been read on the other side of 180.
        ring[:, 0] -= (
            np.rint(((ring[:, 0].min() + ring[:, 0].max()) / 2 - middle) / FULL_TURN_DEG) * FULL_TURN_DEG
        )
    for ring_index, ring in enumerate(rings):
        hull = shapely.convex_hull(shapely.MultiPoint(lonlat_to_units(ring)))
        if shapely.get_dimensions(hull) < POLYGONAL:
            raise ZeroAreaError(
                "all positions of a ring lie on one line",
                lon_deg=_wrapped_lon(float(ring[0, 0])),
                lat_deg=float(ring[0, 1]),
                part_index=part_index,
                ring_index=ring_index,
            )
    exact = Polygon(shell, rings[1:])
    _check_crossing(exact, part_index, units_per_deg=1.0)
    rounded = shapely.remove_repeated_points(shapely.transform(exact, lonlat_to_units))
    if not rounded.is_valid or rounded.is_empty:
        lon_deg, lat_deg = _place(rounded, UNITS_PER_DEG)
        raise RoundingCollapseError(
            "the area is thinner than the stored 1e-7 degrees",
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            part_index=part_index,
        )
    assert isinstance(rounded, Polygon)
    return rounded


def _check_crossing(geometry: BaseGeometry, part_index: int | None, *, units_per_deg: float) -> None:
    if geometry.is_valid:
        return
    lon_deg, lat_deg = _place(geometry, units_per_deg)
    raise SelfCrossingError(
        "rings cross or touch themselves or each other",
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        part_index=part_index,
    )


def _place(geometry: BaseGeometry, units_per_deg: float) -> tuple[float | None, float | None]:
    found = _PLACE.search(shapely.is_valid_reason(geometry))
    if found is None:
        return None, None
    lon_deg, lat_deg = (float(number) / units_per_deg for number in found.groups())
    return round(_wrapped_lon(lon_deg), DECIMALS), round(lat_deg, DECIMALS)


def _wrapped_lon(lon_deg: float) -> float:
    if abs(lon_deg) <= MAX_LON_DEG:
        return lon_deg
    return lon_deg - FULL_TURN_DEG * round(lon_deg / FULL_TURN_DEG)


def _split(polygon: Polygon) -> list[BaseGeometry]:
    """Cut a lattice polygon at 180 and bring the pieces within -180..180."""
    pole = MAX_LAT_DEG * UNITS_PER_DEG
    west, _, east, _ = polygon.bounds
    if west >= -HALF_TURN_UNITS and east <= HALF_TURN_UNITS:
        return [polygon]
    pieces: list[BaseGeometry] = []
    for turn in (-FULL_TURN_UNITS, 0.0, FULL_TURN_UNITS):
        window = shapely.box(turn - HALF_TURN_UNITS, -pole, turn + HALF_TURN_UNITS, pole)
        # On the whole-number grid both sides get the same crossing of an edge with 180.
        inside = shapely.get_parts(shapely.intersection(polygon, window, grid_size=1.0))
        for part in inside[shapely.get_dimensions(inside) == POLYGONAL]:
            back = shapely.get_coordinates(part) - (turn, 0.0)
            pieces.append(shapely.set_coordinates(part, back))
    return pieces
