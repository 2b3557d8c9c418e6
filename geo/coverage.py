"""Faces of a noded line network, grouped into the sectors of a partition.

Everything here is lattice geometry (see :mod:`geo.lattice`) until :func:`sectors_of` writes lon/lat.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.crs import LINEAR, lengths_m
from geo.errors import PartitionBrokenError
from geo.lattice import (
    FULL_TURN_UNITS,
    HALF_TURN_UNITS,
    UNITS_PER_DEG,
    put_on_boundary,
    round_lonlat,
    seam_of,
)
from geo.meridian import assemble

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Coordinates = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]
    Geometries = npt.NDArray[np.object_]


# A tenth of a square millimetre: nothing but vertices on one line.
CRUSHED_UNITS2 = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Faces that share vertices, and the edges between them.

    Parameters
    ----------
    faces
        Lattice polygons, shape ``(n_faces,)``; interiors disjoint, edges fully noded.
    vertices
        Distinct lattice positions, shape ``(n_vertices, 2)``.
    vertex_of_coordinate
        Index into ``vertices`` of each coordinate of ``faces``.
    edge_vertices
        Ends of each distinct edge, shape ``(n_edges, 2)``, smaller index first.
    edge_faces
        Faces on both sides, shape ``(n_edges, 2)``; -1 is the outside.
    """

    faces: Geometries
    vertices: Coordinates
    vertex_of_coordinate: Indices
    edge_vertices: Indices
    edge_faces: Indices

    @classmethod
    def of(cls, faces: Geometries) -> Coverage:
        """Find the shared edges of faces.

        Raises
        ------
        PartitionBrokenError
            An edge has more than two faces.
        """
        rings, face_of_ring = shapely.get_rings(faces, return_index=True)
        coordinates, ring = shapely.get_coordinates(rings, return_index=True)
        vertices, inverse = np.unique(coordinates, axis=0, return_inverse=True)
        vertex = inverse.reshape(-1).astype(np.int64)
        same_ring = ring[1:] == ring[:-1]
        ends = np.sort(np.column_stack((vertex[:-1][same_ring], vertex[1:][same_ring])), axis=1)
        owner = face_of_ring[ring[:-1][same_ring]]
        key = ends[:, 0] * len(vertices) + ends[:, 1]
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.diff(key[order], prepend=-1))
        count = np.diff(np.append(first, len(key)))
        if count.max(initial=0) > 2:  # noqa: PLR2004 - an edge of a plane map has two sides
            raise PartitionBrokenError("an edge has more than two faces")
        second = np.where(count > 1, owner[order[np.minimum(first + 1, len(key) - 1)]], -1)
        sides = np.column_stack((owner[order[first]], second)).astype(np.int64)
        return cls(faces, vertices, vertex, ends[order[first]], sides)

    def edge_lengths_m(self) -> Coordinates:
        """Return the geodesic length of each edge in metres, shape ``(n_edges,)``."""
        lonlat = self.vertices / UNITS_PER_DEG
        return lengths_m(lonlat[self.edge_vertices[:, 0]], lonlat[self.edge_vertices[:, 1]])


def seam_lines(area: BaseGeometry) -> list[BaseGeometry]:
    """Return the line along 180 that a lattice area must be noded with, or nothing."""
    seam = seam_of(area)
    if seam is None:
        return []
    _, south, _, north = area.bounds
    inside = shapely.get_parts(area.intersection(shapely.LineString([(seam, south - 1), (seam, north + 1)])))
    return list(shapely.transform(inside[shapely.get_dimensions(inside) == LINEAR], np.rint))


def node(area: BaseGeometry, lines: Geometries) -> Geometries:
    """Return the distinct, fully noded edges of an area's boundary and of lines on the lattice.

    Notes
    -----
    Snap rounding to whole units: crossing, touching and overlapping lines get common vertices, however
    ragged they are. No line is moved by more than a unit (11 mm).
    """
    return node_edges([*lines, *seam_lines(area), area.boundary])


def node_edges(edges: Sequence[BaseGeometry] | Geometries) -> Geometries:
    """Return lattice lines noded among themselves by snap rounding."""
    parts: Geometries = shapely.get_parts(shapely.union_all(edges, grid_size=1.0))
    return parts


def faces_within(area: BaseGeometry, edges: Geometries) -> Geometries:
    """Return the faces that noded edges enclose within an area, in a repeatable order.

    Notes
    -----
    Since the boundary is among the edges, ground that no line reaches is a face (or part of one) too:
    there cannot be a gap.
    """
    faces = shapely.get_parts(shapely.polygonize(edges))
    shapely.prepare(area)
    inside = faces[shapely.intersects(area, shapely.point_on_surface(faces))]
    west, south, _, _ = shapely.bounds(inside).T
    x, y = shapely.get_coordinates(shapely.point_on_surface(inside)).T
    ordered: Geometries = inside[np.lexsort((y, x, south, west))]
    return ordered


