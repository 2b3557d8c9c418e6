"""Run an installation: lock, database, preparation, servers; watch them; stop them in order."""

import errno
import os
import signal
import time
from types import FrameType

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import disk_full, make_folder
from search_ops.persistence.data_dir_lock import DataDirLock
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.installed_urls import external_urls
from search_ops.settings import Settings
from web.supervisor.children import Child, servers, stop_all
from web.supervisor.ports import check_port
from web.supervisor.preparing import Preparation
from web.supervisor.readiness import api_answers, forget_ready_file, stream_answers, write_ready_file
from web.supervisor.voice import LOCALE, complain, say, write

ANSWERING = ("api", "stream")
WORKING = ("worker",)
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
        self.preparation = Preparation(settings, demo=demo)
        self.cluster: Cluster | None = None
        self.children: list[Child] = []

    def run(self) -> None:
        """Start everything, then watch it until somebody asks to stop."""
        self._start_database()
        urls = self.cluster.urls() if self.cluster else external_urls(self.settings)
        self.preparation.start()
        if not self.preparation.is_repetition:
            self.preparation.finish()  # the servers must not meet an older schema
        self._start_servers(ANSWERING, urls)
        prepared = self.preparation.finish()
        self._await_servers()
        self._start_servers(WORKING, urls)  # last: until here it would only compete for the processor
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
        forget_ready_file(self.settings)
        self.preparation.stop()
        stop_all(self.children)
        if self.cluster:
            self.cluster.stop()

    def _start_database(self) -> None:
        if self.settings.is_embedded:
            self.cluster = Cluster(self.settings.data_dir)
            self.cluster.start()

    def _start_servers(self, names: tuple[str, ...], urls: DatabaseUrls) -> None:
        counts = {"api": self.settings.api_processes, "stream": self.settings.stream_processes}
        for name in names:
            for child in servers(name, urls, counts.get(name, 1)):
                self.children.append(child)
                child.start()

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


def main(*, demo: bool) -> int:
    """Run until stopped; return the exit code."""
    settings = Settings()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        make_folder(settings.data_dir, 0o755 if os.getuid() == 0 else 0o700)
        with DataDirLock(settings.data_dir).take(settings.public_url):
            forget_ready_file(settings)  # one left by a killed run would lie to the program that reads it
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
