"""Everything protected that is read, through one function: classes are settled there and nowhere else.

`protected_read` is the seam for the audit of reading. It opens one read-only transaction in which rights,
events and state belong to the same moment, and hands the reader's classes to what he wanted to read.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import func, select

from search_ops.domain.events import wire_time
from search_ops.domain.principals import Place
from search_ops.domain.rights import Right, rights_in
from search_ops.domain.visibility import ClassSet, classes_for
from search_ops.errors import BadInput, Conflict, NotKnown
from search_ops.persistence import event_log
from search_ops.persistence.grants import candidate_operations, place_of_stream, team_ids_of
from search_ops.persistence.keyring import unsealed
from search_ops.persistence.tables import (
    entity,
    geometry_reader,
    last_position,
    operation_record,
    organisation,
    quarantine,
    stored_geometry,
    stream_ticket,
    waiting_event,
)
from search_ops.services.accounts import organisation_view
from search_ops.services.admission import may_know, readmit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.waiting import LogWatch

T = TypeVar("T")

TICKET_LIFE: Final = timedelta(seconds=30)
MOST_EVENTS: Final = 500
LONGEST_WAIT_S: Final = 25
MOST_LISTED: Final = 500


async def protected_read(
    office: Office,
    principal: Principal,
    place: Place,
    what: str,
    read: Callable[[AsyncConnection, ClassSet], Awaitable[T]],
) -> T:
    """Read something protected of a place.

    Parameters
    ----------
    what : str
        Name of what is read, for the audit.
    read : callable
        Reads on a connection in one REPEATABLE READ READ ONLY transaction, given the caller's classes.
    """
    del what  # the audit will write it down, with principal and place, when it is built
    async with office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        classes = await classes_of(connection, principal, place)
        return await read(connection, classes)


async def classes_of(connection: AsyncConnection, principal: Principal, place: Place) -> ClassSet:
    """Return what the caller may read of the place's stream now; a participant's teams are looked up."""
    team_ids: frozenset[UUID] = frozenset()
    if principal.kind == "participant" and place.kind == "operation" and place.id is not None:
        team_ids = await team_ids_of(connection, place.id, principal.id)
    return classes_for(principal, place, team_ids=team_ids)


def stream_of(place: Place) -> str:
    """Return the id of the place's stream."""
    return f"{place.kind}/{place.id}"


# ---- operations --------------------------------------------------------------------------------


async def list_operations(office: Office, principal: Principal) -> list[dict[str, Any]]:
    """Return the operations that the caller may read, newest first."""
    async with office.engine.connect() as connection:
        places = await candidate_operations(connection, principal)
        readable = [place.id for place in places if Right.OPERATION_READ in rights_in(principal, place)]
        return await _summaries(connection, [identity for identity in readable if identity is not None])


async def own_name(office: Office, principal: Principal) -> str | None:
    """Return the name a participant gave when he joined; None when it was erased."""
    stream_id = event_log.operation_stream(str(principal.operation_id))
    query = select(entity.c.body).where(
        entity.c.stream_id == stream_id,
        entity.c.collection == "participants",
        entity.c.entity_id == str(principal.id),
    )

    async def read(connection: AsyncConnection, _: ClassSet) -> str | None:
        body = (await connection.execute(query)).scalar_one_or_none() or {}
        head = await event_log.read_head(connection, stream_id)
        key = await office.keyring.key(connection, None if head is None else head.key_id)
        name: str | None = unsealed(key, body).get("name")
        return name

    return await protected_read(
        office, principal, Place("operation", principal.operation_id), "own name", read
    )


async def read_operation(office: Office, principal: Principal, place: Place) -> dict[str, Any]:
    """Return one operation with the caller's rights and classes in it."""

    async def read(connection: AsyncConnection, classes: ClassSet) -> dict[str, Any]:
        assert place.id is not None
        summaries = await _summaries(connection, [place.id])
        if not summaries:
            raise NotKnown
        rights = sorted(right.value for right in rights_in(principal, place))
        return {**summaries[0], "rights": rights, "classes": classes.listed()}

    return await protected_read(office, principal, place, "operation", read)


