"""Look at an installation from outside and say what is wrong with it, one line for each thing.

Nothing is changed, and nothing must be running; a check that cannot be made says why.
"""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_databases import databases_aside
from search_ops.persistence.cluster_place import FREE_SPACE_NEEDED_BYTES, find_binaries
from search_ops.persistence.embedded import Cluster
from search_ops.persistence.installed_urls import external_urls
from search_ops.persistence.migrate import levels
from search_ops.persistence.own_server import check_owner, check_servers
from search_ops.persistence.secret_files import loose_secrets
from search_ops.settings import Settings
from search_ops.texts import text

OLDEST_PYTHON = (3, 11)
UI_ENTRY = Path("web/static/index.html")


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: is it well, and which sentence says so."""

    key: str
    is_good: bool
    facts: dict[str, str | int] = field(default_factory=dict)

    def sentence(self, locale: str) -> str:
        """Return the sentence for a person."""
        return text(locale, self.key, **self.facts)


def examine(settings: Settings) -> list[Finding]:
    """Run every check; a fault in one does not hide the others."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _postgres,
        _data_dir,
        _disk,
        _secrets,
        _ports,
        _pages,
        _database,
    )
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(settings))
        except InstallationError as error:
            finding = Finding(error.key, is_good=False, facts=error.facts)
            if finding not in findings:  # what several checks stumble over is said once
                findings.append(finding)
    return findings


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    is_good = sys.version_info[:2] >= OLDEST_PYTHON
    yield Finding(
        "house-doctor-python" if is_good else "house-doctor-python-old", is_good, {"version": version}
    )


def _postgres(settings: Settings) -> Iterator[Finding]:
    if settings.is_embedded:
        yield Finding("house-doctor-postgres", is_good=True, facts={"version": str(find_binaries().major)})


def _data_dir(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir
    if not folder.is_dir():
        yield Finding("house-doctor-data-dir-absent", is_good=False, facts={"path": str(folder)})
    elif not os.access(folder, os.W_OK | os.X_OK):
        raise InstallationError("house-folder-not-writable", path=str(folder))
    else:
        yield Finding("house-doctor-data-dir", is_good=True, facts={"path": str(folder)})


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = next(step for step in (settings.data_dir, *settings.data_dir.parents) if step.is_dir())
    free = shutil.disk_usage(folder).free
    facts: dict[str, str | int] = {"path": str(folder), "free": free // 2**20}
    if free < FREE_SPACE_NEEDED_BYTES:
        facts["needed"] = FREE_SPACE_NEEDED_BYTES // 2**20
        yield Finding("house-disk-full", is_good=False, facts=facts)
    else:
        yield Finding("house-doctor-disk", is_good=True, facts=facts)


def _secrets(settings: Settings) -> Iterator[Finding]:
    loose = loose_secrets(settings.secrets_dir)
    for path in loose:
        yield Finding("house-doctor-secret-loose", is_good=False, facts={"path": str(path)})
    if not loose and settings.secrets_dir.is_dir():
        yield Finding("house-doctor-secrets", is_good=True)


def _ports(settings: Settings) -> Iterator[Finding]:
    """Say whether somebody listens: with the servers running that is well, without them it is a guest."""
    running = settings.is_embedded and _cluster_runs(settings)
    for port, variable in (
        (settings.port, "SEARCH_OPS_PORT"),
        (settings.stream_port, "SEARCH_OPS_STREAM_PORT"),
    ):
        with socket.socket() as probe:
            is_taken = probe.connect_ex(("127.0.0.1", port)) == 0
        facts: dict[str, str | int] = {"port": str(port), "variable": variable}
        if is_taken and not running and settings.is_embedded:
            yield Finding("house-port-in-use", is_good=False, facts=facts)
        else:
            yield Finding(
                "house-doctor-port-answers" if is_taken else "house-doctor-port-free",
                is_good=True,
                facts={"port": str(port)},
            )


def _pages(_: Settings) -> Iterator[Finding]:
    is_built = (Path(__file__).parents[2] / UI_ENTRY).exists()
    yield Finding("house-doctor-pages" if is_built else "house-doctor-pages-absent", is_built)


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.is_embedded:
        if not _cluster_runs(settings):
            yield Finding("house-doctor-database-stopped", is_good=True)
            return
        cluster = Cluster(settings.data_dir)
        for name, size in databases_aside(cluster).items():
            yield Finding("keeping-aside", is_good=True, facts={"name": name, "size": size // 2**20})
        urls = cluster.urls()
    else:
        urls = external_urls(settings)
    server = check_servers(urls)
    facts: dict[str, str | int] = {"version": str(server.major), "postgis": server.postgis}
    yield Finding("house-doctor-database", is_good=True, facts=facts)
    current, newest = levels(urls.owner_url)
    facts = {"current": current or "—", "newest": newest or "—"}
    is_good = current == newest
    yield Finding("house-doctor-level" if is_good else "house-doctor-level-old", is_good, facts)
    if not is_good:
        check_owner(urls)


def _cluster_runs(settings: Settings) -> bool:
    """Whether our cluster runs; a data directory that is not there yet is not made by looking."""
    return (settings.data_dir / "cluster.json").exists() and Cluster(settings.data_dir).is_running()
