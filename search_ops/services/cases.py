"""Cases and their operations: opening with three fields, completing, police confirmation, lists."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Place, Principal
from search_ops.domain.rights import Right, rights_in
from search_ops.domain.visibility import ALL, HQ, SEALED
from search_ops.errors import BadInput, Denied
from search_ops.persistence.event_log import case_stream, operation_stream
from search_ops.persistence.keyring import unsealed
from search_ops.persistence.tables import (
    case_record,
    number_counter,
    operation_record,
    region,
)
from search_ops.services.joining import make_join_code
from search_ops.services.scribe import Scribe, check_version, intend, known, wire_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.wishes import (
        CaseWish,
        CircumstancesChange,
        ConfirmationWish,
        OperationWish,
        SubjectChange,
        SubjectWish,
    )
    from search_ops.persistence.unit_of_work import Office

_SUBJECT_FIELDS = (
    "name",
    "birth_year",
    "sex",
    "age",
    "description",
    "clothes",
    "health",
    "phone",
    "home",
)
_SEALED_CIRCUMSTANCES = ("last_seen_place", "applicant_name", "applicant_phone", "circumstances")


async def open_case(office: Office, principal: Principal, wish: CaseWish) -> dict[str, Any]:
    """Open a case; who, where and when may each be unknown.

    Returns
    -------
    dict
        ``{"case_id", "number", "subject_id", "seq"}``.

    Raises
    ------
    Denied
        The caller has no right to open cases in this region.
    BadInput
        ``unknown_region``.
    """
    if Right.CASE_OPEN not in rights_in(principal, Place("case", region=wish.region)):
        raise Denied(Right.CASE_OPEN)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        work = scribe.work
        number = await _next_number(work.connection, wish.region, work.now.year)
        case_id, subject_id = uuid7(), uuid7()
        await office.keyring.make(work.connection, case_id)
        scribe.stream_id = case_stream(case_id)
        await work.create(scribe.stream_id, key_id=case_id)
        await work.connection.execute(
            case_record.insert().values(
                case_id=case_id,
                number=number,
                region=wish.region,
                exercise=wish.exercise,
                opened_at=work.now,
            )
        )
        opened = {
            "case_id": str(case_id),
            "number": number,
            "region": wish.region,
            "exercise": wish.exercise,
            "organisation_id": _text_id(principal.organisation_id),
            "opened_via": "desk",
        }
        scribe.write("case_opened", HQ, opened)
        described = dict.fromkeys(_SUBJECT_FIELDS) | {"name": wish.who or None}
        scribe.write("subject_described", SEALED, {"subject_id": str(subject_id)}, sealed=described)
        last = scribe.write(
            "circumstances_described",
            SEALED,
            {"case_id": str(case_id), "last_seen_at": wire_or_none(wish.last_seen_at)},
            sealed={
                "last_seen_place": wish.last_seen_place or None,
                "applicant_name": wish.applicant_name or None,
                "applicant_phone": wish.applicant_phone or None,
                "circumstances": None,
            },
        )
        return {
            "case_id": str(case_id),
            "number": number,
            "subject_id": str(subject_id),
            "seq": last.seq,
        }

    return await intend(office, principal, wish, name="case.open", streams=[], decide=decide)


async def _next_number(connection: AsyncConnection, region_code: str, year: int) -> str:
    """Return YEAR-REGION-COUNT; the counter's row is held to the end of the transaction, without gaps."""
    found = await connection.execute(select(region.c.number).where(region.c.region == region_code))
    region_number = found.scalar_one_or_none()
    if region_number is None:
        raise BadInput("unknown_region", where="region")
    statement = insert(number_counter).values(year=year, region=region_code, last=1)
    counted = await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["year", "region"], set_={"last": number_counter.c.last + 1}
        ).returning(number_counter.c.last)
    )
    return f"{year}-{region_number}-{counted.scalar_one():04d}"


async def add_subject(
    office: Office, principal: Principal, case_id: UUID, wish: SubjectWish
) -> dict[str, Any]:
    """Add one more missing person to a case."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        subject_id = uuid7()
        described = {name: getattr(wish, name) for name in _SUBJECT_FIELDS}
        stored = scribe.write("subject_described", SEALED, {"subject_id": str(subject_id)}, sealed=described)
        return {"subject_id": str(subject_id), "seq": stored.seq}

    return await intend(
        office, principal, wish, name="subject.add", streams=[case_stream(case_id)], decide=decide
    )


async def change_subject(
    office: Office, principal: Principal, case_id: UUID, subject_id: UUID, wish: SubjectChange
) -> dict[str, Any]:
    """Complete what is known of a person; only the named fields change, and null says unknown."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        check_version(known(scribe.stream, "subjects", subject_id), wish.base_version)
        named = {name: getattr(wish, name) for name in _SUBJECT_FIELDS if name in wish.model_fields_set}
        stored = scribe.write("subject_described", SEALED, {"subject_id": str(subject_id)}, sealed=named)
        return {"subject_id": str(subject_id), "seq": stored.seq}

    return await intend(
        office,
        principal,
        wish,
        name="subject.change",
        streams=[case_stream(case_id)],
        decide=decide,
        about={"subject_id": str(subject_id)},
    )


