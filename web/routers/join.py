"""Joining an operation by code or QR."""

from typing import Any

from fastapi import APIRouter, Request, Response

from search_ops.errors import NotKnown
from search_ops.services.admission import PARTICIPANT_ABSOLUTE, admit
from search_ops.services.joining import JoinWish, join, plain_code
from web.auth import credentials, set_cookie
from web.deps import GuardedRoute, LimitsDep, OfficeDep, SettingsDep
from web.schemas.session import JoinAnswer, JoinBody

router = APIRouter(route_class=GuardedRoute, tags=["join"])


@router.post("/api/join", status_code=201, response_model=JoinAnswer)
async def post_join(
    body: JoinBody,
    *,
    request: Request,
    response: Response,
    office: OfficeDep,
    configured: SettingsDep,
    limits: LimitsDep,
) -> dict[str, Any]:
    """Make the sender a participant who is on his way; the same phone asking again stays the same person."""
    address = request.client.host if request.client else "unknown"
    await limits.join_failures_by_address.check(address)
    await limits.joins_by_address.check(address)
    await limits.joins_by_address.spend(address)
    code = plain_code(body.code)
    await limits.joins_by_code.check(code)
    held = credentials(request, configured)
    caller = None if held is None else await admit(office, held.token)
    wish = JoinWish(code, body.name, body.device_id, body.phone or None, body.callsign or None)
    try:
        joined = await join(office, wish, None if caller is None else caller.principal)
    except NotKnown:
        await limits.join_failures_by_address.spend(address)
        raise
    await limits.joins_by_code.spend(code)
    set_cookie(response, configured, joined.token, int(PARTICIPANT_ABSOLUTE.total_seconds()))
    return {
        "operation_id": joined.operation_id,
        "participant_id": joined.participant_id,
        "token": joined.token,
    }
