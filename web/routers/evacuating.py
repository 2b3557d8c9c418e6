"""Evacuation: the way out from where a person was found, and that it begins."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.evacuation_wishes import EvacuationOrder, EvacuationWish
from search_ops.domain.rights import Right
from search_ops.domain.visibility import require_headquarters
from search_ops.services import evacuating
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.evacuating import Evacuation, EvacuationAsked, EvacuationOrdered

router = APIRouter(route_class=GuardedRoute, tags=["evacuating"])

_E = "/api/operations/{operation_id}/evacuations"
Leading = Annotated[Caller, in_operation(Right.OPERATION_STATE)]


@router.post(_E, status_code=202, response_model=EvacuationAsked)
async def post_evacuation(body: EvacuationWish, caller: Leading, office: OfficeDep) -> dict[str, Any]:
    """Ask for the way out from a place."""
    return await evacuating.ask_evacuation(office, caller.principal, caller.place_id, body)


@router.get(_E + "/{evacuation_id}", response_model=Evacuation)
async def get_evacuation(
    evacuation_id: Id, caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return a plan of an evacuation."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        require_headquarters(classes)
        return await evacuating.read_evacuation(connection, caller.place_id, evacuation_id)

    return await protected_read(office, caller.principal, caller.place, "evacuation", read)


@router.post(_E + "/{evacuation_id}/order", response_model=EvacuationOrdered)
async def post_order(
    body: EvacuationOrder, evacuation_id: Id, caller: Leading, office: OfficeDep
) -> dict[str, Any]:
    """Begin: the teams called go to the person, all others are recalled and asked to confirm."""
    return await evacuating.order_evacuation(office, caller.principal, caller.place_id, evacuation_id, body)
