"""Who a session belongs to, what it may touch, and where: read by the API and by the stream process alike.

Everything here is a read of a few rows; the stream's database role may run all of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Uuid, any_, func, literal, or_, select, true, union
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from search_ops.domain.principals import Grant, OrganisationKind, Place, Principal, Role
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.plain_tables import (
    account,
    account_grant,
    case_record,
    entity,
    operation_record,
    organisation,
    request_party,
    session,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Column, ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.elements import CollectionAggregate

# A phone may come out of the forest days after the search: its facts are still taken (CONTRACT 3).
PARTICIPANT_AFTER_CLOSING: Final = timedelta(hours=72)


# With the session in one round trip: every request begins with it.
_GRANTED: Final = (
    select(
        func.json_agg(
            aggregate_order_by(
                func.json_build_array(
                    account_grant.c.role, account_grant.c.region, account_grant.c.operation_id
                ),
                account_grant.c.grant_id,
            )
        )
    )
    .where(account_grant.c.account_id == session.c.account_id)
    .correlate(session)
    .scalar_subquery()
    .label("granted")
)


async def principal_by_session(
    connection: AsyncConnection, session_id: UUID, *, now: datetime | None = None
) -> Principal | None:
    """Return the caller of a session, or None when it is over, revoked, or its account is disabled."""
    return (await principals_by_sessions(connection, [session_id], now=now)).get(session_id)


async def principals_by_sessions(
    connection: AsyncConnection, session_ids: Collection[UUID], *, now: datetime | None = None
) -> dict[UUID, Principal]:
    """Return the callers of many sessions at once; those that are over are missing."""
    found = await _principals(connection, session.c.session_id == _any(session_ids), now)
    return {principal.session_id: principal for principal in found}


async def principal_by_token(
    connection: AsyncConnection, token_hash: bytes, *, now: datetime | None = None
) -> Principal | None:
    """Return the caller of a token, by its hash, or None as `principal_by_session`."""
    return next(iter(await _principals(connection, session.c.token_hash == token_hash, now)), None)


async def _principals(
    connection: AsyncConnection, which: ColumnElement[bool], now: datetime | None
) -> list[Principal]:
    moment = now or datetime.now(UTC)
    query = (
        select(
            session.c.session_id,
            session.c.account_id,
            session.c.participant_id,
            session.c.operation_id,
            session.c.device_id,
            account.c.name.label("account_name"),
            account.c.organisation_id,
            organisation.c.kind,
            _GRANTED,
        )
        .outerjoin(account, account.c.account_id == session.c.account_id)
        .outerjoin(organisation, organisation.c.organisation_id == account.c.organisation_id)
        .outerjoin(operation_record, operation_record.c.operation_id == session.c.operation_id)
        .where(
            which,
            session.c.revoked_at.is_(None),
            session.c.expires_at > moment,
            account.c.disabled.is_not(true()),
            or_(
                session.c.participant_id.is_(None),
                operation_record.c.closed_at.is_(None),
                operation_record.c.closed_at >= moment - PARTICIPANT_AFTER_CLOSING,
            ),
        )
    )
    return [_principal(row) for row in await connection.execute(query)]


def _principal(row: Row[*tuple[Any, ...]]) -> Principal:
    if row.participant_id is not None:
        return Principal(
            kind="participant",
            id=row.participant_id,
            session_id=row.session_id,
            name="",  # sealed; who needs it reads the participant
            operation_id=row.operation_id,
            device_id=row.device_id,
        )
    return Principal(
        kind="account",
        id=row.account_id,
        session_id=row.session_id,
        name=row.account_name,
        organisation_id=row.organisation_id,
        organisation_kind=OrganisationKind(row.kind),
        grants=tuple(
            Grant(Role(role), region, None if operation_id is None else UUID(operation_id))
            for role, region, operation_id in row.granted or ()
        ),
    )


def _any(ids: Collection[UUID]) -> CollectionAggregate[bool]:
    """Return ids as one parameter, however many they are."""
    return any_(literal(list(ids), ARRAY(Uuid)))


async def place_of_operation(connection: AsyncConnection, operation_id: UUID) -> Place | None:
    """Return the operation as a place of rights, or None when there is none."""
    addressed = _ids(request_party.c.organisation_id, request_party.c.operation_id == operation_id)
    query = select(operation_record.c.region, addressed).where(
        operation_record.c.operation_id == operation_id
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Place(kind="operation", id=operation_id, region=row[0], addressed=frozenset(row[1]))


async def place_of_case(connection: AsyncConnection, case_id: UUID) -> Place | None:
    """Return the case as a place of rights, or None when there is none."""
    its = _ids(operation_record.c.operation_id, operation_record.c.case_id == case_id)
    query = select(case_record.c.region, its).where(case_record.c.case_id == case_id)
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        return None
    return Place(kind="case", id=case_id, region=row[0], operation_ids=frozenset(row[1]))


def _ids(column: Column[UUID], which: ColumnElement[bool]) -> ColumnElement[Sequence[UUID]]:
    """Return the ids found as an array, which costs no round trip of its own."""
    return func.array(select(column).where(which).scalar_subquery(), type_=ARRAY(Uuid))


async def place_of_organisation(connection: AsyncConnection, organisation_id: UUID) -> Place | None:
    """Return the organisation as a place of rights, or None when there is none.

    It has no region on purpose: a grant for a region does not open the desks of that region's organisations.
    """
    query = select(true()).where(organisation.c.organisation_id == organisation_id)
    if (await connection.execute(query)).scalar_one_or_none() is None:
        return None
    return Place(kind="organisation", id=organisation_id, organisation_id=organisation_id)


async def place_of_stream(connection: AsyncConnection, stream_id: str) -> Place | None:
    """Return the place whose stream this is, or None when there is none."""
    kind, _, text = stream_id.partition("/")
    find = {
        "operation": place_of_operation,
        "case": place_of_case,
        "organisation": place_of_organisation,
    }.get(kind)
    try:
        identity = UUID(text)
    except ValueError:
        return None
    return None if find is None else await find(connection, identity)


async def team_ids_of(
    connection: AsyncConnection, operation_id: UUID, participant_id: UUID
) -> frozenset[UUID]:
    """Return the teams the participant is in now, as leader or member; disbanded ones do not count."""
    body = entity.c.body
    query = select(entity.c.entity_id).where(
        entity.c.stream_id == operation_stream(operation_id),
        entity.c.collection == "teams",
        func.coalesce(body["disbanded"].as_boolean(), False).is_(False),
        or_(
            body["member_ids"].contains([str(participant_id)]),
            body["leader_id"].as_string() == str(participant_id),
        ),
    )
    return frozenset(UUID(team_id) for team_id in (await connection.execute(query)).scalars())


async def candidate_operations(connection: AsyncConnection, principal: Principal) -> list[Place]:
    """Return the places among which the caller's operations are: by region, by grant, or by a request.

    The domain decides about each; this only keeps the whole country's operations out of memory.
    """
    if principal.kind == "participant":
        assert principal.operation_id is not None
        place = await place_of_operation(connection, principal.operation_id)
        return [] if place is None else [place]
    regions = [grant.region for grant in principal.grants if grant.region is not None]
    granted = [grant.operation_id for grant in principal.grants if grant.operation_id is not None]
    record = operation_record.c
    ids = union(
        select(record.operation_id).where(or_(record.region.in_(regions), record.operation_id.in_(granted))),
        select(request_party.c.operation_id).where(
            request_party.c.organisation_id == principal.organisation_id
        ),
    ).subquery()
    parties = (
        select(
            request_party.c.operation_id,
            func.array_agg(request_party.c.organisation_id.distinct()).label("addressed"),
        )
        .group_by(request_party.c.operation_id)
        .subquery()
    )
    query = (
        select(record.operation_id, record.region, parties.c.addressed)
        .join(ids, ids.c.operation_id == record.operation_id)
        .outerjoin(parties, parties.c.operation_id == record.operation_id)
    )
    return [
        Place(kind="operation", id=operation_id, region=region, addressed=frozenset(addressed or ()))
        for operation_id, region, addressed in await connection.execute(query)
    ]
