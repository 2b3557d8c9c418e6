"""The sheet of all teams every so many minutes: the laptop dies, and the newest sheet lies in the printer.

The worker looks every few seconds. A slot has one event with an id of its own in the log: two workers, or one
that was started again, find it and write nothing twice. The file is on the disk before the event is
written; the printer is asked after it, once, whatever becomes of us then.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, Self
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from search_ops.domain.board_schedule import BOARD, printed_id, slot_of, written_id
from search_ops.domain.events import Draft, wire_time
from search_ops.domain.principals import Place
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.errors import SearchOpsError
from search_ops.importing.bounded import run_bounded
from search_ops.importing.file_refusal import FileRefused
from search_ops.persistence.cluster_place import write_atomically
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.plain_tables import entity, operation_record
from search_ops.persistence.unit_of_work import transaction
from search_ops.services.board_paper import LIMITS, RENDERER, board_words
from search_ops.services.paper import read_state
from search_ops.services.printing import print_file
from search_ops.services.scribe import check_version, intend_in_operation, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.board_wishes import BoardScheduleWish
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe
    from search_ops.settings import Settings

EVERY_S: Final = 15.0
FOLDER: Final = "sheets"
MOST_KEPT: Final = 48  # a day of half hours: older ones say where people were, not where they are
KEPT_AFTER: Final = timedelta(days=30)
# Headquarters' own printer gets what its desks see, nothing of the family or the investigation.
_CLASSES: Final = ClassSet(frozenset({ALL, HQ}), frozenset({"team", "person"}))
_LOG: Final = logging.getLogger("search_ops.board")


@dataclass(frozen=True, slots=True)
class _Wanted:
    operation_id: UUID
    number: str
    zone: str
    every_min: int
    language: Literal["ru", "en"]
    last_slot: datetime | None


async def set_schedule(
    office: Office, principal: Principal, operation_id: UUID, wish: BoardScheduleWish
) -> dict[str, Any]:
    """Agree how often the sheet of all teams is written by itself; None ends it.

    Returns
    -------
    dict
        ``{"seq"}``.

    Raises
    ------
    Conflict
        ``operation_closed``.
    ChangedMeanwhile
        Somebody else has set it since.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        check_version(scribe.stream.get("board_schedule", operation_id), wish.base_version)
        payload = {"operation_id": str(operation_id), "every_min": wish.every_min, "language": wish.language}
        return {"seq": scribe.write("board_schedule_set", HQ, payload).seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="board.schedule", decide=decide
    )


async def round_of_sheets(office: Office, settings: Settings) -> int:
    """Write the sheets that are due; return how many. A search that fails does not hold up the others."""
    async with office.engine.connect() as connection:
        wanted = await _wanted(office, connection)
        ended = await _ended(office, connection, settings.data_dir / FOLDER)
    written = 0
    for one in wanted:
        try:
            written += await _write_due(office, settings, one)
        except (SearchOpsError, SQLAlchemyError, FileRefused, OSError) as fault:
            _LOG.warning("board_failed", extra={"fault": type(fault).__name__})
    for folder in ended:
        _prune(folder, keep=0)
    return written


async def _wanted(office: Office, connection: AsyncConnection) -> list[_Wanted]:
    """Return the open searches whose slot of now has no sheet yet."""
    record = operation_record.c
    schedule, sheet = entity.alias("schedule"), entity.alias("sheet")
    stream_id = func.concat("operation/", record.operation_id)
    query = (
        select(record.operation_id, record.number, record.time_zone, schedule.c.body, sheet.c.body)
        .join(schedule, (schedule.c.stream_id == stream_id) & (schedule.c.collection == "board_schedule"))
        .outerjoin(sheet, (sheet.c.stream_id == stream_id) & (sheet.c.collection == "board_sheet"))
        .where(record.closed_at.is_(None))
        .order_by(record.operation_id)
    )
    now = office.clock()
    found = []
    for operation_id, number, zone, told, last in await connection.execute(query):
        if told["every_min"] is None:
            continue
        last_slot = None if last is None else datetime.fromisoformat(last["slot_at"])
        one = _Wanted(operation_id, number, zone, told["every_min"], told["language"], last_slot)
        if last_slot is None or last_slot < slot_of(now, one.every_min):
            found.append(one)
    return found


