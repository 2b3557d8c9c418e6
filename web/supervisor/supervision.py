"""Run an installation: lock, database, preparation, servers; watch them; stop them in order."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import disk_full, make_folder
from search_ops.persistence.data_dir_lock import DataDirLock
from search_ops.persistence.embedded import Cluster
from search_ops.persistence.installed_urls import external_urls
from search_ops.persistence.postmaster import die_with_parent
from search_ops.settings import Settings
from web.supervisor.children import Child, server, stop_all
from web.supervisor.ports import check_port
from web.supervisor.readiness import api_answers, stream_answers, write_ready_file
from web.supervisor.voice import LOCALE, complain, say, write

SERVERS = ("api", "stream", "worker")
READY_LIMIT_S = 60.0
DEATHS_BEFORE_GIVING_UP = 3
WATCH_S = 0.2


class StopRequested(BaseException):
    """Somebody pressed Ctrl-C or sent SIGTERM; not an error, hence no ``Exception``."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise StopRequested


class Supervisor:
    """One run of one installation."""

    def __init__(self, settings: Settings, *, demo: bool) -> None:
        self.settings = settings
        self.demo = demo
        self.cluster: Cluster | None = None
        self.children: list[Child] = []

    def run(self) -> None:
        """Start everything, then watch it until somebody asks to stop."""
        self._forget_ready_file()
        self._start_database()
        prepared = self._prepare()
        urls = self.cluster.urls() if self.cluster else external_urls(self.settings)
        self.children = [server(name, urls) for name in SERVERS]
        for child in self.children:
            child.start()
        self._await_servers()
        write(str(prepared.pop("table")))
        say("house-ready")
        if self.settings.ready_file:
            write_ready_file(self.settings.ready_file, self.settings, prepared)
        while True:
            self._watch()
            time.sleep(WATCH_S)

    def stop(self) -> None:
        """Stop children, then the database; a further Ctrl-C changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._forget_ready_file()
        stop_all(self.children)
        if self.cluster:
            self.cluster.stop()

    def _start_database(self) -> None:
        if self.settings.is_embedded:
            self.cluster = Cluster(self.settings.data_dir)
            self.cluster.start()

    def _prepare(self) -> dict[str, Any]:
        command = [sys.executable, "-m", "web.supervisor.preparation", *(["--demo"] if self.demo else [])]
        answer = subprocess.run(  # noqa: S603 - our own program
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=False,
            preexec_fn=die_with_parent(signal.SIGKILL),
            start_new_session=True,
        )
        if answer.returncode != 0:
            raise InstallationError("house-prepare-failed")
        prepared: dict[str, Any] = json.loads(answer.stdout)
        return prepared

    def _await_servers(self) -> None:
        """Wait until API and stream answer; a server that keeps dying ends the attempt with its name."""
        deadline = time.monotonic() + READY_LIMIT_S
        while not (api_answers(self.settings) and stream_answers(self.settings)):
            self._watch()
            for child in self.children:
                if child.deaths >= DEATHS_BEFORE_GIVING_UP:
                    raise InstallationError("house-child-keeps-dying", name=child.name)
            if time.monotonic() > deadline:
                raise InstallationError("house-not-ready", seconds=int(READY_LIMIT_S))
            time.sleep(WATCH_S / 4)

    def _watch(self) -> None:
        now = time.monotonic()
        if self.cluster and not self.cluster.postmaster.is_alive():
            say("house-database-died")
            self.cluster.start()
        for child in self.children:
            child.watch(now)

    def _forget_ready_file(self) -> None:
        if self.settings.ready_file:
            self.settings.ready_file.unlink(missing_ok=True)


def main(*, demo: bool) -> int:
    """Run until stopped; return the exit code."""
    settings = Settings()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        make_folder(settings.data_dir, 0o755 if os.getuid() == 0 else 0o700)
        with DataDirLock(settings.data_dir).take(settings.public_url):
            check_port(settings.host, settings.port, "SEARCH_OPS_PORT")
            check_port(settings.host, settings.stream_port, "SEARCH_OPS_STREAM_PORT")
            return _run(Supervisor(settings, demo=demo))
    except InstallationError as error:
        complain(error.sentence(LOCALE))
        return 1
    except StopRequested:
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        complain(disk_full(settings.data_dir).sentence(LOCALE))
        return 1


def _run(supervisor: Supervisor) -> int:
    try:
        supervisor.run()
    except StopRequested:
        say("house-stopping")
    finally:
        supervisor.stop()
    say("house-stopped")
    return 0
