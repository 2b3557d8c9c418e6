"""The operator's own database server instead of the private cluster: does it answer, can it serve us."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import OLDEST_MAJOR
from search_ops.persistence.embedded import APP, STREAM, DatabaseUrls

CONNECT_LIMIT_S = 10
ENCODING = "UTF8"
APP_VARIABLE = "SEARCH_OPS_DATABASE_URL"
OWNER_VARIABLE = "SEARCH_OPS_DATABASE_OWNER_URL"
STREAM_VARIABLE = "SEARCH_OPS_STREAM_DATABASE_URL"


@dataclass(frozen=True)
class Server:
    """What answers at an address: major version of PostgreSQL, version of PostGIS."""

    major: int
    postgis: str


def check_servers(urls: DatabaseUrls) -> Server:
    """Make sure that a database answers at each address and can hold our data.

    Raises
    ------
    InstallationError
        With the variable whose address is at fault.
    """
    servers = []
    for url, variable in _distinct(urls):
        with _connected(url, variable) as connection:
            servers.append(_look(connection, variable))
    return servers[0]


def check_owner(urls: DatabaseUrls) -> None:
    """Make sure of what the migrations need: the roles that they grant to, and leave to make tables.

    Raises
    ------
    InstallationError
        With what is missing.
    """
    variable = APP_VARIABLE if urls.owner_url == urls.app_url else OWNER_VARIABLE
    with _connected(urls.owner_url, variable) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        row = connection.execute("SELECT has_schema_privilege('public', 'CREATE'), current_user").fetchone()
    for role in (APP, STREAM):
        if role not in known:
            raise InstallationError("house-database-role-missing", role=role, variable=variable)
    if row is not None and not row[0]:
        raise InstallationError("house-database-owner-may-not", role=str(row[1]), variable=variable)


def _distinct(urls: DatabaseUrls) -> Iterator[tuple[str, str]]:
    """Give each address once, with the variable that it came from: a role may borrow the application's."""
    named = (
        (urls.app_url, APP_VARIABLE),
        (urls.owner_url, OWNER_VARIABLE),
        (urls.stream_url, STREAM_VARIABLE),
    )
    seen = set()
    for url, variable in named:
        if url not in seen:
            seen.add(url)
            yield url, variable


@contextmanager
def _connected(url: str, variable: str) -> Iterator[psycopg.Connection]:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_LIMIT_S) as connection:
            yield connection
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise InstallationError("house-database-unreachable", variable=variable, reason=reason) from error
    except psycopg.ProgrammingError as error:
        raise InstallationError("house-database-url-wrong", variable=variable) from error


def _look(connection: psycopg.Connection, variable: str) -> Server:
    major = connection.info.server_version // 10_000
    if major < OLDEST_MAJOR:
        facts = {"version": str(major), "oldest": str(OLDEST_MAJOR), "variable": variable}
        raise InstallationError("house-database-old", **facts)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != ENCODING:  # first: in SQL_ASCII every text would come as bytes
        facts = {"encoding": str(encoding), "wanted": ENCODING, "variable": variable}
        raise InstallationError("house-database-encoding", **facts)
    row = connection.execute(
        "SELECT installed_version FROM pg_available_extensions WHERE name = 'postgis'"
    ).fetchone()
    if row is None:
        raise InstallationError("house-database-no-postgis", version=str(major), variable=variable)
    if row[0] is None:
        raise InstallationError("house-postgis-not-created", variable=variable)
    return Server(major, str(row[0]))
