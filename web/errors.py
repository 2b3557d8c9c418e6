"""The one table from errors to answers: status, stable code, a sentence in the caller's language (RFC 9457).

Nothing that was sent is repeated: places name only fields that are ours, sentences hold only our own values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from search_ops.domain.payloads import FIELD_KINDS, FieldEvent, Position
from search_ops.errors import (
    BadInput,
    Conflict,
    Denied,
    NotKnown,
    SearchOpsError,
    TooLarge,
    TooMany,
    Unavailable,
)
from search_ops.texts import FALLBACK, LOCALES, text
from web.auth import NotSignedIn, OriginRefused
from web.parser import NotJson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request
    from pydantic import BaseModel

log = structlog.get_logger()

# First match wins; the class decides about the status, the code about the words.
STATUSES: Final[tuple[tuple[type[SearchOpsError], int], ...]] = (
    (NotSignedIn, 401),
    (OriginRefused, 403),
    (Denied, 403),
    (NotKnown, 404),
    (Conflict, 409),
    (TooLarge, 413),
    (NotJson, 415),
    (BadInput, 422),
    (TooMany, 429),
    (Unavailable, 503),
    (SearchOpsError, 409),
)

# Codes of the framework's own refusals.
_HTTP_CODES: Final = {
    400: "bad_request",
    404: "not_known",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "not_json",
    422: "input_refused",
}
_GENERIC: Final = {
    401: "not_signed_in",
    403: "right_missing",
    404: "not_known",
    409: "conflict",
    422: "input_refused",
}
_RESERVED: Final = frozenset({"type", "title", "status", "code", "instance", "detail"})
MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 20
RETRY_AFTER_S: Final = 2


def problem(
    request: Request,
    status: int,
    code: str,
    data: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the answer for one refusal."""
    members = {name: value for name, value in (data or {}).items() if name not in _RESERVED}
    locale = locale_of(request.headers.get("accept-language", ""))
    body = {
        "type": f"urn:search-ops:problem:{code}",
        "title": sentence(locale, code, status, members),
        "status": status,
        "code": code,
        **members,
    }
    extra = {"Content-Language": locale, **(headers or {})}
    return JSONResponse(body, status_code=status, headers=extra, media_type=MEDIA_TYPE)


def sentence(locale: str, code: str, status: int, members: Mapping[str, Any]) -> str:
    """Return the words for a code, or the general ones of its status when there are none."""
    plain = {name: value for name, value in members.items() if isinstance(value, str | int | float)}
    for outer, inner in members.items():
        if isinstance(inner, dict):
            plain.update((f"{outer}_{name}", value) for name, value in inner.items() if value is not None)
    for wanted in (code, _GENERIC.get(status, "unexpected"), "unexpected"):
        try:
            return text(locale, f"error-{wanted.replace('_', '-')}", **plain)
        except (KeyError, ValueError):
            continue
    return code


def locale_of(accept_language: str) -> str:
    """Choose between our languages by Accept-Language; Russian unless English is preferred."""
    best, best_weight = FALLBACK, 0.0
    for entry in accept_language[:200].split(","):
        tag, _, parameters = entry.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        found = re.fullmatch(r"\s*q=([01](?:\.[0-9]{0,3})?)\s*", parameters)
        weight = float(found[1]) if found else 1.0
        if language in LOCALES and weight > best_weight:
            best, best_weight = language, weight
    return best


def install(app: FastAPI) -> None:
    """Give the app its table of errors."""
    app.add_exception_handler(SearchOpsError, _expected)  # type: ignore[arg-type]  # Starlette types handlers by the base class
    app.add_exception_handler(RequestValidationError, _invalid)  # type: ignore[arg-type]
    app.add_exception_handler(HTTPException, _framework)  # type: ignore[arg-type]
    app.add_exception_handler(DBAPIError, _database)  # type: ignore[arg-type]
    app.add_exception_handler(PoolTimeoutError, _busy)


async def _expected(request: Request, error: SearchOpsError) -> JSONResponse:
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    data = dict(error.data)
    headers: dict[str, str] = {}
    if "where" in data:
        data["where"] = _ours(request, str(data["where"]).split("."))
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(data.get("retry_after_s", RETRY_AFTER_S))
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(data.setdefault("retry_after_s", RETRY_AFTER_S))
    return problem(request, status, error.code, data, headers)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    faults = [
        {"where": _ours(request, _place(fault)), "fault": str(fault["type"])}
        for fault in error.errors()[:MOST_FAULTS]
    ]
    where = faults[0]["where"] if faults else "body"
    return problem(request, 422, "input_refused", {"where": where, "faults": faults})


def _place(fault: Mapping[str, Any]) -> list[str]:
    place = [str(part) for part in fault["loc"]]
    # The name of a field that is not ours is something that was sent.
    return place[:-1] if fault["type"] == "extra_forbidden" else place


async def _framework(request: Request, error: HTTPException) -> JSONResponse:
    code = _HTTP_CODES.get(error.status_code, "bad_request")
    return problem(request, error.status_code, code, headers=error.headers)


async def _database(request: Request, error: DBAPIError) -> JSONResponse:
    if isinstance(error, DataError):
        # A value that PostgreSQL cannot hold got past the schemas: the sender is told, we look into it.
        log.error("value refused by the database", path=request.scope["route"].path, fault=_sqlstate(error))
        return problem(request, 422, "input_refused", {"where": "body"})
    if isinstance(error, OperationalError):
        log.warning("database cannot answer now", fault=_sqlstate(error))
        return await _busy(request, error)
    raise error


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or type(error.orig).__name__)


async def _busy(request: Request, _: Exception) -> JSONResponse:
    headers = {"Retry-After": str(RETRY_AFTER_S)}
    return problem(request, 503, "busy", {"retry_after_s": RETRY_AFTER_S}, headers)


def unexpected(request: Request) -> JSONResponse:
    """Return the answer to a fault of ours; what happened stands in the log, not here."""
    return problem(request, 500, "unexpected")


def _ours(request: Request, place: Sequence[str]) -> str:
    """Return the place up to the first part that is not a name of ours or an index."""
    known = _known_names(request.app)
    kept: list[str] = []
    for part in place:
        if part not in known and not (part.isascii() and part.isdigit() and len(part) < 7):  # noqa: PLR2004
            break
        kept.append(part)
    return ".".join(kept)


def _known_names(app: FastAPI) -> frozenset[str]:
    """Return the names of all fields and parameters that the API declares."""
    held: frozenset[str] | None = getattr(app.state, "known_names", None)
    if held is None:
        names = {"body", "query", "path", "type", "coordinates", "geometry"}
        models: list[type[BaseModel]] = [FieldEvent, Position, *FIELD_KINDS.values()]
        for model in models:
            names.update(model.model_fields)
        description = app.openapi()
        for schema in description.get("components", {}).get("schemas", {}).values():
            names.update(schema.get("properties", ()))
        for operations in description["paths"].values():
            for operation in operations.values():
                names.update(parameter["name"] for parameter in operation.get("parameters", ()))
        held = frozenset(names)
        app.state.known_names = held
    return held
