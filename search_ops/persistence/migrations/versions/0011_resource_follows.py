"""What class of way a vehicle takes, and which movement the state of a resource follows."""

from __future__ import annotations

from alembic import op

revision = "0011_resource_follows"
down_revision = "0010_trackers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE transport_resource ADD COLUMN vehicle_class text, ADD COLUMN follows_movement uuid"
    )
