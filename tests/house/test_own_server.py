"""The operator's own database server: each way in which it cannot serve is one sentence."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from psycopg import sql

from search_ops.installation import InstallationError
from search_ops.persistence import own_server
from search_ops.persistence.cluster_databases import drop_databases, superuser_connection
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.installed_urls import external_urls
from search_ops.persistence.own_server import check_owner, check_servers
from search_ops.settings import Settings
from tests.house.installation import Installation

URL = "postgresql://app:word@db.example/search"


@pytest.fixture
def named(cluster: Cluster) -> Iterator[str]:
    """Return a name for a database of the test's own, dropped afterwards."""
    yield "careless"
    drop_databases(cluster, ["careless"])


def _urls(app: str, owner: str | None = None, stream: str | None = None) -> DatabaseUrls:
    return DatabaseUrls(owner or app, app, stream or app)


def _server(monkeypatch: pytest.MonkeyPatch, version: int, postgis: tuple[str | None] | None) -> None:
    """Let a server of another version answer; this machine has one version only."""

    @contextmanager
    def connect(*_: object, **__: object) -> Any:
        info = SimpleNamespace(server_version=version, parameter_status=lambda _: "UTF8")
        cursor = SimpleNamespace(fetchone=lambda: postgis)
        yield SimpleNamespace(info=info, execute=lambda *_: cursor)

    monkeypatch.setattr(psycopg, "connect", connect)


@pytest.mark.parametrize(
    ("version", "postgis", "key"),
    [
        (130021, ("3.1.1",), "house-database-old"),
        (130021, None, "house-database-old"),
        (150020, None, "house-database-no-postgis"),
        (150020, (None,), "house-postgis-not-created"),
    ],
)
def test_server_that_cannot_serve_is_named(
    monkeypatch: pytest.MonkeyPatch, version: int, postgis: tuple[str | None] | None, key: str
) -> None:
    """Old, without the packages of PostGIS, without the extension: each has a sentence and its variable."""
    _server(monkeypatch, version, postgis)
    with pytest.raises(InstallationError) as caught:
        check_servers(_urls(URL))
    assert caught.value.key == key
    for locale in ("ru", "en"):
        assert "SEARCH_OPS_DATABASE_URL" in caught.value.sentence(locale)
        assert "\n" not in caught.value.sentence(locale)


def test_new_server_serves(database: DatabaseUrls) -> None:
    """A server of today with the extension, the roles and an owner is what we need."""
    assert check_servers(database).major >= 15
    check_owner(database)


def test_other_encoding_is_named(cluster: Cluster, named: str) -> None:
    """In SQL_ASCII, the outcome of a careless locale, no Cyrillic letter would be safe."""
    with superuser_connection(cluster) as connection:
        create = "CREATE DATABASE {} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
        connection.execute(sql.SQL(create).format(sql.Identifier(named)))
    with pytest.raises(InstallationError) as caught:
        check_servers(cluster.urls(named))
    assert caught.value.key == "house-database-encoding"
    assert "SQL_ASCII" in caught.value.sentence("ru")


def test_owner_that_owns_nothing_is_named(database: DatabaseUrls) -> None:
    """Migrations in the role of the application cannot work; the sentence says whose database it must be."""
    with pytest.raises(InstallationError, match="OWNER TO search_ops_app") as caught:
        check_owner(_urls(database.app_url))
    assert caught.value.key == "house-database-owner-may-not"


def test_missing_role_is_named(database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations grant to roles of fixed names; one that is missing gets the command that makes it."""
    monkeypatch.setattr(own_server, "STREAM", "search_ops_absent")
    with pytest.raises(InstallationError, match="CREATE ROLE search_ops_absent LOGIN"):
        check_owner(database)


def test_address_at_fault_is_named_by_its_variable(database: DatabaseUrls) -> None:
    """A wrong password of the owner is told with the owner's variable and the server's own reason."""
    wrong = database.owner_url.replace("search_ops_owner:", "search_ops_owner:x", 1)
    with pytest.raises(InstallationError) as caught:
        check_servers(_urls(database.app_url, wrong, database.stream_url))
    assert caught.value.facts["variable"] == "SEARCH_OPS_DATABASE_OWNER_URL"
    assert "password authentication failed" in str(caught.value.facts["reason"])


def test_reason_is_the_whole_one() -> None:
    """That nobody listens is in the sentence, not only the question whether somebody does."""
    with pytest.raises(InstallationError, match="refused"):
        check_servers(_urls("postgresql://app@127.0.0.1:9/none"))


@pytest.mark.parametrize(
    "value", ["db.example", "host=db dbname=search", "mysql://db/search", "postgresql://"]
)
def test_no_address_at_all_is_named(value: str) -> None:
    """What is no address gets a sentence before any server is asked."""
    settings = Settings.model_validate({"database_url": value})
    with pytest.raises(InstallationError) as caught:
        external_urls(settings)
    assert caught.value.key == "house-database-url-wrong"


def test_short_scheme_and_a_drivers_name_are_understood() -> None:
    """``postgres://`` and ``postgresql+psycopg://`` mean the same server."""
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        settings = Settings.model_validate({"database_url": f"{scheme}://app@db/search"})
        assert external_urls(settings).app_url == "postgresql://app@db/search"


@pytest.mark.parametrize("command", [["serve", "all"], ["prepare"], ["verify-log"], ["doctor"]])
def test_every_command_says_it_without_a_traceback(
    installation: Installation, cluster: Cluster, command: list[str]
) -> None:
    """Against a database without PostGIS every command says one sentence, no traceback, and ends with 1."""
    bare = cluster.urls("postgres")
    answer = subprocess.run(
        [sys.executable, "-m", "web.cli", *command],
        env={**installation.environment(), "SEARCH_OPS_DATABASE_URL": bare.app_url},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 1
    assert 'run "CREATE EXTENSION postgis" in it as superuser' in answer.stdout + answer.stderr
    assert len(answer.stderr.splitlines()) == (command != ["doctor"])
