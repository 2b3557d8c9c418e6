"""Planning: points, area, partition, sectors."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from search_ops.domain.rights import Right
from search_ops.domain.wishes import AreaWish, PartitionWish, PointWish
from search_ops.services import planning
from search_ops.services.grid_defaults import grid_defaults_of
from search_ops.services.jobs import cancel_job, read_job
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, at_installation, in_operation
from web.schemas.base import Id
from web.schemas.desk import (
    AreaDrawn,
    CoordinatesRead,
    GridDefaultsRead,
    JobState,
    PartitionAsked,
    PartitionMade,
    PointSet,
    SectorCollection,
)

router = APIRouter(route_class=GuardedRoute, tags=["planning"])

_ACCEPTED = 202
_CREATED = 201


@router.get("/api/coordinates", response_model=CoordinatesRead)
async def get_coordinates(
    text: Annotated[str, Query(max_length=2000)],
    caller: Annotated[Caller, at_installation(Right.COORDINATES_READ)],  # noqa: ARG001 - names the right
) -> dict[str, Any]:
    """Read typed coordinates in any of the usual forms."""
    return {"candidates": planning.coordinates_in(text)}


@router.put("/api/operations/{operation_id}/points/{role}", response_model=PointSet)
async def put_point(
    body: PointWish,
    role: Literal["lkp", "entry"],
    caller: Annotated[Caller, in_operation(Right.POINT_SET)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Set the last known position or the entry point."""
    return await planning.set_point(office, caller.principal, caller.place_id, role, body)


@router.put("/api/operations/{operation_id}/area", response_model=AreaDrawn)
async def put_area(
    body: AreaWish, caller: Annotated[Caller, in_operation(Right.AREA_DRAW)], office: OfficeDep
) -> dict[str, Any]:
    """Draw the area."""
    return await planning.draw_area(office, caller.principal, caller.place_id, body)


@router.post(
    "/api/operations/{operation_id}/partitions",
    status_code=_CREATED,
    response_model=PartitionMade | PartitionAsked,
    responses={_ACCEPTED: {"model": PartitionAsked, "description": "The worker makes it"}},
)
async def post_partition(
    body: PartitionWish,
    caller: Annotated[Caller, in_operation(Right.PARTITION_MAKE)],
    office: OfficeDep,
    response: Response,
) -> dict[str, Any]:
    """Cut the area: a small grid at once, everything longer as a job."""
    answer = await planning.make_partition(office, caller.principal, caller.place_id, body)
    response.status_code = _ACCEPTED if "job_id" in answer else _CREATED
    return answer


@router.get("/api/operations/{operation_id}/grid-defaults", response_model=GridDefaultsRead)
async def get_grid_defaults(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return what a grid takes from its region where the wish leaves it out."""

    async def read(connection: Any, _: Any) -> dict[str, Any]:
        return await grid_defaults_of(connection, caller.place_id)

    return await protected_read(office, caller.principal, caller.place, "grid defaults", read)


@router.get("/api/operations/{operation_id}/jobs/{job_id}", response_model=JobState)
async def get_job(
    job_id: Id, caller: Annotated[Caller, in_operation(Right.JOB_WATCH)], office: OfficeDep
) -> dict[str, Any]:
    """Say how a job stands."""
    return await read_job(office, caller.place_id, job_id)


@router.post("/api/operations/{operation_id}/jobs/{job_id}/cancellation", response_model=JobState)
async def post_job_cancellation(
    job_id: Id, caller: Annotated[Caller, in_operation(Right.JOB_CANCEL)], office: OfficeDep
) -> dict[str, Any]:
    """Ask a job to stop; say how it stands."""
    return await cancel_job(office, caller.place_id, job_id)


@router.get("/api/operations/{operation_id}/sectors", response_model=SectorCollection)
async def get_sectors(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)],
    office: OfficeDep,
    retired: Annotated[Literal["true", "false"], Query()] = "false",
) -> dict[str, Any]:
    """Return the sectors with their state; `retired`: also those that a later cut has replaced."""
    wanted = retired == "true"

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await planning.sector_collection(connection, caller.place_id, classes, retired=wanted)

    return await protected_read(office, caller.principal, caller.place, "sectors", read)
