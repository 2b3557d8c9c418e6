"""The demo extract, imported once for the tests that only read it."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from search_ops.importing.osm import ImportReport, import_osm
from search_ops.persistence.cluster_databases import make_database
from search_ops.persistence.embedded import Cluster, DatabaseUrls

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ground"
LIECHTENSTEIN = FIXTURES / "liechtenstein-2013-08-03.osm.pbf"
GROUND_TEMPLATE = "ground_template"


@pytest.fixture(scope="session")
def liechtenstein() -> Path:
    """Return the extract that the demo search stands on."""
    return LIECHTENSTEIN


@pytest.fixture(scope="session")
def imported(cluster: Cluster) -> tuple[DatabaseUrls, ImportReport]:
    """Return a database with the extract in it, and the report of its import. For reading only."""
    make_database(cluster, GROUND_TEMPLATE, template="search_ops_template")
    urls = cluster.urls(GROUND_TEMPLATE)
    return urls, import_osm(LIECHTENSTEIN, urls.owner_url)


@pytest.fixture
def ground_rows(
    imported: tuple[DatabaseUrls, ImportReport],
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Return a connection in the application's role to the imported extract."""
    with psycopg.connect(imported[0].app_url) as connection:
        yield connection


@pytest.fixture
async def ground_engine(imported: tuple[DatabaseUrls, ImportReport]) -> AsyncIterator[AsyncEngine]:
    """Return an engine in the application's role on the imported extract."""
    engine = create_async_engine(imported[0].sqlalchemy.app_url)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="session")
def trial_osm() -> Path:
    """Return the folder of trial extracts; they are not part of this repository."""
    folder = os.environ.get("SEARCH_OPS_TRIAL_DATA")
    if not folder or not (Path(folder) / "1-osm").is_dir():
        pytest.skip("SEARCH_OPS_TRIAL_DATA names no folder of trial data")
    return Path(folder) / "1-osm"
