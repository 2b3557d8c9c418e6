"""Roles and databases of the private cluster: what its lord makes before the migrations run."""

from typing import Final, LiteralString

import psycopg
from psycopg import sql

from search_ops.installation import InstallationError
from search_ops.persistence.embedded import APP, DATABASE, OWNER, STREAM, SUPERUSER, Cluster
from search_ops.persistence.secret_files import database_passwords

BEFORE: Final = f"{DATABASE}_before_"
"""Databases that were the installation's until a backup was restored; the time follows."""
RESTORING: Final = f"{DATABASE}_restored_"
"""Databases into which a backup is loaded before it becomes the installation's."""


def superuser_connection(cluster: Cluster, database: str = "postgres") -> psycopg.Connection:
    """Connect as superuser, outside transactions."""
    return psycopg.connect(cluster.url(SUPERUSER, database), autocommit=True)


def bootstrap(cluster: Cluster) -> None:
    """Make the roles and the database of the installation where they are missing.

    Raises
    ------
    InstallationError
        ``keeping-database-aside``: the database is gone and one of a restore stands there. An empty one
        in its place would look as if nothing had ever been kept.
    """
    make_roles(cluster)
    aside = databases_aside(cluster)
    if aside and not _has_database(cluster):
        raise InstallationError("keeping-database-aside", names=", ".join(aside))
    make_database(cluster, DATABASE)


def _has_database(cluster: Cluster) -> bool:
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    with superuser_connection(cluster) as connection:
        return connection.execute(query, (DATABASE,)).fetchone() is not None


def databases_aside(cluster: Cluster) -> dict[str, int]:
    """Return name and size in bytes of the databases that restores have left beside the installation's."""
    query = "SELECT datname, pg_database_size(oid) FROM pg_database ORDER BY datname"
    with superuser_connection(cluster) as connection:
        rows = connection.execute(query).fetchall()
    return {name: size for name, size in rows if name.startswith((BEFORE, RESTORING))}


def make_roles(cluster: Cluster) -> None:
    """Make the roles of migrations, application and stream where they are missing."""
    passwords = database_passwords(cluster.secrets_dir)
    with superuser_connection(cluster) as connection:
        known = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP, STREAM):
            if role not in known:
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(passwords[role])
                    )
                )


def make_database(cluster: Cluster, name: str, *, template: str | None = None) -> None:
    """Make a database with PostGIS that the owner role owns; an existing one is left alone.

    PostGIS is not a trusted extension, so that the superuser creates it.
    """
    with superuser_connection(cluster) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            # A template holds PostGIS: to copy its files takes half the time of writing them to the log.
            statement: LiteralString = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY"
            _execute(connection, statement, name, OWNER, template or "template1")
    if template is None:
        with superuser_connection(cluster, name) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")


def drop_databases(cluster: Cluster, names: list[str]) -> None:
    """Drop databases with everybody connected to them; many at once cost little more than one."""
    with superuser_connection(cluster) as connection:
        for name in names:
            _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
