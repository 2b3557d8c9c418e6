"""Asking a pooled connection whether it is alive, when it has lain idle for so long that it may not be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

_FRESH_S: Final = 1.0
_USED: Final = "used_s"


def check_idle_connections(engine: AsyncEngine) -> None:
    """Let the pool test what was not used for a second; what has just answered is not asked again.

    Asking every time (`pool_pre_ping`) is a round trip more for each request. A database that was restarted
    within that second answers one request with 503: phones send it again, a desk is told to.
    """
    dialect = engine.dialect

    def note(_: Any, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    def ask(connection: Any, record: Any, _: Any) -> None:
        if time.monotonic() - record.info[_USED] <= _FRESH_S:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as dead:
            raise InvalidatePoolError from dead

    pool = engine.sync_engine.pool
    event.listen(pool, "connect", note)
    event.listen(pool, "checkin", note)
    event.listen(pool, "checkout", ask)
