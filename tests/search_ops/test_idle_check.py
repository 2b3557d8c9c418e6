"""A database that was restarted under us is noticed before a request is given a dead connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import create_async_engine

from search_ops.persistence import idle_check
from search_ops.persistence.idle_check import check_idle_connections

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from search_ops.persistence.embedded import DatabaseUrls

pytestmark = pytest.mark.postgres

_END = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid")


async def served_by(engine: AsyncEngine) -> int:
    """Ask something and return which backend answered."""
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one())


async def kill(database: DatabaseUrls, pid: int) -> None:
    engine = create_async_engine(database.sqlalchemy.app_url)
    async with engine.connect() as connection:
        await connection.execute(_END, {"pid": pid})
    await engine.dispose()


async def test_what_died_while_idle_is_replaced(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that was not used for a while is asked first: nobody notices that it was dead."""
    monkeypatch.setattr(idle_check, "_FRESH_S", -1.0)
    engine = create_async_engine(database.sqlalchemy.app_url, pool_size=1, max_overflow=0)
    check_idle_connections(engine)
    first = await served_by(engine)
    assert await served_by(engine) == first
    await kill(database, first)
    assert await served_by(engine) != first
    await engine.dispose()


async def test_what_died_just_now_costs_one_request(
    database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection used within the second is trusted: one request fails, the next is served."""
    monkeypatch.setattr(idle_check, "_FRESH_S", 3600.0)
    engine = create_async_engine(database.sqlalchemy.app_url, pool_size=1, max_overflow=0)
    check_idle_connections(engine)
    first = await served_by(engine)
    await kill(database, first)
    with pytest.raises(OperationalError):
        await served_by(engine)
    assert await served_by(engine) != first
    await engine.dispose()
