"""A movement asked of an agency: an ordinary joint request, whose commitment becomes the movement."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from search_ops.domain.joint_request import LIVE, is_over
from search_ops.domain.movements import check_move, reports_of, under_way
from search_ops.domain.visibility import HQ
from search_ops.domain.wishes import AskedItem, RequestWish
from search_ops.errors import Conflict, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream, organisation_stream
from search_ops.persistence.transport_tables import transport_place
from search_ops.services.movement_onward import onward_of
from search_ops.services.request_streams import commitments
from search_ops.services.requests import make_request, withdraw
from search_ops.services.scribe import check_version, intend, intend_in_operation, known, require_open
from search_ops.services.transport_edits import held_row
from search_ops.services.transport_following import follow_choice, follow_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import CommitmentChoice, MovementEnd, MovementRequest
    from search_ops.persistence.unit_of_work import LockedStream, Office
    from search_ops.services.movement_onward import Onward
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
    async with office.engine.connect() as connection:
        place = await _destination(connection, movement)
    asked = RequestWish(
        command_id=wish.command_id,
        to=wish.to,
        items=[AskedItem(what=wish.what, quantity=1)],
        place_text=place["text"],
        lon=place["lon"],
        lat=place["lat"],
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
        if request_stands(scribe.stream, held):
            raise Conflict("movement_requested")
        payload = {
            "movement_id": str(movement_id),
            "request_id": request_id,
            "item_id": item_ids[0],
            "asked_of": [str(identity) for identity in sorted(set(wish.to))],
        }
        scribe.write("movement_requested", HQ, payload)

    return await make_request(office, principal, operation_id, asked, follow=follow)


async def _destination(connection: AsyncConnection, movement: Mapping[str, Any]) -> dict[str, Any]:
    """Return where it goes as an agency reads it: a place of the network by its name and where it lies."""
    to = movement["to"]
    found = {"text": to.get("text") or movement["name"], "lon": to.get("lon"), "lat": to.get("lat")}
    if to.get("place_id") is None:
        return found
    row = await held_row(connection, transport_place, to["place_id"])
    if row is None:
        return found
    return {"text": row["name_ru"] or row["name"], "lon": row["lon"], "lat": row["lat"]}


def request_stands(stream: LockedStream, movement: Mapping[str, Any]) -> bool:
    """Tell whether an agency may still carry it: not once all have declined, or the request is withdrawn."""
    if movement.get("request_id") is None:
        return False
    request = known(stream, "requests", movement["request_id"])
    return not is_over(request, commitments(stream, UUID(movement["request_id"])))


async def end_movement(
    office: Office, principal: Principal, operation_id: UUID, movement_id: UUID, wish: MovementEnd
) -> dict[str, Any]:
    """Call a movement off, with the reason; a request that was made for it goes with it.

    Returns
    -------
    dict
        ``{"movement_id", "state", "seq"}``.

    Notes
    -----
    Only who has asked withdraws a request: called off by somebody else, it stands, and desks say so.
    """
    async with office.engine.connect() as connection:
        state = await load_state(connection, operation_stream(operation_id))
    request_id = state.get("movements", {}).get(str(movement_id), {}).get("request_id")
    request = None if request_id is None else state["requests"][request_id]
    sides = [] if request is None else [request["from_organisation_id"], *request["to_organisation_ids"]]

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        movement = known(scribe.stream, "movements", movement_id)
        check_version(movement, wish.base_version)
        check_move(movement, "cancelled")
        stored = scribe.write("movement_ended", HQ, {"movement_id": str(movement_id), "reason": wish.reason})
        if movement.get("request_id") == request_id and request_stands(scribe.stream, movement):
            held = known(scribe.stream, "requests", str(request_id))
            if held["from_organisation_id"] == str(principal.organisation_id):
                withdraw(scribe, str(request_id), held, wish.reason)
        await follow_end(scribe, operation_id, movement_id, movement["name"])
        return {"movement_id": str(movement_id), "state": "cancelled", "seq": stored.seq}

    about = {"movement_id": str(movement_id)}
    streams = [operation_stream(operation_id), *map(organisation_stream, sides)]
    return await intend(
        office, principal, wish, name="movement.end", streams=streams, decide=decide, about=about
    )


async def take_commitment(
    office: Office, principal: Principal, operation_id: UUID, movement_id: UUID, wish: CommitmentChoice
) -> dict[str, Any]:
    """Let the agency that has accepted carry it, though something else was chosen meanwhile.

    People under way are taken over from where they are.

    Returns
    -------
    dict
        ``{"movement_id", "state", "seq"}``.

    Raises
    ------
    Conflict
        ``commitment_over``: it was withdrawn, or is none for this movement; ``nothing_left_to_carry``:
        everybody is there, on the last leg, or with an agency.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        movement = known(scribe.stream, "movements", movement_id)
        check_version(movement, wish.base_version)
        check_move(movement, "planned")
        commitment = known(scribe.stream, "commitments", wish.commitment_id)
        if commitment["item_id"] != movement.get("item_id") or commitment["state"] not in LIVE:
            raise Conflict("commitment_over")
        reports = [report for _, report in scribe.stream.all("movement_reports")]
        onward = onward_of(movement, reports_of(str(movement_id), movement, reports))
        if onward is not None and onward.refused is not None:
            raise Conflict("nothing_left_to_carry")
        carried = {**commitment, "commitment_id": str(wish.commitment_id)}
        legs = [_leg(movement, carried)] if onward is None else _legs_onward(onward, movement, carried)
        seq = await _carried_by(scribe, (operation_id, str(movement_id)), movement, carried, legs)
        return {
            "movement_id": str(movement_id),
            "state": "moving" if under_way(legs) else "planned",
            "seq": seq,
        }

    about = {"movement_id": str(movement_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="movement.commitment", decide=decide, about=about
    )


async def movement_follows(scribe: Scribe, operation_id: UUID, commitment: Mapping[str, Any]) -> None:
    """Let an accepted answer become the movement that was asked for by this item.

    Whoever has chosen other itineraries meanwhile keeps them: the commitment stands with the request, desks
    show it beside the movement, and a person decides which of the two goes.
    """
    if commitment["decision"] != "accept":
        return
    for movement_id, movement in scribe.stream.all("movements"):
        if movement.get("item_id") == commitment["item_id"] and movement["state"] == "asked":
            legs = [_leg(movement, commitment)]
            await _carried_by(scribe, (operation_id, movement_id), movement, commitment, legs)


async def _carried_by(
    scribe: Scribe,
    about: tuple[UUID, str],
    movement: Mapping[str, Any],
    commitment: Mapping[str, Any],
    legs: list[dict[str, Any]],
) -> int:
    operation_id, movement_id = about
    payload = {
        "movement_id": movement_id,
        "legs": legs,
        "arrive_at": commitment["arrive_at"],
        "carried_by": commitment["organisation_id"],
        "commitment_id": commitment["commitment_id"],
        "reason": None,
        "left_behind": [],
        "state": "moving" if under_way(legs) else "planned",
    }
    stored = scribe.write("movement_chosen", HQ, payload)
    # What an earlier choice had promised is free.
    await follow_choice(scribe, operation_id, (UUID(movement_id), movement["name"]), legs)
    return stored.seq


def _leg(movement: Mapping[str, Any], commitment: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one leg of an agency that carries all parties."""
    return {
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


def _legs_onward(
    onward: Onward, movement: Mapping[str, Any], commitment: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return what is behind those under way, and a leg of the agency for each of them from where they are."""
    kept: list[dict[str, Any]] = []
    carried: list[dict[str, Any]] = []
    parts: Counter[int] = Counter()
    for each in (*onward.there, *onward.going):
        who = {"party": each.party, "part": parts[each.party]}
        parts[each.party] += 1
        kept += [{**leg, **who} for leg in each.kept]
        if not each.arrived:
            party = each.as_party()
            pieces = [[piece["name"], piece["count"], piece["number"]] for piece in each.pieces]
            load = {"people": each.people, "cargo_kg": weight_kg(party), "pieces": pieces}
            carried.append({**_leg(movement, commitment), **who, **load, "from_place": each.place_id})
    return kept + carried


def weight_kg(party: Mapping[str, Any]) -> float:
    """Return what the cargo of a party weighs, pieces included."""
    return float(party["cargo_kg"] + sum(piece["kg"] * piece["count"] for piece in party["pieces"]))
