"""The clocks of a task: when the team is back, how often it reports."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.clock_wishes import TaskClocksWish
from search_ops.domain.rights import Right
from search_ops.services import clocks
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.desk import TaskGiven

router = APIRouter(route_class=GuardedRoute, tags=["tasks"])


@router.post("/api/operations/{operation_id}/tasks/{task_id}/clocks", response_model=TaskGiven)
async def post_task_clocks(
    body: TaskClocksWish,
    task_id: Id,
    caller: Annotated[Caller, in_operation(Right.TASK_MOVE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Agree with a team on another due time or interval of contact."""
    return await clocks.set_task_clocks(office, caller.principal, caller.place_id, task_id, body)
