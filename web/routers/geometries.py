"""Geometries that are too large for an event."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from search_ops.services.reading import read_geometry
from web.deps import GuardedRoute, OfficeDep, SignedIn

router = APIRouter(route_class=GuardedRoute, tags=["geometries"])

# The bytes never change, but the right to see them may be withdrawn.
_CACHE = "private, max-age=3600"


@router.get(
    "/api/geometries/{sha256}",
    response_class=Response,
    responses={200: {"content": {"application/geo+json": {}}}},
)
async def get_geometry(
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")], principal: SignedIn, office: OfficeDep
) -> Response:
    """Return a geometry that some event which the caller reads refers to."""
    body = await read_geometry(office, principal, bytes.fromhex(sha256))
    return Response(body, media_type="application/geo+json", headers={"Cache-Control": _CACHE})
