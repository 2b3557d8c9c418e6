"""Counters of tries that API processes share; unlogged: a crash forgets them, as a restart always did."""

from __future__ import annotations

from alembic import op

revision = "0012_tries"
down_revision = "0011_resource_follows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE UNLOGGED TABLE tries (
            counter text NOT NULL,
            key_hash bytea NOT NULL,
            free double precision NOT NULL,
            was_free boolean NOT NULL,
            counted_at timestamptz NOT NULL,
            CONSTRAINT pk_tries PRIMARY KEY (counter, key_hash)
        )
        """
    )
    op.execute("CREATE INDEX ix_tries_counted_at ON tries (counted_at)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tries TO search_ops_app")
