"""Asking for the plan of a shift; ranks and locks by hand that it keeps; issuing what it has prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid5

from search_ops.domain.tasking import holders, require_ready, require_sending
from search_ops.domain.visibility import HQ
from search_ops.domain.wishes import TaskWish
from search_ops.errors import BadInput, Conflict, MoveRefused, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.jobs import defer_job
from search_ops.services.planned_files import read_answer
from search_ops.services.scribe import check_version, intend_in_operation, known, require_open, the_operation
from search_ops.services.tasking import refuse_taken, require_ground, write_given

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.assignment_wishes import AssignmentWish, PairLockWish, SectorRankWish
    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import Change
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

JOB: Final = "assignment"


async def ask_assignment(
    office: Office, principal: Principal, operation_id: UUID, wish: AssignmentWish
) -> dict[str, Any]:
    """Ask the worker for a plan of the shift.

    Returns
    -------
    dict
        ``{"job_id"}``. What cannot be planned is told in the plan, with the reason.

    Raises
    ------
    Conflict
        ``operation_closed``, ``no_area``.
    BadInput
        ``team_twice``.
    """
    if len({each.team_id for each in wish.teams}) != len(wish.teams):
        raise BadInput("team_twice", where="teams")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        if not scribe.stream.all("area"):
            raise Conflict("no_area")
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, JOB, wish))}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="assignment.ask", decide=decide
    )


async def read_assignment(
    connection: AsyncConnection, operation_id: UUID, assignment_id: UUID | None
) -> dict[str, Any]:
    """Return a plan as it was made; the newest when none is named.

    Raises
    ------
    NotKnown
        There is no such plan.
    Conflict
        ``no_assignment``: none was made yet.
    """
    state = await load_state(connection, operation_stream(operation_id))
    held: Mapping[str, Mapping[str, Any]] = state.get("assignments", {})
    if assignment_id is not None and str(assignment_id) not in held:
        raise NotKnown
    if not held:
        raise Conflict("no_assignment")
    wanted = (
        max(held, key=lambda key: int(held[key]["version"])) if assignment_id is None else str(assignment_id)
    )
    told = await read_answer(connection, held[wanted]["file_id"])
    return {**told, "version": held[wanted]["version"], "accepted_at": held[wanted].get("accepted_at")}


async def rank_sector(
    office: Office, principal: Principal, operation_id: UUID, sector_id: UUID, wish: SectorRankWish
) -> dict[str, Any]:
    """Say how urgent a sector is and which kinds of team it needs; no rank and no need takes both away.

    Returns
    -------
    dict
        ``{"sector_id", "version", "seq"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        sector = known(scribe.stream, "sectors", sector_id)
        if sector["retired"]:
            raise Conflict("sector_retired", sector_id=str(sector_id))
        check_version(scribe.stream.get("sector_ranks", sector_id), wish.base_version)
        said = {"priority": wish.priority, "needs": sorted(set(wish.needs))}
        stored = scribe.write("sector_ranked", HQ, {"sector_id": str(sector_id), **said})
        return {"sector_id": str(sector_id), "version": stored.seq, "seq": stored.seq}

    about = {"sector_id": str(sector_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="sector.rank", decide=decide, about=about
    )


async def lock_pair(
    office: Office, principal: Principal, operation_id: UUID, wish: PairLockWish
) -> dict[str, Any]:
    """Hold a sector for a team, keep the team away from it, or let the plan decide again.

    Returns
    -------
    dict
        ``{"lock_id", "version", "seq"}``.

    Raises
    ------
    Conflict
        ``team_disbanded``, ``sector_retired``.
    """
    lock_id = uuid5(wish.team_id, str(wish.sector_id))

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        if known(scribe.stream, "sectors", wish.sector_id)["retired"]:
            raise Conflict("sector_retired", sector_id=str(wish.sector_id))
        if known(scribe.stream, "teams", wish.team_id)["disbanded"] and wish.lock is not None:
            raise Conflict("team_disbanded", team_id=str(wish.team_id))
        payload = {
            "lock_id": str(lock_id),
            "team_id": str(wish.team_id),
            "sector_id": str(wish.sector_id),
            "lock": wish.lock,
        }
        stored = scribe.write("pair_locked", HQ, payload)
        return {"lock_id": str(lock_id), "version": stored.seq, "seq": stored.seq}

    return await intend_in_operation(office, principal, operation_id, wish, name="pair.lock", decide=decide)


async def issue_task(
    office: Office, principal: Principal, operation_id: UUID, task_id: UUID, wish: Change
) -> dict[str, Any]:
    """Give a prepared task to its team, by the same rules as any task.

    Returns
    -------
    dict
        ``{"task_id", "seq"}``.

    Raises
    ------
    SectorTaken
        Another team has the sector by now.
    MoveRefused
        The task is not prepared any more.
    Conflict
        As for any task.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        require_sending(the_operation(stream))
        task = known(stream, "tasks", task_id)
        check_version(task, wish.base_version)
        if task["state"] != "planned":
            raise MoveRefused(what="task", state=str(task["state"]), wanted="assigned")
        sector_id, team_id = str(task["sector_id"]), str(task["team_id"])
        require_ground(sector_id, known(stream, "sectors", sector_id))
        given = task_wish(wish, task)
        held = holders(stream, sector_id)
        if held:
            return await refuse_taken(scribe, given, held[0])
        require_ready(stream, team_id, known(stream, "teams", team_id))
        stored = await write_given(scribe, given, task_id)
        return {"task_id": str(task_id), "seq": stored.seq}

    about = {"task_id": str(task_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="task.issue", decide=decide, about=about
    )


def task_wish(wish: Change, task: Mapping[str, Any]) -> TaskWish:
    """Return the wish that gives a prepared task as it stands."""
    said = {
        "command_id": str(wish.command_id),
        **{
            name: task.get(name)
            for name in (
                "team_id",
                "sector_id",
                "method",
                "due_at",
                "contact_every_min",
                "text",
                "emergency_bearing_deg",
            )
        },
    }
    return TaskWish.model_validate(said, strict=False)
