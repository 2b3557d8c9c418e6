"""Relief: hillshade under the map, and the height of a place."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from search_ops.domain.rights import Right
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.services.relief import HillshadeTiles, elevation
from web.deps import Caller, GuardedRoute, OfficeDep, SignedIn, at_installation
from web.routers.ground import is_same

router = APIRouter(route_class=GuardedRoute, tags=["ground"])

_CACHE = "private, max-age=600"
_PNG = "image/png"


class Elevation(BaseModel):
    """Height of a place over the sea; null where none is known."""

    model_config = ConfigDict(frozen=True)

    lon: float
    lat: float
    elevation_m: float | None


def shades_of(request: Request, office: OfficeDep) -> HillshadeTiles:
    """Return the pictures kept in this process."""
    kept: HillshadeTiles | None = getattr(request.app.state, "hillshade_tiles", None)
    if kept is None:
        kept = request.app.state.hillshade_tiles = HillshadeTiles(office.engine)
    return kept


@router.get(
    "/tiles/hillshade/{z}/{x}/{y}.png",
    response_class=Response,
    responses={200: {"content": {_PNG: {}}}, 304: {"description": "not changed"}},
)
async def get_hillshade(
    *,
    z: int,
    x: int,
    y: int,
    _: SignedIn,
    tiles: Annotated[HillshadeTiles, Depends(shades_of)],
    if_none_match: Annotated[str | None, Header(max_length=1000)] = None,
) -> Response:
    """Return light and shadow of the ground, zoom 6 to 14; see-through where no heights are known."""
    address = TileAddress(z, x, y)
    etag = await tiles.etag(address)
    headers = {"ETag": etag, "Cache-Control": _CACHE}
    if if_none_match is not None and is_same(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    drawn = await tiles.get(address)
    return Response(drawn.png, media_type=_PNG, headers=headers | {"ETag": drawn.etag})


@router.get("/api/elevation")
async def get_elevation(
    _: Annotated[Caller, at_installation(Right.COORDINATES_READ)],
    office: OfficeDep,
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
) -> Elevation:
    """Return the height of a place from the imported grids of heights."""
    return Elevation.model_validate(await elevation(office.engine, lon, lat))
