"""A desk with an open search on a real database: what every test of the intents begins with."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Grant, OrganisationKind, Principal, Role
from search_ops.domain.wishes import (
    AreaWish,
    CaseWish,
    OperationWish,
    ParticipantWish,
    PartitionWish,
    TaskStateWish,
    TaskWish,
    TeamWish,
)
from search_ops.persistence.cluster_databases import make_database
from search_ops.persistence.event_log import case_stream, load_state, operation_stream
from search_ops.persistence.keyring import Keyring, unsealed
from search_ops.persistence.tables import account, region
from search_ops.persistence.unit_of_work import Office
from search_ops.services.cases import open_case, open_operation
from search_ops.services.organisations import NewOrganisation, enter_organisation
from search_ops.services.people import add_participant, form_team
from search_ops.services.planning import draw_area, make_partition
from search_ops.services.tasking import give_task, move_task
from tests.conftest import TEMPLATE, copied_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from sqlalchemy.ext.asyncio import AsyncEngine

    from search_ops.persistence.embedded import Cluster, DatabaseUrls

REGION = "RU-IRK"
KEK = bytes(range(32))
STAFFED, SEARCHING = "services_staffed", "services_searching"


def square(lon: float = 104.0, lat: float = 52.0, side_deg: float = 0.02) -> dict[str, Any]:
    """Return a square of about 1.4 km by 2.2 km as GeoJSON."""
    east, north = lon + side_deg, lat + side_deg
    ring = [[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


# Early afternoon where the tests search: by night people see less far, and the tests say what is seen by day.
AFTERNOON = datetime(2026, 8, 23, 6, tzinfo=UTC)


def by_day() -> Callable[[], datetime]:
    """Return a clock that goes on as time does, from an afternoon at the begin of the test on."""
    begun_s = monotonic()
    return lambda: AFTERNOON + timedelta(seconds=monotonic() - begun_s)


@dataclass
class Desk:
    """One coordinator at work on one search; ids are made as a browser would make them."""

    office: Office
    me: Principal
    case_id: UUID
    subject_id: UUID
    operation_id: UUID
    number: str
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def stream_id(self) -> str:
        return operation_stream(self.operation_id)

    async def state(self, stream_id: str | None = None) -> dict[str, Any]:
        """Return the state as projected, sealed fields opened."""
        wanted = stream_id or self.stream_id
        async with self.office.engine.connect() as connection:
            state = await load_state(connection, wanted)
            owner = wanted.partition("/")[2] if wanted.startswith("organisation") else str(self.case_id)
            key = await self.office.keyring.key(connection, UUID(owner))
        opened: dict[str, Any] = unsealed(key, state)
        return opened

    async def case_state(self) -> dict[str, Any]:
        return await self.state(case_stream(self.case_id))

    async def get(self, collection: str, identity: UUID | str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.state())[collection][str(identity)]
        return found

    async def version(self, collection: str, identity: UUID | str) -> int:
        return int((await self.get(collection, identity))["version"])

    async def add(self, name: str, state: str = "on_site", **more: Any) -> UUID:
        """Add a participant by name."""
        wish = ParticipantWish.model_validate({"command_id": uuid7(), "name": name, "state": state, **more})
        added = await add_participant(self.office, self.me, self.operation_id, wish)
        self.people[name] = UUID(added["participant_id"])
        return self.people[name]

    async def team(self, callsign: str, *names: str, **more: Any) -> UUID:
        """Form a team of new people; the first leads."""
        members = [self.people.get(name) or await self.add(name) for name in names]
        wish = TeamWish(
            command_id=uuid7(), callsign=callsign, leader_id=members[0], member_ids=members, **more
        )
        formed = await form_team(self.office, self.me, self.operation_id, wish)
        return UUID(formed["team_id"])

    async def area(self, geometry: Mapping[str, Any] | None = None, base_version: int | None = None) -> Any:
        """Draw the area."""
        wish = AreaWish(command_id=uuid7(), base_version=base_version, geometry=dict(geometry or square()))
        return await draw_area(self.office, self.me, self.operation_id, wish)

    async def grid(self, base_version: int | None = None, **more: Any) -> dict[str, Any]:
        """Cut the area into a grid."""
        wish = PartitionWish(command_id=uuid7(), base_version=base_version, **more)
        return await make_partition(self.office, self.me, self.operation_id, wish)

    async def sectors(self, *, retired: bool = False) -> dict[str, UUID]:
        """Return label -> id of the sectors."""
        held = (await self.state()).get("sectors", {})
        return {
            sector["label"]: UUID(identity)
            for identity, sector in held.items()
            if sector["retired"] == retired
        }

    async def give(self, team_id: UUID, sector_id: UUID, **more: Any) -> UUID:
        """Give a sector to a team."""
        given = await give_task(
            self.office, self.me, self.operation_id, await self.task_wish(team_id, sector_id, **more)
        )
        return UUID(given["task_id"])

    async def task_wish(self, team_id: UUID, sector_id: UUID, **more: Any) -> TaskWish:
        said = {
            "command_id": uuid7(),
            "base_version": await self.version("sectors", sector_id),
            "team_id": team_id,
            "sector_id": sector_id,
            **more,
        }
        return TaskWish.model_validate(said)

    async def move(self, task_id: UUID, *states: str, **more: Any) -> None:
        """Move a task through states."""
        for state in states:
            wish = TaskStateWish.model_validate(
                {
                    "command_id": uuid7(),
                    "base_version": await self.version("tasks", task_id),
                    "state": state,
                    **more,
                }
            )
            await move_task(self.office, self.me, self.operation_id, task_id, wish)


@dataclass(frozen=True)
class Organisations:
    """Four organisations, each with an officer."""

    squad: Principal
    police: Principal
    emergency: Principal
    partner: Principal


@pytest.fixture
def office(engine: AsyncEngine) -> Office:
    """Return an office on a database of this test alone."""
    return Office(engine, Keyring(KEK), clock=by_day())


@dataclass(frozen=True)
class Template:
    """A database that tests begin with a copy of, and who is in it."""

    name: str
    organisations: Organisations
    desk: Desk | None = None


@pytest.fixture(scope="session")
def staffed(cluster: Cluster) -> Template:
    """Return a database with organisations and officers: made once, because most tests begin with them."""
    make_database(cluster, STAFFED, template=TEMPLATE)

    async def fill() -> Organisations:
        async with earlier_office(cluster, STAFFED) as office:
            return await make_organisations(office)

    return Template(STAFFED, asyncio.run(fill()))


@pytest.fixture(scope="session")
def searching(cluster: Cluster, staffed: Template) -> Template:
    """Return a database with an open search without people or ground."""
    make_database(cluster, SEARCHING, template=staffed.name)

    async def fill() -> Desk:
        async with earlier_office(cluster, SEARCHING) as office:
            return await open_desk(office, staffed.organisations.squad)

    return Template(SEARCHING, staffed.organisations, asyncio.run(fill()))


@asynccontextmanager
async def earlier_office(cluster: Cluster, name: str) -> AsyncIterator[Office]:
    """Open an office on a template, a minute before tests begin there."""
    engine = create_async_engine(cluster.urls(name).sqlalchemy.app_url)
    clock = by_day()
    yield Office(engine, Keyring(KEK), clock=lambda: clock() - timedelta(minutes=1))
    await engine.dispose()


@pytest.fixture
def database(
    request: pytest.FixtureRequest, cluster: Cluster, used_databases: list[str]
) -> Iterator[DatabaseUrls]:
    """Return a database of this test alone: empty, staffed, or with a search, as the test asks for."""
    template = TEMPLATE
    for wanted, maker in (("desk", "searching"), ("organisations", "staffed")):
        if wanted in request.fixturenames:
            template = request.getfixturevalue(maker).name
            break
    yield from copied_database(cluster, used_databases, template)


@pytest.fixture
def organisations(staffed: Template, database: DatabaseUrls) -> Organisations:  # noqa: ARG001 - they are in it
    """Return organisations with their streams, and an officer of each."""
    return staffed.organisations


async def make_organisations(office: Office) -> Organisations:
    """Enter a region, four organisations with their streams, and an officer of each."""
    rows = [{"region": REGION, "number": "38", "name_ru": "Иркутская область", "name_en": "Irkutsk"}]
    async with office.engine.begin() as connection:
        await connection.execute(insert(region), rows)
    made: dict[str, Principal] = {}
    for kind, role in (
        (OrganisationKind.SQUAD, Role.COORDINATOR),
        (OrganisationKind.POLICE, Role.POLICE),
        (OrganisationKind.EMERGENCY, Role.EMERGENCY),
        (OrganisationKind.PARTNER, Role.EMERGENCY),
    ):
        identity = uuid7()
        new = NewOrganisation(identity, kind, f"Учебная: {kind}", f"Training: {kind}", kind, kind, REGION)
        await enter_organisation(office, new)
        made[kind] = await officer(office, identity, kind, role, f"Дежурный {kind}")
    return Organisations(made["squad"], made["police"], made["emergency"], made["partner"])


async def officer(
    office: Office, organisation_id: UUID, kind: OrganisationKind, role: Role, name: str
) -> Principal:
    """Enter an account that nobody signs in with."""
    identity = uuid7()
    values = {
        "account_id": identity,
        "login": str(identity),
        "password_hash": "-",
        "name": name,
        "organisation_id": organisation_id,
    }
    async with office.engine.begin() as connection:
        await connection.execute(insert(account), values)
    grants = (Grant(role, region=REGION),)
    return Principal("account", identity, uuid7(), name, organisation_id, kind, grants)


@pytest.fixture
def desk(office: Office, organisations: Organisations, searching: Template) -> Desk:  # noqa: ARG001 - with it
    """Return an open search without people or ground."""
    assert searching.desk is not None
    return replace(searching.desk, office=office, people={})


async def open_desk(office: Office, me: Principal, *, exercise: bool = False) -> Desk:
    """Open a case and a search of it."""
    case = await open_case(
        office, me, CaseWish(command_id=uuid7(), region=REGION, who="Пётр Выдуманный", exercise=exercise)
    )
    case_id = UUID(case["case_id"])
    wish = OperationWish(command_id=uuid7(), time_zone="Asia/Irkutsk")
    operation = await open_operation(office, me, case_id, wish)
    return Desk(
        office,
        me,
        case_id,
        UUID(case["subject_id"]),
        UUID(operation["operation_id"]),
        operation["number"],
    )


@pytest.fixture
async def gridded(desk: Desk) -> Desk:
    """Return a search whose area is cut into a grid."""
    await desk.area()
    await desk.grid()
    return desk
