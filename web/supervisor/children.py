"""The servers as children: started in sessions of their own, tied to our life, revived when they die."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from search_ops.persistence.embedded import DatabaseUrls
from search_ops.persistence.postmaster import die_with_parent
from web.supervisor.voice import say

FIRST_DELAY_S = 0.2
LONGEST_DELAY_S = 30.0
STEADY_AFTER_S = 60.0
STOP_LIMIT_S = 4.0
POLL_S = 0.05
# What `search-ops serve NAME` runs, without the command line's 20 MB and third of a second.
MODULES = {
    "api": ("web.supervisor.api_server",),
    "stream": ("web.stream",),
    "worker": ("web.cli", "serve", "worker"),
}
DATABASE_VARIABLES = {
    "SEARCH_OPS_DATABASE_URL",
    "SEARCH_OPS_DATABASE_OWNER_URL",
    "SEARCH_OPS_OWNER_URL",
    "SEARCH_OPS_STREAM_DATABASE_URL",
}


@dataclass
class Child:
    """One server: how to start it, since when it runs, when it may be started again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    delay_s: float = FIRST_DELAY_S
    started_at: float = field(default=0.0)
    due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own program
            self.command,
            stdin=subprocess.DEVNULL,
            env=dict(self.environment),
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops all in order
            # SIGKILL: nothing may outlive us, and the log in the database bears it.
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - the supervisor has one thread
        )

    def watch(self, now: float) -> None:
        """Notice a death, say so, and start the process again after a growing pause."""
        if self.process is None:
            if now >= self.due_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            if now - self.started_at > STEADY_AFTER_S:
                self.delay_s = FIRST_DELAY_S
            return
        self.process = None
        self.deaths += 1
        self.due_at = now + self.delay_s
        say("house-child-died", name=self.name, cause=exit_cause(code), seconds=f"{self.delay_s:g}")
        self.delay_s = min(LONGEST_DELAY_S, self.delay_s * 2)

    def signal_all(self, order: signal.Signals) -> None:
        """Send a signal to the child and everything it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, order)


def stop_all(children: list[Child]) -> None:
    """Stop the children together: politely, then for good."""
    for child in children:
        child.signal_all(signal.SIGTERM)
    deadline = time.monotonic() + STOP_LIMIT_S
    while any(child.process and child.process.poll() is None for child in children):
        if time.monotonic() > deadline:
            for child in children:
                child.signal_all(signal.SIGKILL)
        time.sleep(POLL_S)


def servers(name: str, urls: DatabaseUrls, count: int) -> list[Child]:
    """Describe all processes of one of our servers; the first of them keeps the installation."""
    first = server(name, urls)
    others = [server(name, urls, number) for number in range(2, count + 1)]
    return [first, *others]


def server(name: str, urls: DatabaseUrls, number: int = 1) -> Child:
    """Describe one of our servers: ``api``, ``stream`` or ``worker``.

    Each gets the database address of its own role only.
    """
    environment = {key: value for key, value in os.environ.items() if key not in DATABASE_VARIABLES}
    if name == "stream":
        environment["SEARCH_OPS_STREAM_DATABASE_URL"] = urls.stream_url
    else:
        environment["SEARCH_OPS_DATABASE_URL"] = urls.app_url
    if number > 1:
        environment["SEARCH_OPS_KEEPER"] = "false"
    shown = name if number == 1 else f"{name}-{number}"
    return Child(shown, [sys.executable, "-m", *MODULES[name]], environment)


def exit_cause(code: int) -> str:
    """Return how a process ended, as short as a shell would: ``SIGKILL`` or ``1``."""
    return signal.Signals(-code).name if code < 0 else str(code)
