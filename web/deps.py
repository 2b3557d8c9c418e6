"""What routers ask for: the office, the settings, and the caller whom the route has let in.

A route of ours first finds out who asks, then whether he may, and only then reads the body: an anonymous
caller is refused before anything he sent is judged. Routers take `GuardedRoute` as their route class and
name the right once more in their signature, so that the table in ``web.access`` and the code cannot drift::

    router = APIRouter(route_class=GuardedRoute)

    @router.put("/api/operations/{operation_id}/area")
    async def put_area(
        body: AreaBody, caller: Annotated[Caller, in_operation(Right.AREA_DRAW)], office: OfficeDep
    ) -> AreaAnswer: ...
"""

import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Path, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from search_ops.domain.principals import Place, Principal
from search_ops.domain.rights import Right
from search_ops.errors import BadInput
from search_ops.persistence.unit_of_work import Office
from search_ops.services.admission import Caller as AdmittedCaller
from search_ops.services.admission import PlaceKind, admit, demand
from search_ops.services.filing_line import FilingLines
from search_ops.services.keeping_rounds import KeepingRounds
from search_ops.services.waiting import LogWatch
from search_ops.settings import Settings
from web.access import RULES, At, Rule
from web.auth import NotSignedIn, check_origin, credentials
from web.errors import locale_of
from web.limits import Limits
from web.parser import UNSAFE_METHODS, check_declared, check_query, read_body

T = TypeVar("T")

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_KINDS: dict[At, PlaceKind] = {
    At.OPERATION: "operation",
    At.CASE: "case",
    At.ORGANISATION: "organisation",
    At.INSTALLATION: "installation",
}


class Caller:
    """Who asks, and the place of his right; the place is always there on routes that ask for a right."""

    __slots__ = ("place", "principal")

    def __init__(self, principal: Principal, place: Place) -> None:
        self.principal = principal
        self.place = place

    @property
    def place_id(self) -> UUID:
        """Return the id of the operation, case or organisation that the route is about."""
        assert self.place.id is not None
        return self.place.id


class UnlistedRoute(Exception):  # noqa: N818 - a statement about the code, seen by its author at start
    """A route is missing in ``web.access``, or asks for another right than the table says."""


class Asking:
    """Base of the dependencies that name a right: they hand over what `GuardedRoute` has already checked."""

    def __init__(self, at: At, rights: tuple[Right, ...]) -> None:
        self.at = at
        self.rights = rights

    def _caller(self, request: Request) -> Caller:
        return cast("Caller", request.state.caller)


class AskingOperation(Asking):
    """Asks at ``{operation_id}``."""

    async def __call__(self, request: Request, operation_id: Annotated[UUID, Path()]) -> Caller:  # noqa: ARG002 - documents the parameter
        """Return the caller."""
        return self._caller(request)


class AskingCase(Asking):
    """Asks at ``{case_id}``."""

    async def __call__(self, request: Request, case_id: Annotated[UUID, Path()]) -> Caller:  # noqa: ARG002
        """Return the caller."""
        return self._caller(request)


class AskingOrganisation(Asking):
    """Asks at ``{organisation_id}``."""

    async def __call__(self, request: Request, organisation_id: Annotated[UUID, Path()]) -> Caller:  # noqa: ARG002
        """Return the caller."""
        return self._caller(request)


class AskingInstallation(Asking):
    """Asks at the installation as a whole."""

    async def __call__(self, request: Request) -> Caller:
        """Return the caller."""
        return self._caller(request)


def in_operation(*rights: Right) -> Any:
    """Depend on a right (any of those named) in the operation of the path; yields a `Caller`."""
    return Depends(AskingOperation(At.OPERATION, rights))


def in_case(*rights: Right) -> Any:
    """Depend on a right in the case of the path; yields a `Caller`."""
    return Depends(AskingCase(At.CASE, rights))


def in_organisation(*rights: Right) -> Any:
    """Depend on a right in the organisation of the path; yields a `Caller`."""
    return Depends(AskingOrganisation(At.ORGANISATION, rights))


def at_installation(*rights: Right) -> Any:
    """Depend on a right somewhere in this installation; yields a `Caller`.

    Whoever writes to a region named in the body must ask for the right there himself.
    """
    return Depends(AskingInstallation(At.INSTALLATION, rights))


async def require_session(request: Request) -> Principal:
    """Return the caller of a route that asks for a session only."""
    return cast("Principal", request.state.principal)


