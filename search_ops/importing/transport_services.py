"""Timetables, ways and types of aircraft from CSV. A figure that a file does not give stays unknown."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from search_ops.csv_rows import Fault, Row, TableRefused
from search_ops.importing.transport_places import TableRead, clock, each_once, figure, identity, whole, words

if TYPE_CHECKING:
    from collections.abc import Collection

MODES: Final = ("flight", "helicopter", "rail", "bus", "river", "sea")
WAY_MODES: Final = ("road", "winter_road", "river", "sea", "foot")
_WEEKDAYS: Final = re.compile(r"[1-7]{1,7}")
_MOST_DAYS: Final = 8  # the longest train: Moscow to Vladivostok takes seven
_HOUR_S: Final = 3_600.0
_TON_KG: Final = 1_000.0
_KM_M: Final = 1_000.0


def read_services(data: bytes) -> TableRead:
    """Return rows of `transport_service` from a timetable.

    Columns: ``service_id, mode, number, from, to, departs, arrives, weekdays`` and, where known,
    ``day_offset, valid_from, valid_to, operator, seats, payload_kg, door_length_m, door_width_m,
    door_height_m, cost_rub`` (one person), ``confidence`` (0..1). Hours are those of the
    place; ``day_offset`` counts days from the day it leaves to the day it arrives; weekdays are digits, 1 is
    Monday.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("service_id", "mode", "number", "from", "to", "departs", "arrives", "weekdays")
    more = (
        "day_offset",
        "valid_from",
        "valid_to",
        "operator",
        "seats",
        "payload_kg",
        "door_length_m",
        "door_width_m",
        "door_height_m",
        "cost_rub",
        "confidence",
    )

    def service(row: Row) -> dict[str, Any]:
        ends = two_places(row)
        if _WEEKDAYS.fullmatch(row.fields["weekdays"]) is None:
            raise TableRefused([Fault("not_weekdays", row.line, "weekdays")])
        first, last = _day(row, "valid_from"), _day(row, "valid_to")
        if first is not None and last is not None and last < first:
            raise TableRefused([Fault("season_backward", row.line, "valid_to")])
        return {
            "service_id": identity(row, "service_id"),
            "mode": one_of(row, "mode", MODES, "mode_unknown"),
            "number": words(row, "number"),
            "operator": row.fields.get("operator") or None,
            **ends,
            "departs": _hour(row, "departs"),
            "arrives": _hour(row, "arrives"),
            "day_offset": whole(row, "day_offset", most=_MOST_DAYS) or 0,
            "weekdays": "".join(sorted(set(row.fields["weekdays"]))),
            "valid_from": first,
            "valid_to": last,
            "seats": whole(row, "seats", most=5_000),
            "payload_kg": figure(row, "payload_kg", most=1e7),
            "door_length_m": figure(row, "door_length_m", most=100),
            "door_width_m": figure(row, "door_width_m", most=100),
            "door_height_m": figure(row, "door_height_m", most=100),
            "cost_rub": figure(row, "cost_rub", most=1e9),
            "confidence": figure(row, "confidence", most=1),
        }

    return each_once(data, service, "service_id", needed=needed, known=(*needed, *more))


