"""Writing a joint request where it is read: in the operation, and in the streams of its sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from search_ops.domain.visibility import agency_class
from search_ops.errors import ChangedMeanwhile, Denied, NotKnown
from search_ops.persistence.event_log import operation_stream, organisation_stream
from search_ops.persistence.tables import request_party
from search_ops.services.scribe import Scribe, intend, known

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from search_ops.domain.events import Stored
    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import (
        Wish,
    )
    from search_ops.persistence.unit_of_work import LockedStream, Office


@dataclass(frozen=True, slots=True)
class Saying:
    """What an organisation that was asked says, and to whom."""

    kind: str
    asking: str
    organisation_id: str
    payload: Mapping[str, Any]
    sealed: Mapping[str, Any]


def to_organisation(
    scribe: Scribe,
    organisation_id: UUID | str,
    kind: str,
    payload: Mapping[str, Any],
    *,
    sealed: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write an event into the stream of an organisation, where its own class reads it."""
    scribe.write(
        kind,
        agency_class(organisation_id),
        payload,
        sealed=sealed,
        at=at,
        stream_id=organisation_stream(organisation_id),
    )


def everywhere(
    scribe: Scribe,
    event: Saying,
    state_in: Callable[[LockedStream], str] | None = None,
) -> Stored:
    """Write an event of one organisation's answer: into the operation, and to both sides.

    Parameters
    ----------
    state_in : callable or None
        State of the request after it, as each stream knows it: in its own stream the answering side sees
        its own answers only.
    """

    def complete(stream_id: str) -> Mapping[str, Any]:
        if state_in is None:
            return event.payload
        return {**event.payload, "state": state_in(scribe.work.streams[stream_id])}

    own_class = agency_class(event.organisation_id)
    stored = scribe.write(event.kind, own_class, complete(scribe.stream_id), sealed=event.sealed)
    for party in (event.asking, event.organisation_id):
        payload = complete(organisation_stream(party))
        to_organisation(scribe, party, event.kind, payload, sealed=event.sealed)
    return stored


async def on_request(
    office: Office,
    principal: Principal,
    request: tuple[UUID, UUID],
    wish: Wish,
    *,
    name: str,
    decide: Callable[[Scribe], Awaitable[Mapping[str, Any]]],
) -> dict[str, Any]:
    """Carry out a wish on a request, (operation, request), with the streams of all its sides locked."""
    operation_id, request_id = request
    async with office.engine.connect() as connection:
        query = select(request_party.c.organisation_id).where(
            request_party.c.operation_id == operation_id, request_party.c.request_id == request_id
        )
        parties = (await connection.execute(query)).scalars().all()
    if not parties:
        raise NotKnown
    streams = [operation_stream(operation_id), *map(organisation_stream, parties)]
    return await intend(
        office,
        principal,
        wish,
        name=name,
        streams=streams,
        decide=decide,
        about={"request_id": str(request_id)},
    )


def own_organisation(principal: Principal) -> UUID:
    """Return the caller's organisation.

    Raises
    ------
    Denied
        A participant asks for himself, not for an organisation.
    """
    if principal.organisation_id is None:
        raise Denied("request.make")
    return principal.organisation_id


def asked_by(request: Mapping[str, Any], organisation_id: UUID) -> str:
    """Return the organisation if the request went to it.

    Raises
    ------
    NotKnown
        To others the request does not exist.
    """
    if str(organisation_id) not in request["to_organisation_ids"]:
        raise NotKnown
    return str(organisation_id)


def check_seen(scribe: Scribe, request_id: UUID, acting: str, base_version: int | None) -> None:
    """Refuse a decision on an older request; the version may be that of the desk's own stream.

    Raises
    ------
    ChangedMeanwhile
        With the version that stands there.
    """
    own = scribe.work.streams.get(organisation_stream(acting), scribe.stream)
    current = int(known(own, "requests", request_id)["version"])
    if base_version not in {current, int(known(scribe.stream, "requests", request_id)["version"])}:
        raise ChangedMeanwhile(current_version=current)


def commitments(stream: LockedStream, request_id: UUID) -> list[dict[str, Any]]:
    """Return the answers to a request that this stream knows, each with its ``id``."""
    return [
        {"id": identity, **commitment}
        for identity, commitment in stream.all("commitments")
        if commitment["request_id"] == str(request_id)
    ]
