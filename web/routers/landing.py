"""Landing places, confirmed or rejected by a person, and sorties of a helicopter to them."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.landing_wishes import LandingVerdict, LandingWish
from search_ops.domain.rights import Right
from search_ops.domain.sortie_wishes import SortiesWish
from search_ops.services import landing, sorties
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.landing import LandingAsked, LandingJudged, SortiesAsked

router = APIRouter(route_class=GuardedRoute, tags=["transport"])

_O = "/api/operations/{operation_id}"
Planning = Annotated[Caller, in_operation(Right.MOVEMENT_PLAN)]


@router.post(_O + "/landing-searches", status_code=202, response_model=LandingAsked)
async def post_landing_search(body: LandingWish, caller: Planning, office: OfficeDep) -> dict[str, Any]:
    """Ask for candidates near a place; they stand in `GET transport` when the worker has looked."""
    return await landing.ask_landing(office, caller.principal, caller.place_id, body)


@router.put(_O + "/landing-places/{place_id}", response_model=LandingJudged)
async def put_landing_place(
    body: LandingVerdict, place_id: Id, caller: Planning, office: OfficeDep
) -> dict[str, Any]:
    """Confirm or reject a place, with the reason."""
    return await landing.judge_landing(office, caller.principal, caller.place_id, place_id, body)


@router.post(_O + "/sorties", status_code=202, response_model=SortiesAsked)
async def post_sorties(body: SortiesWish, caller: Planning, office: OfficeDep) -> dict[str, Any]:
    """Ask which sorties of a helicopter are needed; they stand in `GET transport` when worked out."""
    return await sorties.ask_sorties(office, caller.principal, caller.place_id, body)
