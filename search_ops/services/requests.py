"""Joint requests: who asks whom for what.

Each event stands in the stream of the operation and in that of the organisations concerned, sealed there with
the key of that stream: a duty desk sees its own requests across operations, headquarters sees all of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.domain.joint_request import (
    check_cancel,
)
from search_ops.domain.visibility import agency_class
from search_ops.errors import BadInput, Denied
from search_ops.persistence.event_log import operation_stream, organisation_stream
from search_ops.persistence.tables import operation_record, request_party
from search_ops.services.organisations import ensure_streams, known_organisations
from search_ops.services.request_streams import (
    check_seen,
    on_request,
    own_organisation,
    to_organisation,
)
from search_ops.services.scribe import Scribe, intend, known, require_open, wire_or_none

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import (
        CancelWish,
        RequestWish,
    )
    from search_ops.persistence.unit_of_work import Office


async def make_request(
    office: Office,
    principal: Principal,
    operation_id: UUID,
    wish: RequestWish,
    *,
    follow: Callable[[Scribe, str, list[str]], Awaitable[None]] | None = None,
) -> dict[str, Any]:
    """Ask organisations for people or means.

    Parameters
    ----------
    follow : callable, optional
        Writes what follows for the operation, in the same transaction: given the ids of request and items.

    Returns
    -------
    dict
        ``{"request_id", "item_ids", "seq"}``.

    Raises
    ------
    BadInput
        ``unknown_organisation``, ``asks_itself``, ``place_incomplete``.
    """
    from_id = own_organisation(principal)
    asked = sorted(set(wish.to))
    if from_id in asked:
        raise BadInput("asks_itself", where="to")
    if (wish.lon is None) != (wish.lat is None):
        raise BadInput("place_incomplete", where="lon")
    if await known_organisations(office, asked) != set(asked):
        raise BadInput("unknown_organisation", where="to")
    await ensure_streams(office, [from_id, *asked])
    streams = [operation_stream(operation_id), *map(organisation_stream, [from_id, *asked])]

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        request_id = uuid7()
        payload = await _asked_payload(scribe, operation_id, from_id, request_id, wish)
        contact = {"contact": wish.contact or None}
        # One event for each who is asked: an event has one class, and each of them reads the request.
        written = [
            scribe.write("request_made", agency_class(organisation_id), payload, sealed=contact)
            for organisation_id in asked
        ]
        for organisation_id in [from_id, *asked]:
            to_organisation(scribe, organisation_id, "request_made", payload, sealed=contact)
        for organisation_id in [from_id, *asked]:
            await scribe.work.connection.execute(
                insert(request_party)
                .values(operation_id=operation_id, request_id=request_id, organisation_id=organisation_id)
                .on_conflict_do_nothing()
            )
        item_ids = [item["item_id"] for item in payload["items"]]
        if follow is not None:
            await follow(scribe, str(request_id), item_ids)
        return {
            "request_id": str(request_id),
            "item_ids": item_ids,
            "seq": written[-1].seq,
        }

    return await intend(office, principal, wish, name="request.make", streams=streams, decide=decide)


async def _asked_payload(
    scribe: Scribe, operation_id: UUID, from_id: UUID, request_id: UUID, wish: RequestWish
) -> dict[str, Any]:
    query = select(operation_record.c.number, operation_record.c.case_id, operation_record.c.exercise).where(
        operation_record.c.operation_id == operation_id
    )
    operation = (await scribe.work.connection.execute(query)).one()
    return {
        "request_id": str(request_id),
        "operation_id": str(operation_id),
        "number": operation.number,
        "case_id": str(operation.case_id),
        "exercise": operation.exercise,
        "from_organisation_id": str(from_id),
        "to_organisation_ids": [str(identity) for identity in sorted(set(wish.to))],
        "items": [
            {
                "item_id": str(uuid7()),
                "what": item.what,
                "quantity": item.quantity,
                "unit": item.unit or None,
            }
            for item in wish.items
        ],
        "place_text": wish.place_text or None,
        "lon": wish.lon,
        "lat": wish.lat,
        "needed_at": wire_or_none(wish.needed_at),
        "basis": wish.basis,
        "note": wish.note or None,
    }


async def cancel_request(
    office: Office, principal: Principal, operation_id: UUID, request_id: UUID, wish: CancelWish
) -> dict[str, Any]:
    """Withdraw a request; every organisation that was asked is told."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        request = known(scribe.stream, "requests", request_id)
        asking = str(request["from_organisation_id"])
        if str(own_organisation(principal)) != asking:
            raise Denied("request.make")
        check_seen(scribe, request_id, asking, wish.base_version)
        check_cancel(str(request["state"]))
        seq = withdraw(scribe, request_id, request, wish.reason)
        return {"request_id": str(request_id), "state": "cancelled", "seq": seq}

    return await on_request(
        office, principal, (operation_id, request_id), wish, name="request.cancel", decide=decide
    )


def withdraw(scribe: Scribe, request_id: UUID | str, request: Mapping[str, Any], reason: str) -> int:
    """Write that a request is withdrawn, for all its sides; return where it stands in the operation."""
    payload = {"request_id": str(request_id), "reason": reason}
    written = [
        scribe.write("request_cancelled", agency_class(organisation_id), payload)
        for organisation_id in request["to_organisation_ids"]
    ]
    for organisation_id in [request["from_organisation_id"], *request["to_organisation_ids"]]:
        to_organisation(scribe, organisation_id, "request_cancelled", payload)
    return written[-1].seq
