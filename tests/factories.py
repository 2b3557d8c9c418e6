"""Makers of what tests need, through the services that people use: organisations, staff, a search, teams.

Every maker takes the office first. Accounts share one password, hashed once per run, because argon2 takes a
tenth of a second; `session_of` opens a session without it.
"""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from search_ops.domain.events import Draft
from search_ops.domain.principals import Grant, OrganisationKind, Principal, Role
from search_ops.domain.visibility import HQ
from search_ops.domain.wishes import CaseWish, OperationWish, ParticipantStateWish, TaskWish, TeamWish
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.grants import principal_by_session
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.tables import region as region_table
from search_ops.persistence.tables import session as session_table
from search_ops.persistence.unit_of_work import Office, transaction
from search_ops.services.accounts import NewAccount, enter_account, hash_password
from search_ops.services.admission import token_hash
from search_ops.services.cases import open_case, open_operation
from search_ops.services.joining import Joined, JoinWish, current_join_code, join
from search_ops.services.organisations import NewOrganisation, enter_organisation
from search_ops.services.people import form_team, move_participant
from search_ops.services.tasking import give_task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from search_ops.persistence.embedded import DatabaseUrls

PASSWORD = "сосна-7-лодка-4"
HOME_REGION, OTHER_REGION = "RU-KOS", "RU-YAR"
KEK = bytes(range(32))
_SYSTEM = {"type": "system", "id": "tests"}


@cache
def _hashed_password() -> str:
    return hash_password(PASSWORD)


@asynccontextmanager
async def office_on(database: DatabaseUrls) -> AsyncIterator[Office]:
    """Open an office on a test's database, in the application's role."""
    engine = create_async_engine(database.sqlalchemy.app_url)
    try:
        yield Office(engine, Keyring(KEK))
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class Staff:
    """A member of staff who is signed in."""

    login: str
    password: str
    principal: Principal
    token: str


@dataclass(frozen=True)
class Search:
    """A case with one operation."""

    case_id: UUID
    subject_id: UUID
    operation_id: UUID
    join_code: str
    number: str


async def make_regions(office: Office) -> None:
    """Enter two regions."""
    rows = [
        {"region": HOME_REGION, "number": "44", "name_ru": "Костромская область", "name_en": "Kostroma"},
        {"region": OTHER_REGION, "number": "76", "name_ru": "Ярославская область", "name_en": "Yaroslavl"},
    ]
    async with office.engine.begin() as connection:
        await connection.execute(insert(region_table).values(rows).on_conflict_do_nothing())


async def make_organisation(
    office: Office,
    kind: OrganisationKind = OrganisationKind.SQUAD,
    *,
    name: str = "Отряд «Ольха»",
    region: str | None = HOME_REGION,
) -> UUID:
    """Enter an organisation with its stream."""
    identity = uuid7()
    new = NewOrganisation(identity, kind, name, "Alder squad", name, "Alder", region, "+7 000 000-00-01")
    await enter_organisation(office, new)
    return identity


async def make_staff(
    office: Office,
    role: Role,
    organisation_id: UUID,
    *,
    region: str | None = HOME_REGION,
    operation_id: UUID | None = None,
    name: str = "Ольга Тестова",
) -> Staff:
    """Enter an account with one grant (in a region, or in an operation when one is named) and sign it in."""
    identity = uuid7()
    login = f"{role.value}-{secrets.token_hex(4)}"
    grant = Grant(role, None if operation_id else region, operation_id)
    new = NewAccount(identity, login, PASSWORD, name, organisation_id, (grant,))
    await enter_account(office, new, password_hash=_hashed_password())
    token, principal = await session_of(office, identity)
    return Staff(login, PASSWORD, principal, token)


async def session_of(office: Office, account_id: UUID) -> tuple[str, Principal]:
    """Open a session for an account without its password."""
    token, session_id = secrets.token_urlsafe(32), uuid7()
    values = {
        "session_id": session_id,
        "token_hash": token_hash(token),
        "account_id": account_id,
        "created_at": datetime.now(UTC),
        "expires_at": datetime.now(UTC) + timedelta(hours=12),
    }
    async with office.engine.begin() as connection:
        await connection.execute(session_table.insert().values(values))
        principal = await principal_by_session(connection, session_id)
    assert principal is not None
    return token, principal


