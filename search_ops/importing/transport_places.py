"""Places of the transport network from CSV: airports, runways, towns, stations.

Airports and runways come in the form of OurAirports, towns in that of GeoNames. What a file does not say
stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from search_ops.csv_rows import Fault, Row, TableRefused, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

FOOT_M: Final = 0.3048
_LATITUDE: Final = 90.0
_LONGITUDE: Final = 180.0
_LONGEST_NAME: Final = 200
_IDENTITY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")
_REGION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_RUSSIAN: Final = re.compile(r"[А-Яа-яЁё0-9 .()«»-]+")

AIRPORT_KINDS: Final = {
    "large_airport": "airport",
    "medium_airport": "airport",
    "small_airport": "airport",
    "closed": "airport",
    "heliport": "heliport",
    "seaplane_base": "port",
    "balloonport": "site",
}

# The spellings that stand in OurAirports' rows; what is not among them is kept as unknown, and counted.
_SURFACES: Final = {
    "paved": (
        *("paved", "asp", "asph", "asphalt", "bit", "a", "con", "c0n", "concrete", "cement", "mac", "pem"),
        *("met", "metal", "psp"),
    ),
    "gravel": ("gre", "grv", "gravel", "gvl"),
    "ground": ("grs", "grass", "turf", "ground", "dirt", "earth", "g", "soil", "san", "sand"),
    "water": ("wat", "water"),
    "snow": ("sno", "snow"),
    "ice": ("ice",),
}
SURFACES: Final = {word: surface for surface, words in _SURFACES.items() for word in words}
_NO_WORD: Final = frozenset({"", "unk", "unknown", "u"})


def read_airports(data: bytes) -> TableRead:
    """Return rows of `transport_place` from a file in the form of OurAirports ``airports.csv``.

    Beside its columns the file may have ``name_ru``, ``time_zone``, ``opens``, ``closes`` (HH:MM of the
    place) and ``transfer_min``.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("ident", "type", "name", "latitude_deg", "longitude_deg")
    more = ("name_ru", "iso_region", "iata_code", "time_zone", "opens", "closes", "transfer_min")

    def airport(row: Row) -> dict[str, Any]:
        kind = row.fields["type"]
        if kind not in AIRPORT_KINDS:
            raise TableRefused([Fault("airport_type_unknown", row.line, "type")])
        lon, lat = position(row, "longitude_deg", "latitude_deg")
        return {
            "place_id": identity(row, "ident"),
            "kind": AIRPORT_KINDS[kind],
            "name": words(row, "name"),
            "name_ru": row.fields.get("name_ru") or None,
            "lon": lon,
            "lat": lat,
            "region": region(row, "iso_region"),
            "time_zone": time_zone(row, "time_zone"),
            "iata": row.fields.get("iata_code") or None,
            "population": None,
            "transfer_min": whole(row, "transfer_min", most=1_440),
            "opens": clock(row, "opens"),
            "closes": clock(row, "closes"),
            "closed": kind == "closed",
        }

    return each_once(data, airport, "place_id", needed=needed, known=(*needed, *more))


def read_runways(data: bytes) -> TableRead:
    """Return rows of `transport_runway` from a file in the form of OurAirports ``runways.csv``.

    A length of nothing or of zero is unknown, and so is a surface whose word we do not know.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("id", "airport_ident", "length_ft")
    more = ("width_ft", "surface", "lighted", "closed")

    def runway(row: Row) -> dict[str, Any]:
        word = row.fields.get("surface", "").strip("' \"").lower()
        return {
            "runway_id": identity(row, "id"),
            "place_id": identity(row, "airport_ident"),
            "length_m": feet_m(row, "length_ft"),
            "width_m": feet_m(row, "width_ft"),
            "surface": None if word in _NO_WORD else SURFACES.get(word),
            "lighted": yes_no(row, "lighted"),
            "closed": yes_no(row, "closed") or False,
        }

    return each_once(data, runway, "runway_id", needed=needed, known=(*needed, *more))


def read_towns(data: bytes) -> TableRead:
    """Return rows of `transport_place` from a file in the form of GeoNames' list of towns.

    The Russian name is that of the column ``name_ru``, else the first of ``alternatenames`` (parted by
    bars) written in Russian letters.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("geonameid", "name", "latitude", "longitude")
    more = ("name_ru", "alternatenames", "population", "timezone", "region")

    def town(row: Row) -> dict[str, Any]:
        lon, lat = position(row, "longitude", "latitude")
        return {
            "place_id": f"geonames:{identity(row, 'geonameid')}",
            "kind": "settlement",
            "name": words(row, "name"),
            "name_ru": _russian_name(row),
            "lon": lon,
            "lat": lat,
            "region": region(row, "region"),
            "time_zone": time_zone(row, "timezone"),
            "iata": None,
            "population": whole(row, "population", most=10**9),
            "transfer_min": None,
            "opens": None,
            "closes": None,
            "closed": False,
        }

    return each_once(data, town, "place_id", needed=needed, known=(*needed, *more))


