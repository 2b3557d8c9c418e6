"""The fold of clocks: the times of a task, and the alarms that were raised when one ran out."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

_ALARM: Final = "payload.alarm_id"

CLOCK_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "task_clocks_set": (Put("tasks", "payload.task_id", take=("due_at", "contact_every_min")),),
    "clock_alarm_raised": (
        Put(
            "clock_alarms",
            _ALARM,
            take=(
                "what",
                "team_id",
                "task_id",
                "participant_id",
                "since",
                "heard_at",
                "device_at",
                "battery_pct",
                "step",
            ),
            fields={"state": "=open", "raised_at": "at"},
        ),
    ),
    "clock_alarm_stepped": (
        Put("clock_alarms", _ALARM, take=("step",), fields={"state": "=open", "stepped_at": "at"}),
    ),
    "clock_alarm_taken": (
        Put("clock_alarms", _ALARM, take=("by_name",), fields={"state": "=taken", "taken_at": "at"}),
    ),
    "clock_alarm_over": (
        Put("clock_alarms", _ALARM, take=("cause",), fields={"state": "=over", "over_at": "at"}),
    ),
}
