"""The file of a backup: a header that says what is in it, the dump of the database, a digest over both.

It is written under another name, synced and renamed: a stick pulled out leaves no file that looks whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from search_ops.installation import InstallationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAGIC: Final = b"search-ops-backup 1\n"
SUFFIX: Final = ".search-ops"
_UNFINISHED: Final = ".unfinished"
# Nobody writes one file for longer; a younger one may be written by a command at this moment.
_ABANDONED_AFTER_S: Final = 6 * 3600.0
_NAMES: Final = f"search-ops-*{SUFFIX}"
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
_CHUNK_BYTES: Final = 1 << 20
_LONGEST_HEADER_BYTES: Final = 64 << 20
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Header:
    """What a backup holds.

    Attributes
    ----------
    made_at : str
        RFC 3339.
    level : str
        Level of the schema.
    key_mark : str
        Tells which key file opens the sealed fields; says nothing about the key.
    events : int
        Events in all streams together.
    streams : mapping
        Stream -> epoch, head and head's hash at the moment of the dump.
    """

    made_at: str
    level: str
    postgres: int
    key_mark: str
    events: int
    streams: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Verified:
    """A backup that was read whole: its header, and where the dump lies in the file."""

    header: Header
    dump_from: int
    dump_bytes: int


def key_mark(kek: bytes) -> str:
    """Return what tells one key file from another."""
    return hashlib.sha256(b"search-ops key mark" + kek).hexdigest()[:16]


class Writing:
    """A backup while it is written: bytes go into the file and the digest."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> None:
        """Append bytes."""
        self._file.write(content)
        self._digest.update(content)

    def finish(self) -> None:
        """Append the digest and let the disk have it all."""
        self._file.write(self._digest.digest())
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def written(path: Path, header: Header) -> Iterator[Writing]:
    """Give a file to write the dump into; it has its name only when all of it is on the disk.

    Raises
    ------
    InstallationError
        ``keeping-not-written``: no room, pulled out, or not allowed.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with os.fdopen(os.open(unfinished, _NEW, 0o600), "wb") as file:
            writing = Writing(file)
            writing.write(MAGIC)
            writing.write(json.dumps(asdict(header), ensure_ascii=False).encode() + b"\n")
            yield writing
            writing.finish()
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as fault:
        raise InstallationError(
            "keeping-not-written", path=str(path), why=fault.strerror or type(fault).__name__
        ) from fault
    finally:
        if unfinished.exists():
            unfinished.unlink(missing_ok=True)


def verify(path: Path) -> Verified:
    """Read a backup from the first byte to the last.

    Raises
    ------
    InstallationError
        ``keeping-unreadable``, ``keeping-no-backup`` or ``keeping-broken``, with the file and what is wrong.
    """
    try:
        with path.open("rb") as file:
            return _verified(path, file)
    except OSError as fault:
        raise InstallationError(
            "keeping-unreadable", path=str(path), why=fault.strerror or type(fault).__name__
        ) from fault


def _verified(path: Path, file: BinaryIO) -> Verified:
    if file.read(len(MAGIC)) != MAGIC:
        raise InstallationError("keeping-no-backup", path=str(path))
    line = file.readline(_LONGEST_HEADER_BYTES)
    size = path.stat().st_size
    begin = file.tell()
    dump_bytes = size - begin - _DIGEST_BYTES
    if dump_bytes <= 0 or not line.endswith(b"\n"):
        raise InstallationError("keeping-broken", path=str(path), size=size)
    digest = hashlib.sha256(MAGIC + line)
    left = dump_bytes
    while left > 0:
        chunk = file.read(min(_CHUNK_BYTES, left))
        if not chunk:
            raise InstallationError("keeping-broken", path=str(path), size=size)
        digest.update(chunk)
        left -= len(chunk)
    if file.read() != digest.digest():
        raise InstallationError("keeping-broken", path=str(path), size=size)
    return Verified(Header(**json.loads(line)), begin, dump_bytes)


def dump_chunks(path: Path, verified: Verified) -> Iterator[bytes]:
    """Return the dump of a verified backup, piece by piece."""
    with path.open("rb") as file:
        file.seek(verified.dump_from)
        left = verified.dump_bytes
        while left > 0:
            chunk = file.read(min(_CHUNK_BYTES, left))
            left -= len(chunk)
            yield chunk


def is_on_disk_of(folder: Path, data_dir: Path) -> bool:
    """Tell whether a folder lies on the disk of the data: a stick that is not mounted looks like that."""
    return folder.stat().st_dev == data_dir.stat().st_dev


def sweep_unfinished(folder: Path) -> None:
    """Remove what dead processes left half-written: it fills sticks."""
    oldest = time.time() - _ABANDONED_AFTER_S
    for path in folder.glob(_NAMES + _UNFINISHED):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def forget_old(folder: Path, kek: bytes, keep: int) -> None:
    """Remove all but the newest backups of this installation; those of others on one stick stay.

    The names tell the time, so that their order is the order of the backups.
    """
    mark = key_mark(kek)
    ours = [path for path in sorted(folder.glob(_NAMES), reverse=True) if _mark_in(path) == mark]
    for path in ours[keep:]:
        with suppress(OSError):
            path.unlink()


def _mark_in(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return None
            return str(json.loads(file.readline(_LONGEST_HEADER_BYTES))["key_mark"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
