"""One intent, one transaction: lock the streams, decide on their state, write events and state together.

`Office` is what services are given: engine, keys, clock and the states this process has folded so far. A
cached state is only ever at a committed number; a transaction works on a copy of what it changes.
"""

from __future__ import annotations

import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import rfc8785
from psycopg.errors import UniqueViolation
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from search_ops.domain import fold
from search_ops.domain.events import GENESIS, Draft, Stored, chain_hash, fingerprint
from search_ops.errors import CommandReused, NotKnown, SearchOpsError, Unavailable
from search_ops.persistence.event_log import (
    NOTIFY_CHANNEL,
    StreamHead,
    load_state,
    read_events,
    read_head,
)
from search_ops.persistence.keyring import Keyring, seal
from search_ops.persistence.tables import command, entity, event, stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from search_ops.domain.principals import Principal

# Made once: putting a statement together costs more than the database needs for it.
_INSERT_EVENTS = event.insert()
_INSERT_ENTITIES = insert(entity)
_PUT_ENTITIES = _INSERT_ENTITIES.on_conflict_do_update(
    index_elements=["stream_id", "collection", "entity_id"], set_={"body": _INSERT_ENTITIES.excluded.body}
)
# The head and the hint in one round trip.
_MOVE_HEAD = text(
    "WITH moved AS (UPDATE stream SET head = :head, head_hash = :head_hash WHERE stream_id = :stream) "
    "SELECT pg_notify(:channel, :stream)"
)
_ONE_ID = "uq_event_stream_id_event_id"
_CATCH_UP_LIMIT = 2_000  # beyond that the projection is read anew: cheaper than folding


@dataclass(slots=True)
class _Cached:
    epoch: UUID
    seq: int
    state: fold.State


@dataclass(slots=True)
class Office:
    """What every service works with in this process."""

    engine: AsyncEngine
    keyring: Keyring
    home: str = "here"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    data_dir: Path | None = None
    cache: dict[str, _Cached] = field(default_factory=dict)


