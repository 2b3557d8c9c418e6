"""The HTTP process: routers, table of errors, headers of every answer; started as ``web.app:create_app``."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

from search_ops.services.clocks import ClockRounds
from search_ops.services.keeping_rounds import KeepingRounds
from search_ops.services.office import open_office
from search_ops.services.waiting import LogWatch
from search_ops.settings import Settings
from search_ops.settings import settings as settings_of_process
from web import errors
from web.access import RULES
from web.deps import GuardedRoute, UnlistedRoute
from web.edge import Edge
from web.limits import Limits
from web.logs import configure_logs
from web.packing import PackedSnapshots
from web.routers import (
    assigning,
    cases,
    clocks,
    crews,
    evacuating,
    events,
    evidence,
    files,
    geometries,
    grid_defaults,
    ground,
    handing_over,
    health,
    join,
    keeping,
    landing,
    movements,
    operations,
    organisations,
    pages,
    paper,
    people,
    planning,
    positions,
    probability,
    radio_log,
    rasters,
    relief,
    reports,
    requests,
    roster,
    sectors,
    session,
    sound_calls,
    stops,
    tasking,
    team_building,
    trackers,
    transport,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from search_ops.persistence.unit_of_work import Office

VERSION: Final = "0.1.0"

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router,
    session.router,
    join.router,
    operations.router,
    stops.router,
    events.router,
    positions.router,
    trackers.router,
    organisations.router,
    geometries.router,
    cases.router,
    planning.router,
    grid_defaults.router,
    sectors.router,
    files.router,
    evidence.router,
    sound_calls.router,
    probability.router,
    assigning.router,
    evacuating.router,
    handing_over.router,
    paper.router,
    people.router,
    roster.router,
    team_building.router,
    crews.router,
    tasking.router,
    clocks.router,
    requests.router,
    transport.router,
    landing.router,
    movements.router,
    reports.router,
    keeping.router,
    radio_log.router,
    ground.router,
    relief.router,
    rasters.router,
    pages.router,
)

_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "where": {"type": "string"},
        "right": {"type": "string"},
    },
}
_REFUSALS: Final = {
    401: "No session",
    403: "A right is missing, or the origin is not ours",
    404: "Not known, or not for you",
    405: "No such method here",
    409: "The state of things does not allow it",
    413: "Body too large",
    415: "Not JSON",
    422: "Input refused",
    429: "Too many",
    503: "Cannot answer now",
}


def create_app(office: Office | None = None, configured: Settings | None = None) -> FastAPI:
    """Make the app.

    Parameters
    ----------
    office : Office, optional
        The office to work with; opened from the settings, and closed again, when absent.
    configured : Settings, optional
        Those of the process when absent.
    """
    configure_logs()
    chosen = configured or settings_of_process()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if office is not None:
            app.state.office = office
            app.state.keeping = KeepingRounds(office, chosen)
            async with LogWatch(office.engine) as app.state.watch:
                yield
            return
        async with (
            open_office(chosen) as opened,
            LogWatch(opened.engine) as app.state.watch,
            ClockRounds(opened) as app.state.clocks,
        ):
            app.state.office = opened
            if chosen.api_processes > 1:
                app.state.limits = Limits(opened.engine)
            async with KeepingRounds(opened, chosen) as app.state.keeping:
                yield

    app = FastAPI(
        title="search-ops",
        version=VERSION,
        lifespan=lifespan,
        openapi_url=None,  # served by ourselves, to signed-in staff
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.settings = chosen
    app.state.limits = Limits()
    errors.install(app)
    for router in ROUTERS:
        app.include_router(_checked(router))
    app.add_middleware(PackedSnapshots)
    app.add_middleware(Edge, configured=chosen)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app


def _checked(router: APIRouter) -> APIRouter:
    """Return a router of ours.

    Raises
    ------
    UnlistedRoute
        One of its routes would let bodies in before rights.
    """
    for route in router.routes:
        if not isinstance(route, GuardedRoute):
            raise UnlistedRoute(f"{route} is not a GuardedRoute")
    return router


def _described(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description with what every route has in common: keys and refusals."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    described = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = described.setdefault("components", {})
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
    }
    components.setdefault("schemas", {})["Problem"] = _PROBLEM
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            rule = RULES[(method.upper(), path)]
            if rule.signed_in:
                operation["security"] = [{"bearer": []}, {"cookie": []}]
            for status, description in _REFUSALS.items():
                operation["responses"][str(status)] = {
                    "description": description,
                    "content": {errors.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    app.openapi_schema = described
    return described
