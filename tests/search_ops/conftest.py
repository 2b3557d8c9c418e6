"""An office on a real database, and an operation with two people to report about."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from uuid_utils.compat import uuid7

from search_ops.domain.events import Draft
from search_ops.domain.principals import Principal
from search_ops.domain.visibility import ALL, HQ, person_class, team_class
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.unit_of_work import Office, transaction

NOW = datetime(2026, 8, 23, 14, 40, tzinfo=UTC)
SYSTEM = {"type": "system", "id": "tests"}


@pytest.fixture
def office(engine: AsyncEngine) -> Office:
    """Return an office whose clock stands still."""
    return Office(engine, Keyring(bytes(32)), clock=lambda: NOW)


@dataclass(frozen=True)
class Scene:
    """An operation with one sector and a team of two: Анна leads, Борис follows."""

    operation_id: UUID
    case_id: UUID
    sector_id: UUID
    team_id: UUID
    task_id: UUID
    leader: Principal
    member: Principal

    @property
    def stream_id(self) -> str:
        return operation_stream(self.operation_id)


def participant(operation_id: UUID, name: str) -> Principal:
    """Return a volunteer of the operation."""
    return Principal("participant", uuid7(), uuid7(), name, operation_id=operation_id, device_id=uuid7())


def draft(kind: str, visibility: str, payload: dict[str, Any], **more: Any) -> Draft:
    """Return an event the system writes."""
    return Draft(uuid7(), kind, visibility, payload, SYSTEM, NOW, **more)


@pytest.fixture
def make_scene(office: Office) -> Callable[[], Awaitable[Scene]]:
    """Return a maker of scenes."""

    async def made() -> Scene:
        operation_id, case_id = uuid7(), uuid7()
        scene = Scene(
            operation_id,
            case_id,
            uuid7(),
            uuid7(),
            uuid7(),
            participant(operation_id, "Анна"),
            participant(operation_id, "Борис"),
        )
        async with transaction(office) as work:
            await office.keyring.make(work.connection, case_id)
            stream = await work.create(scene.stream_id, key_id=case_id)
            for event in _opening(scene):
                stream.append(event)
        return scene

    return made


@pytest.fixture
async def scene(make_scene: Callable[[], Awaitable[Scene]]) -> Scene:
    """Return one scene."""
    return await make_scene()


def _opening(scene: Scene) -> list[Draft]:
    members = [str(scene.leader.id), str(scene.member.id)]
    people = [
        draft(
            "participant_added",
            person_class(person.id),
            {"participant_id": str(person.id), "callsign": None, "channel": "code", "state": "on_site"},
            sealed={"name": person.name, "phone": "+7 000 000-00-00"},
        )
        for person in (scene.leader, scene.member)
    ]
    team = {
        "team_id": str(scene.team_id),
        "callsign": "Лиса-12",
        "kind": "foot",
        "leader_id": members[0],
        "member_ids": members,
    }
    sector = {"sector_id": str(scene.sector_id), "label": "G5", "kind": "area", "area_m2": 250_000.0}
    task = {"task_id": str(scene.task_id), "team_id": str(scene.team_id), "sector_id": str(uuid7())}
    return [
        draft("operation_opened", ALL, {"operation_id": str(scene.operation_id), "number": "2026-11-0001"}),
        *people,
        draft("sectors_added", HQ, {"partition_id": str(uuid7()), "sectors": [sector]}),
        draft("team_formed", team_class(scene.team_id), team, sealed={"roster": ["Анна", "Борис"]}),
        draft("task_given", team_class(scene.team_id), {**task, "sector_label": "G4", "alongside": False}),
    ]
