"""What an itinerary was worked out from: the rows it counts on as they stood, compared when it is chosen."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import rfc8785
from sqlalchemy import select

from search_ops.errors import Conflict
from search_ops.persistence.transport_tables import (
    transport_departure,
    transport_place,
    transport_resource,
    transport_service,
    transport_way,
)
from search_ops.services.transport_edits import held_row, locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Table
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.services.transport_calendar import Rows

# Names, sources and versions may change without any itinerary being another one.
_COMPARED: Final[dict[str, tuple[str, ...]]] = {
    "departure": ("state", "delay_min", "seats"),
    "place": ("closed", "closed_until", "opens", "closes", "transfer_min", "time_zone", "lon", "lat"),
    "service": (
        "from_place",
        "to_place",
        "departs",
        "arrives",
        "day_offset",
        "weekdays",
        "valid_from",
        "valid_to",
        "seats",
        "payload_kg",
        "door_length_m",
        "door_width_m",
        "door_height_m",
        "withdrawn",
    ),
    "way": (
        "mode",
        "from_place",
        "to_place",
        "duration_min",
        "vehicle_class",
        "season_from",
        "season_to",
        "withdrawn",
    ),
    "resource": (
        "craft_type",
        "vehicle_class",
        "base_place",
        "seats",
        "payload_kg",
        "speed_mps",
        "ready_min",
        "duty_min",
        "runway_m",
        "night",
        "withdrawn",
    ),
}
_TABLES: Final[dict[str, Table]] = {
    "place": transport_place,
    "service": transport_service,
    "way": transport_way,
    "resource": transport_resource,
}
_AS_PLANNED: Final = {"state": "as_planned", "delay_min": None, "seats": None}


def basis_of(rows: Rows, legs: Iterable[Mapping[str, Any]], operation_id: UUID) -> dict[str, str]:
    """Return what legs count on (``service/night``, ``departure/night@2026-08-24`` ...) -> as it stood."""
    held = {
        "place": rows.places,
        "service": {row["service_id"]: row for row in rows.services},
        "departure": {f"{service_id}@{day}": row for (service_id, day), row in rows.departures.items()},
        "way": {row["way_id"]: row for row in rows.ways},
        "resource": {str(row["resource_id"]): row for row in rows.resources},
    }
    return {
        f"{subject}/{identity}": _as_it_stands(subject, held[subject].get(identity), operation_id)
        for subject, identity in sorted(set(_counted_on(legs)))
        if subject == "departure" or identity in held[subject]
    }


def _counted_on(legs: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for leg in legs:
        for end in ("from_place", "to_place"):
            if leg.get(end):
                yield "place", leg[end]
        if leg.get("service_id"):
            yield "service", leg["service_id"]
            yield "departure", f"{leg['service_id']}@{leg['on_date']}"
        elif leg.get("craft_id"):
            yield "resource", leg["craft_id"]
        elif leg.get("kind") == "way":
            yield "way", str(leg["ref_id"])[:-1]  # the last letter is its direction


def _as_it_stands(subject: str, row: Mapping[str, Any] | None, operation_id: UUID) -> str:
    if row is None:
        row = _AS_PLANNED if subject == "departure" else {}
    said = {name: _plain(row.get(name)) for name in _COMPARED[subject]}
    if subject == "resource":
        # Promised to this search meanwhile is no change for its movement.
        said["free"] = row.get("state") == "available" or row.get("operation_id") == operation_id
        said["broken"] = row.get("state") == "broken"
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


async def require_unchanged(
    connection: AsyncConnection, basis: Mapping[str, str] | None, operation_id: UUID
) -> None:
    """Refuse an itinerary when something it counts on is no longer as it was; hold all of it until the end.

    Whoever changes one of these rows from now on sees the movement that has chosen it.

    Raises
    ------
    Conflict
        ``itinerary_stale``, with what has changed.
    """
    if basis is None:  # worked out before its basis was kept: nobody can tell
        raise Conflict("itinerary_stale", subject=None, subject_id=None)
    for name in sorted(basis):
        await locked(connection, name)
    for name in sorted(basis):
        subject, _, identity = name.partition("/")
        row = await _row(connection, subject, identity)
        if _as_it_stands(subject, row, operation_id) != basis[name]:
            raise Conflict("itinerary_stale", subject=subject, subject_id=identity)


async def _row(connection: AsyncConnection, subject: str, identity: str) -> Mapping[str, Any] | None:
    if subject == "departure":
        service_id, _, day = identity.rpartition("@")
        query = select(transport_departure).where(
            transport_departure.c.service_id == service_id,
            transport_departure.c.on_date == date.fromisoformat(day),
        )
        row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else dict(row)
    key = UUID(identity) if subject == "resource" else identity
    return await held_row(connection, _TABLES[subject], key)
