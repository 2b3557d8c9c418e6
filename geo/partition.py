"""A gap-free, overlap-free cut of an area, and the check that it is one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.coverage import is_coverage, sectors_of
from geo.lattice import UNITS_PER_DEG, round_lonlat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.coverage import Coverage
    from geo.crs import LocalFrame
    from geo.grid_names import GridAxes

# One lattice unit is 11 mm; a boundary rounded to the lattice may be off by this much along its length.
ROUNDING_M = 0.02
# A crack is looked at every 11 m of its outline; a rounded vertex is at most 0.71 units off.
STEP_UNITS, REACH_UNITS = 1_000.0, 1.0
MAX_SUM_ERROR_RELATIVE = 1e-6


@dataclass(frozen=True, slots=True)
class PartitionSector:
    """One piece of a partition.

    Parameters
    ----------
    label
        Label within this partition, for example ``G5``.
    geometry_lonlat
        Valid Polygon or MultiPolygon, EPSG:4326, split at 180. Shared borders have the same vertices on
        both sides, exactly and after rounding to 1e-7 degrees (:func:`geo.lattice.round_lonlat`).
    area_m2
        Square metres on the ellipsoid; the areas of all sectors sum to the area's.
    """

    label: str
    geometry_lonlat: BaseGeometry
    area_m2: float


@dataclass(frozen=True, slots=True)
class PartitionNote:
    """What was merged, connected or dropped while cutting.

    Parameters
    ----------
    code
        Stable: ``merged_small``, ``kept_small``, ``ends_connected``, ``lines_outside``,
        ``stretches_not_dividing``, ``halved_large``, ``border_rounded`` (the boundary follows the area's to a
        unit of 1e-7 degrees, not exactly), ``uneven_groups``, ``group_in_parts``, ``outside_cut_off``,
        ``overlaps_resolved``, ``rest_of_area``.
    count
        How many sectors, line ends, lines or noded stretches of line.
    length_m, area_m2
        Metres of line or square metres of ground concerned, 0 where it does not apply.
    labels
        Labels concerned, where they exist: the sector that took a small one, or stayed small.
    """

    code: str
    count: int
    length_m: float = 0.0
    area_m2: float = 0.0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partition:
    """Sectors in reading order, the notes of the cut, and of a grid the names of its lines of cells."""

    sectors: tuple[PartitionSector, ...]
    notes: tuple[PartitionNote, ...]
    axes: GridAxes | None = None


@dataclass(frozen=True, slots=True)
class PartitionCheck:
    """Result of :func:`check_partition`.

    Parameters
    ----------
    valid
        The sectors are a valid coverage, exactly and after rounding to 1e-7 degrees, and fill the area.
    overlap_m2
        Ground that is in more than one sector, or in a sector but outside the area, beyond rounding 0.
    gap_m2
        Ground of the area that is in no sector.
    sum_error_relative
        Difference between the sum of the sectors' areas and the area's, over the area's.
    """

    valid: bool
    overlap_m2: float
    gap_m2: float
    sum_error_relative: float


def check_partition(area: BaseGeometry, sectors: Sequence[BaseGeometry], frame: LocalFrame) -> PartitionCheck:
    """Say whether sectors cut an area without gap and overlap.

    Parameters
    ----------
    area
        Valid lon/lat polygons, EPSG:4326, split at 180.
    sectors
        Valid lon/lat Polygons or MultiPolygons, EPSG:4326, split at 180.
    frame
        Frame of the operation, for the areas.

    Returns
    -------
    PartitionCheck
        Figures in square metres. A gap inside the area makes it invalid whatever its size; along the
        area's boundary two centimetres are allowed for sectors that were rounded.

    Notes
    -----
    Edges are compared exactly with ``coverage_is_valid`` of GEOS, which also refuses a border whose
    vertices are on one side only.
    """
    geometries = np.array(sectors, dtype=object)
    area_m2 = frame.area_m2(area)
    if not len(geometries):
        return PartitionCheck(valid=False, overlap_m2=0.0, gap_m2=area_m2, sum_error_relative=1.0)
    rounded = np.array([round_lonlat(geometry) for geometry in geometries], dtype=object)
    exact = is_coverage(geometries)
    union = shapely.coverage_union_all(geometries) if exact else shapely.union_all(geometries)
    sum_m2 = math.fsum(frame.areas_m2(geometries))
    gap, outside = shapely.difference(area, union), shapely.difference(union, area)
    gap_m2, outside_m2 = frame.area_m2(gap), frame.area_m2(outside)
    shared_m2 = 0.0 if exact else max(sum_m2 - frame.area_m2(union), 0.0)
    sum_error = abs(sum_m2 - area_m2) / area_m2
    allowed_m2 = frame.length_m(area) * ROUNDING_M
    valid = (
        exact
        and is_coverage(rounded)
        and gap_m2 <= allowed_m2
        and outside_m2 <= allowed_m2
        and sum_error <= MAX_SUM_ERROR_RELATIVE
        and not _lies_inside(gap, area)
    )
    return PartitionCheck(valid, shared_m2 + outside_m2, gap_m2, sum_error)


def write_partition(  # noqa: PLR0917 - one step of every cut
    coverage: Coverage,
    group_of_face: npt.NDArray[np.int64],
    labels: Mapping[int, str],
    area: BaseGeometry,
    frame: LocalFrame,
    notes: list[PartitionNote],
) -> tuple[PartitionSector, ...]:
    """Turn grouped lattice faces into sectors, in the order of ``labels``; what had to give way is noted.

    Raises
    ------
    PartitionBrokenError
        The faces are no valid coverage.
    """
    geometry_of_group, exact = sectors_of(coverage, group_of_face, area)
    if not exact:
        notes.append(PartitionNote("border_rounded", 1))
    geometries = [geometry_of_group[group] for group in labels]
    areas_m2 = frame.areas_m2(geometries).tolist()
    return tuple(
        PartitionSector(label, geometry, area_m2)
        for label, geometry, area_m2 in zip(labels.values(), geometries, areas_m2, strict=True)
    )


def _lies_inside(gap: BaseGeometry, area: BaseGeometry) -> bool:
    """Tell whether a gap reaches clear of the boundary, where rounding cannot explain it."""
    parts = shapely.get_parts(gap)
    outlines = shapely.segmentize(parts[shapely.area(parts) > 0], STEP_UNITS / UNITS_PER_DEG)
    points = shapely.points(shapely.get_coordinates(outlines))
    return not bool(shapely.dwithin(points, area.boundary, REACH_UNITS / UNITS_PER_DEG).all())
