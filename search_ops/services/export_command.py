"""``search-ops export files``: a team's files, or everything, written to a folder on the operator's machine.

Who has the installation's secrets may see all of it: the command acts as a coordinator of that one search.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, get_args
from uuid import UUID

from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.principals import Grant, Place, Principal, Role
from search_ops.errors import NotKnown, SearchOpsError
from search_ops.importing.file_refusal import FileRefused
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.persistence.tables import operation_record
from search_ops.services.export_everything import MOST_FIXES
from search_ops.services.exports import ExportFormat, ExportOptions, export
from search_ops.services.office import open_office
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.persistence.unit_of_work import Office
    from search_ops.settings import Settings

FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


def export_files(
    configured: Settings,
    number: str,
    folder: Path,
    *,
    callsign: str | None,
    formats: Sequence[str],
    locale: str,
) -> Iterator[str]:
    """Write the files of a search and yield a sentence for each.

    Parameters
    ----------
    number
        The search's number for people, ``2026-38-0147``.
    folder
        Made when it is not there.
    callsign
        Only this team's files; None: everything.
    formats
        Of `FORMATS`; empty: all of them.
    locale
        Of the sentences and of names in the files.

    Raises
    ------
    SearchOpsError
        `NotKnown` when there is no such search or team.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [name for name in FORMATS if not formats or name in formats]
    for name, content in asyncio.run(_exported(configured, number, callsign, wanted, locale)):
        if isinstance(content, bytes):
            (folder / name).write_bytes(content)
            yield text(locale, "export-written", name=name, bytes=len(content))
        else:
            yield text(locale, "export-left-out", format=name, why=text(locale, f"error-{content}"))


async def _exported(
    configured: Settings, number: str, callsign: str | None, formats: Sequence[ExportFormat], locale: str
) -> list[tuple[str, bytes | str]]:
    async with open_office(configured) as office:
        return await exported(office, number, callsign, formats, locale)


async def exported(
    office: Office, number: str, callsign: str | None, formats: Sequence[ExportFormat], locale: str
) -> list[tuple[str, bytes | str]]:
    """Return name and bytes of each file, or the format and why there is none of it."""
    async with office.engine.connect() as connection:
        query = select(operation_record.c.operation_id).where(operation_record.c.number == number)
        operation_id = (await connection.execute(query)).scalar_one_or_none()
        if operation_id is None:
            raise NotKnown
        team_id = None if callsign is None else await _team(connection, operation_id, callsign)
    grants = (Grant(Role.COORDINATOR, operation_id=operation_id),)
    operator = Principal("account", uuid7(), uuid7(), "operator", grants=grants)
    place = Place("operation", operation_id)
    options = ExportOptions(team_id, locale, last_known=callsign is None, most_fixes=MOST_FIXES)
    files: list[tuple[str, bytes | str]] = []
    for name in formats:
        try:
            files.append(await export(office, operator, place, name, options))
        except SearchOpsError as refusal:
            if isinstance(refusal, NotKnown | FileRefused):
                raise
            files.append((name, refusal.code.replace("_", "-")))
    return files


async def _team(connection: AsyncConnection, operation_id: UUID, callsign: str) -> UUID:
    state = await load_state(connection, operation_stream(operation_id))
    for team_id, team in state.get("teams", {}).items():
        if str(team.get("callsign", "")).casefold() == callsign.casefold() and not team.get("disbanded"):
            return UUID(team_id)
    raise NotKnown
