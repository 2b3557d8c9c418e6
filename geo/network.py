"""A ragged line network made ready for noding: cut to the area, loose ends carried on.

Lines are lattice geometry (see :mod:`geo.lattice`); lengths are metres in the local frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.crs import LINEAR
from geo.lattice import lonlat_to_units, metric_to_units, units_to_metric
from geo.meridian import unwrap_longitudes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Coordinates = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]
    Geometries = npt.NDArray[np.object_]

# Nearer than this, two lines meet; the lattice itself is 11 mm.
TOUCH_M = 0.01
# A connector is carried on past a line by this, so that rounding cannot leave it short.
OVERSHOOT_M = 0.05
# Stretch that is straight in lon/lat and in metres alike, to a few millimetres.
STRETCH_UNITS = 20_000.0


def lines_within(
    area: BaseGeometry, lines_lonlat: Sequence[LineString] | Geometries, frame: LocalFrame
) -> tuple[Geometries, int]:
    """Return the parts of lon/lat lines that lie in a lattice area, and how many lines they come from.

    Parameters
    ----------
    area
        Lattice area.
    lines_lonlat
        EPSG:4326; lines may jump across 180 degrees. Empty lines and lines of a single place are left
        out.
    frame
        Frame of the operation.
    """

    def to_units(lonlat: Coordinates) -> Coordinates:
        continuous = lonlat.copy()
        continuous[:, 0] = unwrap_longitudes(lonlat[:, 0], frame.lon_deg)
        return lonlat_to_units(continuous)

    lines = shapely.transform(np.array(lines_lonlat, dtype=object), to_units)
    lines = lines[shapely.length(lines) > 0]
    shapely.prepare(area)
    lines = lines[shapely.intersects(area, lines)]
    inside = np.asarray(shapely.contains_properly(area, lines))
    clipped = shapely.get_parts(shapely.get_parts(shapely.intersection(area, lines[~inside])))
    clipped = shapely.transform(clipped[shapely.get_dimensions(clipped) == LINEAR], np.rint)
    parts: Geometries = np.concatenate((lines[inside], clipped))
    return parts[shapely.length(parts) > 0], len(lines)


def connect_ends(area: BaseGeometry, lines: Geometries, frame: LocalFrame, snap_m: float) -> Geometries:
    """Return short lattice lines that carry loose ends on to the nearest line or boundary.

    Parameters
    ----------
    area, lines
        Lattice geometry.
    frame
        Frame of the operation.
    snap_m
        Longest gap that is closed, metres.

    Notes
    -----
    An end is loose if no other line and no boundary lies within a centimetre. Lines shorter than the
    gap are not carried on: a stub would only be bent back to where it came from.
    """
    if snap_m <= 0 or not len(lines):
        return np.empty(0, dtype=object)

    def to_metric(units: Coordinates) -> Coordinates:
        return units_to_metric(units, frame)

    stretched = shapely.segmentize([*lines, *shapely.get_parts(area.boundary)], STRETCH_UNITS)
    network = np.asarray(shapely.transform(stretched, to_metric))
    tree = shapely.STRtree(network)
    ends, line_of_end = _ends(network[: len(lines)], snap_m)
    near, target = tree.query(ends, predicate="dwithin", distance=snap_m)
    own = line_of_end[near] == target
    gap_m = shapely.distance(ends[near], network[target])
    connected = np.zeros(len(ends), dtype=bool)
    connected[near[~own & (gap_m <= TOUCH_M)]] = True
    usable = ~own & ~connected[near]
    near, target, gap_m = near[usable], target[usable], gap_m[usable]
    order = np.lexsort((target, gap_m, near))
    loose, first = np.unique(near[order], return_index=True)
    nearest = target[order][first]
    connectors = [
        *_reach(ends[loose], network[nearest]),
        *_closing(network[: len(lines)], ends, line_of_end, connected, snap_m),
    ]
    return np.asarray(
        shapely.transform(np.array(connectors, dtype=object), lambda metric: metric_to_units(metric, frame))
    )


def _ends(lines: Geometries, snap_m: float) -> tuple[Geometries, Indices]:
    """Return the first and last points of open lines that are longer than the gap, in turn."""
    open_lines = np.flatnonzero(~shapely.is_closed(lines) & (shapely.length(lines) > snap_m))
    first, last = shapely.get_point(lines[open_lines], 0), shapely.get_point(lines[open_lines], -1)
    ends = np.empty(2 * len(open_lines), dtype=object)
    ends[0::2], ends[1::2] = first, last
    return ends, np.repeat(open_lines, 2)


def _reach(ends: Geometries, targets: Geometries) -> Geometries:
    """Return a connector from each end to the nearest place of its target, a little past it."""
    if not len(ends):
        return np.empty(0, dtype=object)
    start, place = (
        shapely.get_coordinates(shapely.shortest_line(ends, targets)).reshape(-1, 2, 2).swapaxes(0, 1)
    )
    vertices = shapely.multipoints(shapely.get_coordinates(targets), indices=_owners(targets))
    vertex = shapely.get_coordinates(shapely.shortest_line(shapely.points(place), vertices)).reshape(
        -1, 2, 2
    )[:, 1]
    at_vertex = np.hypot(*(vertex - place).T) <= TOUCH_M
    way = place - start
    past = place + way / np.hypot(*way.T)[:, None] * OVERSHOOT_M
    # A vertex is met exactly: beyond it there may be nothing to cross.
    finish = np.where(at_vertex[:, None], vertex, past)
    return np.asarray(shapely.linestrings(np.stack((start, finish), axis=1)))


def _owners(geometries: Geometries) -> Indices:
    return np.repeat(np.arange(len(geometries)), shapely.get_num_coordinates(geometries))


def _closing(
    lines: Geometries, ends: Geometries, line_of_end: Indices, connected: npt.NDArray[np.bool_], snap_m: float
) -> Geometries:
    """Return connectors for lines whose own two ends nearly meet (an almost closed round)."""
    first, last = ends[0::2], ends[1::2]
    line = line_of_end[0::2]
    gap_m = np.asarray(shapely.distance(first, last))
    # A round is long beside its gap; a short hook is not a round.
    round_trip = (gap_m > 0) & (gap_m <= snap_m) & (shapely.length(lines[line]) > 4.0 * snap_m)
    round_trip &= ~connected[0::2] & ~connected[1::2]
    pairs = np.stack(
        (shapely.get_coordinates(first[round_trip]), shapely.get_coordinates(last[round_trip])), axis=1
    )
    return np.asarray(shapely.linestrings(pairs), dtype=object).reshape(-1)
