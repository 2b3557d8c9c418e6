"""Keeping the roster: what people can do and need; things by number, issued and returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.visibility import HQ, person_class
from search_ops.errors import BadInput, Conflict
from search_ops.services.scribe import (
    Scribe,
    check_version,
    intend_in_operation,
    known,
    require_open,
    wire_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.domain.roster_wishes import IssueWish, PersonChange, ResourceWish, ReturnWish
    from search_ops.persistence.unit_of_work import LockedStream, Office

MOST_RESOURCES: Final = 5_000
# What must be erasable: who somebody is, where he lives, and what tells of his health.
_SEALED: Final = frozenset({"name", "phone", "limits", "needs", "pickup_place", "home_place"})
_MOMENTS: Final = ("leaves_at", "shift_from", "ready_at")
_FREE_STATES: Final = frozenset({"left", "home", "invited", "going"})


async def describe_person(
    office: Office, principal: Principal, operation_id: UUID, participant_id: UUID, wish: PersonChange
) -> dict[str, Any]:
    """Complete what is known of somebody; also after closing, since people still come home.

    Raises
    ------
    BadInput
        ``name_or_callsign_required``, ``competence_twice``.
    """
    named = [each.competence for each in wish.certificates or ()]
    if len(set(named)) != len(named):
        raise BadInput("competence_twice", where="certificates")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        held = known(scribe.stream, "participants", participant_id)
        check_version(held, wish.base_version)
        said = wish.model_dump(mode="json", include=wish.model_fields_set - {"command_id", "base_version"})
        said |= {name: wire_or_none(getattr(wish, name)) for name in _MOMENTS if name in said}
        if not any(said[name] if name in said else held.get(name) for name in ("name", "callsign")):
            raise BadInput("name_or_callsign_required", where="name")
        payload = {"participant_id": str(participant_id)}
        payload.update({name: value for name, value in said.items() if name not in _SEALED})
        sealed = {name: value for name, value in said.items() if name in _SEALED}
        written = person_class(participant_id)
        stored = scribe.write("participant_described", written, payload, sealed=sealed)
        return {"participant_id": str(participant_id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="participant.describe",
        decide=decide,
        about={"participant_id": str(participant_id)},
    )


async def list_resource(
    office: Office, principal: Principal, operation_id: UUID, resource_id: UUID, wish: ResourceWish
) -> dict[str, Any]:
    """List a thing under an id of the sender's, or change what is known of it.

    Raises
    ------
    BadInput
        ``vehicle_needs_class``, ``ground_class_of_vehicle``, ``dog_needs_handler``, ``unknown_participant``.
    Conflict
        ``number_taken`` with the other thing, ``too_many_resources``.
    """
    if wish.kind == "vehicle" and wish.ground_class is None:
        raise BadInput("vehicle_needs_class", where="ground_class")
    if wish.kind != "vehicle" and wish.ground_class is not None:
        raise BadInput("ground_class_of_vehicle", where="ground_class")
    if wish.kind == "dog" and not wish.goes_with:
        raise BadInput("dog_needs_handler", where="goes_with")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        held = scribe.stream.get("resources", resource_id)
        check_version(held, wish.base_version)
        others = scribe.stream.all("resources")
        if held is None and len(others) >= MOST_RESOURCES:
            raise Conflict("too_many_resources", limit=MOST_RESOURCES)
        for other_id, other in others:
            same = other["kind"] == wish.kind and _spoken(other["number"]) == _spoken(wish.number)
            if same and other_id != str(resource_id):
                raise Conflict("number_taken", resource_id=other_id)
        for participant_id in wish.goes_with:
            _require_participant(scribe.stream, participant_id, "goes_with")
        said = wish.model_dump(mode="json", exclude={"command_id", "base_version", "plate"})
        sealed = {"plate": wish.plate}
        payload = {"resource_id": str(resource_id), **said, "ready_until": wire_or_none(wish.ready_until)}
        stored = scribe.write("resource_listed", HQ, payload, sealed=sealed)
        return {"resource_id": str(resource_id), "seq": stored.seq}

    return await _about(office, principal, operation_id, resource_id, wish, "list", decide=decide)


async def issue_resource(
    office: Office, principal: Principal, operation_id: UUID, resource_id: UUID, wish: IssueWish
) -> dict[str, Any]:
    """Give a thing to a team or a person; it is with one at a time.

    Raises
    ------
    BadInput
        ``issue_to_one``, ``unknown_team``, ``unknown_participant``.
    Conflict
        ``resource_unusable``, ``resource_issued`` with whoever has it, ``team_disbanded``,
        ``member_not_on_site``.
    """
    if (wish.team_id is None) == (wish.participant_id is None):
        raise BadInput("issue_to_one", where="team_id")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        require_open(stream)
        check_version(known(stream, "resources", resource_id), wish.base_version)
        stored_seq = issue(
            scribe,
            str(resource_id),
            team_id=None if wish.team_id is None else str(wish.team_id),
            participant_id=None if wish.participant_id is None else str(wish.participant_id),
        )
        return {"resource_id": str(resource_id), "seq": stored_seq}

    return await _about(office, principal, operation_id, resource_id, wish, "issue", decide=decide)


def issue(scribe: Scribe, resource_id: str, *, team_id: str | None, participant_id: str | None) -> int:
    """Write that a thing is given out, inside a decision; return the number of the event.

    Raises
    ------
    NotKnown, BadInput, Conflict
        As :func:`issue_resource`.
    """
    stream = scribe.stream
    thing = known(stream, "resources", resource_id)
    if thing.get("condition", "ok") != "ok":
        raise Conflict("resource_unusable", resource_id=resource_id, condition=thing["condition"])
    if thing.get("team_id") or thing.get("participant_id"):
        held_by = {name: thing.get(name) for name in ("team_id", "participant_id")}
        raise Conflict("resource_issued", resource_id=resource_id, **held_by)
    if team_id is not None:
        team = stream.get("teams", team_id)
        if team is None:
            raise BadInput("unknown_team", where="team_id")
        if team["disbanded"]:
            raise Conflict("team_disbanded", team_id=team_id)
    if participant_id is not None:
        person = _require_participant(stream, participant_id, "participant_id")
        if person["state"] in _FREE_STATES:
            raise Conflict("member_not_on_site", participant_id=participant_id, state=person["state"])
    payload = {"resource_id": resource_id, "team_id": team_id, "participant_id": participant_id}
    return scribe.write("resource_issued", HQ, payload).seq


async def return_resource(
    office: Office, principal: Principal, operation_id: UUID, resource_id: UUID, wish: ReturnWish
) -> dict[str, Any]:
    """Take a thing back, or write down that it is broken, lost or taken home; also after closing."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        check_version(known(scribe.stream, "resources", resource_id), wish.base_version)
        payload = {"resource_id": str(resource_id), "condition": wish.condition, "note": wish.note}
        stored = scribe.write("resource_returned", HQ, payload)
        return {"resource_id": str(resource_id), "seq": stored.seq}

    return await _about(office, principal, operation_id, resource_id, wish, "return", decide=decide)


async def _about(  # noqa: PLR0917 - one call of each intent above
    office: Office,
    principal: Principal,
    operation_id: UUID,
    resource_id: UUID,
    wish: ResourceWish | IssueWish | ReturnWish,
    verb: str,
    decide: Callable[[Scribe], Awaitable[Mapping[str, Any]]],
) -> dict[str, Any]:
    about = {"resource_id": str(resource_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name=f"resource.{verb}", decide=decide, about=about
    )


def _spoken(number: Any) -> str:
    return "".join(str(number).split()).casefold()


def _require_participant(stream: LockedStream, participant_id: UUID | str, where: str) -> Mapping[str, Any]:
    person = stream.get("participants", participant_id)
    if person is None:
        raise BadInput("unknown_participant", where=where, participant_id=str(participant_id))
    return person
