"""One instance per data directory: two servers on one set of files would destroy it.

The kernel holds the lock (``flock``) and drops it with the process, so that nothing stale can stay; the
content only tells a person who holds it.
"""

import fcntl
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from search_ops.installation import InstallationError

NAME = "lock"


@dataclass
class DataDirLock:
    """The lock of a data directory, held from ``take`` to ``release``."""

    data_dir: Path
    file: IO[str] | None = None

    def take(self, url: str = "") -> Self:
        """Take the lock, or say who has it.

        Raises
        ------
        InstallationError
            Another process works on this data directory.
        """
        path = self.data_dir / NAME
        file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid, address = _holder(file.read())
            file.close()
            raise InstallationError(
                "house-already-running", path=str(self.data_dir), pid=pid, url=address
            ) from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "since": time.time(), "url": url}))
        file.flush()
        self.file = file
        return self

    def release(self) -> None:
        """Let others have the data directory."""
        if self.file:
            self.file.truncate(0)
            self.file.close()
            self.file = None

    def __enter__(self) -> Self:
        return self if self.file else self.take()

    def __exit__(self, *_: object) -> None:
        self.release()


def _holder(content: str) -> tuple[str, str]:
    """Return process number and address from a lock file that may just be written."""
    try:
        told = json.loads(content)
        return str(told["pid"]), str(told["url"]) or "—"
    except (ValueError, KeyError, TypeError):
        return "?", "—"
