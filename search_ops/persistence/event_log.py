"""Reading the log: events in order, whole for whom their class admits, a number alone for all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, select

from search_ops.domain import fold
from search_ops.domain.events import Stored
from search_ops.persistence.keyring import Keyring, unseal, unsealed
from search_ops.persistence.plain_tables import entity, event, stream

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from sqlalchemy import RowMapping
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.visibility import ClassSet

NOTIFY_CHANNEL = "search_ops_log"

# Made once: every request reads a head.
_HEAD = select(
    stream.c.stream_id,
    stream.c.epoch,
    stream.c.head,
    stream.c.head_hash,
    stream.c.backed_up_seq,
    stream.c.key_id,
).where(stream.c.stream_id == bindparam("stream"))
_HEAD_LOCKED = _HEAD.with_for_update()
_EVENTS_AFTER = (
    select(event)
    .where(event.c.stream_id == bindparam("stream"), event.c.seq > bindparam("after"))
    .order_by(event.c.seq)
    .limit(bindparam("most", type_=BigInteger))
)


@dataclass(frozen=True, slots=True)
class StreamHead:
    """Where a stream stands."""

    stream_id: str
    epoch: UUID
    head: int
    head_hash: bytes
    backed_up_seq: int
    key_id: UUID | None


def operation_stream(operation_id: UUID | str) -> str:
    """Return the id of an operation's stream."""
    return f"operation/{operation_id}"


def case_stream(case_id: UUID | str) -> str:
    """Return the id of a case's stream."""
    return f"case/{case_id}"


def organisation_stream(organisation_id: UUID | str) -> str:
    """Return the id of an organisation's stream."""
    return f"organisation/{organisation_id}"


async def read_head(connection: AsyncConnection, stream_id: str, *, lock: bool = False) -> StreamHead | None:
    """Return where the stream stands, or None when there is no such stream.

    Parameters
    ----------
    lock : bool
        Take the row lock under which numbers are given; it is held to the end of the transaction.
    """
    query = _HEAD_LOCKED if lock else _HEAD
    row = (await connection.execute(query, {"stream": stream_id})).one_or_none()
    return None if row is None else StreamHead(*row)


def stored_from_row(row: RowMapping) -> Stored:
    """Return the event of a row of the table `event`."""
    return Stored(
        stream_id=row["stream_id"],
        seq=row["seq"],
        id=row["event_id"],
        v=row["v"],
        kind=row["kind"],
        visibility=row["visibility"],
        payload=row["payload"],
        sealed=row["sealed"],
        actor=row["actor"],
        device_id=row["device_id"],
        dseq=row["dseq"],
        after=tuple(row["after"]),
        base_version=row["base_version"],
        at=row["device_at"],
        recorded_at=row["recorded_at"],
        fingerprint=row["fingerprint"],
        prev_hash=row["prev_hash"],
        hash=row["hash"],
    )


async def read_events(
    connection: AsyncConnection, stream_id: str, *, after: int, limit: int | None = 500
) -> list[Stored]:
    """Return the events with a number above `after`, in order."""
    rows = await connection.execute(_EVENTS_AFTER, {"stream": stream_id, "after": after, "most": limit})
    return [stored_from_row(row) for row in rows.mappings()]


def wire_for(stored: Stored, classes: ClassSet, key: bytes | None) -> dict[str, Any]:
    """Return what a reader of these classes gets: the event whole, or the stub ``{"seq": n}``.

    Parameters
    ----------
    key : bytes or None
        Key of the stream's case; None when it was destroyed, then sealed fields read as null.
    """
    if not classes.admits(stored.visibility):
        return {"seq": stored.seq}
    return stored.wire({name: unseal(key, token) for name, token in stored.sealed.items()})


async def load_state(
    connection: AsyncConnection, stream_id: str, *, only: Collection[str] | None = None
) -> fold.State:
    """Return the state as projected; sealed fields are still ciphertext.

    Parameters
    ----------
    only
        Collections that are wanted: who reads often need not read hundreds of people and tasks for it.
    """
    query = select(entity.c.collection, entity.c.entity_id, entity.c.body).where(
        entity.c.stream_id == stream_id
    )
    if only is not None:
        query = query.where(entity.c.collection.in_(only))
    state: fold.State = {}
    for collection, entity_id, body in await connection.execute(query):
        state.setdefault(collection, {})[entity_id] = body
    return state


async def snapshot(
    connection: AsyncConnection, keyring: Keyring, stream_id: str, classes: ClassSet
) -> dict[str, Any] | None:
    """Return ``{"epoch", "seq", "state"}`` for a set of classes, or None when there is no such stream.

    The connection must be in one REPEATABLE READ transaction. The state is the fold of the events that the
    classes admit, a function of log and classes alone; readers of nearly everything get it from the
    projection, narrow readers from their few events.
    """
    head = await read_head(connection, stream_id)
    if head is None:
        return None
    key = await keyring.key(connection, head.key_id)
    state = await _folded(connection, stream_id, classes)
    return {"epoch": str(head.epoch), "seq": head.head, "state": unsealed(key, state)}


async def _folded(connection: AsyncConnection, stream_id: str, classes: ClassSet) -> fold.State:
    seen = await connection.execute(
        select(event.c.visibility).where(event.c.stream_id == stream_id).distinct()
    )
    visibilities = [visibility for (visibility,) in seen]
    admitted = [visibility for visibility in visibilities if classes.admits(visibility)]
    if admitted == visibilities:
        return await load_state(connection, stream_id)
    query = (
        select(event)
        .where(event.c.stream_id == stream_id, event.c.visibility.in_(admitted))
        .order_by(event.c.seq)
    )
    state: fold.State = {}
    for row in (await connection.execute(query)).mappings():
        fold.apply(state, stored_from_row(row).folding())
    return state


def entities(
    state: Mapping[str, Mapping[str, Mapping[str, Any]]], collection: str
) -> Sequence[Mapping[str, Any]]:
    """Return the entities of a collection, each with its ``id``."""
    return [{"id": entity_id, **body} for entity_id, body in state.get(collection, {}).items()]
