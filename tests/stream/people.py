"""Invented readers, places and events of the stream's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from uuid_utils.compat import uuid7
from websockets.frames import Opcode
from websockets.streams import StreamReader

from search_ops.domain.principals import Grant, OrganisationKind, Place, Principal, Role
from search_ops.domain.visibility import ALL

if TYPE_CHECKING:
    from uuid import UUID

REGION = "RU-VLA"
EPOCH = "3f1d6f60-1111-4222-8333-944444444444"


def account(role: Role, *, region: str | None = REGION, operation_id: UUID | None = None) -> Principal:
    """Return somebody of staff with one grant."""
    return Principal(
        kind="account",
        id=uuid7(),
        session_id=uuid7(),
        name="Дежурный",
        organisation_id=uuid7(),
        organisation_kind=OrganisationKind.SQUAD,
        grants=(Grant(role, region=None if operation_id else region, operation_id=operation_id),),
    )


def volunteer(operation_id: UUID) -> Principal:
    """Return somebody who joined by code."""
    return Principal("participant", uuid7(), uuid7(), "Анна", operation_id=operation_id, device_id=uuid7())


def operation_place(operation_id: UUID, *addressed: UUID) -> Place:
    """Return an operation of our region."""
    return Place("operation", operation_id, REGION, addressed=frozenset(addressed))


def wire(seq: int, kind: str = "note_added", visibility: str = ALL, **payload: Any) -> dict[str, Any]:
    """Return an event in wire form."""
    return {
        "seq": seq,
        "id": str(uuid7()),
        "v": 1,
        "kind": kind,
        "visibility": visibility,
        "payload": payload,
    }


def read_frames(data: bytes) -> list[dict[str, Any]]:
    """Return the messages in bytes that are ready for a socket."""
    reader = StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    messages = []
    while not _is_done(reader):
        parsing = _parse(reader)
        if parsing.opcode is Opcode.TEXT:
            messages.append(orjson.loads(parsing.data))
    return messages


def _is_done(reader: StreamReader) -> bool:
    try:
        next(reader.at_eof())
    except StopIteration as finished:
        return bool(finished.value)
    return False


def _parse(reader: StreamReader) -> Any:
    from websockets.frames import Frame  # noqa: PLC0415 - only this helper parses

    parsing = Frame.parse(reader.read_exact, mask=False)
    try:
        next(parsing)
    except StopIteration as finished:
        return finished.value
    raise AssertionError("half a frame")