async def _summaries(connection: AsyncConnection, operation_ids: list[UUID]) -> list[dict[str, Any]]:
    record = operation_record.c
    body = entity.c.body
    query = (
        select(
            record.operation_id.label("id"),
            record.number,
            func.coalesce(body["state"].as_string(), "active").label("state"),
            record.exercise,
            record.region,
            record.time_zone,
            record.opened_at,
            record.case_id,
        )
        .outerjoin(
            entity,
            (entity.c.stream_id == func.concat("operation/", record.operation_id))
            & (entity.c.collection == "operation"),
        )
        .where(record.operation_id.in_(operation_ids))
        .order_by(record.opened_at.desc(), record.operation_id)
        .limit(MOST_LISTED)
    )
    return [
        {**row, "opened_at": wire_time(row["opened_at"])}
        for row in (await connection.execute(query)).mappings()
    ]


# ---- snapshot and events -----------------------------------------------------------------------


async def read_snapshot(office: Office, principal: Principal, place: Place) -> dict[str, Any]:
    """Return ``{"epoch", "seq", "state"}`` for the caller's classes."""

    async def read(connection: AsyncConnection, classes: ClassSet) -> dict[str, Any]:
        taken = await event_log.snapshot(connection, office.keyring, stream_of(place), classes)
        if taken is None:
            raise NotKnown
        return taken

    return await protected_read(office, principal, place, "snapshot", read)


@dataclass(frozen=True, slots=True)
class EventsWanted:
    """From where, how many, of which epoch, and how long to wait when there is nothing new."""

    after: int = 0
    limit: int = MOST_EVENTS
    wait_s: int = 0
    epoch: UUID | None = None


async def read_events(
    office: Office, watch: LogWatch, principal: Principal, place: Place, wanted: EventsWanted
) -> dict[str, Any]:
    """Return ``{"epoch", "head", "events"}``; when there is nothing new, wait for it first.

    Nothing of the database is held while waiting, and rights are asked again afterwards.

    Raises
    ------
    Conflict
        ``epoch_changed``: the log is another incarnation than the caller knows.
    BadInput
        ``after_beyond_head``.
    """
    answer = await _events(office, principal, place, wanted)
    if answer["events"] or wanted.wait_s == 0:
        return answer
    await watch.beyond(stream_of(place), wanted.after, wanted.wait_s)
    async with office.engine.connect() as connection:
        again = await readmit(connection, principal, place)
    if again is None or again.place is None:
        raise NotKnown
    return await _events(office, again.principal, again.place, wanted)


async def _events(office: Office, principal: Principal, place: Place, wanted: EventsWanted) -> dict[str, Any]:
    stream_id = stream_of(place)

    async def read(connection: AsyncConnection, classes: ClassSet) -> dict[str, Any]:
        head = await event_log.read_head(connection, stream_id)
        if head is None:
            raise NotKnown
        if wanted.epoch is not None and wanted.epoch != head.epoch:
            raise Conflict("epoch_changed", epoch=str(head.epoch))
        if wanted.after > head.head:
            raise BadInput("after_beyond_head", where="query.after")
        key = await office.keyring.key(connection, head.key_id)
        stored = await event_log.read_events(connection, stream_id, after=wanted.after, limit=wanted.limit)
        events = [event_log.wire_for(event, classes, key) for event in stored]
        return {"epoch": str(head.epoch), "head": head.head, "events": events}

    return await protected_read(office, principal, place, "events", read)


async def make_ticket(office: Office, principal: Principal, place: Place) -> tuple[str, datetime]:
    """Return a ticket for the live stream of the place and the time it dies: one use, half a minute."""
    ticket = secrets.token_urlsafe(32)
    now = office.clock()
    expires_at = now + TICKET_LIFE
    stale = stream_ticket.c.expires_at < now - TICKET_LIFE
    async with office.engine.begin() as connection:
        await connection.execute(stream_ticket.delete().where(stale))
        await connection.execute(
            stream_ticket.insert().values(
                ticket_hash=hashlib.sha256(ticket.encode()).digest(),
                session_id=principal.session_id,
                stream_id=stream_of(place),
                expires_at=expires_at,
            )
        )
    return ticket, expires_at


# ---- positions, tray, geometries, organisations ------------------------------------------------


