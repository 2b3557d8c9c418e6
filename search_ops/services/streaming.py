"""What the stream process reads: who signs in, where logs stand, what is new in them, whose rights changed.

It works in a database role that may read the log and the grants and nothing else; a ticket is spent by a
function of the database. The SQL that this process needs lives here and in `search_ops.persistence`, none in
`web`.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import orjson
import psycopg
from sqlalchemy import ARRAY, Text, Uuid, any_, column, func, literal, select, table
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import create_async_engine

from search_ops.domain.events import wire_time
from search_ops.errors import NotKnown, Unavailable
from search_ops.persistence.event_log import NOTIFY_CHANNEL, read_events
from search_ops.persistence.grants import place_of_stream, principal_by_session, principals_by_sessions
from search_ops.persistence.keyring import Keyring, unseal
from search_ops.persistence.plain_tables import event, job_progress, stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable
    from uuid import UUID

    from sqlalchemy import CollectionAggregate
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
    from sqlalchemy.types import TypeEngine

    from search_ops.domain.principals import Place, Principal

POOL_SIZE: Final = 3
_AT_THE_DOOR: Final = 2  # admissions at once; one connection always stays for reading on
_TEAM_KINDS: Final = ("team_formed", "team_changed")
# A row is stamped before it is committed: what was looked at is looked at again for this long.
_LATE_COMMIT: Final = timedelta(seconds=5)
_OPTIONS: Final = "-c statement_timeout=10s"

# Written without GeoAlchemy2, which would bring shapely and numpy into this process.
_position = table(
    "last_position",
    *(column(name) for name in ("operation_id", "participant_id", "team_id", "geom")),
    *(column(name) for name in ("accuracy_m", "battery", "at", "received_at")),
)


class TicketRefused(NotKnown):
    """The ticket is spent, too old, nobody's, or its session is over: all look alike."""

    def __init__(self) -> None:
        super().__init__("ticket_refused")


class SessionEnded(NotKnown):
    """Whoever came before with a ticket has signed out since, or was signed out."""

    def __init__(self) -> None:
        super().__init__("session_ended")


@dataclass(frozen=True, slots=True)
class Admission:
    """Who signed in with a ticket, and to which stream."""

    principal: Principal
    stream_id: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a log stands; `key_id` names the key of its sealed fields."""

    epoch: str
    seq: int
    backed_up_seq: int
    key_id: UUID | None


class StreamReading:
    """Everything the stream process asks of the database.

    Parameters
    ----------
    engine : AsyncEngine
        In the role of the stream, each statement a transaction of its own.
    keyring : Keyring
        Opens the sealed fields of events.
    """

    def __init__(self, engine: AsyncEngine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring
        self._door = asyncio.Semaphore(_AT_THE_DOOR)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except (OperationalError, InterfaceError, NoConnectionFree, OSError) as error:
            raise Unavailable("database_unavailable") from error

    async def admit(self, ticket: str) -> Admission:
        """Spend a ticket.

        Raises
        ------
        TicketRefused
            It opens nothing (any more).
        """
        wanted = hashlib.sha256(ticket.encode("utf-8", "surrogateescape")).digest()
        async with self._door, self._reading() as connection:
            spent = func.spend_ticket(wanted).table_valued("session_id", "stream_id")
            row = (await connection.execute(select(spent.c.session_id, spent.c.stream_id))).one_or_none()
            principal = None if row is None else await principal_by_session(connection, row.session_id)
        if row is None or principal is None:
            raise TicketRefused
        return Admission(principal, row.stream_id)

    async def readmit(self, session_id: UUID, stream_id: str) -> Admission:
        """Let somebody in again who came with a ticket before.

        Raises
        ------
        SessionEnded
            His session is over.
        """
        async with self._door, self._reading() as connection:
            principal = await principal_by_session(connection, session_id)
        if principal is None:
            raise SessionEnded
        return Admission(principal, stream_id)

    async def principals(self, session_ids: Collection[UUID]) -> dict[UUID, Principal]:
        """Return who these sessions belong to now; sessions that are over are missing. One query for all."""
        async with self._reading() as connection:
            return await principals_by_sessions(connection, session_ids)

    async def place(self, stream_id: str) -> Place | None:
        """Return the place whose log this is."""
        async with self._reading() as connection:
            return await place_of_stream(connection, stream_id)

    async def heads(self, stream_ids: Iterable[str]) -> dict[str, Head]:
        """Return where these logs stand."""
        query = select(
            stream.c.stream_id, stream.c.epoch, stream.c.head, stream.c.backed_up_seq, stream.c.key_id
        ).where(stream.c.stream_id == _any(stream_ids, Text()))
        async with self._reading() as connection:
            return {
                row.stream_id: Head(str(row.epoch), row.head, row.backed_up_seq, row.key_id)
                for row in await connection.execute(query)
            }

    async def events(
        self, stream_id: str, key_id: UUID | None, *, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Return the next events whole, in wire form, sealed fields opened."""
        async with self._reading() as connection:
            stored = await read_events(connection, stream_id, after=after, limit=limit)
            has_sealed = any(one.sealed for one in stored)
            key = await self._keyring.key(connection, key_id) if has_sealed else None
        return [one.wire({name: unseal(key, token) for name, token in one.sealed.items()}) for one in stored]

    async def team_events(self, stream_id: str) -> list[tuple[int, str, dict[str, Any]]]:
        """Return (seq, kind, payload) of every event that says who is in which team."""
        query = (
            select(event.c.seq, event.c.kind, event.c.payload)
            .where(event.c.stream_id == stream_id, event.c.kind.in_(_TEAM_KINDS))
            .order_by(event.c.seq)
        )
        async with self._reading() as connection:
            return [tuple(row) for row in await connection.execute(query)]

    async def positions(
        self, operation_ids: Collection[UUID], since: datetime
    ) -> list[tuple[UUID, datetime, dict[str, Any]]]:
        """Return (operation, when it arrived, last fix in wire form) of everybody whose fix arrived lately.

        Parameters
        ----------
        since : datetime
            The latest arrival the caller has seen; rows stamped a little earlier come again, since they may
            have been committed later.
        """
        fix = _position.c
        query = select(
            fix.operation_id,
            fix.participant_id,
            fix.team_id,
            func.ST_X(fix.geom).label("lon"),
            func.ST_Y(fix.geom).label("lat"),
            fix.accuracy_m,
            fix.battery,
            fix.at,
            fix.received_at,
        ).where(fix.operation_id == _any(operation_ids, Uuid()), fix.received_at > since - _LATE_COMMIT)
        async with self._reading() as connection:
            return [(row.operation_id, row.received_at, _fix(row)) for row in await connection.execute(query)]

    async def progress(
        self, operation_ids: Collection[UUID], since: datetime
    ) -> list[tuple[UUID, datetime, dict[str, Any]]]:
        """Return (operation, when it moved, job in wire form); `since` as in `positions`."""
        job = job_progress.c
        query = (
            select(
                job.operation_id,
                job.job_id,
                job.kind,
                job.state,
                job.done,
                job.step,
                job.result,
                job.updated_at,
            )
            .where(job.operation_id == _any(operation_ids, Uuid()), job.updated_at > since - _LATE_COMMIT)
            .order_by(job.updated_at)
        )
        async with self._reading() as connection:
            return [
                (
                    row.operation_id,
                    row.updated_at,
                    {
                        "job_id": str(row.job_id),
                        "kind": row.kind,
                        "state": row.state,
                        "done": row.done,
                        "step": row.step,
                        "result": row.result,
                        "updated_at": wire_time(row.updated_at),
                    },
                )
                for row in await connection.execute(query)
            ]


