"""Positions of participants."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.services.positions import Fix, take_positions
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.field import PositionsBody, TakenAnswer

router = APIRouter(route_class=GuardedRoute, tags=["positions"])


@router.post("/api/operations/{operation_id}/positions", response_model=TakenAnswer)
async def post_positions(
    body: PositionsBody, caller: Annotated[Caller, in_operation(Right.POSITION_SEND)], office: OfficeDep
) -> dict[str, Any]:
    """Keep a chunk of positions of the sender's device."""
    fixes = [Fix(**fix.model_dump()) for fix in body.positions]
    taken = await take_positions(office, caller.principal, caller.place_id, body.device_id, fixes)
    return asdict(taken)
