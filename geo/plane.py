"""The plane map of an area and natural lines: faces within the area and their common edges, found fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.coverage import Coverage, faces_within, node_edges
from geo.faces_kernels import faces_of, flood
from geo.noding_kernels import TooWideError, node_segments, segments_of

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.faces_kernels import PlaneFaces
    from geo.noding_kernels import NodedLines

    Coordinates = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class PlaneMap:
    """Faces of an area with what did not divide it.

    Parameters
    ----------
    coverage
        Faces within the area and the edges between them.
    idle
        Stretches that part nothing, as lattice positions of both ends, shape ``(n, 2, 2)``.
    """

    coverage: Coverage
    idle: Coordinates


def plane_map(grounds: Geometries, lines: Geometries) -> PlaneMap:
    """Return the faces into which lines cut ground.

    Parameters
    ----------
    grounds
        Lattice polygons with disjoint interiors; together they are the area.
    lines
        Lattice lines; what lies outside the ground encloses nothing of it.

    Notes
    -----
    Every outline is walked with its ground on the left, so the winding number of a face, counted across the
    edges from the outside, says whether it is ground: no point is tested against the area.
    """
    outlines = segments_of(shapely.get_rings(shapely.orient_polygons(grounds)))
    across = segments_of(lines)
    segments = np.concatenate((outlines, across))
    marked = np.zeros(len(segments), dtype=np.int64)
    marked[: len(outlines)] = 1
    try:
        noded = node_segments(segments, marked)
    except TooWideError:
        return _plain_map(grounds, lines)
    plane = faces_of(noded)
    inside = _windings(plane.sides, noded.turn[plane.edges], len(plane.faces)) > 0
    return _map_of(noded, plane, inside)


def _map_of(noded: NodedLines, plane: PlaneFaces, inside: Flags) -> PlaneMap:
    number = np.append(np.where(inside, np.cumsum(inside) - 1, -1), -1)
    sides = number[plane.sides]
    parts = np.flatnonzero(sides[:, 0] != sides[:, 1])
    kept = sides[parts]
    # The outside, if any, comes second.
    kept = np.where(kept[:, :1] < 0, kept[:, ::-1], kept)
    faces = plane.faces[inside]
    vertices = noded.vertices.astype(np.float64)
    edges = noded.edges[plane.edges[parts]]
    idle = np.ones(len(noded.edges), dtype=bool)
    idle[plane.edges[parts]] = False
    idle[plane.edges[(sides < 0).all(axis=1)]] = False
    coverage = Coverage(faces, vertices, _vertex_of_coordinate(faces, noded.vertices), edges, kept)
    return PlaneMap(coverage, vertices[noded.edges[idle]])


def _vertex_of_coordinate(faces: Geometries, vertices: Whole) -> Whole:
    if not len(faces):
        return np.empty(0, dtype=np.int64)
    origin = vertices.min(axis=0)
    step = int(vertices[:, 1].max() - origin[1]) + 1
    keys = (vertices[:, 0] - origin[0]) * step + vertices[:, 1] - origin[1]
    positions = shapely.get_coordinates(faces).astype(np.int64) - origin
    found: Whole = np.searchsorted(keys, positions[:, 0] * step + positions[:, 1])
    return found


def _plain_map(grounds: Geometries, lines: Geometries) -> PlaneMap:
    """Do the same with GEOS, where the ground is too wide for the kernels; the tests hold the two equal."""
    area: BaseGeometry = shapely.coverage_union_all(grounds) if len(grounds) > 1 else grounds[0]
    edges = node_edges([*lines, *shapely.boundary(grounds)])
    coverage = Coverage.of(faces_within(area, edges))
    pairs = np.stack([shapely.get_coordinates(shapely.get_point(edges, end)) for end in (0, -1)], axis=1)
    kept = {_pair(*ends) for ends in coverage.vertices[coverage.edge_vertices]}
    idle = [pair for pair in pairs if _pair(*pair) not in kept]
    return PlaneMap(coverage, np.array(idle, dtype=np.float64).reshape(-1, 2, 2))


def _pair(one: Coordinates, other: Coordinates) -> tuple[tuple[float, ...], ...]:
    return tuple(sorted((tuple(one.tolist()), tuple(other.tolist()))))


def _windings(sides: Whole, turn: Whole, faces: int) -> Whole:
    """Return the winding number of every face; the outside has none."""
    here = np.concatenate((sides[:, 0], sides[:, 1]))
    here = np.where(here < 0, faces, here)
    there = np.concatenate((sides[:, 1], sides[:, 0]))
    there = np.where(there < 0, faces, there)
    change = np.concatenate((-turn, turn))
    order = np.argsort(here, kind="stable")
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(np.bincount(here, minlength=faces + 1))))
    return flood(starts, there[order], change[order])[:faces]
