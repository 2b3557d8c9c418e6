"""Movements of people and cargo: asked, planned by the worker, chosen by a person, reported, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.events import wire_time
from search_ops.domain.movements import check_leg, check_move, reports_of, state_by_reports, under_way
from search_ops.domain.transport_wishes import FARTHEST, MovementSearch
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, Conflict
from search_ops.persistence.transport_tables import transport_place
from search_ops.services.jobs import defer_job
from search_ops.services.movement_onward import newest_seen
from search_ops.services.planned_files import read_answer
from search_ops.services.scribe import check_version, intend_in_operation, known, require_open, wire_or_none
from search_ops.services.transport_basis import require_unchanged
from search_ops.services.transport_claims import require_room
from search_ops.services.transport_following import follow_choice, follow_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import (
        Destination,
        MovementChoice,
        MovementReport,
        MovementWish,
        ReplanWish,
    )
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

JOB: Final = "movement"


async def ask_movement(
    office: Office, principal: Principal, operation_id: UUID, wish: MovementWish
) -> dict[str, Any]:
    """Write down what is to be moved and let the worker look for itineraries.

    Returns
    -------
    dict
        ``{"movement_id", "job_id", "seq"}``.

    Raises
    ------
    BadInput
        ``nothing_to_move``, ``destination_incomplete``, ``moment_too_far``, ``place_unknown``.
    Conflict
        ``operation_closed``.
    """
    if not any(party.people or party.cargo_kg or party.pieces for party in wish.parties):
        raise BadInput("nothing_to_move", where="parties")
    check_destination(wish.to)
    latest = office.clock() + FARTHEST
    if any(at > latest for at in (wish.by_at, *(party.ready_at for party in wish.parties)) if at is not None):
        raise BadInput("moment_too_far", where="by_at", limit=FARTHEST.days)
    movement_id = uuid7()

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        await require_places(scribe.work.connection, [party.place_id for party in wish.parties], wish.to)
        payload = {
            "movement_id": str(movement_id),
            "name": wish.name,
            "parties": [party.model_dump(mode="json") for party in wish.parties],
            "to": wish.to.model_dump(mode="json"),
            "by_at": wire_or_none(wish.by_at),
            "unknown": wish.unknown,
        }
        stored = scribe.write("movement_asked", HQ, payload)
        job_id = await _look(scribe, principal, operation_id, str(movement_id))
        return {"movement_id": str(movement_id), "job_id": job_id, "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="movement.ask", decide=decide
    )


def check_destination(to: Destination) -> None:
    """Refuse a destination that is neither a place of the network nor a point.

    Raises
    ------
    BadInput
        ``destination_incomplete``.
    """
    point = to.lon is not None and to.lat is not None
    if (to.lon is None) != (to.lat is None) or (to.place_id is None) == (not point):
        raise BadInput("destination_incomplete", where="to")


async def require_places(connection: AsyncConnection, place_ids: list[str], to: Destination) -> None:
    """Refuse places that the network does not have.

    Raises
    ------
    BadInput
        ``place_unknown``.
    """
    named = {*place_ids}
    if to.place_id is not None:
        named.add(to.place_id)
    if to.last_leg is not None:
        named.add(to.last_leg.from_place)
    query = select(transport_place.c.place_id).where(transport_place.c.place_id.in_(named))
    if set((await connection.execute(query)).scalars()) != named:
        raise BadInput("place_unknown", where="place_id")


async def _look(scribe: Scribe, principal: Principal, operation_id: UUID, movement_id: str) -> str:
    wish = MovementSearch(command_id=scribe.command_id, movement_id=UUID(movement_id))
    return str(await defer_job(scribe.work, principal, operation_id, JOB, wish))


async def replan_movement(
    office: Office, principal: Principal, operation_id: UUID, movement_id: UUID, wish: ReplanWish
) -> dict[str, Any]:
    """Look for itineraries again; what was chosen stands until somebody chooses another one.

    Returns
    -------
    dict
        ``{"movement_id", "job_id"}``.

    Raises
    ------
    MoveRefused
        The movement is over.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        movement = known(scribe.stream, "movements", movement_id)
        check_version(movement, wish.base_version)
        check_move(movement, "planned")
        job_id = await _look(scribe, principal, operation_id, str(movement_id))
        return {"movement_id": str(movement_id), "job_id": job_id}

    about = {"movement_id": str(movement_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="movement.replan", decide=decide, about=about
    )


async def choose_itinerary(
    office: Office, principal: Principal, operation_id: UUID, movement_id: UUID, wish: MovementChoice
) -> dict[str, Any]:
    """Take one of the proposed itineraries.

    Returns
    -------
    dict
        ``{"movement_id", "state", "seq"}``.

    Raises
    ------
    Conflict
        ``proposal_superseded``: another proposal has come; ``movement_reported_since``: its people are no
        longer where it begins; ``itinerary_stale``: something it counts on has changed meanwhile;
        ``seats_taken``, ``payload_taken``, ``craft_taken``: another movement counts on it.
    BadInput
        ``no_such_itinerary``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        movement = known(scribe.stream, "movements", movement_id)
        check_version(movement, wish.base_version)
        check_move(movement, "planned")
        proposal = movement.get("proposal")
        if proposal is None or proposal["proposal_id"] != str(wish.proposal_id):
            raise Conflict("proposal_superseded")
        told = await read_answer(scribe.work.connection, proposal["file_id"])
        if wish.number >= len(told["itineraries"]):
            raise BadInput("no_such_itinerary", where="number", have=len(told["itineraries"]))
        itinerary = told["itineraries"][wish.number]
        reports = [report for _, report in scribe.stream.all("movement_reports")]
        if newest_seen(reports_of(str(movement_id), movement, reports)) != told.get("reports_seen", 0):
            raise Conflict("movement_reported_since")
        await require_unchanged(scribe.work.connection, itinerary.get("basis"), operation_id)
        await require_room(scribe.work.connection, itinerary["legs"], movement_id)
        payload = {
            "movement_id": str(movement_id),
            "legs": itinerary["legs"],
            "arrive_at": itinerary["arrives_at"],
            "carried_by": None,
            "reason": wish.reason,
            "left_behind": itinerary.get("left_behind", []),
            "state": "moving" if under_way(itinerary["legs"]) else "planned",
        }
        stored = scribe.write("movement_chosen", HQ, payload)
        await follow_choice(scribe, operation_id, (movement_id, movement["name"]), itinerary["legs"])
        return {"movement_id": str(movement_id), "state": payload["state"], "seq": stored.seq}

    about = {"movement_id": str(movement_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="movement.choose", decide=decide, about=about
    )


async def report_movement(
    office: Office, principal: Principal, operation_id: UUID, movement_id: UUID, wish: MovementReport
) -> dict[str, Any]:
    """Write how far a movement is: a fact, kept in every state of the movement and after closing.

    Returns
    -------
    dict
        ``{"movement_id", "state", "seq"}``.

    Raises
    ------
    BadInput
        ``no_such_leg``: also where nothing was chosen yet.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        movement = known(scribe.stream, "movements", movement_id)
        check_leg(movement, wish.leg)
        at = wire_time(wish.at or scribe.work.now)
        said = {"movement_id": str(movement_id), "leg": wish.leg, "word": wish.word}
        said["chosen_seq"] = movement.get("chosen_seq")
        told = [report for _, report in scribe.stream.all("movement_reports")]
        told.append(
            {**said, "at": at, "recorded_at": wire_time(scribe.work.now), "version": scribe.stream.head + 1}
        )
        state = state_by_reports(movement, reports_of(str(movement_id), movement, told))
        payload = {**said, "note": wish.note or None, "state": state}
        stored = scribe.write("movement_reported", HQ, payload, at=wish.at)
        await follow_report(scribe, operation_id, movement_id, movement, (wish.leg, wish.word))
        return {"movement_id": str(movement_id), "state": state, "seq": stored.seq}

    about = {"movement_id": str(movement_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="movement.report", decide=decide, about=about
    )
