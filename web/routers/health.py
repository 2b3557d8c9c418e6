"""Whether the process lives, whether it can answer, its figures, and what the interface looks like."""

from ipaddress import ip_address
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response

from search_ops.domain.rights import Right
from search_ops.errors import NotKnown, Unavailable
from search_ops.services.metrics import Standing, metrics_text
from search_ops.services.readiness import is_ready
from web.deps import Caller, GuardedRoute, OfficeDep, SettingsDep, at_installation

router = APIRouter(route_class=GuardedRoute, tags=["health"])

_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
# Whoever comes through a proxy is not on this machine, although the proxy is.
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


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


@router.get("/metrics", response_class=Response, include_in_schema=False)
async def get_metrics(request: Request, office: OfficeDep, settings: SettingsDep) -> Response:
    """Return figures for Prometheus, to programs of this machine only."""
    host = "" if request.client is None else request.client.host
    if any(name in request.headers for name in _FORWARDED) or not _is_loopback(host):
        raise NotKnown
    clocks = getattr(request.app.state, "clocks", None)
    standing = Standing(None if clocks is None else clocks.finished_at, settings.data_dir)
    return Response(await metrics_text(office, standing), media_type=_PROMETHEUS)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@router.get("/openapi.json", include_in_schema=False)
async def get_openapi(
    request: Request, _: Annotated[Caller, at_installation(Right.DOCUMENTATION_READ)]
) -> dict[str, Any]:
    """Return the description of this interface."""
    described: dict[str, Any] = request.app.openapi()
    return described
