"""Joint requests between organisations."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.wishes import (
    AnswerWish,
    CancelWish,
    ReceivedWish,
    RequestWish,
    ToldConfirmation,
    ToldWish,
)
from search_ops.services import answers, requests
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.desk import RequestAnswered, RequestMade, RequestMoved, ToldEntered

router = APIRouter(route_class=GuardedRoute, tags=["requests"])


@router.post("/api/operations/{operation_id}/requests", status_code=201, response_model=RequestMade)
async def post_request(
    body: RequestWish, caller: Annotated[Caller, in_operation(Right.REQUEST_MAKE)], office: OfficeDep
) -> dict[str, Any]:
    """Ask organisations for people or means."""
    return await requests.make_request(office, caller.principal, caller.place_id, body)


@router.post("/api/operations/{operation_id}/requests/{request_id}/received", response_model=RequestMoved)
async def post_received(
    body: ReceivedWish,
    request_id: Id,
    caller: Annotated[Caller, in_operation(Right.REQUEST_RECEIVE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Say which duty officer knows of the request."""
    return await answers.receive_request(office, caller.principal, caller.place_id, request_id, body)


@router.post(
    "/api/operations/{operation_id}/requests/{request_id}/answers",
    status_code=201,
    response_model=RequestAnswered,
)
async def post_answer(
    body: AnswerWish,
    request_id: Id,
    caller: Annotated[Caller, in_operation(Right.REQUEST_ANSWER)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Accept an item with quantity and arrival time, or decline it with a reason."""
    return await answers.answer_request(office, caller.principal, caller.place_id, request_id, body)


@router.post("/api/operations/{operation_id}/requests/{request_id}/cancellation", response_model=RequestMoved)
async def post_cancellation(
    body: CancelWish,
    request_id: Id,
    caller: Annotated[Caller, in_operation(Right.REQUEST_MAKE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Withdraw the request."""
    return await requests.cancel_request(office, caller.principal, caller.place_id, request_id, body)


@router.post(
    "/api/operations/{operation_id}/requests/{request_id}/told",
    status_code=201,
    response_model=ToldEntered,
)
async def post_told(
    body: ToldWish,
    request_id: Id,
    caller: Annotated[Caller, in_operation(Right.REQUEST_TELL)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Enter what an agency said by phone: as told, unconfirmed."""
    return await answers.enter_told(office, caller.principal, caller.place_id, request_id, body)


@router.post("/api/operations/{operation_id}/told/{told_id}/confirmation", response_model=ToldEntered)
async def post_told_confirmation(
    body: ToldConfirmation,
    told_id: Id,
    caller: Annotated[Caller, in_operation(Right.REQUEST_ANSWER)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Confirm what was told, as an officer of that organisation."""
    return await answers.confirm_told(office, caller.principal, caller.place_id, told_id, body)
