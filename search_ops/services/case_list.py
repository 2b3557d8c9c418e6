"""The list of cases: numbers for all desks, names for those who may read what is sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import or_, select

from search_ops.domain.principals import Place, Principal
from search_ops.domain.rights import Right, rights_in
from search_ops.domain.visibility import SEALED, ClassSet, classes_for
from search_ops.persistence.event_log import case_stream
from search_ops.persistence.keyring import unsealed
from search_ops.persistence.tables import case_record, entity, operation_record
from search_ops.services.reading import protected_read
from search_ops.services.scribe import wire_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.persistence.unit_of_work import Office

_LISTED_CASES = 500


async def list_cases(office: Office, principal: Principal) -> list[dict[str, Any]]:
    """Return the cases the caller may read, newest first; names only for those who may read sealed events."""

    async def read(connection: AsyncConnection, _: ClassSet) -> list[dict[str, Any]]:
        return await _listed(office, connection, principal)

    return await protected_read(office, principal, Place("installation"), "cases", read)


async def _listed(office: Office, connection: AsyncConnection, principal: Principal) -> list[dict[str, Any]]:
    rows = (await connection.execute(_near(principal))).mappings().all()
    case_ids = [row["case_id"] for row in rows]
    operations = await _operations_of(connection, case_ids)
    kusp_numbers = await _kusp_numbers(connection, case_ids)
    places = {
        row["case_id"]: Place(
            "case",
            id=row["case_id"],
            region=row["region"],
            operation_ids=frozenset(held["operation_id"] for held in operations.get(row["case_id"], ())),
        )
        for row in rows
    }
    open_to_caller = [
        case_id for case_id, place in places.items() if classes_for(principal, place).admits(SEALED)
    ]
    names = await _subject_names(office, connection, open_to_caller)
    return [
        {
            "id": str(row["case_id"]),
            "number": row["number"],
            "region": row["region"],
            "exercise": row["exercise"],
            "opened_at": wire_or_none(row["opened_at"]),
            "names": names.get(row["case_id"]),
            "kusp_number": kusp_numbers.get(row["case_id"]),
            "operations": [
                {"id": str(held["operation_id"]), "number": held["number"]}
                for held in operations.get(row["case_id"], ())
            ],
        }
        for row in rows
        if Right.CASE_LIST in rights_in(principal, places[row["case_id"]])
    ]


def _near(principal: Principal) -> Select[Any]:
    """Return the query of cases that a grant may cover; which of them it does cover the rights decide."""
    regions = {grant.region for grant in principal.grants} - {None}
    granted = {grant.operation_id for grant in principal.grants} - {None}
    by_operation = select(operation_record.c.case_id).where(operation_record.c.operation_id.in_(granted))
    return (
        select(case_record)
        .where(or_(case_record.c.region.in_(regions), case_record.c.case_id.in_(by_operation)))
        .order_by(case_record.c.opened_at.desc())
        .limit(_LISTED_CASES)
    )


async def _operations_of(
    connection: AsyncConnection, case_ids: list[UUID]
) -> dict[UUID, list[Mapping[str, Any]]]:
    query = (
        select(operation_record.c.case_id, operation_record.c.operation_id, operation_record.c.number)
        .where(operation_record.c.case_id.in_(case_ids))
        .order_by(operation_record.c.opened_at)
    )
    held: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in (await connection.execute(query)).mappings():
        held.setdefault(row["case_id"], []).append(dict(row))
    return held


async def _kusp_numbers(connection: AsyncConnection, case_ids: list[UUID]) -> dict[UUID, str]:
    query = select(entity.c.entity_id, entity.c.body["kusp_number"].astext).where(
        entity.c.collection == "confirmation", entity.c.stream_id.in_(map(case_stream, case_ids))
    )
    return {UUID(entity_id): number for entity_id, number in await connection.execute(query)}


async def _subject_names(
    office: Office, connection: AsyncConnection, case_ids: list[UUID]
) -> dict[UUID, list[str | None]]:
    query = (
        select(entity.c.stream_id, entity.c.body)
        .where(entity.c.collection == "subjects", entity.c.stream_id.in_(map(case_stream, case_ids)))
        .order_by(entity.c.stream_id, entity.c.entity_id)
    )
    names: dict[UUID, list[str | None]] = {}
    for row in (await connection.execute(query)).all():
        case_id = UUID(row.stream_id.partition("/")[2])
        key = await office.keyring.key(connection, case_id)
        names.setdefault(case_id, []).append(unsealed(key, row.body).get("name"))
    return names
