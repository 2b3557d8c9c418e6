"""The server process of the private cluster: started by us, found again after a crash, stopped in order.

No client library is needed here: PostgreSQL itself writes into ``postmaster.pid`` when it is ready. The
supervisor that keeps this process for days stays small that way.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import ClusterUser

PR_SET_PDEATHSIG = 1
START_LIMIT_S = 60.0
FAST_STOP_LIMIT_S = 4.0  # with the children's 4 s and the next line: all is down within 10 s of Ctrl-C
LAST_STOP_LIMIT_S = 1.0
POLL_S = 0.02
READY_LINE = 7

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """Return a hook for a child to run before exec: the kernel signals it when its parent is gone.

    It must run after the change of user, which would clear the wish; ``subprocess`` does that order.
    """
    parent = os.getpid()

    def hook() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return hook


@dataclass
class Postmaster:
    """The server of one data directory."""

    program: Path
    data: Path
    socket_dir: Path
    user: ClusterUser | None
    child: subprocess.Popen[bytes] | None = None

    def start(self, log: IO[bytes], options: dict[str, str]) -> None:
        """Start the server and wait until it takes connections."""
        self.clear_remains()
        command = [str(self.program), "-D", str(self.data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.child = self.spawn(command, log)
        deadline = time.monotonic() + START_LIMIT_S
        while self._pid_file_says() != (self.child.pid, "ready"):
            if self.child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise InstallationError("house-postgres-did-not-start", log=log.name)
            time.sleep(POLL_S)

    def spawn(self, command: list[str], log: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a program of PostgreSQL as the cluster's user, in a session of its own, tied to our life."""
        return subprocess.Popen(  # noqa: S603 - the program comes from find_binaries
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the children in order
            # The supervisor has one thread, so that code between fork and exec is safe.
            preexec_fn=die_with_parent(signal.SIGINT),  # noqa: PLW1509
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
        )

    def stop(self) -> None:
        """Stop the server: politely first, then at once; the log of PostgreSQL survives both."""
        pid = self.child.pid if self.child else self.running_pid()
        if pid is None:
            return
        for order, limit_s in ((signal.SIGINT, FAST_STOP_LIMIT_S), (signal.SIGQUIT, LAST_STOP_LIMIT_S)):
            if not self._signal(pid, order) or self._wait_gone(pid, limit_s):
                break
        else:
            self._signal(pid, signal.SIGKILL)
        if self.child:
            self.child.wait()
            self.child = None

    def is_alive(self) -> bool:
        """Whether the server that we started still runs."""
        return self.child is not None and self.child.poll() is None

    def running_pid(self) -> int | None:
        """Return the live server of this data directory, whoever started it."""
        pid = self._pid_file_says()[0]
        return pid if pid and _works_in(pid, self.data) else None

    def clear_remains(self) -> None:
        """Clear what a killed predecessor left: a server that goes on, backends, lock files.

        A process number in a stale lock file may meanwhile belong to somebody else; PostgreSQL would then
        refuse to start. Only when no process works in the data directory are the files removed.
        """
        if self.running_pid() is not None:
            self.stop()
        deadline = time.monotonic() + FAST_STOP_LIMIT_S
        while left := list(_processes_in(self.data)):
            if time.monotonic() > deadline:
                for pid in left:
                    self._signal(pid, signal.SIGQUIT)
                deadline = time.monotonic() + LAST_STOP_LIMIT_S
            time.sleep(POLL_S)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (self.socket_dir / name).unlink(missing_ok=True)

    def _pid_file_says(self) -> tuple[int | None, str]:
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return int(lines[0]), lines[READY_LINE].strip() if len(lines) > READY_LINE else ""
        except (FileNotFoundError, IndexError, ValueError):
            return None, ""

    def _wait_gone(self, pid: int, limit_s: float) -> bool:
        deadline = time.monotonic() + limit_s
        while time.monotonic() < deadline:
            if self.child and self.child.pid == pid:
                if self.child.poll() is not None:
                    return True
            elif not _works_in(pid, self.data):
                return True
            time.sleep(POLL_S)
        return False

    @staticmethod
    def _signal(pid: int, order: signal.Signals) -> bool:
        try:
            os.kill(pid, order)
        except ProcessLookupError:
            return False
        return True


def _works_in(pid: int, data: Path) -> bool:
    """Whether the process is a PostgreSQL of this cluster: the server's home is its data directory."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def _processes_in(data: Path) -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and _works_in(int(entry.name), data):
            try:
                is_postgres = b"postgres" in (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if is_postgres:
                yield int(entry.name)