def office_of(request: Request) -> Office:
    """Return the office of this process."""
    return cast("Office", request.app.state.office)


def settings_of(request: Request) -> Settings:
    """Return the settings of this process."""
    return cast("Settings", request.app.state.settings)


def limits_of(request: Request) -> Limits:
    """Return the counters of this process."""
    return cast("Limits", request.app.state.limits)


def watch_of(request: Request) -> LogWatch:
    """Return what lets requests wait for events."""
    return cast("LogWatch", request.app.state.watch)


def filing_of(request: Request) -> FilingLines:
    """Return where phones' batches wait for their transaction."""
    return kept_by_process(request, "filing", lambda: FilingLines(office_of(request)))


def keeping_of(request: Request) -> KeepingRounds:
    """Return what keeps the installation beside this process."""
    return cast("KeepingRounds", request.app.state.keeping)


def kept_by_process(request: Request, name: str, make: Callable[[], T]) -> T:
    """Return what this process keeps under a name, made when it is first asked for."""
    state = request.app.state
    if not hasattr(state, name):
        setattr(state, name, make())
    return cast("T", getattr(state, name))


def language_of(request: Request) -> str:
    """Return the reader's language."""
    return locale_of(request.headers.get("accept-language", ""))


def at_once(give: Callable[[Request], Any]) -> Any:
    """Depend on what a function makes of the request, without the thread that FastAPI gives plain ones."""

    async def given(request: Request) -> Any:
        return give(request)

    return Depends(given)


SignedIn = Annotated[Principal, Depends(require_session)]
OfficeDep = Annotated[Office, at_once(office_of)]
SettingsDep = Annotated[Settings, at_once(settings_of)]
KeepingDep = Annotated[KeepingRounds, at_once(keeping_of)]
LimitsDep = Annotated[Limits, at_once(limits_of)]
FilingDep = Annotated[FilingLines, at_once(filing_of)]
WatchDep = Annotated[LogWatch, at_once(watch_of)]
LocaleDep = Annotated[str, at_once(language_of)]


class GuardedRoute(APIRoute):
    """A route that lets nobody's body in before his right."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler: caller, right, query, body, in this order."""
        handle = super().get_route_handler()
        rule = self._rule()

        async def guarded(request: Request) -> Response:
            await _let_in(request, rule)
            if rule.strict_query:
                check_query(request, self.dependant)
            if rule.raw:
                check_declared(request, rule.body_bytes)
            elif request.method in UNSAFE_METHODS:
                await read_body(request, rule.body_bytes)
            return await handle(request)

        return guarded

    def _rule(self) -> Rule:
        """Return the row of the table, when the code asks for the same."""
        rules = [RULES.get((method, self.path_format)) for method in sorted(self.methods or ())]
        if not rules or rules[0] is None:
            raise UnlistedRoute(f"{sorted(self.methods or ())} {self.path_format} is not in web.access.RULES")
        rule = rules[0]
        asked = [(asking.at, asking.rights) for asking in _askings(self.dependant)]
        listed = [] if rule.at is None else [(rule.at, rule.rights)]
        if asked != listed:
            raise UnlistedRoute(f"{self.path_format} asks for {asked}, web.access.RULES says {listed}")
        return rule


def _askings(dependant: Dependant) -> Iterator[Asking]:
    for inner in dependant.dependencies:
        call: object = inner.call
        if isinstance(call, Asking):
            yield call
        yield from _askings(inner)


async def _let_in(request: Request, rule: Rule) -> None:
    held = credentials(request, settings_of(request))
    if held is None and rule.signed_in:
        raise NotSignedIn
    if request.method in UNSAFE_METHODS:
        check_origin(request, settings_of(request), by_cookie=held is not None and held.by_cookie)
    if held is None or not rule.signed_in:
        return
    kind = None if rule.at is None else _KINDS[rule.at]
    wanted = None if rule.at is None or rule.at is At.INSTALLATION else request.path_params[rule.at.value]
    readable = wanted is None or _UUID.fullmatch(wanted) is not None
    place_id = UUID(wanted) if readable and wanted is not None else None
    admitted: AdmittedCaller | None = await admit(office_of(request), held.token, kind, place_id)
    if admitted is None:
        raise NotSignedIn
    if not readable:
        raise BadInput("input_refused", where=f"path.{rule.at}")
    request.state.principal = admitted.principal
    if rule.at is not None:
        place = demand(admitted.principal, admitted.place, rule.rights)
        request.state.caller = Caller(admitted.principal, place)
