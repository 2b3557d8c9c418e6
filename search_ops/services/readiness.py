"""Whether this process can do its work now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from search_ops.persistence.migrate import newest_level

if TYPE_CHECKING:
    from search_ops.persistence.unit_of_work import Office

log = structlog.get_logger()


async def is_ready(office: Office) -> bool:
    """Tell whether the database takes writes and its schema is the one of this release."""
    query = text("SELECT version_num, pg_is_in_recovery() FROM alembic_version")
    try:
        async with office.engine.connect() as connection:
            level, recovering = (await connection.execute(query)).one()
    except (SQLAlchemyError, OSError) as error:
        log.warning("not ready", fault=type(error).__name__)
        return False
    return bool(level == newest_level() and not recovering)