def now() -> datetime:
    """Return the present, from which `positions` and `progress` may first be asked."""
    return datetime.now(UTC)


def _any(values: Iterable[Any], kind: TypeEngine[Any]) -> CollectionAggregate[bool]:
    """Return values as one parameter, however many they are."""
    return any_(literal(list(values), ARRAY(kind)))


def _fix(row: Any) -> dict[str, Any]:
    return {
        "participant_id": str(row.participant_id),
        "team_id": None if row.team_id is None else str(row.team_id),
        "lon": row.lon,
        "lat": row.lat,
        "accuracy_m": row.accuracy_m,
        "battery": row.battery,
        "at": wire_time(row.at),
        "received_at": wire_time(row.received_at),
    }


@asynccontextmanager
async def open_reading(url: str, kek: bytes) -> AsyncIterator[StreamReading]:
    """Open what the stream process reads with; its few connections are closed at the end."""
    engine = create_async_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,  # the cluster may have been restarted under us
        isolation_level="AUTOCOMMIT",  # single reads and the spending of tickets: no BEGIN, no ROLLBACK
        hide_parameters=True,
        json_deserializer=orjson.loads,
        connect_args={"options": _OPTIONS, "connect_timeout": 5},
    )
    try:
        yield StreamReading(engine, Keyring(kek))
    finally:
        await engine.dispose()


async def hints(url: str) -> AsyncIterator[str | None]:
    """Yield the id of every log that moved, as PostgreSQL announces it, on a connection of its own.

    The first item is None: from now on we listen, and what happened before was not announced to us.

    Raises
    ------
    Unavailable
        The connection was lost; call again, and look at every log meanwhile.
    """
    try:
        async with await psycopg.AsyncConnection.connect(
            url, autocommit=True, connect_timeout=5, application_name="search-ops stream hints"
        ) as connection:
            await connection.execute(
                psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(NOTIFY_CHANNEL))
            )
            yield None
            async for notice in connection.notifies():
                yield notice.payload
    except psycopg.OperationalError as error:
        raise Unavailable("database_unavailable") from error
    raise Unavailable("database_unavailable")
