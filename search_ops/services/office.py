"""Opening the office of a process: its database pool, its keys, its clock."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy.ext.asyncio import create_async_engine

from search_ops.persistence.embedded import Cluster
from search_ops.persistence.idle_check import check_idle_connections
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.migrate import sqlalchemy_url
from search_ops.persistence.secret_files import read_kek
from search_ops.persistence.unit_of_work import Office

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from search_ops.settings import Settings

# A caller waits at most this long for a connection, then gets an honest 503 (RELIABILITY rule 34).
POOL_SIZE: Final = 15
POOL_WAIT_S: Final = 5
_SESSION_OPTIONS: Final = (
    "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"
)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


@asynccontextmanager
async def open_office(configured: Settings) -> AsyncIterator[Office]:
    """Open the office that these settings describe; the pool is closed when the process ends."""
    url = configured.database_url or Cluster(configured.data_dir).urls().app_url
    engine = create_async_engine(
        sqlalchemy_url(url),
        pool_size=POOL_SIZE,
        max_overflow=0,  # a connection made for one request and closed costs more than the request
        pool_timeout=POOL_WAIT_S,
        hide_parameters=True,  # what people sent does not belong in logs
        json_serializer=_json,
        json_deserializer=orjson.loads,
        connect_args={"options": _SESSION_OPTIONS},
    )
    check_idle_connections(engine)  # the cluster may have been restarted under us
    try:
        yield Office(engine, Keyring(read_kek(configured.secrets_dir)), data_dir=configured.data_dir)
    finally:
        await engine.dispose()
