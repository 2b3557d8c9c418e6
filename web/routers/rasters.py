"""Raster layers: scanned and downloaded maps, for those who run the search."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict

from search_ops.domain.rights import Right
from search_ops.services.rasters import list_layers, tile_picture
from search_ops.services.relief import EMPTY_SHADE
from web.deps import Caller, GuardedRoute, OfficeDep, at_installation
from web.routers.ground import is_same
from web.schemas.base import WireTime

router = APIRouter(route_class=GuardedRoute, tags=["ground"])

# A layer never changes: a new import of it has another id.
_CACHE = "private, max-age=86400, immutable"
_PICTURES: dict[str, dict[str, str]] = {"image/png": {}, "image/jpeg": {}, "image/webp": {}}


class RasterLayer(BaseModel):
    """One raster layer. `bounds`: west, south, east, north; `url`: template of its tiles."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    source_format: str
    file_name: str
    imported_at: WireTime
    bounds: list[float]
    min_zoom: int
    max_zoom: int
    tile_px: int
    tiles: int
    size_bytes: int
    attribution: str
    url: str


class RasterLayers(BaseModel):
    """Every raster layer of this installation, by name."""

    model_config = ConfigDict(frozen=True)

    layers: list[RasterLayer]


@router.get("/api/raster-layers")
async def get_layers(
    _: Annotated[Caller, at_installation(Right.RASTER_READ)], office: OfficeDep
) -> RasterLayers:
    """Return the raster layers; opacity and order are each user's own and live in his browser."""
    return RasterLayers.model_validate({"layers": await list_layers(office.engine)})


@router.get(
    "/tiles/raster/{layer_id}/{z}/{x}/{y}",
    response_class=Response,
    responses={200: {"content": _PICTURES}, 304: {"description": "not changed"}},
)
async def get_tile(
    *,
    layer_id: UUID,
    z: int,
    x: int,
    y: int,
    _: Annotated[Caller, at_installation(Right.RASTER_READ)],
    office: OfficeDep,
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Return a picture of a raster layer; see-through where the layer has none."""
    etag = f'"{layer_id}-{z}-{x}-{y}"'
    headers = {"ETag": etag, "Cache-Control": _CACHE}
    found = await tile_picture(office.engine, layer_id, z, x, y)
    if if_none_match is not None and is_same(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    media_type, image = found or ("image/png", EMPTY_SHADE)
    return Response(image, media_type=media_type, headers=headers)
