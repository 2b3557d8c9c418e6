"""The one parser of bodies and queries: what is ambiguous, unbounded or hidden is refused, never mended.

Size is counted while reading; a second key of the same name, numbers that are not finite, texts with NUL,
half surrogates or marks that turn the direction of writing have no honest use in a report. Faults name the
kind and the place; what was sent is never repeated.
"""

from __future__ import annotations

import math
import re
import unicodedata
from email.message import Message
from typing import TYPE_CHECKING, Any, Final

import jiter
from pydantic import BaseModel

from search_ops.errors import BadInput, SearchOpsError, TooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import Request
    from fastapi.dependencies.models import Dependant

UNSAFE_METHODS: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
DEEPEST: Final = 32
LARGEST_INTEGER: Final = 2**53
LONGEST_QUERY: Final = 2_000

_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_REFUSED_CHARACTERS: Final = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff{_BIDI}]")


class NotJson(SearchOpsError):  # noqa: N818
    """The body is of another type than JSON."""

    def __init__(self) -> None:
        super().__init__("not_json")


async def read_body(request: Request, limit_bytes: int) -> None:
    """Read and judge the body, and leave what was parsed for FastAPI to validate.

    Raises
    ------
    TooLarge, NotJson, BadInput
        See the module.
    """
    raw = await read_bounded(request, limit_bytes)
    request._body = raw  # noqa: SLF001 - the cache of Request.body()
    if raw:
        _check_type(request)
        request._json = parse(raw)  # noqa: SLF001 - the cache of Request.json()


def check_declared(request: Request, limit_bytes: int) -> None:
    """Refuse a body that says beforehand that it is too long.

    Raises
    ------
    TooLarge
        Before any of it is read.
    """
    declared = request.headers.get("content-length", "0")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit_bytes:
        raise TooLarge(limit_bytes)


async def read_bounded(request: Request, limit_bytes: int) -> bytes:
    """Return the body of a request whose size is counted while it is read.

    Raises
    ------
    TooLarge
        It is longer than the limit.
    """
    check_declared(request, limit_bytes)
    chunks: list[bytes] = []
    size_bytes = 0
    async for chunk in request.stream():
        size_bytes += len(chunk)
        if size_bytes > limit_bytes:
            raise TooLarge(limit_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


def _check_type(request: Request) -> None:
    message = Message()
    message["content-type"] = request.headers.get("content-type", "")
    charset = message.get_content_charset("utf-8")
    if message.get_content_type() != "application/json" or charset not in {"utf-8", "utf8", "us-ascii"}:
        raise NotJson
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotJson


def parse(raw: bytes) -> Any:
    """Return the JSON value of the bytes, texts in NFC.

    Raises
    ------
    BadInput
        The bytes are not JSON, or hold what this module refuses.
    """
    try:
        value = jiter.from_json(raw, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError as error:
        raise BadInput(_code_of(str(error))) from None
    return _judged(value, DEEPEST, _Where())


def _code_of(fault: str) -> str:
    if fault.startswith("Detected duplicate key"):
        return "duplicate_key"
    if fault.startswith("recursion limit"):
        return "too_deep"
    if fault.startswith("number out of range"):
        return "number_too_large"
    if fault.startswith(("invalid unicode", "unexpected end of hex", "lone leading surrogate")):
        return "text_broken"
    return "json_broken"


class _Where:
    """The place in the body, kept as a stack so that a good body costs no texts."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: list[str | int] = []

    def refuse(self, code: str) -> BadInput:
        return BadInput(code, where=".".join(["body", *map(str, self.parts)]))


def _judged(value: Any, depth_left: int, where: _Where) -> Any:
    kind = type(value)
    if kind is str:
        return _text(value, where)
    if kind is float:
        if not math.isfinite(value):
            raise where.refuse("number_not_finite")
    elif kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise where.refuse("number_too_large")
    elif kind is dict:
        return _object(value, depth_left, where)
    elif kind is list:
        if depth_left == 0:
            raise where.refuse("too_deep")
        for index, inner in enumerate(value):
            where.parts.append(index)
            value[index] = _judged(inner, depth_left - 1, where)
            where.parts.pop()
    return value


def _object(value: dict[str, Any], depth_left: int, where: _Where) -> dict[str, Any]:
    if depth_left == 0:
        raise where.refuse("too_deep")
    judged: dict[str, Any] = {}
    for name, inner in value.items():
        key = _text(name, where)
        if key in judged:
            raise where.refuse("duplicate_key")  # two spellings of one name, equal once normalised
        where.parts.append(key)
        judged[key] = _judged(inner, depth_left - 1, where)
        where.parts.pop()
    return judged


def _text(value: str, where: _Where) -> str:
    if value.isascii() and value.isprintable():
        return value
    if _REFUSED_CHARACTERS.search(value) is not None:
        raise where.refuse("text_forbidden_character")
    return unicodedata.normalize("NFC", value)


def check_query(request: Request, dependant: Dependant) -> None:
    """Refuse unknown and repeated parameters, and texts that a body could not hold either.

    Raises
    ------
    BadInput
        With the name of a parameter only where it is ours.
    """
    if len(request.scope["query_string"]) > LONGEST_QUERY:
        raise BadInput("query_too_long", where="query")
    known = set(_query_names(dependant))
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        if name not in known:
            raise BadInput("unknown_parameter", where="query")
        if name in seen:
            raise BadInput("repeated_parameter", where=f"query.{name}")
        seen.add(name)
        if _REFUSED_CHARACTERS.search(value) is not None or "\ufffd" in value:
            raise BadInput("text_forbidden_character", where=f"query.{name}")
    for name, value in request.path_params.items():
        if isinstance(value, str) and (_REFUSED_CHARACTERS.search(value) is not None or "\ufffd" in value):
            raise BadInput("text_forbidden_character", where=f"path.{name}")


def _query_names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from (info.alias or name for name, info in model.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _query_names(inner)
