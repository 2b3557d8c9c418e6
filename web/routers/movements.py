"""Movements of people and cargo to a search; local or fly in."""

from typing import Annotated, Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from search_ops.domain.rights import Right
from search_ops.domain.transport_wishes import (
    CommitmentChoice,
    ComparisonWish,
    MovementChoice,
    MovementEnd,
    MovementReport,
    MovementRequest,
    MovementWish,
    OptionChoice,
    ReplanWish,
)
from search_ops.domain.visibility import HQ, ClassSet
from search_ops.services import movement_requests, movements, options, transport_reading
from search_ops.services.admission import demand
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.desk import RequestMade
from web.schemas.transport import (
    ComparisonAsked,
    MovementAsked,
    MovementMoved,
    MovementSought,
    OperationTransport,
    OptionChosen,
)

router = APIRouter(route_class=GuardedRoute, tags=["transport"])

_O = "/api/operations/{operation_id}"
_M = _O + "/movements/{movement_id}"
Planning = Annotated[Caller, in_operation(Right.MOVEMENT_PLAN)]
Choosing = Annotated[Caller, in_operation(Right.OPTION_CHOOSE)]


@router.get(_O + "/transport", response_model=OperationTransport)
async def get_transport(
    caller: Annotated[Caller, in_operation(Right.TRANSPORT_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return movements, comparisons and work that goes on; to be read again when `seq` of the log moves."""

    async def read(connection: AsyncConnection, classes: ClassSet) -> dict[str, Any]:
        whole = classes.admits(HQ)
        return await transport_reading.read_transport(
            connection, caller.place_id, office.clock(), free_text=whole
        )

    return await protected_read(office, caller.principal, caller.place, "transport", read)


@router.post(_O + "/movements", status_code=202, response_model=MovementAsked)
async def post_movement(body: MovementWish, caller: Planning, office: OfficeDep) -> dict[str, Any]:
    """Say what is to be moved where; the worker looks for itineraries."""
    return await movements.ask_movement(office, caller.principal, caller.place_id, body)


@router.post(_M + "/search", status_code=202, response_model=MovementSought)
async def post_search(
    body: ReplanWish, movement_id: Id, caller: Planning, office: OfficeDep
) -> dict[str, Any]:
    """Look for itineraries again; what was chosen stands meanwhile."""
    return await movements.replan_movement(office, caller.principal, caller.place_id, movement_id, body)


@router.post(_M + "/choice", response_model=MovementMoved)
async def post_choice(
    body: MovementChoice, movement_id: Id, caller: Planning, office: OfficeDep
) -> dict[str, Any]:
    """Take one of the proposed itineraries."""
    return await movements.choose_itinerary(office, caller.principal, caller.place_id, movement_id, body)


@router.post(_M + "/reports", response_model=MovementMoved)
async def post_report(
    body: MovementReport,
    movement_id: Id,
    caller: Annotated[Caller, in_operation(Right.MOVEMENT_REPORT)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Write how far a movement is."""
    return await movements.report_movement(office, caller.principal, caller.place_id, movement_id, body)


@router.post(_M + "/end", response_model=MovementMoved)
async def post_end(body: MovementEnd, movement_id: Id, caller: Planning, office: OfficeDep) -> dict[str, Any]:
    """Call a movement off."""
    return await movement_requests.end_movement(office, caller.principal, caller.place_id, movement_id, body)


@router.post(_M + "/request", response_model=RequestMade)
async def post_request(
    body: MovementRequest, movement_id: Id, caller: Planning, office: OfficeDep
) -> dict[str, Any]:
    """Ask organisations to carry it, with the right to ask them; the commitment becomes the movement."""
    demand(caller.principal, caller.place, (Right.REQUEST_MAKE,))
    return await movement_requests.request_movement(
        office, caller.principal, caller.place_id, movement_id, body
    )


@router.post(_M + "/commitment", response_model=MovementMoved)
async def post_commitment(
    body: CommitmentChoice, movement_id: Id, caller: Planning, office: OfficeDep
) -> dict[str, Any]:
    """Let the agency carry it that has accepted, whatever was chosen before."""
    return await movement_requests.take_commitment(
        office, caller.principal, caller.place_id, movement_id, body
    )


@router.post(_O + "/comparisons", status_code=202, response_model=ComparisonAsked)
async def post_comparison(body: ComparisonWish, caller: Choosing, office: OfficeDep) -> dict[str, Any]:
    """Compare who could be at the search, when, with what."""
    return await options.ask_comparison(office, caller.principal, caller.place_id, body)


@router.post(_O + "/comparisons/{comparison_id}/choice", response_model=OptionChosen)
async def post_option(
    body: OptionChoice, comparison_id: Id, caller: Choosing, office: OfficeDep
) -> dict[str, Any]:
    """Record which option is taken, and why."""
    return await options.choose_option(office, caller.principal, caller.place_id, comparison_id, body)
