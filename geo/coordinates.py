"""Coordinates as people type, dictate and paste them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from geo.errors import CoordinateNotFoundError, CoordinateRangeError, CoordinateTextTooLongError
from geo.grid_text import read_grid
from geo.links import find_link

CoordinateFormat = Literal["dd", "dmm", "dms"]
Axis = Literal["lat", "lon"]

MAX_TEXT_CHARACTERS = 2_000
MAX_LON_DEG, MAX_LAT_DEG = 180.0, 90.0
# Where the system searches: used only to put the likelier of two readings first.
HOME_LAT_DEG, HOME_LON_DEG = (30.0, 82.0), (19.0, 180.0)
DECIMALS = 7
STYLES: tuple[CoordinateFormat, ...] = ("dd", "dmm", "dms")


@dataclass(frozen=True, slots=True)
class CoordinateCandidate:
    """One reading of a typed coordinate.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326, -180..180 and -90..90, rounded to 1e-7.
    format
        ``dd``, ``dmm``, ``dms`` as typed, ``utm``, ``mgrs``, ``sk42`` for a grid, or ``link`` for an address
        of a map service.
    """

    lon: float
    lat: float
    format: str


@dataclass(frozen=True, slots=True)
class _Angle:
    """One angle of a pair: signed degrees, how it was written, and its letter's axis if it had one."""

    degrees: float
    style: CoordinateFormat
    axis: Axis | None


@dataclass(frozen=True, slots=True)
class _Token:
    """A number, mark, letter or separator of the text; ``kind`` is one of ``0 ° ' " L ,``."""

    kind: str
    text: str


# Letters of the compass in Latin and Cyrillic; C and B are typed for the Cyrillic letters they look like.
_HEMISPHERES: dict[str, tuple[Axis, int]] = {
    **dict.fromkeys("NСC", ("lat", 1)),
    **dict.fromkeys("SЮ", ("lat", -1)),
    **dict.fromkeys("EВB", ("lon", 1)),
    **dict.fromkeys("WЗ", ("lon", -1)),
    "φ": ("lat", 1),
    "λ": ("lon", 1),
}
# "lat" and "lon" in words name the axis; the sign of the number counts.
_AXIS_NAMES = frozenset("φλ")
# A single one of these is more likely a Russian preposition than half of a pair of letters.
_PREPOSITIONS = frozenset("СВ")
_MARKS = ("°", "'", '"')

# Longer signs first: two primes are seconds.
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        ("[\u2212\u2010-\u2015]", "-"),
        (r"(?<=\d)-(?=\d)", " "),
        ("[\u00ba\u02da\u00b0]|\\bГРАД(?:УСОВ|УСА|УС)?\\b\\.?|\\bDEG\\b", "°"),
        ("''|[\u2032\u2019\u02b9\u00b4`]{2}|[\u2033\u201c\u201d\u201f\u02ba]|\\bСЕК\\b\\.?|\\bSEC\\b", '"'),
        ("[\u2032\u2019\u2018\u02b9\u00b4`]|\\bМИН\\b\\.?|\\bMIN\\b", "'"),
        (r"\b([СЮCВЗB])\s?\.?\s?[ШД]\b\.?", r" \1 "),
        (r"\b(?:LAT(?:ITUDE)?|ШИР(?:ОТА)?)\b", " φ "),
        (r"\b(?:LON(?:G|GITUDE)?|ДОЛГ(?:ОТА)?)\b", " λ "),
        (r"[^\W\d_]{2,}", " "),
        (r"[\n|/]", ";"),
    )
)
_NUMBER = {",": r"\d{1,9}(?:[.,]\d{1,20})?", ".": r"\d{1,9}(?:\.\d{1,20})?"}
_TOKENS = {
    decimal: re.compile(
        rf"(?P<number>(?:(?<![\d.,])[-+])?{number})|(?P<mark>[°'\"])|(?P<letter>[^\W\d_])|(?P<separator>[,;])"
    )
    for decimal, number in _NUMBER.items()
}


