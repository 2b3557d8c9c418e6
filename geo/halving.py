"""Straight cuts that halve ground which is too large for one team."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.ops import split

from geo.crs import LINEAR
from geo.lattice import metric_to_units, units_to_metric

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Coordinates = npt.NDArray[np.float64]

# Cuts reach this far beyond a piece, so that one that ends on another cut crosses it after rounding.
OVERSHOOT_M = 1.0
STRETCH_M = 200.0
SIDES = 2
STRETCH_UNITS = 20_000.0


def cut_lines(ground: BaseGeometry, frame: LocalFrame, max_area_m2: float) -> list[BaseGeometry]:
    """Return lattice lines that cut a lattice polygon into pieces of at most a given size.

    Parameters
    ----------
    ground
        Lattice Polygon or MultiPolygon.
    frame
        Frame of the operation.
    max_area_m2
        Largest piece, square metres.

    Notes
    -----
    Each piece is cut through the centroid of its smallest enclosing rectangle, across the longer side,
    until it is small enough: pieces stay compact, and n square metres need about log2(n / max) rounds.
    """

    def to_metric(units: Coordinates) -> Coordinates:
        return units_to_metric(units, frame)

    def to_units(metric: Coordinates) -> Coordinates:
        return metric_to_units(metric, frame)

    # An edge straight in lon/lat bends in metres: without more vertices a cut would end short of it.
    queue = _polygons(shapely.transform(shapely.segmentize(ground, STRETCH_UNITS), to_metric))
    cuts: list[BaseGeometry] = []
    while queue:
        piece = queue.pop()
        if piece.area <= max_area_m2:
            continue
        cut = _across(piece)
        parts = _polygons(split(piece, cut))
        if len(parts) > 1:
            cuts.extend(_longer(line) for line in shapely.get_parts(cut.intersection(piece)))
            queue.extend(parts)
    stretched = shapely.transform(shapely.segmentize(np.array(cuts, dtype=object), STRETCH_M), to_units)
    inside = shapely.get_parts(shapely.get_parts(shapely.intersection(ground, stretched)))
    return list(shapely.transform(inside[shapely.get_dimensions(inside) == LINEAR], np.rint))


def _across(piece: Polygon) -> LineString:
    """Return the line across the longer side of a metric polygon, through the middle of its ground."""
    sides = np.diff(shapely.get_coordinates(shapely.minimum_rotated_rectangle(piece))[:3], axis=0)
    # GEOS 3.14 gives some pieces a rectangle without width: their plain box will do.
    if len(sides) < SIDES or piece.area > np.prod(np.hypot(*sides.T)) * (1.0 + 1e-6):
        sides = np.diff(shapely.get_coordinates(piece.envelope)[:3], axis=0)
    lengths_m = np.hypot(*sides.T)
    shorter = sides[int(np.argmin(lengths_m))] / lengths_m.min()
    # Long enough to leave the piece on both sides wherever its middle lies.
    reach = shorter * (math.hypot(*lengths_m) + OVERSHOOT_M)
    middle = shapely.get_coordinates(piece.centroid)[0]
    return shapely.LineString([middle - reach, middle + reach])


def _longer(line: BaseGeometry) -> BaseGeometry:
    """Carry a straight metric line on at both ends."""
    ends = shapely.get_coordinates(line)[[0, -1]]
    way = ends[1] - ends[0]
    step = way / max(math.hypot(*way), OVERSHOOT_M) * OVERSHOOT_M
    return shapely.LineString([ends[0] - step, ends[1] + step])


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
