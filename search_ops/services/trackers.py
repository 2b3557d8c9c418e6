"""Trackers and tracking apps: bound to a participant of a search by a token, heard while he takes part.

The token is shown once and only its hash is kept. Nobody is tracked before his device was bound, after he is
home, or after the search was closed: such points are dropped and counted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, cast, func, select
from sqlalchemy.dialects.postgresql import insert

from search_ops.domain.events import Draft, wire_time
from search_ops.domain.principals import Principal
from search_ops.domain.visibility import HQ
from search_ops.errors import CommandReused, NotKnown
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.plain_tables import entity, operation_record
from search_ops.persistence.trackers import tracker
from search_ops.persistence.unit_of_work import transaction
from search_ops.services.admission import token_hash
from search_ops.services.joining import ALPHABET
from search_ops.services.positions import Fix, take_positions
from search_ops.services.scribe import intend_in_operation, known, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.tracker_messages import TrackerFix, TrackerMessage
    from search_ops.domain.tracker_wishes import TrackerEnd, TrackerWish
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

TOKEN_LENGTH: Final = 20  # of 31 letters: 99 bits, typed by hand into a phone
# A device's clock may be behind ours by that much when it is bound.
CLOCK_BEHIND: Final = timedelta(minutes=5)
_OUTSIDE: Final = frozenset({"invited", "home"})


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of a message."""

    stored: int = 0
    duplicate: int = 0
    flagged: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class _Bound:
    """A tracker with what decides whether its points are taken."""

    tracker_id: UUID
    operation_id: UUID
    participant_id: UUID
    bound_at: datetime
    closed_at: datetime | None
    state: str
    state_at: str


async def bind_tracker(
    office: Office, principal: Principal, operation_id: UUID, participant_id: UUID, wish: TrackerWish
) -> dict[str, Any]:
    """Bind a device to a participant; repeated after a lost answer it makes another token for the same.

    The answer is not kept with the command, as others are: the token is nowhere but in it.

    Returns
    -------
    dict
        ``{"tracker_id", "token", "seq"}``.

    Raises
    ------
    NotKnown
        There is no such participant.
    Conflict
        ``operation_closed``.
    """
    token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    stream_id = operation_stream(operation_id)
    async with transaction(office, [stream_id]) as work:
        stream = work.streams[stream_id]
        require_open(stream)
        known(stream, "participants", participant_id)
        bound = stream.get("trackers", wish.command_id)
        if bound is None:
            seq = stream.append(_bound(principal, participant_id, wish, work.now)).seq
        elif bound["participant_id"] != str(participant_id) or bound["state"] != "bound":
            raise CommandReused
        else:
            seq = int(bound["version"])
        values = {
            "tracker_id": wish.command_id,
            "token_hash": token_hash(token),
            "operation_id": operation_id,
            "participant_id": participant_id,
            "bound_at": work.now,
        }
        statement = insert(tracker).values(values)
        again = {"token_hash": statement.excluded.token_hash}
        await work.connection.execute(
            statement.on_conflict_do_update(index_elements=["tracker_id"], set_=again)
        )
    return {"tracker_id": str(wish.command_id), "token": token, "seq": seq}


def _bound(principal: Principal, participant_id: UUID, wish: TrackerWish, now: datetime) -> Draft:
    return Draft(
        id=wish.command_id,
        kind="tracker_bound",
        visibility=HQ,
        payload={
            "tracker_id": str(wish.command_id),
            "participant_id": str(participant_id),
            "name": wish.name,
        },
        actor=principal.actor(),
        at=now,
    )


