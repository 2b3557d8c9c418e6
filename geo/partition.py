"""A gap-free, overlap-free cut of an area, and the check that it is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame


@dataclass(frozen=True, slots=True)
class PartitionSector:
    """One piece of a partition (lon/lat, EPSG:4326, split at 180)."""

    label: str
    geometry_lonlat: BaseGeometry
    area_m2: float


@dataclass(frozen=True, slots=True)
class PartitionNote:
    """What was merged, dropped or connected while cutting; ``code`` is stable."""

    code: str
    count: int
    length_m: float = 0.0
    area_m2: float = 0.0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partition:
    """Sectors in reading order and the notes of the cut."""

    sectors: tuple[PartitionSector, ...]
    notes: tuple[PartitionNote, ...]


@dataclass(frozen=True, slots=True)
class PartitionCheck:
    """Result of :func:`check_partition`."""

    valid: bool
    overlap_m2: float
    gap_m2: float
    sum_error_relative: float


def check_partition(area: BaseGeometry, sectors: Sequence[BaseGeometry], frame: LocalFrame) -> PartitionCheck:
    """Say whether sectors cut an area without gap and overlap."""
    raise NotImplementedError