def parse_coordinates(text: str) -> tuple[CoordinateCandidate, ...]:
    """Read a typed coordinate pair; the likeliest reading comes first.

    Parameters
    ----------
    text
        At most 2 000 characters: decimal degrees, degrees with decimal minutes, or degrees, minutes and
        seconds; point or comma as decimal sign; N S E W or С Ю В З (also с.ш., в.д.) before or after;
        or a link of Yandex Maps, Google Maps, OpenStreetMap, 2GIS, nakarte.me or a ``geo:`` address;
        or a place in UTM, MGRS or СК-42 (shifted to WGS 84).

    Returns
    -------
    tuple of CoordinateCandidate
        One reading where letters or values leave no doubt; latitude first and longitude first where
        both lie on the globe, hemisphere and band where a letter of UTM may be either.

    Raises
    ------
    CoordinateTextTooLongError
        The text is too long to be a coordinate.
    CoordinateNotFoundError
        No pair of angles in it.
    CoordinateRangeError
        A pair, but no reading of it lies on the globe, or minutes or seconds of 60 and more.

    Examples
    --------
    >>> parse_coordinates("N55 45.35 E37 37.06")[0].format
    'dmm'
    >>> [(c.lat, c.lon) for c in parse_coordinates("55,7558; 37,6173")]
    [(55.7558, 37.6173), (37.6173, 55.7558)]
    """
    if len(text) > MAX_TEXT_CHARACTERS:
        raise CoordinateTextTooLongError("text is too long for a coordinate")
    link = find_link(text)
    if link is not None:
        lon, lat = link
        return (_candidate(lon, lat, "link"),)
    in_grid = tuple(_candidate(*reading) for reading in read_grid(text))
    if in_grid:
        return tuple(sorted(in_grid, key=lambda candidate: not _at_home(candidate)))
    clean = text.upper()
    for pattern, replacement in _REWRITES:
        clean = pattern.sub(replacement, clean)
    # With a decimal point in the text a comma parts the pair; without one it is tried as decimal sign first.
    for decimal in (".", ",") if re.search(r"\d\.\d", clean) else (",", "."):
        pair = _pair(_tokens(clean, decimal))
        if pair is not None:
            return _readings(*pair)
    raise CoordinateNotFoundError("no coordinate pair in the text")


def format_coordinates(lon: float, lat: float, style: CoordinateFormat) -> str:
    r"""Write a coordinate pair, latitude first, as radio operators read it out.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326, -180..180 and -90..90.
    style
        ``dd`` with 6 decimals (0.1 m), ``dmm`` with 4 decimals of a minute (0.2 m), ``dms`` with 2
        decimals of a second (0.3 m).

    Raises
    ------
    CoordinateRangeError
        Not on the globe, or not finite.

    Examples
    --------
    >>> format_coordinates(37.6173, 55.7558, "dd")
    '55.755800, 37.617300'
    >>> format_coordinates(37.6173, 55.7558, "dmm")
    "N55°45.3480' E037°37.0380'"
    >>> format_coordinates(-0.5, -33.25, "dms")
    'S33°15\'00.00" W000°30\'00.00"'
    """
    if not (abs(lon) <= MAX_LON_DEG and abs(lat) <= MAX_LAT_DEG):
        raise CoordinateRangeError("a coordinate must be on the globe")
    if style == "dd":
        # Adding zero turns -0.0 into 0.0.
        return f"{round(lat, 6) + 0.0:.6f}, {round(lon, 6) + 0.0:.6f}"
    north, east = ("S" if lat < 0 else "N"), ("W" if lon < 0 else "E")
    write = _degrees_minutes if style == "dmm" else _degrees_minutes_seconds
    return f"{north}{write(abs(lat), 2)} {east}{write(abs(lon), 3)}"


def _degrees_minutes(degrees: float, width: int) -> str:
    # Whole ten-thousandths of a minute: 59.99999 carries into the next degree.
    whole, rest = divmod(round(degrees * 600_000), 600_000)
    return f"{whole:0{width}d}°{rest / 10_000:07.4f}'"


def _degrees_minutes_seconds(degrees: float, width: int) -> str:
    whole, rest = divmod(round(degrees * 360_000), 360_000)
    minutes, hundredths = divmod(rest, 6_000)
    return f"{whole:0{width}d}°{minutes:02d}'{hundredths / 100:05.2f}\""


def _tokens(text: str, decimal: str) -> list[_Token]:
    tokens: list[_Token] = []
    for found in _TOKENS[decimal].finditer(text):
        value = found.group()
        if found.lastgroup == "number":
            tokens.append(_Token("0", value.replace(",", ".")))
        elif found.lastgroup == "mark":
            tokens.append(_Token(value, value))
        elif found.lastgroup == "separator":
            tokens.append(_Token(",", value))
        elif value in _HEMISPHERES:
            tokens.append(_Token("L", value))
    letters = [token for token in tokens if token.kind == "L"]
    if len(letters) == 1 and letters[0].text in _PREPOSITIONS:
        tokens.remove(letters[0])
    return tokens


def _pair(tokens: list[_Token]) -> tuple[_Angle, _Angle] | None:
    """Part the tokens into two angles: by letters, by degree signs, by a separator, or in halves."""
    for parted in (_by_letters(tokens), _by_degree_signs(tokens), _by_separator(tokens), _in_halves(tokens)):
        angles = [_angle(part) for part in parted]
        if len(angles) == 2:  # noqa: PLR2004 - a pair is two
            first, second = angles
            if first and second and (first.axis is None or first.axis != second.axis):
                return first, second
    return None


