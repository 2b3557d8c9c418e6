"""СТОП of every operation of the caller, for the band that stands on all pages."""

from typing import Any

from fastapi import APIRouter

from search_ops.services.stops import read_stops
from web.deps import GuardedRoute, OfficeDep, SignedIn
from web.schemas.stops import StopAnswer

router = APIRouter(route_class=GuardedRoute, tags=["operations"])


@router.get("/api/stops", response_model=list[StopAnswer])
async def get_stops(principal: SignedIn, office: OfficeDep) -> list[dict[str, Any]]:
    """Return the operations on СТОП that the caller may read."""
    return await read_stops(office, principal)
