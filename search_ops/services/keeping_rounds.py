"""Beside a server: backups onto the stick as often as is wished, anchors of the log hourly, terms daily."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Self

import psycopg
import structlog

from search_ops.errors import Conflict, SearchOpsError, Unavailable
from search_ops.installation import InstallationError
from search_ops.persistence.anchors import append_anchor
from search_ops.persistence.backup_file import forget_old, is_on_disk_of
from search_ops.persistence.cluster_place import write_atomically
from search_ops.persistence.secret_files import read_kek
from search_ops.services.keeping import Dumping, heads, make_backup
from search_ops.services.retention import keep_terms

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from search_ops.persistence.unit_of_work import Office
    from search_ops.settings import Settings

ANCHOR_EVERY: Final = timedelta(hours=1)
RETAIN_EVERY: Final = timedelta(days=1)
LOOK_EVERY_S: Final = 30.0
# A stick is put back within minutes; what goes on failing is tried half as often each time.
RETRY_FIRST: Final = timedelta(minutes=1)
RETRY_LONGEST: Final = timedelta(hours=1)
RECORD: Final = "backup.json"

log = structlog.get_logger()


@dataclass(slots=True)
class _Chore:
    """Something done every so often; after a failure sooner, then more and more seldom."""

    name: str
    every: timedelta
    do: Callable[[], Awaitable[object]]
    due_at: datetime | None = None
    failures: int = 0

    def is_due(self, now: datetime) -> bool:
        return self.due_at is None or now >= self.due_at

    def done(self, now: datetime) -> None:
        self.failures = 0
        self.due_at = now + self.every

    def failed(self, now: datetime) -> None:
        self.due_at = now + retry_after(self.failures, self.every)
        self.failures += 1


def retry_after(failures: int, every: timedelta) -> timedelta:
    """Return how long to wait after a failure that so many others went before."""
    doubled: int = 1 << min(failures, 10)
    return min(RETRY_FIRST * doubled, RETRY_LONGEST, every)


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
    _chores: tuple[_Chore, ...] = field(init=False)
    _busy: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)
    _dumping: Dumping = field(default_factory=Dumping, init=False)
    _running: asyncio.Task[None] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Set up what is to be done, the backup first: nothing that fails may keep it waiting."""
        every = timedelta(minutes=self.settings.backup_every_min)
        wished = (_Chore("backup", every, self.back_up),) if self._is_scheduled else ()
        self._chores = (
            *wished,
            _Chore("anchor", ANCHOR_EVERY, self._anchor),
            _Chore("retention", RETAIN_EVERY, self._retain),
        )
        for chore in wished:
            chore.due_at = self._due_after_start(every)

    async def __aenter__(self) -> Self:
        """Begin."""
        if self.settings.is_keeper:
            self._running = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop; a backup that is being written is given up and leaves no file."""
        self._dumping.stop()
        if self._running is None:
            return
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running

    async def look(self) -> None:
        """Do what is due now; what fails is told in the program's log and does not keep the rest waiting."""
        for chore in self._chores:
            now = self.office.clock()
            if not chore.is_due(now):
                continue
            try:
                await chore.do()
            except Conflict:
                continue  # somebody has just pressed the button: looked at again with the next round
            except Exception as fault:
                chore.failed(now)
                if isinstance(fault, SearchOpsError):  # told where it happened
                    log.warning("keeping_failed", chore=chore.name, code=fault.code)
                else:
                    log.exception("keeping_failed", chore=chore.name)
            else:
                chore.done(now)

    async def back_up(self) -> dict[str, Any]:
        """Write a backup onto the operator's folder now and remember how it went.

        Returns
        -------
        dict
            ``{"at", "name", "size_bytes", "fault", "is_same_disk"}``.

        Raises
        ------
        Conflict
            ``no_backup_folder``: the operator has named none. ``backup_running``: one is being written.
        Unavailable
            ``backup_failed``: the stick is not there, or full.
        """
        folder = self.settings.backup_dir
        if folder is None:
            raise Conflict("no_backup_folder")
        if self._busy.locked():
            raise Conflict("backup_running")
        async with self._busy:
            now = self.office.clock()
            try:
                path, is_same_disk = await asyncio.to_thread(self._write, folder, now)
            except (InstallationError, psycopg.Error, OSError) as fault:
                key = fault.key if isinstance(fault, InstallationError) else "keeping-dump-failed"
                self._remember(now, fault=key)
                log.warning("backup_failed", fault=type(fault).__name__, key=key)
                raise Unavailable("backup_failed") from fault
            return self._remember(now, path=path, is_same_disk=is_same_disk)

    def _write(self, folder: Path, now: datetime) -> tuple[Path, bool]:
        """Write, count and anchor a backup, and make room on the stick; in a thread."""
        kek = read_kek(self.settings.secrets_dir)
        # A folder on the disk of the database dies with it, as where a stick was meant but is not mounted. A
        # server of the operator's own has its disk elsewhere.
        is_same_disk = (
            self.settings.is_embedded and folder.is_dir() and is_on_disk_of(folder, self.settings.data_dir)
        )
        path = make_backup(
            self._url, folder, kek, now=now, is_counted=not is_same_disk, dumping=self._dumping
        )
        self._append_anchor(now)
        forget_old(folder, kek, self.settings.backup_keep)
        return path, is_same_disk

    def _append_anchor(self, now: datetime) -> None:
        append_anchor(self.settings.data_dir, now.isoformat(timespec="seconds"), heads(self._url))

    async def _anchor(self) -> None:
        await asyncio.to_thread(self._append_anchor, self.office.clock())

    async def _retain(self) -> None:
        done = (await keep_terms(self.office)).as_json()
        if any(done.values()):  # a day on which nothing was due is no news on the operator's screen
            log.info("retention", **done)

    def _remember(
        self, now: datetime, *, path: Path | None = None, fault: str | None = None, is_same_disk: bool = False
    ) -> dict[str, Any]:
        before = read_record(self.settings.data_dir) or {}
        record = {
            "tried_at": now.isoformat(timespec="seconds"),
            "at": now.isoformat(timespec="seconds") if path is not None else before.get("at"),
            "name": path.name if path is not None else before.get("name"),
            "size_bytes": path.stat().st_size if path is not None else before.get("size_bytes"),
            "is_same_disk": is_same_disk if path is not None else before.get("is_same_disk", False),
            "fault": fault,
        }
        write_atomically(self.settings.data_dir / RECORD, json.dumps(record) + "\n", mode=0o600)
        return record

    @property
    def _is_scheduled(self) -> bool:
        return self.settings.backup_dir is not None and self.settings.backup_every_min > 0

    def _due_after_start(self, every: timedelta) -> datetime | None:
        """Return when the next backup is due by the record of an earlier run; a failed one is due now."""
        record = read_record(self.settings.data_dir) or {}
        if record.get("fault") is not None or record.get("tried_at") is None:
            return None
        return datetime.fromisoformat(record["tried_at"]) + every

    @property
    def _url(self) -> str:
        return self.office.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def _go_on(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("keeping_failed")
            await asyncio.sleep(self.every_s)


def read_record(data_dir: Path) -> dict[str, Any] | None:
    """Return how the last backup went, or None: there was none yet."""
    try:
        found: dict[str, Any] = json.loads((data_dir / RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found