class LockedStream:
    """A stream whose row this transaction holds: its state may be read and events appended."""

    def __init__(
        self,
        head: StreamHead,
        key: bytes | None,
        base: fold.State,
        now: datetime,
        *,
        is_key_foreign: bool = False,
    ) -> None:
        self.stream_id = head.stream_id
        self.epoch = head.epoch
        self.start = head.head
        self.head = head.head
        self.key = key
        self._is_key_foreign = is_key_foreign
        self._hash = head.head_hash
        self._base = base
        self._changed: dict[str, dict[str, dict[str, Any]]] = {}
        self._now = now
        self.appended: list[Stored] = []

    def get(self, collection: str, entity_id: UUID | str) -> Mapping[str, Any] | None:
        """Return one entity as this transaction sees it, sealed fields still closed."""
        changed = self._changed.get(collection, {}).get(str(entity_id))
        if changed is not None:
            return changed
        return self._base.get(collection, {}).get(str(entity_id))

    def all(self, collection: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return (id, entity) of a whole collection as this transaction sees it."""
        merged = {**self._base.get(collection, {}), **self._changed.get(collection, {})}
        return list(merged.items())

    def append(self, draft: Draft) -> Stored:
        """Give the event its number and let it change the state; it is written when the transaction ends."""
        sealed = {
            name: seal(self._required_key(), f"{self.stream_id}#{draft.id}.{name}", value)
            for name, value in draft.sealed.items()
        }
        self.head += 1
        unhashed = Stored(
            stream_id=self.stream_id,
            seq=self.head,
            id=draft.id,
            v=draft.v,
            kind=draft.kind,
            visibility=draft.visibility,
            payload=dict(draft.payload),
            sealed=sealed,
            actor=dict(draft.actor),
            device_id=draft.device_id,
            dseq=draft.dseq,
            after=tuple(draft.after),
            base_version=draft.base_version,
            at=_milliseconds(draft.at),
            recorded_at=self._now,
            fingerprint=draft.meant or fingerprint(draft, self.key),
            prev_hash=self._hash,
            hash=b"",
        )
        self._hash = chain_hash(unhashed)
        stored = replace(unhashed, hash=self._hash)
        self.appended.append(stored)
        for collection, entity_id, fields, times in fold.changes(stored.folding()):
            held = self.get(collection, entity_id)
            self._changed.setdefault(collection, {})[entity_id] = fold.merge(held, fields, times)
        return stored

    def _required_key(self) -> bytes:
        if self.key is None:
            if self._is_key_foreign:
                raise Unavailable("case_key_foreign")
            raise NotKnown("case_erased")
        return self.key

    @property
    def head_hash(self) -> bytes:
        """Return the hash of the newest event."""
        return self._hash

    @property
    def changed(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """Return the entities this transaction changed."""
        return self._changed


@dataclass(slots=True)
class UnitOfWork:
    """One open transaction with the streams it locked."""

    office: Office
    connection: AsyncConnection
    now: datetime
    streams: dict[str, LockedStream] = field(default_factory=dict)
    refusal: SearchOpsError | None = None

    async def create(self, stream_id: str, *, key_id: UUID | None) -> LockedStream:
        """Make a new stream; its row is ours until the transaction ends."""
        head = StreamHead(stream_id, uuid4(), 0, GENESIS, 0, key_id)
        values = {
            "stream_id": stream_id,
            "kind": stream_id.partition("/")[0],
            "epoch": head.epoch,
            "home": self.office.home,
            "key_id": key_id,
            "head_hash": GENESIS,
        }
        await self.connection.execute(stream.insert().values(values))
        key = await self.office.keyring.key(self.connection, key_id)
        self.streams[stream_id] = LockedStream(head, key, {}, self.now)
        return self.streams[stream_id]

    async def lock(self, stream_id: str) -> LockedStream:
        """Take the stream's row lock and bring its state to the committed head.

        Raises
        ------
        NotKnown
            There is no such stream.
        """
        head = await read_head(self.connection, stream_id, lock=True)
        if head is None:
            raise NotKnown
        base = await _state_at(self.office, self.connection, head)
        key = await self.office.keyring.key(self.connection, head.key_id)
        self.streams[stream_id] = LockedStream(
            head, key, base, self.now, is_key_foreign=self.office.keyring.is_foreign(head.key_id)
        )
        return self.streams[stream_id]

    async def write(self) -> None:
        """Write what was appended: events, changed entities, new heads, and one hint per stream.

        Raises
        ------
        CommandReused
            The sender named his command by the id of an event that is in the log already.
        """
        for locked in self.streams.values():
            if not locked.appended:
                continue
            await self._write_events(locked)
            await self._write_entities(locked)
            moved = {"stream": locked.stream_id, "head": locked.head, "head_hash": locked.head_hash}
            await self.connection.execute(_MOVE_HEAD, {**moved, "channel": NOTIFY_CHANNEL})

    async def _write_events(self, locked: LockedStream) -> None:
        try:
            await self.connection.execute(_INSERT_EVENTS, [_row(stored) for stored in locked.appended])
        except IntegrityError as error:
            if isinstance(error.orig, UniqueViolation) and error.orig.diag.constraint_name == _ONE_ID:
                raise CommandReused from None
            raise

    async def _write_entities(self, locked: LockedStream) -> None:
        rows = [
            {"stream_id": locked.stream_id, "collection": collection, "entity_id": entity_id, "body": body}
            for collection, bodies in locked.changed.items()
            for entity_id, body in bodies.items()
        ]
        if rows:
            await self.connection.execute(_PUT_ENTITIES, rows)

    def publish(self) -> None:
        """After the commit: let the folded states of this process follow, unless they have moved already."""
        for stream_id, locked in self.streams.items():
            cached = self.office.cache.get(stream_id)
            if cached is None or cached.seq != locked.start or cached.epoch != locked.epoch:
                continue
            for collection, bodies in locked.changed.items():
                cached.state.setdefault(collection, {}).update(
                    {name: dict(body) for name, body in bodies.items()}
                )
            cached.seq = locked.head


async def _state_at(office: Office, connection: AsyncConnection, head: StreamHead) -> fold.State:
    cached = office.cache.get(head.stream_id)
    if (
        cached is None
        or cached.epoch != head.epoch
        or not head.head - _CATCH_UP_LIMIT <= cached.seq <= head.head
    ):
        state = await load_state(connection, head.stream_id)
        office.cache[head.stream_id] = _Cached(head.epoch, head.head, state)
        return state
    if cached.seq < head.head:
        for stored in await read_events(connection, head.stream_id, after=cached.seq, limit=None):
            if stored.seq > cached.seq:  # another task of this process may have been faster
                fold.apply(cached.state, stored.folding())
                cached.seq = stored.seq
    return cached.state


@asynccontextmanager
async def transaction(office: Office, stream_ids: Sequence[str] = ()) -> AsyncIterator[UnitOfWork]:
    """Open a transaction with these streams locked, in one order for all; commit when the body ends.

    An exception rolls everything back. `UnitOfWork.refusal` is raised after the commit: a claim that lost is
    kept in the log and told to its sender.
    """
    async with office.engine.connect() as connection:
        async with connection.begin():
            work = UnitOfWork(office, connection, _milliseconds(office.clock()))
            for stream_id in sorted(set(stream_ids)):
                await work.lock(stream_id)
            yield work
            await work.write()
        work.publish()
    if work.refusal is not None:
        raise work.refusal


@dataclass(frozen=True, slots=True)
class Intent:
    """What a desk wants: the sender's id, the name of the intent, and everything it said."""

    command_id: UUID
    name: str
    body: Mapping[str, Any]


async def carry_out(
    office: Office,
    principal: Principal,
    intent: Intent,
    stream_ids: Sequence[str],
    decide: Callable[[UnitOfWork], Awaitable[Mapping[str, Any]]],
) -> dict[str, Any]:
    """Carry out an intent exactly once: a repeated command gets the first answer, refusals included.

    Parameters
    ----------
    stream_ids : sequence of str
        Streams the decision reads and writes; they are locked in sorted order before it runs.
    decide : callable
        Decides under the locks, appends events, returns the answer. A `SearchOpsError` it raises rolls
        everything back and is not remembered; one it leaves in `UnitOfWork.refusal` is.

    Raises
    ------
    CommandReused
        The same command_id came from somebody else or with other content.
    """
    said: dict[str, Any] = {"intent": intent.name, "actor": principal.actor(), "body": dict(intent.body)}
    print_ = hashlib.sha256(rfc8785.dumps(said)).digest()
    async with transaction(office, stream_ids) as work:
        first = await _first_answer(work, intent, print_)
        if first is not None:
            status, answer = first
            if status >= _REFUSED:
                work.refusal = SearchOpsError.remembered(answer)
            return answer
        answer = dict(await decide(work))
        refused = work.refusal
        values = {
            "command_id": intent.command_id,
            "intent": intent.name,
            "actor": principal.actor(),
            "fingerprint": print_,
            "status": _DONE if refused is None else _REFUSED,
            "answer": answer if refused is None else refused.remember(),
            "recorded_at": work.now,
        }
        await work.connection.execute(command.insert().values(values))
    return answer


_DONE = 200
_REFUSED = 409


async def _first_answer(work: UnitOfWork, intent: Intent, print_: bytes) -> tuple[int, dict[str, Any]] | None:
    # Two copies of one command may arrive at once on different streams: this lock lets one of them wait.
    await work.connection.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("id"), 0))),
        {"id": str(intent.command_id)},
    )
    query = select(command.c.fingerprint, command.c.status, command.c.answer).where(
        command.c.command_id == intent.command_id
    )
    row = (await work.connection.execute(query)).one_or_none()
    if row is None:
        return None
    if row.fingerprint != print_:
        raise CommandReused
    return row.status, row.answer


def _row(stored: Stored) -> dict[str, Any]:
    return {
        "stream_id": stored.stream_id,
        "seq": stored.seq,
        "event_id": stored.id,
        "v": stored.v,
        "kind": stored.kind,
        "visibility": stored.visibility,
        "payload": stored.payload,
        "sealed": stored.sealed,
        "actor": stored.actor,
        "device_id": stored.device_id,
        "dseq": stored.dseq,
        "after": list(stored.after),
        "base_version": stored.base_version,
        "device_at": stored.at,
        "recorded_at": stored.recorded_at,
        "fingerprint": stored.fingerprint,
        "prev_hash": stored.prev_hash,
        "hash": stored.hash,
    }


def _milliseconds(moment: datetime) -> datetime:
    """Cut to the precision of the wire, so that what was hashed is what is stored."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
