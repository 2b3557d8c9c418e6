"""Tracks and what they prove."""

from __future__ import annotations

revision = "0005_tracks"
down_revision = "0004_relief"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Hold the place: the tables come with the code that uses them, before any release."""
