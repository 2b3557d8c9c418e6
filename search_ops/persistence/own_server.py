"""The operator's own database server instead of the private cluster: does it answer, can it serve us."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from search_ops.installation import InstallationError
from search_ops.persistence.cluster_place import OLDEST_MAJOR
from search_ops.persistence.embedded import DatabaseUrls

CONNECT_LIMIT_S = 10
VARIABLES = (
    "SEARCH_OPS_DATABASE_URL",
    "SEARCH_OPS_DATABASE_OWNER_URL",
    "SEARCH_OPS_STREAM_DATABASE_URL",
)


@dataclass(frozen=True)
class Server:
    """What answers at an address: major version of PostgreSQL, version of PostGIS."""

    major: int
    postgis: str


def check_servers(urls: DatabaseUrls) -> Server:
    """Make sure that a database answers at each address, is new enough and has PostGIS.

    Raises
    ------
    InstallationError
        With the variable whose address is at fault.
    """
    servers = [_look(url, variable) for url, variable in _distinct(urls)]
    return servers[0]


def _distinct(urls: DatabaseUrls) -> Iterator[tuple[str, str]]:
    """Give each address once, with the variable that it came from: a role may borrow the application's."""
    seen = set()
    for url, variable in zip((urls.app_url, urls.owner_url, urls.stream_url), VARIABLES, strict=True):
        if url not in seen:
            seen.add(url)
            yield url, variable


def _look(url: str, variable: str) -> Server:
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_LIMIT_S) as connection:
            major = connection.info.server_version // 10_000
            row = connection.execute(
                "SELECT installed_version FROM pg_available_extensions WHERE name = 'postgis'"
            ).fetchone()
    except psycopg.ProgrammingError as error:
        raise InstallationError("house-database-url-wrong", variable=variable) from error
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise InstallationError("house-database-unreachable", variable=variable, reason=reason) from error
    if major < OLDEST_MAJOR:
        facts = {"version": str(major), "oldest": str(OLDEST_MAJOR), "variable": variable}
        raise InstallationError("house-database-old", **facts)
    if row is None:
        raise InstallationError("house-database-no-postgis", version=str(major), variable=variable)
    if row[0] is None:
        raise InstallationError("house-postgis-not-created", variable=variable)
    return Server(major, str(row[0]))
