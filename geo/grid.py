"""Letter-number grid over an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame
    from geo.partition import Partition

Letters = Literal["latin", "cyrillic"]


def grid_partition(
    area_lonlat: BaseGeometry,
    frame: LocalFrame,
    *,
    cell_m: float = 500.0,
    letters: Letters = "latin",
    min_area_m2: float = 0.0,
) -> Partition:
    """Cut an area into a letter-number grid."""
    raise NotImplementedError
