"""What every test may use: a private cluster per run, a fresh migrated database per test."""

import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from search_ops.persistence.cluster_databases import drop_databases, make_database, make_roles
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.migrate import upgrade

TEMPLATE = "search_ops_template"
# What tests make fail on purpose is logged plainly: a decorated traceback costs more than the failure.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]
)
DROPPED_AT_ONCE = 10
MEMORY, MEMORY_BYTES = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - a folder of a name of our own is made in it


def _cluster_folder() -> Path:
    """Return a folder in memory where there is enough: each of a thousand databases is hundreds of files.

    As root it lies where the database's user can go, which pytest's own temporary folders are not.
    """
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= MEMORY_BYTES
    folder = Path(tempfile.mkdtemp(prefix="search-ops-test-", dir=MEMORY if is_roomy else None))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Return a running cluster of this test run with the roles made and a migrated template database."""
    data_dir = _cluster_folder()
    made = Cluster(data_dir, durable=False)
    try:
        made.start()
        make_roles(made)
        make_database(made, TEMPLATE)
        upgrade(made.urls(TEMPLATE).owner_url)
        yield made
    finally:
        made.destroy()
        shutil.rmtree(data_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def used_databases() -> list[str]:
    """Return the names of databases to be dropped: ten at once cost little more than one."""
    return []


@pytest.fixture
def database(cluster: Cluster, used_databases: list[str]) -> Iterator[DatabaseUrls]:
    """Return a database of this test alone: PostGIS, migrated, empty.

    Its ``owner_url``, ``app_url`` and ``stream_url`` are for psycopg; ``.sqlalchemy`` has the same for
    SQLAlchemy.
    """
    yield from copied_database(cluster, used_databases, TEMPLATE)


def copied_database(cluster: Cluster, used_databases: list[str], template: str) -> Iterator[DatabaseUrls]:
    """Give a copy of a template while the test runs; it is dropped with others."""
    name = f"test_{secrets.token_hex(6)}"
    make_database(cluster, name, template=template)
    yield cluster.urls(name)
    used_databases.append(name)
    if len(used_databases) >= DROPPED_AT_ONCE:
        drop_databases(cluster, used_databases)
        used_databases.clear()


@pytest.fixture
async def engine(database: DatabaseUrls) -> AsyncIterator[AsyncEngine]:
    """Return an engine in the application's role on a database of this test alone."""
    made = create_async_engine(database.sqlalchemy.app_url)
    yield made
    await made.dispose()
