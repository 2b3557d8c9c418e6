"""Taking files into the transport network: every good row, the others told, never over a person's change."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert

from search_ops.csv_rows import LARGEST_BYTES, Fault, TableRefused
from search_ops.importing.transport_places import read_airports, read_runways, read_stations, read_towns
from search_ops.importing.transport_services import read_aircraft, read_services, read_ways
from search_ops.persistence.transport_tables import (
    transport_change,
    transport_craft,
    transport_place,
    transport_runway,
    transport_service,
    transport_way,
)
from search_ops.services.office import open_office
from search_ops.services.transport_clock import is_backward
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.importing.transport_places import TableRead
    from search_ops.persistence.unit_of_work import Office
    from search_ops.settings import Settings

_SHOWN_FAULTS: Final = 50
_ROWS_AT_ONCE: Final = 1_000
_ENDS: Final = {"from_place": "from", "to_place": "to"}


@dataclass(frozen=True, slots=True)
class _Kind:
    """How files of one kind are read, and where their rows go."""

    read: Callable[[bytes], TableRead]
    table: Table
    key: str


KINDS: Final = {
    "airports": _Kind(read_airports, transport_place, "place_id"),
    "runways": _Kind(read_runways, transport_runway, "runway_id"),
    "places": _Kind(read_towns, transport_place, "place_id"),
    "stations": _Kind(read_stations, transport_place, "place_id"),
    "services": _Kind(read_services, transport_service, "service_id"),
    "ways": _Kind(read_ways, transport_way, "way_id"),
    "aircraft": _Kind(read_aircraft, transport_craft, "craft_type"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file.

    Attributes
    ----------
    taken
        Rows that stand in the network now.
    kept
        Rows that a person has changed at a desk: they stay as they are.
    left_out
        Runways of airports that the network does not have.
    faults
        What is wrong with the rows that were not taken: one bad line of a timetable is no reason to do
        without all the others.
    """

    taken: int
    kept: int
    left_out: int
    faults: tuple[Fault, ...] = ()


async def take_file(office: Office, kind: str, file_name: str, data: bytes) -> Taken:
    """Take a file into the network.

    Raises
    ------
    TableRefused
        Nothing of it can be used, with line and column of every fault; the network is as it was.
    """
    how = KINDS[kind]
    read = await asyncio.to_thread(how.read, data)
    rows = read.rows
    for row in rows:
        row.setdefault("source", file_name[:200])
    async with office.engine.begin() as connection:
        # Two files at once would judge the same places.
        await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("transport_import"))))
        rows, left_out, unfit = await _judged(connection, kind, rows)
        faults = sorted([*read.faults, *unfit], key=lambda fault: (fault.line, fault.column))
        if faults and not rows:
            raise TableRefused(faults)
        for row in rows:
            row.pop("line")
        kept = await _kept(connection, how, rows)
        await _write(connection, how, rows)
        told = {"taken": len(rows) - kept, "kept": kept, "left_out": left_out}
        lines = sorted({fault.line for fault in faults})
        await connection.execute(
            transport_change.insert().values(
                subject="import",
                subject_id=kind,
                what="imported",
                after={
                    "file_name": file_name,
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "faulty": len(lines),
                    **told,
                },
                changed_by_name="",
                changed_at=office.clock(),
            )
        )
    return Taken(**told, faults=tuple(faults))


async def _judged(
    connection: AsyncConnection, kind: str, rows: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], int, list[Fault]]:
    """Return the rows that fit the places there are, how many runways do not, what is wrong with others."""
    if kind not in {"runways", "services", "ways"}:
        return rows, 0, []
    query = select(transport_place.c.place_id, transport_place.c.time_zone)
    zones: dict[str, str | None] = {row.place_id: row.time_zone for row in await connection.execute(query)}
    if kind == "runways":
        fit = [row for row in rows if row["place_id"] in zones]
        return fit, len(rows) - len(fit), []
    fit, faults = [], []
    for row in rows:
        wrong = [
            Fault("place_unknown", row["line"], column)
            for name, column in _ENDS.items()
            if row[name] not in zones
        ]
        if kind == "services" and not wrong:
            wrong = _timetable_faults(row, zones)
        if wrong:
            faults += wrong
        else:
            fit.append(row)
    return fit, 0, faults


def _timetable_faults(row: dict[str, Any], zones: dict[str, str | None]) -> list[Fault]:
    faults = [
        Fault("place_without_time_zone", row["line"], column)
        for name, column in _ENDS.items()
        if zones[row[name]] is None
    ]
    if not faults and is_backward(row, zones):
        faults = [Fault("timetable_backward", row["line"], "arrives")]
    return faults


async def _kept(connection: AsyncConnection, how: _Kind, rows: list[dict[str, Any]]) -> int:
    if "edited_at" not in how.table.c:
        return 0
    query = select(how.table.c[how.key]).where(how.table.c.edited_at.is_not(None))
    edited = set((await connection.execute(query)).scalars())
    return sum(row[how.key] in edited for row in rows)


async def _write(connection: AsyncConnection, how: _Kind, rows: list[dict[str, Any]]) -> None:
    statement = insert(how.table)
    names = [name for name in rows[0] if name != how.key] if rows else []
    changed: dict[str, Any] = {name: statement.excluded[name] for name in names}
    where = None
    if "version" in how.table.c:
        changed["version"] = how.table.c.version + 1
        where = how.table.c.edited_at.is_(None)
    statement = statement.on_conflict_do_update(index_elements=[how.key], set_=changed, where=where)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        await connection.execute(statement, rows[first : first + _ROWS_AT_ONCE])


# ---- in a terminal -----------------------------------------------------------------------------


def command(
    configured: Settings, kind: str, path: Path, locale: str, *, console: Console | None = None
) -> int:
    """Take a file and tell the operator what became of it; return 0, or 1 when nothing changed."""
    out = console or Console(highlight=False)

    async def work() -> Taken:
        data = _bytes_of(path)
        async with open_office(configured) as office:
            return await take_file(office, kind, path.name, data)

    try:
        taken = asyncio.run(work())
    except TableRefused as refused:
        _say(out, text(locale, "transport-refused", file=path.name))
        for sentence in told_faults(refused.faults, locale):
            _say(out, sentence)
        return 1
    _say(out, text(locale, "transport-taken", file=path.name, taken=taken.taken))
    if taken.faults:
        _say(out, text(locale, "transport-taken-faults", count=len({fault.line for fault in taken.faults})))
        for sentence in told_faults(taken.faults, locale):
            _say(out, sentence)
    if taken.kept:
        _say(out, text(locale, "transport-taken-kept", count=taken.kept))
    if taken.left_out:
        _say(out, text(locale, "transport-taken-left-out", count=taken.left_out))
    return 0


def told_faults(faults: Sequence[Fault], locale: str) -> list[str]:
    """Return a sentence for each fault with its line, the first fifty, and how many more there are."""
    told = []
    for fault in faults[:_SHOWN_FAULTS]:
        cause = text(locale, f"transport-fault-{fault.code.replace('_', '-')}", column=fault.column)
        told.append(text(locale, "transport-fault", line=fault.line, cause=cause) if fault.line else cause)
    more = Counter(fault.code for fault in faults[_SHOWN_FAULTS:]).total()
    return [*told, text(locale, "transport-more-faults", count=more)] if more else told


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise TableRefused([Fault("too_large")])
        return path.read_bytes()
    except OSError:
        raise TableRefused([Fault("unreadable")]) from None


def _say(out: Console, sentence: str) -> None:
    out.print(sentence, markup=False, soft_wrap=True)
