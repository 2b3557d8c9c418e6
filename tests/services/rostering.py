"""A search of the tests keeps its roster: what people can do, things listed, issued and returned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uuid_utils.compat import uuid7

from search_ops.domain.roster_wishes import IssueWish, PersonChange, ResourceWish, ReturnWish
from search_ops.services.resources import describe_person, issue_resource, list_resource, return_resource

if TYPE_CHECKING:
    from uuid import UUID

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
