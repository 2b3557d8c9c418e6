"""Calls of a sound search: recorded at headquarters, taken back with a reason; figures follow by a job."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from uuid_utils.compat import uuid7

from search_ops.domain.events import wire_time
from search_ops.domain.evidence import method_of
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, Conflict
from search_ops.services.evidence_jobs import ask_weighing
from search_ops.services.scribe import Scribe, check_version, intend_in_operation, known
from search_ops.services.search_widths import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.call_wishes import CallsWish, CallsWithdrawal
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

_CLOCKS_APART: Final = timedelta(minutes=2)


async def record_calls(
    office: Office, principal: Principal, operation_id: UUID, wish: CallsWish
) -> dict[str, Any]:
    """Record calls that teams on sound tasks listened to.

    Returns
    -------
    dict
        ``{"calls_id", "job_id", "seq"}``.

    Raises
    ------
    BadInput
        ``unknown_task``, ``unknown_team``; ``calls_in_future`` with the number of the first such call.
    Conflict
        ``task_not_by_sound`` with the sector's label: calls mean nothing there.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        _check(scribe, operation_id, wish)
        calls_id = str(uuid7())
        payload = {
            "calls_id": calls_id,
            **wish.model_dump(mode="json", exclude={"command_id", "times", "task_ids"}),
            "task_ids": [str(task_id) for task_id in wish.task_ids],
            "times": sorted({wire_time(at) for at in wish.times}),
        }
        stored = scribe.write("sound_calls_recorded", HQ, payload)
        return {"calls_id": calls_id, "job_id": await _weigh(scribe, operation_id), "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="calls.record", decide=decide
    )


async def withdraw_calls(
    office: Office, principal: Principal, operation_id: UUID, calls_id: UUID, wish: CallsWithdrawal
) -> dict[str, Any]:
    """Take recorded calls back, with the reason.

    Returns
    -------
    dict
        ``{"calls_id", "job_id", "seq"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        check_version(known(scribe.stream, "sound_calls", calls_id), wish.base_version)
        payload = {"calls_id": str(calls_id), "reason": wish.reason}
        stored = scribe.write("sound_calls_withdrawn", HQ, payload)
        return {"calls_id": str(calls_id), "job_id": await _weigh(scribe, operation_id), "seq": stored.seq}

    about = {"calls_id": str(calls_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="calls.withdraw", decide=decide, about=about
    )


def _check(scribe: Scribe, operation_id: UUID, wish: CallsWish) -> None:
    if wish.team_id is not None and scribe.stream.get("teams", wish.team_id) is None:
        raise BadInput("unknown_team", where="team_id")
    latest = scribe.work.now + _CLOCKS_APART
    late = next((number for number, at in enumerate(wish.times, 1) if at > latest), None)
    if late is not None:
        raise BadInput("calls_in_future", where="times", number=late)
    entered = {
        str(task.task_id): task.method
        for task in settings_of(scribe.stream.get("search_widths", operation_id)).tasks
    }
    for task_id in wish.task_ids:
        task = scribe.stream.get("tasks", task_id)
        if task is None:
            raise BadInput("unknown_task", where="task_ids")
        told = method_of(f"{task.get('method') or ''} {task.get('text') or ''}")
        if (entered.get(str(task_id)) or told) != "sound":
            raise Conflict("task_not_by_sound", sector=str(task.get("sector_label") or "–"))


async def _weigh(scribe: Scribe, operation_id: UUID) -> str | None:
    """Weigh every task with calls again: one team's call may spoil the silence of another."""
    if scribe.stream.get("area", operation_id) is None:
        return None
    tasks = {task_id for _, record in scribe.stream.all("sound_calls") for task_id in record["task_ids"]}
    return str(await ask_weighing(scribe.work, scribe.principal, operation_id, task_ids=tasks, sector_ids=[]))
