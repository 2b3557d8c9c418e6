"""Partition of an area by natural lines: roads, tracks, streams, cutlines, however ragged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.coverage import face_areas_m2, join_across_seam, locate, merge_small, seam_lines
from geo.crs import lengths_m
from geo.errors import PartitionSettingError, TooManySectorsError
from geo.halving import cut_lines
from geo.lattice import UNITS_PER_DEG, area_on_lattice
from geo.network import connect_ends, lines_within
from geo.partition import Partition, PartitionNote, write_partition
from geo.plane import plane_map

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

    from geo.coverage import Coverage
    from geo.crs import LocalFrame
    from geo.plane import PlaneMap

    Coordinates = npt.NDArray[np.float64]
    Indices = npt.NDArray[np.int64]
    Geometries = npt.NDArray[np.object_]

MAX_SNAP_M = 100.0
VISIBLE_GAP_M = 0.1
MAX_LINES = 100_000
MAX_SECTORS = 20_000
# Smaller ground is an artefact of rounding and never a sector of its own.
DUST_M2 = 1.0


def natural_partition(
    area_lonlat: BaseGeometry,
    lines_lonlat: Sequence[LineString],
    frame: LocalFrame,
    *,
    snap_m: float = 15.0,
    min_area_m2: float = 10_000.0,
    max_area_m2: float | None = None,
    prefix: str = "",
) -> Partition:
    """Cut an area along natural lines into sectors that can be recognised on the ground.

    Parameters
    ----------
    area_lonlat
        Valid Polygon or MultiPolygon as :func:`geo.areas.read_area` returns it: EPSG:4326, split at
        180, on the 1e-7 degree lattice.
    lines_lonlat
        Lines in any order, EPSG:4326; they need not be noded, may cross, touch, overlap, repeat, end
        short of each other and leave the area. At most 100 000.
    frame
        Frame of the operation.
    snap_m
        A line that ends nearer than this to another line or to the boundary is carried on to it,
        0..100 m.
    min_area_m2
        Smaller faces join the neighbour with the longest shared border, >= 0.
    max_area_m2
        Larger faces are halved straight across their longer side until they are not; None leaves them.
        At least four times ``min_area_m2``.
    prefix
        Put before the number of every label.

    Returns
    -------
    Partition
        Labelled 1, 2, 3 ... in a snake from the north-west. Ground that no line reaches is part of a
        sector too. The same arguments give the same partition.

    Raises
    ------
    PartitionSettingError
        A setting is out of its range.
    TooManySectorsError
        More than 20 000 sectors.
    RoundingCollapseError
        The area is not valid on the lattice.

    Notes
    -----
    Prefilter to the area, connect loose ends, node everything with the boundary by snap rounding,
    polygonize, keep what lies inside, merge, halve. Line-by-line splitting is not used: it is wrong for
    networks, whose single lines divide nothing.

    Examples
    --------
    >>> from geo.crs import LocalFrame
    >>> area = shapely.box(37.0, 55.0, 37.02, 55.01)
    >>> path = shapely.LineString([(37.01, 54.99), (37.01, 55.02)])
    >>> cut = natural_partition(area, [path], LocalFrame.at(37.0, 55.0))
    >>> [sector.label for sector in cut.sectors]
    ['1', '2']
    """
    _check_settings(len(lines_lonlat), snap_m, min_area_m2, max_area_m2)
    area = area_on_lattice(area_lonlat, frame)
    lines, used = lines_within(area, lines_lonlat, frame)
    connectors = connect_ends(area, lines, frame, snap_m)
    across = np.array([*lines, *connectors, *seam_lines(area)], dtype=object)
    plane = plane_map(shapely.get_parts([area]), across)
    coverage = plane.coverage
    notes = _line_notes(len(lines_lonlat), used, _carried_on(connectors), plane)
    if len(coverage.faces) > 20 * MAX_SECTORS:
        raise TooManySectorsError(len(coverage.faces), MAX_SECTORS)

    group_of_face = join_across_seam(coverage, area, lines)
    smallest_m2 = max(min_area_m2, DUST_M2)
    areas_m2 = face_areas_m2(coverage.faces, frame)
    sizes_m2 = np.bincount(group_of_face, weights=areas_m2).astype(np.float64)
    group_of_face, merges = merge_small(coverage, group_of_face, areas_m2, smallest_m2)
    merged = _merged(merges, sizes_m2)
    if max_area_m2 is not None:
        coverage, group_of_face, halved = _halve(coverage, group_of_face, area, frame, max_area_m2)
        areas_m2 = face_areas_m2(coverage.faces, frame)
        sizes_m2 = np.bincount(group_of_face, weights=areas_m2).astype(np.float64)
        group_of_face, more = merge_small(coverage, group_of_face, areas_m2, smallest_m2)
        merged = np.concatenate((merged, _merged(more, sizes_m2)))
        if halved:
            notes.append(PartitionNote("halved_large", halved))
    if len(merged):
        notes.append(PartitionNote("merged_small", len(merged), area_m2=math.fsum(merged)))
    labels = snake_labels(coverage, group_of_face, areas_m2, frame, prefix)
    if len(labels) > MAX_SECTORS:
        raise TooManySectorsError(len(labels), MAX_SECTORS)
    sectors = write_partition(coverage, group_of_face, labels, area, frame, notes)
    small = tuple(sector.label for sector in sectors if sector.area_m2 < min_area_m2)
    if small:
        notes.append(PartitionNote("kept_small", len(small), labels=small))
    return Partition(sectors, tuple(notes))


def _check_settings(lines: int, snap_m: float, min_area_m2: float, max_area_m2: float | None) -> None:
    if not 0.0 <= snap_m <= MAX_SNAP_M:
        raise PartitionSettingError("snap_m", f"0..{MAX_SNAP_M:.0f}")
    if not 0.0 <= min_area_m2 < math.inf:
        raise PartitionSettingError("min_area_m2", "finite and not negative")
    if max_area_m2 is not None and not max(4.0 * min_area_m2, 4.0 * DUST_M2) <= max_area_m2 < math.inf:
        raise PartitionSettingError("max_area_m2", "at least four times min_area_m2")
    if lines > MAX_LINES:
        raise PartitionSettingError("lines", f"at most {MAX_LINES}")


def _merged(merges: Sequence[tuple[int, int]], sizes_m2: Coordinates) -> Coordinates:
    """Return the sizes of the faces that were merged; dust of rounding was never a face of the ground."""
    sizes = sizes_m2[np.array([small for small, _ in merges], dtype=np.int64)]
    faces: Coordinates = sizes[sizes > DUST_M2]
    return faces


def _carried_on(connectors: Geometries) -> int:
    """Count connectors that close a gap to be seen, not only a rounding."""
    ends = shapely.get_coordinates(connectors).reshape(-1, 2, 2) / UNITS_PER_DEG
    return int((lengths_m(ends[:, 0], ends[:, 1]) > VISIBLE_GAP_M).sum())


def _line_notes(given: int, used: int, connected: int, plane: PlaneMap) -> list[PartitionNote]:
    notes: list[PartitionNote] = []
    if given > used:
        notes.append(PartitionNote("lines_outside", given - used))
    if connected:
        notes.append(PartitionNote("ends_connected", connected))
    if len(plane.idle):
        lonlat = plane.idle / UNITS_PER_DEG
        idle_m = math.fsum(lengths_m(lonlat[:, 0], lonlat[:, 1]))
        notes.append(PartitionNote("stretches_not_dividing", len(plane.idle), length_m=idle_m))
    return notes


def _halve(
    coverage: Coverage, group_of_face: Indices, area: BaseGeometry, frame: LocalFrame, max_area_m2: float
) -> tuple[Coverage, Indices, int]:
    """Cut groups above a size; return the new faces, their groups and how many groups were cut."""
    sizes_m2 = np.bincount(group_of_face, weights=face_areas_m2(coverage.faces, frame))
    large = np.flatnonzero(sizes_m2 > max_area_m2)
    if not len(large):
        return coverage, group_of_face, 0
    if sizes_m2[large].sum() / max_area_m2 > MAX_SECTORS:
        raise TooManySectorsError(int(sizes_m2[large].sum() / max_area_m2), MAX_SECTORS)
    groups = [shapely.coverage_union_all(coverage.faces[group_of_face == group]) for group in large]
    cuts = [cut for group in groups for cut in cut_lines(group, frame, max_area_m2)]
    # From the noded faces on: the first form of the boundary beside its noded one would leave slivers.
    cut_coverage = plane_map(coverage.faces, np.array(cuts, dtype=object)).coverage
    faces = cut_coverage.faces
    old = locate(faces, coverage.faces)
    dust = np.flatnonzero(old < 0)
    if len(dust):
        old[dust] = shapely.STRtree(coverage.faces).nearest(faces[dust])
    old_group = group_of_face[old]
    # Pieces of a cut group become groups of their own; what was merged before and not cut stays one.
    pieces = join_across_seam(cut_coverage, area) + int(group_of_face.max()) + 1
    return cut_coverage, np.where(np.isin(old_group, large), pieces, old_group), len(large)


def snake_labels(
    coverage: Coverage, group_of_face: Indices, areas_m2: Coordinates, frame: LocalFrame, prefix: str
) -> dict[int, str]:
    """Label groups in rows from the north, the first from west to east, the next back."""
    centres_units = shapely.get_coordinates(shapely.centroid(coverage.faces))
    centres_m = frame.project(centres_units / UNITS_PER_DEG)
    groups, index = np.unique(group_of_face, return_inverse=True)
    weight = np.bincount(index, weights=areas_m2)
    x_m, y_m = (np.bincount(index, weights=areas_m2 * centres_m[:, axis]) / weight for axis in (0, 1))
    row = np.rint((y_m.max() - y_m) / math.sqrt(weight.mean())).astype(np.int64)
    along_m = np.where(row % 2 == 0, x_m, -x_m)
    order = np.lexsort((-y_m, along_m, row))
    return {int(group): f"{prefix}{number}" for number, group in enumerate(groups[order], start=1)}
