"""The doctor: what it finds, that it changes nothing, and that it has a word for each fault."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from search_ops.installation import InstallationError
from search_ops.persistence import embedded
from search_ops.persistence.cluster_place import Binaries
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.secret_files import make_secrets
from search_ops.services import doctor
from search_ops.services.doctor import Finding, examine
from search_ops.settings import Settings
from tests.house.installation import free_port_pair


def _settings(data_dir: Path, **more: object) -> Settings:
    return Settings.model_validate({"data_dir": data_dir, "port": free_port_pair(), **more})


def _bad(findings: list[Finding]) -> set[str]:
    """Return the keys of what is wrong; whether the pages are built is not this test's business."""
    return {finding.key for finding in findings if not finding.is_good} - {"house-doctor-pages-absent"}


def test_healthy_migrated_database_is_well(database: DatabaseUrls, tmp_path: Path) -> None:
    """A migrated database with PostGIS and closed secrets has no fault."""
    make_secrets(tmp_path / "secrets")
    settings = _settings(
        tmp_path, database_url=database.app_url, SEARCH_OPS_DATABASE_OWNER_URL=database.owner_url
    )
    findings = examine(settings)
    assert _bad(findings) == set()
    assert "house-doctor-level" in {finding.key for finding in findings}
    assert all(finding.sentence(locale) for finding in findings for locale in ("ru", "en"))


def test_looking_makes_nothing(tmp_path: Path) -> None:
    """A data directory that does not exist is named and not made."""
    absent = tmp_path / "absent"
    assert _bad(examine(_settings(absent))) == {"house-doctor-data-dir-absent"}
    assert not absent.exists()


def test_open_secret_is_named(tmp_path: Path) -> None:
    """A secret that others can read is named with the command that closes it."""
    make_secrets(tmp_path / "secrets")
    (tmp_path / "secrets" / "kek").chmod(0o644)
    findings = examine(_settings(tmp_path))
    assert "house-doctor-secret-loose" in _bad(findings)


def test_guest_on_our_port_is_named(tmp_path: Path) -> None:
    """While our database does not run, whoever answers on our port is a stranger."""
    settings = _settings(tmp_path)
    with socket.socket() as guest:
        guest.bind(("127.0.0.1", settings.port))
        guest.listen()
        assert "house-port-in-use" in _bad(examine(settings))


def test_foreign_database_without_postgis_is_named(cluster: Cluster, tmp_path: Path) -> None:
    """An operator's own database without PostGIS gets the command that its owner must run."""
    bare = cluster.urls("postgres")
    settings = _settings(tmp_path, database_url=bare.app_url, SEARCH_OPS_DATABASE_OWNER_URL=bare.owner_url)
    assert "house-postgis-not-created" in _bad(examine(settings))


def test_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    """A wrong address is a sentence, not a traceback."""
    settings = _settings(tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none")
    assert "house-database-unreachable" in _bad(examine(settings))


def test_fault_that_stops_several_checks_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An old PostgreSQL beside existing data keeps three checks from working and is named by one line."""

    def find_old(_: int | None = None) -> Binaries:
        raise InstallationError("house-postgres-old", version="13", oldest="15")

    (tmp_path / "cluster.json").write_text(json.dumps({"home": str(tmp_path)}), encoding="utf-8")
    for module in (doctor, embedded):
        monkeypatch.setattr(module, "find_binaries", find_old)
    findings = examine(_settings(tmp_path))
    assert [finding.key for finding in findings].count("house-postgres-old") == 1


@pytest.mark.parametrize(("lang", "word"), [("ru_RU.UTF-8", "ПЛОХО"), ("en_US.UTF-8", "BAD")])
def test_command_speaks_the_language_of_the_terminal(tmp_path: Path, lang: str, word: str) -> None:
    """``search-ops doctor`` exits with 1 when something is wrong and says it in the terminal's language."""
    answer = subprocess.run(
        [sys.executable, "-m", "web.cli", "doctor"],
        env={**os.environ, "LC_ALL": lang, "SEARCH_OPS_DATA_DIR": str(tmp_path / "absent")},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 1
    assert word in answer.stdout
