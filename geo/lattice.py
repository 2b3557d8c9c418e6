"""The lattice of stored positions: whole numbers of 1e-7 degrees (11 mm), continuous across 180.

Partitions are noded on this lattice, so that writing them with seven decimals cannot open a gap.
Within this module and :mod:`geo.coverage`, "lattice geometry" means longitude and latitude in units of
1e-7 degrees, unwrapped around the frame's centre; every vertex is a whole number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.errors import RoundingCollapseError

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Coordinates = npt.NDArray[np.float64]

DECIMALS = 7
UNITS_PER_DEG = 1e7
HALF_TURN_UNITS = 180.0 * UNITS_PER_DEG
FULL_TURN_UNITS = 360.0 * UNITS_PER_DEG
# A vertex is rounded to the centre of its unit square; a line it lay on passes through that square.
HALF_UNIT = 0.5
REACH_UNITS = 3.0


def round_lonlat(geometry: BaseGeometry) -> BaseGeometry:
    """Round the coordinates of a lon/lat geometry to 1e-7 degrees; nothing is repaired.

    Examples
    --------
    >>> round_lonlat(shapely.Point(37.123456789, 55.0)).x
    37.1234568
    """

    def rounded(lonlat: Coordinates) -> Coordinates:
        return np.round(lonlat, DECIMALS)

    return shapely.transform(geometry, rounded)


def lonlat_to_units(lonlat: Coordinates) -> Coordinates:
    """Return lattice positions of continuous lon/lat positions, both of shape ``(n, 2)``."""
    units: Coordinates = np.rint(lonlat * UNITS_PER_DEG)
    return units


def area_on_lattice(area_lonlat: BaseGeometry, frame: LocalFrame) -> BaseGeometry:
    """Return an area as lattice geometry, its parts joined across 180.

    Raises
    ------
    RoundingCollapseError
        The area is not valid, or not valid any more on the lattice. It is not repaired.
    """
    units = shapely.transform(frame.unwrap(area_lonlat), lonlat_to_units)
    if units.is_empty or not units.is_valid:
        raise RoundingCollapseError("area is not valid on the lattice of 1e-7 degrees")
    return units


def metric_to_units(metric: Coordinates, frame: LocalFrame) -> Coordinates:
    """Return lattice positions of metric positions, both of shape ``(n, 2)``."""
    return lonlat_to_units(frame.unproject(metric))


def units_to_metric(units: Coordinates, frame: LocalFrame) -> Coordinates:
    """Return metric positions of lattice positions, both of shape ``(n, 2)``."""
    return frame.project(units / UNITS_PER_DEG)


def seam_of(area: BaseGeometry) -> float | None:
    """Return the longitude of the seam at 180 (in units) that a lattice area crosses, if any."""
    west, _, east, _ = area.bounds
    for seam in (-HALF_TURN_UNITS, HALF_TURN_UNITS):
        if west < seam < east:
            return seam
    return None


def boundary_segments(area: BaseGeometry) -> tuple[Coordinates, Coordinates]:
    """Return start and end of every edge of a lattice area, each of shape ``(n, 2)``."""
    units, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(area)), return_index=True)
    same_ring = ring[1:] == ring[:-1]
    return units[:-1][same_ring], units[1:][same_ring]


def put_on_boundary(vertices: Coordinates, area: BaseGeometry) -> Coordinates:
    """Move vertices that were noded onto the boundary of an area exactly onto it.

    Parameters
    ----------
    vertices
        Lattice positions on the outer boundary of a noded coverage, shape ``(n, 2)``.
    area
        The lattice area that was noded.

    Returns
    -------
    numpy.ndarray
        Same shape, fractions of a unit. Nearly every position rounds back to the vertex it came from; a
        vertex of the area is returned unchanged.

    Notes
    -----
    Snap rounding (Hobby, "Practical segment intersection with finite precision output", 1999) bends an
    edge to the centre of every unit square it passes with a vertex. The middle of the edge's way
    through that square lies on the true edge, so areas sum to the area again.
    """
    start, end = boundary_segments(area)
    corners = np.asarray(shapely.points(np.unique(start, axis=0)))
    moved: Coordinates = vertices.copy()
    points = np.asarray(shapely.points(vertices))
    is_corner = np.zeros(len(vertices), dtype=bool)
    is_corner[shapely.STRtree(corners).query(points, predicate="intersects")[0]] = True
    free = np.flatnonzero(~is_corner)
    edges = np.asarray(shapely.linestrings(np.stack((start, end), axis=1)))
    squares = shapely.box(*(vertices[free] - HALF_UNIT).T, *(vertices[free] + HALF_UNIT).T)
    square, edge = shapely.STRtree(edges).query(squares, predicate="intersects")
    # Two edges through one square: both were bent to the same vertex, either is as good.
    square, first = np.unique(square, return_index=True)
    edge, vertex = edge[first], free[square]
    moved[vertex] = _middle_in_square(start[edge], end[edge], vertices[vertex])
    settled = (np.round(moved / UNITS_PER_DEG, DECIMALS) == np.round(vertices / UNITS_PER_DEG, DECIMALS)).all(
        1
    )
    moved[~settled] = vertices[~settled]
    # Noded twice, a vertex may lie a little beside every edge: then the nearest place of one will do.
    beside = np.setdiff1d(free, vertex)
    stray, edge = shapely.STRtree(edges).query(points[beside], predicate="dwithin", distance=REACH_UNITS)
    gap = shapely.distance(points[beside][stray], edges[edge])
    order = np.lexsort((edge, gap, stray))
    stray, first = np.unique(stray[order], return_index=True)
    nearest = shapely.shortest_line(edges[edge[order][first]], points[beside][stray])
    moved[beside[stray]] = shapely.get_coordinates(shapely.get_point(nearest, 0))
    return moved


def _middle_in_square(start: Coordinates, end: Coordinates, centre: Coordinates) -> Coordinates:
    way = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        enter = (centre - HALF_UNIT - start) / way
        leave = (centre + HALF_UNIT - start) / way
    flat = way == 0
    low = np.where(flat, 0.0, np.minimum(enter, leave)).max(axis=1).clip(0.0, 1.0)
    high = np.where(flat, 1.0, np.maximum(enter, leave)).min(axis=1).clip(0.0, 1.0)
    middle: Coordinates = start + way * (0.5 * (low + high))[:, None]
    return middle
