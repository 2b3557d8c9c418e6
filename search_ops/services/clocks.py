"""The clocks of teams in the ground: looked at every few seconds, their alarms written into the log.

A round reads without a lock; only where something is due it takes the lock and decides again. Rounds of other
processes, and those after a restart, find what is written and write nothing twice.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID

import structlog
from sqlalchemy import and_, func, or_, select

from search_ops.domain.clocks import Device, Known, due
from search_ops.domain.tasking import BUSY_TASKS
from search_ops.domain.transitions import AWAY_TASKS
from search_ops.domain.visibility import HQ, person_class, team_class
from search_ops.errors import Conflict, MoveRefused
from search_ops.persistence.contacts import moves_heard, phones_seen, words_heard
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.tables import entity, operation_record
from search_ops.persistence.unit_of_work import transaction
from search_ops.services.scribe import (
    Scribe,
    check_version,
    intend_in_operation,
    known,
    require_open,
    wire_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.clock_wishes import TaskClocksWish
    from search_ops.domain.principals import Principal
    from search_ops.domain.view import View
    from search_ops.persistence.unit_of_work import Office

EVERY_S: Final = 10.0
_READ: Final = ("operation", "tasks", "teams", "clock_alarms")
# Words of people. Positions are none: a phone goes on sending beside somebody who lies still.
_WORDS: Final = (
    *("check_in", "note_added", "clue_found", "found_reported", "sos_raised", "sector_claimed"),
    "radio_logged",
)
# Briefing and recall are headquarters' own acts: the team has said nothing.
_TOLD_BY_TEAMS: Final = AWAY_TASKS - {"recalled"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Read:
    """The state that clocks need, as it was read."""

    collections: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def get(self, collection: str, entity_id: UUID | str) -> Mapping[str, Any] | None:
        return self.collections.get(collection, {}).get(str(entity_id))

    def all(self, collection: str) -> list[tuple[str, Mapping[str, Any]]]:
        return list(self.collections.get(collection, {}).items())


@dataclass(frozen=True, slots=True)
class Round:
    """How many events a round wrote, and how many searches it could not look at."""

    written: int
    failed: int


async def round_of_clocks(office: Office) -> int:
    """Look at the clocks of every search once; return how many events were written."""
    return (await look_at_all(office)).written


async def look_at_all(office: Office) -> Round:
    """Look at the clocks of every search once.

    A search that fails does not keep the others waiting: it is told in the program's log and tried again with
    the next round.
    """
    async with office.engine.connect() as connection:
        operation_ids = await _watched(connection)
    written = failed = 0
    for operation_id in operation_ids:
        try:
            written += await check_clocks(office, operation_id)
        except Exception:  # whatever it is: the other searches' teams must not go unwatched
            log.exception("clocks_failed", operation_id=str(operation_id))
            failed += 1
    return Round(written, failed)


async def _watched(connection: AsyncConnection) -> Sequence[UUID]:
    """Return the searches that have somebody in the ground or an alarm that is not over."""
    stream_of = func.concat("operation/", operation_record.c.operation_id)
    away = and_(
        entity.c.collection == "tasks",
        entity.c.body["state"].astext.in_(AWAY_TASKS),
        operation_record.c.closed_at.is_(None),
    )
    alarmed = and_(entity.c.collection == "clock_alarms", entity.c.body["state"].astext != "over")
    query = (
        select(operation_record.c.operation_id)
        .where(select(entity.c.entity_id).where(entity.c.stream_id == stream_of, or_(away, alarmed)).exists())
        .order_by(operation_record.c.operation_id)
    )
    return (await connection.execute(query)).scalars().all()


async def check_clocks(office: Office, operation_id: UUID) -> int:
    """Write what the clocks of one search have to say now; return how many events that were."""
    stream_id = operation_stream(operation_id)
    async with office.engine.connect() as connection:
        view = await _read(connection, stream_id)
        told = await known_of(connection, operation_id, view)
    if not due(view, operation_id, told, office.clock()):
        return 0
    async with transaction(office, [stream_id]) as work:
        stream = work.streams[stream_id]
        told = await known_of(work.connection, operation_id, stream)
        drafts = due(stream, operation_id, told, work.now)
        for draft in drafts:
            stream.append(draft)
    return len(drafts)


async def _read(connection: AsyncConnection, stream_id: str) -> _Read:
    query = select(entity.c.collection, entity.c.entity_id, entity.c.body).where(
        entity.c.stream_id == stream_id, entity.c.collection.in_(_READ)
    )
    collections: dict[str, dict[str, Mapping[str, Any]]] = {}
    for collection, entity_id, body in await connection.execute(query):
        collections.setdefault(collection, {})[entity_id] = body
    return _Read(collections)


async def known_of(connection: AsyncConnection, operation_id: UUID, view: View) -> Known:
    """Return when the teams in the ground were heard and when their phones reached us."""
    team_of = {
        task_id: str(task["team_id"]) for task_id, task in view.all("tasks") if task["state"] in AWAY_TASKS
    }
    away = set(team_of.values())
    members = {
        str(member): team_id
        for team_id in away
        for member in (view.get("teams", team_id) or {}).get("member_ids", ())
    }
    if not away:
        return Known({}, {})
    stream_id = operation_stream(operation_id)
    classes = [HQ, *map(team_class, away), *map(person_class, members)]
    rows = await words_heard(
        connection, stream_id, kinds=_WORDS, classes=classes, team_ids=away, member_ids=members.keys()
    )
    moves = await moves_heard(
        connection, stream_id, classes=classes, task_ids=team_of.keys(), states=_TOLD_BY_TEAMS
    )
    heard: list[tuple[str | None, datetime]] = [(team_of[row.task_id], row.heard_at) for row in moves]
    heard += [
        (row.team_id if row.team_id in away else members.get(row.participant_id), row.heard_at)
        for row in rows
    ]
    contacts: dict[str, datetime] = {}
    for team_id, heard_at in heard:
        if team_id is not None:
            contacts[team_id] = max(contacts.get(team_id, heard_at), heard_at)
    seen = await phones_seen(connection, operation_id, [UUID(member) for member in members])
    return Known(contacts, _devices(rows, seen))


def _devices(rows: Sequence[Row[Any]], seen: Sequence[Row[Any]]) -> dict[str, Device]:
    """Return the phones: what they sent with words and what with positions, the newer of both."""
    batteries: dict[str, tuple[datetime, float]] = {}
    reached: dict[str, datetime] = {}

    def take(
        participant_id: str, at: datetime | None, battery_pct: float | None, battery_at: datetime | None
    ) -> None:
        if at is not None:
            reached[participant_id] = max(at, reached.get(participant_id, at))
        if battery_pct is not None and battery_at is not None:
            newer = (battery_at, battery_pct)
            batteries[participant_id] = max(newer, batteries.get(participant_id, newer))

    for row in rows:
        if row.participant_id is not None:
            take(row.participant_id, row.device_at, row.battery_pct, row.battery_at)
    for row in seen:
        take(str(row.participant_id), row.received_at, row.battery, row.received_at)
    return {
        participant_id: Device(at, batteries.get(participant_id, (at, None))[1])
        for participant_id, at in reached.items()
    }


def take_clock_alarm(scribe: Scribe, alarm_id: UUID) -> Mapping[str, Any]:
    """Write who has taken an alarm of a clock.

    Raises
    ------
    MoveRefused
        It is taken, or over.
    """
    alarm = known(scribe.stream, "clock_alarms", alarm_id)
    if alarm["state"] != "open":
        state = "closed" if alarm["state"] == "over" else str(alarm["state"])
        raise MoveRefused(what="alarm", state=state, wanted="taken")
    stored = scribe.write(
        "clock_alarm_taken",
        team_class(alarm["team_id"]),
        {"alarm_id": str(alarm_id)},
        sealed={"by_name": scribe.principal.name},
    )
    return {"alarm_id": str(alarm_id), "seq": stored.seq}


async def set_task_clocks(
    office: Office, principal: Principal, operation_id: UUID, task_id: UUID, wish: TaskClocksWish
) -> dict[str, Any]:
    """Agree with a team on another due time or interval; alarms of the old ones end with the next round.

    Returns
    -------
    dict
        ``{"task_id", "seq"}``.

    Raises
    ------
    Conflict
        ``operation_closed``, ``task_over``: the team is back, or the task is cancelled.
    ChangedMeanwhile
        The sender saw an older task.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        task = known(scribe.stream, "tasks", task_id)
        check_version(task, wish.base_version)
        if task["state"] not in BUSY_TASKS | {"planned"}:
            raise Conflict("task_over", state=task["state"])
        payload = {
            "task_id": str(task_id),
            "due_at": wire_or_none(wish.due_at),
            "contact_every_min": wish.contact_every_min,
        }
        visibility = HQ if task["state"] == "planned" else team_class(task["team_id"])
        stored = scribe.write("task_clocks_set", visibility, payload)
        return {"task_id": str(task_id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="task.clocks",
        decide=decide,
        about={"task_id": str(task_id)},
    )


@dataclass(slots=True)
class ClockRounds:
    """Rounds of the clocks for as long as a process serves.

    Attributes
    ----------
    finished_at : datetime or None
        End of the last round that could look at every search.
    looked : asyncio.Event
        Set by the first whole round.
    """

    office: Office
    every_s: float = EVERY_S
    finished_at: datetime | None = None
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    _begun_at: datetime | None = field(default=None, init=False)
    _running: asyncio.Task[None] | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        """Begin."""
        self._begun_at = self.office.clock()
        self._running = asyncio.create_task(self._go_on())
        return self

    @property
    def stand_since(self) -> datetime | None:
        """Return since when some search was not looked at, for readiness, metrics and the desk."""
        return self.finished_at or self._begun_at

    async def __aexit__(self, *_: object) -> None:
        """Stop after what is being written."""
        assert self._running is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def _go_on(self) -> None:
        while True:
            try:
                if (await look_at_all(self.office)).failed == 0:
                    self.finished_at = self.office.clock()
                self.looked.set()
            except Exception:  # the next round is a new try; a task that ends here would never be missed
                log.exception("clocks_failed")
            await asyncio.sleep(self.every_s)
