"""Trackers: bound to people by desks, heard in the protocols of OsmAnd, Traccar client and OwnTracks.

A device cannot read our problems and shows nothing of them to anybody: it gets the status that its protocol
expects. 2xx is said after the commit only, for the phone then forgets the fix. What can never be read is
counted at its tracker, which desks see; OwnTracks gets 2xx for it, else its queue would stand before it for
ever.
"""

import base64
import binascii
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from search_ops.domain import tracker_messages as messages
from search_ops.domain.rights import Right
from search_ops.domain.tracker_wishes import TrackerEnd, TrackerWish
from search_ops.errors import BadInput, NotKnown
from search_ops.persistence.unit_of_work import Office
from search_ops.services import trackers
from search_ops.services.reading import protected_read
from web.access import TRACKER_BODY_BYTES
from web.deps import Caller, GuardedRoute, LimitsDep, OfficeDep, SettingsDep, in_operation
from web.limits import Limits
from web.parser import parse, read_bounded
from web.schemas.base import Id
from web.schemas.trackers import TrackerBound, TrackerEnded, TrackersHeard

router = APIRouter(route_class=GuardedRoute, tags=["trackers"])

_O: Final = "/api/operations/{operation_id}"
_MALFORMED: Final = 400
_UNKNOWN_QUERY: Final = 400  # so says the protocol of the query string; that of the body says 404
_UNKNOWN_BODY: Final = 404
_UNKNOWN_OWNTRACKS: Final = 401


# ---- desks -------------------------------------------------------------------------------------


@router.post(_O + "/participants/{participant_id}/trackers", status_code=201, response_model=TrackerBound)
async def post_tracker(
    participant_id: Id,
    body: TrackerWish,
    caller: Annotated[Caller, in_operation(Right.PARTICIPANT_ADD)],
    office: OfficeDep,
    configured: SettingsDep,
) -> dict[str, Any]:
    """Bind a device to a participant; the token is told here and never again."""
    bound = await trackers.bind_tracker(office, caller.principal, caller.place_id, participant_id, body)
    url = configured.public_url
    return {**bound, "osmand_url": f"{url}/osmand/", "owntracks_url": f"{url}/owntracks/"}


@router.post(_O + "/trackers/{tracker_id}/end", response_model=TrackerEnded)
async def post_tracker_end(
    tracker_id: Id,
    body: TrackerEnd,
    caller: Annotated[Caller, in_operation(Right.PARTICIPANT_ADD)],
    office: OfficeDep,
) -> dict[str, Any]:
    """End it: its token is nobody's from now on."""
    return await trackers.unbind_tracker(office, caller.principal, caller.place_id, tracker_id, body)


@router.get(_O + "/trackers", response_model=TrackersHeard)
async def get_trackers(
    caller: Annotated[Caller, in_operation(Right.PARTICIPANT_ADD)], office: OfficeDep
) -> dict[str, Any]:
    """Tell when each tracker was last heard, and how much of it could not be taken."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        del classes  # whoever may bind devices reads all of them
        return {"trackers": await trackers.read_trackers(connection, caller.place_id)}

    return await protected_read(office, caller.principal, caller.place, "trackers", read)


# ---- devices -----------------------------------------------------------------------------------


@router.get("/osmand", include_in_schema=False)
@router.get("/osmand/", include_in_schema=False)
async def get_osmand(request: Request, office: OfficeDep, limits: LimitsDep) -> Response:
    """Take a position, or a sign of life, from the query string."""
    return await _take_query(request, dict(request.query_params), office, limits)


@router.post("/osmand", include_in_schema=False)
@router.post("/osmand/", include_in_schema=False)
async def post_osmand(request: Request, office: OfficeDep, limits: LimitsDep) -> Response:
    """Take positions from a body of JSON; without one, from the query string and a form."""
    raw = await read_bounded(request, TRACKER_BODY_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        form = dict(parse_qsl(raw.decode("utf-8", "replace"))) if kind.endswith("urlencoded") else {}
        return await _take_query(request, {**request.query_params, **form}, office, limits)
    try:
        body = parse(raw)
        token = messages.token_in_json(body)
    except (BadInput, messages.MalformedMessage):
        return Response(status_code=_MALFORMED)
    await limits.tracker_failures_by_address.check(_address(request))
    try:
        await trackers.take_message(office, messages.read_traccar(body))
    except messages.MalformedMessage:
        return await _malformed(office, token, _MALFORMED, _UNKNOWN_BODY)
    except NotKnown:
        await limits.tracker_failures_by_address.spend(_address(request))
        return Response(status_code=_UNKNOWN_BODY)
    return Response()


@router.post("/owntracks", include_in_schema=False)
@router.post("/owntracks/", include_in_schema=False)
async def post_owntracks(request: Request, office: OfficeDep, limits: LimitsDep) -> Response:
    """Take a message of OwnTracks; the token is the password, the user name may be anything."""
    await limits.tracker_failures_by_address.check(_address(request))
    token = _password(request)
    if token is None:
        return _not_let_in()
    raw = await read_bounded(request, TRACKER_BODY_BYTES)
    try:
        told = parse(raw) if raw else {"_type": "nothing"}
        await trackers.take_message(office, messages.read_owntracks(told, token))
    except (BadInput, messages.MalformedMessage):
        answer = await _malformed(office, token, 200, _UNKNOWN_OWNTRACKS)
        return JSONResponse([]) if answer.status_code == 200 else _not_let_in()  # noqa: PLR2004
    except NotKnown:
        await limits.tracker_failures_by_address.spend(_address(request))
        return _not_let_in()
    return JSONResponse([])


async def _take_query(request: Request, query: dict[str, str], office: Office, limits: Limits) -> Response:
    await limits.tracker_failures_by_address.check(_address(request))
    try:
        token = messages.token_in_query(query)
    except messages.MalformedMessage:
        return Response(status_code=_MALFORMED)
    try:
        await trackers.take_message(office, messages.read_query(query))
    except messages.MalformedMessage:
        return await _malformed(office, token, _MALFORMED, _UNKNOWN_QUERY)
    except NotKnown:
        await limits.tracker_failures_by_address.spend(_address(request))
        return Response(status_code=_UNKNOWN_QUERY)
    return Response()


async def _malformed(office: Office, token: str, status: int, unknown: int) -> Response:
    try:
        await trackers.count_malformed(office, token)
    except NotKnown:
        return Response(status_code=unknown)
    return Response(status_code=status)


def _not_let_in() -> Response:
    return Response(status_code=_UNKNOWN_OWNTRACKS, headers={"WWW-Authenticate": 'Basic realm="trackers"'})


def _password(request: Request) -> str | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        told = base64.b64decode(encoded.strip(), validate=True).decode()
        return messages.plain_token(told.partition(":")[2])
    except (binascii.Error, UnicodeDecodeError, messages.MalformedMessage):
        return None


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
