"""Ground: tiles of the base map for everybody signed in, and what is known of an operation's ground."""

import gzip
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel, ConfigDict

from search_ops.domain.rights import Right
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.services.ground import GroundTiles, ground_status
from search_ops.services.sector_tiles import SectorTiles
from web.deps import Caller, GuardedRoute, OfficeDep, SignedIn, in_operation, kept_by_process
from web.schemas.base import WireTime

router = APIRouter(route_class=GuardedRoute, tags=["ground"])

TILE_TYPE = "application/vnd.mapbox-vector-tile"
# Asked again after a minute, and then mostly answered by 304: a new import shows soon without a reload.
_CACHE = "private, max-age=60"


class GroundDataset(BaseModel):
    """One imported extract that touches the area. `age_s` is that of its data; `bbox` west to north."""

    model_config = ConfigDict(frozen=True)

    id: str
    source_name: str
    kind: str
    data_at: WireTime | None
    imported_at: WireTime
    age_s: int | None
    bbox: list[float]
    share: float | None
    counts: dict[str, int]
    left_out: dict[str, int]
    licence: str
    attribution: str


class ReliefGrid(BaseModel):
    """One grid of heights that touches the area. `void_share` is that of the whole grid."""

    model_config = ConfigDict(frozen=True)

    id: str
    source_name: str
    imported_at: WireTime
    step_m: float
    void_share: float
    share: float | None
    bbox: list[float]


class RasterPart(BaseModel):
    """One raster layer that touches the area."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    imported_at: WireTime
    share: float | None
    bbox: list[float]
    max_zoom: int


class GroundStatus(BaseModel):
    """Which map data an operation has. `missing` holds words: area, osm, osm_whole, dem, dem_whole."""

    model_config = ConfigDict(frozen=True)

    datasets: list[GroundDataset]
    share: float | None
    relief: list[ReliefGrid]
    relief_share: float | None
    rasters: list[RasterPart]
    missing: list[str]


async def tiles_of(request: Request, office: OfficeDep) -> GroundTiles:
    """Return the tiles kept in this process."""
    return kept_by_process(request, "ground_tiles", lambda: GroundTiles(office.engine))


@router.get(
    "/tiles/ground/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {TILE_TYPE: {}}}, 304: {"description": "not changed"}},
)
async def get_tile(
    *,
    z: int,
    x: int,
    y: int,
    _: SignedIn,
    tiles: Annotated[GroundTiles, Depends(tiles_of)],
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
    accept_encoding: Annotated[str, Header(max_length=1000)] = "",
) -> Response:
    """Return a vector tile of the base map, zoom 6 to 16."""
    address = TileAddress(z, x, y)
    etag = await tiles.etag(address)
    headers = {"ETag": etag, "Cache-Control": _CACHE, "Vary": "Accept-Encoding"}
    if if_none_match is not None and is_same(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    packed = await tiles.get(address)
    headers["ETag"] = packed.etag
    if "gzip" in accept_encoding.lower():
        headers["Content-Encoding"] = "gzip"
        return Response(packed.gzipped, media_type=TILE_TYPE, headers=headers)
    return Response(gzip.decompress(packed.gzipped), media_type=TILE_TYPE, headers=headers)


async def sector_tiles_of(request: Request, office: OfficeDep) -> SectorTiles:
    """Return the tiles of sectors kept in this process."""
    return kept_by_process(request, "sector_tiles", lambda: SectorTiles(office.engine))


@router.get(
    "/tiles/sectors/{operation_id}/{z}/{x}/{y}.mvt",
    response_class=Response,
    responses={200: {"content": {TILE_TYPE: {}}}, 304: {"description": "not changed"}},
)
async def get_sector_tile(
    *,
    z: int,
    x: int,
    y: int,
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)],
    tiles: Annotated[SectorTiles, Depends(sector_tiles_of)],
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
    accept_encoding: Annotated[str, Header(max_length=1000)] = "",
) -> Response:
    """Return the area sectors of an operation (`id`, `label`), zoom 6 to 16; the client knows their state."""
    drawn = await tiles.get(caller.place_id, TileAddress(z, x, y))
    headers = {"ETag": drawn.etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}
    if if_none_match is not None and is_same(if_none_match, drawn.etag):
        return Response(status_code=304, headers=headers)
    if "gzip" in accept_encoding.lower():
        headers["Content-Encoding"] = "gzip"
        return Response(drawn.gzipped, media_type=TILE_TYPE, headers=headers)
    return Response(gzip.decompress(drawn.gzipped), media_type=TILE_TYPE, headers=headers)


@router.get("/api/operations/{operation_id}/ground")
async def get_ground(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> GroundStatus:
    """Return which map data exist for the operation's area, how old they are, and what is missing."""
    status: dict[str, Any] = await ground_status(office.engine, caller.place_id, office.clock())
    return GroundStatus.model_validate(status)


def is_same(if_none_match: str, etag: str) -> bool:
    """Tell whether a browser has this version already."""
    wanted = (each.strip().removeprefix("W/") for each in if_none_match.split(","))
    return any(each in {"*", etag} for each in wanted)
