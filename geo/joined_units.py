"""Partitions whose sectors are made of smaller units: balanced groups, or what a layer of polygons covers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.coverage import Coverage, face_areas_m2, join_across_seam, merge_small, seam_lines
from geo.errors import LayerOverlapError, PartitionBrokenError
from geo.grouping import Units, balanced_groups
from geo.lattice import area_on_lattice, lonlat_to_units
from geo.natural import DUST_M2, snake_labels
from geo.partition import Partition, PartitionNote, write_partition
from geo.plane import plane_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Doubles = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

# Beyond this the groups are told to be uneven.
EVEN_SHARE: Final = 0.01
# Two borders drawn twice never agree to the metre: less than this along them is no overlap.
DOUBLE_BORDER_M: Final = 2.0


def grouped_partition(
    area_lonlat: BaseGeometry, units: Partition, effort: Doubles, groups: int, frame: LocalFrame
) -> Partition:
    """Join the sectors of a fine partition into groups of equal effort.

    Parameters
    ----------
    area_lonlat
        The area that was cut.
    units
        A fine partition of it.
    effort
        What each unit takes, any unit, shape ``(n_units,)``.
    groups
        How many sectors come out.
    frame
        Frame of the operation.

    Returns
    -------
    Partition
        Labelled 1, 2, 3 ... in a snake from the north-west. Notes: ``uneven_groups`` with the labels beyond
        one percent of the mean, ``group_in_parts`` where the area itself is in parts.

    Raises
    ------
    PartitionSettingError
        More groups than units.
    PartitionBrokenError
        The units are no valid coverage.
    """
    area = area_on_lattice(area_lonlat, frame)
    whole = np.array([frame.unwrap(unit.geometry_lonlat) for unit in units.sectors], dtype=object)
    parts, unit_of_part = shapely.get_parts(shapely.transform(whole, lonlat_to_units), return_index=True)
    outlines = shapely.boundary(parts)
    plane = plane_map(shapely.get_parts([area]), np.array([*outlines, *seam_lines(area)], dtype=object))
    coverage = plane.coverage
    inner = shapely.point_on_surface(coverage.faces)
    tree = shapely.STRtree(parts)
    face, part = tree.query(inner, predicate="intersects")
    unit_of_face = np.full(len(coverage.faces), -1, dtype=np.int64)
    unit_of_face[face] = unit_of_part[part]
    if (unit_of_face < 0).any():  # dust beside a border: to whom it lies nearest
        lost = np.flatnonzero(unit_of_face < 0)
        unit_of_face[lost] = unit_of_part[tree.nearest(inner[lost])]
    grouping = balanced_groups(_units(coverage, unit_of_face, effort, frame), groups)
    group_of_face = grouping.group_of_unit[unit_of_face]
    areas_m2 = face_areas_m2(coverage.faces, frame)
    labels = snake_labels(coverage, group_of_face, areas_m2, frame, "")
    notes: list[PartitionNote] = []
    sectors = write_partition(coverage, group_of_face, labels, area, frame, notes)
    load = np.bincount(grouping.group_of_unit, weights=effort, minlength=groups)
    off = np.abs(load / load.mean() - 1.0) if load.mean() > 0 else np.zeros(groups)
    uneven = tuple(labels[group] for group in np.flatnonzero(off > EVEN_SHARE).tolist())
    if uneven:
        notes.append(PartitionNote("uneven_groups", len(uneven), labels=uneven))
    apart = tuple(
        each.label for each in sectors if len(shapely.get_parts([frame.unwrap(each.geometry_lonlat)])) > 1
    )
    if apart:
        notes.append(PartitionNote("group_in_parts", len(apart), labels=apart))
    return Partition(sectors, tuple(notes))


def _units(coverage: Coverage, unit_of_face: Whole, effort: Doubles, frame: LocalFrame) -> Units:
    """Return the units with their neighbours and the borders they share."""
    areas_m2 = face_areas_m2(coverage.faces, frame)
    places = frame.project(shapely.get_coordinates(shapely.centroid(coverage.faces)) / 1e7)
    weight = np.maximum(np.bincount(unit_of_face, weights=areas_m2, minlength=len(effort)), 1e-9)
    centres = [
        np.bincount(unit_of_face, weights=areas_m2 * places[:, axis], minlength=len(effort)) / weight
        for axis in (0, 1)
    ]
    sides = coverage.edge_faces
    held = (sides >= 0).all(axis=1)
    ends = np.sort(unit_of_face[sides[held]], axis=1)
    lengths_m = coverage.edge_lengths_m()[held]
    apart = ends[:, 0] != ends[:, 1]
    pairs, index = np.unique(ends[apart], axis=0, return_inverse=True)
    shared_m = np.bincount(index.reshape(-1), weights=lengths_m[apart], minlength=len(pairs))
    return Units(effort, np.column_stack(centres), pairs.astype(np.int64), shared_m.astype(np.float64))


def layer_partition(
    area_lonlat: BaseGeometry,
    polygons: Sequence[BaseGeometry],
    names: Sequence[str],
    frame: LocalFrame,
    *,
    first_wins: bool = False,
    min_area_m2: float = 1_000.0,
) -> Partition:
    """Cut an area by a layer of polygons (forest quarters, parcels); ground of none becomes sectors too.

    Parameters
    ----------
    area_lonlat
        The area; what of the polygons lies outside is cut off.
    polygons, names
        Valid lon/lat polygons and the label of each; an empty name gets a number.
    first_wins
        Ground of two polygons goes to the first; else such a layer is refused.
    min_area_m2
        Smaller pieces join the neighbour with the longest shared border.

    Returns
    -------
    Partition
        Polygons under their names, then the rest as ``+1``, ``+2`` ... Notes: ``outside_cut_off``,
        ``overlaps_resolved``, ``rest_of_area``, ``merged_small``.

    Raises
    ------
    LayerOverlapError
        With the names.
    PartitionBrokenError
        No polygon touches the area.
    """
    area = area_on_lattice(area_lonlat, frame)
    shapes = shapely.transform(
        np.array([frame.unwrap(each) for each in polygons], dtype=object), lonlat_to_units
    )
    outlines = shapely.get_parts(shapely.boundary(shapes))
    lines = np.array([*outlines, *seam_lines(area)], dtype=object)
    coverage = plane_map(shapely.get_parts([area]), lines).coverage
    areas_m2 = face_areas_m2(coverage.faces, frame)
    inner = shapely.point_on_surface(coverage.faces)
    face, polygon = shapely.STRtree(shapes).query(inner, predicate="intersects")
    order = np.lexsort((polygon, face))
    face, polygon = face[order], polygon[order]
    first = np.concatenate(([True], face[1:] != face[:-1])) if len(face) else np.zeros(0, dtype=bool)
    if not len(face):
        raise PartitionBrokenError("no polygon of the layer lies in the area")
    notes: list[PartitionNote] = []
    width_m = areas_m2 / np.maximum(_perimeters_m(coverage, len(areas_m2)), 1e-9)
    real = ~first & (areas_m2[face] > DUST_M2) & (width_m[face] > DOUBLE_BORDER_M)
    if real.any():
        both = sorted({names[each] for each in polygon[np.isin(face, face[real])].tolist()})
        if not first_wins:
            raise LayerOverlapError(both)
        notes.append(PartitionNote("overlaps_resolved", len(both), area_m2=float(areas_m2[face[real]].sum())))
    group = join_across_seam(coverage, area) + len(shapes)
    group[face[first]] = polygon[first]
    group = _rest_in_parts(coverage, group, len(shapes))
    group, merges = merge_small(coverage, group, areas_m2, max(min_area_m2, DUST_M2))
    sizes = np.bincount(group, weights=areas_m2)
    kept = np.unique(group)
    rest = [int(each) for each in kept if each >= len(shapes)]
    taken = [int(each) for each in kept if each < len(shapes)]
    labels = {each: names[each] or str(each + 1) for each in taken}
    labels |= {each: f"+{number}" for number, each in enumerate(rest, start=1)}
    sectors = write_partition(coverage, group, labels, area, frame, notes)
    cut_off = int(sum(not area.covers(shapes[each]) for each in taken))
    if cut_off:
        notes.append(PartitionNote("outside_cut_off", cut_off))
    if rest:
        notes.append(PartitionNote("rest_of_area", len(rest), area_m2=float(sizes[rest].sum())))
    if merges:
        notes.append(PartitionNote("merged_small", len(merges)))
    return Partition(sectors, tuple(notes))


def _rest_in_parts(coverage: Coverage, group: Whole, polygons: int) -> Whole:
    """Join faces of no polygon that hang together."""
    parent = {int(each): int(each) for each in np.unique(group)}

    def root(each: int) -> int:
        while parent[each] != each:
            each = parent[each]
        return each

    sides = coverage.edge_faces[(coverage.edge_faces >= 0).all(axis=1)]
    for one, other in group[sides].tolist():
        if one >= polygons and other >= polygons:
            low, high = sorted((root(one), root(other)))
            parent[high] = low
    return np.array([root(each) for each in group.tolist()], dtype=np.int64)


def _perimeters_m(coverage: Coverage, faces: int) -> Doubles:
    lengths_m = coverage.edge_lengths_m()
    total = np.zeros(faces)
    for side in (0, 1):
        held = coverage.edge_faces[:, side] >= 0
        total += np.bincount(coverage.edge_faces[held, side], weights=lengths_m[held], minlength=faces)
    return total
