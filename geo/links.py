"""Coordinates in links of map services; the address is only read, never opened."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

_N = r"(-?\d{1,3}(?:\.\d{1,20})?)"


@dataclass(frozen=True, slots=True)
class _LinkPattern:
    """Where a service puts a place: a marker comes before the centre of the view."""

    service: re.Pattern[str]
    place: re.Pattern[str]
    lon_first: bool


def _patterns(service: str, *places: tuple[str, bool]) -> list[_LinkPattern]:
    compiled = re.compile(service, re.IGNORECASE)
    return [
        _LinkPattern(compiled, re.compile(place, re.IGNORECASE), lon_first) for place, lon_first in places
    ]


_LINKS = [
    *_patterns(
        r"\b(?:maps\.)?yandex\.[a-z.]{2,6}/|\bya\.ru/maps",
        (rf"[?&]whatshere\[point\]={_N},{_N}", True),
        (rf"[?&]pt={_N},{_N}", True),
        (rf"[?&]text={_N},\s*{_N}", False),
        (rf"[?&]ll={_N},{_N}", True),
    ),
    *_patterns(
        r"\bgoogle\.[a-z.]{2,6}/|\bgoo\.gl/",
        (rf"!3d{_N}!4d{_N}", False),
        (rf"[?&](?:q|query|destination|daddr)=(?:loc:)?{_N},\s*{_N}", False),
        (rf"/(?:place|search|dir)/{_N},[\s+]*{_N}", False),
        (rf"@{_N},{_N}", False),
        (rf"[?&]ll={_N},{_N}", False),
    ),
    *_patterns(
        r"\b(?:openstreetmap\.org|osm\.org)/",
        (rf"[?&]mlat={_N}&(?:amp;)?mlon={_N}", False),
        (rf"#map=\d+(?:\.\d+)?/{_N}/{_N}", False),
    ),
    *_patterns(r"\b2gis\.[a-z]{2,3}/", (rf"[?&/](?:m|geo)[=/](?:\d+/)?{_N},{_N}", True)),
    *_patterns(r"\bnakarte\.me/", (rf"#.*?m=\d+/{_N}/{_N}", False)),
    *_patterns(r"^\s*geo:", (rf"geo:{_N},{_N}", False)),
]


def find_link(text: str) -> tuple[float, float] | None:
    """Return the place that a map link points at, as (lon, lat) in degrees, or None.

    Parameters
    ----------
    text
        Any text; links of Yandex Maps, Google Maps, OpenStreetMap, 2GIS, nakarte.me and ``geo:``
        addresses (RFC 5870) are known. Values are not checked here.

    Examples
    --------
    >>> find_link("https://www.openstreetmap.org/#map=15/55.7558/37.6173")
    (37.6173, 55.7558)
    """
    plain = unquote(text)
    for link in _LINKS:
        if link.service.search(plain) and (found := link.place.search(plain)):
            first, second = float(found.group(1)), float(found.group(2))
            return (first, second) if link.lon_first else (second, first)
    return None
