"""Hand-over of a shift: what changed since, and that somebody else leads now."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from search_ops.domain.hand_over_wishes import HandOverWish
from search_ops.domain.payloads import Moment
from search_ops.domain.rights import Right
from search_ops.services import handing_over
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.handing_over import Changes, HandedOver

router = APIRouter(route_class=GuardedRoute, tags=["handing over"])

_O = "/api/operations/{operation_id}"


@router.get(_O + "/changes", response_model=Changes)
async def get_changes(
    since: Annotated[Moment, Query()],
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Return what a new shift wants to hear of."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await handing_over.read_changes(office, connection, caller.place_id, classes, since)

    return await protected_read(office, caller.principal, caller.place, "changes", read)


@router.post(_O + "/hand-overs", status_code=201, response_model=HandedOver)
async def post_hand_over(
    body: HandOverWish, caller: Annotated[Caller, in_operation(Right.REPORT_ENTER)], office: OfficeDep
) -> dict[str, Any]:
    """Hand the shift over."""
    return await handing_over.hand_over(office, caller.principal, caller.place_id, body)
