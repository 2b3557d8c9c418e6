"""The roster: what people can do and need, things by number, who has them."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.roster_wishes import IssueWish, PersonChange, ResourceWish, ReturnWish
from search_ops.services import resources
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.roster import PersonDescribed, ResourceKept

router = APIRouter(route_class=GuardedRoute, tags=["roster"])
_O = "/api/operations/{operation_id}"
Keeping = Annotated[Caller, in_operation(Right.RESOURCE_KEEP)]


@router.put(_O + "/participants/{participant_id}", response_model=PersonDescribed)
async def put_participant(
    body: PersonChange,
    participant_id: Id,
    caller: Annotated[Caller, in_operation(Right.PARTICIPANT_ADD)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Complete what is known of somebody; only the named fields change."""
    return await resources.describe_person(office, caller.principal, caller.place_id, participant_id, body)


@router.put(_O + "/resources/{resource_id}", response_model=ResourceKept)
async def put_resource(
    body: ResourceWish, resource_id: Id, caller: Keeping, office: OfficeDep
) -> dict[str, Any]:
    """List a thing, or change what is known of it."""
    return await resources.list_resource(office, caller.principal, caller.place_id, resource_id, body)


@router.post(_O + "/resources/{resource_id}/issue", response_model=ResourceKept)
async def post_issue(body: IssueWish, resource_id: Id, caller: Keeping, office: OfficeDep) -> dict[str, Any]:
    """Give a thing to a team or a person."""
    return await resources.issue_resource(office, caller.principal, caller.place_id, resource_id, body)


@router.post(_O + "/resources/{resource_id}/return", response_model=ResourceKept)
async def post_return(
    body: ReturnWish, resource_id: Id, caller: Keeping, office: OfficeDep
) -> dict[str, Any]:
    """Take a thing back, or say what became of it."""
    return await resources.return_resource(office, caller.principal, caller.place_id, resource_id, body)
