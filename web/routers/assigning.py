"""Plans of a shift: asked for, read, given out; ranks and locks by hand; prepared tasks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from search_ops.domain.assignment_wishes import AcceptanceWish, AssignmentWish, PairLockWish, SectorRankWish
from search_ops.domain.rights import Right
from search_ops.domain.visibility import require_headquarters
from search_ops.domain.wishes import Change
from search_ops.services import assigning, assigning_acceptance
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.assigning import (
    Assignment,
    AssignmentAccepted,
    AssignmentAsked,
    PairLocked,
    SectorRanked,
)
from web.schemas.base import Id
from web.schemas.desk import TaskGiven

router = APIRouter(route_class=GuardedRoute, tags=["assigning"])

_O = "/api/operations/{operation_id}"
Giving = Annotated[Caller, in_operation(Right.TASK_GIVE)]


@router.post(_O + "/assignments", status_code=202, response_model=AssignmentAsked)
async def post_assignment(body: AssignmentWish, caller: Giving, office: OfficeDep) -> dict[str, Any]:
    """Ask for a plan: a first good answer soon, better ones after it."""
    return await assigning.ask_assignment(office, caller.principal, caller.place_id, body)


@router.get(_O + "/assignment", response_model=Assignment)
async def get_assignment(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)],
    office: OfficeDep,
    assignment_id: Annotated[Id | None, Query()] = None,
) -> dict[str, Any]:
    """Return a plan; the newest by default."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        require_headquarters(classes)
        return await assigning.read_assignment(connection, caller.place_id, assignment_id)

    return await protected_read(office, caller.principal, caller.place, "assignment", read)


@router.post(_O + "/assignments/{assignment_id}/acceptance", response_model=AssignmentAccepted)
async def post_acceptance(
    body: AcceptanceWish, assignment_id: Id, caller: Giving, office: OfficeDep
) -> dict[str, Any]:
    """Give a plan out; 409 `assignment_stale` names in `lines` what no longer stands."""
    return await assigning_acceptance.accept_assignment(
        office, caller.principal, caller.place_id, assignment_id, body
    )


@router.put(_O + "/sectors/{sector_id}/rank", response_model=SectorRanked)
async def put_rank(
    body: SectorRankWish,
    sector_id: Id,
    caller: Annotated[Caller, in_operation(Right.PROBABILITY_SET)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Say how urgent a sector is and which kinds of team it needs."""
    return await assigning.rank_sector(office, caller.principal, caller.place_id, sector_id, body)


@router.post(_O + "/pair-locks", response_model=PairLocked)
async def post_lock(body: PairLockWish, caller: Giving, office: OfficeDep) -> dict[str, Any]:
    """Hold a sector for a team, keep the team away from it, or neither."""
    return await assigning.lock_pair(office, caller.principal, caller.place_id, body)


@router.post(_O + "/tasks/{task_id}/issue", response_model=TaskGiven)
async def post_issue(body: Change, task_id: Id, caller: Giving, office: OfficeDep) -> dict[str, Any]:
    """Give a prepared task to its team; 409 `sector_taken` names who has the sector."""
    return await assigning.issue_task(office, caller.principal, caller.place_id, task_id, body)
