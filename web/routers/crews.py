"""Cars and who rides with whom, out and home."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.crew_wishes import CrewsAsked, CrewStateWish, CrewsWish
from search_ops.domain.rights import Right
from search_ops.services import crews
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.crews import CrewMoved, CrewsAccepted, CrewsProposed

router = APIRouter(route_class=GuardedRoute, tags=["crews"])
_O = "/api/operations/{operation_id}"
Planning = Annotated[Caller, in_operation(Right.CREW_PLAN)]


@router.post(_O + "/crew-proposals", response_model=CrewsProposed)
async def post_proposal(body: CrewsAsked, caller: Planning, office: OfficeDep) -> dict[str, Any]:
    """Say who could ride with whom, and who is left and why; nothing is written."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        del classes  # whoever plans cars reads all of headquarters
        return await crews.propose_crews(office, connection, caller.place_id, body)

    return await protected_read(office, caller.principal, caller.place, "crew proposal", read)


@router.post(_O + "/crews", status_code=201, response_model=CrewsAccepted)
async def post_crews(body: CrewsWish, caller: Planning, office: OfficeDep) -> dict[str, Any]:
    """Let cars take people, all or none."""
    return await crews.accept_crews(office, caller.principal, caller.place_id, body)


@router.post(_O + "/crews/{crew_id}/state", response_model=CrewMoved)
async def post_crew_state(
    body: CrewStateWish, crew_id: Id, caller: Planning, office: OfficeDep
) -> dict[str, Any]:
    """Say that a car has left, has arrived or does not go; its people follow."""
    return await crews.move_crew(office, caller.principal, caller.place_id, crew_id, body)
