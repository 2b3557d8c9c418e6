"""Calls of a sound search, recorded at headquarters."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.call_wishes import CallsWish, CallsWithdrawal
from search_ops.domain.rights import Right
from search_ops.services import sound_calls
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.evidence import CallsRecorded

router = APIRouter(route_class=GuardedRoute, tags=["evidence"])

_O = "/api/operations/{operation_id}"


@router.post(_O + "/sound-calls", response_model=CallsRecorded)
async def post_calls(
    body: CallsWish, caller: Annotated[Caller, in_operation(Right.CALLS_RECORD)], office: OfficeDep
) -> dict[str, Any]:
    """Record calls that teams on sound tasks listened to; what they prove is weighed again."""
    return await sound_calls.record_calls(office, caller.principal, caller.place_id, body)


@router.post(_O + "/sound-calls/{calls_id}/withdrawal", response_model=CallsRecorded)
async def post_withdrawal(
    body: CallsWithdrawal,
    calls_id: Id,
    caller: Annotated[Caller, in_operation(Right.CALLS_RECORD)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Take back calls that were recorded wrongly."""
    return await sound_calls.withdraw_calls(office, caller.principal, caller.place_id, calls_id, body)
