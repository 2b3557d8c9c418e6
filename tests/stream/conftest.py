"""A real database, a stream process in the test's own loop, real clients; times are shortened, not slept."""

from __future__ import annotations

import asyncio
import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import uvloop
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from search_ops.domain.events import Draft
from search_ops.domain.principals import OrganisationKind, Role
from search_ops.domain.visibility import ALL, team_class
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.plain_tables import (
    account,
    account_grant,
    case_record,
    operation_record,
    organisation,
    session,
    stream_ticket,
)
from search_ops.persistence.unit_of_work import Office, transaction
from tests.stream.http_client import HttpClient
from tests.stream.people import REGION
from web.stream.limits import Limits
from web.stream.server import Config, Running, serving

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncEngine

    from search_ops.persistence.embedded import DatabaseUrls

KEK = bytes(32)
SYSTEM = {"type": "system", "id": "tests"}
PAGE = "http://localhost:8080"


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run these tests on the loop of the product: buffers and their marks behave differently elsewhere."""
    return {"uvloop": uvloop.new_event_loop}


@dataclass
class Search:
    """An operation with its case, and ways to change it as the API would."""

    office: Office
    operation_id: UUID
    case_id: UUID
    organisation_id: UUID

    @property
    def stream_id(self) -> str:
        return operation_stream(self.operation_id)

    async def happen(self, *drafts: Draft, stream_id: str | None = None) -> int:
        """Commit events; return the number of the last."""
        async with transaction(self.office, [stream_id or self.stream_id]) as work:
            for one in drafts:
                work.streams[stream_id or self.stream_id].append(one)
        return work.streams[stream_id or self.stream_id].head

    async def sign_in(self, role: Role, **place: Any) -> UUID:
        """Return the session of a new account with one grant."""
        account_id, session_id = uuid7(), uuid7()
        where = place or {"region": REGION}
        async with self.office.engine.begin() as connection:
            await connection.execute(
                insert(account).values(
                    account_id=account_id,
                    login=str(account_id),
                    password_hash="none",
                    name="Дежурный",
                    organisation_id=where.pop("organisation_id", self.organisation_id),
                )
            )
            grant = {"region": None, "operation_id": None, **where}
            await connection.execute(
                insert(account_grant).values(grant_id=uuid7(), account_id=account_id, role=role, **grant)
            )
            await connection.execute(insert(session).values(_session(session_id, account_id=account_id)))
        return session_id

    async def join(self) -> tuple[UUID, UUID]:
        """Return (participant, session) of somebody who joined by code."""
        participant_id, session_id = uuid7(), uuid7()
        values = _session(
            session_id, participant_id=participant_id, operation_id=self.operation_id, device_id=uuid7()
        )
        async with self.office.engine.begin() as connection:
            await connection.execute(insert(session).values(values))
        return participant_id, session_id

    async def revoke(self, session_id: UUID) -> None:
        """End a session."""
        async with self.office.engine.begin() as connection:
            await connection.execute(
                update(session).where(session.c.session_id == session_id).values(revoked_at=datetime.now(UTC))
            )

    async def ticket(
        self, session_id: UUID, *, stream_id: str | None = None, lives: timedelta = timedelta(seconds=30)
    ) -> str:
        """Return a ticket for the stream, as `POST .../stream-ticket` writes it."""
        ticket = secrets.token_urlsafe(32)
        async with self.office.engine.begin() as connection:
            await connection.execute(
                insert(stream_ticket).values(
                    ticket_hash=hashlib.sha256(ticket.encode()).digest(),
                    session_id=session_id,
                    stream_id=stream_id or self.stream_id,
                    expires_at=datetime.now(UTC) + lives,
                )
            )
        return ticket


def _session(session_id: UUID, **holder: Any) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "session_id": session_id,
        "token_hash": secrets.token_bytes(32),
        "created_at": now,
        "expires_at": now + timedelta(hours=1),
        **holder,
    }


def draft(
    event_kind: str, visibility: str = ALL, sealed: dict[str, Any] | None = None, /, **payload: Any
) -> Draft:
    """Return an event that is about to happen."""
    return Draft(uuid7(), event_kind, visibility, payload, SYSTEM, datetime.now(UTC), sealed=sealed or {})


def team_formed(team_id: UUID, *member_ids: UUID) -> Draft:
    """Return the event that forms a team."""
    members = [str(member) for member in member_ids]
    return draft(
        "team_formed",
        team_class(team_id),
        {"roster": ["Анна"]},
        team_id=str(team_id),
        callsign="Лиса-12",
        kind="foot",
        leader_id=members[0],
        member_ids=members,
    )


@pytest.fixture
async def search(engine: AsyncEngine) -> Search:
    """Return an open operation: one event, head 1."""
    made = Search(Office(engine, Keyring(KEK)), uuid7(), uuid7(), uuid7())
    async with engine.begin() as connection:
        await connection.execute(
            insert(organisation).values(
                organisation_id=made.organisation_id,
                kind=OrganisationKind.SQUAD,
                name_ru="Отряд",
                name_en="Squad",
                short_ru="О",
                short_en="S",
            )
        )
        record = {"region": REGION, "exercise": True, "opened_at": datetime.now(UTC)}
        await connection.execute(
            insert(case_record).values(case_id=made.case_id, number="2026-33-0001", **record)
        )
        await connection.execute(
            insert(operation_record).values(
                operation_id=made.operation_id,
                case_id=made.case_id,
                number="2026-33-0001",
                time_zone="Europe/Moscow",
                **record,
            )
        )
    async with transaction(made.office) as work:
        await made.office.keyring.make(work.connection, made.case_id)
        log = await work.create(made.stream_id, key_id=made.case_id)
        log.append(draft("operation_opened", operation_id=str(made.operation_id), number="2026-33-0001"))
    return made


@dataclass
class Client:
    """A client of the stream that keeps every byte it was ever sent."""

    connection: ClientConnection
    heard: list[bytes] = field(default_factory=list)

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def send(self, body: bytes) -> None:
        """Send a message as it is."""
        await self.connection.send(body, text=True)

    async def hear(self) -> dict[str, Any]:
        """Return the next message that is no ping."""
        while True:
            async with asyncio.timeout(10):
                data = await self.connection.recv(decode=False)
            self.heard.append(data)
            message: dict[str, Any] = orjson.loads(data)
            if message["type"] != "ping":
                return message

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Return messages up to and with the first of this type."""
        messages = [await self.hear()]
        while messages[-1]["type"] != kind:
            messages.append(await self.hear())
        return messages

    async def events(self, count: int) -> list[dict[str, Any]]:
        """Return the next events."""
        return [(await self.until("event"))[-1]["event"] for _ in range(count)]

    async def end(self) -> tuple[int, str]:
        """Return code and reason with which the server closes."""
        try:
            async with asyncio.timeout(10):
                while True:
                    self.heard.append(await self.connection.recv(decode=False))
        except ConnectionClosed as closed:
            farewell = closed.rcvd
        assert farewell is not None
        return farewell.code, farewell.reason


