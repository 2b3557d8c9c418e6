"""Sectors that are lines: a bank, a power line, a ride, with a corridor on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.crs import LINEAR
from geo.errors import EditError
from geo.lattice import DECIMALS
from geo.meridian import wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import LineString
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

# Further from the place that somebody clicked no line is meant.
NEAR_M: Final = 200.0
MIN_LENGTH_M: Final = 1.0


def line_within(line: BaseGeometry, area: BaseGeometry, frame: LocalFrame) -> BaseGeometry:
    """Return the part of a lon/lat line that lies in the area, on the lattice of 1e-7 degrees.

    Raises
    ------
    EditError
        ``outside_area``.
    """
    inside = shapely.intersection(frame.unwrap(line), frame.unwrap(area))
    parts = shapely.get_parts(shapely.get_parts([inside]))
    kept = [part for part in parts if shapely.get_dimensions(part) == LINEAR]
    merged = shapely.line_merge(shapely.multilinestrings(kept)) if len(kept) > 1 else inside
    rounded = shapely.transform(merged, lambda lonlat: np.round(lonlat, DECIMALS))
    if not kept or frame.length_m(rounded) < MIN_LENGTH_M:
        raise EditError("outside_area")
    return wrap(rounded)


def nearest_line(lines: Sequence[LineString], lon: float, lat: float, frame: LocalFrame) -> BaseGeometry:
    """Return the whole line that passes nearest to a place, joined from the pieces of the file.

    Parameters
    ----------
    lines
        Lon/lat lines of one class of the ground, in pieces as files have them.
    lon, lat
        The place, degrees.

    Raises
    ------
    EditError
        ``no_line_near``: none within 200 m.
    """
    if not len(lines):
        raise EditError("no_line_near")
    merged = shapely.get_parts([shapely.line_merge(shapely.multilinestrings(list(lines)))])
    place = frame.to_metric(shapely.Point(lon, lat))
    metric = [frame.to_metric(line) for line in merged]
    distance_m = shapely.distance(metric, place)
    nearest = int(np.argmin(distance_m))
    if distance_m[nearest] > NEAR_M:
        raise EditError("no_line_near")
    found: BaseGeometry = merged[nearest]
    return found
