"""The transport network and the catalogue of resources: read by all desks, changed with a reason."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query

from search_ops.domain.principals import Place
from search_ops.domain.rights import Right
from search_ops.domain.transport_wishes import (
    DepartureWish,
    PlaceWish,
    ResourceStateWish,
    ResourceWish,
    ServiceWish,
    WayWish,
)
from search_ops.services import transport_departures, transport_edits, transport_reading
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, at_installation
from web.schemas.base import Id
from web.schemas.transport import FoundPlaces, NetworkRow, TransportNetwork

router = APIRouter(route_class=GuardedRoute, tags=["transport"])

_T = "/api/transport"
Reading = Annotated[Caller, at_installation(Right.NETWORK_READ)]
Editing = Annotated[Caller, at_installation(Right.NETWORK_EDIT)]
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,59}$")]
Day = Annotated[str, Path(pattern=r"^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]


@router.get(_T + "/network", response_model=TransportNetwork)
async def get_network(caller: Reading, office: OfficeDep) -> dict[str, Any]:
    """Return the network; towns to which nothing goes are found by name."""

    async def read(connection: Any, _: Any) -> dict[str, Any]:
        return await transport_reading.read_network(connection, office.clock())

    return await protected_read(office, caller.principal, Place("installation"), "transport network", read)


@router.get(_T + "/places", response_model=FoundPlaces)
async def get_places(
    caller: Reading, office: OfficeDep, q: Annotated[str, Query(min_length=1, max_length=80)]
) -> dict[str, Any]:
    """Return places whose name, code or id begins so."""

    async def read(connection: Any, _: Any) -> dict[str, Any]:
        return {"places": await transport_reading.find_places(connection, q)}

    return await protected_read(office, caller.principal, Place("installation"), "transport places", read)


@router.put(_T + "/places/{place_id}", response_model=NetworkRow)
async def put_place(body: PlaceWish, place_id: Key, caller: Editing, office: OfficeDep) -> dict[str, Any]:
    """Add or change a place; an airport is closed and opened so."""
    return await transport_edits.put_place(office, caller.principal, place_id, body)


@router.put(_T + "/services/{service_id}", response_model=NetworkRow)
async def put_service(
    body: ServiceWish, service_id: Key, caller: Editing, office: OfficeDep
) -> dict[str, Any]:
    """Add, change or withdraw a line of the timetable."""
    return await transport_edits.put_service(office, caller.principal, service_id, body)


@router.put(_T + "/services/{service_id}/departures/{on_date}", response_model=NetworkRow)
async def put_departure(
    body: DepartureWish, service_id: Key, on_date: Day, caller: Editing, office: OfficeDep
) -> dict[str, Any]:
    """Cancel or delay one day's departure; movements that count on it are told."""
    return await transport_departures.change_departure(office, caller.principal, service_id, on_date, body)


@router.put(_T + "/ways/{way_id}", response_model=NetworkRow)
async def put_way(body: WayWish, way_id: Key, caller: Editing, office: OfficeDep) -> dict[str, Any]:
    """Add, change or withdraw a road, a winter road, a river or sea leg."""
    return await transport_edits.put_way(office, caller.principal, way_id, body)


@router.put(_T + "/resources/{resource_id}", response_model=NetworkRow)
async def put_resource(
    body: ResourceWish, resource_id: Id, caller: Editing, office: OfficeDep
) -> dict[str, Any]:
    """Add a resource to the catalogue, change it or take it out."""
    return await transport_edits.put_resource(office, caller.principal, UUID(str(resource_id)), body)


@router.post(_T + "/resources/{resource_id}/state", response_model=NetworkRow)
async def post_resource_state(
    body: ResourceStateWish, resource_id: Id, caller: Editing, office: OfficeDep
) -> dict[str, Any]:
    """Say what a resource does now."""
    return await transport_edits.set_resource_state(office, caller.principal, UUID(str(resource_id)), body)
