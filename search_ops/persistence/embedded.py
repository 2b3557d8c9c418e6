"""The private PostgreSQL + PostGIS cluster of an installation: made, started and stopped by us.

It listens on a Unix socket in a folder of its own (0700), never on TCP, and asks every role for a password
that was drawn for this installation. PostgreSQL refuses root, so that root steps down to another user.
Roles and databases are made by ``cluster_databases``: this module loads no database driver, because the
supervisor lives with it for days.
"""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import (
    Binaries,
    ClusterUser,
    Place,
    check_space,
    choose_place,
    disk_full,
    find_binaries,
    own_folder,
    unprivileged_user,
)
from search_ops.persistence.postmaster import Postmaster
from search_ops.persistence.secret_files import DATABASE_ROLES, database_passwords, make_secrets

DATABASE = "search_ops"
SUPERUSER, OWNER, APP, STREAM = DATABASE_ROLES
LOCALE = "C.UTF-8"  # order by code point, yet Cyrillic has upper and lower case; every libc brings it
LOG_LIMIT_BYTES = 5 * 2**20

# Modest on purpose: headquarters is a laptop in a car, and the whole demo stays below 600 MB.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "96MB",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_parallel_workers_per_gather": "1",
    "max_wal_size": "512MB",
    "jit": "off",  # our statements are short; compiling them costs more than it gives
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
    "fsync": "on",
    "password_encryption": "scram-sha-256",
}
# For databases that live as long as one test run.
FORGETFUL_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class DatabaseUrls:
    """Addresses of one database for our three roles, as libpq and psycopg read them."""

    owner_url: str
    app_url: str
    stream_url: str

    @property
    def sqlalchemy(self) -> "DatabaseUrls":
        """The same addresses with the driver's name, as SQLAlchemy reads them."""
        return DatabaseUrls(
            *(
                url.replace("postgresql://", "postgresql+psycopg://", 1)
                for url in (self.owner_url, self.app_url, self.stream_url)
            )
        )


class Cluster:
    """The cluster that belongs to one data directory.

    Parameters
    ----------
    data_dir
        Where it shall live; ``cluster_place`` chooses elsewhere when its user cannot go there.
    durable
        Off only in tests: a crash of the machine may then lose data.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir
        self.durable = durable
        self.user: ClusterUser | None = unprivileged_user()
        self.place: Place = choose_place(data_dir, self.user)
        self.binaries: Binaries = find_binaries(self._made_by())
        self.postmaster = Postmaster(
            self.binaries.folder / "postgres", self.place.data, self.place.socket_dir, self.user
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def secrets_dir(self) -> Path:
        """Where the passwords of the roles lie."""
        return self.data_dir / "secrets"

    def start(self) -> None:
        """Start the server, making the cluster on first use; what a killed run left is cleared."""
        check_space(self.place.home)
        fresh = self._made_by() is None
        if fresh:
            make_secrets(self.secrets_dir)
        own_folder(self.place.socket_dir, self.user)
        self._trim_log()
        with self.place.log.open("ab") as log:
            if fresh:
                self._initdb()
            self.postmaster.start(log, self._options())

    def stop(self) -> None:
        """Stop the server."""
        self.postmaster.stop()

    def is_running(self) -> bool:
        """Whether a server works on this cluster, whoever started it."""
        return self.postmaster.running_pid() is not None

    def destroy(self) -> None:
        """Stop the server and remove cluster and socket: for clusters made by tests."""
        self.stop()
        shutil.rmtree(self.place.data, ignore_errors=True)
        shutil.rmtree(self.place.socket_dir, ignore_errors=True)
        if self.place.home != self.data_dir:
            shutil.rmtree(self.place.home, ignore_errors=True)

    def urls(self, database: str = DATABASE) -> DatabaseUrls:
        """Return the addresses of one of the cluster's databases."""
        return DatabaseUrls(*(self.url(role, database) for role in (OWNER, APP, STREAM)))

    def url(self, role: str, database: str) -> str:
        """Return the address of a database for one role."""
        password = quote(database_passwords(self.secrets_dir)[role], safe="")
        host = quote(str(self.place.socket_dir), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={host}"

    def _made_by(self) -> int | None:
        try:
            return int((self.place.data / "PG_VERSION").read_text(encoding="ascii").strip())
        except FileNotFoundError:
            return None

    def _options(self) -> dict[str, str]:
        options = {**SERVER_OPTIONS, "unix_socket_directories": str(self.place.socket_dir)}
        return options if self.durable else {**options, **FORGETFUL_OPTIONS}

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there: a half-made one never counts."""
        unfinished = self.place.home / f"postgres.unfinished-{secrets.token_hex(4)}"
        for old in self.place.home.glob("postgres.unfinished-*"):
            shutil.rmtree(old, ignore_errors=True)
        own_folder(unfinished, self.user)
        with tempfile.NamedTemporaryFile("w", dir=unfinished.parent, encoding="ascii") as password_file:
            password_file.write(database_passwords(self.secrets_dir)[SUPERUSER])
            password_file.flush()
            if self.user:
                os.chown(password_file.name, self.user.uid, self.user.gid)
            command = [
                str(self.binaries.folder / "initdb"), "--pgdata", str(unfinished), "--username", SUPERUSER,
                "--pwfile", password_file.name, "--auth", "scram-sha-256", "--encoding", "UTF8",
                "--locale", LOCALE, "--data-checksums",
            ]  # fmt: skip
            if not self.durable:
                command.append("--no-sync")
            with tempfile.TemporaryFile() as answer:
                code = self.postmaster.spawn(command, answer).wait()
                answer.seek(0)
                said = answer.read().decode(errors="replace")
        if code != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            if "No space left" in said:
                raise disk_full(self.place.home)
            reason = next((line for line in reversed(said.splitlines()) if "error" in line), said[-200:])
            raise InstallationError("house-initdb-failed", reason=reason.strip())
        unfinished.rename(self.place.data)

    def _trim_log(self) -> None:
        """Keep one old log beside the present one, so that a flapping machine does not fill its disk."""
        log = self.place.log
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
