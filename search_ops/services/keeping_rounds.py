"""Beside a server: an anchor of the log every hour, a backup onto the stick as often as is wished."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from search_ops.errors import Conflict, Unavailable
from search_ops.installation import InstallationError
from search_ops.persistence.anchors import append_anchor
from search_ops.persistence.cluster_place import write_atomically
from search_ops.persistence.secret_files import read_kek
from search_ops.services.keeping import heads, make_backup
from search_ops.services.retention import keep_terms

if TYPE_CHECKING:
    from pathlib import Path

    from search_ops.persistence.unit_of_work import Office
    from search_ops.settings import Settings

ANCHOR_EVERY: Final = timedelta(hours=1)
RETAIN_EVERY: Final = timedelta(days=1)
LOOK_EVERY_S: Final = 30.0
RECORD: Final = "backup.json"
_LOG: Final = logging.getLogger("search_ops.keeping")


@dataclass(slots=True)
class KeepingRounds:
    """Keeps the installation for as long as a process serves.

    Attributes
    ----------
    every_s : float
        How often it is looked whether something is due.
    """

    office: Office
    settings: Settings
    every_s: float = LOOK_EVERY_S
    _anchored_at: datetime | None = field(default=None, init=False)
    _retained_at: datetime | None = field(default=None, init=False)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _running: asyncio.Task[None] | None = field(default=None, init=False)

    async def __aenter__(self) -> Self:
        """Begin."""
        self._running = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop; a backup that is being written leaves no file."""
        assert self._running is not None
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def look(self) -> None:
        """Do what is due now."""
        now = self.office.clock()
        if self._anchored_at is None or now - self._anchored_at >= ANCHOR_EVERY:
            streams = await asyncio.to_thread(heads, self._url)
            await asyncio.to_thread(
                append_anchor, self.settings.data_dir, now.isoformat(timespec="seconds"), streams
            )
            self._anchored_at = now
        if self._retained_at is None or now - self._retained_at >= RETAIN_EVERY:
            done = await keep_terms(self.office)
            _LOG.info("retention", extra=done.as_json())
            self._retained_at = now
        if self._is_backup_due(now):
            with suppress(Conflict, Unavailable):  # the record tells it, readiness and the desk show it
                await self.back_up()

    async def back_up(self) -> dict[str, Any]:
        """Write a backup onto the operator's folder now and remember how it went.

        Returns
        -------
        dict
            ``{"at", "name", "size_bytes", "fault"}``.

        Raises
        ------
        Conflict
            ``no_backup_folder``: the operator has named none.
        Unavailable
            ``backup_failed``: the stick is not there, or full.
        """
        folder = self.settings.backup_dir
        if folder is None:
            raise Conflict("no_backup_folder")
        async with self._busy:
            now = self.office.clock()
            try:
                kek = read_kek(self.settings.secrets_dir)
                path = await asyncio.to_thread(make_backup, self._url, folder, kek, now=now)
            except (InstallationError, psycopg.Error, OSError) as fault:
                self._remember(
                    now, None, fault.key if isinstance(fault, InstallationError) else "keeping-dump-failed"
                )
                _LOG.warning("backup_failed", extra={"fault": type(fault).__name__})
                raise Unavailable("backup_failed") from fault
            streams = await asyncio.to_thread(heads, self._url)
            append_anchor(self.settings.data_dir, now.isoformat(timespec="seconds"), streams)
            return self._remember(now, path, None)

    def _remember(self, now: datetime, path: Path | None, fault: str | None) -> dict[str, Any]:
        before = read_record(self.settings.data_dir) or {}
        record = {
            "tried_at": now.isoformat(timespec="seconds"),
            "at": now.isoformat(timespec="seconds") if path is not None else before.get("at"),
            "name": path.name if path is not None else before.get("name"),
            "size_bytes": path.stat().st_size if path is not None else before.get("size_bytes"),
            "fault": fault,
        }
        write_atomically(self.settings.data_dir / RECORD, json.dumps(record) + "\n", mode=0o600)
        return record

    def _is_backup_due(self, now: datetime) -> bool:
        every_min = self.settings.backup_every_min
        if self.settings.backup_dir is None or every_min == 0:
            return False
        tried = (read_record(self.settings.data_dir) or {}).get("tried_at")
        return tried is None or now - datetime.fromisoformat(tried) >= timedelta(minutes=every_min)

    @property
    def _url(self) -> str:
        return self.office.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def _go_on(self) -> None:
        while True:
            try:
                await self.look()
            except (psycopg.Error, SQLAlchemyError, OSError) as fault:
                _LOG.warning("keeping_failed", extra={"fault": type(fault).__name__})
            await asyncio.sleep(self.every_s)


def read_record(data_dir: Path) -> dict[str, Any] | None:
    """Return how the last backup went, or None: there was none yet."""
    try:
        found: dict[str, Any] = json.loads((data_dir / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found
