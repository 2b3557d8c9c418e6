"""Answers to joint requests: who has seen it, who promised what, what was only said by phone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.joint_request import (
    check_answer,
    state_after_answer,
    state_after_receipt,
)
from search_ops.errors import Conflict, Denied, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream, organisation_stream
from search_ops.services.movement_requests import movement_follows
from search_ops.services.request_streams import (
    Saying,
    asked_by,
    check_seen,
    commitments,
    everywhere,
    on_request,
    own_organisation,
)
from search_ops.services.scribe import Scribe, known, wire_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import (
        AnswerWish,
        ReceivedWish,
        ToldConfirmation,
        ToldWish,
    )
    from search_ops.persistence.unit_of_work import LockedStream, Office


async def receive_request(
    office: Office, principal: Principal, operation_id: UUID, request_id: UUID, wish: ReceivedWish
) -> dict[str, Any]:
    """Say which duty officer knows of the request: he opened it, or he was told by phone.

    Raises
    ------
    Denied
        Only the asked organisation opens it; that its officer was told by phone, those enter who told him:
        the asking side or the headquarters of the search.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        request = known(scribe.stream, "requests", request_id)
        asking = str(request["from_organisation_id"])
        acting = str(own_organisation(principal))
        organisation_id = asked_by(request, wish.organisation_id)
        told_by_phone = wish.via == "phone" and acting not in request["to_organisation_ids"]
        if acting != organisation_id and not told_by_phone:
            raise Denied("request.receive")
        check_seen(scribe, request_id, acting, wish.base_version)
        payload = {
            "request_id": str(request_id),
            "organisation_id": organisation_id,
            "officer_post": wish.officer_post or None,
            "via": wish.via,
        }
        officer = {"officer_name": wish.officer_name, "officer_phone": wish.officer_phone or None}

        def state_in(stream: LockedStream) -> str:
            return state_after_receipt(str(known(stream, "requests", request_id)["state"]))

        stored = everywhere(
            scribe, Saying("request_received", asking, organisation_id, payload, officer), state_in
        )
        return {"request_id": str(request_id), "state": stored.payload["state"], "seq": stored.seq}

    return await on_request(
        office, principal, (operation_id, request_id), wish, name="request.receive", decide=decide
    )


async def answer_request(
    office: Office, principal: Principal, operation_id: UUID, request_id: UUID, wish: AnswerWish
) -> dict[str, Any]:
    """Accept an item with quantity and arrival time, or decline it with a reason.

    Returns
    -------
    dict
        ``{"commitment_id", "state", "seq"}``, the state of the request as headquarters sees it.

    Raises
    ------
    Denied
        The caller is not of the organisation that answers.
    """
    commitment_id = uuid7()

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        request = known(scribe.stream, "requests", request_id)
        organisation_id = asked_by(request, wish.organisation_id)
        if str(own_organisation(principal)) != organisation_id:
            raise Denied("request.answer")
        check_seen(scribe, request_id, organisation_id, wish.base_version)
        check_answer(request, commitments(scribe.stream, request_id), wish)
        accepted = wish.decision == "accept"
        payload = {
            "request_id": str(request_id),
            "commitment_id": str(commitment_id),
            "organisation_id": organisation_id,
            "item_id": str(wish.item_id),
            "decision": wish.decision,
            "commitment_state": "accepted" if accepted else "declined",
            "quantity": wish.quantity if accepted else None,
            "arrive_at": wire_or_none(wish.arrive_at) if accepted else None,
            "reason": wish.reason or None,
        }
        leader = {"leader": wish.leader or None, "phone": wish.phone or None}

        def state_in(stream: LockedStream) -> str:
            held = known(stream, "requests", request_id)
            own = {
                "item_id": payload["item_id"],
                "organisation_id": organisation_id,
                "quantity": payload["quantity"],
                "state": payload["commitment_state"],
            }
            # In its own stream the answering side sees its own answers only, so it alone is asked there.
            mine = stream.stream_id == organisation_stream(organisation_id)
            asked = [organisation_id] if mine else held["to_organisation_ids"]
            return state_after_answer(held, asked, [*commitments(stream, request_id), own])

        asking = str(request["from_organisation_id"])
        stored = everywhere(
            scribe, Saying("request_answered", asking, organisation_id, payload, leader), state_in
        )
        await movement_follows(scribe, operation_id, payload)
        return {"commitment_id": str(commitment_id), "state": stored.payload["state"], "seq": stored.seq}

    return await on_request(
        office, principal, (operation_id, request_id), wish, name="request.answer", decide=decide
    )


async def enter_told(
    office: Office, principal: Principal, operation_id: UUID, request_id: UUID, wish: ToldWish
) -> dict[str, Any]:
    """Enter what an agency said by phone: «со слов», unconfirmed until its officer confirms it."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        request = known(scribe.stream, "requests", request_id)
        organisation_id = asked_by(request, wish.organisation_id)
        told_id = uuid7()
        payload = {
            "told_id": str(told_id),
            "request_id": str(request_id),
            "item_id": None if wish.item_id is None else str(wish.item_id),
            "organisation_id": organisation_id,
            "post": wish.post or None,
            "said_at": wire_or_none(wish.said_at or scribe.work.now),
            "text": wish.text,
            "decision": wish.decision,
            "quantity": wish.quantity,
            "arrive_at": wire_or_none(wish.arrive_at),
        }
        speaker = {"name": wish.name, "phone": wish.phone or None}
        asking = str(request["from_organisation_id"])
        stored = everywhere(scribe, Saying("agency_told", asking, organisation_id, payload, speaker))
        return {"told_id": str(told_id), "seq": stored.seq}

    return await on_request(
        office, principal, (operation_id, request_id), wish, name="request.tell", decide=decide
    )


async def confirm_told(
    office: Office, principal: Principal, operation_id: UUID, told_id: UUID, wish: ToldConfirmation
) -> dict[str, Any]:
    """Confirm what was told; only an officer of the organisation that is said to have said it.

    Raises
    ------
    Conflict
        ``already_confirmed``.
    """
    async with office.engine.connect() as connection:
        state = await load_state(connection, operation_stream(operation_id))
    told = state.get("told", {}).get(str(told_id))
    if told is None:
        raise NotKnown

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        held = known(scribe.stream, "told", told_id)
        if str(own_organisation(principal)) != held["organisation_id"]:
            raise Denied("request.answer")
        if held["confirmed"]:
            raise Conflict("already_confirmed")
        request = known(scribe.stream, "requests", held["request_id"])
        payload = {"told_id": str(told_id)}
        officer = {"officer_name": wish.officer_name or principal.name}
        asking = str(request["from_organisation_id"])
        stored = everywhere(
            scribe, Saying("told_confirmed", asking, held["organisation_id"], payload, officer)
        )
        return {"told_id": str(told_id), "seq": stored.seq}

    return await on_request(
        office,
        principal,
        (operation_id, UUID(told["request_id"])),
        wish,
        name="told.confirm",
        decide=decide,
    )
