"""Messages of trackers: units, odd forms of time, signs of life; what cannot be meant is refused whole."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_ops.domain.tracker_messages import (
    MalformedMessage,
    plain_token,
    read_owntracks,
    read_query,
    read_traccar,
)

AT = datetime(2026, 8, 23, 15, 31, 7, tzinfo=UTC)
PLACE = {"id": "7F3C9A", "lat": "52.2880", "lon": "104.3061"}
SCHEMAS = Path(os.environ.get("SEARCH_OPS_SCHEMAS", "/nowhere"))


def test_a_position_in_a_query_string() -> None:
    """Speed is in knots; fields that we do not use may hold anything."""
    told = PLACE | {
        "timestamp": "1787499067",
        "accuracy": "8",
        "speed": "1.75",
        "bearing": "41",
        "batt": "63",
    }
    message = read_query(told | {"hdop": "x", "cell": "250,1,2,3", "driverUniqueId": ""})
    [fix] = message.fixes
    assert (message.token, fix.at, fix.lon, fix.lat) == ("7F3C9A", AT, 104.3061, 52.288)
    assert fix.speed_mps == pytest.approx(0.9003, abs=1e-4)
    assert (fix.accuracy_m, fix.bearing_deg, fix.battery, fix.doubt) == (8.0, 41.0, 63.0, None)
    # The line that we give to OsmAnd itself says that it sends metres per second.
    assert read_query(told | {"unit": "mps"}).fixes[0].speed_mps == 1.75


@pytest.mark.parametrize(
    "told",
    [
        "1787499067",
        "1787499067000",
        "1787499067000.0",
        "2026-08-23T15:31:07Z",
        "2026-08-23T15:31:07.000Z",
        "2026-08-23T23:31:07+08:00",
        "2026-08-23T23:31:07 08:00",  # the plus sign of a query string that was not escaped
        "2026-08-23 15:31:07",
    ],
)
def test_odd_forms_of_time(told: str) -> None:
    """All of them are the same moment."""
    assert read_query(PLACE | {"timestamp": told}).fixes[0].at == AT


def test_other_names_and_signs_of_life() -> None:
    """`deviceid`, `location`, `heading`; no coordinates: alive; invalid: the sender does not vouch for it."""
    told = {"deviceid": "7f3c-9a", "location": "52.288,104.3061", "heading": "-1", "valid": "false"}
    [fix] = read_query(told).fixes
    assert (fix.lat, fix.lon, fix.bearing_deg, fix.at, fix.doubt) == (52.288, 104.3061, None, None, "invalid")
    alive = read_query({"id": "7F3C9A", "batt": "9", "lat": "", "lon": ""})
    assert (alive.fixes, alive.battery, alive.token) == ((), 9.0, "7F3C9A")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": ""}, "id"),
        ({"id": "A" * 65}, "id"),
        ({"lat": "91"}, "lat"),
        ({"lon": "181"}, "lon"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "52,288"}, "lat"),
        ({"lon": ""}, "lon"),
        ({"location": "52.288"}, "location"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": "99999999999999999"}, "timestamp"),
        ({"timestamp": "2026-13-01T00:00:00Z"}, "timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
        ({"speed": "fast"}, "speed"),
        ({"accuracy": "-3"}, "accuracy"),
        ({"batt": "163"}, "batt"),
    ],
)
def test_what_cannot_be_meant_is_refused_whole(change: dict[str, str], where: str) -> None:
    """The field is named."""
    with pytest.raises(MalformedMessage) as refused:
        read_query(PLACE | change)
    assert refused.value.where == where


def traccar(**coords: Any) -> dict[str, Any]:
    place = {"latitude": 52.288, "longitude": 104.3061, "accuracy": 8, "speed": 0.9, "heading": 41, **coords}
    location = {"timestamp": "2026-08-23T15:31:07Z", "coords": place, "battery": {"level": 0.63}}
    return {"device_id": "7f3c9a", "location": location}


def test_the_body_of_traccar_client() -> None:
    """Metres per second, a battery from 0 to 1, -1: unknown; several at once; a mock is doubted."""
    message = read_traccar(traccar())
    [fix] = message.fixes
    assert (message.token, fix.at, fix.speed_mps, fix.battery) == ("7F3C9A", AT, 0.9, 63.0)
    [unknown] = read_traccar(traccar(speed=-1, heading=-1, accuracy=-1)).fixes
    assert (unknown.speed_mps, unknown.bearing_deg, unknown.accuracy_m) == (None, None, None)
    body = traccar()
    body["location"] = [body["location"], {**body["location"], "mock": True}]
    assert [one.doubt for one in read_traccar(body).fixes] == [None, "mock"]
    assert read_traccar({"device_id": "A", "event": "heartbeat"}).fixes == ()


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"device_id": 7},
        {"device_id": "A", "location": 7},
        {"device_id": "A", "location": {}},
        {"device_id": "A", "location": {"coords": {"latitude": 52.0}}},
        {"device_id": "A", "location": {"coords": {"latitude": True, "longitude": 1.0}}},
        {"device_id": "A", "location": {"coords": {"latitude": "52", "longitude": 1.0}}},
        {"device_id": "A", "location": [{"coords": {"latitude": 5.0, "longitude": 1.0}}] * 51},
    ],
)
def test_bodies_that_cannot_be_meant(body: Any) -> None:
    """Nothing of them is taken."""
    with pytest.raises(MalformedMessage):
        read_traccar(body)


def test_owntracks() -> None:
    """Kilometres per hour; other types only say that the phone lives."""
    told = {"_type": "location", "tid": "L1", "tst": 1787499067, "lat": 52.288, "lon": 104.3061, "acc": 8}
    [fix] = read_owntracks({**told, "vel": 36, "batt": 63, "cog": 400}, "T").fixes
    assert (fix.at, fix.battery, fix.bearing_deg) == (AT, 63.0, 40.0)
    assert fix.speed_mps == pytest.approx(10.0)
    for kind in ("lwt", "transition", "waypoints", "status", "encrypted", "nothing"):
        assert read_owntracks({"_type": kind}, "T").fixes == ()
    refused: list[Any] = [{**told, "lat": None}, {**told, "tst": "now"}, {"lat": 1}, [], {"_type": 7}]
    for broken in refused:
        with pytest.raises(MalformedMessage):
            read_owntracks(broken, "T")
    assert plain_token(" ab-cd ") == "ABCD"


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="SEARCH_OPS_SCHEMAS names no folder")
def test_published_examples() -> None:
    """The examples that we were given are understood."""
    line = (SCHEMAS / "examples/osmand-get.txt").read_text().split()[1]
    assert read_query(dict(parse_qsl(urlsplit(line).query))).fixes[0].at == AT
    told = json.loads((SCHEMAS / "examples/owntracks-location.json").read_text())
    assert read_owntracks(told, "T").fixes[0].at == AT


NAMES = st.sampled_from(["id", "lat", "lon", "location", "timestamp", "speed", "batt"])


@given(st.dictionaries(NAMES, st.text()))
def test_no_text_breaks_the_reader(query: dict[str, str]) -> None:
    """Whatever comes is understood or refused."""
    try:
        message = read_query(query)
    except MalformedMessage:
        return
    assert all(abs(fix.lat) <= 90 for fix in message.fixes)