def read_stations(data: bytes) -> TableRead:
    """Return rows of `transport_place` from a list of stations, ports and landing places of ours.

    Coordinates may be missing: such a station stands in timetables, but nobody can drive there.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("code", "kind", "name")
    more = ("name_ru", "latitude", "longitude", "region", "time_zone", "transfer_min", "opens", "closes")
    kinds = ("station", "port", "site", "heliport")

    def station(row: Row) -> dict[str, Any]:
        if row.fields["kind"] not in kinds:
            raise TableRefused([Fault("station_kind_unknown", row.line, "kind")])
        known = row.fields.get("longitude") or row.fields.get("latitude")
        lon, lat = position(row, "longitude", "latitude") if known else (None, None)
        return {
            "place_id": f"station:{identity(row, 'code')}",
            "kind": row.fields["kind"],
            "name": words(row, "name"),
            "name_ru": row.fields.get("name_ru") or None,
            "lon": lon,
            "lat": lat,
            "region": region(row, "region"),
            "time_zone": time_zone(row, "time_zone"),
            "iata": None,
            "population": None,
            "transfer_min": whole(row, "transfer_min", most=1_440),
            "opens": clock(row, "opens"),
            "closes": clock(row, "closes"),
            "closed": False,
        }

    return each_once(data, station, "place_id", needed=needed, known=(*needed, *more))


def _russian_name(row: Row) -> str | None:
    given = row.fields.get("name_ru")
    if given:
        return given[:_LONGEST_NAME]
    names = (name.strip() for name in row.fields.get("alternatenames", "").split("|"))
    return next((name for name in names if _RUSSIAN.fullmatch(name)), None)


# ---- fields ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TableRead:
    """The rows of a file that can be used, each with its ``line``, and what is wrong with the others."""

    rows: list[dict[str, Any]]
    faults: list[Fault]


def each_once(
    data: bytes,
    read: Callable[[Row], dict[str, Any]],
    key: str,
    *,
    needed: Collection[str],
    known: Collection[str],
) -> TableRead:
    """Return what `read` makes of every row, each with its ``line``, and the rows at fault beside it.

    Of one identity given twice the first row counts.

    Raises
    ------
    TableRefused
        The file cannot be used, or none of its rows.
    """
    rows: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    for row in rows_of(data, needed=needed, known=known):
        try:
            made = read(row)
        except TableRefused as refused:
            faults += refused.faults
            continue
        if made[key] in rows:
            faults.append(Fault("identity_twice", row.line))
            continue
        rows[made[key]] = {**made, "line": row.line}
    if faults and not rows:
        raise TableRefused(faults)
    return TableRead(list(rows.values()), faults)


def identity(row: Row, column: str) -> str:
    """Return an identity: latin letters, digits and ``. _ : -``."""
    value = row.fields[column]
    if not value:
        raise TableRefused([Fault("empty", row.line, column)])
    if _IDENTITY.fullmatch(value) is None:
        raise TableRefused([Fault("identity_unreadable", row.line, column)])
    return value


def words(row: Row, column: str) -> str:
    """Return a text that must be there."""
    value = row.fields[column]
    if not value:
        raise TableRefused([Fault("empty", row.line, column)])
    if len(value) > _LONGEST_NAME:
        raise TableRefused([Fault("too_long", row.line, column)])
    return value


def position(row: Row, lon: str, lat: str) -> tuple[float, float]:
    """Return longitude and latitude in degrees, WGS-84."""
    found = {}
    for column, limit in ((lon, _LONGITUDE), (lat, _LATITUDE)):
        found[column] = row.required(column)
        if abs(found[column]) > limit:
            raise TableRefused([Fault("out_of_range", row.line, column)])
    return found[lon], found[lat]


def figure(row: Row, column: str, *, least: float = 0.0, most: float) -> float | None:
    """Return a figure within limits; None where the file does not say."""
    value = row.number(column) if column in row.fields else None
    if value is not None and not least <= value <= most:
        raise TableRefused([Fault("out_of_range", row.line, column)])
    return value


def whole(row: Row, column: str, *, most: int) -> int | None:
    """Return a whole number within limits; None where the file does not say."""
    value = figure(row, column, most=most)
    if value is not None and value != int(value):
        raise TableRefused([Fault("not_whole", row.line, column)])
    return None if value is None else int(value)


def feet_m(row: Row, column: str) -> float | None:
    """Return a length in metres; zero feet are how the source writes that it does not know."""
    value = figure(row, column, most=40_000)
    return None if not value else round(value * FOOT_M, 1)


def yes_no(row: Row, column: str) -> bool | None:
    """Return a yes or no; None where the file does not say."""
    word = row.fields.get(column, "").lower()
    if word in {"1", "yes", "true", "да"}:
        return True
    if word in {"0", "no", "false", "нет"}:
        return False
    if word:
        raise TableRefused([Fault("not_yes_or_no", row.line, column)])
    return None


def clock(row: Row, column: str) -> str | None:
    """Return an hour of the place as HH:MM."""
    value = row.fields.get(column, "")
    if not value:
        return None
    if _CLOCK.fullmatch(value) is None:
        raise TableRefused([Fault("not_an_hour", row.line, column)])
    return time.fromisoformat(value.rjust(5, "0")).strftime("%H:%M")


def region(row: Row, column: str) -> str | None:
    """Return an ISO 3166-2 code."""
    value = row.fields.get(column, "")
    if value and _REGION.fullmatch(value) is None:
        raise TableRefused([Fault("not_a_region", row.line, column)])
    return value or None


def time_zone(row: Row, column: str) -> str | None:
    """Return a zone of the IANA list."""
    value = row.fields.get(column, "")
    if not value:
        return None
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise TableRefused([Fault("time_zone_unknown", row.line, column)]) from None