def locate(faces: Geometries, polygons: Geometries) -> Indices:
    """Return for each face the first polygon that holds its inner point, -1 for none.

    ``faces`` and ``polygons`` are lattice geometry; the result has the shape of ``faces``.
    """
    face, polygon = shapely.STRtree(polygons).query(shapely.point_on_surface(faces), predicate="intersects")
    order = np.lexsort((polygon, face))
    found, first = np.unique(face[order], return_index=True)
    owner = np.full(len(faces), -1, dtype=np.int64)
    owner[found] = polygon[order][first]
    return owner


def face_areas_m2(faces: Geometries, frame: LocalFrame) -> Coordinates:
    """Return the area of lattice polygons on the ellipsoid, shape ``(n_faces,)``, square metres."""
    return frame.areas_m2(shapely.transform(faces, lambda units: units / UNITS_PER_DEG))


def join_across_seam(coverage: Coverage, area: BaseGeometry, lines: Geometries | None = None) -> Indices:
    """Return a group for each face: faces that only the line along 180 parts share one.

    ``lines`` are the lattice lines that were noded: where one of them runs along 180 it does divide.
    """
    seam = seam_of(area)
    group = np.arange(len(coverage.faces), dtype=np.int64)
    if seam is None:
        return group
    edges = coverage.vertices[coverage.edge_vertices]
    opened = (edges[:, :, 0] == seam).all(axis=1) & (coverage.edge_faces[:, 1] >= 0)
    if lines is not None and len(lines):
        middles = np.asarray(shapely.points(edges[opened].mean(axis=1)))
        barrier, _ = shapely.STRtree(lines).query(middles, predicate="intersects")
        opened[np.flatnonzero(opened)[barrier]] = False
    parent = {int(face): int(face) for face in group}
    for one, other in coverage.edge_faces[opened]:
        low, high = sorted((_root(parent, int(one)), _root(parent, int(other))))
        parent[high] = low
    return np.array([_root(parent, int(face)) for face in group], dtype=np.int64)


def merge_small(
    coverage: Coverage, group_of_face: Indices, area_m2_of_face: Coordinates, min_area_m2: float
) -> tuple[Indices, tuple[tuple[int, int], ...]]:
    """Join every group below a size to the neighbour with the longest shared edge.

    Parameters
    ----------
    coverage, group_of_face
        Faces and the group of each, shape ``(n_faces,)``.
    area_m2_of_face
        Square metres, shape ``(n_faces,)``.
    min_area_m2
        Groups at least this large stay; 0 keeps all.

    Returns
    -------
    tuple
        New group of each face, and the merges as pairs (group gone, group that took it) in order.

    Notes
    -----
    Smallest first; equal areas and equal edges by group number, so that a plan repeats. A group without
    neighbours (an island of the area) stays however small.
    """
    sizes_m2 = np.bincount(group_of_face, weights=area_m2_of_face)
    size_m2 = {int(group): float(sizes_m2[group]) for group in np.unique(group_of_face)}
    shared_m = _shared_edges(coverage, group_of_face)
    heap = [(area_m2, group) for group, area_m2 in size_m2.items() if area_m2 < min_area_m2]
    heapq.heapify(heap)
    parent = {group: group for group in size_m2}
    merges: list[tuple[int, int]] = []
    while heap:
        area_m2, small = heapq.heappop(heap)
        neighbours = shared_m.get(small, {})
        if size_m2.get(small) != area_m2 or not neighbours:
            continue  # grown or gone since it was queued, or an island
        taker = min(neighbours, key=lambda group: (-neighbours[group], group))
        merges.append((small, taker))
        parent[small] = taker
        size_m2[taker] += size_m2.pop(small)
        for group, length_m in shared_m.pop(small).items():
            del shared_m[group][small]
            if group != taker:
                shared_m[group][taker] = shared_m[group].get(taker, 0.0) + length_m
                shared_m[taker][group] = shared_m[group][taker]
        if size_m2[taker] < min_area_m2:
            heapq.heappush(heap, (size_m2[taker], taker))
    merged = np.array([_root(parent, int(group)) for group in group_of_face], dtype=np.int64)
    return merged, tuple(merges)


