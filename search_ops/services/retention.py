"""What is kept how long (CONTRACT 6), as far as it can be taken back without the key of a case.

Thirty days after a search was closed its raw positions lose the person. The points stay, for they prove what
was searched, under ids drawn by lot that are written down nowhere. Sessions of volunteers go too.
What only a person may decide, the sealing or erasing of a case a year after, is listed and waits.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from search_ops.persistence.unit_of_work import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.persistence.unit_of_work import Office

POSITIONS_AFTER: Final = timedelta(days=30)
CASES_AFTER: Final = timedelta(days=365)

_ENDED: Final = "SELECT operation_id FROM operation_record WHERE closed_at < :before ORDER BY 1"
# One search at a time, one phone at a time: all at once would one day outlast the time limit of a statement,
# and then nothing would ever be cut again.
_LINKED: Final = """
    SELECT DISTINCT participant_id, device_id FROM position
     WHERE operation_id = :operation_id
       AND EXISTS (SELECT 1 FROM entity e WHERE e.stream_id = 'operation/' || :operation_id
                   AND e.collection = 'participants' AND e.entity_id = participant_id::text)
"""
_CUT: Final = """
    UPDATE position SET participant_id = :person_lot, device_id = :device_lot
     WHERE operation_id = :operation_id AND device_id = :device_id AND participant_id = :participant_id
"""
_SESSIONS: Final = (
    "SELECT session_id FROM session WHERE participant_id IS NOT NULL AND operation_id = :operation_id"
)
_DONE: Final = (
    "DELETE FROM last_position WHERE operation_id = :operation_id",
    "DELETE FROM tracker WHERE operation_id = :operation_id",
    f"DELETE FROM stream_ticket WHERE session_id IN ({_SESSIONS})",  # noqa: S608 - our own words
    f"DELETE FROM session WHERE session_id IN ({_SESSIONS})",  # noqa: S608
)
_CASES: Final = """
    SELECT count(*) FROM case_record c JOIN case_key k USING (case_id)
     WHERE EXISTS (SELECT 1 FROM operation_record o WHERE o.case_id = c.case_id)
       AND NOT EXISTS (SELECT 1 FROM operation_record o WHERE o.case_id = c.case_id
                       AND (o.closed_at IS NULL OR o.closed_at >= :before))
"""


@dataclass(frozen=True, slots=True)
class Due:
    """What is due, or was done: phones whose positions name a person, last positions, sessions, old cases."""

    phones: int
    last_positions: int
    sessions: int
    cases: int

    def as_json(self) -> dict[str, Any]:
        """Return it for records and logs: numbers only."""
        return asdict(self)


async def due_now(office: Office) -> Due:
    """Return what has outlived its time."""
    now = office.clock()
    async with office.engine.connect() as connection:
        ended = await _ended(connection, now)
        found = [await _due_of(connection, operation_id) for operation_id in ended]
        return _sum(found, await _cases(connection, now))


async def keep_terms(office: Office) -> Due:
    """Do what is due and needs no person; return what was done, and how many cases wait for a decision.

    Every search is a transaction of its own: one that fails keeps no other; its fault is raised last.
    """
    now = office.clock()
    async with office.engine.connect() as connection:
        ended = await _ended(connection, now)
        cases = await _cases(connection, now)
    done: list[Due] = []
    faults: list[Exception] = []
    for operation_id in ended:
        try:
            done.append(await _keep_one(office, operation_id))
        except (SQLAlchemyError, OSError) as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return _sum(done, cases)


async def _keep_one(office: Office, operation_id: UUID) -> Due:
    here = {"operation_id": operation_id}
    async with transaction(office) as work:
        found = await _due_of(work.connection, operation_id)
        people: dict[UUID, UUID] = {}
        devices: dict[UUID, UUID] = {}
        for participant_id, device_id in await _linked(work.connection, operation_id):
            lots = {
                "person_lot": people.setdefault(participant_id, uuid4()),
                "device_lot": devices.setdefault(device_id, uuid4()),
            }
            told = {"participant_id": participant_id, "device_id": device_id}
            await work.connection.execute(text(_CUT), {**here, **told, **lots})
        for statement in _DONE:
            await work.connection.execute(text(statement), here)
    return found


async def _ended(connection: AsyncConnection, now: datetime) -> list[UUID]:
    return list((await connection.execute(text(_ENDED), {"before": now - POSITIONS_AFTER})).scalars())


async def _linked(connection: AsyncConnection, operation_id: UUID) -> list[tuple[UUID, UUID]]:
    rows = await connection.execute(text(_LINKED), {"operation_id": operation_id})
    return [(row.participant_id, row.device_id) for row in rows]


async def _due_of(connection: AsyncConnection, operation_id: UUID) -> Due:
    here = {"operation_id": operation_id}

    async def count(query: str) -> int:
        return int((await connection.execute(text(query), here)).scalar_one())

    return Due(
        phones=len(await _linked(connection, operation_id)),
        last_positions=await count("SELECT count(*) FROM last_position WHERE operation_id = :operation_id"),
        sessions=await count(f"SELECT count(*) FROM ({_SESSIONS}) AS ended"),  # noqa: S608
        cases=0,
    )


async def _cases(connection: AsyncConnection, now: datetime) -> int:
    return int((await connection.execute(text(_CASES), {"before": now - CASES_AFTER})).scalar_one())


def _sum(found: Sequence[Due], cases: int) -> Due:
    return Due(
        phones=sum(each.phones for each in found),
        last_positions=sum(each.last_positions for each in found),
        sessions=sum(each.sessions for each in found),
        cases=cases,
    )
