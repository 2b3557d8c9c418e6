"""When people of a search were last heard and when their phones last reached us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, text

from search_ops.persistence.tables import last_position

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

# A sender's clock is believed up to a day: nobody carries a report longer, and clocks may be years off.
_WORDS: Final = text("""
    SELECT payload->>'team_id' AS team_id,
           payload->>'participant_id' AS participant_id,
           max(CASE WHEN abs(extract(epoch FROM recorded_at - device_at)) > 86400 THEN recorded_at
                    ELSE least(device_at, recorded_at) END) AS heard_at,
           max(recorded_at) FILTER (WHERE device_id IS NOT NULL) AS device_at,
           (array_agg((payload->>'battery_pct')::float ORDER BY seq DESC)
               FILTER (WHERE payload->>'battery_pct' IS NOT NULL))[1] AS battery_pct,
           max(recorded_at) FILTER (WHERE payload->>'battery_pct' IS NOT NULL) AS battery_at
      FROM event
     WHERE stream_id = :stream_id
       AND visibility = ANY(:classes)
       AND kind = ANY(:kinds)
       AND (payload->>'team_id' = ANY(:team_ids) OR payload->>'participant_id' = ANY(:member_ids))
     GROUP BY 1, 2
""")


_MOVES: Final = text("""
    SELECT payload->>'task_id' AS task_id,
           max(CASE WHEN abs(extract(epoch FROM recorded_at - device_at)) > 86400 THEN recorded_at
                    ELSE least(device_at, recorded_at) END) AS heard_at
      FROM event
     WHERE stream_id = :stream_id
       AND visibility = ANY(:classes)
       AND kind = 'task_moved'
       AND payload->>'state' = ANY(:states)
       AND payload->>'task_id' = ANY(:task_ids)
     GROUP BY 1
""")


async def moves_heard(
    connection: AsyncConnection,
    stream_id: str,
    *,
    classes: Collection[str],
    task_ids: Collection[str],
    states: Collection[str],
) -> Sequence[Any]:
    """Return `task_id` and `heard_at`: when a task was last moved into one of some states."""
    asked = {
        "stream_id": stream_id,
        "classes": list(classes),
        "task_ids": list(task_ids),
        "states": list(states),
    }
    return (await connection.execute(_MOVES, asked)).all()


async def words_heard(
    connection: AsyncConnection,
    stream_id: str,
    *,
    kinds: Collection[str],
    classes: Collection[str],
    team_ids: Collection[str],
    member_ids: Collection[str],
) -> Sequence[Any]:
    """Return for each pair of team and participant when it was last heard by events of these kinds.

    Returns
    -------
    sequence of rows
        `team_id`, `participant_id`, `heard_at`, `device_at` (a device of its own sent), `battery_pct`,
        `battery_at`.
    """
    asked = {
        "stream_id": stream_id,
        "kinds": list(kinds),
        "classes": list(classes),
        "team_ids": list(team_ids),
        "member_ids": list(member_ids),
    }
    return (await connection.execute(_WORDS, asked)).all()


async def phones_seen(
    connection: AsyncConnection, operation_id: UUID, participant_ids: Collection[UUID]
) -> Sequence[Any]:
    """Return `participant_id`, `received_at`, `battery` of the last position of each."""
    query = select(
        last_position.c.participant_id, last_position.c.received_at, last_position.c.battery
    ).where(last_position.c.operation_id == operation_id, last_position.c.participant_id.in_(participant_ids))
    return (await connection.execute(query)).all()
