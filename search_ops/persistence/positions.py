"""Positions: the last one of each participant, which the map draws with its age."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from search_ops.persistence.tables import last_position

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection


async def keep_last_position(
    connection: AsyncConnection,
    *,
    operation_id: UUID,
    participant_id: UUID,
    fix: Mapping[str, Any],
    reported_at: datetime,
    received_at: datetime,
) -> None:
    """Keep a fix as the participant's last one unless a newer is held: late reports are normal.

    Parameters
    ----------
    fix : mapping
        ``lon``, ``lat`` (EPSG:4326), ``accuracy_m``, ``battery``, ``at`` (the report's time if
        absent).
    """
    claimed = datetime.fromisoformat(fix["at"]) if fix.get("at") is not None else reported_at
    at = min(claimed, received_at)  # a clock that runs ahead must not hold the place for ever
    values = {
        "operation_id": operation_id,
        "participant_id": participant_id,
        "geom": func.ST_SetSRID(func.ST_MakePoint(fix["lon"], fix["lat"]), 4326),
        "accuracy_m": fix.get("accuracy_m"),
        "battery": fix.get("battery"),
        "at": at,
        "received_at": received_at,
    }
    statement = insert(last_position).values(values)
    newer = {
        name: statement.excluded[name] for name in ("geom", "accuracy_m", "battery", "at", "received_at")
    }
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["operation_id", "participant_id"],
            set_=newer,
            where=last_position.c.at <= statement.excluded.at,
        )
    )
