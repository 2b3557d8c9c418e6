"""Magnetic declination from the World Magnetic Model 2025, offline: every bearing for people is magnetic.

A compass needle points to magnetic north. A bearing for people is therefore magnetic and says so, with the
declination and the year it was taken for. Light enough for the API: no engine, 0.1 ms a place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Final

from pygeomag import GeoMag

MODEL: Final = "WMM-2025"
VALID_FROM: Final = datetime(2024, 11, 13, tzinfo=UTC)
VALID_UNTIL: Final = datetime(2030, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 2025.0, 2029.999
# Below this horizontal field, in nanotesla, the needle is no guide: the model's own "blackout zone".
BLACKOUT_NT: Final = 2_000.0


@dataclass(frozen=True, slots=True)
class Declination:
    """How far magnetic north lies east of true north at a place and time.

    Parameters
    ----------
    degrees
        East positive, -180..180.
    model
        Name of the model.
    year
        Year that the value is for.
    outdated
        The day lies outside 2024-11-13 to 2030-01-01: the value is that of the nearest end, and says so.
    unreliable
        Too near a magnetic pole for a compass.
    """

    degrees: float
    model: str
    year: int
    outdated: bool = False
    unreliable: bool = False


def declination(lon: float, lat: float, at: datetime) -> Declination:
    """Return the declination at a place and time.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326; at sea level, which no height where people search changes by 0.01 degree.
    at
        Aware.

    Notes
    -----
    NOAA and BGS, "The US/UK World Magnetic Model for 2025-2030"; accurate to about 0.4 degree in Russia, but
    for ore bodies (Kursk).
    """
    year = _decimal_year(at)
    field = _model().calculate(lat, lon, 0.0, min(max(year, _FIRST_YEAR), _LAST_YEAR))
    return Declination(
        field.d,
        MODEL,
        at.astimezone(UTC).year,
        outdated=not VALID_FROM <= at < VALID_UNTIL,
        unreliable=field.h < BLACKOUT_NT,
    )


def declination_deg(lon: float, lat: float, at: datetime) -> tuple[float, str, int]:
    """Return degrees east, the model's name and the year; see `declination`."""
    found = declination(lon, lat, at)
    return found.degrees, found.model, found.year


def magnetic_bearing_deg(true_bearing_deg: float, declination_east_deg: float) -> float:
    """Return what a compass shows for a true bearing, 0..360.

    Examples
    --------
    >>> magnetic_bearing_deg(5.0, 12.0)
    353.0
    """
    bearing_deg = math.fmod(true_bearing_deg - declination_east_deg, 360.0)
    return bearing_deg + 360.0 if bearing_deg < 0 else bearing_deg


@cache
def _model() -> GeoMag:
    return GeoMag(coefficients_file="wmm/WMM_2025.COF")


def _decimal_year(at: datetime) -> float:
    moment = at.astimezone(UTC)
    begin = datetime(moment.year, 1, 1, tzinfo=UTC)
    end = datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    return moment.year + (moment - begin) / (end - begin)