def read_ways(data: bytes) -> TableRead:
    """Return rows of `transport_way`: roads, winter roads, ferries, rivers and the sea, without a timetable.

    Columns: ``way_id, mode, from, to, duration_min`` and, where known, ``distance_km, season_from,
    season_to`` (MM-DD, both days open, also over the new year), ``vehicle_class, confidence``.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("way_id", "mode", "from", "to", "duration_min")
    more = ("distance_km", "season_from", "season_to", "vehicle_class", "confidence")

    def way(row: Row) -> dict[str, Any]:
        if row.required("duration_min") <= 0:
            raise TableRefused([Fault("out_of_range", row.line, "duration_min")])
        season = {name: _day_of_year(row, name) for name in ("season_from", "season_to")}
        if list(season.values()).count(None) == 1:
            raise TableRefused([Fault("season_half", row.line, "season_to")])
        distance_km = figure(row, "distance_km", most=20_000)
        return {
            "way_id": identity(row, "way_id"),
            "mode": one_of(row, "mode", WAY_MODES, "mode_unknown"),
            **two_places(row),
            "distance_m": None if distance_km is None else distance_km * _KM_M,
            "duration_min": figure(row, "duration_min", most=60 * 24 * 14),
            **season,
            "vehicle_class": row.fields.get("vehicle_class") or None,
            "confidence": figure(row, "confidence", most=1),
        }

    return each_once(data, way, "way_id", needed=needed, known=(*needed, *more))


def read_aircraft(data: bytes) -> TableRead:
    """Return rows of `transport_craft`: what a type of aircraft can do, as far as its source says.

    Columns: ``type, class, source`` and, where known, ``payload_max_t, range_max_payload_km,
    range_max_fuel_km, range_km_unspecified, cruise_kmh, ceiling_m, mtow_t, seats, runway_required_m,
    caveat``.

    Raises
    ------
    TableRefused
        With line and column: nothing of the file was taken.
    """
    needed = ("type", "class", "source")
    more = (
        "payload_max_t",
        "range_max_payload_km",
        "range_max_fuel_km",
        "range_km_unspecified",
        "cruise_kmh",
        "ceiling_m",
        "mtow_t",
        "seats",
        "runway_required_m",
        "caveat",
    )

    def craft(row: Row) -> dict[str, Any]:
        def scaled(column: str, factor: float, most: float) -> float | None:
            value = figure(row, column, most=most)
            return None if value is None else round(value * factor, 3)

        return {
            "craft_type": words(row, "type"),
            "class": words(row, "class"),
            "payload_max_kg": scaled("payload_max_t", _TON_KG, 1_000),
            "range_max_payload_m": scaled("range_max_payload_km", _KM_M, 30_000),
            "range_max_fuel_m": scaled("range_max_fuel_km", _KM_M, 30_000),
            "range_unspecified_m": scaled("range_km_unspecified", _KM_M, 30_000),
            "cruise_mps": scaled("cruise_kmh", _KM_M / _HOUR_S, 3_000),
            "ceiling_m": figure(row, "ceiling_m", most=30_000),
            "mtow_kg": scaled("mtow_t", _TON_KG, 1_000),
            "seats": whole(row, "seats", most=1_000),
            "runway_m": figure(row, "runway_required_m", most=10_000),
            "note": row.fields.get("caveat") or None,
            "source": words(row, "source")[:200],
        }

    return each_once(data, craft, "craft_type", needed=needed, known=(*needed, *more))


def two_places(row: Row) -> dict[str, str]:
    """Return where it leaves and where it goes to; they differ."""
    ends = {"from_place": identity(row, "from"), "to_place": identity(row, "to")}
    if ends["from_place"] == ends["to_place"]:
        raise TableRefused([Fault("goes_nowhere", row.line, "to")])
    return ends


def one_of(row: Row, column: str, words_known: Collection[str], code: str) -> str:
    """Return a word of a list."""
    if row.fields[column] not in words_known:
        raise TableRefused([Fault(code, row.line, column)])
    return row.fields[column]


def _hour(row: Row, column: str) -> str:
    value = clock(row, column)
    if value is None:
        raise TableRefused([Fault("empty", row.line, column)])
    return value


def _day(row: Row, column: str) -> date | None:
    value = row.fields.get(column, "")
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise TableRefused([Fault("not_a_day", row.line, column)]) from None


def _day_of_year(row: Row, column: str) -> str | None:
    value = row.fields.get(column, "")
    if not value:
        return None
    try:
        return date.fromisoformat(f"2024-{value}").strftime("%m-%d")
    except ValueError:
        raise TableRefused([Fault("not_a_day_of_the_year", row.line, column)]) from None
