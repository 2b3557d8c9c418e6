"""Cases: opening with three fields, completing, confirmation, and the searches opened from them."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.wishes import (
    CaseWish,
    CircumstancesChange,
    ConfirmationWish,
    OperationWish,
    SubjectChange,
    SubjectWish,
)
from search_ops.services import cases
from search_ops.services.case_list import list_cases
from web.deps import Caller, GuardedRoute, OfficeDep, at_installation, in_case
from web.schemas.base import Id
from web.schemas.desk import (
    CaseConfirmed,
    CaseList,
    CaseOpened,
    Done,
    OperationOpened,
    SubjectDescribed,
)

router = APIRouter(route_class=GuardedRoute, tags=["cases"])


@router.get("/api/cases", response_model=CaseList)
async def get_cases(
    caller: Annotated[Caller, at_installation(Right.CASE_LIST)], office: OfficeDep
) -> dict[str, Any]:
    """List the cases the caller may read, newest first."""
    return {"cases": await list_cases(office, caller.principal)}


@router.post("/api/cases", status_code=201, response_model=CaseOpened)
async def post_case(
    body: CaseWish, caller: Annotated[Caller, at_installation(Right.CASE_OPEN)], office: OfficeDep
) -> dict[str, Any]:
    """Open a case; who, where and when may each be null, which says unknown."""
    return await cases.open_case(office, caller.principal, body)


@router.post("/api/cases/{case_id}/subjects", status_code=201, response_model=SubjectDescribed)
async def post_subject(
    body: SubjectWish, caller: Annotated[Caller, in_case(Right.CASE_COMPLETE)], office: OfficeDep
) -> dict[str, Any]:
    """Add one more missing person."""
    return await cases.add_subject(office, caller.principal, caller.place_id, body)


@router.patch("/api/cases/{case_id}/subjects/{subject_id}", response_model=SubjectDescribed)
async def patch_subject(
    body: SubjectChange,
    subject_id: Id,
    caller: Annotated[Caller, in_case(Right.CASE_COMPLETE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Complete what is known of a person; only the named fields change."""
    return await cases.change_subject(office, caller.principal, caller.place_id, subject_id, body)


@router.patch("/api/cases/{case_id}/circumstances", response_model=Done)
async def patch_circumstances(
    body: CircumstancesChange, caller: Annotated[Caller, in_case(Right.CASE_COMPLETE)], office: OfficeDep
) -> dict[str, Any]:
    """Complete the circumstances; only the named fields change."""
    return await cases.change_circumstances(office, caller.principal, caller.place_id, body)


@router.post("/api/cases/{case_id}/confirmation", status_code=201, response_model=CaseConfirmed)
async def post_confirmation(
    body: ConfirmationWish, caller: Annotated[Caller, in_case(Right.CASE_CONFIRM)], office: OfficeDep
) -> dict[str, Any]:
    """Confirm the case with its number in the police register (КУСП)."""
    return await cases.confirm_case(office, caller.principal, caller.place_id, body)


@router.post("/api/cases/{case_id}/operations", status_code=201, response_model=OperationOpened)
async def post_operation(
    body: OperationWish, caller: Annotated[Caller, in_case(Right.OPERATION_OPEN)], office: OfficeDep
) -> dict[str, Any]:
    """Open a search for the case."""
    return await cases.open_operation(office, caller.principal, caller.place_id, body)
