"""The plane in which a grid is square: the operation's own, UTM of its zone, or degrees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from pyproj import Transformer

from geo.lattice import UNITS_PER_DEG, lonlat_to_units, metric_to_units, units_to_metric
from geo.meridian import unwrap_longitudes

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.crs import LocalFrame

    Coordinates = npt.NDArray[np.float64]

Align = Literal["local", "utm", "geographic"]
ZONE_DEG, ZONES = 6.0, 60


@dataclass(frozen=True, slots=True)
class GridPlane:
    """A plane whose straight lines are grid lines.

    Parameters
    ----------
    align
        ``local``: metres of the frame. ``utm``: metres of the UTM zone of the frame's centre, as printed on
        maps. ``geographic``: degrees.
    frame
        Frame of the operation.
    """

    align: Align
    frame: LocalFrame

    def from_units(self, units: Coordinates) -> Coordinates:
        """Return plane positions of lattice positions, both of shape ``(n, 2)``."""
        if self.align == "local":
            return units_to_metric(units, self.frame)
        lonlat = units / UNITS_PER_DEG
        if self.align == "geographic":
            return lonlat
        east_m, north_m = self._utm().transform(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack((east_m, north_m))

    def to_units(self, plane: Coordinates) -> Coordinates:
        """Return lattice positions of plane positions, both of shape ``(n, 2)``."""
        if self.align == "local":
            return metric_to_units(plane, self.frame)
        if self.align == "geographic":
            return lonlat_to_units(plane)
        lon, lat = self._utm().transform(plane[:, 0], plane[:, 1], direction="INVERSE")
        return lonlat_to_units(np.column_stack((unwrap_longitudes(np.asarray(lon), self.frame.lon_deg), lat)))

    def place_of(self, lon: float, lat: float) -> tuple[float, float]:
        """Return where a lon/lat place lies in the plane."""
        unwrapped = unwrap_longitudes(np.array([lon]), self.frame.lon_deg)[0]
        x, y = self.from_units(np.array([(unwrapped, lat)]) * UNITS_PER_DEG)[0].tolist()
        return x, y

    def _utm(self) -> Transformer:
        zone = int((self.frame.lon_deg + 180.0) // ZONE_DEG) % ZONES + 1
        return _utm_of(zone, south=self.frame.lat_deg < 0.0)


@lru_cache(maxsize=8)
def _utm_of(zone: int, *, south: bool) -> Transformer:
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=utm +zone={zone} +ellps=WGS84{' +south' if south else ''}"
    )
