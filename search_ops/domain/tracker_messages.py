"""What trackers and tracking apps send, read into fixes: OsmAnd and Traccar client, OwnTracks. Pure.

Each has its own units and its own ways of writing a time. A message is understood as a whole or not at all.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.payloads import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOT_MPS: Final = 1852 / 3600
KMH_MPS: Final = 1 / 3.6
_EAST_DEG, _NORTH_DEG = 180.0, 90.0
MOST_FIXES: Final = 50
LONGEST_TOKEN: Final = 64
_SECONDS_BELOW: Final = 2**31  # a larger number is milliseconds
_NUMBER: Final = re.compile(r"[+-]?(\d{1,17}(\.\d{0,17})?|\.\d{1,17})([eE][+-]?\d{1,2})?", re.ASCII)
_PLAIN_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_FALSE: Final = frozenset({"false", "0", "no"})


class MalformedMessage(ValueError):  # noqa: N818 - reads as a statement
    """The message cannot be what its protocol means; `where` names the field."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True, slots=True)
class TrackerFix:
    """One position as the sender measured it; `at` is None where he did not say when: now.

    `doubt` says why the sender himself does not vouch for it: ``invalid``, ``mock``.
    """

    at: datetime | None
    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    bearing_deg: float | None = None
    battery: float | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class TrackerMessage:
    """A message understood; without fixes it is a sign of life."""

    token: str
    fixes: tuple[TrackerFix, ...] = ()
    battery: float | None = None


def token_in_query(query: Mapping[str, str]) -> str:
    """Return whose message it claims to be, as it is kept: the id is typed by hand.

    Raises
    ------
    MalformedMessage
        It names nobody.
    """
    return _token(query.get("id") or query.get("deviceid"), "id")


def read_query(query: Mapping[str, str]) -> TrackerMessage:
    """Read the OsmAnd form: a query string, speed in knots unless it says ``unit=mps``.

    Raises
    ------
    MalformedMessage
        A field of ours cannot be read; fields that we do not use may hold anything.
    """
    token = token_in_query(query)
    battery = _percent(_numeral(query, "batt"), "batt")
    place = _place_of(query)
    if place is None:
        return TrackerMessage(token, battery=battery)
    speed = _numeral(query, "speed")
    unit_mps = 1.0 if query.get("unit") == "mps" else KNOT_MPS
    bearing = _numeral(query, "bearing" if "bearing" in query else "heading")
    fix = TrackerFix(
        at=_time_of_text(query.get("timestamp") or ""),
        lon=place[0],
        lat=place[1],
        accuracy_m=_not_negative(_numeral(query, "accuracy"), "accuracy"),
        speed_mps=None if speed is None or speed < 0 else speed * unit_mps,
        bearing_deg=None if bearing is None or bearing < 0 else bearing % 360,
        battery=battery,
        doubt="invalid" if query.get("valid", "").lower() in _FALSE and query.get("valid") else None,
    )
    return TrackerMessage(token, (fix,), battery)


def _place_of(query: Mapping[str, str]) -> tuple[float, float] | None:
    if query.get("location"):
        lat_text, comma, lon_text = query["location"].partition(",")
        if not comma:
            raise MalformedMessage("location")
        lat, lon = _number_of(lat_text, "location"), _number_of(lon_text, "location")
    else:
        found_lat, found_lon = _numeral(query, "lat"), _numeral(query, "lon")
        if found_lat is None and found_lon is None:
            return None
        if found_lat is None or found_lon is None:
            raise MalformedMessage("lat" if found_lat is None else "lon")
        lat, lon = found_lat, found_lon
    return _lonlat(lon, lat)


def token_in_json(body: Any) -> str:
    """Return whose message a body of Traccar client claims to be.

    Raises
    ------
    MalformedMessage
        It names nobody.
    """
    return _token(body.get("device_id") if isinstance(body, dict) else None, "device_id")


def read_traccar(body: Any) -> TrackerMessage:
    """Read the JSON of Traccar client: one location or a list of them, speed in m/s, -1: unknown.

    Raises
    ------
    MalformedMessage
        A field of ours cannot be read.
    """
    token = token_in_json(body)
    held = body.get("location")
    locations = held if isinstance(held, list) else [] if held is None else [held]
    if len(locations) > MOST_FIXES:
        raise MalformedMessage("location")
    fixes = tuple(_traccar_fix(one) for one in locations)
    return TrackerMessage(token, fixes, fixes[-1].battery if fixes else None)


