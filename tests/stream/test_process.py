"""The real program: started as the supervisor starts it, stopped as the supervisor stops it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
from websockets.asyncio.client import connect

from search_ops.domain.principals import Role
from search_ops.domain.visibility import HQ
from tests.stream.conftest import KEK, Client, Search, draft

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path

    from search_ops.persistence.embedded import DatabaseUrls

pytestmark = pytest.mark.postgres

STARTED_IN_S = 20
# At the start it holds 68 MB with all libraries counted as its own; it was 80 with what reads settings and
# writes coloured logs. What is left is SQLAlchemy (20), the driver and cryptography.
MEMORY_LIMIT_MB = 70


@asynccontextmanager
async def program(
    database: DatabaseUrls, data_dir: Path, *, port: int = 0, **more: str
) -> AsyncIterator[tuple[Process, int]]:
    """Start the stream process; yield it with its port once it answers."""
    secrets_dir = data_dir / "secrets"
    secrets_dir.mkdir(parents=True)
    (secrets_dir / "kek").write_text(KEK.hex())
    if port == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SEARCH_OPS_DATA_DIR": str(data_dir),
        "SEARCH_OPS_STREAM_PORT": str(port),
        "SEARCH_OPS_STREAM_DATABASE_URL": database.stream_url,
        **more,
    }
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "web.cli", "serve", "stream", env=environment
    )
    try:
        await _answers(port, started.pid)
        yield started, port
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


async def _answers(port: int, pid: int) -> None:
    deadline = time.monotonic() + STARTED_IN_S
    while not _listens(pid, port):  # itself, not one that shares the port with it
        assert time.monotonic() < deadline, "the stream process did not start"
        await asyncio.sleep(0.05)  # another process: there is nothing else to wait for


def _listens(pid: int, port: int) -> bool:
    held = psutil.Process(pid).net_connections()
    return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in held)


async def test_the_program_serves_stays_small_and_stops(
    search: Search, database: DatabaseUrls, tmp_path: Path
) -> None:
    """It serves, holds little memory without heavy libraries, and SIGTERM ends it within 5 s with 1012."""
    desk = await search.sign_in(Role.COORDINATOR)
    async with program(database, tmp_path) as (started, port):
        async with connect(f"ws://127.0.0.1:{port}/stream", proxy=None) as connection:
            client = Client(connection)
            await client.say(type="auth", ticket=await search.ticket(desk), resume=None)
            await client.until("live")
            await search.happen(draft("note_added", HQ, text="live"))
            assert (await client.events(1))[0]["seq"] == 2
            memory_mb = _memory_mb(started.pid)
            assert memory_mb < MEMORY_LIMIT_MB
            told = time.monotonic()
            started.send_signal(signal.SIGTERM)
            code, reason = await client.end()
        async with asyncio.timeout(5):
            assert await started.wait() == 0
        assert time.monotonic() - told < 5
        assert (code, reason.partition("=")[0]) == (1012, "retry_after_ms")


def _memory_mb(pid: int) -> float:
    """Return the proportional set: pages shared with other processes count in part."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:  # noqa: PTH123 - the kernel's file
        line = next(line for line in rollup if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def test_no_heavy_library_is_loaded() -> None:
    """Importing the server brings in none of the libraries that make other processes large."""
    import subprocess  # noqa: PLC0415

    heavy = (
        "shapely",
        "numpy",
        "pyproj",
        "geoalchemy2",
        "fastapi",
        "pydantic",
        "alembic",
        "osmium",
        "rich",
        "structlog",
    )
    code = f"import web.stream.server, sys; print([m for m in {heavy!r} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
