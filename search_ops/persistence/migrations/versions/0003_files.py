"""Kept files, and jobs that say their step and can be cancelled."""

from __future__ import annotations

from alembic import op

revision = "0003_files"
down_revision = "0002_ground"
branch_labels = None
depends_on = None

_TABLES = """
ALTER TABLE job_progress ADD COLUMN step text;
ALTER TABLE job_progress ADD COLUMN cancel_asked boolean NOT NULL DEFAULT false;
CREATE TABLE kept_file (
    file_id uuid NOT NULL CONSTRAINT pk_kept_file PRIMARY KEY,
    operation_id uuid NOT NULL,
    name text NOT NULL,
    media_type text NOT NULL,
    purpose text NOT NULL,
    sha256 bytea NOT NULL,
    size_bytes bigint NOT NULL,
    kept_by uuid,
    kept_at timestamptz NOT NULL
);
CREATE INDEX ix_kept_file_operation_id ON kept_file (operation_id);
CREATE TABLE kept_file_piece (
    file_id uuid NOT NULL CONSTRAINT fk_kept_file_piece_file_id_kept_file
        REFERENCES kept_file (file_id) ON DELETE CASCADE,
    number integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT pk_kept_file_piece PRIMARY KEY (file_id, number)
);
ALTER TABLE kept_file_piece ALTER COLUMN content SET STORAGE EXTERNAL;
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_file, kept_file_piece TO search_ops_app;
"""


def upgrade() -> None:
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor:
        cursor.execute(_TABLES)
