"""What is kept how long (CONTRACT 6), as far as it can be taken back without the key of a case.

Thirty days after a search was closed its raw positions lose the person. The points stay, for they prove what
was searched, under ids drawn by lot that are written down nowhere. Sessions of volunteers go too.
What only a person may decide, the sealing or erasing of a case a year after, is listed and waits.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

from search_ops.persistence.unit_of_work import transaction

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.persistence.unit_of_work import Office

POSITIONS_AFTER: Final = timedelta(days=30)
CASES_AFTER: Final = timedelta(days=365)

_ENDED: Final = "SELECT operation_id FROM operation_record WHERE closed_at < :before"
_LINKED: Final = f"""
    SELECT DISTINCT operation_id, participant_id, device_id FROM position p
     WHERE operation_id IN ({_ENDED})
       AND EXISTS (SELECT 1 FROM entity e WHERE e.stream_id = 'operation/' || p.operation_id
                   AND e.collection = 'participants' AND e.entity_id = p.participant_id::text)
"""  # noqa: S608 - our own words
_CUT: Final = f"""
    WITH linked AS ({_LINKED}),
         people AS (SELECT operation_id, participant_id, gen_random_uuid() AS lot
                      FROM linked GROUP BY operation_id, participant_id),
         devices AS (SELECT operation_id, device_id, gen_random_uuid() AS lot
                       FROM linked GROUP BY operation_id, device_id)
    UPDATE position p SET participant_id = people.lot, device_id = devices.lot
      FROM linked JOIN people USING (operation_id, participant_id)
                  JOIN devices USING (operation_id, device_id)
     WHERE p.operation_id = linked.operation_id AND p.device_id = linked.device_id
       AND p.participant_id = linked.participant_id
"""  # noqa: S608
_SESSIONS: Final = (
    f"SELECT session_id FROM session WHERE participant_id IS NOT NULL AND operation_id IN ({_ENDED})"  # noqa: S608
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
    async with office.engine.connect() as connection:
        return await _due(connection, office.clock())


async def _due(connection: AsyncConnection, now: datetime) -> Due:
    ended = {"before": now - POSITIONS_AFTER}

    async def count(query: str, **values: Any) -> int:
        return int((await connection.execute(text(query), values or ended)).scalar_one())

    return Due(
        phones=await count(f"SELECT count(*) FROM ({_LINKED}) AS linked"),  # noqa: S608
        last_positions=await count(f"SELECT count(*) FROM last_position WHERE operation_id IN ({_ENDED})"),  # noqa: S608
        sessions=await count(f"SELECT count(*) FROM ({_SESSIONS}) AS ended"),  # noqa: S608
        cases=await count(_CASES, before=now - CASES_AFTER),
    )


async def keep_terms(office: Office) -> Due:
    """Do what is due and needs no person; return what was done, and how many cases wait for a decision."""
    async with transaction(office) as work:
        ended = {"before": work.now - POSITIONS_AFTER}
        found = await _due(work.connection, work.now)
        for statement in (
            _CUT,
            f"DELETE FROM last_position WHERE operation_id IN ({_ENDED})",  # noqa: S608
            f"DELETE FROM tracker WHERE operation_id IN ({_ENDED})",  # noqa: S608
            f"DELETE FROM stream_ticket WHERE session_id IN ({_SESSIONS})",  # noqa: S608
            f"DELETE FROM session WHERE session_id IN ({_SESSIONS})",  # noqa: S608
        ):
            await work.connection.execute(text(statement), ended)
    return found
