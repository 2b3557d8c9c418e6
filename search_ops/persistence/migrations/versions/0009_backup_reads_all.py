"""The application may read every table and sequence, also later ones: a backup without one is none."""

from __future__ import annotations

from alembic import op

revision = "0009_backup_reads_all"
down_revision = "0008_transport"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for kind in ("TABLES", "SEQUENCES"):
        op.execute(f"GRANT SELECT ON ALL {kind} IN SCHEMA public TO search_ops_app")
        op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON {kind} TO search_ops_app")
