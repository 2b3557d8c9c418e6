"""The schema that migrations make is the one the code works with."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Table, create_engine
from sqlalchemy.schema import SchemaItem

from search_ops.persistence import transport_tables
from search_ops.persistence.embedded import DatabaseUrls
from search_ops.persistence.migrate import levels, upgrade
from search_ops.persistence.tables import metadata

pytestmark = pytest.mark.postgres


def ours(item: SchemaItem, name: str | None, kind: str, reflected: bool, other: SchemaItem | None) -> bool:  # noqa: FBT001 - Alembic's signature
    """Leave out what others own: PostGIS, the job queue, the ground (its SQL is written by hand)."""
    del reflected, other
    table = name if isinstance(item, Table) else getattr(getattr(item, "table", None), "name", None)
    return kind not in {"table", "index"} or table in metadata.tables or name in metadata.tables


def test_migrations_and_tables_agree(database: DatabaseUrls) -> None:
    """Nothing differs between the migrated database and the tables of the code."""
    engine = create_engine(database.sqlalchemy.owner_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert transport_tables.transport_place.metadata is metadata
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(database: DatabaseUrls) -> None:
    """A start on a current database finds it current."""
    upgrade(database.owner_url)
    current, newest = levels(database.owner_url)
    assert current == newest
