"""Where faults happen: a headquarters that answers on a port, and a search with desks and phones in it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import create_async_engine
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Role
from search_ops.persistence.keyring import Keyring
from search_ops.persistence.unit_of_work import Office
from search_ops.services.joining import JoinWish, join
from search_ops.services.reports import EnteredReport, enter_report
from tests.factories import (
    make_organisation,
    make_regions,
    make_search,
    make_sectors,
    make_staff,
    make_team,
)
from tests.faults.device import Device

if TYPE_CHECKING:
    import random
    from collections.abc import AsyncIterator
    from uuid import UUID

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.factories import Search, Staff

CANARY: Final = "только-для-штаба-7391"


@dataclass(frozen=True)
class Headquarters:
    """A running installation."""

    port: int
    database: DatabaseUrls
    kek: bytes

    @asynccontextmanager
    async def office(self) -> AsyncIterator[Office]:
        """Open an office on its database, in the application's role."""
        engine = create_async_engine(self.database.sqlalchemy.app_url)
        try:
            yield Office(engine, Keyring(self.kek))
        finally:
            await engine.dispose()


@dataclass
class Scene:
    """A search under way: somebody at the desk, people with phones, teams of two, sectors to claim."""

    headquarters: Headquarters
    search: Search
    desk: Staff
    devices: list[Device]
    team_ids: list[UUID] = field(default_factory=list)
    sector_ids: list[UUID] = field(default_factory=list)

    @property
    def operation_id(self) -> UUID:
        return self.search.operation_id

    @property
    def stream_id(self) -> str:
        return f"operation/{self.operation_id}"


async def open_scene(
    headquarters: Headquarters,
    office: Office,
    rng: random.Random,
    *,
    phones: int = 4,
    teams: int = 0,
    sectors: int = 0,
    hurry: float = 1.0,
) -> Scene:
    """Open a search with so many people; the first two of them are the first team, and so on."""
    await make_regions(office)
    organisation_id = await make_organisation(office)
    desk = await make_staff(office, Role.COORDINATOR, organisation_id)
    search = await make_search(office, desk.principal)
    devices = []
    for number in range(phones):
        device_id = uuid7()
        joined = await join(office, JoinWish(search.join_code, f"Доброволец {number}", device_id, None))
        devices.append(
            Device(
                search.operation_id,
                joined.participant_id,
                device_id,
                joined.token,
                headquarters.port,
                rng,
                hurry,
            )
        )
    note = {"text": CANARY, "source": "radio"}
    said = EnteredReport(uuid7(), "note_added", datetime.now(UTC), note)
    await enter_report(office, desk.principal, search.operation_id, said)
    scene = Scene(headquarters, search, desk, devices)
    for number in range(teams):
        members = [device.participant_id for device in devices[2 * number : 2 * number + 2]]
        scene.team_ids.append(
            await make_team(office, desk.principal, search, members, callsign=f"Лиса-{number}")
        )
    if sectors:
        labels = [f"A{number}" for number in range(sectors)]
        scene.sector_ids = list((await make_sectors(office, search, labels)).values())
    return scene
