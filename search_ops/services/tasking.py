"""Tasks and alarms: a sector is given once, unless a second team joins knowingly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from shapely.geometry import shape
from sqlalchemy import select
from uuid_utils.compat import uuid7

from search_ops.domain.reports import member_state
from search_ops.domain.sector import sector_state
from search_ops.domain.tasking import Held, holders, require_ready, require_sending, seen_versions
from search_ops.domain.transitions import TASK_MOVES, may_move
from search_ops.domain.visibility import HQ, person_class, team_class
from search_ops.errors import ChangedMeanwhile, Conflict, MoveRefused, SectorTaken
from search_ops.persistence.tables import account
from search_ops.services.clocks import take_clock_alarm
from search_ops.services.geometries import admit_readers
from search_ops.services.magnetic import declination
from search_ops.services.people import move_members
from search_ops.services.scribe import (
    Scribe,
    check_version,
    intend_in_operation,
    known,
    the_operation,
    wire_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from search_ops.domain.events import Stored
    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import AlarmClosed, AlarmTaken, TaskStateWish, TaskWish
    from search_ops.persistence.unit_of_work import Office


async def give_task(
    office: Office, principal: Principal, operation_id: UUID, wish: TaskWish
) -> dict[str, Any]:
    """Give a sector to a team; of two coordinators who do so at once exactly one wins.

    Returns
    -------
    dict
        ``{"task_id", "seq"}``.

    Raises
    ------
    SectorTaken
        Another team has it: the claim is in the log as refused, and the answer names who gave it to whom.
    Conflict
        ``operation_on_hold``, ``team_has_task``, ``team_disbanded``, ``member_absent``, ``sector_retired``,
        ``sector_marked``.
    ChangedMeanwhile
        The sender saw an older sector.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        require_sending(the_operation(stream))
        sector_id, team_id = str(wish.sector_id), str(wish.team_id)
        sector = known(stream, "sectors", sector_id)
        team = known(stream, "teams", team_id)
        require_ground(sector_id, sector)
        held = holders(stream, sector_id)
        if held and not wish.alongside:
            return await refuse_taken(scribe, wish, held[0])
        if wish.base_version not in seen_versions(stream, sector_id, sector):
            raise ChangedMeanwhile(current_version=max(seen_versions(stream, sector_id, sector)))
        require_ready(stream, team_id, team)
        stored = await write_given(scribe, wish, uuid7(), alongside=bool(held))
        return {"task_id": str(stored.payload["task_id"]), "seq": stored.seq}

    return await intend_in_operation(office, principal, operation_id, wish, name="task.give", decide=decide)


def require_ground(sector_id: str, sector: Mapping[str, Any]) -> None:
    """Refuse a sector that nobody may be sent to.

    Raises
    ------
    Conflict
        ``sector_retired`` or ``sector_marked``.
    """
    if sector["retired"]:
        raise Conflict("sector_retired", sector_id=sector_id)
    if sector_state(sector, ()) != "planned":
        raise Conflict("sector_marked", sector_id=sector_id, mark=sector["mark"])


async def write_given(scribe: Scribe, wish: TaskWish, task_id: UUID, *, alongside: bool = False) -> Stored:
    """Write that a team has a task, and let it read the sector; whether it may was decided before."""
    sector, team_id = known(scribe.stream, "sectors", wish.sector_id), str(wish.team_id)
    payload = given_payload(wish, task_id, sector, alongside=alongside)
    payload["declination"] = _needle(wish, sector, scribe.work.now)
    stored = scribe.write("task_given", team_class(team_id), payload)
    await admit_readers(scribe.work.connection, scribe.stream_id, sector, team_class(team_id))
    return stored


def given_payload(
    wish: TaskWish, task_id: UUID, sector: Mapping[str, Any], *, alongside: bool
) -> dict[str, Any]:
    """Return what a task is made of."""
    return {
        "task_id": str(task_id),
        "team_id": str(wish.team_id),
        "sector_id": str(wish.sector_id),
        "sector_label": sector["label"],
        "sector_kind": sector["kind"],
        **{name: sector[name] for name in ("geometry", "geometry_ref") if name in sector},
        "method": wish.method,
        "due_at": wire_or_none(wish.due_at),
        "contact_every_min": wish.contact_every_min,
        "text": wish.text or "",
        "emergency_bearing_deg": wish.emergency_bearing_deg,
        "alongside": alongside,
    }


