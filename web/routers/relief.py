"""What the map tells beyond tiles of the ground: hillshade, heights of places, places by name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from search_ops.domain.rights import Right
from search_ops.errors import BadInput
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.services.places import places
from search_ops.services.relief import HillshadeTiles, elevation
from web.deps import Caller, GuardedRoute, OfficeDep, SignedIn, at_installation, kept_by_process
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


class Place(BaseModel):
    """A named thing on the map. `fit`: same, begins, word, like. `class` as in the ground tiles."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    name: str
    class_name: str = Field(alias="class")
    subclass: str
    lon: float
    lat: float
    distance_m: int | None
    fit: str


class Places(BaseModel):
    """Places that fit a text, best and nearest first."""

    model_config = ConfigDict(frozen=True)

    places: list[Place]


async def shades_of(request: Request, office: OfficeDep) -> HillshadeTiles:
    """Return the pictures kept in this process."""
    return kept_by_process(request, "hillshade_tiles", lambda: HillshadeTiles(office.engine))


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


@router.get("/api/places")
async def get_places(
    *,
    _: Annotated[Caller, at_installation(Right.COORDINATES_READ)],
    office: OfficeDep,
    text: Annotated[str, Query(min_length=1, max_length=200)],
    lon: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    lat: Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 12,
) -> Places:
    """Return places by name, Cyrillic or Latin, also when misspelt; with a point, the nearest first."""
    if (lon is None) != (lat is None):
        raise BadInput("input_refused", where="query.lat" if lat is None else "query.lon")
    near = None if lon is None or lat is None else (lon, lat)
    return Places.model_validate({"places": await places(office.engine, text, near, limit=limit)})
