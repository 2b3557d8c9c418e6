"""Faces of noded edges: prune what divides nothing, walk round every face, give holes to their ground.

The plain twin is ``shapely.polygonize``. Kernels for the worker; the API process never imports this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.noding_kernels import NodedLines

    Whole = npt.NDArray[np.int64]
    Doubles = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class PlaneFaces:
    """Faces of a plane map and the edges between them.

    Parameters
    ----------
    faces
        Polygons, shape ``(n_faces,)``; interiors disjoint, shells counter-clockwise.
    edges
        Index of each edge that parts two faces in the noded lines, shape ``(n_kept,)``.
    sides
        Faces left and right of each such edge, seen from its smaller to its larger end, shape
        ``(n_kept, 2)``; -1 is the outside.
    """

    faces: Geometries
    edges: Whole
    sides: Whole


def faces_of(noded: NodedLines) -> PlaneFaces:
    """Return the faces that noded lines enclose.

    Notes
    -----
    Edges with a loose end and edges with the same face on both sides divide nothing and are left out, as
    ``polygonize`` leaves out dangles and cut edges.
    """
    vertices, kept = noded.vertices, np.arange(len(noded.edges), dtype=np.int64)
    kept = kept[_prune(noded.edges, len(vertices))]
    edges = noded.edges[kept]
    successor, walk = _walks(vertices, edges)
    bridges = walk[0::2] == walk[1::2]
    if bridges.any():
        kept = kept[~bridges]
        edges = noded.edges[kept]
        successor, walk = _walks(vertices, edges)
    if not len(edges):
        nothing = np.empty((0, 2), dtype=np.int64)
        return PlaneFaces(np.empty(0, dtype=object), np.empty(0, dtype=np.int64), nothing)
    corners, starts, walk_of_ring, area2 = _rings(vertices, edges, successor, walk)
    shells = np.flatnonzero(area2 > 0)
    holes = np.flatnonzero(area2 < 0)
    face_of_walk = np.full(int(walk.max()) + 1, -1, dtype=np.int64)
    face_of_walk[walk_of_ring[shells]] = np.arange(len(shells))
    rings = _linear_rings(vertices, corners, starts)
    owner = face_of_walk[walk_of_ring[holes]]
    _give_holes(rings, shells, holes, walk_of_ring, face_of_walk, owner)
    faces = _polygons(rings, shells, holes, owner)
    sides = face_of_walk[walk].reshape(-1, 2)
    return PlaneFaces(faces, kept, sides)


def _walks(vertices: Whole, edges: Whole) -> tuple[Whole, Whole]:
    """Return for every half edge (2 e up edge e, 2 e + 1 back) its follower and the number of its walk."""
    if not len(edges):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    degree = np.bincount(edges.ravel(), minlength=len(vertices))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(degree)))
    successor = _next_half_edges(vertices, edges, starts)
    return successor, _number_walks(successor)


def _linear_rings(vertices: Whole, corners: Whole, starts: Whole) -> Geometries:
    """Return rings as closed linear rings."""
    per_ring = np.diff(starts)
    places = np.insert(corners, starts[1:], corners[starts[:-1]])
    ring = np.repeat(np.arange(len(per_ring)), per_ring + 1)
    return np.asarray(shapely.linearrings(vertices[places].astype(np.float64), indices=ring), dtype=object)


def _give_holes(  # noqa: PLR0917 - one step of faces_of
    rings: Geometries, shells: Whole, holes: Whole, walk_of_ring: Whole, face_of_walk: Whole, owner: Whole
) -> None:
    """Find the face around each part of the network that hangs together with no other (in place).

    All outer rings of such a part lie in one face: the smallest shell around them that is not its own.
    """
    free = np.flatnonzero(owner < 0)
    if not len(free):
        return
    walks, first = np.unique(walk_of_ring[holes[free]], return_index=True)
    probes = shapely.get_point(rings[holes[free[first]]], 0)
    grounds = np.asarray(shapely.polygons(rings[shells]))
    # Corner to corner no two parts touch, so a shell that covers a corner inside it surrounds the part.
    probe, shell = shapely.STRtree(grounds).query(probes, predicate="within")
    size = shapely.area(grounds[shell])
    order = np.lexsort((size, probe))
    found, smallest = np.unique(probe[order], return_index=True)
    around = np.full(len(walks), -1, dtype=np.int64)
    around[found] = shell[order][smallest]
    owner[free] = around[np.searchsorted(walks, walk_of_ring[holes[free]])]
    face_of_walk[walks] = around


def _polygons(rings: Geometries, shells: Whole, holes: Whole, owner: Whole) -> Geometries:
    faces: Geometries = np.asarray(shapely.polygons(rings[shells]), dtype=object)
    inner = np.flatnonzero(owner >= 0)
    if not len(inner):
        return faces
    order = inner[np.argsort(owner[inner], kind="stable")]
    pierced, first = np.unique(owner[order], return_index=True)
    for face, members in zip(pierced.tolist(), np.split(order, first[1:]), strict=True):
        faces[face] = shapely.Polygon(rings[shells[face]], rings[holes[members]].tolist())
    return faces


@compiled
def _prune(edges: Whole, vertices: int) -> Flags:
    """Tell which edges stay when edges with a loose end are taken away until there are none."""
    degree = np.zeros(vertices, dtype=np.int64)
    total = np.zeros(vertices, dtype=np.int64)  # sum of the edges at a vertex: with one left, that edge
    for edge in range(len(edges)):
        for side in range(2):
            degree[edges[edge, side]] += 1
            total[edges[edge, side]] += edge
    stays = np.ones(len(edges), dtype=np.bool_)
    for start in range(vertices):
        vertex = start
        while degree[vertex] == 1:
            edge = total[vertex]
            stays[edge] = False
            degree[vertex] = 0
            other = edges[edge, 0] + edges[edge, 1] - vertex
            degree[other] -= 1
            total[other] -= edge
            vertex = other
    return stays


@compiled
def _before(ax: int, ay: int, bx: int, by: int) -> bool:
    """Tell whether direction a comes before b, counter-clockwise from east; exact."""
    a_low = ay < 0 or (ay == 0 and ax < 0)
    b_low = by < 0 or (by == 0 and bx < 0)
    if a_low != b_low:
        return b_low
    return ax * by - ay * bx > 0


@compiled
def _next_half_edges(vertices: Whole, edges: Whole, starts: Whole) -> Whole:
    """Return for every half edge the next one round the face on its left."""
    around = np.empty(2 * len(edges), dtype=np.int64)
    free = starts[:-1].copy()
    for half in range(2 * len(edges)):
        origin = edges[half // 2, half % 2]
        target = edges[half // 2, 1 - half % 2]
        dx = vertices[target, 0] - vertices[origin, 0]
        dy = vertices[target, 1] - vertices[origin, 1]
        place = free[origin]
        while place > starts[origin]:
            other = around[place - 1]
            end = edges[other // 2, 1 - other % 2]
            ox = vertices[end, 0] - vertices[origin, 0]
            oy = vertices[end, 1] - vertices[origin, 1]
            if not _before(dx, dy, ox, oy):
                break
            around[place] = other
            place -= 1
        around[place] = half
        free[origin] += 1
    successor = np.empty(2 * len(edges), dtype=np.int64)
    for vertex in range(len(starts) - 1):
        first, last = starts[vertex], starts[vertex + 1]
        for place in range(first, last):
            # Arriving against ``around[place]``, the face on the left goes on with its clockwise neighbour.
            clockwise = around[place - 1] if place > first else around[last - 1]
            successor[around[place] ^ 1] = clockwise
    return successor


@compiled
def _number_walks(successor: Whole) -> Whole:
    walk = np.full(len(successor), -1, dtype=np.int64)
    count = 0
    for start in range(len(successor)):
        if walk[start] >= 0:
            continue
        half = start
        while walk[half] < 0:
            walk[half] = count
            half = successor[half]
        count += 1
    return walk


@compiled
def _rings(
    vertices: Whole, edges: Whole, successor: Whole, walk: Whole
) -> tuple[Whole, Whole, Whole, Doubles]:
    """Split walks at vertices visited twice; return corners, starts, walk and doubled area of rings.

    A face that touches itself at a vertex is a shell and a hole that touch, not one ring.
    """
    corners = np.empty(len(successor), dtype=np.int64)
    starts = np.zeros(len(successor) + 1, dtype=np.int64)
    walk_of_ring = np.empty(len(successor), dtype=np.int64)
    area2 = np.empty(len(successor), dtype=np.float64)
    depth_of = np.full(len(vertices), -1, dtype=np.int64)
    stack = np.empty(len(successor), dtype=np.int64)
    seen = np.zeros(len(successor), dtype=np.bool_)
    filled = rings = 0
    for start in range(len(successor)):
        if seen[start]:
            continue
        depth = 0
        half = start
        while True:
            vertex = edges[half // 2, half % 2]
            if depth_of[vertex] >= 0 or (seen[half] and depth > 0):
                bottom = depth_of[vertex]
                total = 0.0
                x, y = vertices[vertex, 0], vertices[vertex, 1]
                for place in range(bottom, depth):
                    here = stack[place]
                    there = stack[place + 1] if place + 1 < depth else vertex
                    total += float(vertices[here, 0] - x) * float(vertices[there, 1] - y)
                    total -= float(vertices[there, 0] - x) * float(vertices[here, 1] - y)
                    corners[filled] = here
                    filled += 1
                    depth_of[here] = -1
                starts[rings + 1] = filled
                walk_of_ring[rings] = walk[half]
                area2[rings] = total
                rings += 1
                depth = bottom
            if seen[half]:
                break
            seen[half] = True
            depth_of[vertex] = depth
            stack[depth] = vertex
            depth += 1
            half = successor[half]
        for place in range(depth):
            depth_of[stack[place]] = -1
    return corners[:filled], starts[: rings + 1], walk_of_ring[:rings], area2[:rings]


@compiled
def flood(starts: Whole, there: Whole, change: Whole) -> Whole:
    """Carry the winding number from the outside (the last node) over all edges."""
    nodes = len(starts) - 1
    winding = np.zeros(nodes, dtype=np.int64)
    reached = np.zeros(nodes, dtype=np.bool_)
    queue = np.empty(nodes, dtype=np.int64)
    queue[0] = nodes - 1
    reached[nodes - 1] = True
    head, tail = 0, 1
    while head < tail:
        node = queue[head]
        head += 1
        for place in range(starts[node], starts[node + 1]):
            other = there[place]
            if not reached[other]:
                reached[other] = True
                winding[other] = winding[node] + change[place]
                queue[tail] = other
                tail += 1
    return winding
