"""People and teams: who is here, who goes with whom."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.wishes import ParticipantStateWish, ParticipantWish, TeamChange, TeamWish
from search_ops.services import people
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.desk import ParticipantAdded, ParticipantMoved, TeamFormed

router = APIRouter(route_class=GuardedRoute, tags=["people"])


@router.post("/api/operations/{operation_id}/participants", status_code=201, response_model=ParticipantAdded)
async def post_participant(
    body: ParticipantWish, caller: Annotated[Caller, in_operation(Right.PARTICIPANT_ADD)], office: OfficeDep
) -> dict[str, Any]:
    """Add somebody by name or callsign."""
    return await people.add_participant(office, caller.principal, caller.place_id, body)


@router.post(
    "/api/operations/{operation_id}/participants/{participant_id}/state", response_model=ParticipantMoved
)
async def post_participant_state(
    body: ParticipantStateWish,
    participant_id: Id,
    caller: Annotated[Caller, in_operation(Right.PARTICIPANT_MOVE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Move a participant."""
    return await people.move_participant(office, caller.principal, caller.place_id, participant_id, body)


@router.post("/api/operations/{operation_id}/teams", status_code=201, response_model=TeamFormed)
async def post_team(
    body: TeamWish, caller: Annotated[Caller, in_operation(Right.TEAM_FORM)], office: OfficeDep
) -> dict[str, Any]:
    """Form a team from people on site."""
    return await people.form_team(office, caller.principal, caller.place_id, body)


@router.put("/api/operations/{operation_id}/teams/{team_id}", response_model=TeamFormed)
async def put_team(
    body: TeamChange, team_id: Id, caller: Annotated[Caller, in_operation(Right.TEAM_FORM)], office: OfficeDep
) -> dict[str, Any]:
    """Change leader or members, or disband the team."""
    return await people.change_team(office, caller.principal, caller.place_id, team_id, body)
