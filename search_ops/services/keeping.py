"""Keeping: backups of the whole installation, written and verified; and their way back."""

from __future__ import annotations

import secrets
import subprocess
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import conninfo, sql

from search_ops.installation import InstallationError
from search_ops.persistence.anchors import RESTORED, append_anchor
from search_ops.persistence.backup_file import (
    SUFFIX,
    Header,
    Verified,
    dump_chunks,
    key_mark,
    verify,
    written,
)
from search_ops.persistence.cluster_databases import (
    drop_databases,
    make_database,
    make_roles,
    superuser_connection,
)
from search_ops.persistence.cluster_place import find_binaries
from search_ops.persistence.data_dir_lock import DataDirLock
from search_ops.persistence.embedded import DATABASE, OWNER, Cluster
from search_ops.persistence.migrate import upgrade
from search_ops.persistence.secret_files import read_kek

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from search_ops.settings import Settings

_CHUNK_BYTES: Final = 1 << 20
_BEFORE: Final = "search_ops_before_restore"
# Jobs of the queue are not taken along: their doers would do old work in a new epoch. The table of PostGIS
# comes with PostGIS, and only its lord may write it.
_LEFT_OUT: Final = ("--exclude-table-data=procrastinate_*", "--exclude-table-data=spatial_ref_sys")


def make_backup(url: str, folder: Path, kek: bytes, *, now: datetime | None = None) -> Path:
    """Write a backup of the database into a folder, read it again, and only then count it.

    Parameters
    ----------
    url : str
        libpq address of a role that may read everything.
    folder : Path
        A stick, a disk, a share; it must exist: a folder made where a stick should be is no backup.

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
    moment = now or datetime.now(UTC)
    path = folder / f"search-ops-{moment:%Y%m%d-%H%M%S}{SUFFIX}"
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        header = _header(connection, key_mark(kek), moment)
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        with written(path, header) as file:
            _dump(url, str(row[0]), connection.info.server_version // 10000, file.write)
    verify(path)
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


def _dump(url: str, snapshot: str, major: int, take: Any) -> None:
    command = [
        *(_program("pg_dump", major), "--format=custom", "--no-owner", "--no-comments"),
        *(f"--snapshot={snapshot}", *_LEFT_OUT),
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=_environment(url)) as process,  # noqa: S603
    ):
        assert process.stdout is not None
        try:
            while chunk := process.stdout.read(_CHUNK_BYTES):
                take(chunk)
        except BaseException:
            process.kill()
            raise
        if process.wait() != 0:
            raise InstallationError("keeping-dump-failed", why=_last_line(said))


def _count(url: str, header: Header) -> None:
    """Let devices give up what the verified backup holds."""
    with psycopg.connect(url) as connection:
        for stream_id, stands in header.streams.items():
            connection.execute(
                "UPDATE stream SET backed_up_seq = greatest(backed_up_seq, %s)"
                " WHERE stream_id = %s AND epoch = %s::uuid",
                (stands["head"], stream_id, stands["epoch"]),
            )


def restore_backup(path: Path, settings: Settings, *, without_key: bool = False) -> Verified:
    """Put a backup in the place of the installation's database; the former one is kept beside it.

    All that can be checked is checked before anything is touched: the file, the key, that nobody works.
    The dump is loaded into a database of its own, its log verified there; only then the names change.

    Raises
    ------
    InstallationError
        With what keeps us; nothing has changed then.
    """
    if not settings.is_embedded:
        raise InstallationError("keeping-own-server")
    verified = verify(path)
    if verified.header.key_mark != key_mark(read_kek(settings.secrets_dir)) and not without_key:
        raise InstallationError("keeping-other-key", path=str(settings.secrets_dir / "kek"))
    cluster = Cluster(settings.data_dir)
    if cluster.is_running():
        raise InstallationError("keeping-running")
    with DataDirLock(settings.data_dir), cluster:
        make_roles(cluster)
        name = f"search_ops_restored_{secrets.token_hex(4)}"
        try:
            make_database(cluster, name)
            _load(cluster, name, path, verified)
            _check(cluster, name, verified)
            _exchange(cluster, name)
        except BaseException:
            drop_databases(cluster, [name])
            raise
    append_anchor(settings.data_dir, _now(), verified.header.streams, RESTORED)
    return verified


def _load(cluster: Cluster, name: str, path: Path, verified: Verified) -> None:
    url = cluster.url(OWNER, name)
    command = [
        *(str(cluster.binaries.folder / "pg_restore"), "--no-owner", "--exit-on-error"),
        *("--single-transaction", f"--dbname={name}"),
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, env=_environment(url)) as process,  # noqa: S603
    ):
        assert process.stdin is not None
        try:
            for chunk in dump_chunks(path, verified):
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it says why on its way out
        if process.wait() != 0:
            raise InstallationError("keeping-load-failed", why=_last_line(said))
    upgrade(url)


def _check(cluster: Cluster, name: str, verified: Verified) -> None:
    """Compare what was loaded with the header, then begin a new epoch of every stream.

    Devices that see it send again what the backup may not have.
    """
    with psycopg.connect(cluster.url(OWNER, name)) as connection:
        rows = connection.execute("SELECT stream_id, head, head_hash FROM stream").fetchall()
        held: Mapping[str, tuple[int, str]] = {row[0]: (row[1], row[2].hex()) for row in rows}
        wanted = {key: (each["head"], each["hash"]) for key, each in verified.header.streams.items()}
        count = connection.execute("SELECT count(*) FROM event").fetchone()
        if held != wanted or count is None or count[0] != verified.header.events:
            raise InstallationError("keeping-not-what-it-says")
        connection.execute("UPDATE stream SET epoch = gen_random_uuid(), backed_up_seq = head")
        connection.execute(
            "UPDATE job_progress SET state = 'cancelled' WHERE state IN ('waiting', 'running')"
        )
        connection.execute("UPDATE stream_ticket SET spent_at = now() WHERE spent_at IS NULL")


def _exchange(cluster: Cluster, name: str) -> None:
    with superuser_connection(cluster) as connection:
        databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        if DATABASE in databases:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_BEFORE))
            )
            connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(_BEFORE)))
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(DATABASE)))


def heads(url: str) -> dict[str, dict[str, Any]]:
    """Return where all streams stand, as anchors write it."""
    with psycopg.connect(url) as connection:
        return dict(_header(connection, "", datetime.now(UTC)).streams)  # type: ignore[arg-type]


def _program(name: str, major: int) -> str:
    return str(find_binaries(major).folder / name)


def _environment(url: str) -> dict[str, str]:
    """Return the address as libpq's variables: an argument would show the password to everybody."""
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    told = conninfo.conninfo_to_dict(url)
    return {"LC_ALL": "C.UTF-8", **{names[key]: str(value) for key, value in told.items() if key in names}}


def _last_line(said: Any) -> str:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "—"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
