"""Keeping: backups of the whole installation, written and verified."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import psycopg

from search_ops.installation import InstallationError
from search_ops.persistence.backup_file import SUFFIX, Header, key_mark, sweep_unfinished, verify, written
from search_ops.persistence.postgres_programs import environment_of, last_line, program

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK_BYTES: Final = 1 << 20
# Jobs of the queue are not taken along: their doers would do old work in a new epoch. The table of PostGIS
# comes with PostGIS, and only its lord may write it.
_LEFT_OUT: Final = ("--exclude-table-data=procrastinate_*", "--exclude-table-data=spatial_ref_sys")


class Dumping:
    """A dump that may be told to stop from another thread; once stopped it begins no more."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def begins(self, process: subprocess.Popen[bytes] | None) -> None:
        """Take the program that dumps; None when it is over."""
        with self._guard:
            self._process = process
            if self._stopped and process is not None:
                process.terminate()

    def stop(self) -> None:
        """End the program that dumps: a server that shuts down does not wait for minutes."""
        with self._guard:
            self._stopped = True
            if self._process is not None:
                self._process.terminate()


def make_backup(
    url: str,
    folder: Path,
    kek: bytes,
    *,
    now: datetime | None = None,
    is_counted: bool = True,
    dumping: Dumping | None = None,
) -> Path:
    """Write a backup of the database into a folder, read it again, and only then count it.

    Parameters
    ----------
    url : str
        libpq address of a role that may read everything.
    folder : Path
        A stick, a disk, a share; it must exist: a folder made where a stick should be is no backup.
    is_counted : bool
        Whether devices may give up what it holds; not for a file on the disk of the database.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InstallationError
        The folder is not there, has no room, or the dump failed.
    """
    if not folder.is_dir():
        raise InstallationError("keeping-no-folder", path=str(folder))
    sweep_unfinished(folder)
    moment = now or datetime.now(UTC)
    path = folder / f"search-ops-{moment:%Y%m%d-%H%M%S}{SUFFIX}"
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        header = _header(connection, key_mark(kek), moment)
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        with written(path, header) as file:
            major = connection.info.server_version // 10000
            _dump(url, str(row[0]), major, file.write, dumping or Dumping())
    verify(path)
    if is_counted:
        _count(url, header)
    return path


def _header(connection: psycopg.Connection, mark: str, moment: datetime) -> Header:
    rows = connection.execute(
        "SELECT stream_id, epoch, head, head_hash FROM stream ORDER BY stream_id"
    ).fetchall()
    level = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert level is not None
    return Header(
        made_at=moment.isoformat(timespec="seconds"),
        level=str(level[0]),
        postgres=connection.info.server_version // 10000,
        key_mark=mark,
        events=sum(row[2] for row in rows),
        streams={row[0]: {"epoch": str(row[1]), "head": row[2], "hash": row[3].hex()} for row in rows},
    )


def _dump(url: str, snapshot: str, major: int, take: Any, dumping: Dumping) -> None:
    command = [
        *(program("pg_dump", major), "--format=custom", "--no-owner", "--no-comments"),
        *(f"--snapshot={snapshot}", *_LEFT_OUT),
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=environment_of(url)) as process,  # noqa: S603
    ):
        assert process.stdout is not None
        dumping.begins(process)
        try:
            while chunk := process.stdout.read(_CHUNK_BYTES):
                take(chunk)
        except BaseException:
            process.kill()
            raise
        finally:
            dumping.begins(None)
        if process.wait() != 0:
            raise InstallationError("keeping-dump-failed", why=last_line(said))


def _count(url: str, header: Header) -> None:
    """Let devices give up what the verified backup holds."""
    with psycopg.connect(url) as connection:
        for stream_id, stands in header.streams.items():
            connection.execute(
                "UPDATE stream SET backed_up_seq = greatest(backed_up_seq, %s)"
                " WHERE stream_id = %s AND epoch = %s::uuid",
                (stands["head"], stream_id, stands["epoch"]),
            )


def heads(url: str) -> dict[str, dict[str, Any]]:
    """Return where all streams stand, as anchors write it."""
    with psycopg.connect(url) as connection:
        return dict(_header(connection, "", datetime.now(UTC)).streams)  # type: ignore[arg-type]
