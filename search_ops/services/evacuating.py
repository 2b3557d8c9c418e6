"""An evacuation: asked for, read, begun. Teams that are called go to the person, all others come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.transitions import OPERATION_MOVES, TASK_MOVES, may_move, operation_phase
from search_ops.domain.visibility import ALL, HQ, team_class
from search_ops.errors import Conflict, MoveRefused, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.jobs import defer_job
from search_ops.services.planned_files import read_answer
from search_ops.services.scribe import check_version, intend_in_operation, known, require_open, the_operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.evacuation_wishes import EvacuationOrder, EvacuationWish
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

JOB: Final = "evacuation"
_NOT_LEFT: Final = frozenset({"assigned", "briefed"})


async def ask_evacuation(
    office: Office, principal: Principal, operation_id: UUID, wish: EvacuationWish
) -> dict[str, Any]:
    """Ask the worker for the way out.

    Returns
    -------
    dict
        ``{"job_id"}``.

    Raises
    ------
    Conflict
        ``operation_closed``, ``no_area``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        if not scribe.stream.all("area"):
            raise Conflict("no_area")
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, JOB, wish))}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="evacuation.ask", decide=decide
    )


async def read_evacuation(
    connection: AsyncConnection, operation_id: UUID, evacuation_id: UUID
) -> dict[str, Any]:
    """Return a plan of an evacuation as it was made.

    Raises
    ------
    NotKnown
        There is no such plan.
    """
    state = await load_state(connection, operation_stream(operation_id))
    held = state.get("evacuations", {}).get(str(evacuation_id))
    if held is None:
        raise NotKnown
    told = await read_answer(connection, held["file_id"])
    return {**told, "version": held["version"], "ordered_at": held.get("ordered_at")}


async def order_evacuation(
    office: Office, principal: Principal, operation_id: UUID, evacuation_id: UUID, wish: EvacuationOrder
) -> dict[str, Any]:
    """Begin: СТОП for evacuation, the teams that are not called are recalled; like СТОП it never waits.

    Returns
    -------
    dict
        ``{"called_team_ids", "recalled_team_ids", "seq"}``.

    Raises
    ------
    NotKnown
        There is no such plan, or it has no such way out.
    Conflict
        ``evacuation_ordered``: it was begun before.
    MoveRefused
        The search is closed or suspended.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        held = known(stream, "evacuations", evacuation_id)
        if held.get("ordered_at") is not None:
            raise Conflict("evacuation_ordered", ordered_at=held["ordered_at"])
        check_version(held, wish.base_version)
        told = await read_answer(scribe.work.connection, held["file_id"])
        way = next((each for each in told["ways"] if each["exit_id"] == wish.exit_id), None)
        if way is None:
            raise NotKnown
        _hold(scribe, operation_id)
        called = [str(each) for each in way["called"]]
        payload = {
            "evacuation_id": str(evacuation_id),
            "exit_id": wish.exit_id,
            "exit_kind": way["kind"],
            "meeting": way["meeting"],
            "called_team_ids": called,
            "recalled_team_ids": _recall(scribe, frozenset(called)),
        }
        stored = scribe.write("evacuation_ordered", HQ, payload)
        return {**payload, "seq": stored.seq}

    about = {"evacuation_id": str(evacuation_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="evacuation.order", decide=decide, about=about
    )


def _hold(scribe: Scribe, operation_id: UUID) -> None:
    state = str(the_operation(scribe.stream)["state"])
    if state == "hold_evacuate":
        return
    if not may_move(OPERATION_MOVES, operation_phase(state), "hold_evacuate"):
        raise MoveRefused(what="operation", state=state, wanted="hold_evacuate")
    payload = {"operation_id": str(operation_id), "state": "hold_evacuate", "reason_kind": None}
    scribe.write("hold_set", ALL, payload)


def _recall(scribe: Scribe, called: frozenset[str]) -> list[str]:
    """Take back the tasks of all other teams; return the teams that were out or about to leave."""
    recalled = []
    for task_id, task in scribe.stream.all("tasks"):
        team_id = str(task["team_id"])
        state = "cancelled" if task["state"] in _NOT_LEFT else "recalled"
        if team_id in called or not may_move(TASK_MOVES, str(task["state"]), state):
            continue
        if task["state"] == "planned":
            continue
        payload = {"task_id": task_id, "state": state, "source": None, "cause": None, "reason": None}
        scribe.write("task_moved", team_class(team_id), payload)
        recalled.append(team_id)
    return sorted(set(recalled))