def _traccar_fix(location: Any) -> TrackerFix:
    coords = _object(location, "location").get("coords")
    place = _object(coords, "location.coords")
    level = _json_number(_object(location.get("battery") or {}, "location.battery"), "level")
    speed, heading = _json_number(place, "speed"), _json_number(place, "heading")
    lon, lat = _lonlat(_required(place, "longitude"), _required(place, "latitude"))
    accuracy = _json_number(place, "accuracy")
    return TrackerFix(
        at=_time_of_json(location.get("timestamp")),
        lon=lon,
        lat=lat,
        accuracy_m=None if accuracy is None or accuracy < 0 else accuracy,
        speed_mps=None if speed is None or speed < 0 else speed,
        bearing_deg=None if heading is None or heading < 0 else heading % 360,
        battery=None if level is None or level < 0 else _percent(level * 100, "location.battery.level"),
        doubt="mock" if location.get("mock") is True else None,
    )


def read_owntracks(body: Any, token: str) -> TrackerMessage:
    """Read a message of OwnTracks: a location, speed in km/h; other types say only that the phone lives.

    Raises
    ------
    MalformedMessage
        It has no type, or a location that cannot be read.
    """
    told = _object(body, "body")
    if not isinstance(told.get("_type"), str):
        raise MalformedMessage("_type")
    if told["_type"] != "location":
        return TrackerMessage(token)
    speed, bearing = _json_number(told, "vel"), _json_number(told, "cog")
    battery = _percent(_json_number(told, "batt"), "batt")
    lon, lat = _lonlat(_required(told, "lon"), _required(told, "lat"))
    fix = TrackerFix(
        at=_time_of_number(_required(told, "tst"), "tst"),
        lon=lon,
        lat=lat,
        accuracy_m=_not_negative(_json_number(told, "acc"), "acc"),
        speed_mps=None if speed is None or speed < 0 else speed * KMH_MPS,
        bearing_deg=None if bearing is None or bearing < 0 else bearing % 360,
        battery=battery,
    )
    return TrackerMessage(token, (fix,), battery)


def _token(told: Any, where: str) -> str:
    """Return a token as it is kept: capitals, without the blanks and hyphens of handwriting."""
    if not isinstance(told, str):
        raise MalformedMessage(where)
    token = re.sub(r"[\s-]", "", told).upper()
    if not 0 < len(token) <= LONGEST_TOKEN:
        raise MalformedMessage(where)
    return token


def plain_token(told: str) -> str:
    """Return a token as it is kept.

    Raises
    ------
    MalformedMessage
        It is empty or too long.
    """
    return _token(told, "token")


def _numeral(query: Mapping[str, str], name: str) -> float | None:
    told = query.get(name)
    return None if told is None or not told.strip() else _number_of(told, name)


def _number_of(told: str, where: str) -> float:
    if _NUMBER.fullmatch(told.strip()) is None:
        raise MalformedMessage(where)
    return float(told)


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MalformedMessage(where)
    return value


def _json_number(held: Mapping[str, Any], name: str) -> float | None:
    value = held.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise MalformedMessage(name)
    return float(value)


def _required(held: Mapping[str, Any], name: str) -> float:
    value = _json_number(held, name)
    if value is None:
        raise MalformedMessage(name)
    return value


def _lonlat(lon: float, lat: float) -> tuple[float, float]:
    if abs(lon) > _EAST_DEG:
        raise MalformedMessage("lon")
    if abs(lat) > _NORTH_DEG:
        raise MalformedMessage("lat")
    return lon, lat


def _not_negative(value: float | None, where: str) -> float | None:
    if value is not None and value < 0:
        raise MalformedMessage(where)
    return value


def _percent(value: float | None, where: str) -> float | None:
    if value is not None and not 0 <= value <= 100:  # noqa: PLR2004 - per cent
        raise MalformedMessage(where)
    return value


def _time_of_json(told: Any) -> datetime | None:
    if told is None:
        return None
    if isinstance(told, str):
        return _time_of_text(told)
    return _time_of_number(_required({"timestamp": told}, "timestamp"), "timestamp")


def _time_of_text(told: str) -> datetime | None:
    """Read seconds, milliseconds, ISO 8601, or a date and a time with a blank between them, in UTC."""
    text = told.strip()
    if not text:
        return None
    if _NUMBER.fullmatch(text) is not None:
        return _time_of_number(float(text), "timestamp")
    if "T" not in text and _PLAIN_TIME.fullmatch(text) is None:
        raise MalformedMessage("timestamp")
    # A plus sign in a query string that was not escaped arrives as a blank.
    if "T" in text:
        text = re.sub(r" (?=\d{2}:?\d{2}$)", "+", text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedMessage("timestamp") from None
    return _in_our_time(at if at.tzinfo is not None else at.replace(tzinfo=UTC), "timestamp")


def _time_of_number(told: float, where: str) -> datetime:
    seconds = told if told < _SECONDS_BELOW else told / 1000
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise MalformedMessage(where) from None
    return _in_our_time(at, where)


def _in_our_time(at: datetime, where: str) -> datetime:
    try:
        in_utc = at.astimezone(UTC)
    except OverflowError:
        raise MalformedMessage(where) from None
    if not FIRST_YEAR <= in_utc.year <= LAST_YEAR:
        raise MalformedMessage(where)
    return in_utc
