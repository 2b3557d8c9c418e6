"""The state of a search: СТОП, resume, suspend, briefing, counting out and closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_ops.domain.closing import not_home
from search_ops.domain.transitions import OPERATION_MOVES, may_move, operation_phase
from search_ops.domain.visibility import ALL, HQ
from search_ops.errors import MoveRefused, NotEveryoneHome, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream, read_head
from search_ops.persistence.keyring import unsealed
from search_ops.persistence.tables import operation_record
from search_ops.services.scribe import (
    Scribe,
    check_version,
    intend_in_operation,
    require_open,
    the_operation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import BriefingWish, ClosingWish, StateWish
    from search_ops.persistence.unit_of_work import LockedStream, Office

_STOPS = frozenset({"hold_verify", "hold_evacuate"})


async def set_state(
    office: Office, principal: Principal, operation_id: UUID, wish: StateWish
) -> dict[str, Any]:
    """Call СТОП, resume, suspend or reopen.

    СТОП never waits: a stale screen does not hold it up, and pressing it twice is no fault.

    Raises
    ------
    MoveRefused
        The table has no such move.
    ChangedMeanwhile
        For anything but СТОП, when the sender saw an older state.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        operation = the_operation(scribe.stream)
        state = str(operation["state"])
        if wish.state in _STOPS and state == wish.state:
            return {"state": state, "seq": operation["version"], "already": True}
        if wish.state not in _STOPS:
            check_version(operation, wish.base_version)
        if not may_move(OPERATION_MOVES, operation_phase(state), wish.state):
            raise MoveRefused(what="operation", state=state, wanted=wish.state)
        payload = {
            "operation_id": str(operation_id),
            "state": wish.state,
            "reason_kind": wish.reason,
        }
        stored = scribe.write("hold_set", ALL, payload)
        if operation_phase(state) == "closed":
            await _record_closing(scribe, operation_id, None)
        return {"state": wish.state, "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="operation.state", decide=decide
    )


async def close_operation(
    office: Office, principal: Principal, operation_id: UUID, wish: ClosingWish
) -> dict[str, Any]:
    """Close the search with its outcome, once everybody is home or for a named reason.

    Raises
    ------
    NotEveryoneHome
        With everybody who must still be accounted for.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        operation = require_open(stream)
        check_version(operation, wish.base_version)
        missing = _missing(stream)
        if missing and not wish.reason:
            raise NotEveryoneHome(participants=missing)
        outcome = {
            "operation_id": str(operation_id),
            "outcome": wish.outcome,
            "reason": wish.reason or None,
            "unresolved": [person["participant_id"] for person in missing],
        }
        scribe.write("outcome_recorded", HQ, outcome)
        state = f"closed/{wish.outcome}"
        stored = scribe.write("operation_closed", ALL, {"operation_id": str(operation_id), "state": state})
        await _record_closing(scribe, operation_id, scribe.work.now)
        return {"state": state, "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="operation.close", decide=decide
    )


async def _record_closing(scribe: Scribe, operation_id: UUID, closed_at: datetime | None) -> None:
    await scribe.work.connection.execute(
        operation_record.update()
        .where(operation_record.c.operation_id == operation_id)
        .values(closed_at=closed_at)
    )


def _missing(stream: LockedStream) -> list[dict[str, Any]]:
    people = [(identity, unsealed(stream.key, dict(body))) for identity, body in stream.all("participants")]
    return not_home(people, stream.all("teams"), stream.all("crews"))


async def list_not_home(
    office: Office, connection: AsyncConnection, operation_id: UUID
) -> list[dict[str, Any]]:
    """Return everybody who is not home, for the list before closing.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    stream_id = operation_stream(operation_id)
    head = await read_head(connection, stream_id)
    if head is None:
        raise NotKnown
    state = await load_state(connection, stream_id)
    key = await office.keyring.key(connection, head.key_id)
    people = [(identity, unsealed(key, body)) for identity, body in state.get("participants", {}).items()]
    return not_home(people, state.get("teams", {}).items(), state.get("crews", {}).items())


async def release_briefing(
    office: Office, principal: Principal, operation_id: UUID, wish: BriefingWish
) -> dict[str, Any]:
    """Release the briefing to everybody on the search."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        check_version(scribe.stream.get("briefing", operation_id), wish.base_version)
        said = wish.model_dump(mode="json", exclude={"command_id", "base_version"})
        stored = scribe.write("briefing_released", ALL, {"operation_id": str(operation_id), **said})
        return {"seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="briefing.release", decide=decide
    )
