"""Single sectors: drawn, split, merged, reshaped, restored, marked."""

from typing import Annotated, Any

from fastapi import APIRouter

from search_ops.domain.rights import Right
from search_ops.domain.sector_wishes import (
    MarkWish,
    MergeWish,
    ReshapeWish,
    RestoreWish,
    SectorWish,
    SplitWish,
)
from search_ops.services import sector_drawing, sector_edits
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.desk import SectorMarked, SectorsEdited

router = APIRouter(route_class=GuardedRoute, tags=["planning"])

_CREATED = 201
Cartographer = Annotated[Caller, in_operation(Right.SECTOR_EDIT)]


@router.post("/api/operations/{operation_id}/sectors", status_code=_CREATED, response_model=SectorsEdited)
async def post_sector(body: SectorWish, caller: Cartographer, office: OfficeDep) -> dict[str, Any]:
    """Draw a sector: ground taken from those that stand there, a line with a corridor, or addresses."""
    return await sector_drawing.draw_sector(office, caller.principal, caller.place_id, body)


@router.post(
    "/api/operations/{operation_id}/sectors/merge", status_code=_CREATED, response_model=SectorsEdited
)
async def post_merge(body: MergeWish, caller: Cartographer, office: OfficeDep) -> dict[str, Any]:
    """Make one sector of several."""
    return await sector_edits.merge_sectors(office, caller.principal, caller.place_id, body)


@router.post(
    "/api/operations/{operation_id}/sectors/reshape", status_code=_CREATED, response_model=SectorsEdited
)
async def post_reshape(body: ReshapeWish, caller: Cartographer, office: OfficeDep) -> dict[str, Any]:
    """Move corners; neighbours follow."""
    return await sector_edits.reshape_sectors(office, caller.principal, caller.place_id, body)


@router.post(
    "/api/operations/{operation_id}/sectors/restore", status_code=_CREATED, response_model=SectorsEdited
)
async def post_restore(body: RestoreWish, caller: Cartographer, office: OfficeDep) -> dict[str, Any]:
    """Take an edit back: the ground is cut again as retired sectors had it."""
    return await sector_edits.restore_sectors(office, caller.principal, caller.place_id, body)


@router.post(
    "/api/operations/{operation_id}/sectors/{sector_id}/split",
    status_code=_CREATED,
    response_model=SectorsEdited,
)
async def post_split(
    body: SplitWish, sector_id: Id, caller: Cartographer, office: OfficeDep
) -> dict[str, Any]:
    """Split a sector by a line."""
    return await sector_edits.split_sector(office, caller.principal, caller.place_id, sector_id, body)


@router.post("/api/operations/{operation_id}/sectors/{sector_id}/mark", response_model=SectorMarked)
async def post_mark(body: MarkWish, sector_id: Id, caller: Cartographer, office: OfficeDep) -> dict[str, Any]:
    """Mark a sector as dangerous or as another organisation's, or take the mark off."""
    return await sector_drawing.mark_sector(office, caller.principal, caller.place_id, sector_id, body)
