"""Who a session belongs to, what it may touch, and where: read by the API and by the stream process alike.

Everything here is a read of a few rows; the stream's database role may run all of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import DateTime, Uuid, any_, bindparam, func, null, or_, select, true, union
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

    from sqlalchemy import Column, ColumnElement, FromClause, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

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


_NOW: Final = bindparam("now", type_=DateTime(timezone=True))
_SESSIONS: Final = (
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
        session.c.revoked_at.is_(None),
        session.c.expires_at > _NOW,
        account.c.disabled.is_not(true()),
        or_(
            session.c.participant_id.is_(None),
            operation_record.c.closed_at.is_(None),
            operation_record.c.closed_at >= bindparam("after_closing", type_=DateTime(timezone=True)),
        ),
    )
)
_BY_IDS: Final = _SESSIONS.where(session.c.session_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
_BY_TOKEN: Final = _SESSIONS.where(session.c.token_hash == bindparam("token_hash"))


async def principal_by_session(
    connection: AsyncConnection, session_id: UUID, *, now: datetime | None = None
) -> Principal | None:
    """Return the caller of a session, or None when it is over, revoked, or its account is disabled."""
    return (await principals_by_sessions(connection, [session_id], now=now)).get(session_id)


async def principals_by_sessions(
    connection: AsyncConnection, session_ids: Collection[UUID], *, now: datetime | None = None
) -> dict[UUID, Principal]:
    """Return the callers of many sessions at once; those that are over are missing."""
    rows = await connection.execute(_BY_IDS, {"ids": list(session_ids), **_moments(now)})
    return {row.session_id: _principal(row) for row in rows}


async def caller_by_token(
    connection: AsyncConnection,
    token_hash: bytes,
    kind: str | None = None,
    place_id: UUID | None = None,
    *,
    now: datetime | None = None,
) -> tuple[Principal, Place | None] | None:
    """Return the caller of a token, by its hash, and the place he asks about, in one round trip.

    Parameters
    ----------
    kind : {"operation", "case", "organisation"} or None
        Kind of the place; None with `place_id` None when he asks about none.

    Returns
    -------
    tuple or None
        None when the token is nobody's, as `principal_by_session`; the place is None when there is none.
    """
    values = {"token_hash": token_hash, **_moments(now)}
    if kind is None or place_id is None:
        row = (await connection.execute(_BY_TOKEN, values)).one_or_none()
        return None if row is None else (_principal(row), None)
    statement = _BY_TOKEN_AT[kind]
    row = (await connection.execute(statement, {**values, "place": place_id})).one_or_none()
    return None if row is None else (_principal(row), _place(kind, row[-3:]))


def _moments(now: datetime | None) -> dict[str, datetime]:
    moment = now or datetime.now(UTC)
    return {"now": moment, "after_closing": moment - PARTICIPANT_AFTER_CLOSING}


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


def _ids(column: Column[UUID], which: ColumnElement[bool]) -> ColumnElement[Sequence[UUID]]:
    """Return the ids found as an array, which costs no round trip of its own."""
    return func.array(select(column).where(which).scalar_subquery(), type_=ARRAY(Uuid))


_PLACE: Final = bindparam("place", type_=Uuid)
# Of each kind of place: its id, its region, and the ids that decide about it.
_AT_OPERATION: Final = operation_record.alias("at_operation")
_PLACES: Final[dict[str, tuple[FromClause, tuple[ColumnElement[Any], ...]]]] = {
    "operation": (
        _AT_OPERATION,
        (
            _AT_OPERATION.c.operation_id,
            _AT_OPERATION.c.region,
            _ids(request_party.c.organisation_id, request_party.c.operation_id == _PLACE),
        ),
    ),
    "case": (
        case_record,
        (
            case_record.c.case_id,
            case_record.c.region,
            _ids(_AT_OPERATION.c.operation_id, _AT_OPERATION.c.case_id == _PLACE),
        ),
    ),
    # No region on purpose: a grant for a region does not open the desks of that region's organisations.
    "organisation": (
        _AT_ORGANISATION := organisation.alias("at_organisation"),
        (_AT_ORGANISATION.c.organisation_id, null(), null()),
    ),
}
_AT: Final = {
    kind: select(*columns).select_from(table).where(columns[0] == _PLACE)
    for kind, (table, columns) in _PLACES.items()
}
_BY_TOKEN_AT: Final = {
    kind: _BY_TOKEN.add_columns(*columns).outerjoin(table, columns[0] == _PLACE)
    for kind, (table, columns) in _PLACES.items()
}


def _place(kind: str, found: Sequence[Any]) -> Place | None:
    identity, region, ids = found
    if identity is None:
        return None
    if kind == "operation":
        return Place(kind="operation", id=identity, region=region, addressed=frozenset(ids))
    if kind == "case":
        return Place(kind="case", id=identity, region=region, operation_ids=frozenset(ids))
    return Place(kind="organisation", id=identity, organisation_id=identity)


async def place_of(connection: AsyncConnection, kind: str, identity: UUID) -> Place | None:
    """Return an operation, a case or an organisation as a place of rights, or None when there is none."""
    row = (await connection.execute(_AT[kind], {"place": identity})).one_or_none()
    return None if row is None else _place(kind, row)


async def place_of_operation(connection: AsyncConnection, operation_id: UUID) -> Place | None:
    """Return the operation as a place of rights, or None when there is none."""
    return await place_of(connection, "operation", operation_id)


async def place_of_stream(connection: AsyncConnection, stream_id: str) -> Place | None:
    """Return the place whose stream this is, or None when there is none."""
    kind, _, text = stream_id.partition("/")
    try:
        identity = UUID(text)
    except ValueError:
        return None
    return await place_of(connection, kind, identity) if kind in _AT else None


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
