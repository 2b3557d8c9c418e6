"""A clock of a team runs out, somebody takes the alarm, it climbs, and the team is heard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.clock_wishes import TaskClocksWish
from search_ops.domain.wishes import AlarmTaken
from search_ops.services.clocks import check_clocks, set_task_clocks
from search_ops.services.reports import EnteredReport, enter_report
from search_ops.services.tasking import take_alarm

if TYPE_CHECKING:
    from datetime import datetime

    from tests.services.conftest import Desk


async def agree(desk: Desk, task_id: UUID, due_at: datetime | None, every_min: int | None) -> None:
    """Agree on the clocks of a task."""
    wish = TaskClocksWish(
        command_id=uuid7(),
        base_version=await desk.version("tasks", task_id),
        due_at=due_at,
        contact_every_min=every_min,
    )
    await set_task_clocks(desk.office, desk.me, desk.operation_id, task_id, wish)


async def take(desk: Desk, alarm_id: str | UUID) -> None:
    """Take an alarm."""
    wish = AlarmTaken(command_id=uuid7())
    await take_alarm(desk.office, desk.me, desk.operation_id, UUID(str(alarm_id)), wish)


async def say(desk: Desk, team_id: str | UUID, *, at: datetime | None = None, source: str = "radio") -> None:
    """Enter «всё в порядке» of a team."""
    payload = {"word": "all_well", "team_id": str(team_id), "source": source}
    report = EnteredReport(uuid7(), "check_in", at or desk.office.clock(), payload)
    await enter_report(desk.office, desk.me, desk.operation_id, report)


async def run_out_and_answer(desk: Desk) -> None:
    """Let the due time of a task in the ground pass, take the alarm, let it climb, agree anew."""
    tasks = (await desk.state())["tasks"]
    task_id = next(UUID(key) for key, task in tasks.items() if task["state"] == "on_task")
    real, begun = desk.office.clock, desk.office.clock()
    await agree(desk, task_id, begun, None)
    await check_clocks(desk.office, desk.operation_id)
    await take(desk, next(iter((await desk.state())["clock_alarms"])))
    desk.office.clock = lambda: begun + timedelta(minutes=6)
    await check_clocks(desk.office, desk.operation_id)
    await agree(desk, task_id, begun + timedelta(hours=3), 60)
    await check_clocks(desk.office, desk.operation_id)
    desk.office.clock = real
