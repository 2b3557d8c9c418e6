"""The team builder: a proposal, a check of what was changed by hand, acceptance."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.team_wishes import ProposalAsked, TeamsChecked, TeamsWish
from search_ops.services import team_building
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.team_building import TeamsAccepted, TeamsProposed, TeamsVerdict

router = APIRouter(route_class=GuardedRoute, tags=["people"])
_O = "/api/operations/{operation_id}"
Forming = Annotated[Caller, in_operation(Right.TEAM_FORM)]


@router.post(_O + "/team-proposals", response_model=TeamsProposed)
async def post_proposal(body: ProposalAsked, caller: Forming, office: OfficeDep) -> dict[str, Any]:
    """Propose teams that keep the rules, and say which rule stops whom; nothing is written."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        del classes  # whoever forms teams reads all of headquarters
        return await team_building.propose(office, connection, caller.place_id, body)

    return await protected_read(office, caller.principal, caller.place, "team proposal", read)


@router.post(_O + "/team-checks", response_model=TeamsVerdict)
async def post_check(body: TeamsChecked, caller: Forming, office: OfficeDep) -> dict[str, Any]:
    """Say which rules the teams of a screen break; nothing is written."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        del classes
        return await team_building.check(office, connection, caller.place_id, body)

    return await protected_read(office, caller.principal, caller.place, "team check", read)


@router.post(_O + "/team-acceptance", status_code=201, response_model=TeamsAccepted)
async def post_acceptance(body: TeamsWish, caller: Forming, office: OfficeDep) -> dict[str, Any]:
    """Form the teams of a proposal and issue their things, all or none."""
    return await team_building.accept(office, caller.principal, caller.place_id, body)