def _needle(wish: TaskWish, sector: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """Return the declination that stands beside a bearing: on the phone it must be there without network."""
    reference = sector.get("geometry_ref")
    if wish.emergency_bearing_deg is None or (reference is None and sector.get("geometry") is None):
        return None
    bounds = shape(sector["geometry"]).bounds if reference is None else reference["bbox"]
    west, south, east, north = bounds
    needle = declination((west + east) / 2, (south + north) / 2, now)
    return {"degrees": round(needle.degrees, 1), "model": needle.model, "year": needle.year}


async def refuse_taken(scribe: Scribe, wish: TaskWish, held: Held) -> Mapping[str, Any]:
    """Keep the claim that lost in the log and tell its sender who was faster."""
    payload = {
        "claim": "task_given",
        "sector_id": str(wish.sector_id),
        "team_id": str(wish.team_id),
        "held_by_team_id": held.team_id,
        "held_by_task_id": held.task_id,
        "reason": "sector_taken",
    }
    scribe.write("claim_refused", HQ, payload)
    held_by = {
        "team_id": held.team_id,
        "callsign": held.callsign,
        "task_id": held.task_id,
        "by": await _name_of(scribe, held.given_by),
    }
    scribe.work.refusal = SectorTaken(held_by=held_by)
    return {}


async def _name_of(scribe: Scribe, actor: Mapping[str, Any]) -> str | None:
    """Return the name of the account that gave the task; a leader in the field has none here."""
    if actor.get("type") != "account":
        return None
    query = select(account.c.name).where(account.c.account_id == UUID(str(actor["id"])))
    return (await scribe.work.connection.execute(query)).scalar_one_or_none()


async def move_task(
    office: Office, principal: Principal, operation_id: UUID, task_id: UUID, wish: TaskStateWish
) -> dict[str, Any]:
    """Move a task; its team's members follow. Recall and coming back are allowed in any state of the search.

    Raises
    ------
    MoveRefused
        The table has no such move.
    Conflict
        ``operation_on_hold``: under СТОП nobody new leaves; who left before is entered with that time.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        task = known(stream, "tasks", task_id)
        check_version(task, wish.base_version)
        if not may_move(TASK_MOVES, str(task["state"]), wish.state):
            raise MoveRefused(what="task", state=str(task["state"]), wanted=wish.state)
        operation = the_operation(stream)
        at = scribe.work.now if wish.at is None else wish.at
        left_before = "state_at" in operation and (wire_or_none(at) or "") < str(operation["state_at"])
        if wish.state in {"briefed", "out"} and not left_before:
            require_sending(operation)
        team_id = str(task["team_id"])
        payload = {
            "task_id": str(task_id),
            "state": wish.state,
            "source": wish.source,
            "cause": None,
            "reason": wish.reason,
        }
        # A prepared task is not known to its team: nothing of it is sent there either.
        visibility = HQ if task["state"] == "planned" else team_class(team_id)
        stored = scribe.write("task_moved", visibility, payload, at=at)
        wanted = member_state(wish.state)
        team = stream.get("teams", team_id)
        if wanted is not None and team is not None and not team["disbanded"]:
            move_members(scribe, team["member_ids"], wanted, cause=str(stored.id), source=wish.source, at=at)
        return {"task_id": str(task_id), "state": wish.state, "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="task.move",
        decide=decide,
        about={"task_id": str(task_id)},
    )


async def take_alarm(
    office: Office, principal: Principal, operation_id: UUID, alarm_id: UUID, wish: AlarmTaken
) -> dict[str, Any]:
    """Say who has taken an alarm; a second taker is told that it is taken.

    Raises
    ------
    MoveRefused
        The alarm is taken or closed.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        if scribe.stream.get("clock_alarms", alarm_id) is not None:
            return take_clock_alarm(scribe, alarm_id)
        alarm = known(scribe.stream, "alarms", alarm_id)
        if alarm["state"] != "open":
            raise MoveRefused(what="alarm", state=str(alarm["state"]), wanted="taken")
        name = {"by_name": principal.name}
        payload = {"alarm_id": str(alarm_id)}
        stored = scribe.write("sos_taken", person_class(alarm["participant_id"]), payload, sealed=name)
        return {"alarm_id": str(alarm_id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="alarm.take",
        decide=decide,
        about={"alarm_id": str(alarm_id)},
    )


async def close_alarm(
    office: Office, principal: Principal, operation_id: UUID, alarm_id: UUID, wish: AlarmClosed
) -> dict[str, Any]:
    """Close an alarm with a reason."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        alarm = known(scribe.stream, "alarms", alarm_id)
        if alarm["state"] == "closed":
            raise MoveRefused(what="alarm", state="closed", wanted="closed")
        payload = {"alarm_id": str(alarm_id), "reason": wish.reason}
        stored = scribe.write("sos_closed", person_class(alarm["participant_id"]), payload)
        return {"alarm_id": str(alarm_id), "seq": stored.seq}

    return await intend_in_operation(
        office,
        principal,
        operation_id,
        wish,
        name="alarm.close",
        decide=decide,
        about={"alarm_id": str(alarm_id)},
    )
