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

# Nearer than this, noding surely joins an end to a line: half a lattice unit at 85 N is 0.5 mm wide.
TOUCH_M = 1e-4
# A vertex of the target this near to the nearest place is taken instead of it.
VERTEX_M = 0.01
# A connector is carried on past a line by this, so that rounding cannot leave it short.
OVERSHOOT_M = 0.05
MIN_MEETING = 2
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
    An end is loose if it touches no other line and no boundary. Loose ends near each other
    meet in the middle (a line's own two ends too: an almost closed round); besides, each is carried on
    to the nearest line that it does not meet so. Lines shorter than the gap are not carried on: a stub
    would only be bent back to where it came from.
    """
    if snap_m <= 0 or not len(lines):
        return np.empty(0, dtype=object)

    def to_metric(units: Coordinates) -> Coordinates:
        return units_to_metric(units, frame)

    stretched = shapely.segmentize([*lines, *shapely.get_parts(area.boundary)], STRETCH_UNITS)
    network = np.asarray(shapely.transform(stretched, to_metric))
    # Edge by edge: the distance to a boundary of ten thousand vertices is no quick question.
    edges, line_of_edge = _edges(network)
    tree = shapely.STRtree(edges)
    ends, line_of_end = _loose_ends(network[: len(lines)], tree, line_of_edge, snap_m)
    meeting, meeting_of_end = _meetings(ends, snap_m)
    end, edge = tree.query(ends, predicate="dwithin", distance=snap_m)
    foreign = _not_joined(end, line_of_edge[edge], line_of_end, meeting_of_end)
    connectors = [*_reach(ends, edges, end[foreign], edge[foreign]), *meeting]
    return np.asarray(
        shapely.transform(np.array(connectors, dtype=object), lambda metric: metric_to_units(metric, frame))
    )


def _edges(network: Geometries) -> tuple[Geometries, Indices]:
    """Return every edge of metric lines as a line of its own, and the line it belongs to."""
    positions, line = shapely.get_coordinates(network, return_index=True)
    same = line[1:] == line[:-1]
    pairs = np.stack((positions[:-1][same], positions[1:][same]), axis=1)
    return np.asarray(shapely.linestrings(pairs)), line[:-1][same].astype(np.int64)


def _loose_ends(
    lines: Geometries, tree: shapely.STRtree, line_of_edge: Indices, snap_m: float
) -> tuple[Geometries, Indices]:
    """Return the ends that touch nothing but their own line, and the line of each."""
    open_lines = np.flatnonzero(~shapely.is_closed(lines) & (shapely.length(lines) > snap_m))
    firsts, lasts = shapely.get_point(lines[open_lines], 0), shapely.get_point(lines[open_lines], -1)
    ends, line_of_end = np.concatenate((firsts, lasts)), np.concatenate((open_lines, open_lines))
    end, edge = tree.query(ends, predicate="dwithin", distance=TOUCH_M)
    target = line_of_edge[edge]
    loose = np.ones(len(ends), dtype=bool)
    loose[end[line_of_end[end] != target]] = False
    return ends[loose], line_of_end[loose]


def _meetings(ends: Geometries, snap_m: float) -> tuple[list[BaseGeometry], Indices]:
    """Join loose ends that lie near each other in the middle between them, as at a ragged crossing.

    Returns
    -------
    tuple
        Connectors, and for each end the number of its meeting (-1 for an end that is alone).
    """
    meeting_of_end = np.full(len(ends), -1, dtype=np.int64)
    connectors: list[BaseGeometry] = []
    one, other = shapely.STRtree(ends).query(ends, predicate="dwithin", distance=snap_m)
    near: dict[int, list[int]] = {}
    for first, second in zip(one.tolist(), other.tolist(), strict=True):
        near.setdefault(first, []).append(second)
    positions = shapely.get_coordinates(ends)
    # Round the busiest end first: it is the middle of its crossing. A meeting is never wider than the gap.
    for centre in sorted(near, key=lambda end: (-len(near[end]), end)):
        members = [end for end in sorted(near[centre]) if meeting_of_end[end] < 0]
        if meeting_of_end[centre] >= 0 or len(members) < MIN_MEETING:
            continue
        meeting_of_end[members] = centre
        middle = positions[members].mean(axis=0)
        connectors.extend(shapely.LineString([positions[end], middle]) for end in members)
    return connectors, meeting_of_end


def _not_joined(end: Indices, line: Indices, line_of_end: Indices, meeting_of_end: Indices) -> Indices:
    """Return which pairs of a loose end and a line near it are not joined already."""
    joined = set(zip(meeting_of_end.tolist(), line_of_end.tolist(), strict=True))
    foreign = np.flatnonzero(line != line_of_end[end])
    meetings = meeting_of_end[end[foreign]].tolist()
    pairs = zip(meetings, line[foreign].tolist(), strict=True)
    kept = [meeting < 0 or (meeting, near) not in joined for meeting, near in pairs]
    chosen: Indices = foreign[np.array(kept, dtype=bool)]
    return chosen


def _reach(ends: Geometries, edges: Geometries, end: Indices, edge: Indices) -> Geometries:
    """Return a connector from each loose end to the nearest of the edges paired with it."""
    gap_m = shapely.distance(ends[end], edges[edge])
    order = np.lexsort((edge, gap_m, end))
    loose, first = np.unique(end[order], return_index=True)
    return _bridges(ends[loose], edges[edge[order][first]])


def _bridges(ends: Geometries, targets: Geometries) -> Geometries:
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
    at_vertex = np.hypot(*(vertex - place).T) <= VERTEX_M
    way = place - start
    past = place + way / np.hypot(*way.T)[:, None] * OVERSHOOT_M
    # A vertex is met exactly: beyond it there may be nothing to cross.
    finish = np.where(at_vertex[:, None], vertex, past)
    return np.asarray(shapely.linestrings(np.stack((start, finish), axis=1)))


def _owners(geometries: Geometries) -> Indices:
    return np.repeat(np.arange(len(geometries)), shapely.get_num_coordinates(geometries))
