"""Tasks, alarms, and the state of the search: СТОП, briefing, closing, join code."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.wishes import (
    AlarmClosed,
    AlarmTaken,
    BriefingWish,
    ClosingWish,
    StateWish,
    TaskStateWish,
    TaskWish,
    Wish,
)
from search_ops.services import closing, tasking
from search_ops.services.join_codes import read_join_card, rotate_code
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, SettingsDep, in_operation
from web.schemas.base import Id
from web.schemas.desk import (
    AlarmMoved,
    Done,
    JoinCard,
    NotHomeList,
    StateSet,
    TaskGiven,
    TaskMoved,
)

router = APIRouter(route_class=GuardedRoute, tags=["tasking"])


@router.post("/api/operations/{operation_id}/tasks", status_code=201, response_model=TaskGiven)
async def post_task(
    body: TaskWish, caller: Annotated[Caller, in_operation(Right.TASK_GIVE)], office: OfficeDep
) -> dict[str, Any]:
    """Give a sector to a team; 409 `sector_taken` names who was faster in `held_by`."""
    return await tasking.give_task(office, caller.principal, caller.place_id, body)


@router.post("/api/operations/{operation_id}/tasks/{task_id}/state", response_model=TaskMoved)
async def post_task_state(
    body: TaskStateWish,
    task_id: Id,
    caller: Annotated[Caller, in_operation(Right.TASK_MOVE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Move a task."""
    return await tasking.move_task(office, caller.principal, caller.place_id, task_id, body)


@router.post("/api/operations/{operation_id}/alarms/{alarm_id}/taken", response_model=AlarmMoved)
async def post_alarm_taken(
    body: AlarmTaken,
    alarm_id: Id,
    caller: Annotated[Caller, in_operation(Right.ALARM_TAKE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Take an alarm."""
    return await tasking.take_alarm(office, caller.principal, caller.place_id, alarm_id, body)


@router.post("/api/operations/{operation_id}/alarms/{alarm_id}/closed", response_model=AlarmMoved)
async def post_alarm_closed(
    body: AlarmClosed,
    alarm_id: Id,
    caller: Annotated[Caller, in_operation(Right.ALARM_TAKE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Close an alarm with a reason."""
    return await tasking.close_alarm(office, caller.principal, caller.place_id, alarm_id, body)


@router.post("/api/operations/{operation_id}/state", response_model=StateSet)
async def post_state(
    body: StateWish, caller: Annotated[Caller, in_operation(Right.OPERATION_STATE)], office: OfficeDep
) -> dict[str, Any]:
    """Call СТОП, resume, suspend or reopen."""
    return await closing.set_state(office, caller.principal, caller.place_id, body)


@router.get("/api/operations/{operation_id}/not-home", response_model=NotHomeList)
async def get_not_home(
    caller: Annotated[Caller, in_operation(Right.PARTICIPANT_MOVE)], office: OfficeDep
) -> dict[str, Any]:
    """List everybody who is not home."""

    async def read(connection: Any, _: Any) -> list[dict[str, Any]]:
        return await closing.list_not_home(office, connection, caller.place_id)

    return {"participants": await protected_read(office, caller.principal, caller.place, "not_home", read)}


@router.post("/api/operations/{operation_id}/closing", response_model=StateSet)
async def post_closing(
    body: ClosingWish, caller: Annotated[Caller, in_operation(Right.OPERATION_CLOSE)], office: OfficeDep
) -> dict[str, Any]:
    """Close the search; 409 `not_everyone_home` names who is missing, unless a reason is given."""
    return await closing.close_operation(office, caller.principal, caller.place_id, body)


@router.post("/api/operations/{operation_id}/briefing", status_code=201, response_model=Done)
async def post_briefing(
    body: BriefingWish, caller: Annotated[Caller, in_operation(Right.BRIEFING_RELEASE)], office: OfficeDep
) -> dict[str, Any]:
    """Release the briefing to everybody on the search."""
    return await closing.release_briefing(office, caller.principal, caller.place_id, body)


@router.get("/api/operations/{operation_id}/join-code", response_model=JoinCard)
async def get_join_code(
    caller: Annotated[Caller, in_operation(Right.JOIN_CODE)], office: OfficeDep, configured: SettingsDep
) -> dict[str, Any]:
    """Return the code that lets people in, with its QR picture."""
    return await read_join_card(office, caller.place_id, configured.public_url)


@router.post("/api/operations/{operation_id}/join-code", status_code=201, response_model=JoinCard)
async def post_join_code(
    body: Wish,
    caller: Annotated[Caller, in_operation(Right.JOIN_CODE)],
    office: OfficeDep,
    configured: SettingsDep,
) -> dict[str, Any]:
    """Withdraw the code and make another."""
    return await rotate_code(office, caller.principal, caller.place_id, body, configured.public_url)
