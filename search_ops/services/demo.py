"""The demo search: an exercise on real ground with invented people, loaded once and found again later.

Every step is an intent under a fixed `command_id`, so that a start that was interrupted goes on where it
stopped and a second start changes nothing.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

from sqlalchemy import func, select, table
from sqlalchemy.dialects.postgresql import insert

from search_ops.domain.principals import Grant, OrganisationKind, Principal, Role
from search_ops.persistence.cluster_place import write_atomically
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.secret_files import read_kek
from search_ops.persistence.tables import account, case_record, command, region
from search_ops.persistence.unit_of_work import Office
from search_ops.services.accounts import NewAccount, enter_account, hash_password
from search_ops.services.demo_steps import LAST_STEP, OPERATION_STEP, demo_id
from search_ops.services.demo_transport import load_demo_transport
from search_ops.services.joining import current_join_code
from search_ops.services.organisations import NewOrganisation, enter_organisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncEngine

REGION: Final = "LI-11"
REMOTE_REGION: Final = "RU-IRK"
_REMOTE_ROLES: Final = frozenset({Role.COORDINATOR, Role.NATIONAL})
PASSWORDS_FILE: Final = "demo-passwords.json"
_PASSWORD_BYTES: Final = 9
_FIXTURES: Final = Path(__file__).parents[2] / "fixtures"
_EXTRACT: Final = _FIXTURES / "ground" / "liechtenstein-2013-08-03.osm.pbf"
_REGIONS: Final = _FIXTURES / "regions" / "regions.json"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A sign-in of the demo."""

    role: str
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class DemoInfo:
    """How to get into the demo."""

    users: tuple[DemoUser, ...]
    operation_id: str
    join_code: str | None


@dataclass(frozen=True, slots=True)
class _Person:
    login: str
    role: Role
    name: str
    organisation: str


_PEOPLE: Final = (
    _Person("coordinator1", Role.COORDINATOR, "Ольга Пробная", "squad"),
    _Person("coordinator2", Role.COORDINATOR, "Игорь Учебный", "squad"),
    _Person("site_lead", Role.SITE_LEAD, "Анна Примерова", "squad"),
    _Person("cartographer", Role.CARTOGRAPHER, "Павел Картин", "squad"),
    _Person("radio", Role.RADIO, "Роман Эфиров", "squad"),
    _Person("registrar", Role.REGISTRAR, "Вера Списочная", "squad"),
    _Person("information", Role.INFORMATION, "Нина Вестова", "squad"),
    _Person("police", Role.POLICE, "Сергей Дежурный", "police"),
    _Person("emergency", Role.EMERGENCY, "Дмитрий Сменный", "emergency"),
    _Person("national", Role.NATIONAL, "Елена Сводная", "partner"),
    _Person("region_lead", Role.REGION_LEAD, "Максим Областной", "region"),
    _Person("family", Role.FAMILY, "Мария Близкая", "partner"),
)


_ORGANISATIONS: Final = (
    NewOrganisation(
        demo_id("squad"),
        OrganisationKind.SQUAD,
        "Поисковый отряд «Демо»",
        "Search squad “Demo”",
        "Отряд «Демо»",
        "“Demo” squad",
        REGION,
        "+7 000 000-01-01",
    ),
    NewOrganisation(
        demo_id("police"),
        OrganisationKind.POLICE,
        "Учебный отдел МВД, дежурная часть",
        "Training police department, duty desk",
        "МВД (учебный)",
        "Police (training)",
        REGION,
        "+7 000 000-01-02",
    ),
    NewOrganisation(
        demo_id("emergency"),
        OrganisationKind.EMERGENCY,
        "Учебный ЦУКС МЧС, старший оперативный дежурный",
        "Training crisis centre of the emergencies ministry, senior duty officer",
        "ЦУКС МЧС (учебный)",
        "МЧС crisis centre (training)",
        REGION,
        "+7 000 000-01-03",
    ),
    NewOrganisation(
        demo_id("region"),
        OrganisationKind.REGION,
        "Учебный региональный ресурсный центр",
        "Training regional resource centre",
        "Ресурсный центр",
        "Resource centre",
        REGION,
        "+7 000 000-01-04",
    ),
    NewOrganisation(
        demo_id("partner"),
        OrganisationKind.PARTNER,
        "Учебный партнёр: семья и федеральная координация",
        "Training partner: family and national coordination",
        "Партнёр (учебный)",
        "Partner (training)",
        None,
        "+7 000 000-01-05",
    ),
)