@dataclass
class Stream:
    """A stream process in this loop, and clients of it."""

    running: Running
    search: Search
    transport: str = "socket"

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.running.port}/stream"

    @asynccontextmanager
    async def connection(self, **options: Any) -> AsyncIterator[Client]:
        """Open a socket that has said nothing yet."""
        async with connect(self.url, compression=None, proxy=None, **options) as connected:
            yield Client(connected)

    @asynccontextmanager
    async def socket(self, session_id: UUID) -> AsyncIterator[Client]:
        """Open a socket and sign in, whatever the test's transport is."""
        async with self.connection() as client:
            await client.say(type="auth", ticket=await self.search.ticket(session_id), resume=None)
            yield client

    @asynccontextmanager
    async def speaker(self) -> AsyncIterator[Client | HttpClient]:
        """Return a client over the test's transport that has said nothing yet."""
        if self.transport == "socket":
            async with self.connection() as client:
                yield client
        else:
            async with HttpClient(self.running.port, self.transport) as plain:
                yield plain

    @asynccontextmanager
    async def client(
        self, session_id: UUID, resume: Any = None, *, stream_id: str | None = None
    ) -> AsyncIterator[Client | HttpClient]:
        """Sign in; `hello` is still to be heard."""
        ticket = await self.search.ticket(session_id, stream_id=stream_id)
        async with self.speaker() as client:
            await client.say(type="auth", ticket=ticket, resume=resume)
            yield client


async def eventually(is_so: Callable[[], bool]) -> None:
    """Let the loop turn until something is so."""
    async with asyncio.timeout(20):
        while True:  # the process under test knows nothing of us: it sets no event
            if is_so():
                return
            await asyncio.sleep(0)


StreamMaker = Callable[..., Awaitable[Stream]]


# Tests of what is told run on all three; those of how a websocket behaves on that alone.
on_every_transport = pytest.mark.parametrize("transport", ["socket", "events", "poll"])


@pytest.fixture
def transport() -> str:
    """Return how clients of this test hear the stream."""
    return "socket"


@pytest.fixture
async def make_stream(database: DatabaseUrls, search: Search, transport: str) -> AsyncIterator[StreamMaker]:
    """Return a maker of stream processes with limits of the test's choice."""
    stop = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def made(**limits: Any) -> Stream:
        ready: asyncio.Future[Running] = asyncio.get_running_loop().create_future()

        async def serve() -> None:
            # One task opens and closes it: an async fixture may end in another task than it began.
            config = Config("127.0.0.1", 0, (PAGE,), database.stream_url, KEK)
            async with serving(config, Limits(**limits)) as running:
                ready.set_result(running)
                await stop.wait()

        tasks.append(asyncio.create_task(serve()))
        return Stream(await ready, search, transport)

    yield made
    stop.set()
    await asyncio.gather(*tasks)


@pytest.fixture
def lost_hints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every announcement of the database be lost; to be asked for before the stream is made."""

    async def deaf(_url: str) -> AsyncIterator[None]:
        yield None
        await asyncio.Event().wait()

    monkeypatch.setattr("web.stream.tails.hints", deaf)


@pytest.fixture
async def stream(make_stream: StreamMaker) -> Stream:
    """Return a stream process with the product's limits."""
    return await make_stream()
