"""Calls of a sound search, recorded for the tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.call_wishes import CallsWish, CallsWithdrawal
from search_ops.domain.evidence_wishes import SearchWidths, WidthsWish
from search_ops.services.evidence import set_widths
from search_ops.services.sound_calls import record_calls, withdraw_calls

if TYPE_CHECKING:
    from datetime import datetime

    from tests.services.conftest import Desk


async def called(desk: Desk, task_ids: list[UUID], times: list[datetime], **more: Any) -> UUID:
    """Record calls and return their id."""
    wish = CallsWish(command_id=uuid7(), task_ids=task_ids, times=times, **{"signal": "whistle", **more})
    answer = await record_calls(desk.office, desk.me, desk.operation_id, wish)
    return UUID(answer["calls_id"])


async def taken_back(desk: Desk, calls_id: UUID, reason: str = "Другая задача") -> None:
    """Take recorded calls back."""
    seen = await desk.version("sound_calls", calls_id)
    wish = CallsWithdrawal(command_id=uuid7(), base_version=seen, reason=reason)
    await withdraw_calls(desk.office, desk.me, desk.operation_id, calls_id, wish)


async def call_and_take_back(desk: Desk, task_id: UUID) -> None:
    """Let a task count as a sound search, record a call for it and take it back."""
    settings = SearchWidths.model_validate({"tasks": [{"task_id": task_id, "method": "sound"}]})
    wish = WidthsWish(command_id=uuid7(), settings=settings)
    await set_widths(desk.office, desk.me, desk.operation_id, wish)
    now = desk.office.clock()
    await taken_back(desk, await called(desk, [task_id], [now - timedelta(minutes=10)]))
