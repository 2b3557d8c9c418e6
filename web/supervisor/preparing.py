"""The preparation as the supervisor sees it: a short-lived child, and a note of what it last prepared.

A start of the same release on the same data need not wait for it: the servers come up beside it, which
shortens the second start. Whatever happens to the note, the API says "ready" on the right schema only.
"""

import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import write_atomically
from search_ops.persistence.postmaster import die_with_parent
from search_ops.settings import Settings

MIGRATIONS = Path(__file__).parents[2] / "search_ops" / "persistence" / "migrations" / "versions"
NOTE = "prepared"


class Preparation:
    """One run of ``web.supervisor.preparation``."""

    def __init__(self, settings: Settings, *, demo: bool) -> None:
        self.settings = settings
        self.demo = demo
        self.process: subprocess.Popen[bytes] | None = None
        self.answer: dict[str, Any] | None = None

    @property
    def is_repetition(self) -> bool:
        """Whether this release has prepared this very cluster before."""
        if not self.settings.is_embedded:
            return False  # an operator's own database may be another one today
        try:
            return self._note.read_text(encoding="ascii") == self._stamp()
        except (OSError, UnicodeDecodeError):
            return False

    def start(self) -> None:
        """Start the child."""
        command = [sys.executable, "-m", "web.supervisor.preparation", *(["--demo"] if self.demo else [])]
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - the supervisor has one thread
        )

    def finish(self) -> dict[str, Any]:
        """Wait for the child and return how to sign in.

        Raises
        ------
        InstallationError
            It failed: the fault that it met, or that its traceback stands above.
        """
        if self.answer is None:
            assert self.process is not None
            said, _ = self.process.communicate()
            if self.process.returncode != 0:
                raise _fault(said)
            self.answer = json.loads(said)
            write_atomically(self._note, self._stamp(), mode=0o644)
        return dict(self.answer or {})

    def stop(self) -> None:
        """Stop the child if it still works; every step of it can be repeated."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    @property
    def _note(self) -> Path:
        return self.settings.data_dir / NOTE

    def _stamp(self) -> str:
        digest = hashlib.sha256(b"demo" if self.demo else b"")
        for path in sorted(MIGRATIONS.glob("*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def _fault(said: bytes) -> InstallationError:
    try:
        fault = json.loads(said)["fault"]
        return InstallationError(fault["key"], **fault["facts"])
    except (ValueError, KeyError):
        return InstallationError("house-prepare-failed")
