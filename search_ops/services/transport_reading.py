"""What desks read of transport: the network with its catalogue, and the movements of a search."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select

from search_ops.domain.events import wire_time
from search_ops.domain.joint_request import is_over
from search_ops.domain.movements import legs_done, reports_of
from search_ops.domain.transport_wishes import LONGEST_DELAY
from search_ops.persistence.event_log import load_state, operation_stream, read_head
from search_ops.persistence.tables import job_progress
from search_ops.persistence.transport_tables import (
    transport_change,
    transport_craft,
    transport_departure,
    transport_place,
    transport_resource,
    transport_runway,
    transport_service,
    transport_way,
)
from search_ops.services.planned_files import read_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

_MOST_FOUND: Final = 20
_MOST_CHANGES: Final = 100
_READ: Final = (
    "movements",
    "movement_reports",
    "comparisons",
    "requests",
    "commitments",
    "landing_searches",
    "landing_places",
    "sortie_plans",
    "briefing",
    "points",
)
"""Of the state of a search: it is read at every change, by every desk, and people and tasks are many."""
_JOB_KINDS: Final = ("movement", "options", "landing", "sorties")
_SHOWN_JOBS_S: Final = 3_600


async def read_network(connection: AsyncConnection, now: datetime) -> dict[str, Any]:
    """Return the network as desks draw and edit it.

    Towns are left out to which nothing goes; they are found by name.
    """
    # One that is late by the most that is possible is still to come.
    since = (now - LONGEST_DELAY).date() - timedelta(days=1)
    services = await _rows(connection, select(transport_service).order_by(transport_service.c.number))
    ways = await _rows(connection, select(transport_way).order_by(transport_way.c.way_id))
    resources = await _rows(connection, select(transport_resource).order_by(transport_resource.c.name))
    ends = {row[end] for row in (*services, *ways) for end in ("from_place", "to_place")}
    ends |= {row["base_place"] for row in resources}
    places = select(transport_place).where(
        or_(transport_place.c.kind != "settlement", transport_place.c.place_id.in_(ends - {None}))
    )
    departures = select(transport_departure).where(transport_departure.c.on_date >= since)
    changes = select(transport_change).order_by(transport_change.c.change_id.desc()).limit(_MOST_CHANGES)
    return {
        "places": await _rows(connection, places.order_by(transport_place.c.place_id)),
        "runways": await _rows(connection, select(transport_runway)),
        "services": services,
        "departures": await _rows(connection, departures),
        "ways": ways,
        "resources": resources,
        "crafts": await _rows(connection, select(transport_craft).order_by(transport_craft.c.craft_type)),
        "changes": await _rows(connection, changes),
    }


async def find_places(connection: AsyncConnection, words: str) -> list[dict[str, Any]]:
    """Return the places whose name begins with these words, in either alphabet, the largest first."""
    columns = transport_place.c
    start = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    query = (
        select(transport_place)
        .where(
            or_(
                columns.name.ilike(start),
                columns.name_ru.ilike(start),
                columns.iata == words.upper(),
                columns.place_id == words,
            )
        )
        .order_by(columns.kind != "settlement", func.coalesce(columns.population, 0).desc(), columns.place_id)
        .limit(_MOST_FOUND)
    )
    return await _rows(connection, query)


async def read_transport(
    connection: AsyncConnection, operation_id: UUID, now: datetime, *, free_text: bool = False
) -> dict[str, Any]:
    """Return the movements of a search with their newest proposals, its comparisons, and work that goes on.

    Movements carry numbers, places and hours, and no names: those who coordinate regions read them here,
    though the events are headquarters' own.

    Parameters
    ----------
    free_text
        With what headquarters wrote in its own words, for its own readers: why a life is at stake, notes of
        reports, reasons of changes, what was seen on landing places.
    """
    stream_id = operation_stream(operation_id)
    state = await load_state(connection, stream_id, only=_READ)
    head = await read_head(connection, stream_id)
    said = list(state.get("movement_reports", {}).values())
    movements = []
    for identity, body in sorted(state.get("movements", {}).items()):
        proposal = body.get("proposal")
        if body["state"] == "cancelled":
            proposal = None
        told = None if proposal is None else _proposed(await read_answer(connection, proposal["file_id"]))
        done = sorted(legs_done(body, reports_of(identity, body, said)))
        asked = _asked_of_agencies(state, body)
        movements.append({**body, "id": identity, "proposed": told, "done_legs": done, **asked})
    comparisons = [
        {**body, "id": identity, "told": await read_answer(connection, body["file_id"])}
        for identity, body in sorted(state.get("comparisons", {}).items())
    ]
    reports = [{**body, "id": identity} for identity, body in state.get("movement_reports", {}).items()]
    commitments = [
        {
            "id": identity,
            **{name: body.get(name) for name in ("request_id", "organisation_id", "state", "arrive_at")},
        }
        for identity, body in state.get("commitments", {}).items()
        if body["request_id"] in {each.get("request_id") for each in movements}
    ]
    if not free_text:
        movements = [_without_reasons(each) for each in movements]
        reports = [each | {"note": None} for each in reports]
        comparisons = [each | {"life_reason": None} for each in comparisons]
    judged = _told(state, "landing_places")
    return {
        "seq": 0 if head is None else head.head,
        "meeting": _meeting(state, with_points=free_text),
        "movements": movements,
        "reports": sorted(reports, key=lambda report: (report["at"], report["id"])),
        "comparisons": comparisons,
        "commitments": commitments,
        "landing_searches": _told(state, "landing_searches"),
        "landing_places": judged if free_text else [each | {"reason": None} for each in judged],
        "sortie_plans": _told(state, "sortie_plans"),
        "jobs": await _jobs(connection, operation_id, now),
    }


def _proposed(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a proposal as desks read it; one worked out by an earlier version says less."""
    itineraries = [{"people": 0, "left_behind": [], **each} for each in told["itineraries"]]
    left_out = [each for each in told["left_out"] if isinstance(each, dict)]
    return {"under_way": False, "apart": [], **told, "itineraries": itineraries, "left_out": left_out}