async def load_demo(engine: AsyncEngine, data_dir: Path, *, owner_url: str | None = None) -> DemoInfo:
    """Load the demo search unless it is there, and return how to get into it.

    Parameters
    ----------
    engine : AsyncEngine
        Database in the application's role, migrated.
    data_dir : Path
        Of the installation: keys, and the passwords made for it.
    owner_url : str, optional
        Address for the role that owns the ground tables; without it no map is imported.
    """
    office = Office(engine, Keyring(read_kek(data_dir / "secrets")))
    if owner_url is not None and await _count(office, "ground_dataset") == 0:
        await _import_ground(owner_url)
    if await _answer(office, LAST_STEP) is None:
        await _build(office)
    opened = await _answer(office, OPERATION_STEP)
    assert opened is not None
    operation_id = UUID(opened["operation_id"])
    await load_demo_transport(office, _principal("national"))
    passwords = await _enter_accounts(office, data_dir / "secrets" / PASSWORDS_FILE, operation_id)
    async with engine.connect() as connection:
        code = await current_join_code(connection, operation_id)
    users = tuple(DemoUser(who.role.value, who.login, passwords[who.login]) for who in _PEOPLE)
    return DemoInfo(users, str(operation_id), code)


async def _import_ground(owner_url: str) -> None:
    from search_ops.importing.osm import import_osm  # noqa: PLC0415 - half a second that only the first start pays

    await asyncio.to_thread(import_osm, _EXTRACT, owner_url)


async def _build(office: Office) -> None:
    """Enter regions and organisations and play the story up to now."""
    from search_ops.services.demo_search import play  # noqa: PLC0415 - loads the cores for the first start only

    await _enter_regions(office)
    for new in _ORGANISATIONS:
        await enter_organisation(office, new)
    await play(office, _principal("coordinator1"), demo_id, await _began(office))


def _principal(login: str) -> Principal:
    who = next(person for person in _PEOPLE if person.login == login)
    organisation = next(
        known for known in _ORGANISATIONS if known.organisation_id == demo_id(who.organisation)
    )
    return Principal(
        kind="account",
        id=demo_id(f"account/{login}"),
        session_id=uuid4(),
        name=who.name,
        organisation_id=organisation.organisation_id,
        organisation_kind=organisation.kind,
        grants=(Grant(who.role, region=REGION),),
    )


async def _enter_regions(office: Office) -> None:
    rows = json.loads(_REGIONS.read_text(encoding="utf-8"))
    async with office.engine.begin() as connection:
        await connection.execute(insert(region).on_conflict_do_nothing(), rows)


async def _count(office: Office, name: str) -> int:
    async with office.engine.connect() as connection:
        return int((await connection.execute(select(func.count()).select_from(table(name)))).scalar_one())


async def _answer(office: Office, step: str) -> Mapping[str, Any] | None:
    query = select(command.c.answer).where(command.c.command_id == demo_id(step))
    async with office.engine.connect() as connection:
        answer: Mapping[str, Any] | None = (await connection.execute(query)).scalar_one_or_none()
    return answer


async def _began(office: Office) -> Any:
    """Return the hour the demo's times count from: that of its case if an earlier start got so far."""
    opened = await _answer(office, "open-case")
    if opened is None:
        return office.clock()
    query = select(case_record.c.opened_at).where(case_record.c.case_id == UUID(opened["case_id"]))
    async with office.engine.connect() as connection:
        return (await connection.execute(query)).scalar_one()


async def _enter_accounts(office: Office, path: Path, operation_id: UUID) -> dict[str, str]:
    """Enter the accounts; passwords are random per installation, and made anew when their file is lost."""
    known = await asyncio.to_thread(_kept_passwords, path)
    passwords = {who.login: known.get(who.login) or secrets.token_urlsafe(_PASSWORD_BYTES) for who in _PEOPLE}
    async with office.engine.connect() as connection:
        present = set((await connection.execute(select(account.c.login))).scalars())
    for who in _PEOPLE:
        new = NewAccount(
            account_id=demo_id(f"account/{who.login}"),
            login=who.login,
            password=passwords[who.login],
            name=who.name,
            organisation_id=demo_id(who.organisation),
            grants=_grants(who.role, operation_id),
        )
        if who.login not in present:
            await enter_account(office, new)
        elif who.login not in known:
            await _set_password(office, new)
    if passwords != known:
        write_atomically(path, json.dumps(passwords, indent=1) + "\n", mode=0o600)
    return passwords


def _kept_passwords(path: Path) -> dict[str, str]:
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return kept


def _grants(role: Role, operation_id: UUID) -> tuple[Grant, ...]:
    """Give a family its own search only, others the demo's region, some a remote one as well."""
    if role is Role.FAMILY:
        return (Grant(role, operation_id=operation_id),)
    own = Grant(role, region=REGION)
    return (own, Grant(role, region=REMOTE_REGION)) if role in _REMOTE_ROLES else (own,)


async def _set_password(office: Office, new: NewAccount) -> None:
    hashed = await asyncio.to_thread(hash_password, new.password)
    async with office.engine.begin() as connection:
        await connection.execute(
            account.update().where(account.c.account_id == new.account_id).values(password_hash=hashed)
        )
