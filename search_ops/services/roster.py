"""Reading the roster: typed facts of people, things and teams, under the lock or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from search_ops.domain.roster import PersonFacts, Roster, TeamFacts, ThingFacts, roster_of
from search_ops.errors import NotKnown
from search_ops.persistence.event_log import operation_stream, read_head
from search_ops.persistence.keyring import unsealed
from search_ops.persistence.tables import entity, operation_record

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.persistence.unit_of_work import LockedStream, Office

__all__ = ["PersonFacts", "Roster", "TeamFacts", "ThingFacts", "locked_roster", "read_roster", "time_zone_of"]

_READ = ("participants", "resources", "teams")


async def time_zone_of(connection: AsyncConnection, operation_id: UUID) -> ZoneInfo:
    """Return the time zone of an operation: days of certificates and hours of darkness are those there.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    query = select(operation_record.c.time_zone).where(operation_record.c.operation_id == operation_id)
    name = (await connection.execute(query)).scalar_one_or_none()
    if name is None:
        raise NotKnown
    return ZoneInfo(name)


def locked_roster(stream: LockedStream, now: datetime, zone: ZoneInfo) -> Roster:
    """Return the roster as a decision sees it under the lock of the operation."""
    opened: list[list[tuple[str, Any]]] = [
        [(key, unsealed(stream.key, dict(body))) for key, body in sorted(stream.all(name))] for name in _READ
    ]
    return roster_of(*opened, now=now, day=now.astimezone(zone).date())


async def read_roster(
    office: Office, connection: AsyncConnection, operation_id: UUID, now: datetime
) -> Roster:
    """Return the roster as it stands; the caller has seen to the right.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    stream_id = operation_stream(operation_id)
    head = await read_head(connection, stream_id)
    if head is None:
        raise NotKnown
    zone = await time_zone_of(connection, operation_id)
    key = await office.keyring.key(connection, head.key_id)
    query = select(entity.c.collection, entity.c.entity_id, entity.c.body).where(
        entity.c.stream_id == stream_id, entity.c.collection.in_(_READ)
    )
    opened: dict[str, list[tuple[str, Any]]] = {name: [] for name in _READ}
    for collection, entity_id, body in await connection.execute(query.order_by(entity.c.entity_id)):
        opened[collection].append((entity_id, unsealed(key, body)))
    return roster_of(*opened.values(), now=now, day=now.astimezone(zone).date())
