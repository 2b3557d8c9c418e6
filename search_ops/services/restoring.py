"""The way back: a backup becomes the installation's database, and the former one is kept beside it."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from sqlalchemy.ext.asyncio import create_async_engine

from search_ops.installation import InstallationError
from search_ops.persistence.anchors import RESTORED, append_anchor
from search_ops.persistence.backup_file import Verified, dump_chunks, key_mark, verify
from search_ops.persistence.cluster_databases import (
    BEFORE,
    RESTORING,
    databases_aside,
    drop_databases,
    make_database,
    make_roles,
    superuser_connection,
)
from search_ops.persistence.data_dir_lock import DataDirLock
from search_ops.persistence.embedded import DATABASE, OWNER, Cluster
from search_ops.persistence.migrate import upgrade
from search_ops.persistence.postgres_programs import environment_of, last_line
from search_ops.persistence.secret_files import read_kek
from search_ops.services.verification import Verified as VerifiedLog
from search_ops.services.verification import verify_log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from search_ops.settings import Settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and under which name the former database stands; None: there was none."""

    verified: Verified
    former: str | None


def restore_backup(path: Path, settings: Settings, *, without_key: bool = False) -> Restored:
    """Put a backup in the place of the installation's database; the former one is kept beside it.

    All that can be checked is checked before anything is touched: the file, the key, that nobody works.
    The dump is loaded into a database of its own, its log verified there; only then the names change.
    Not for a running event loop: it makes one of its own.

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
        left = [name for name in databases_aside(cluster) if name.startswith(RESTORING)]
        name = f"{RESTORING}{secrets.token_hex(4)}"
        try:
            make_database(cluster, name)
            _load(cluster, name, path, verified)
            _check(cluster, name, verified)
            former = _exchange(cluster, name)
        except BaseException:
            drop_databases(cluster, [name])
            raise
        # Half-loaded ones of restores that were cut off: nobody ever worked in them.
        drop_databases(cluster, left)
    append_anchor(settings.data_dir, _now().isoformat(timespec="seconds"), verified.header.streams, RESTORED)
    return Restored(verified, former)


def _load(cluster: Cluster, name: str, path: Path, verified: Verified) -> None:
    url = cluster.url(OWNER, name)
    command = [
        *(str(cluster.binaries.folder / "pg_restore"), "--no-owner", "--exit-on-error"),
        *("--single-transaction", f"--dbname={name}"),
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, env=environment_of(url)) as process,  # noqa: S603
    ):
        assert process.stdin is not None
        try:
            for chunk in dump_chunks(path, verified):
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it says why on its way out
        if process.wait() != 0:
            raise InstallationError("keeping-load-failed", why=last_line(said))
    upgrade(url)


def _check(cluster: Cluster, name: str, verified: Verified) -> None:
    """Compare what was loaded with the header, verify its log, then begin a new epoch of every stream.

    Devices that see it send again what the backup may not have.
    """
    with psycopg.connect(cluster.url(OWNER, name)) as connection:
        rows = connection.execute("SELECT stream_id, head, head_hash FROM stream").fetchall()
        held: Mapping[str, tuple[int, str]] = {row[0]: (row[1], row[2].hex()) for row in rows}
        wanted = {key: (each["head"], each["hash"]) for key, each in verified.header.streams.items()}
        count = connection.execute("SELECT count(*) FROM event").fetchone()
        if held != wanted or count is None or count[0] != verified.header.events:
            raise InstallationError("keeping-not-what-it-says")
    faults = asyncio.run(_verified_log(cluster.urls(name).sqlalchemy.owner_url)).faults
    if faults:
        first = faults[0]
        raise InstallationError(
            "keeping-log-broken",
            stream=first.stream_id,
            seq="—" if first.seq is None else str(first.seq),
            fault=first.code,
        )
    with psycopg.connect(cluster.url(OWNER, name)) as connection:
        connection.execute("UPDATE stream SET epoch = gen_random_uuid(), backed_up_seq = head")
        connection.execute(
            "UPDATE job_progress SET state = 'cancelled' WHERE state IN ('waiting', 'running')"
        )
        connection.execute("UPDATE stream_ticket SET spent_at = now() WHERE spent_at IS NULL")


async def _verified_log(url: str) -> VerifiedLog:
    engine = create_async_engine(url)
    try:
        return await verify_log(engine)
    finally:
        await engine.dispose()


def _exchange(cluster: Cluster, name: str) -> str | None:
    """Give the names anew, both or none; return that of the former database, which nobody ever drops for us.

    It may be the only one that is true: a second restore, tried in haste, must not take it.
    """
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    former = None
    with superuser_connection(cluster) as connection, connection.transaction():
        databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        if DATABASE in databases:
            former = f"{BEFORE}{_now():%Y%m%d_%H%M%S_%f}"
            connection.execute(rename.format(sql.Identifier(DATABASE), sql.Identifier(former)))
        connection.execute(rename.format(sql.Identifier(name), sql.Identifier(DATABASE)))
    return former


def _now() -> datetime:
    return datetime.now(UTC)
