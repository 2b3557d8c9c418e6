"""Grids of paper maps: UTM, MGRS, and Gauss-Krüger on Pulkovo 1942 (СК-42). Writing and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from pyproj import Transformer
from pyproj.enums import TransformDirection

from geo.datum import pulkovo_from_wgs84, wgs84_from_pulkovo
from geo.errors import CoordinateRangeError

if TYPE_CHECKING:
    import numpy.typing as npt

GridName = Literal["utm", "sk42", "mgrs"]

BANDS: Final = "CDEFGHJKLMNPQRSTUVWX"
_SOUTH_DEG, _NORTH_DEG = -80.0, 84.0
_FALSE_EAST_M, _FALSE_NORTH_M = 500_000.0, 10_000_000.0
_ZONE_M: Final = 1_000_000
_SQUARE_M: Final = 100_000
_ZONES: Final = 60
# Half a zone and the overlap that maps at its edge print.
_ZONE_REACH_DEG: Final = 3.6
# Letters of 100 km squares: columns repeat every three zones, rows every two (MGRS, NGA.SIG.0012).
_COLUMNS: Final = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS: Final = ("ABCDEFGHJKLMNPQRSTUV", "FGHJKLMNPQRSTUVABCDE")


@dataclass(frozen=True, slots=True)
class Utm:
    """A place in UTM on WGS 84: zone 1..60, latitude band letter, metres east and north."""

    zone: int
    band: str
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True)
class GaussKrueger:
    """A place on Pulkovo 1942: zone 1..60, ``x_m`` north, ``y_m`` east with the zone before it."""

    zone: int
    x_m: float
    y_m: float


def utm_zone(lon: float, lat: float) -> int:
    """Return the UTM zone of a place, with the exceptions of Norway and Svalbard."""
    if 56 <= lat < 64 and 3 <= lon < 12:  # noqa: PLR2004 - the limits of zone 32V
        return 32
    if lat >= 72 and 0 <= lon < 42:  # noqa: PLR2004 - zones 31X to 37X
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37  # noqa: PLR2004
    return int((lon + 180.0) // 6) % _ZONES + 1


def to_utm(lon: float, lat: float) -> Utm:
    """Return a place in UTM.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326; latitude within -80..84.

    Raises
    ------
    CoordinateRangeError
        Beyond these latitudes, where UTM is not defined.
    """
    if not (_SOUTH_DEG <= lat <= _NORTH_DEG and abs(lon) <= 180.0):  # noqa: PLR2004
        raise CoordinateRangeError("UTM is defined between 80 S and 84 N")
    zone = utm_zone(lon, lat)
    east_m, north_m = _mercator(zone * 6 - 183, "WGS84", 0.9996).transform(lon, lat)
    band = BANDS[min(len(BANDS) - 1, int((lat + 80.0) // 8))]
    # By the band, not by the sign: a hair south of the equator rounds to 0 and must not count as 10 000 km.
    north_m = max(0.0, north_m) if band >= "N" else north_m + _FALSE_NORTH_M
    return Utm(zone, band, east_m + _FALSE_EAST_M, north_m)


def utm_metres(
    zone: int, lon_deg: npt.NDArray[np.float64], lat_deg: npt.NDArray[np.float64], *, south: bool
) -> npt.NDArray[np.float64]:
    """Return places in one UTM zone, also a little outside it, as metres east and north, shape ``(n, 2)``."""
    east_m, north_m = _mercator(zone * 6 - 183, "WGS84", 0.9996).transform(lon_deg, lat_deg)
    return np.column_stack([east_m + _FALSE_EAST_M, north_m + (_FALSE_NORTH_M if south else 0.0)])


def from_utm(zone: int, east_m: float, north_m: float, *, south: bool) -> tuple[float, float]:
    """Return the longitude and latitude of a place in UTM.

    Raises
    ------
    CoordinateRangeError
        No such zone, or not within 100 km beyond it.
    """
    if not (1 <= zone <= _ZONES and 0.0 <= east_m <= 2 * _FALSE_EAST_M and 0.0 <= north_m <= _FALSE_NORTH_M):
        raise CoordinateRangeError("no such place in UTM")
    away_m = north_m - (_FALSE_NORTH_M if south else 0.0)
    return _back(_mercator(zone * 6 - 183, "WGS84", 0.9996), east_m - _FALSE_EAST_M, away_m)


def to_sk42(lon: float, lat: float) -> GaussKrueger:
    """Return a place in the six-degree zones of СК-42.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326 (WGS 84); shifted to Pulkovo 1942 by GOST R 51794-2008 first.

    Raises
    ------
    CoordinateRangeError
        Beyond 84 degrees north or south.
    """
    if not (abs(lat) <= _NORTH_DEG and abs(lon) <= 180.0):  # noqa: PLR2004
        raise CoordinateRangeError("СК-42 is used between 84 S and 84 N")
    (shifted_lon,), (shifted_lat,) = pulkovo_from_wgs84(np.array([lon]), np.array([lat]))
    zone = int((shifted_lon % 360.0) // 6) + 1
    east_m, x_m = _mercator(_centre_deg(zone), "krass", 1.0).transform(shifted_lon, shifted_lat)
    return GaussKrueger(zone, x_m, zone * _ZONE_M + _FALSE_EAST_M + east_m)


def from_sk42(x_m: float, y_m: float) -> tuple[float, float]:
    """Return the longitude and latitude, WGS 84, of a place in СК-42.

    Parameters
    ----------
    x_m
        Metres north of the equator.
    y_m
        Metres east of the zone's middle plus 500 000, with the zone's number before it.

    Raises
    ------
    CoordinateRangeError
        No such zone, or far outside it.
    """
    zone, east_m = int(y_m // _ZONE_M), y_m % _ZONE_M
    if not (1 <= zone <= _ZONES and 100_000 <= east_m <= 900_000 and abs(x_m) <= _FALSE_NORTH_M):  # noqa: PLR2004
        raise CoordinateRangeError("no such place in СК-42")
    lon, lat = _back(_mercator(_centre_deg(zone), "krass", 1.0), east_m - _FALSE_EAST_M, x_m)
    if abs((lon - _centre_deg(zone) + 180.0) % 360.0 - 180.0) > _ZONE_REACH_DEG:
        raise CoordinateRangeError("no such place in СК-42")
    (moved_lon,), (moved_lat,) = wgs84_from_pulkovo(np.array([lon]), np.array([lat]))
    return float(moved_lon), float(moved_lat)


def to_mgrs(lon: float, lat: float) -> str:
    """Return a place in MGRS to the metre, cut off, not rounded: ``37U DB 13223 79766``."""
    at = to_utm(lon, lat)
    column = _COLUMNS[(at.zone - 1) % 3][int(at.east_m // _SQUARE_M) - 1]
    row = _ROWS[(at.zone - 1) % 2][int(at.north_m // _SQUARE_M) % 20]
    east, north = int(at.east_m % _SQUARE_M), int(at.north_m % _SQUARE_M)
    return f"{at.zone}{at.band} {column}{row} {east:05d} {north:05d}"


def from_mgrs(zone: int, band: str, square: str, digits: str) -> tuple[float, float]:
    """Return the middle of an MGRS square as longitude and latitude.

    Parameters
    ----------
    zone, band, square
        As in ``37U DB``; letters I and O are never used.
    digits
        An even number of digits, 0 to 10: half of them east, half north.

    Raises
    ------
    CoordinateRangeError
        No such square in this zone and band.
    """
    columns, rows = _COLUMNS[(zone - 1) % 3], _ROWS[(zone - 1) % 2]
    if not (1 <= zone <= _ZONES and band in BANDS and square[0] in columns and square[1] in rows):
        raise CoordinateRangeError("no such square in MGRS")
    half = len(digits) // 2
    size_m = _SQUARE_M / 10**half
    east_m = (columns.index(square[0]) + 1) * _SQUARE_M + int(digits[:half] or 0) * size_m + size_m / 2
    in_cycle_m = rows.index(square[1]) * _SQUARE_M + int(digits[half:] or 0) * size_m + size_m / 2
    south_deg = _SOUTH_DEG + BANDS.index(band) * 8
    south = south_deg < 0
    # Rows repeat every 2 000 km: the band, with a margin for squares across its edges, says which cycle.
    for cycle in range(5):
        north_m = in_cycle_m + cycle * 20 * _SQUARE_M
        if north_m > _FALSE_NORTH_M:
            break
        lon, lat = from_utm(zone, east_m, north_m, south=south)
        if south_deg - 1.0 <= lat <= south_deg + (13.0 if band == "X" else 9.0):
            return lon, lat
    raise CoordinateRangeError("no such square in MGRS")


def format_grid(lon: float, lat: float, grid: GridName) -> str:
    """Write a place in a grid as it stands on paper: metres, rounded (MGRS: cut off).

    Examples
    --------
    >>> format_grid(37.6173, 55.7558, "utm")
    '37U 413224 6179767'
    >>> format_grid(37.6173, 55.7558, "mgrs")
    '37U DB 13223 79766'
    """
    if grid == "utm":
        at = to_utm(lon, lat)
        return f"{at.zone}{at.band} {at.east_m:.0f} {at.north_m:.0f}"
    if grid == "sk42":
        place = to_sk42(lon, lat)
        return f"X {place.x_m:.0f} Y {place.y_m:.0f}"
    return to_mgrs(lon, lat)


def convergence_deg(lon: float, lat: float, zone: int) -> float:
    """Return how far grid north of a UTM zone lies east of true north, in degrees.

    Notes
    -----
    Spherical formula, ``atan(tan(dlon) sin(lat))``; within 0.01 degree of the ellipsoid's in a zone.
    """
    away_rad = math.radians(lon - (zone * 6 - 183))
    return math.degrees(math.atan(math.tan(away_rad) * math.sin(math.radians(lat))))


def _centre_deg(zone: int) -> float:
    centre_deg = zone * 6 - 3
    return float(centre_deg if centre_deg <= 180 else centre_deg - 360)  # noqa: PLR2004


def _back(transformer: Transformer, east_m: float, north_m: float) -> tuple[float, float]:
    lon, lat = transformer.transform(east_m, north_m, direction=TransformDirection.INVERSE)
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise CoordinateRangeError("no such place in the grid")
    return float(lon), float(lat)


@lru_cache(maxsize=256)
def _mercator(centre_deg: float, ellipsoid: str, scale: float) -> Transformer:
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=tmerc +lat_0=0 +lon_0={centre_deg} +k={scale} +ellps={ellipsoid}"
    )
