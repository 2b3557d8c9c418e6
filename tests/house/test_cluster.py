"""The private cluster: made, started, cloned, killed, found again."""

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from search_ops.persistence.embedded import APP, DatabaseUrls


def test_fresh_database_has_postgis_and_belongs_to_the_owner_role(database: DatabaseUrls) -> None:
    """A test's database is ours to migrate, and PostGIS is there already."""
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute("SELECT current_user, postgis_lib_version()").fetchone()
    assert row is not None
    assert row[0] == "search_ops_owner"
    assert row[1] >= "3"


async def test_engine_works_in_the_role_of_the_application(engine: AsyncEngine) -> None:
    """The shared engine speaks as the application, not as owner."""
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT current_user"))).scalar_one() == APP
        assert (await connection.execute(text("SELECT lower('ЛИСА')"))).scalar_one() == "лиса"
