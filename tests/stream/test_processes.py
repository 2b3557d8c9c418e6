"""Several stream processes behind one port: whoever is with which of them is told the same."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
from websockets.asyncio.client import connect

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ
from tests.stream.conftest import Client, Search, draft
from tests.stream.http_client import HttpClient
from tests.stream.test_process import program
from web.stream.limits import Limits

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path
    from uuid import UUID

    from search_ops.persistence.embedded import DatabaseUrls

pytestmark = pytest.mark.postgres

SOCKETS = 24  # that all of them meet one process of two happens once in eight million runs


@asynccontextmanager
async def two(database: DatabaseUrls, folder: Path) -> AsyncIterator[tuple[list[Process], int]]:
    """Start two stream processes on one port."""
    both = "2"
    async with (
        program(database, folder / "first", SEARCH_OPS_STREAM_PROCESSES=both) as (first, port),
        program(database, folder / "second", port=port, SEARCH_OPS_STREAM_PROCESSES=both) as (second, _),
    ):
        yield [first, second], port


def held_by(process: Process, port: int) -> int:
    """Return how many connections to the port this process holds."""
    held = psutil.Process(process.pid).net_connections()
    return sum(one.status == psutil.CONN_ESTABLISHED and one.laddr.port == port for one in held)


async def sign_in(search: Search, port: int, desk: UUID, stack: AsyncExitStack) -> Client:
    """Open a socket at whichever process takes it, until it is live."""
    connected = await stack.enter_async_context(connect(f"ws://127.0.0.1:{port}/stream", proxy=None))
    client = Client(connected)
    await client.say(type="auth", ticket=await search.ticket(desk), resume=None)
    await client.until("live")
    return client


async def test_what_happens_is_told_by_every_process(
    search: Search, database: DatabaseUrls, tmp_path: Path
) -> None:
    """One event reaches the sockets of both; tickets open once for both; a session that ends ends at both."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with two(database, tmp_path) as (processes, port), AsyncExitStack() as stack:
        clients = [await sign_in(search, port, desk, stack) for _ in range(SOCKETS)]
        assert all(held_by(process, port) > 0 for process in processes)
        head = await search.happen(draft("note_added", HQ, text="Всем"))
        for client in clients:
            assert [one["seq"] for one in await client.events(1)] == [head]
        spent = await search.ticket(desk)
        opened = [await _opens(port, spent) for _ in range(8)]
        assert opened == [True, *[False] * 7]
        await search.revoke(desk)
        ends = await asyncio.gather(*(client.end() for client in clients))
        assert set(ends) == {(4401, "session_ended")}


async def _opens(port: int, ticket: str) -> bool:
    async with connect(f"ws://127.0.0.1:{port}/stream", proxy=None) as connected:
        await connected.send(json.dumps({"type": "auth", "ticket": ticket}))
        client = Client(connected)
        try:
            return bool((await client.hear())["type"] == "hello")
        except Exception:  # noqa: BLE001 - closed, whatever the code
            return False


async def test_any_process_gives_the_next_answer(
    search: Search, database: DatabaseUrls, tmp_path: Path
) -> None:
    """Polls meet now one process, now the other, and miss nothing; nor when one of them is killed."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with two(database, tmp_path) as (processes, port), HttpClient(port, "poll") as client:
        await client.say(type="auth", ticket=await search.ticket(desk), resume=None)
        heard = [one["event"]["seq"] for one in await client.until("live") if one["type"] == "event"]
        for number in range(SOCKETS):
            await search.happen(draft("note_added", HQ, text=str(number)))
            heard += [one["seq"] for one in await client.events(1)]
            if number == SOCKETS // 2:
                processes[0].kill()
                await processes[0].wait()
                await client.say(type="resume", epoch=client.epoch, after=heard[-1])
        assert heard == list(range(1, SOCKETS + 2))


def test_several_allow_together_about_what_one_does() -> None:
    """Places are divided, but a session keeps room for its tabs wherever they are dealt to."""
    alone = Limits()
    assert Limits.of_one_among(1) == alone
    of_four = Limits.of_one_among(4)
    assert of_four.sockets_per_session * 4 == alone.sockets_per_session
    assert of_four.sockets_per_address * 4 == alone.sockets_per_address
    assert Limits.of_one_among(64).sockets_per_session == 16
    assert of_four.sockets == alone.sockets  # what one process can hold does not depend on the others
