"""The whole system as a user starts it, in a data directory of its own: for browser tests and benchmarks."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

from search_ops.persistence.embedded import Cluster
from tests.house.installation import ROOT, free_port_pair

START_LIMIT_S = 90.0


class Stack:
    """`search-ops serve all --demo`: database, API, stream, worker; started and stopped like a user does.

    Parameters
    ----------
    command : list of str, optional
        Another program that serves all: without the demo, or with something broken on purpose.
    """

    def __init__(self, command: list[str] | None = None) -> None:
        self.command = command or [
            str(Path(sys.executable).with_name("search-ops")),
            "serve",
            "all",
            "--demo",
        ]
        self.data_dir = Path(tempfile.mkdtemp(prefix="search-ops-test-"))
        self.data_dir.chmod(0o755)
        self.port = free_port_pair()
        self.ready_file = self.data_dir / "ready.json"
        self.output = self.data_dir / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.ready: dict[str, Any] = {}

    @property
    def url(self) -> str:
        return str(self.ready["url"])

    def start(self) -> float:
        """Start and wait until everything answers; return how long it took, in seconds."""
        self.ready_file.unlink(missing_ok=True)
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("SEARCH_OPS_")},
            "SEARCH_OPS_DATA_DIR": str(self.data_dir),
            "SEARCH_OPS_PORT": str(self.port),
            "SEARCH_OPS_READY_FILE": str(self.ready_file),
            "LC_ALL": "C.UTF-8",
        }
        begin = time.monotonic()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=environment,
                stdout=output,
                stderr=output,
                cwd=ROOT,
            )
        while not self.ready_file.exists():
            if self.process.poll() is not None or time.monotonic() - begin > START_LIMIT_S:
                said = self.output.read_text(encoding="utf-8")
                self.stop()
                raise AssertionError(f"the demo did not start:\n{said}")
            time.sleep(0.02)
        took_s = time.monotonic() - begin
        self.ready = json.loads(self.ready_file.read_text(encoding="utf-8"))
        return took_s

    def stop(self) -> None:
        """Stop everything as Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def destroy(self) -> None:
        """Stop and leave nothing behind."""
        self.stop()
        Cluster(self.data_dir).destroy()
        shutil.rmtree(self.data_dir, ignore_errors=True)

    def pss_bytes(self) -> int:
        """Return the memory of all our processes, shared pages divided among their users."""
        assert self.process is not None
        supervisor = psutil.Process(self.process.pid)
        return sum(
            process.memory_full_info().pss for process in [supervisor, *supervisor.children(recursive=True)]
        )

    def user(self, role: str, number: int = 0) -> dict[str, str]:
        """Return the sign-in of a demo user."""
        found: list[dict[str, str]] = [user for user in self.ready["users"] if user["role"] == role]
        return found[number]

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """Call the API as a program would."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            content: dict[str, Any] = json.loads(answer.read() or b"{}")
        return content

    def sign_in(self, role: str, number: int = 0) -> str:
        """Return a token of a demo user."""
        user = self.user(role, number)
        answer = self.call("POST", "/api/session", {"login": user["login"], "password": user["password"]})
        return str(answer["token"])
