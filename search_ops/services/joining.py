"""Joining an operation by its code: many people use one code, each becomes a participant with a token.

A code says which operation, not who: it stands on a sheet of paper at the meeting point. It can be rotated;
those who have joined stay.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.events import Draft
from search_ops.domain.visibility import person_class
from search_ops.errors import Conflict, NotKnown
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.tables import join_code, session
from search_ops.persistence.unit_of_work import transaction
from search_ops.services.admission import PARTICIPANT_ABSOLUTE, token_hash

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import LockedStream, Office, UnitOfWork

# No I, L, O, 0, 1: read over the phone and from wet paper. 31 letters, 10 places: 2^49 codes.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 10
# A phone whose answer was lost asks again at once. Later the token proves who it is: device and name are
# known to team-mates and must not be enough to speak for somebody.
REPEAT_WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class JoinWish:
    """What a volunteer types: the code, his name, and perhaps a phone number and a callsign of his own."""

    code: str
    name: str
    device_id: UUID
    phone: str | None = None
    callsign: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Who he is in the operation, and the key that proves it."""

    operation_id: UUID
    participant_id: UUID
    token: str


def plain_code(typed: str) -> str:
    """Return a code as it is kept: capitals, without the blanks and hyphens of handwriting."""
    return re.sub(r"[\s-]", "", typed).upper()


async def make_join_code(connection: AsyncConnection, operation_id: UUID, now: datetime) -> str:
    """Make a code for the operation, in the caller's transaction, and return it."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    values = {"code": code, "operation_id": operation_id, "made_at": now}
    await connection.execute(join_code.insert().values(values))
    return code


async def rotate_join_code(connection: AsyncConnection, operation_id: UUID, now: datetime) -> str:
    """Withdraw the operation's codes and return a new one, in the caller's transaction."""
    live = (join_code.c.operation_id == operation_id) & join_code.c.revoked_at.is_(None)
    await connection.execute(join_code.update().where(live).values(revoked_at=now))
    return await make_join_code(connection, operation_id, now)


async def current_join_code(connection: AsyncConnection, operation_id: UUID) -> str | None:
    """Return the code that lets people in now, or None when there is none."""
    query = (
        select(join_code.c.code)
        .where(join_code.c.operation_id == operation_id, join_code.c.revoked_at.is_(None))
        .order_by(join_code.c.made_at.desc())
        .limit(1)
    )
    return (await connection.execute(query)).scalar_one_or_none()


async def join(office: Office, wish: JoinWish, caller: Principal | None = None) -> Joined:
    """Make the volunteer a participant, or find the one he is already, and give him a fresh token.

    Parameters
    ----------
    caller : Principal, optional
        Whose token came with the request: a participant who joins again stays the one he is.

    Raises
    ------
    NotKnown
        No operation has this code (any more).
    Conflict
        ``operation_closed``.
    """
    operation_id = await _operation_of(office, plain_code(wish.code))
    stream_id = operation_stream(operation_id)
    async with transaction(office, [stream_id]) as work:
        stream = work.streams[stream_id]
        if str((stream.get("operation", operation_id) or {}).get("state", "")).startswith("closed"):
            raise Conflict("operation_closed")
        mark = _name_mark(stream, wish.name)
        participant_id = await _already(work, operation_id, (wish.device_id, mark), caller)
        if participant_id is None:
            participant_id = uuid7()
            _append_participant(work, stream, participant_id, wish)
        token = await _give_token(work, operation_id, participant_id, (wish.device_id, mark))
    return Joined(operation_id, participant_id, token)


async def _operation_of(office: Office, code: str) -> UUID:
    query = select(join_code.c.operation_id).where(join_code.c.code == code, join_code.c.revoked_at.is_(None))
    async with office.engine.connect() as connection:
        found: UUID | None = (await connection.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotKnown("join_code_not_known")
    return found


def _name_mark(stream: LockedStream, name: str) -> str:
    """Return what a repeated join is known by: the name itself would outlive the erasure of the case."""
    if stream.key is None:
        raise NotKnown("case_erased")
    return hmac.new(stream.key, f"join.{name}".encode(), hashlib.sha256).hexdigest()


async def _already(
    work: UnitOfWork, operation_id: UUID, joins: tuple[UUID, str], caller: Principal | None
) -> UUID | None:
    if caller is not None and caller.kind == "participant" and caller.operation_id == operation_id:
        return caller.id
    query = (
        select(session.c.participant_id)
        .where(
            session.c.operation_id == operation_id,
            session.c.device_id == joins[0],
            session.c.name_mark == joins[1],
            session.c.created_at > work.now - REPEAT_WITHIN,
        )
        .order_by(session.c.created_at.desc())
        .limit(1)
    )
    found: UUID | None = (await work.connection.execute(query)).scalar_one_or_none()
    return found


def _append_participant(work: UnitOfWork, stream: LockedStream, participant_id: UUID, wish: JoinWish) -> None:
    payload: dict[str, Any] = {
        "participant_id": str(participant_id),
        "callsign": wish.callsign,
        "channel": "code",
        "state": "going",
    }
    stream.append(
        Draft(
            id=uuid7(),
            kind="participant_added",
            visibility=person_class(participant_id),
            payload=payload,
            sealed={"name": wish.name, "phone": wish.phone},
            actor={"type": "participant", "id": str(participant_id)},
            at=work.now,
            device_id=wish.device_id,
        )
    )


async def _give_token(
    work: UnitOfWork, operation_id: UUID, participant_id: UUID, joins: tuple[UUID, str]
) -> str:
    token = secrets.token_urlsafe(32)
    values = {
        "session_id": uuid7(),
        "token_hash": token_hash(token),
        "participant_id": participant_id,
        "operation_id": operation_id,
        "device_id": joins[0],
        "name_mark": joins[1],
        "created_at": work.now,
        "expires_at": work.now + PARTICIPANT_ABSOLUTE,
    }
    await work.connection.execute(session.insert().values(values))
    return token
