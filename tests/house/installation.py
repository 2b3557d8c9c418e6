"""An installation whose supervisor runs over stand-in servers, and patience with other processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

STAND_IN = Path(__file__).with_name("stand_in.py")
ROOT = Path(__file__).parents[2]


def eventually(condition: Callable[[], object], what: str, limit_s: float = 30.0) -> None:
    """Wait for a condition of another process; fail with its name."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.02)


def free_port_pair() -> int:
    """Return a port whose successor is free too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port


class Installation:
    """One data directory and the supervisor that works on it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port_pair()
        self.ready_file = data_dir / "ready.json"
        self.output = data_dir / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        return {
            **{key: value for key, value in os.environ.items() if not key.startswith("SEARCH_OPS_")},
            "SEARCH_OPS_DATA_DIR": str(self.data_dir),
            "SEARCH_OPS_PORT": str(self.port),
            "SEARCH_OPS_STREAM_PORT": str(self.port + 1),
            "SEARCH_OPS_READY_FILE": str(self.ready_file),
            "PYTHONPATH": str(ROOT),
            "LC_ALL": "en_US.UTF-8",
        }

    def launch(self) -> subprocess.Popen[bytes]:
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(STAND_IN)],
                env=self.environment(),
                stdout=output,
                stderr=output,
                cwd=ROOT,
            )
        return self.process

    def start(self) -> dict[str, object]:
        process = self.launch()
        eventually(lambda: self.ready_file.exists() or process.poll() is not None, "ready file")
        assert process.poll() is None, self.said()
        content: dict[str, object] = json.loads(self.ready_file.read_text(encoding="utf-8"))
        return content

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def children(self) -> list[psutil.Process]:
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, name: str) -> psutil.Process | None:
        for child in self.children():
            with suppress(psutil.Error):
                if name in child.cmdline()[-1:]:
                    return child
        return None

    def postmaster(self) -> psutil.Process:
        return next(child for child in self.children() if child.cmdline()[1:2] == ["-D"])

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(15)
