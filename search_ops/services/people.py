"""Participants and teams: who is here, who goes with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uuid_utils.compat import uuid7

from search_ops.domain.reports import member_state
from search_ops.domain.shift import shift_fields
from search_ops.domain.tasking import check_callsign, check_members, task_of_team
from search_ops.domain.transitions import PARTICIPANT_MOVES, may_move
from search_ops.domain.visibility import person_class, team_class
from search_ops.errors import BadInput, Conflict, MoveRefused
from search_ops.persistence.keyring import unsealed
from search_ops.services.scribe import Scribe, check_version, intend_in_operation, known, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from search_ops.domain.events import Stored
    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import ParticipantStateWish, ParticipantWish, TeamChange, TeamWish
    from search_ops.persistence.unit_of_work import LockedStream, Office


async def add_participant(
    office: Office, principal: Principal, operation_id: UUID, wish: ParticipantWish
) -> dict[str, Any]:
    """Add somebody by name or callsign: people without a phone are people too.

    Raises
    ------
    BadInput
        ``name_or_callsign_required``.
    """
    if not (wish.name or wish.callsign):
        raise BadInput("name_or_callsign_required", where="name")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        participant_id = uuid7()
        payload = {
            "participant_id": str(participant_id),
            "callsign": wish.callsign,
            "channel": "headquarters",
            "state": wish.state,
            **shift_fields({}, wish.state, scribe.work.now),
        }
        person = {"name": wish.name or None, "phone": wish.phone or None}
        stored = scribe.write("participant_added", person_class(participant_id), payload, sealed=person)
        return {"participant_id": str(participant_id), "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="participant.add", decide=decide
    )


async def move_participant(
    office: Office, principal: Principal, operation_id: UUID, participant_id: UUID, wish: ParticipantStateWish
) -> dict[str, Any]:
    """Move a participant; also after closing, since people still come home.

    Raises
    ------
    BadInput
        ``word_needs_home``: a word of counting out belongs to the state home.
    MoveRefused
        The table has no such move.
    """
    if wish.word is not None and wish.state != "home":
        raise BadInput("word_needs_home", where="word")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        participant = known(scribe.stream, "participants", participant_id)
        check_version(participant, wish.base_version)
        if not may_move(PARTICIPANT_MOVES, str(participant["state"]), wish.state):
            raise MoveRefused(what="participant", state=str(participant["state"]), wanted=wish.state)
        payload = {
            "participant_id": str(participant_id),
            "state": wish.state,
            "word": wish.word,
            "source": wish.source,
            "cause": None,
            **shift_fields(participant, wish.state, wish.at or scribe.work.now),
        }
        stored = scribe.write("participant_moved", person_class(participant_id), payload, at=wish.at)
        return {"participant_id": str(participant_id), "state": wish.state, "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="participant.move",
        decide=decide,
        about={"participant_id": str(participant_id)},
    )


async def form_team(
    office: Office, principal: Principal, operation_id: UUID, wish: TeamWish
) -> dict[str, Any]:
    """Form a team from people who are on site and in no other team.

    Raises
    ------
    Conflict
        ``callsign_taken``, ``member_not_on_site``, ``member_in_other_team``.
    BadInput
        ``leader_not_member``, ``member_twice``, ``unknown_participant``.
    """
    members = [str(member_id) for member_id in wish.member_ids]

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        stored = write_team(scribe, wish.callsign, wish.kind, str(wish.leader_id), members)
        return {"team_id": stored.payload["team_id"], "seq": stored.seq}

    return await intend_in_operation(office, principal, operation_id, wish, name="team.form", decide=decide)


def write_team(scribe: Scribe, callsign: str, kind: str, leader_id: str, member_ids: Sequence[str]) -> Stored:
    """Write that a team is formed, inside a decision.

    Raises
    ------
    Conflict, BadInput
        As :func:`form_team`.
    """
    check_callsign(scribe.stream, callsign)
    check_members(scribe.stream, leader_id, member_ids)
    team_id = uuid7()
    payload = {
        "team_id": str(team_id),
        "callsign": callsign,
        "kind": kind,
        "leader_id": leader_id,
        "member_ids": list(member_ids),
    }
    roster = {"roster": _roster(scribe.stream, member_ids)}
    return scribe.write("team_formed", team_class(team_id), payload, sealed=roster)


async def change_team(
    office: Office, principal: Principal, operation_id: UUID, team_id: UUID, wish: TeamChange
) -> dict[str, Any]:
    """Change leader or members, or disband the team; who joins or leaves it on the way changes state too.

    Raises
    ------
    Conflict
        ``team_disbanded``; ``team_has_task``: a team on a task is not disbanded.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        team = known(stream, "teams", team_id)
        check_version(team, wish.base_version)
        if team["disbanded"]:
            raise Conflict("team_disbanded", team_id=str(team_id))
        busy = task_of_team(stream, str(team_id))
        if wish.disbanded and busy is not None:
            raise Conflict("team_has_task", task_id=busy[0], state=busy[1]["state"])
        earlier = [str(member_id) for member_id in team["member_ids"]]
        members = earlier if wish.member_ids is None else [str(identity) for identity in wish.member_ids]
        leader = str(team["leader_id"] if wish.leader_id is None else wish.leader_id)
        check_members(stream, leader, members, already=earlier, team_id=str(team_id))
        payload = {
            "team_id": str(team_id),
            "leader_id": leader,
            "member_ids": members,
            "disbanded": wish.disbanded,
        }
        roster = {"roster": _roster(stream, members)}
        stored = scribe.write("team_changed", team_class(team_id), payload, sealed=roster)
        if busy is not None and member_state(str(busy[1]["state"])) == "on_task":
            joined = [member for member in members if member not in earlier]
            left = [member for member in earlier if member not in members]
            move_members(scribe, joined, "on_task", cause=str(stored.id))
            move_members(scribe, left, "available", cause=str(stored.id))
        return {"team_id": str(team_id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="team.change",
        decide=decide,
        about={"team_id": str(team_id)},
    )


def move_members(
    scribe: Scribe,
    member_ids: Sequence[str],
    state: str,
    *,
    cause: str,
    source: str = "in_person",
    at: datetime | None = None,
) -> None:
    """Move those members whose state allows it; the others have said something of their own."""
    for member_id in member_ids:
        participant = scribe.stream.get("participants", member_id) or {}
        held = str(participant.get("state"))
        if held != state and may_move(PARTICIPANT_MOVES, held, state):
            payload = {
                "participant_id": member_id,
                "state": state,
                "word": None,
                "source": source,
                "cause": cause,
                **shift_fields(participant, state, at or scribe.work.now),
            }
            scribe.write("participant_moved", person_class(member_id), payload, at=at)


def _roster(stream: LockedStream, member_ids: Sequence[str]) -> list[str]:
    """Return how the members are called, in order: by name, else by callsign."""
    people = [
        unsealed(stream.key, dict(stream.get("participants", member_id) or {})) for member_id in member_ids
    ]
    return [str(person.get("name") or person.get("callsign") or "") for person in people]
