"""Partition of an area by natural lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame
    from geo.partition import Partition


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
    """Cut an area along roads, tracks, streams and cutlines."""
    raise NotImplementedError
