"""Pulkovo 1942 (СК-42), the datum of Soviet and Russian paper maps, to WGS 84 and back."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import Transformer
from pyproj.enums import TransformDirection

if TYPE_CHECKING:
    import numpy.typing as npt

    Degrees = npt.NDArray[np.float64]

SHIFT_NAME: Final = "GOST R 51794-2008 (EPSG:5044)"
"""Where the seven parameters come from; other published sets differ by 1 to 5 m."""

_HELMERT: Final = (
    "+x=23.57 +y=-140.95 +z=-79.8 +rx=0 +ry=-0.35 +rz=-0.79 +s=-0.22 +convention=coordinate_frame"
)
# A bare pipeline: no database, no choice among "best" operations, lon before lat, heights left alone.
_TO_WGS84: Final = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    f"+step +proj=cart +ellps=krass +step +proj=helmert {_HELMERT} +step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def wgs84_from_pulkovo(lon_deg: Degrees, lat_deg: Degrees) -> tuple[Degrees, Degrees]:
    """Shift positions from Pulkovo 1942 to WGS 84.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees on the Krassowsky ellipsoid, arrays of one shape.

    Returns
    -------
    tuple of numpy.ndarray
        Longitudes and latitudes, WGS 84, good to 1 to 3 m in Russia.
    """
    return _shift(lon_deg, lat_deg, TransformDirection.FORWARD)


def pulkovo_from_wgs84(lon_deg: Degrees, lat_deg: Degrees) -> tuple[Degrees, Degrees]:
    """Shift positions from WGS 84 to Pulkovo 1942; the inverse of `wgs84_from_pulkovo`."""
    return _shift(lon_deg, lat_deg, TransformDirection.INVERSE)


def _shift(lon_deg: Degrees, lat_deg: Degrees, way: TransformDirection) -> tuple[Degrees, Degrees]:
    lon, lat = _transformer().transform(np.asarray(lon_deg), np.asarray(lat_deg), direction=way)
    return np.asarray(lon), np.asarray(lat)


@cache
def _transformer() -> Transformer:
    return Transformer.from_pipeline(_TO_WGS84)
