"""How a region cuts its grids, for those who set it."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.grid_wishes import GridWish
from search_ops.domain.rights import Right
from search_ops.services import grid_defaults
from web.deps import Caller, GuardedRoute, OfficeDep, at_installation
from web.schemas.desk import RegionGrid

router = APIRouter(route_class=GuardedRoute, tags=["planning"])


@router.get("/api/regions/{region}/grid-defaults", response_model=RegionGrid)
async def get_region_grid(
    region: str, caller: Annotated[Caller, at_installation(Right.GRID_SET)], office: OfficeDep
) -> dict[str, Any]:
    """Return how a region cuts its grids, with the version that stands."""
    return await grid_defaults.read_region(office, caller.principal, region)


@router.put("/api/regions/{region}/grid-defaults", response_model=RegionGrid)
async def put_region_grid(
    region: str,
    body: GridWish,
    caller: Annotated[Caller, at_installation(Right.GRID_SET)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Set how a region cuts its grids; searches opened and cut from now on take it where they say nothing."""
    return await grid_defaults.set_region(office, caller.principal, region, body)
