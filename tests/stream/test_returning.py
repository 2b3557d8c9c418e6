"""Everybody comes back at once: what it costs the database does not grow with how many they are."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, func, select

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ
from tests.stream.conftest import Search, Stream, StreamMaker, draft, eventually, on_every_transport

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

pytestmark = pytest.mark.postgres

MANY = 200
ROOMY = {
    "sockets_per_session": MANY,
    "recheck_s": 3600,
    "board_s": 3600,
    "idle_poll_s": 3600,
    "busy_poll_s": 3600,
}


@contextmanager
def counted(stream: Stream) -> Iterator[Counter[str]]:
    """Count what the process asks of the database, by the table it is asked of."""
    asked: Counter[str] = Counter()
    engine = stream.running.rounds._reading._engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        for table in ("event", "stream", "spend_ticket"):
            asked[table] += f"FROM {table}" in " ".join(statement.split())

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


async def come_back(
    stream: Stream, search: Search, desk: UUID, wishes: list[dict[str, Any]], stack: AsyncExitStack
) -> list[list[int]]:
    """Sign in once for each wish, all together; return which numbers each was told."""
    tickets = [await search.ticket(desk) for _ in wishes]

    async def one(ticket: str, wish: dict[str, Any]) -> list[int]:
        client = await stack.enter_async_context(stream.speaker())
        await client.say(type="auth", ticket=ticket, resume=wish)
        heard = await client.until("live")
        assert not [said for said in heard if said["type"] == "reset"]
        return [said["event"]["seq"] for said in heard if said["type"] == "event"]

    return list(await asyncio.gather(*(one(*pair) for pair in zip(tickets, wishes, strict=True))))


async def happened(search: Search, count: int) -> tuple[str, int]:
    """Let things happen; return epoch and head."""
    head = await search.happen(*(draft("note_added", HQ, text=str(number)) for number in range(count)))
    async with search.office.engine.connect() as connection:
        from search_ops.persistence.plain_tables import stream as log  # noqa: PLC0415 - beside the fixture

        query = select(func.cast(log.c.epoch, log.c.stream_id.type)).where(
            log.c.stream_id == search.stream_id
        )
        return (await connection.execute(query)).scalar_one(), head


@on_every_transport
async def test_returns_to_a_process_that_stayed_ask_nothing_of_the_log(
    search: Search, make_stream: StreamMaker
) -> None:
    """All lose the line and come back: the ring answers, also when for a moment nobody was left."""
    stream = await make_stream(**ROOMY)
    desk = await search.sign_in(Role.COORDINATOR)
    epoch, head = await happened(search, 40)
    async with AsyncExitStack() as first:
        await come_back(stream, search, desk, [{"epoch": epoch, "after": 0}], first)
    await eventually(lambda: not stream.running.reception.lines)
    wishes: list[dict[str, Any]] = [{"epoch": epoch, "after": number % head} for number in range(MANY)]
    async with AsyncExitStack() as back:
        with counted(stream) as asked:
            told = await come_back(stream, search, desk, wishes, back)
    assert (asked["event"], asked["spend_ticket"]) == (0, MANY)
    assert asked["stream"] <= 3  # hints of what happened before may still come, and are looked after
    assert told == [list(range(wish["after"] + 1, head + 1)) for wish in wishes]


async def test_returns_to_a_new_process_read_the_log_once(search: Search, make_stream: StreamMaker) -> None:
    """After a restart: once forward, once back, whoever comes first."""
    stream = await make_stream(**ROOMY)
    desk = await search.sign_in(Role.COORDINATOR)
    epoch, head = await happened(search, 40)
    latest_first: list[dict[str, Any]] = [
        {"epoch": epoch, "after": head - number % head} for number in range(MANY)
    ]
    async with AsyncExitStack() as back:
        with counted(stream) as asked:
            told = await come_back(stream, search, desk, latest_first, back)
    assert asked["event"] <= 3  # who is in which team; forward; back
    assert asked["stream"] <= 4
    assert told == [list(range(wish["after"] + 1, head + 1)) for wish in latest_first]


@pytest.mark.usefixtures("lost_hints")
async def test_returns_from_beyond_what_was_read_share_their_looks(
    search: Search, make_stream: StreamMaker
) -> None:
    """Snapshots newer than the ring: nobody is refused, and a few looks at the log do for all."""
    stream = await make_stream(**ROOMY)
    desk = await search.sign_in(Role.COORDINATOR)
    epoch, head = await happened(search, 5)
    async with AsyncExitStack() as back:
        await come_back(stream, search, desk, [{"epoch": epoch, "after": head}], back)
        _, newer = await happened(search, 5)
        wishes = [{"epoch": epoch, "after": newer}] * (MANY - 1)
        with counted(stream) as asked:
            assert await come_back(stream, search, desk, wishes, back) == [[]] * (MANY - 1)
    assert asked["event"] == 1
    assert asked["stream"] <= 10
