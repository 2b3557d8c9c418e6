"""Waiting for a stream to grow without holding a database connection: one question for all who wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Final, Self

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from search_ops.errors import TooMany
from search_ops.persistence.tables import stream

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.ext.asyncio import AsyncEngine

log = structlog.get_logger()

POLL_S: Final = 0.25
MOST_WAITERS: Final = 500
RETRY_AFTER_S: Final = 5
_HEADS: Final = select(stream.c.stream_id, stream.c.head).where(
    stream.c.stream_id.in_(bindparam("wanted", expanding=True))
)


class LogWatch:
    """Looks every quarter of a second at the heads of those streams that somebody waits for.

    Parameters
    ----------
    engine : AsyncEngine
        One connection is borrowed for each look, none while nobody waits.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiters: Counter[str] = Counter()
        self._heads: dict[str, int] = {}
        self._looked = asyncio.Condition()
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._look_on())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def beyond(self, stream_id: str, after: int, wait_s: float) -> None:
        """Return when the stream has a number above `after`, or when the time is over.

        Raises
        ------
        TooMany
            So many wait already that one more would be a risk for all.
        """
        if self._waiters.total() >= MOST_WAITERS:
            raise TooMany("too_many_waiting", retry_after_s=RETRY_AFTER_S)
        self._waiters[stream_id] += 1
        self._wanted.set()
        try:
            async with asyncio.timeout(wait_s), self._looked:
                await self._looked.wait_for(lambda: self._heads.get(stream_id, 0) > after)
        except TimeoutError:
            return
        finally:
            self._waiters[stream_id] -= 1
            self._waiters += Counter()  # drops those at zero
            if not self._waiters:
                self._wanted.clear()

    async def _look_on(self) -> None:
        while True:
            await self._wanted.wait()
            try:
                await self._look()
            except (SQLAlchemyError, OSError) as error:
                log.warning("cannot look at the streams now", fault=type(error).__name__)
            await asyncio.sleep(POLL_S)

    async def _look(self) -> None:
        async with self._engine.connect() as connection:
            rows = await connection.execute(_HEADS, {"wanted": list(self._waiters)})
            heads = {row.stream_id: row.head for row in rows}
        async with self._looked:
            self._heads = heads
            self._looked.notify_all()