async def _ended(office: Office, connection: AsyncConnection, folder: Path) -> list[Path]:
    """Return the folders of searches whose sheets, with names and phones, are not kept any longer."""
    record = operation_record.c
    query = select(record.number).where(
        record.number.in_(_kept(folder)), record.closed_at < office.clock() - KEPT_AFTER
    )
    return [folder / number for number in (await connection.execute(query)).scalars()]


def _kept(folder: Path) -> list[str]:
    """Return the numbers of searches that have sheets here."""
    return [each.name for each in folder.iterdir()] if folder.is_dir() else []


async def _write_due(office: Office, settings: Settings, wanted: _Wanted) -> int:
    now = office.clock()
    slot_at = slot_of(now, wanted.every_min)
    folder = settings.data_dir / FOLDER / wanted.number
    path = folder / f"{slot_at.astimezone(ZoneInfo(wanted.zone)):%Y%m%d-%H%M}_{wanted.number}.pdf"
    pdf = await _draw(office, wanted, now)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    await asyncio.to_thread(write_atomically, path, pdf, mode=0o600)
    has_printer = bool(settings.print_command)
    payload = {"slot_at": wire_time(slot_at), "name": path.name, "printer": has_printer}
    if not await _tell(office, wanted, "board_written", slot_at, payload):
        return 0
    if has_printer:
        fault = await asyncio.to_thread(print_file, settings.print_command, path)
        await _tell(office, wanted, "board_printed", slot_at, {"print_fault": fault})
    _prune(folder, keep=MOST_KEPT)
    return 1


async def _draw(office: Office, wanted: _Wanted, now: datetime) -> bytes:
    place = Place("operation", wanted.operation_id)
    async with office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        state = await read_state(connection, office, place, _CLASSES)
    content = json.dumps(board_words(state, wanted.language, now), ensure_ascii=False).encode()
    return await asyncio.to_thread(
        run_bounded, RENDERER, content, {}, name="board.pdf", file_format="pdf", limits=LIMITS
    )


async def _tell(
    office: Office, wanted: _Wanted, kind: str, slot_at: datetime, payload: Mapping[str, Any]
) -> bool:
    """Write an event of a slot unless it is written, or the sheet is not wanted any more."""
    stream_id = operation_stream(wanted.operation_id)
    is_print = kind == "board_printed"
    async with transaction(office, [stream_id]) as work:
        stream = work.streams[stream_id]
        sheet = stream.get("board_sheet", wanted.operation_id)
        schedule = stream.get("board_schedule", wanted.operation_id)
        last = None if sheet is None else datetime.fromisoformat(sheet["slot_at"])
        if not is_print and (
            (last is not None and last >= slot_at) or schedule is None or schedule["every_min"] is None
        ):
            return False
        identity = (printed_id if is_print else written_id)(wanted.operation_id, slot_at)
        stream.append(
            Draft(
                id=identity,
                kind=kind,
                visibility=HQ,
                payload={"operation_id": str(wanted.operation_id), **payload},
                actor=BOARD,
                at=work.now,
            )
        )
    return True


def _prune(folder: Path, *, keep: int) -> None:
    """Take away all but the newest sheets of a search; names sort by time."""
    for path in sorted(folder.glob("*.pdf"), reverse=True)[keep:]:
        path.unlink(missing_ok=True)


@dataclass(slots=True)
class BoardRounds:
    """Writes sheets for as long as a worker runs.

    Attributes
    ----------
    looked : asyncio.Event
        Set by the first whole round.
    """

    office: Office
    settings: Settings
    every_s: float = EVERY_S
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    _running: asyncio.Task[None] | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        """Begin."""
        self._running = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop; what is half written is no sheet."""
        assert self._running is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def _go_on(self) -> None:
        while True:
            try:
                await round_of_sheets(self.office, self.settings)
                self.looked.set()
            except (SearchOpsError, SQLAlchemyError, OSError) as fault:
                _LOG.warning("board_failed", extra={"fault": type(fault).__name__})
            await asyncio.sleep(self.every_s)
