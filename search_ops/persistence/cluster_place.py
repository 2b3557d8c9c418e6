"""Where the private database cluster can live on this machine, under which user, with which PostgreSQL."""

import hashlib
import json
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from search_ops.installation import InstallationError

DEBIAN_BINARIES = Path("/usr/lib/postgresql")
DEBIAN_SHARE = Path("/usr/share/postgresql")
OLDEST_MAJOR = 15
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH_BYTES = 107
ROOT_FALLBACK = Path("/var/lib/search-ops")
FREE_SPACE_NEEDED_BYTES = 128 * 1024 * 1024
RECORD = "cluster.json"


@dataclass(frozen=True)
class Binaries:
    """One installed PostgreSQL: its major version and the folder of its programs."""

    major: int
    folder: Path


@dataclass(frozen=True)
class ClusterUser:
    """The unprivileged user that the database steps down to when root starts us."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """The folders of one cluster."""

    home: Path
    socket_dir: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What PostgreSQL has to say."""
        return self.home / "postgres.log"


def find_binaries(
    made_by: int | None = None, *, programs: Path = DEBIAN_BINARIES, share: Path = DEBIAN_SHARE
) -> Binaries:
    """Find the newest usable PostgreSQL with PostGIS, or the one that made an existing cluster.

    Parameters
    ----------
    made_by
        Major version of an existing cluster; only this one can open it.
    programs, share
        Debian's folders, other ones in tests.
    """
    majors = sorted(
        (int(folder.name) for folder in programs.glob("*") if folder.name.isdigit() and _is_server(folder)),
        reverse=True,
    )
    if made_by is not None:
        if made_by not in majors:
            raise InstallationError("house-postgres-other-version", version=str(made_by))
        majors = [made_by]
    if not majors:
        raise InstallationError("house-postgres-missing")
    new_enough = [major for major in majors if major >= OLDEST_MAJOR]
    if not new_enough:
        raise InstallationError("house-postgres-old", version=str(majors[0]), oldest=str(OLDEST_MAJOR))
    for major in new_enough:
        if (share / str(major) / "extension" / "postgis.control").exists():
            return Binaries(major, programs / str(major) / "bin")
    raise InstallationError("house-postgis-missing", version=str(new_enough[0]))


def _is_server(folder: Path) -> bool:
    return (folder / "bin" / "postgres").exists() and (folder / "bin" / "initdb").exists()


def unprivileged_user() -> ClusterUser | None:
    """Return the user to step down to, or None when we are not root already."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ClusterUser(name, entry.pw_uid, entry.pw_gid)
    raise InstallationError("house-no-unprivileged-user")


def may_enter(folder: Path, user: ClusterUser) -> bool:
    """Whether ``user`` can reach ``folder``: every existing folder on the way lets them through."""
    for step in (folder, *folder.parents):
        if not step.exists():
            continue
        status = step.stat()
        if status.st_uid == user.uid:
            needed = stat.S_IXUSR
        elif status.st_gid == user.gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


def choose_place(data_dir: Path, user: ClusterUser | None) -> Place:
    """Choose (once: the choice is recorded in the data directory) where the cluster lives.

    It is the data directory itself, unless the database's user cannot enter it, as under ``/root``.
    """
    make_folder(data_dir, 0o755 if user else 0o700)
    record = data_dir / RECORD
    if record.exists():
        home = Path(json.loads(record.read_text(encoding="utf-8"))["home"])
    else:
        home = data_dir
        if user and not may_enter(data_dir, user):
            home = ROOT_FALLBACK / "clusters" / _digest(data_dir)
            make_folder(home, 0o755)
        write_atomically(record, json.dumps({"home": str(home)}) + "\n", mode=0o644)
    return Place(home, _socket_dir(home, user))


def _socket_dir(home: Path, user: ClusterUser | None) -> Path:
    """Return a folder for the socket whose path fits into the 107 bytes that the kernel allows."""
    wished = home / "socket"
    if _fits(wished):
        return wished
    name = f"search-ops-{os.getuid()}-{_digest(home)}"
    bases = [Path("/run")] if user else [Path(os.environ.get("XDG_RUNTIME_DIR") or "/nonexistent")]
    for base in (*bases, Path("/tmp")):  # noqa: S108 - owner and mode of the folder are checked on use
        if base.is_dir() and os.access(base, os.W_OK) and _fits(base / name):
            return base / name
    raise InstallationError("house-socket-path-long", path=str(wished))


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET_PATH_BYTES


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def make_folder(folder: Path, mode: int) -> None:
    """Make a folder with its parents; say in one sentence why that cannot be."""
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
    except OSError as error:
        raise InstallationError("house-folder-not-writable", path=str(folder)) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise InstallationError("house-folder-not-writable", path=str(folder))


def own_folder(folder: Path, user: ClusterUser | None) -> None:
    """Make a private folder (0700) for the cluster's user; refuse one that is a link or another's.

    A folder in ``/tmp`` could have been prepared by somebody else to catch our socket.
    """
    uid, gid = (user.uid, user.gid) if user else (os.getuid(), os.getgid())
    try:
        folder.mkdir(mode=0o700, parents=True)
        os.chown(folder, uid, gid)
    except FileExistsError:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
            raise InstallationError("house-folder-foreign", path=str(folder)) from None
        folder.chmod(0o700)
    except OSError as error:
        raise InstallationError("house-folder-not-writable", path=str(folder)) from error


def check_space(folder: Path, needed_bytes: int = FREE_SPACE_NEEDED_BYTES) -> None:
    """Refuse to start on a disk so full that PostgreSQL could not write its log."""
    if shutil.disk_usage(folder).free < needed_bytes:
        raise disk_full(folder, needed_bytes)


def disk_full(folder: Path, needed_bytes: int = FREE_SPACE_NEEDED_BYTES) -> InstallationError:
    """Return the sentence about a full disk."""
    free_mib = shutil.disk_usage(folder).free // 2**20
    return InstallationError("house-disk-full", path=str(folder), free=free_mib, needed=needed_bytes // 2**20)


def write_atomically(path: Path, content: str | bytes, *, mode: int) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