async def make_search(
    office: Office,
    coordinator: Principal,
    *,
    who: str = "Пётр Невымышленный",
    region: str = HOME_REGION,
    exercise: bool = False,
) -> Search:
    """Open a case and its operation."""
    opened = await open_case(
        office,
        coordinator,
        CaseWish.model_validate(
            {"command_id": str(uuid7()), "region": region, "who": who, "exercise": exercise}
        ),
    )
    case_id = _id(opened["case_id"])
    wish = OperationWish.model_validate({"command_id": str(uuid7()), "time_zone": "Europe/Moscow"})
    operation = await open_operation(office, coordinator, case_id, wish)
    operation_id = _id(operation["operation_id"])
    async with office.engine.connect() as connection:
        code = await current_join_code(connection, operation_id)
    assert code is not None
    return Search(case_id, _id(opened["subject_id"]), operation_id, code, operation["number"])


async def make_volunteer(
    office: Office, search: Search, name: str = "Иван", *, phone: str | None = None
) -> Joined:
    """Let a volunteer join by code, with a device of his own."""
    return await join(office, JoinWish(search.join_code, name, uuid7(), phone))


async def make_team(
    office: Office,
    coordinator: Principal,
    search: Search,
    members: Sequence[UUID],
    *,
    callsign: str = "Лиса-12",
) -> UUID:
    """Put the people on site and form a team of them; the first leads."""
    for member in members:
        wish = ParticipantStateWish.model_validate(
            {"command_id": str(uuid7()), "base_version": None, "state": "on_site"}
        )
        version = await _version(office, search.operation_id, "participants", member)
        await move_participant(
            office,
            coordinator,
            search.operation_id,
            member,
            wish.model_copy(update={"base_version": version}),
        )
    team = TeamWish.model_validate(
        {
            "command_id": str(uuid7()),
            "callsign": callsign,
            "leader_id": str(members[0]),
            "member_ids": [str(member) for member in members],
        }
    )
    formed = await form_team(office, coordinator, search.operation_id, team)
    return _id(formed["team_id"])


async def make_sectors(
    office: Office, search: Search, labels: Sequence[str] = ("A1", "A2"), lon: float = 42.0, lat: float = 58.0
) -> dict[str, UUID]:
    """Add square sectors of about 500 m in a row, without cutting an area."""
    ids = {label: uuid7() for label in labels}
    stream_id = operation_stream(search.operation_id)
    sectors = [
        {
            "sector_id": str(ids[label]),
            "label": label,
            "kind": "area",
            "area_m2": 250_000.0,
            "replaces": [],
            "geometry": _square(lon + 0.01 * index, lat, 0.0045),
        }
        for index, label in enumerate(labels)
    ]
    async with transaction(office, [stream_id]) as work:
        payload = {"partition_id": str(uuid7()), "sectors": sectors}
        work.streams[stream_id].append(Draft(uuid7(), "sectors_added", HQ, payload, _SYSTEM, work.now))
    return ids


async def make_task(
    office: Office, coordinator: Principal, search: Search, team_id: UUID, sector_id: UUID, **more: Any
) -> UUID:
    """Give a sector to a team."""
    version = await _version(office, search.operation_id, "sectors", sector_id)
    wish = TaskWish.model_validate(
        {
            "command_id": str(uuid7()),
            "base_version": version,
            "team_id": str(team_id),
            "sector_id": str(sector_id),
            **more,
        }
    )
    given = await give_task(office, coordinator, search.operation_id, wish)
    return _id(given["task_id"])


async def _version(office: Office, operation_id: UUID, collection: str, identity: UUID) -> int | None:
    stream_id = operation_stream(operation_id)
    async with transaction(office, [stream_id]) as work:
        held = work.streams[stream_id].get(collection, identity)
    return None if held is None else held["version"]


def _square(lon: float, lat: float, half_deg: float) -> dict[str, Any]:
    west, east, south, north = lon - half_deg, lon + half_deg, lat - half_deg, lat + half_deg
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _id(text: str) -> UUID:
    return UUID(text)