async def read_positions(office: Office, principal: Principal, place: Place) -> list[dict[str, Any]]:
    """Return the last position of every participant, with the team he is in now."""

    async def read(connection: AsyncConnection, _: ClassSet) -> list[dict[str, Any]]:
        return await last_positions(connection, place)

    return await protected_read(office, principal, place, "positions", read)


async def last_positions(connection: AsyncConnection, place: Place) -> list[dict[str, Any]]:
    """Return the last positions of an operation; the caller has seen to the right."""
    teams = select(entity.c.entity_id, entity.c.body).where(
        entity.c.stream_id == stream_of(place), entity.c.collection == "teams"
    )
    team_of: dict[str, str] = {}
    for team_id, body in await connection.execute(teams):
        if not body.get("disbanded"):
            team_of.update(dict.fromkeys(body.get("member_ids") or (), team_id))
    held = last_position.c
    query = select(
        held.participant_id,
        func.ST_X(held.geom).label("lon"),
        func.ST_Y(held.geom).label("lat"),
        held.accuracy_m,
        held.battery,
        held.at,
        held.received_at,
    ).where(held.operation_id == place.id)
    return [
        {
            **row,
            "team_id": team_of.get(str(row["participant_id"])),
            "at": wire_time(row["at"]),
            "received_at": wire_time(row["received_at"]),
        }
        for row in (await connection.execute(query.order_by(held.participant_id))).mappings()
    ]


async def read_quarantine(office: Office, principal: Principal, place: Place) -> dict[str, Any]:
    """Return the tray: copies with a known id but other content, and events that wait for a cause."""

    async def read(connection: AsyncConnection, _: ClassSet) -> dict[str, Any]:
        trays: dict[str, Any] = {}
        for name, table, more in (
            ("quarantined", quarantine, ("quarantine_id",)),
            ("waiting", waiting_event, ("missing",)),
        ):
            query = (
                select(*(table.c[column] for column in ("event_id", "body", "actor", "received_at", *more)))
                .where(table.c.stream_id == stream_of(place))
                .order_by(table.c.received_at.desc(), table.c.event_id)
                .limit(MOST_LISTED)
            )
            trays[name] = [
                {**row, "received_at": wire_time(row["received_at"])}
                for row in (await connection.execute(query)).mappings()
            ]
        return trays

    return await protected_read(office, principal, place, "quarantine", read)


async def read_geometry(office: Office, principal: Principal, sha256: bytes) -> bytes:
    """Return the GeoJSON bytes with this hash, when some event that the caller reads refers to them.

    Raises
    ------
    NotKnown
        There are none, or they are not his to see: both look alike.
    """
    readers = select(geometry_reader.c.stream_id, geometry_reader.c.visibility).where(
        geometry_reader.c.sha256 == sha256
    )
    async with office.engine.connect() as connection:
        allowed: dict[str, set[str]] = {}
        for stream_id, visibility in await connection.execute(readers):
            allowed.setdefault(stream_id, set()).add(visibility)
        places = {stream_id: await place_of_stream(connection, stream_id) for stream_id in allowed}

    for stream_id, place in places.items():
        if place is not None and may_know(principal, place):
            body = await protected_read(
                office, principal, place, "geometry", _geometry_for(sha256, allowed[stream_id])
            )
            if body is not None:
                return body
    raise NotKnown


def _geometry_for(
    sha256: bytes, visibilities: set[str]
) -> Callable[[AsyncConnection, ClassSet], Awaitable[bytes | None]]:
    async def read(connection: AsyncConnection, classes: ClassSet) -> bytes | None:
        if not any(classes.admits(visibility) for visibility in visibilities):
            return None
        query = select(stored_geometry.c.body).where(stored_geometry.c.sha256 == sha256)
        body: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        return body

    return read


async def list_organisations(office: Office, locale: str) -> list[dict[str, Any]]:
    """Return all organisations in the reader's language: whom a request may be sent to."""
    query = select(organisation).order_by(organisation.c.kind, organisation.c.short_ru).limit(MOST_LISTED)
    async with office.engine.connect() as connection:
        return [organisation_view(row, locale) for row in (await connection.execute(query)).mappings()]
