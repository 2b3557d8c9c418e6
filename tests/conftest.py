"""What every test may use: a private cluster per run, a fresh migrated database per test."""

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from search_ops.persistence.embedded import Cluster, DatabaseUrls

TEMPLATE = "search_ops_template"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return a running cluster of this test run with the roles made and a migrated template database.

    As root it lies where the database's user can go, which pytest's own temporary folders are not.
    """
    data_dir = Path(tempfile.mkdtemp(prefix="search-ops-test-"))
    data_dir.chmod(0o755)
    made = Cluster(data_dir, durable=False)
    try:
        made.start()
        made.bootstrap()
        made.make_database(TEMPLATE)
        _migrate(made.urls(TEMPLATE).owner_url)
        yield made
    finally:
        made.destroy()
        shutil.rmtree(data_dir, ignore_errors=True)


def _migrate(owner_url: str) -> None:
    if find_spec("search_ops.persistence.migrate") is None:
        return
    from search_ops.persistence.migrate import upgrade  # noqa: PLC0415 - absent in the first days of the house

    upgrade(owner_url)


@pytest.fixture
def database(cluster: Cluster) -> Iterator[DatabaseUrls]:
    """Return a database of this test alone: PostGIS, migrated, empty.

    Its ``owner_url``, ``app_url`` and ``stream_url`` are for psycopg; ``.sqlalchemy`` has the same for
    SQLAlchemy.
    """
    name = f"test_{secrets.token_hex(6)}"
    cluster.make_database(name, template=TEMPLATE)
    yield cluster.urls(name)
    cluster.drop_database(name)


@pytest.fixture
async def engine(database: DatabaseUrls) -> AsyncIterator[AsyncEngine]:
    """Return an engine in the application's role on a database of this test alone."""
    made = create_async_engine(database.sqlalchemy.app_url)
    yield made
    await made.dispose()