def _by_letters(tokens: list[_Token]) -> list[list[_Token]]:
    tokens = [token for token in tokens if token.kind != ","]
    places = [index for index, token in enumerate(tokens) if token.kind == "L"]
    if len(places) != 2:  # noqa: PLR2004
        return []
    cut = places[1] if places[0] == 0 else places[0] + 1
    return [tokens[:cut], tokens[cut:]]


def _by_degree_signs(tokens: list[_Token]) -> list[list[_Token]]:
    tokens = [token for token in tokens if token.kind != ","]
    signs = [index for index, token in enumerate(tokens) if token.kind == "°"]
    if len(signs) != 2:  # noqa: PLR2004
        return []
    cut = signs[1] - 1
    if cut > 0 and tokens[cut - 1].kind == "L" and tokens[0].kind == "L":
        cut -= 1
    return [tokens[:cut], tokens[cut:]]


def _by_separator(tokens: list[_Token]) -> list[list[_Token]]:
    strong = [index for index, token in enumerate(tokens) if token.text == ";"]
    places = strong or [index for index, token in enumerate(tokens) if token.kind == ","]
    return [tokens[: places[0]], tokens[places[0] + 1 :]] if len(places) == 1 else []


def _in_halves(tokens: list[_Token]) -> list[list[_Token]]:
    tokens = [token for token in tokens if token.kind != ","]
    numbers = [index for index, token in enumerate(tokens) if token.kind == "0"]
    if len(numbers) % 2 or not numbers:
        return []
    cut = numbers[len(numbers) // 2]
    if tokens[cut - 1].kind == "L" and tokens[0].kind == "L":
        cut -= 1
    return [tokens[:cut], tokens[cut:]]


def _angle(tokens: list[_Token]) -> _Angle | None:
    """Read degrees, minutes and seconds; None if the tokens are not one angle."""
    slots: list[float | None] = [None, None, None]
    letter: str | None = None
    sign = 1
    slot = -1
    whole = True
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.kind == "L":
            if letter is not None:
                return None
            letter = token.text
        elif token.kind == "0":
            marked = after.kind if after is not None else ""
            slot = _MARKS.index(marked) if marked in _MARKS else slot + 1
            earlier_empty = any(value is not None for value in slots[slot:])
            signed = token.text[0] in "+-"
            # Only the last number has decimals, only the first a sign.
            if slot >= len(slots) or earlier_empty or not whole or (signed and slot):
                return None
            sign = -1 if token.text.startswith("-") else sign
            slots[slot] = abs(float(token.text))
            whole = "." not in token.text
    if slots[0] is None or (sign < 0 and letter is not None and letter not in _AXIS_NAMES):
        return None
    return _sum_up(slots[0], slots[1], slots[2], sign, letter)


def _sum_up(
    degrees: float, minutes: float | None, seconds: float | None, sign: int, letter: str | None
) -> _Angle:
    sixty = 60.0
    if (minutes or 0.0) >= sixty or (seconds or 0.0) >= sixty:
        raise CoordinateRangeError("minutes and seconds must be below 60")
    axis, direction = _HEMISPHERES[letter] if letter is not None else (None, 1)
    style: CoordinateFormat = "dms" if seconds is not None else "dmm" if minutes is not None else "dd"
    total = degrees + (minutes or 0.0) / sixty + (seconds or 0.0) / sixty**2
    return _Angle(direction * sign * total, style, axis)


def _readings(first: _Angle, second: _Angle) -> tuple[CoordinateCandidate, ...]:
    style = max(first.style, second.style, key=STYLES.index)
    lat_first = first.axis == "lat" or second.axis == "lon"
    lon_first = first.axis == "lon" or second.axis == "lat"
    pairs: list[tuple[float, float]] = []
    if not lon_first:
        pairs.append((second.degrees, first.degrees))
    if not lat_first:
        pairs.append((first.degrees, second.degrees))
    candidates = [
        _candidate(lon, lat, style)
        for lon, lat in pairs
        if abs(lon) <= MAX_LON_DEG and abs(lat) <= MAX_LAT_DEG
    ]
    if not candidates:
        raise CoordinateRangeError("no reading of the pair lies on the globe")
    # Stable: among equals latitude first, as people write it.
    return tuple(sorted(dict.fromkeys(candidates), key=lambda candidate: not _at_home(candidate)))


def _at_home(candidate: CoordinateCandidate) -> bool:
    south, north = HOME_LAT_DEG
    west, east = HOME_LON_DEG
    return south <= candidate.lat <= north and west <= candidate.lon <= east


def _candidate(lon: float, lat: float, style: str) -> CoordinateCandidate:
    if not (abs(lon) <= MAX_LON_DEG and abs(lat) <= MAX_LAT_DEG):
        raise CoordinateRangeError("the place lies outside the globe")
    return CoordinateCandidate(round(lon, DECIMALS), round(lat, DECIMALS), style)
