"""A search of the tests keeps its roster: what people can do, things listed, issued and returned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.crew_wishes import CrewDraft, CrewStateWish, CrewStop, CrewsWish
from search_ops.domain.roster_wishes import IssueWish, PersonChange, ResourceWish, ReturnWish
from search_ops.domain.team_wishes import DraftTeam, OutingAsked, TeamsWish
from search_ops.services.crews import accept_crews, move_crew
from search_ops.services.resources import describe_person, issue_resource, list_resource, return_resource
from search_ops.services.team_building import accept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.services.conftest import Desk


async def describe(desk: Desk, participant_id: UUID, **said: Any) -> None:
    """Complete what is known of somebody, as a desk that sees the newest version."""
    version = await desk.version("participants", participant_id)
    wish = PersonChange.model_validate({"command_id": uuid7(), "base_version": version, **said})
    await describe_person(desk.office, desk.me, desk.operation_id, participant_id, wish)


async def listed(desk: Desk, kind: str, number: str, **said: Any) -> UUID:
    """List a new thing."""
    resource_id = uuid7()
    wish = ResourceWish.model_validate({"command_id": uuid7(), "kind": kind, "number": number, **said})
    await list_resource(desk.office, desk.me, desk.operation_id, resource_id, wish)
    return resource_id


async def issued(desk: Desk, resource_id: UUID, **to: UUID) -> None:
    """Give a thing out."""
    version = await desk.version("resources", resource_id)
    wish = IssueWish.model_validate({"command_id": uuid7(), "base_version": version, **to})
    await issue_resource(desk.office, desk.me, desk.operation_id, resource_id, wish)


async def returned(desk: Desk, resource_id: UUID, **said: Any) -> None:
    """Take a thing back."""
    version = await desk.version("resources", resource_id)
    wish = ReturnWish.model_validate({"command_id": uuid7(), "base_version": version, **said})
    await return_resource(desk.office, desk.me, desk.operation_id, resource_id, wish)


def outing(desk: Desk, hours: float = 4.0) -> OutingAsked:
    """Return an outing that begins now."""
    now = desk.office.clock()
    return OutingAsked(start_at=now, back_at=now + timedelta(hours=hours))


def draft(callsign: str, members: Sequence[UUID], **more: Any) -> DraftTeam:
    """Return a team as somebody has put it together; the first leads."""
    leader_id = members[0] if members else None
    said = {"key": callsign, "callsign": callsign, "kind": "foot", "leader_id": leader_id, **more}
    return DraftTeam.model_validate({**said, "member_ids": list(members)})


async def accepted(desk: Desk, teams: Sequence[DraftTeam], *, waived: str | None = None) -> list[UUID]:
    """Form the teams."""
    wish = TeamsWish(command_id=uuid7(), outing=outing(desk), teams=list(teams), waived=waived)
    answer = await accept(desk.office, desk.me, desk.operation_id, wish)
    return [UUID(each) for each in answer["team_ids"]]


async def accepted_crews(desk: Desk, direction: str, crews: Sequence[CrewDraft]) -> list[UUID]:
    """Let cars take people."""
    said = {"command_id": uuid7(), "direction": direction, "crews": list(crews)}
    wish = CrewsWish.model_validate(said)
    answer = await accept_crews(desk.office, desk.me, desk.operation_id, wish)
    return [UUID(each) for each in answer["crew_ids"]]


async def move_car(desk: Desk, crew_id: UUID, state: str) -> None:
    """Write what a car does."""
    version = await desk.version("crews", crew_id)
    wish = CrewStateWish.model_validate({"command_id": uuid7(), "base_version": version, "state": state})
    await move_crew(desk.office, desk.me, desk.operation_id, crew_id, wish)


async def keep_roster(desk: Desk, team_id: UUID, participant_id: UUID) -> None:
    """Use every kind of event of the roster once."""
    await describe(
        desk,
        participant_id,
        certificates=[{"competence": "leader", "until": "2027-01-31"}],
        adult=True,
        limits=["night"],
        home_place={"text": "Лесная, 1", "at": {"lon": 104.2, "lat": 52.1}},
    )
    radio = await listed(desk, "radio", "14")
    await issued(desk, radio, team_id=team_id)
    await returned(desk, radio, condition="broken", note="Не включается")
    vera = await desk.add("Вера Вторая", "available")
    await accepted(desk, [draft("Лиса-77", [vera])], waived="Рядом штаб")
    car = await listed(desk, "vehicle", "1", ground_class="car", seats=3, goes_with=[participant_id])
    crew = CrewDraft(resource_id=car, driver_id=participant_id, stops=[CrewStop(participant_id=vera)])
    (crew_id,) = await accepted_crews(desk, "home", [crew])
    await move_car(desk, crew_id, "cancelled")
