"""A movement asked of an agency: an ordinary joint request, whose commitment becomes the movement."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from search_ops.domain.movements import check_move
from search_ops.domain.visibility import HQ
from search_ops.domain.wishes import AskedItem, RequestWish
from search_ops.errors import Conflict, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.requests import make_request
from search_ops.services.scribe import check_version, known, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import MovementRequest
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe


async def request_movement(
    office: Office, principal: Principal, operation_id: UUID, movement_id: UUID, wish: MovementRequest
) -> dict[str, Any]:
    """Ask organisations to carry a movement; one command, one transaction with the joint request.

    Returns
    -------
    dict
        ``{"request_id", "item_ids", "seq"}``.

    Raises
    ------
    Conflict
        ``movement_requested``: it has been asked of somebody already.
    """
    async with office.engine.connect() as connection:
        state = await load_state(connection, operation_stream(operation_id))
    movement = state.get("movements", {}).get(str(movement_id))
    if movement is None:
        raise NotKnown
    by_at = movement.get("by_at")
    asked = RequestWish(
        command_id=wish.command_id,
        to=wish.to,
        items=[AskedItem(what=wish.what, quantity=1)],
        place_text=movement["to"].get("text") or movement["name"],
        lon=movement["to"].get("lon"),
        lat=movement["to"].get("lat"),
        needed_at=None if by_at is None else datetime.fromisoformat(by_at),
        basis=wish.basis,
        note=wish.note,
        contact=wish.contact,
    )

    async def follow(scribe: Scribe, request_id: str, item_ids: list[str]) -> None:
        require_open(scribe.stream)
        held = known(scribe.stream, "movements", movement_id)
        check_version(held, wish.base_version)
        check_move(held, "planned")
        if held.get("request_id") is not None:
            raise Conflict("movement_requested")
        payload = {
            "movement_id": str(movement_id),
            "request_id": request_id,
            "item_id": item_ids[0],
            "asked_of": [str(identity) for identity in sorted(set(wish.to))],
        }
        scribe.write("movement_requested", HQ, payload)

    return await make_request(office, principal, operation_id, asked, follow=follow)


def movement_follows(scribe: Scribe, commitment: Mapping[str, Any]) -> None:
    """Let an accepted answer become the movement that was asked for by this item.

    Whoever has chosen other itineraries meanwhile keeps them: the commitment stands with the request, and a
    person decides which of the two goes.
    """
    if commitment["decision"] != "accept":
        return
    for movement_id, movement in scribe.stream.all("movements"):
        wanted = movement.get("item_id") == commitment["item_id"] and movement["state"] == "asked"
        if not wanted:
            continue
        leg = {
            "kind": "agency",
            "mode": "agency",
            "organisation_id": commitment["organisation_id"],
            "from_place": movement["parties"][0]["place_id"],
            "to_place": movement["to"].get("place_id"),
            "leaves_at": None,
            "arrives_at": commitment["arrive_at"],
            "people": sum(int(party["people"]) for party in movement["parties"]),
            "cargo_kg": sum(weight_kg(party) for party in movement["parties"]),
        }
        payload = {
            "movement_id": movement_id,
            "legs": [leg],
            "arrive_at": commitment["arrive_at"],
            "carried_by": commitment["organisation_id"],
            "commitment_id": commitment["commitment_id"],
            "reason": None,
        }
        scribe.write("movement_chosen", HQ, payload)


def weight_kg(party: Mapping[str, Any]) -> float:
    """Return what the cargo of a party weighs, pieces included."""
    return float(party["cargo_kg"] + sum(piece["kg"] * piece["count"] for piece in party["pieces"]))
