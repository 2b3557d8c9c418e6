"""Who set a region's grid last, and a version, so that two who set it at once do not overwrite each other."""

from __future__ import annotations

from alembic import op

revision = "0007_region_grid_version"
down_revision = "0006_region_grid"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE region_grid
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN set_by uuid;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_COLUMNS)
