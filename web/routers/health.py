"""Whether the process lives, whether it can answer, its figures, and what the interface looks like."""

from dataclasses import asdict
from ipaddress import ip_address
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response

from search_ops.domain.rights import Right
from search_ops.errors import NotKnown, Unavailable
from search_ops.persistence.unit_of_work import Office
from search_ops.services.metrics import metrics_text
from search_ops.services.readiness import is_ready
from search_ops.services.standing import Standing, standing
from search_ops.settings import Settings
from web.deps import Caller, GuardedRoute, OfficeDep, SettingsDep, at_installation
from web.schemas.health import ReadyTold

router = APIRouter(route_class=GuardedRoute, tags=["health"])

_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
# Whoever comes through a proxy is not on this machine, although the proxy is.
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/livez")
async def get_livez() -> dict[str, str]:
    """Answer while the process lives."""
    return {"status": "alive"}


@router.get("/readyz", response_model=ReadyTold)
async def get_readyz(request: Request, office: OfficeDep, settings: SettingsDep) -> dict[str, Any]:
    """Answer when the database does and its schema is the one of this release; tell what stands still."""
    if not await is_ready(office):
        raise Unavailable("not_ready")
    return {"status": "ready", **asdict(_standing(request, office, settings))}


def _standing(request: Request, office: Office, settings: Settings) -> Standing:
    return standing(settings, getattr(request.app.state, "clocks", None), office.clock())


@router.get("/metrics", response_class=Response, include_in_schema=False)
async def get_metrics(request: Request, office: OfficeDep, settings: SettingsDep) -> Response:
    """Return figures for Prometheus, to programs of this machine only."""
    host = "" if request.client is None else request.client.host
    if any(name in request.headers for name in _FORWARDED) or not _is_loopback(host):
        raise NotKnown
    standing_now = _standing(request, office, settings)
    return Response(await metrics_text(office, standing_now), media_type=_PROMETHEUS)


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
