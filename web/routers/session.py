"""Signing in and out, and whose session this is."""

from typing import Any

from fastapi import APIRouter, Request, Response

from search_ops.services.accounts import account_view, sign_in, sign_out
from search_ops.services.admission import STAFF_ABSOLUTE
from search_ops.services.reading import own_name
from web.auth import NotSignedIn, clear_cookie, set_cookie
from web.deps import GuardedRoute, LimitsDep, LocaleDep, OfficeDep, SettingsDep, SignedIn
from web.schemas.session import SessionAnswer, SignInAnswer, SignInBody

router = APIRouter(route_class=GuardedRoute, tags=["session"])


class SignInRefused(NotSignedIn):
    """Login or password is wrong; which of them is not said."""

    def __init__(self) -> None:
        super().__init__()
        self.code = "sign_in_refused"


@router.post("/api/session", response_model=SignInAnswer)
async def post_session(
    body: SignInBody,
    *,
    request: Request,
    response: Response,
    office: OfficeDep,
    configured: SettingsDep,
    limits: LimitsDep,
    locale: LocaleDep,
) -> dict[str, Any]:
    """Sign a member of staff in: the token in the answer, the same in an HttpOnly cookie."""
    address = request.client.host if request.client else "unknown"
    pair = f"{address} {body.login.casefold()}"
    await limits.sign_in_failures.check(pair)
    await limits.sign_in_failures_by_address.check(address)
    # Counted before it is known: many tries at once must not all see an empty count.
    await limits.sign_in_failures.spend(pair)
    await limits.sign_in_failures_by_address.spend(address)
    signed_in = await sign_in(office, body.login, body.password)
    if signed_in is None:
        raise SignInRefused
    await limits.sign_in_failures.forgive(pair)
    await limits.sign_in_failures_by_address.give_back(address)
    set_cookie(response, configured, signed_in.token, int(STAFF_ABSOLUTE.total_seconds()))
    return {
        "token": signed_in.token,
        "account": await account_view(office, signed_in.account_id, locale),
    }


@router.get("/api/session", response_model=SessionAnswer, response_model_exclude_unset=True)
async def get_session(principal: SignedIn, office: OfficeDep, locale: LocaleDep) -> dict[str, Any]:
    """Return whose session this is."""
    if principal.kind == "account":
        return {"account": await account_view(office, principal.id, locale)}
    own = {
        "id": principal.id,
        "operation_id": principal.operation_id,
        "name": await own_name(office, principal),
    }
    return {"participant": own}


@router.delete("/api/session", status_code=204)
async def delete_session(principal: SignedIn, office: OfficeDep, configured: SettingsDep) -> Response:
    """Sign out: the key is worthless from now on."""
    await sign_out(office, principal)
    response = Response(status_code=204)
    clear_cookie(response, configured)
    return response
