"""Handing a shift over: what changed since, and that somebody else leads now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from search_ops.domain.events import wire_time
from search_ops.domain.visibility import HQ, require_headquarters
from search_ops.persistence.event_log import operation_stream, read_head, stored_from_row, wire_for
from search_ops.persistence.tables import event
from search_ops.services.scribe import intend_in_operation, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.hand_over_wishes import HandOverWish
    from search_ops.domain.principals import Principal
    from search_ops.domain.visibility import ClassSet
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

MOST_TOLD: Final = 1_000
TOLD: Final[frozenset[str]] = frozenset(
    {
        *("hold_set", "operation_closed", "outcome_recorded", "briefing_released", "shift_handed_over"),
        *("found_reported", "clue_found", "clue_weighed", "clue_weight_dropped", "note_added"),
        *("sos_raised", "sos_taken", "sos_closed", "claim_refused"),
        *("task_given", "task_moved", "assignment_accepted", "evacuation_ordered"),
        *("sector_judged", "search_again_proposed", "sector_marked", "track_kept", "track_lost"),
        *("partition_made", "area_set", "point_set", "scenario_set", "scenario_dropped"),
        *("team_formed", "team_changed", "participant_added"),
        *("request_made", "request_answered", "request_cancelled", "agency_told", "case_confirmed"),
    }
)
"""What a new shift wants to hear of; figures and proposals it sees on the map."""


async def read_changes(
    office: Office, connection: AsyncConnection, operation_id: UUID, classes: ClassSet, since: datetime
) -> dict[str, Any]:
    """Return the events that a new shift wants to hear of, recorded after a time, in order.

    Reports that came late count by when they were recorded: the shift before did not have them.

    Returns
    -------
    dict
        ``{"since", "until", "more", "events"}``; `more` when there were too many to tell: the newest are.
    """
    require_headquarters(classes)
    stream_id = operation_stream(operation_id)
    head = await read_head(connection, stream_id)
    key = None if head is None else await office.keyring.key(connection, head.key_id)
    query = (
        select(event)
        .where(event.c.stream_id == stream_id, event.c.recorded_at > since, event.c.kind.in_(TOLD))
        .order_by(event.c.seq.desc())
        .limit(MOST_TOLD + 1)
    )
    rows = [stored_from_row(row) for row in (await connection.execute(query)).mappings()]
    told = [wire_for(each, classes, key) for each in reversed(rows[:MOST_TOLD])]
    return {
        "since": wire_time(since),
        "until": wire_time(office.clock()),
        "more": len(rows) > MOST_TOLD,
        "events": [each for each in told if "kind" in each],
    }


async def hand_over(
    office: Office, principal: Principal, operation_id: UUID, wish: HandOverWish
) -> dict[str, Any]:
    """Write that the shift is handed over: the next page of changes begins here.

    Returns
    -------
    dict
        ``{"hand_over_id", "seq"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        said = {"to_name": wish.to_name, "note": wish.note, "by_name": principal.name}
        stored = scribe.write("shift_handed_over", HQ, said)
        return {"hand_over_id": str(stored.id), "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="shift.hand_over", decide=decide
    )
