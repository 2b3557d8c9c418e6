"""Grids as each region is used to them."""

from __future__ import annotations

from alembic import op

revision = "0006_region_grid"
down_revision = "0005_tracks"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE region_grid (
    region text NOT NULL,
    settings jsonb NOT NULL,
    set_at timestamptz NOT NULL,
    CONSTRAINT pk_region_grid PRIMARY KEY (region)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON region_grid TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_TABLES)
