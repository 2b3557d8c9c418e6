"""Local metric frame of an operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class LocalFrame:
    """Lambert azimuthal equal-area frame centred once per operation."""

    lon_deg: float
    lat_deg: float

    @classmethod
    def at(cls, lon: float, lat: float) -> LocalFrame:
        """Return the frame centred at a place (degrees, EPSG:4326)."""
        return cls(lon, lat)

    def to_metric(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project lon/lat to metres of this frame."""
        raise NotImplementedError

    def to_lonlat(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project metres of this frame to lon/lat, split at 180."""
        raise NotImplementedError

    def area_m2(self, geometry: BaseGeometry) -> float:
        """Return the area in square metres of a lon/lat geometry."""
        raise NotImplementedError

    def length_m(self, geometry: BaseGeometry) -> float:
        """Return the length in metres of a lon/lat geometry."""
        raise NotImplementedError