async def unbind_tracker(
    office: Office, principal: Principal, operation_id: UUID, tracker_id: UUID, wish: TrackerEnd
) -> dict[str, Any]:
    """End it: the token is nobody's from now on.

    Returns
    -------
    dict
        ``{"tracker_id", "seq"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        known(scribe.stream, "trackers", tracker_id)
        stored = scribe.write("tracker_unbound", HQ, {"tracker_id": str(tracker_id)})
        ended = tracker.c.tracker_id == tracker_id, tracker.c.unbound_at.is_(None)
        await scribe.work.connection.execute(
            tracker.update().where(*ended).values(unbound_at=scribe.work.now)
        )
        return {"tracker_id": str(tracker_id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="tracker.unbind",
        decide=decide,
        about={"tracker_id": str(tracker_id)},
    )


async def read_trackers(connection: AsyncConnection, operation_id: UUID) -> list[dict[str, Any]]:
    """Return when each tracker of a search was last heard, and how much of it could not be taken."""
    held = tracker.c
    query = (
        select(held.tracker_id, held.heard_at, held.battery, held.dropped, held.malformed)
        .where(held.operation_id == operation_id)
        .order_by(held.bound_at, held.tracker_id)
    )
    return [
        {**row, "heard_at": None if row["heard_at"] is None else wire_time(row["heard_at"])}
        for row in (await connection.execute(query)).mappings()
    ]


async def take_message(office: Office, message: TrackerMessage) -> Heard:
    """Keep what a tracker sent; when this returns it is committed.

    Raises
    ------
    NotKnown
        The token is nobody's, or not any more.
    """
    async with office.engine.connect() as connection:
        row = await _tracker_of(connection, message.token)
    now = office.clock()
    fixes = [_fix(one, now) for one in message.fixes]
    wanted = [fix for fix in fixes if _takes_part(row, fix.at)]
    heard = Heard(dropped=len(fixes) - len(wanted))
    if wanted:
        carrier = Principal(
            "participant",
            row.participant_id,
            row.tracker_id,
            "",
            operation_id=row.operation_id,
            device_id=row.tracker_id,
        )
        taken = await take_positions(office, carrier, row.operation_id, row.tracker_id, wanted)
        heard = Heard(taken.stored, taken.duplicate, taken.flagged, heard.dropped)
    values: dict[str, Any] = {"heard_at": now, "dropped": tracker.c.dropped + heard.dropped}
    if message.battery is not None:
        values["battery"] = message.battery
    async with office.engine.begin() as connection:
        await connection.execute(
            tracker.update().where(tracker.c.tracker_id == row.tracker_id).values(values)
        )
    return heard


async def count_malformed(office: Office, token: str) -> None:
    """Count a message that could not be read.

    Raises
    ------
    NotKnown
        The token is nobody's.
    """
    async with office.engine.begin() as connection:
        row = await _tracker_of(connection, token)
        counted = {"malformed": tracker.c.malformed + 1, "heard_at": office.clock()}
        await connection.execute(
            tracker.update().where(tracker.c.tracker_id == row.tracker_id).values(counted)
        )


async def _tracker_of(connection: AsyncConnection, token: str) -> _Bound:
    held, person, record = tracker.c, entity.c, operation_record.c
    query = (
        select(
            held.tracker_id,
            held.operation_id,
            held.participant_id,
            held.bound_at,
            record.closed_at,
            person.body["state"].as_string().label("state"),
            person.body["state_at"].as_string().label("state_at"),
        )
        .join(operation_record, record.operation_id == held.operation_id)
        .join(
            entity,
            (person.stream_id == func.concat("operation/", held.operation_id))
            & (person.collection == "participants")
            & (person.entity_id == cast(held.participant_id, Text)),
        )
        .where(held.token_hash == token_hash(token), held.unbound_at.is_(None))
    )
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        raise NotKnown
    return _Bound(*row)


def _takes_part(row: _Bound, at: datetime) -> bool:
    """Tell whether he took part at that moment: not invited only, not yet home, the search open."""
    if at < row.bound_at - CLOCK_BEHIND or (row.closed_at is not None and at > row.closed_at):
        return False
    if row.state not in _OUTSIDE:
        return True
    return row.state == "home" and at <= datetime.fromisoformat(row.state_at)


def _fix(one: TrackerFix, now: datetime) -> Fix:
    """Return a fix whose number is its time: these protocols have none, and a repeat has the same time."""
    at = now if one.at is None else one.at
    return Fix(
        dseq=round(at.timestamp() * 1000),
        at=at,
        lon=one.lon,
        lat=one.lat,
        accuracy_m=one.accuracy_m,
        speed_mps=one.speed_mps,
        bearing_deg=one.bearing_deg,
        battery=one.battery,
        doubt=one.doubt,
    )
