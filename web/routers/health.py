"""Whether the process lives, whether it can answer, and what the interface looks like."""

from typing import Annotated, Any

from fastapi import APIRouter, Request

from search_ops.domain.rights import Right
from search_ops.errors import Unavailable
from search_ops.services.readiness import is_ready
from web.deps import Caller, GuardedRoute, OfficeDep, at_installation

router = APIRouter(route_class=GuardedRoute, tags=["health"])


@router.get("/livez")
async def get_livez() -> dict[str, str]:
    """Answer while the process lives."""
    return {"status": "alive"}


@router.get("/readyz")
async def get_readyz(office: OfficeDep) -> dict[str, str]:
    """Answer when the database does and its schema is the one of this release."""
    if not await is_ready(office):
        raise Unavailable("not_ready")
    return {"status": "ready"}


@router.get("/openapi.json", include_in_schema=False)
async def get_openapi(
    request: Request, _: Annotated[Caller, at_installation(Right.DOCUMENTATION_READ)]
) -> dict[str, Any]:
    """Return the description of this interface."""
    described: dict[str, Any] = request.app.openapi()
    return described
