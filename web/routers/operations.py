"""Reading operations: list, head, snapshot, tray, last positions."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.services import reading
from web.deps import Caller, GuardedRoute, OfficeDep, SignedIn, in_operation
from web.schemas.reading import (
    OperationAnswer,
    OperationHeadAnswer,
    PositionsAnswer,
    QuarantineAnswer,
)

router = APIRouter(route_class=GuardedRoute, tags=["operations"])


@router.get("/api/operations", response_model=list[OperationAnswer])
async def get_operations(principal: SignedIn, office: OfficeDep) -> list[dict[str, Any]]:
    """Return the operations that the caller may read, newest first."""
    return await reading.list_operations(office, principal)


@router.get("/api/operations/{operation_id}", response_model=OperationHeadAnswer)
async def get_operation(
    caller: Annotated[Caller, in_operation(Right.OPERATION_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return one operation with the caller's rights and classes in it."""
    return await reading.read_operation(office, caller.principal, caller.place)


@router.get("/api/operations/{operation_id}/positions", response_model=PositionsAnswer)
async def get_positions(
    caller: Annotated[Caller, in_operation(Right.POSITION_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return the last position of every participant."""
    return {"positions": await reading.read_positions(office, caller.principal, caller.place)}


@router.get("/api/operations/{operation_id}/quarantine", response_model=QuarantineAnswer)
async def get_quarantine(
    caller: Annotated[Caller, in_operation(Right.QUARANTINE_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return what came but could not be filed as it is."""
    return await reading.read_quarantine(office, caller.principal, caller.place)
