"""Travel by car where no road network is known: the straight line, longer by a factor, at one speed.

An estimate and to be called one: roads wind, and cars start and stop. It orders places well enough to say who
is on whose way; the minutes are not a promise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from pyproj import Geod

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DETOUR: Final = 1.4
"""Road over straight line; an assumption."""
SPEED_MPS: Final = 50 / 3.6
"""Of a car over town and country roads; an assumption."""
_GEOD: Final = Geod(ellps="WGS84")


def straight_travel_s(
    lon: Floats, lat: Floats, *, detour: float = DETOUR, speed_mps: float = SPEED_MPS
) -> Floats:
    """Return seconds from each place to each.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326, shape ``(n,)``.
    detour
        Length of the road over that of the straight line, >= 1.
    speed_mps
        Metres per second, > 0.

    Returns
    -------
    array
        Shape ``(n, n)``, symmetrical, zero on the diagonal.
    """
    number = len(lon)
    start, end = np.divmod(np.arange(number * number), max(number, 1))
    _, _, length_m = _GEOD.inv(lon[start], lat[start], lon[end], lat[end])
    seconds: Floats = np.asarray(length_m, dtype=np.float64).reshape(number, number) * detour / speed_mps
    np.fill_diagonal(seconds, 0.0)
    return seconds


def straight_m(lon_deg: float, lat_deg: float, lon: Floats, lat: Floats) -> Floats:
    """Return metres from one place to each of others, on the ellipsoid; longitude 180 is no border.

    Parameters
    ----------
    lon_deg, lat_deg
        Degrees, EPSG:4326.
    lon, lat
        Degrees, shape ``(n,)``.

    Examples
    --------
    >>> straight_m(179.5, 65.0, np.array([-179.5]), np.array([65.0])).round(-3).tolist()
    [47000.0]
    """
    _, _, length_m = _GEOD.inv(np.full(len(lon), lon_deg), np.full(len(lat), lat_deg), lon, lat)
    return np.asarray(length_m, dtype=np.float64)
