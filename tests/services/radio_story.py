"""Calls on the air, written into the radio log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.radio_wishes import RadioCorrectionWish, RadioEntryWish
from search_ops.services.radio_log import correct_radio, log_radio

if TYPE_CHECKING:
    from tests.services.conftest import Desk


async def heard(desk: Desk, category: str, text: str, **more: Any) -> UUID:
    """Write one call and return its entry."""
    said = {
        "command_id": uuid7(),
        "at": desk.office.clock(),
        "caller": "Лиса-1",
        "category": category,
        "text": text,
        **more,
    }
    wish = RadioEntryWish.model_validate(said)
    answer = await log_radio(desk.office, desk.me, desk.operation_id, wish)
    return UUID(answer["event_id"])


async def corrected(desk: Desk, entry_id: UUID, text: str) -> None:
    """Write what an entry should have said."""
    wish = RadioCorrectionWish(command_id=uuid7(), text=text)
    await correct_radio(desk.office, desk.me, desk.operation_id, entry_id, wish)


async def hear_and_correct(desk: Desk, team_id: UUID) -> None:
    """Hear a team and correct what was written."""
    entry_id = await heard(desk, "position", "Стоим на 52.0101 104.0101", team_id=team_id)
    await corrected(desk, entry_id, "Стоим на 52.0110 104.0101")
