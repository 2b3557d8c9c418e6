"""Tracks and what they prove."""

from __future__ import annotations

from alembic import op

revision = "0005_tracks"
down_revision = "0004_relief"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE track (
    operation_id uuid NOT NULL,
    track_id uuid NOT NULL,
    sha256 bytea NOT NULL,
    n integer NOT NULL,
    fixes bytea NOT NULL,
    shown bytea NOT NULL,
    kept_at timestamptz NOT NULL,
    CONSTRAINT pk_track PRIMARY KEY (operation_id, track_id),
    CONSTRAINT uq_track_operation_id_sha256 UNIQUE (operation_id, sha256)
);
ALTER TABLE track ALTER COLUMN fixes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, DELETE ON track TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_TABLES)
