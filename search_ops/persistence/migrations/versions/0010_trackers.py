"""Trackers: whose device it is in which search, under a token of which only the hash is kept."""

from __future__ import annotations

from alembic import op

revision = "0010_trackers"
down_revision = "0009_backup_reads_all"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tracker (
    tracker_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    operation_id uuid NOT NULL,
    participant_id uuid NOT NULL,
    bound_at timestamptz NOT NULL,
    unbound_at timestamptz,
    heard_at timestamptz,
    battery double precision,
    dropped bigint NOT NULL DEFAULT 0,
    malformed bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_tracker PRIMARY KEY (tracker_id),
    CONSTRAINT uq_tracker_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_tracker_operation_id ON tracker (operation_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON tracker TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_TABLES)
