"""The radio log: what was heard on the air, and corrections of it."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.radio_wishes import RadioCorrectionWish, RadioEntryWish
from search_ops.domain.rights import Right
from search_ops.services import radio_log
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.reports import EnteredReportAnswer

router = APIRouter(route_class=GuardedRoute, tags=["reports"])

_O = "/api/operations/{operation_id}"


@router.post(_O + "/radio-log", status_code=201, response_model=EnteredReportAnswer)
async def post_entry(
    body: RadioEntryWish, caller: Annotated[Caller, in_operation(Right.REPORT_ENTER)], office: OfficeDep
) -> dict[str, Any]:
    """Write what was heard, at the time it was heard."""
    return await radio_log.log_radio(office, caller.principal, caller.place_id, body)


@router.post(_O + "/radio-log/{entry_id}/corrections", status_code=201, response_model=EnteredReportAnswer)
async def post_correction(
    body: RadioCorrectionWish,
    entry_id: Id,
    caller: Annotated[Caller, in_operation(Right.REPORT_ENTER)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Write beside an entry what it should have said; the entry stays."""
    return await radio_log.correct_radio(office, caller.principal, caller.place_id, entry_id, body)
