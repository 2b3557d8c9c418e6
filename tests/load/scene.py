"""Where load falls: a system without the demo, a search with phones in it, desks whose screens watch it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Place, Role
from search_ops.persistence.event_log import operation_stream, read_head
from search_ops.persistence.tables import event
from search_ops.services.joining import JoinWish, join
from search_ops.services.reading import make_ticket
from tests.factories import make_organisation, make_regions, make_search, make_staff
from tests.faults.invariants import Ledger, log_verifies
from tests.faults.running import running
from tests.load.phones import Phone

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.persistence.event_log import StreamHead
    from search_ops.persistence.unit_of_work import Office
    from tests.factories import Search
    from tests.faults.scene import Headquarters
    from tests.stack import Stack

SCREENS_PER_DESK: Final = 60  # the stream lets one session hold 64 sockets
_TICKETS_AT_ONCE: Final = 8


@dataclass
class Scene:
    """One search in one installation."""

    port: int
    office: Office
    search: Search
    desk_token: str
    desks: list[Principal]
    phones: list[Phone]

    @property
    def stream_id(self) -> str:
        return operation_stream(self.search.operation_id)

    async def add_phones(self, count: int) -> None:
        """Let so many more people join."""
        for number in range(len(self.phones), len(self.phones) + count):
            device_id = uuid7()
            joined = await join(
                self.office, JoinWish(self.search.join_code, f"Доброволец {number}", device_id, None)
            )
            self.phones.append(Phone(self.port, self.search.operation_id, joined.token, device_id))

    async def tickets(self, count: int) -> list[str]:
        """Return tickets for so many screens, of as many desks as that needs."""
        organisation_id: UUID | None = None
        while len(self.desks) * SCREENS_PER_DESK < count:
            organisation_id = organisation_id or await make_organisation(self.office)
            desk = await make_staff(self.office, Role.COORDINATOR, organisation_id)
            self.desks.append(desk.principal)
        place = Place("operation", self.search.operation_id)
        gate = asyncio.Semaphore(_TICKETS_AT_ONCE)

        async def one(number: int) -> str:
            async with gate:
                ticket, _ = await make_ticket(self.office, self.desks[number // SCREENS_PER_DESK], place)
                return ticket

        return list(await asyncio.gather(*(one(number) for number in range(count))))

    async def head(self) -> StreamHead:
        """Return where the log stands."""
        async with self.office.engine.connect() as connection:
            head = await read_head(connection, self.stream_id)
        assert head is not None
        return head

    async def faults(self, acked: Mapping[str, int]) -> list[str]:
        """Return what does not hold of I1 to I3, I5 and the chain after the load."""
        found = await Ledger().look(self.office.engine, self.stream_id)
        async with self.office.engine.connect() as connection:
            query = select(event.c.event_id, event.c.seq).where(event.c.stream_id == self.stream_id)
            held = {str(identity): seq for identity, seq in await connection.execute(query)}
        for identity, seq in acked.items():
            if held.get(identity) != seq:
                found.append(f"I1: {identity} was acknowledged as {seq} and stands at {held.get(identity)}")
        return [*found, *await log_verifies(self.office.engine)]


@asynccontextmanager
async def open_search(headquarters: Headquarters, office: Office, phones: int = 0) -> AsyncIterator[Scene]:
    """Open a search with so many phones at a headquarters that runs already."""
    await make_regions(office)
    organisation_id = await make_organisation(office)
    desk = await make_staff(office, Role.COORDINATOR, organisation_id)
    search = await make_search(office, desk.principal)
    made = Scene(headquarters.port, office, search, desk.token, [desk.principal], [])
    await made.add_phones(phones)
    try:
        yield made
    finally:
        for phone in made.phones:
            await phone.hang_up()


@asynccontextmanager
async def scene(phones: int = 0) -> AsyncIterator[tuple[Scene, Stack]]:
    """Start an installation with one search and so many phones; leave nothing behind."""
    with running() as (stack, headquarters):
        async with headquarters.office() as office, open_search(headquarters, office, phones) as made:
            yield made, stack


def line(name: str, faults: Sequence[str], **figures: Any) -> dict[str, Any]:
    """Return a line of figures."""
    return {"name": name, **figures, "faults": len(faults), "first_faults": list(faults[:20])}
