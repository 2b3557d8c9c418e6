"""Checking the log: numbers without holes, hashes that chain, and a projection that equals the fold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from search_ops.domain import fold
from search_ops.domain.events import GENESIS, Stored, chain_hash
from search_ops.persistence.event_log import load_state, read_events, read_head
from search_ops.persistence.tables import event, stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a stream that is not as it was written.

    Attributes
    ----------
    stream_id : str
        The stream.
    seq : int or None
        Number of the first event that does not hold, None when the fault is in the stream's head or state.
    code : str
        ``hole``, ``chain_broken``, ``hash_differs``, ``head_differs``, ``tail_missing``, ``state_differs``,
        ``anchor_differs`` or ``stream_missing``.
    """

    stream_id: str
    seq: int | None
    code: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked and what was found."""

    streams: int
    events: int
    faults: tuple[Fault, ...]


async def verify_log(
    engine: AsyncEngine, anchors: Mapping[str, Mapping[int, Collection[str]]] | None = None
) -> Verified:
    """Check every stream of the database from its first event to its head, in one consistent view.

    Parameters
    ----------
    anchors : mapping, optional
        Stream -> number -> hashes, as they were written outside the database: a tail that was cut off and a
        chain that was made anew are found by them alone.
    """
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        stream_ids = (await connection.execute(select(stream.c.stream_id))).scalars().all()
        faults: list[Fault] = []
        events = 0
        for stream_id in sorted(stream_ids):
            checked, fault = await _verify_stream(connection, stream_id)
            events += checked
            fault = fault or await _against_anchors(connection, stream_id, (anchors or {}).get(stream_id, {}))
            if fault is not None:
                faults.append(fault)
        missing = (anchors or {}).keys() - set(stream_ids)
        faults.extend(Fault(stream_id, None, "stream_missing") for stream_id in sorted(missing))
    return Verified(len(stream_ids), events, tuple(faults))


async def _verify_stream(connection: AsyncConnection, stream_id: str) -> tuple[int, Fault | None]:
    head = await read_head(connection, stream_id)
    assert head is not None  # its row was just listed in the same view
    previous, seq = GENESIS, 0
    state: fold.State = {}
    async for stored in _events(connection, stream_id):
        code = _fault_of(stored, seq, previous)
        if code is not None:
            return seq, Fault(stream_id, stored.seq, code)
        previous, seq = stored.hash, stored.seq
        fold.apply(state, stored.folding())
    if seq != head.head:
        return seq, Fault(stream_id, seq + 1, "tail_missing")
    if previous != head.head_hash:
        return seq, Fault(stream_id, None, "head_differs")
    if state != await load_state(connection, stream_id):
        return seq, Fault(stream_id, None, "state_differs")
    return seq, None


async def _against_anchors(
    connection: AsyncConnection, stream_id: str, anchors: Mapping[int, Collection[str]]
) -> Fault | None:
    if not anchors:
        return None
    query = select(event.c.seq, event.c.hash).where(
        event.c.stream_id == stream_id, event.c.seq.in_(sorted(anchors))
    )
    held = {row.seq: row.hash.hex() for row in await connection.execute(query)}
    for seq, wanted in sorted(anchors.items()):
        if seq not in held:
            return Fault(stream_id, seq, "tail_missing")
        if set(wanted) != {held[seq]}:
            return Fault(stream_id, seq, "anchor_differs")
    return None


async def _events(connection: AsyncConnection, stream_id: str) -> AsyncIterator[Stored]:
    after = 0
    while chunk := await read_events(connection, stream_id, after=after, limit=_CHUNK):
        for stored in chunk:
            yield stored
        after = chunk[-1].seq


def _fault_of(stored: Stored, seq: int, previous: bytes) -> str | None:
    if stored.seq != seq + 1:
        return "hole"
    if stored.prev_hash != previous:
        return "chain_broken"
    if chain_hash(stored) != stored.hash or _is_finer_than_written(stored):
        return "hash_differs"
    return None


def _is_finer_than_written(stored: Stored) -> bool:
    """Tell whether a time has digits below the milliseconds that are written and hashed."""
    return any(moment.microsecond % 1000 for moment in (stored.at, stored.recorded_at))
