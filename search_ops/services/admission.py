"""Letting a caller in: whose token it is, which place he asks about, and whether the right is there."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import func

from search_ops.domain.principals import Place, Principal
from search_ops.domain.rights import Right, rights_in
from search_ops.errors import Denied, NotKnown
from search_ops.persistence.grants import caller_by_token, place_of_stream, principal_by_session
from search_ops.persistence.tables import session

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.persistence.unit_of_work import Office

# A shift is twelve hours; nobody stays signed in for more than a day without showing the password again.
STAFF_IDLE: Final = timedelta(hours=12)
STAFF_ABSOLUTE: Final = timedelta(hours=24)
# The end that counts for a participant is 72 h after closing (`PARTICIPANT_AFTER_CLOSING`).
PARTICIPANT_ABSOLUTE: Final = timedelta(days=90)
_PROLONG_EVERY: Final = timedelta(minutes=10)  # so that most requests write nothing
_MOST_SESSIONS: Final = 10_000

PlaceKind = Literal["operation", "case", "organisation", "installation"]


def token_hash(token: str) -> bytes:
    """Return the form in which a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and about which place; `place` is None on routes that ask about none."""

    principal: Principal
    place: Place | None = None


async def admit(
    office: Office, token: str, kind: PlaceKind | None = None, place_id: UUID | None = None
) -> Caller | None:
    """Return whose token this is and the place he asks about, or None when nobody's.

    The place is None when there is none; whether it is his to ask about is for `demand`. A staff session in
    use is prolonged within its absolute limit.
    """
    now = office.clock()
    async with office.engine.connect() as raw:
        # Single statements, nothing to keep together: no round trips for BEGIN and COMMIT.
        connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
        found = await caller_by_token(
            connection, token_hash(token), None if kind == "installation" else kind, place_id, now=now
        )
        if found is None:
            return None
        principal, place = found
        if principal.kind == "account" and _is_time_to_prolong(principal.session_id, now):
            await _prolong(connection, principal.session_id, now)
    return Caller(principal, Place(kind="installation") if kind == "installation" else place)


_looked_at: OrderedDict[UUID, datetime] = OrderedDict()


def _is_time_to_prolong(session_id: UUID, now: datetime) -> bool:
    """Tell whether this process has not looked at the end of the session lately."""
    last = _looked_at.get(session_id)
    if last is not None and last <= now < last + _PROLONG_EVERY:
        return False
    _looked_at[session_id] = now
    _looked_at.move_to_end(session_id)
    if len(_looked_at) > _MOST_SESSIONS:
        _looked_at.popitem(last=False)
    return True


async def _prolong(connection: AsyncConnection, session_id: UUID, now: datetime) -> None:
    wanted = func.least(now + STAFF_IDLE, session.c.created_at + STAFF_ABSOLUTE)
    later = session.c.expires_at < wanted
    statement = session.update().where(session.c.session_id == session_id, later).values(expires_at=wanted)
    await connection.execute(statement)


def may_know(principal: Principal, place: Place) -> bool:
    """Tell whether the caller may know that the place exists."""
    if place.kind == "installation":
        return True
    if place.kind == "organisation":
        return place.organisation_id is not None and place.organisation_id == principal.organisation_id
    reading = Right.OPERATION_READ if place.kind == "operation" else Right.CASE_READ
    return reading in rights_in(principal, place)


def demand(principal: Principal, place: Place | None, rights: Sequence[Right]) -> Place:
    """Return the place when the caller holds one of the rights there.

    Raises
    ------
    NotKnown
        The place does not exist or may not be known: both look alike.
    Denied
        The place may be known, but the right is missing; the refusal names the first of them.
    """
    if place is None or not may_know(principal, place):
        raise NotKnown
    if rights and not rights_in(principal, place).intersection(rights):
        raise Denied(rights[0].value)
    return place


async def readmit(connection: AsyncConnection, principal: Principal, place: Place) -> Caller | None:
    """Ask again who the caller is and whether the place is his, after he has waited for long."""
    again = await principal_by_session(connection, principal.session_id)
    there = await place_of_stream(connection, f"{place.kind}/{place.id}")
    if again is None or there is None or not may_know(again, there):
        return None
    return Caller(again, there)
