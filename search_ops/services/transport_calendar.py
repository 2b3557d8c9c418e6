"""The network of a span of time, written out: days, hours of opening, seasons and delays become instants.

For the worker only; whoever plans counts in instants and knows no calendar.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select

from dispatch.transport_values import Change, Cost, Departure, Door, Network, Place, Runway, Way, Window
from geo.straight_travel import DETOUR, SPEED_MPS, straight_m
from search_ops.domain.transport_wishes import LONGEST_DELAY
from search_ops.persistence.transport_tables import (
    transport_craft,
    transport_departure,
    transport_place,
    transport_resource,
    transport_runway,
    transport_service,
    transport_way,
)
from search_ops.services.transport_clock import days_of, season_windows, times_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

_DAY: Final = timedelta(days=1)
TRANSFER_MIN: Final = {"airport": 45, "heliport": 20, "station": 15, "port": 15}
"""Least time before a departure where nobody has said one; the answer names the assumption."""

# Off the network one drives: straight line, lengthened as roads are, at the speed of bad ones.
ACCESS_CONFIDENCE: Final = 0.6
ACCESS_WAYS: Final = 8
ACCESS_FARTHEST_M: Final = 400_000.0
LANDING_PLACES: Final = 3
LANDING_FARTHEST_M: Final = 300_000.0


@dataclass(frozen=True, slots=True)
class Rows:
    """The tables as they stand at one moment."""

    places: dict[str, dict[str, Any]]
    runways: list[dict[str, Any]] = field(default_factory=list)
    services: list[dict[str, Any]] = field(default_factory=list)
    departures: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    ways: list[dict[str, Any]] = field(default_factory=list)
    resources: list[dict[str, Any]] = field(default_factory=list)
    crafts: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """The network of a span of time.

    Attributes
    ----------
    day_of
        Departure -> (service, day), as the tables name it.
    changes
        What has become of departures: cancelled or late; the network holds them as planned.
    without_position, without_zone
        Places that had to be left out, with all that goes there.
    assumed
        Words for what was assumed: ``transfer``, ``access``.
    backward
        Services, with their numbers, that arrive before they leave, since a zone or an hour is wrong: one of
        them must not stop all the others.
    """

    network: Network
    day_of: dict[str, tuple[str, str]]
    changes: tuple[Change, ...]
    without_position: list[str]
    without_zone: list[str]
    assumed: list[str]
    backward: dict[str, str]


async def read_rows(connection: AsyncConnection) -> Rows:
    """Read the tables; whoever needs them to agree with each other opens the transaction for that."""

    async def all_of(table: Table) -> list[dict[str, Any]]:
        return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    return Rows(
        places={row["place_id"]: row for row in await all_of(transport_place)},
        runways=await all_of(transport_runway),
        services=[row for row in await all_of(transport_service) if not row["withdrawn"]],
        departures={
            (row["service_id"], row["on_date"].isoformat()): row for row in await all_of(transport_departure)
        },
        ways=[row for row in await all_of(transport_way) if not row["withdrawn"]],
        resources=[row for row in await all_of(transport_resource) if not row["withdrawn"]],
        crafts={row["craft_type"]: row for row in await all_of(transport_craft)},
    )


def written_out(
    rows: Rows, first_at: datetime, last_at: datetime, *, ends: Iterable[str], extra: Iterable[Way] = ()
) -> WrittenOut:
    """Return the network from one instant to a later one.

    Parameters
    ----------
    ends
        Places where people are or go: they belong to it although nothing stops there.
    extra
        Ways besides those of the tables: last legs.
    """
    wanted = linked_places(rows) | base_places(rows) | set(ends)
    without_position = sorted(each for each in wanted if rows.places[each]["lon"] is None)
    places = {each: rows.places[each] for each in wanted if rows.places[each]["lon"] is not None}
    zones = {each: row["time_zone"] for each, row in places.items()}
    without_zone = sorted(each for each, zone in zones.items() if zone is None)
    span = (first_at, last_at)
    day_of: dict[str, tuple[str, str]] = {}
    departures: list[Departure] = []
    changes: list[Change] = []
    backward: dict[str, str] = {}
    for service in rows.services:
        if zones.get(service["from_place"]) and zones.get(service["to_place"]):
            for departure, day in _departures(rows, service, zones, span):
                if departure.arrives_at <= departure.departs_at or departure.from_id == departure.to_id:
                    backward[service["service_id"]] = departure.service_id
                    continue
                departures.append(departure)
                day_of[departure.departure_id] = (service["service_id"], day)
                changes += _changes(departure, rows.departures.get((service["service_id"], day), {}))
    ways = [
        way
        for row in rows.ways
        if row["from_place"] in places and row["to_place"] in places
        for way in _both_ways(row, zones, span)
    ]
    runways = _runways(rows)
    network = Network(
        tuple(_place(row, runways, span) for row in places.values()), tuple(departures), (*ways, *extra)
    )
    assumed = ["transfer"] if any(row["transfer_min"] is None for row in places.values()) else []
    return WrittenOut(network, day_of, tuple(changes), without_position, without_zone, assumed, backward)


def nearest(
    rows: Rows, spot: tuple[float, float], among: Iterable[str], *, most: int, within_m: float
) -> list[tuple[float, str]]:
    """Return (metres, place) of the nearest places that have a position, the nearest first."""
    known = sorted(each for each in among if rows.places[each]["lon"] is not None)
    lon = np.array([rows.places[each]["lon"] for each in known], dtype=np.float64)
    lat = np.array([rows.places[each]["lat"] for each in known], dtype=np.float64)
    far_m = straight_m(spot[0], spot[1], lon, lat).tolist()
    return [each for each in sorted(zip(far_m, known, strict=True))[:most] if each[0] <= within_m]


def landing_places(rows: Rows, spot: tuple[float, float]) -> list[str]:
    """Return the airports and heliports nearest to a point, and the nearest to which flights go.

    A strip nearer by may be too short or unknown: a large aircraft needs the next large airport.
    """
    kinds = ("airport", "heliport")
    among = {each for each, row in rows.places.items() if row["kind"] in kinds}
    flown = {
        row[end] for row in rows.services if row["mode"] == "flight" for end in ("from_place", "to_place")
    }
    near = [
        *nearest(rows, spot, among, most=LANDING_PLACES, within_m=LANDING_FARTHEST_M),
        *nearest(rows, spot, among & flown, most=LANDING_PLACES, within_m=LANDING_FARTHEST_M),
    ]
    return list(dict.fromkeys(place_id for _, place_id in sorted(near)))


def access_places(rows: Rows, place_id: str | None, spot: tuple[float, float]) -> list[tuple[float, str]]:
    """Return (metres, place) of the places that lead to a point off the network, the nearest first."""
    linked = linked_places(rows)
    apart = {each for each in landing_places(rows, spot) if each not in linked}
    near = [
        *nearest(rows, spot, linked - {place_id}, most=ACCESS_WAYS, within_m=ACCESS_FARTHEST_M),
        *nearest(rows, spot, apart - {place_id}, most=ACCESS_WAYS, within_m=ACCESS_FARTHEST_M),
    ]
    return sorted({*near})


def access_ways(point_id: str, near: Iterable[tuple[float, str]]) -> list[Way]:
    """Return estimated ways, both directions, between a point off the network and places (metres, place)."""
    ways: list[Way] = []
    for distance_m, place_id in near:
        ground_m = float(distance_m) * DETOUR
        duration_s = max(60, round(ground_m / SPEED_MPS))
        for start, end in ((point_id, place_id), (place_id, point_id)):
            ways.append(
                Way(
                    f"access:{start}>{end}",
                    "road",
                    start,
                    end,
                    duration_s,
                    ground_m,
                    cost=Cost(),
                    confidence=ACCESS_CONFIDENCE,
                )
            )
    return ways


def linked_places(rows: Rows) -> set[str]:
    """Return the places to or from which something goes.

    Not the bases of the catalogue: a town where an aircraft stands is reached over the ground like any other.
    """
    return {row[end] for row in (*rows.services, *rows.ways) for end in ("from_place", "to_place")}


def base_places(rows: Rows) -> set[str]:
    """Return where the people and means of the catalogue stand."""
    return {row["base_place"] for row in rows.resources if row["base_place"] is not None}


# ---- places ------------------------------------------------------------------------------------


def _runways(rows: Rows) -> dict[str, list[Runway]]:
    found: dict[str, list[Runway]] = {}
    for row in rows.runways:
        found.setdefault(row["place_id"], []).append(Runway(row["length_m"], row["surface"], row["closed"]))
    return found


def _place(
    row: Mapping[str, Any], runways: Mapping[str, list[Runway]], span: tuple[datetime, datetime]
) -> Place:
    place_id, kind = row["place_id"], row["kind"]
    minutes = row["transfer_min"] if row["transfer_min"] is not None else TRANSFER_MIN.get(kind, 0)
    reopens = row["closed_until"]
    return Place(
        place_id,
        kind,
        row["lon"],
        row["lat"],
        row["time_zone"] or "UTC",
        # A list of runways is complete only for an airport that has one listed at all.
        tuple(runways[place_id]) if place_id in runways else None,
        _open_windows(row, span),
        closed=row["closed"] and (reopens is None or reopens > span[1]),
        transfer_s=int(minutes) * 60,
    )


def _open_windows(row: Mapping[str, Any], span: tuple[datetime, datetime]) -> tuple[Window, ...] | None:
    """Return when a place is open, or None for always."""
    first, last = span
    begin = first
    if row["closed"] and row["closed_until"] is not None:
        begin = max(first, row["closed_until"])
    if row["opens"] is None or row["closes"] is None or row["time_zone"] is None:
        return None if begin == first else ((Window(begin, last),) if begin < last else ())
    zone = ZoneInfo(row["time_zone"])
    windows = []
    day = first.astimezone(zone).date() - _DAY
    while day <= last.astimezone(zone).date():
        opens = datetime.combine(day, time.fromisoformat(row["opens"]), zone).astimezone(UTC)
        closes = datetime.combine(day, time.fromisoformat(row["closes"]), zone).astimezone(UTC)
        if closes <= opens:  # open through midnight
            closes += _DAY
        opens, closes = max(opens, begin), min(closes, last)
        if opens < closes:
            windows.append(Window(opens, closes))
        day += _DAY
    return tuple(windows)


# ---- departures and ways -----------------------------------------------------------------------


def _departures(
    rows: Rows, service: Mapping[str, Any], zones: Mapping[str, str | None], span: tuple[datetime, datetime]
) -> Iterator[tuple[Departure, str]]:
    first, last = (span[0] - LONGEST_DELAY).date() - _DAY, span[1].date() + _DAY
    for day in days_of(service, first, last):
        departs_at, arrives_at = times_on(service, day, zones)
        changed = rows.departures.get((service["service_id"], day.isoformat()), {})
        late = timedelta(minutes=changed.get("delay_min") or 0)
        if departs_at + late >= span[0] and departs_at <= span[1]:
            yield _departure(service, day.isoformat(), (departs_at, arrives_at), changed), day.isoformat()


def _changes(departure: Departure, changed: Mapping[str, Any]) -> list[Change]:
    if changed.get("state") == "cancelled":
        return [Change(departure.departure_id, cancelled=True)]
    if changed.get("state") == "delayed":
        late = timedelta(minutes=changed["delay_min"])
        departs_at, arrives_at = departure.departs_at + late, departure.arrives_at + late
        return [Change(departure.departure_id, departs_at=departs_at, arrives_at=arrives_at)]
    return []


def _departure(
    service: Mapping[str, Any], day: str, times: tuple[datetime, datetime], changed: Mapping[str, Any]
) -> Departure:
    door = [service[f"door_{side}_m"] for side in ("width", "height", "length")]
    cost = service["cost_rub"]
    seats, payload_kg = changed.get("seats"), changed.get("payload_kg")
    return Departure(
        f"{service['service_id']}@{day}",
        service["number"],
        service["mode"],
        service["from_place"],
        service["to_place"],
        times[0],
        times[1],
        seats=service["seats"] if seats is None else seats,
        payload_kg=service["payload_kg"] if payload_kg is None else payload_kg,
        door=None if None in door else Door(door[0], door[1], door[2]),
        cost=None if cost is None else Cost(person_rub=cost, owner=service["operator"] or ""),
        confidence=service["confidence"],
    )


def _both_ways(
    row: Mapping[str, Any], zones: Mapping[str, str | None], span: tuple[datetime, datetime]
) -> Iterator[Way]:
    windows = None
    if row["season_from"] is not None:
        zone = ZoneInfo(zones[row["from_place"]] or "UTC")
        windows = tuple(
            Window(
                datetime.combine(begins, time(), zone).astimezone(UTC),
                datetime.combine(ends + _DAY, time(), zone).astimezone(UTC),
            )
            for begins, ends in season_windows(
                row["season_from"], row["season_to"], span[0].date() - _DAY, span[1].date() + _DAY
            )
        )
    for direction, start, end in ((">", "from_place", "to_place"), ("<", "to_place", "from_place")):
        yield Way(
            f"{row['way_id']}{direction}",
            row["mode"],
            row[start],
            row[end],
            max(1, round(row["duration_min"] * 60)),
            row["distance_m"],
            vehicle_class=row["vehicle_class"],
            open_windows=windows,
            cost=Cost(),
            confidence=row["confidence"],
        )