async def change_circumstances(
    office: Office, principal: Principal, case_id: UUID, wish: CircumstancesChange
) -> dict[str, Any]:
    """Complete the circumstances; only the named fields change."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        check_version(scribe.stream.get("circumstances", case_id), wish.base_version)
        payload: dict[str, Any] = {"case_id": str(case_id)}
        if "last_seen_at" in wish.model_fields_set:
            payload["last_seen_at"] = wire_or_none(wish.last_seen_at)
        named = {name: getattr(wish, name) for name in _SEALED_CIRCUMSTANCES if name in wish.model_fields_set}
        stored = scribe.write("circumstances_described", SEALED, payload, sealed=named)
        return {"seq": stored.seq}

    return await intend(
        office, principal, wish, name="circumstances.change", streams=[case_stream(case_id)], decide=decide
    )


async def confirm_case(
    office: Office, principal: Principal, case_id: UUID, wish: ConfirmationWish
) -> dict[str, Any]:
    """Write the police's confirmation into the case and into every operation of it."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        payload = {
            "case_id": str(case_id),
            "kusp_number": wish.kusp_number,
            "organisation_id": _text_id(principal.organisation_id),
        }
        officer = {"officer_name": wish.officer_name, "officer_phone": wish.officer_phone}
        stored = scribe.write("case_confirmed", HQ, payload, sealed=officer)
        # Operations come after cases in the order of locks, so that taking them late is safe.
        for operation_id, _ in sorted(scribe.stream.all("operations")):
            stream_id = operation_stream(operation_id)
            await scribe.work.lock(stream_id)
            scribe.write("case_confirmed", HQ, payload, sealed=officer, stream_id=stream_id)
        return {"case_id": str(case_id), "seq": stored.seq}

    return await intend(
        office, principal, wish, name="case.confirm", streams=[case_stream(case_id)], decide=decide
    )


async def open_operation(
    office: Office, principal: Principal, case_id: UUID, wish: OperationWish
) -> dict[str, Any]:
    """Open a search for a case, with its join code.

    An exercise stays an exercise; a wish to make the search of a training case a real one is refused.

    Returns
    -------
    dict
        ``{"operation_id", "number", "seq"}``.
    """
    if wish.time_zone not in _time_zones():
        raise BadInput("unknown_time_zone", where="time_zone")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        work = scribe.work
        case = known(scribe.stream, "case", case_id)
        if case["exercise"] and wish.exercise is False:
            raise BadInput("exercise_from_birth", where="exercise")
        earlier = len(scribe.stream.all("operations"))
        number = case["number"] if earlier == 0 else f"{case['number']}/{earlier + 1}"
        exercise = bool(case["exercise"] or wish.exercise)
        operation_id = uuid7()
        stream_id = operation_stream(operation_id)
        await work.create(stream_id, key_id=case_id)
        await work.connection.execute(
            operation_record.insert().values(
                operation_id=operation_id,
                case_id=case_id,
                number=number,
                region=case["region"],
                time_zone=wish.time_zone,
                exercise=exercise,
                opened_at=work.now,
            )
        )
        opened = {
            "operation_id": str(operation_id),
            "number": number,
            "case_id": str(case_id),
            "region": case["region"],
            "time_zone": wish.time_zone,
            "exercise": exercise,
            "origin": None,
            "organisation_id": _text_id(principal.organisation_id),
        }
        stored = scribe.write("operation_opened", ALL, opened, stream_id=stream_id)
        linked = {"operation_id": str(operation_id), "number": number}
        scribe.write("operation_linked", HQ, linked)
        _carry_confirmation(scribe, case_id, stream_id)
        await make_join_code(work.connection, operation_id, work.now)
        return {"operation_id": str(operation_id), "number": number, "seq": stored.seq}

    return await intend(
        office, principal, wish, name="operation.open", streams=[case_stream(case_id)], decide=decide
    )


def _carry_confirmation(scribe: Scribe, case_id: UUID, stream_id: str) -> None:
    """Bring a confirmation that came before the search into its stream, sealed anew there."""
    confirmation = scribe.stream.get("confirmation", case_id)
    if confirmation is None:
        return
    opened = unsealed(scribe.stream.key, dict(confirmation))
    payload = {
        "case_id": str(case_id),
        "kusp_number": opened["kusp_number"],
        "organisation_id": opened["organisation_id"],
    }
    officer = {"officer_name": opened["officer_name"], "officer_phone": opened["officer_phone"]}
    scribe.write("case_confirmed", HQ, payload, sealed=officer, stream_id=stream_id)


def _text_id(identity: UUID | None) -> str | None:
    return None if identity is None else str(identity)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
