"""Strict reading of GeoJSON positions: lists of numbers in, arrays of degrees out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import (
    GeometryNumberError,
    GeometryStructureError,
    LatitudeRangeError,
    LongitudeRangeError,
    PoleEnclosedError,
    RingNotClosedError,
    RingTooShortError,
    TooManyVerticesError,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Coordinates = npt.NDArray[np.float64]

MIN_RING_POSITIONS = 4
POSITION_SIZES = (2, 3)
MAX_LON_DEG, MAX_LAT_DEG = 180.0, 90.0
# Longitudes beyond 180 are taken for an area drawn across it only if it is no wider than this.
MAX_UNSPLIT_WIDTH_DEG = 30.0
FULL_TURN_DEG = 360.0


def is_array(value: object) -> bool:
    """Tell whether a decoded JSON value is an array."""
    return isinstance(value, list | tuple)


def count_positions(parts: Any, max_vertices: int) -> None:
    """Refuse more positions than a cap, looking at lengths only.

    Parameters
    ----------
    parts
        ``coordinates`` of a MultiPolygon.
    max_vertices
        Cap on positions; a ring counts one even if it is empty.

    Raises
    ------
    TooManyVerticesError, GeometryStructureError
    """
    total = 0
    if not is_array(parts) or not parts:
        raise GeometryStructureError("coordinates must be a non-empty array")
    for part_index, rings in enumerate(parts):
        if not is_array(rings) or not rings:
            raise GeometryStructureError("a polygon must be a non-empty array", part_index=part_index)
        for ring_index, ring in enumerate(rings):
            if not is_array(ring):
                raise GeometryStructureError(
                    "a ring must be an array", part_index=part_index, ring_index=ring_index
                )
            total += max(len(ring), 1)
            if total > max_vertices:
                raise TooManyVerticesError(max_vertices)


def read_position(value: Any, **place: int) -> tuple[float, float]:
    """Read ``[lon, lat]`` or ``[lon, lat, height]`` in degrees; a height is checked and dropped.

    Raises
    ------
    GeometryStructureError, GeometryNumberError, LatitudeRangeError
        Longitudes are checked by the callers, which know what may lie beyond 180.
    """
    if not is_array(value) or len(value) not in POSITION_SIZES:
        raise GeometryStructureError("a position must be an array of two or three numbers", **place)
    for number in value:
        # bool is an int in Python; a JSON true is no coordinate.
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise GeometryNumberError("a coordinate must be a number", **place)
        # An integer with hundreds of digits cannot even become a float.
        if isinstance(number, int) and abs(number) > FULL_TURN_DEG * 1e9:
            raise GeometryNumberError("a coordinate is out of all bounds", **place)
        if not math.isfinite(number):
            raise GeometryNumberError("a coordinate must be finite", **place)
    lon, lat = float(value[0]), float(value[1])
    if abs(lat) > MAX_LAT_DEG:
        raise LatitudeRangeError("latitude must be within -90..90", **place)
    return lon, lat


def read_ring(ring: Any, part_index: int, ring_index: int) -> Coordinates:
    """Read a closed ring, shape ``(n, 2)``, longitudes made continuous across 180.

    Raises
    ------
    GeometryError
        Any of its subclasses for numbers, ranges and rings.
    """
    if len(ring) < MIN_RING_POSITIONS:
        raise RingTooShortError(
            "a ring needs at least four positions", part_index=part_index, ring_index=ring_index
        )
    lonlat = np.array(
        [
            read_position(position, part_index=part_index, ring_index=ring_index, position_index=index)
            for index, position in enumerate(ring)
        ]
    )
    if (lonlat[0] != lonlat[-1]).any():
        raise RingNotClosedError(
            "the last position of a ring must equal the first",
            lon_deg=float(lonlat[-1, 0]),
            lat_deg=float(lonlat[-1, 1]),
            part_index=part_index,
            ring_index=ring_index,
        )
    _check_longitudes(lonlat, part_index, ring_index)
    # A step of more than half a turn is the short way across 180 (RFC 7946, 3.1.9).
    turns = -np.rint(np.diff(lonlat[:, 0]) / FULL_TURN_DEG)
    lonlat[1:, 0] += np.cumsum(turns) * FULL_TURN_DEG
    if lonlat[0, 0] != lonlat[-1, 0]:
        raise PoleEnclosedError("a ring runs round a pole", part_index=part_index, ring_index=ring_index)
    return lonlat


def _check_longitudes(lonlat: Coordinates, part_index: int, ring_index: int) -> None:
    lon = lonlat[:, 0]
    beyond = np.flatnonzero(np.abs(lon) > MAX_LON_DEG)
    if not len(beyond):
        return
    west, east = float(lon.min()), float(lon.max())
    straddles = west < -MAX_LON_DEG < east or west < MAX_LON_DEG < east
    if straddles and east - west <= MAX_UNSPLIT_WIDTH_DEG:
        return
    index = int(beyond[0])
    raise LongitudeRangeError(
        "longitude must be within -180..180",
        part_index=part_index,
        ring_index=ring_index,
        position_index=index,
    )
