"""What a change of the network makes of a leg that counts on it: closed, retimed, broken, too full ..."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from search_ops.domain.events import wire_time
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.transport_tables import transport_departure
from search_ops.services.movement_disturbing import Counted
from search_ops.services.transport_clock import days_of, season_windows, times_on

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.transport_wishes import PlaceWish, ServiceWish, WayWish
    from search_ops.services.movement_disturbing import Aboard, Judge

_NO_SHORTAGE: Final = {"delay_min": None, "seats": None, "aboard": None}


def place_counted(place_id: str) -> Counted:
    """Return how legs count on a place: they leave or reach it."""
    return Counted(f"place/{place_id}", ({"from_place": place_id}, {"to_place": place_id}))


def service_counted(service_id: str) -> Counted:
    """Return how legs count on a line of the timetable."""
    return Counted(f"service/{service_id}", ({"service_id": service_id},))


def way_counted(way_id: str) -> Counted:
    """Return how legs count on a way: in one of its directions."""
    return Counted(f"way/{way_id}", ({"ref_id": f"{way_id}>"}, {"ref_id": f"{way_id}<"}))


def resource_counted(resource_id: UUID) -> Counted:
    """Return how legs count on an aircraft, a vehicle or a boat of the catalogue."""
    return Counted(f"resource/{resource_id}", ({"craft_id": str(resource_id)},))


def _said(what: str, reason: str) -> dict[str, Any]:
    return {"what": what, "reason": reason, **_NO_SHORTAGE}


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def judge_place(place_id: str, wish: PlaceWish) -> Judge:
    """Return the judgement of legs after a change of a place: whatever lands or leaves needs it open."""

    def judge(leg: Mapping[str, Any], _: Aboard) -> Mapping[str, Any] | None:
        if not wish.closed or leg["kind"] == "way":
            return None
        ends = (("from_place", "leaves_at"), ("to_place", "arrives_at"))
        moments = [_moment(leg[at]) for end, at in ends if leg[end] == place_id]
        until = wish.closed_until
        shut = any(moment is None or until is None or moment < until for moment in moments)
        return _said("closed", wish.reason) if shut else None

    return judge


async def judge_service(
    connection: AsyncConnection, service_id: str, wish: ServiceWish, zones: Mapping[str, str | None]
) -> Judge:
    """Return the judgement of legs after a change of a line of the timetable."""
    query = select(transport_departure).where(transport_departure.c.service_id == service_id)
    changed = {row["on_date"]: row for row in (await connection.execute(query)).mappings()}
    row = wish.model_dump()

    def judge(leg: Mapping[str, Any], aboard: Aboard) -> Mapping[str, Any] | None:
        day = date.fromisoformat(leg["on_date"])
        if wish.withdrawn or not list(days_of(row, day, day)):
            return _said("withdrawn", wish.reason)
        late = changed[day]["delay_min"] or 0 if day in changed else 0
        ends = (leg["from_place"], leg["to_place"]) == (wish.from_place, wish.to_place)
        if not ends or (leg["leaves_at"], leg["arrives_at"]) not in _written(row, day, zones, late):
            return _said("retimed", wish.reason)
        seats = changed[day]["seats"] if day in changed and changed[day]["seats"] is not None else wish.seats
        if seats is not None and aboard.people > seats:
            return _said("seats", wish.reason) | {"seats": seats, "aboard": aboard.people}
        return None

    return judge


def _written(
    row: Mapping[str, Any], day: date, zones: Mapping[str, str | None], late_min: int
) -> set[tuple[str, str]]:
    """Return the hours that a leg may have of it: as planned, and as late as it is known to be."""
    departs_at, arrives_at = times_on(row, day, zones)
    return {
        (wire_time(departs_at + late), wire_time(arrives_at + late))
        for late in (timedelta(), timedelta(minutes=late_min))
    }


def judge_way(wish: WayWish, zones: Mapping[str, str | None]) -> Judge:
    """Return the judgement of legs after a change of a road, a river or sea leg."""
    zone = ZoneInfo(zones[wish.from_place] or "UTC")

    def judge(leg: Mapping[str, Any], _: Aboard) -> Mapping[str, Any] | None:
        begins, ends = (datetime.fromisoformat(leg[name]) for name in ("leaves_at", "arrives_at"))
        if wish.withdrawn or not _in_season(
            wish, begins.astimezone(zone).date(), ends.astimezone(zone).date()
        ):
            return _said("closed", wish.reason)
        if {leg["from_place"], leg["to_place"]} != {wish.from_place, wish.to_place}:
            return _said("closed", wish.reason)
        slower = (ends - begins).total_seconds() < round(wish.duration_min * 60)
        return _said("retimed", wish.reason) if slower else None

    return judge


def _in_season(wish: WayWish, first: date, last: date) -> bool:
    if wish.season_from is None or wish.season_to is None:
        return True
    windows = season_windows(wish.season_from, wish.season_to, first, last)
    return any(begins <= first and last <= ends for begins, ends in windows)


def judge_resource(row: Mapping[str, Any], reason: str) -> Judge:
    """Return the judgement of legs after a change of a resource: broken, or not there for this search."""

    def judge(_: Mapping[str, Any], aboard: Aboard) -> Mapping[str, Any] | None:
        if row["state"] == "broken":
            return _said("broken", reason)
        elsewhere = (
            row["operation_id"] is not None and operation_stream(row["operation_id"]) != aboard.stream_id
        )
        return _said("withdrawn", reason) if row["withdrawn"] or elsewhere else None

    return judge
