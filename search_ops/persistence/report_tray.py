"""What of reports lies outside the log: those that wait for their cause, and those whose id is another's.

Everything here runs under the lock of the stream, so that what was read stays true to the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.persistence.plain_tables import event, quarantine, waiting_event

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Row, RowMapping
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.payloads import FieldEvent

_IDS: Final = any_(bindparam("ids", type_=ARRAY(Uuid)))
_FILED: Final = select(
    event.c.event_id, event.c.seq, event.c.fingerprint, event.c.device_id, event.c.actor
).where(event.c.stream_id == bindparam("stream"), event.c.event_id == _IDS)
_ANY_WAITING: Final = (
    select(waiting_event.c.event_id).where(waiting_event.c.stream_id == bindparam("stream")).limit(1)
)
_HELD: Final = select(waiting_event.c.fingerprint, waiting_event.c.actor).where(
    waiting_event.c.stream_id == bindparam("stream"), waiting_event.c.event_id == bindparam("event")
)
_WAITING_FOR: Final = (
    select(waiting_event)
    .where(
        waiting_event.c.stream_id == bindparam("stream"),
        waiting_event.c.missing.overlap(bindparam("ids", type_=ARRAY(Uuid))),
    )
    .order_by(waiting_event.c.received_at, waiting_event.c.event_id)
)
_REFUSAL: Final = select(event.c.payload["reason"].astext).where(
    event.c.stream_id == bindparam("stream"),
    event.c.event_id == bindparam("event"),
    event.c.kind == "claim_refused",
)


async def read_filed(
    connection: AsyncConnection, stream_id: str, ids: Collection[UUID]
) -> dict[UUID, Row[*tuple[Any, ...]]]:
    """Return number, fingerprint, device and actor of those of the ids that are in the log."""
    if not ids:
        return {}
    rows = await connection.execute(_FILED, {"stream": stream_id, "ids": list(ids)})
    return {row.event_id: row for row in rows}


async def is_any_waiting(connection: AsyncConnection, stream_id: str) -> bool:
    """Tell whether any report of the stream waits for its cause: mostly none does."""
    return (await connection.execute(_ANY_WAITING, {"stream": stream_id})).first() is not None


async def read_held(
    connection: AsyncConnection, stream_id: str, event_id: UUID
) -> Row[*tuple[Any, ...]] | None:
    """Return fingerprint and actor of a report that waits."""
    return (await connection.execute(_HELD, {"stream": stream_id, "event": event_id})).one_or_none()


async def read_waiting_for(
    connection: AsyncConnection, stream_id: str, arrived: Collection[UUID]
) -> Sequence[RowMapping]:
    """Return the reports that miss one of these, in the order in which they came."""
    rows = await connection.execute(_WAITING_FOR, {"stream": stream_id, "ids": list(arrived)})
    return rows.mappings().all()


async def read_refusal(connection: AsyncConnection, stream_id: str, refusal_id: UUID) -> str | None:
    """Return why a claim lost, or None when it did not."""
    row = (await connection.execute(_REFUSAL, {"stream": stream_id, "event": refusal_id})).one_or_none()
    return None if row is None else row[0]


async def let_wait(
    connection: AsyncConnection,
    stream_id: str,
    incoming: FieldEvent,
    meant: bytes,
    missing: Sequence[UUID],
    *,
    actor: Mapping[str, Any],
    now: datetime,
) -> None:
    """Put a report aside until its causes have come."""
    values = {
        "stream_id": stream_id,
        "event_id": incoming.id,
        "body": incoming.model_dump(mode="json"),
        "missing": list(missing),
        "actor": dict(actor),
        "fingerprint": meant,
        "received_at": now,
    }
    await connection.execute(insert(waiting_event).values(values).on_conflict_do_nothing())


async def take_out(connection: AsyncConnection, stream_id: str, event_id: UUID) -> bool:
    """Take a report out of those that wait; False when it is not there any more."""
    taken = await connection.execute(
        waiting_event.delete().where(
            waiting_event.c.stream_id == stream_id, waiting_event.c.event_id == event_id
        )
    )
    return taken.rowcount > 0


async def put_apart(
    connection: AsyncConnection,
    stream_id: str,
    incoming: FieldEvent,
    meant: bytes,
    *,
    actor: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep a report whose id stands in the log with another content, for headquarters to look at."""
    values = {
        "quarantine_id": uuid7(),
        "stream_id": stream_id,
        "event_id": incoming.id,
        "body": incoming.model_dump(mode="json"),
        "actor": dict(actor),
        "fingerprint": meant,
        "received_at": now,
    }
    await connection.execute(insert(quarantine).values(values).on_conflict_do_nothing())