def _asked_of_agencies(state: Mapping[str, Any], movement: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has become of the request that was made for a movement: its state, and if it is over."""
    request = state.get("requests", {}).get(movement.get("request_id"))
    if request is None:
        return {"request_state": None, "request_over": False}
    answers = [
        body for body in state.get("commitments", {}).values() if body["request_id"] == movement["request_id"]
    ]
    return {"request_state": request["state"], "request_over": is_over(request, answers)}


def _without_reasons(movement: Mapping[str, Any]) -> dict[str, Any]:
    disturbed = movement["disturbed"]
    cut = None if disturbed is None else {key: {**each, "reason": None} for key, each in disturbed.items()}
    return {**movement, "disturbed": cut}


def _told(state: Mapping[str, Any], collection: str) -> list[dict[str, Any]]:
    return [{**body, "id": identity} for identity, body in sorted(state.get(collection, {}).items())]


def _meeting(state: Mapping[str, Any], *, with_points: bool) -> list[dict[str, Any]]:
    """Return where people are brought for a search: headquarters as the briefing says, and the entry points.

    Entry points are set for headquarters' own eyes; a briefing is for everybody. Where the missing person was
    last known is never among them.
    """
    places = [
        ("headquarters", body["headquarters"])
        for body in state.get("briefing", {}).values()
        if body.get("headquarters") is not None
    ]
    points = sorted(state.get("points", {}).items()) if with_points else []
    places += [("entry", body) for _, body in points if body["role"] == "entry"]
    return [{"what": what, "lon": place["lon"], "lat": place["lat"]} for what, place in places]


async def _jobs(connection: AsyncConnection, operation_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return what the worker does for this search, and what of the last hour has failed."""
    recent = now - timedelta(seconds=_SHOWN_JOBS_S)
    query = (
        select(job_progress)
        .where(
            job_progress.c.operation_id == operation_id,
            job_progress.c.kind.in_(_JOB_KINDS),
            or_(
                job_progress.c.state.in_(("waiting", "running")),
                (job_progress.c.state == "failed") & (job_progress.c.updated_at > recent),
            ),
        )
        .order_by(job_progress.c.updated_at.desc())
        .limit(10)
    )
    names = ("job_id", "kind", "state", "done", "step", "result")
    return [{name: row[name] for name in names} for row in await _rows(connection, query)]


async def _rows(connection: AsyncConnection, query: Select[Any]) -> list[dict[str, Any]]:
    return [_plain(row) for row in (await connection.execute(query)).mappings()]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return wire_time(value)
        if isinstance(value, date):
            return value.isoformat()
        return str(value) if isinstance(value, UUID) else value

    return {str(name): plain(value) for name, value in row.items()}
