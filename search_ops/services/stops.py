"""СТОП of every operation that somebody may read: his screens say it, whatever page is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from search_ops.domain.events import wire_time
from search_ops.domain.rights import Right, rights_in
from search_ops.persistence.grants import candidate_operations
from search_ops.persistence.plain_tables import entity, operation_record

if TYPE_CHECKING:
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

STOPS: Final[frozenset[str]] = frozenset({"hold_verify", "hold_evacuate"})


async def read_stops(office: Office, principal: Principal) -> list[dict[str, Any]]:
    """Return the operations on СТОП that the caller may read, the newest СТОП first.

    Returns
    -------
    list of dict
        Rows of ``id, number, state, exercise, time_zone, state_at``; never cut short: there are few, and
        each one counts.
    """
    record = operation_record.c
    state = entity.c.body["state"].as_string()
    state_at = entity.c.body["state_at"].as_string()
    async with office.engine.connect() as connection:
        places = await candidate_operations(connection, principal)
        readable = [place.id for place in places if Right.OPERATION_READ in rights_in(principal, place)]
        query = (
            select(
                record.operation_id.label("id"),
                record.number,
                state.label("state"),
                record.exercise,
                record.time_zone,
                record.opened_at,
                state_at.label("state_at"),
            )
            .join(
                entity,
                (entity.c.stream_id == func.concat("operation/", record.operation_id))
                & (entity.c.collection == "operation"),
            )
            .where(record.operation_id.in_(readable), record.closed_at.is_(None), state.in_(STOPS))
            .order_by(state_at.desc(), record.operation_id)
        )
        rows = (await connection.execute(query)).mappings().all()
    return [_told(dict(row)) for row in rows]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    opened_at = row.pop("opened_at")
    return {**row, "state_at": row["state_at"] or wire_time(opened_at)}