def sectors_of(
    coverage: Coverage, group_of_face: Indices, area: BaseGeometry
) -> tuple[dict[int, BaseGeometry], bool]:
    """Write each group of faces as one lon/lat geometry, split at 180.

    Returns
    -------
    tuple
        Whether the outer border lies exactly on the area's (else it is rounded to the lattice), after the
        geometries: valid Polygon or MultiPolygon by group, shells counter-clockwise. Together a valid
        coverage, exactly and after rounding to 1e-7 degrees, and their union is the area.

    Raises
    ------
    PartitionBrokenError
        The result is no valid coverage, even on the lattice.
    """
    everything = np.ones(len(coverage.faces), dtype=bool)
    exact, solid = _exact_vertices(coverage, group_of_face, area)
    for vertices, kept, on_border in ((exact, solid, True), (coverage.vertices, everything, False)):
        try:
            sectors = _write(coverage, group_of_face, vertices, kept)
        except shapely.GEOSException:
            continue  # a face thinner than the shift of its vertices: the lattice itself has room
        geometries = np.array(list(sectors.values()), dtype=object)
        rounded = np.array([round_lonlat(geometry) for geometry in geometries], dtype=object)
        if is_coverage(geometries) and is_coverage(rounded):
            return sectors, on_border
    raise PartitionBrokenError("the sectors are no valid coverage")


def is_coverage(geometries: Geometries) -> bool:
    """Tell whether polygonal geometries are valid and share edges without overlap or loose vertices."""
    return bool(shapely.is_valid(geometries).all() and shapely.coverage_is_valid(geometries))


def _exact_vertices(
    coverage: Coverage, group_of_face: Indices, area: BaseGeometry
) -> tuple[Coordinates, npt.NDArray[np.bool_]]:
    """Return the vertices with those of the outer boundary put exactly onto it, and which faces remain.

    A dust face with every vertex on one edge of the boundary loses all its ground and is left out of its
    sector; one that would be turned inside out keeps its vertices on the lattice.
    """
    outer = np.unique(coverage.edge_vertices[coverage.edge_faces[:, 1] < 0])
    exact = coverage.vertices.copy()
    exact[outer] = put_on_boundary(coverage.vertices[outer], area)
    moved = shapely.set_coordinates(coverage.faces.copy(), exact[coverage.vertex_of_coordinate])
    sectors = np.bincount(group_of_face)
    crushed = (shapely.area(moved) < CRUSHED_UNITS2) & (sectors[group_of_face] > 1)
    before, after = shapely.get_exterior_ring(coverage.faces), shapely.get_exterior_ring(moved)
    turned = ~crushed & (~shapely.is_valid(moved) | (shapely.is_ccw(before) != shapely.is_ccw(after)))
    back = coverage.vertex_of_coordinate[np.repeat(turned, shapely.get_num_coordinates(coverage.faces))]
    exact[back] = coverage.vertices[back]
    return exact, ~crushed


def _write(
    coverage: Coverage, group_of_face: Indices, vertices: Coordinates, kept: npt.NDArray[np.bool_]
) -> dict[int, BaseGeometry]:
    per_face = shapely.get_num_coordinates(coverage.faces)
    west, _, east, _ = shapely.bounds(coverage.faces).T
    # Faces never cross the seam, so a whole face goes to one side of it.
    turn = np.where(
        west >= HALF_TURN_UNITS, -FULL_TURN_UNITS, np.where(east <= -HALF_TURN_UNITS, FULL_TURN_UNITS, 0)
    )
    units = vertices[coverage.vertex_of_coordinate]
    units[:, 0] += np.repeat(turn, per_face)
    faces = shapely.set_coordinates(coverage.faces.copy(), units / UNITS_PER_DEG)
    order = np.flatnonzero(kept)
    order = order[np.argsort(group_of_face[order], kind="stable")]
    groups, first = np.unique(group_of_face[order], return_index=True)
    sectors: dict[int, BaseGeometry] = {}
    for group, members in zip(groups, np.split(order, first[1:]), strict=True):
        # On a noded coverage the union only drops shared edges: no vertex is computed.
        joined = faces[members[0]] if len(members) == 1 else shapely.coverage_union_all(faces[members])
        parts = shapely.get_parts(shapely.normalize(joined))
        sectors[int(group)] = shapely.orient_polygons(assemble(list(parts)))
    return sectors


def _shared_edges(coverage: Coverage, group_of_face: Indices) -> dict[int, dict[int, float]]:
    sides = coverage.edge_faces
    groups = np.where(sides >= 0, group_of_face[sides], -1)
    between = (groups[:, 0] != groups[:, 1]) & (groups[:, 1] >= 0)
    shared_m: dict[int, dict[int, float]] = {}
    lengths = coverage.edge_lengths_m()[between]
    for (one, other), length_m in zip(groups[between].tolist(), lengths.tolist(), strict=True):
        for here, there in ((one, other), (other, one)):
            row = shared_m.setdefault(here, {})
            row[there] = row.get(there, 0.0) + length_m
    return shared_m


def _root(parent: dict[int, int], group: int) -> int:
    while parent[group] != group:
        group = parent[group]
    return group
