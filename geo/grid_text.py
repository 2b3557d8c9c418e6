"""Grid coordinates in typed text: UTM, MGRS and СК-42, every reading that has a place."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from geo.errors import CoordinateRangeError
from geo.grids import BANDS, from_mgrs, from_sk42, from_utm

if TYPE_CHECKING:
    from collections.abc import Iterator

Reading = tuple[float, float, str]
"""Longitude, latitude, name of the grid."""

# People type Cyrillic letters that look like the Latin ones of UTM, MGRS and of X and Y.
_LOOK_ALIKE: Final = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")
_METRES: Final = r"(\d{4,8}(?:[.,]\d{1,3})?)"
_NORTH: Final = r"(\d{1,8}(?:[.,]\d{1,3})?)"
_SEPARATED: Final = r"\s*(?:M|METRES?)?\s*[,;]?\s*"
_UTM: Final = re.compile(
    rf"(?<![\w.,])(\d{{1,2}})\s*([C-HJ-NP-X])\s+E?\s*{_METRES}\s*M?E?{_SEPARATED}N?\s*{_NORTH}(?:\s*M?N)?(?![\d.])"
)
_MGRS: Final = re.compile(
    r"(?<![\w.,])(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z][A-HJ-NP-V])\s*(?:(\d{1,5})\s+(\d{1,5})|(\d{2,10}))(?![\w.])"
)
_SK42_NAMED: Final = re.compile(rf"([XY])\s*[=:]?\s*{_METRES}{_SEPARATED}([XY])\s*[=:]?\s*{_METRES}")
_SK42_PLAIN: Final = re.compile(
    r"(?<![\d.,])(\d{7,8})(?:[.,]\d{1,3})?\s*[,;]?\s+(\d{7,8})(?:[.,]\d{1,3})?(?![\d.])"
)
_BAND_HEIGHT_DEG: Final = 8


def read_grid(text: str) -> tuple[Reading, ...]:
    """Read grid coordinates; the likeliest reading first, none when the text holds no such thing.

    Parameters
    ----------
    text
        At most a few hundred characters. ``37U 413224 6179767``, ``37U DB 13223 79766``,
        ``X 6182341 Y 7413306`` (X to the north, Y to the east with the zone), Cyrillic X and Y as well.

    Returns
    -------
    tuple of Reading
        Two readings where a letter may be a band or a hemisphere (``37S``), or where X and Y may be swapped.
    """
    clean = " ".join(text.upper().translate(_LOOK_ALIKE).split())
    found: list[Reading] = []
    for read in (_mgrs, _utm, _sk42):
        with suppress(CoordinateRangeError):
            found.extend(read(clean))
        if found:
            break
    return tuple(dict.fromkeys(found))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _mgrs(text: str) -> Iterator[Reading]:
    match = _MGRS.search(text)
    if match is None:
        return
    zone, band, square, east, north, together = match.groups()
    digits = together or (east + north if len(east) == len(north) else "")
    if digits and len(digits) % 2 == 0:
        lon, lat = from_mgrs(int(zone), band, square, digits)
        yield lon, lat, "mgrs"


def _utm(text: str) -> Iterator[Reading]:
    match = _UTM.search(text)
    if match is None:
        return
    zone, letter = int(match[1]), match[2]
    east_m, north_m = _number(match[3]), _number(match[4])
    south_deg = -80.0 + BANDS.index(letter) * _BAND_HEIGHT_DEG
    readings: list[Reading] = []
    lon, lat = from_utm(zone, east_m, north_m, south=south_deg < 0)
    if south_deg - 1 <= lat <= south_deg + (13 if letter == "X" else 9):
        readings.append((lon, lat, "utm"))
    if letter in "NS":
        # The letter may name the hemisphere instead of a band.
        lon, lat = from_utm(zone, east_m, north_m, south=letter == "S")
        readings.append((lon, lat, "utm"))
    yield from readings


def _sk42(text: str) -> Iterator[Reading]:
    named = _SK42_NAMED.search(text)
    if named is not None and named[1] != named[3]:
        values = {named[1]: _number(named[2]), named[3]: _number(named[4])}
        lon, lat = from_sk42(values["X"], values["Y"])
        yield lon, lat, "sk42"
        return
    plain = _SK42_PLAIN.search(text)
    if plain is None:
        return
    first, second = float(plain[1]), float(plain[2])
    for x_m, y_m in ((first, second), (second, first)):
        with suppress(CoordinateRangeError):
            lon, lat = from_sk42(x_m, y_m)
            yield lon, lat, "sk42"
