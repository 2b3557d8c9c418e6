"""When a sheet is due: time is cut into slots of the agreed length, and every slot has one sheet. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

BOARD: Final[dict[str, str]] = {"type": "system", "id": "board"}
"""The doer of what the schedule writes."""


def slot_of(now: datetime, every_min: int) -> datetime:
    """Return the beginning of the slot that a moment lies in."""
    length_s = every_min * 60
    return datetime.fromtimestamp(int(now.timestamp()) // length_s * length_s, UTC)


def written_id(operation_id: UUID, slot_at: datetime) -> UUID:
    """Return the id of the event of a slot's sheet: whoever writes it and how often, it is one event."""
    return uuid5(operation_id, f"board written {slot_at.isoformat()}")


def printed_id(operation_id: UUID, slot_at: datetime) -> UUID:
    """Return the id of the event that tells how the printer took a slot's sheet."""
    return uuid5(operation_id, f"board printed {slot_at.isoformat()}")
