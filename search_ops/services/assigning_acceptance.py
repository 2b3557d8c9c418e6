"""Giving out a plan: what still stands is written as ordinary tasks, all of it or nothing.

First tasks are given, later ones of a shift prepared. What somebody else did meanwhile is never overwritten:
those lines are named, and the rest goes out only when that is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from uuid_utils.compat import uuid7

from search_ops.domain.sector import sector_state
from search_ops.domain.tasking import ABSENT, BUSY_TASKS, require_sending
from search_ops.domain.transitions import UNFINISHED_TASKS
from search_ops.domain.visibility import HQ, team_class
from search_ops.domain.wishes import TaskWish
from search_ops.errors import Conflict
from search_ops.services.planned_files import read_answer
from search_ops.services.scribe import check_version, intend_in_operation, known, the_operation
from search_ops.services.tasking import given_payload, write_given

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from search_ops.domain.assignment_wishes import AcceptanceWish
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import LockedStream, Office
    from search_ops.services.scribe import Scribe

_WAITING: Final = frozenset({"planned", "assigned", "briefed"})
_OUT_THERE: Final = frozenset({"out", "on_task"})
_LIVE: Final = UNFINISHED_TASKS | {"planned"}


async def accept_assignment(
    office: Office, principal: Principal, operation_id: UUID, assignment_id: UUID, wish: AcceptanceWish
) -> dict[str, Any]:
    """Give out a plan.

    Returns
    -------
    dict
        ``{"given", "planned", "withdrawn", "not_given", "seq"}``: ids of tasks, and lines that no longer
        stood.

    Raises
    ------
    Conflict
        ``assignment_accepted``: it was given out before; ``assignment_stale`` with the lines that no longer
        stand; ``operation_on_hold``, ``operation_suspended``, ``operation_closed``.
    ChangedMeanwhile
        The plan has become better since the sender saw it.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        stream = scribe.stream
        require_sending(the_operation(stream))
        held = known(stream, "assignments", assignment_id)
        if held.get("accepted_at") is not None:
            raise Conflict("assignment_accepted", accepted_at=held["accepted_at"])
        check_version(held, wish.base_version)
        order = _Order(stream, await read_answer(scribe.work.connection, held["file_id"]))
        if order.fallen and not wish.rest:
            raise Conflict("assignment_stale", lines=order.fallen)
        written = _Written()
        for task_id in order.withdrawn:
            _withdraw(scribe, task_id)
            written.withdrawn.append(task_id)
        for tour in order.told["tours"]:
            await _give(scribe, order, tour, str(assignment_id), written)
        payload = {
            "assignment_id": str(assignment_id),
            "given": written.given,
            "planned": written.planned,
            "withdrawn": written.withdrawn,
            "not_given": order.fallen,
        }
        stored = scribe.write("assignment_accepted", HQ, payload)
        return {**payload, "seq": stored.seq}

    about = {"assignment_id": str(assignment_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="assignment.accept", decide=decide, about=about
    )


@dataclass(slots=True)
class _Written:
    given: list[str] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


class _Order:
    """What a plan asks for beside what stands now: tasks to withdraw, lines that have fallen."""

    def __init__(self, stream: LockedStream, told: Mapping[str, Any]) -> None:
        self.stream, self.told = stream, told
        self.wanted = {
            (str(tour["team_id"]), str(line["sector_id"])) for tour in told["tours"] for line in tour["lines"]
        }
        self.known = {str(each["task_id"]): str(each["state"]) for each in told["known_tasks"]}
        self.withdrawn = [task_id for task_id in self.known if self._is_over(task_id)]
        self.fallen = [
            {
                "team_id": tour["team_id"],
                "callsign": tour["callsign"],
                "sector_id": line["sector_id"],
                "label": line["label"],
                "reason": reason,
                "held_by": holder,
            }
            for tour in told["tours"]
            for line in tour["lines"]
            for reason, holder in [self._why_fallen(str(tour["team_id"]), str(line["sector_id"]))]
            if reason is not None
        ]
        self._fallen = {(each["team_id"], each["sector_id"]) for each in self.fallen}

    def stands(self, team_id: str, sector_id: str) -> bool:
        """Whether a line of the plan can be given out."""
        return (team_id, sector_id) not in self._fallen

    def own_task(self, team_id: str, sector_id: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return the live task that the team has in the sector already."""
        return next(
            (
                (task_id, task)
                for task_id, task in self.stream.all("tasks")
                if task.get("team_id") == team_id
                and task.get("sector_id") == sector_id
                and task["state"] in _LIVE
                and task_id not in self.withdrawn
            ),
            None,
        )

    def _is_over(self, task_id: str) -> bool:
        """Whether the plan takes a task back; one that has left meanwhile is not called home by it."""
        task = self.stream.get("tasks", task_id)
        if task is None or (str(task["team_id"]), str(task["sector_id"])) in self.wanted:
            return False
        was_out = self.known[task_id] in _OUT_THERE
        return task["state"] in (_OUT_THERE if was_out else _WAITING)

    def _why_fallen(self, team_id: str, sector_id: str) -> tuple[str | None, str | None]:
        stream = self.stream
        team, sector = stream.get("teams", team_id), stream.get("sectors", sector_id)
        if team is None or team["disbanded"]:
            return "team_disbanded", None
        own = self.own_task(team_id, sector_id)
        if own is not None and own[1]["state"] != "planned":
            return None, None
        if sector is None or sector["retired"] or sector_state(sector, ()) != "planned":
            return "sector_marked" if sector and not sector["retired"] else "sector_retired", None
        return self._why_not_now(team_id, sector_id, team["member_ids"])

    def _why_not_now(
        self, team_id: str, sector_id: str, member_ids: Iterable[str]
    ) -> tuple[str | None, str | None]:
        stream = self.stream
        for task_id, task in stream.all("tasks"):
            if task_id in self.withdrawn:
                continue
            if task.get("sector_id") == sector_id and task["state"] in UNFINISHED_TASKS:
                return "sector_taken", (stream.get("teams", str(task["team_id"])) or {}).get("callsign")
            if task.get("team_id") == team_id and task["state"] in BUSY_TASKS and task_id not in self.known:
                return "team_has_task", None
        people = [stream.get("participants", each) or {} for each in member_ids]
        return ("member_absent" if any(each.get("state") in ABSENT for each in people) else None), None

    def is_busy(self, team_id: str) -> bool:
        """Whether the team has a task as this transaction stands."""
        return any(
            task.get("team_id") == team_id and task["state"] in BUSY_TASKS
            for _, task in self.stream.all("tasks")
        )


def _withdraw(scribe: Scribe, task_id: str) -> None:
    """Take a task back: one that has not left is cancelled, one that is out there is recalled."""
    task = known(scribe.stream, "tasks", task_id)
    payload = {
        "task_id": task_id,
        "state": "recalled" if task["state"] in _OUT_THERE else "cancelled",
        "source": None,
        "cause": None,
        "reason": None,
    }
    visibility = HQ if task["state"] == "planned" else team_class(str(task["team_id"]))
    scribe.write("task_moved", visibility, payload)


async def _give(
    scribe: Scribe, order: _Order, tour: Mapping[str, Any], assignment_id: str, written: _Written
) -> None:
    """Give a team its first task unless it has one, and prepare the others in their order."""
    team_id = str(tour["team_id"])
    busy = order.is_busy(team_id)
    for place, line in enumerate(tour["lines"]):
        sector_id = str(line["sector_id"])
        if not order.stands(team_id, sector_id):
            continue
        own = order.own_task(team_id, sector_id)
        if own is not None and own[1]["state"] != "planned":
            continue
        task_id = uuid7() if own is None else UUID(own[0])
        wish = TaskWish(
            command_id=scribe.command_id,
            team_id=UUID(team_id),
            sector_id=UUID(sector_id),
            due_at=line["home_by"],
        )
        if not busy:
            await write_given(scribe, wish, task_id)
            written.given.append(str(task_id))
            busy = True
            continue
        sector = known(scribe.stream, "sectors", sector_id)
        payload = given_payload(wish, task_id, sector, alongside=False)
        payload |= {"declination": None, "assignment_id": assignment_id, "place": place}
        scribe.write("task_planned", HQ, payload)
        written.planned.append(str(task_id))
