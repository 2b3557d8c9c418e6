"""Bring a database to the newest schema, as its owner."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

_LOCK = 731_920_451  # any constant: two starting instances must not migrate at once


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def upgrade(owner_url: str) -> None:
    """Run every migration that the database lacks.

    Parameters
    ----------
    owner_url : str
        SQLAlchemy or libpq URL of the owner role; the extension postgis must exist already.
    """
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


def levels(owner_url: str) -> tuple[str | None, str | None]:
    """Return (level of the database, newest level of this release)."""
    engine = create_engine(sqlalchemy_url(owner_url), poolclass=NullPool)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return current, newest_level()


@cache
def newest_level() -> str | None:
    """Return the newest level of this release."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def sqlalchemy_url(url: str) -> str:
    """Return the URL with the driver named: `postgresql://` becomes `postgresql+psycopg://`."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
