"""Seats, payload and aircraft that movements count on: whoever plans later finds them taken.

Of all searches together, for there is one network for all. Closed searches and legs that are behind count on
nothing. An aircraft or vehicle of the catalogue goes for one movement at a time: those who share it are one
movement of several parties.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from search_ops.domain.movements import legs_done, reports_of
from search_ops.errors import Conflict
from search_ops.persistence.tables import entity
from search_ops.persistence.transport_tables import transport_departure, transport_service
from search_ops.services.transport_edits import held_row

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.services.transport_calendar import Rows

    Departure = tuple[str, str]
    """A service and a day."""

_LIVE: Final = ("planned", "moving")
_CLOSE_KG: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Claims:
    """What others count on.

    Attributes
    ----------
    people, cargo_kg
        By service and day.
    crafts
        Ids of aircraft and vehicles of the catalogue.
    """

    people: Mapping[Departure, int] = field(default_factory=dict)
    cargo_kg: Mapping[Departure, float] = field(default_factory=dict)
    crafts: frozenset[str] = frozenset()


async def read_claims(connection: AsyncConnection, *, besides: UUID | None = None) -> Claims:
    """Return what movements count on.

    Parameters
    ----------
    besides
        The movement that is planned: its own seats are not taken from it.
    """
    people: Counter[Departure] = Counter()
    cargo_kg: dict[Departure, float] = {}
    crafts: set[str] = set()
    async for leg in _legs_ahead(connection, besides):
        key = _departure(leg)
        if key is not None:
            people[key] += int(leg["people"])
            cargo_kg[key] = cargo_kg.get(key, 0.0) + float(leg["cargo_kg"])
        if leg.get("craft_id"):
            crafts.add(leg["craft_id"])
    return Claims(people, cargo_kg, frozenset(crafts))


async def _legs_ahead(connection: AsyncConnection, besides: UUID | None) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the legs that somebody of an open search still has before him."""
    columns = entity.c
    query = select(columns.stream_id, columns.entity_id, columns.body).where(
        columns.collection == "movements", columns.body["state"].astext.in_(_LIVE)
    )
    rows = (await connection.execute(query)).all()
    streams = {row.stream_id for row in rows}
    said = select(columns.stream_id, columns.collection, columns.body).where(
        columns.stream_id.in_(streams), columns.collection.in_(("movement_reports", "operation"))
    )
    reports: dict[str, list[Mapping[str, Any]]] = {each: [] for each in streams}
    for row in (await connection.execute(said)).all():
        if row.collection == "movement_reports":
            reports.get(row.stream_id, []).append(row.body)
        elif str(row.body["state"]).startswith("closed"):
            reports.pop(row.stream_id, None)
    for row in rows:
        if row.stream_id not in reports or row.entity_id == str(besides):
            continue
        done = legs_done(row.body, reports_of(row.entity_id, row.body, reports[row.stream_id]))
        for number, leg in enumerate(row.body["legs"]):
            if number not in done:
                yield leg


def _departure(leg: Mapping[str, Any]) -> Departure | None:
    return (leg["service_id"], leg["on_date"]) if leg.get("service_id") else None


def without_claimed(rows: Rows, claims: Claims) -> Rows:
    """Return the network with the seats, the payload and the aircraft that others have left."""
    services = {row["service_id"]: row for row in rows.services}
    departures = dict(rows.departures)
    for key, people in claims.people.items():
        service = services.get(key[0])
        if service is None:
            continue
        held = departures.get(key, {})
        seats, payload_kg = _room(service, held)
        left = {
            "seats": None if seats is None else max(0, seats - people),
            "payload_kg": None if payload_kg is None else max(0.0, payload_kg - claims.cargo_kg[key]),
        }
        departures[key] = {**held, **left}
    resources = [row for row in rows.resources if str(row["resource_id"]) not in claims.crafts]
    return replace(rows, departures=departures, resources=resources)


def _room(service: Mapping[str, Any], held: Mapping[str, Any]) -> tuple[int | None, float | None]:
    seats = held.get("seats")
    return service["seats"] if seats is None else seats, service["payload_kg"]


async def require_room(
    connection: AsyncConnection, legs: Iterable[Mapping[str, Any]], movement_id: UUID
) -> None:
    """Refuse legs whose seats, payload or aircraft others count on; the caller holds their locks.

    Raises
    ------
    Conflict
        ``seats_taken``, ``payload_taken``, with how many are needed and left; ``craft_taken``.
    """
    ahead = [leg for leg in legs if not leg.get("done_at") and not leg.get("left_at")]
    claims = await read_claims(connection, besides=movement_id)
    if any(leg.get("craft_id") in claims.crafts for leg in ahead):
        raise Conflict("craft_taken")
    for key, people, cargo_kg in _wanted(ahead):
        if key not in claims.people:
            continue
        seats, payload_kg = await _held_room(connection, key)
        if seats is not None and people > seats - claims.people[key]:
            raise Conflict("seats_taken", need=people, have=max(0, seats - claims.people[key]))
        if payload_kg is not None and cargo_kg > payload_kg - claims.cargo_kg[key] + _CLOSE_KG:
            left_kg = max(0.0, payload_kg - claims.cargo_kg[key])
            raise Conflict("payload_taken", need=math.ceil(cargo_kg), have=math.floor(left_kg))


async def _held_room(connection: AsyncConnection, key: Departure) -> tuple[int | None, float | None]:
    service = await held_row(connection, transport_service, key[0])
    query = select(transport_departure.c.seats).where(
        transport_departure.c.service_id == key[0],
        transport_departure.c.on_date == date.fromisoformat(key[1]),
    )
    held = (await connection.execute(query)).scalar_one_or_none()
    return (None, None) if service is None else _room(service, {"seats": held})


def _wanted(legs: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Departure, int, float]]:
    found: dict[Departure, tuple[int, float]] = {}
    for leg in legs:
        key = _departure(leg)
        if key is not None:
            people, kg = found.get(key, (0, 0.0))
            found[key] = (people + int(leg["people"]), kg + float(leg["cargo_kg"]))
    for key, (people, kg) in found.items():
        yield key, people, kg
