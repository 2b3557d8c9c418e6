"""Everything a phone can report, headquarters can enter for a team or a person."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.services.reports import EnteredReport, enter_report
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.reports import EnteredReportAnswer, EnteredReportBody

router = APIRouter(route_class=GuardedRoute, tags=["reports"])


@router.post("/api/operations/{operation_id}/reports", status_code=201, response_model=EnteredReportAnswer)
async def post_report(
    body: EnteredReportBody, caller: Annotated[Caller, in_operation(Right.REPORT_ENTER)], office: OfficeDep
) -> dict[str, Any]:
    """File what somebody said by radio, call, paper or in person, at the time it happened."""
    entered = EnteredReport(body.command_id, body.kind, body.at, body.payload())
    return await enter_report(office, caller.principal, caller.place_id, entered)
