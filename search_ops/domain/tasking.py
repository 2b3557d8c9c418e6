"""Who holds a sector, which teams are busy, whether a team may be formed or sent: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dispatch.callsigns import heard_as
from search_ops.domain.transitions import AWAY_TASKS, UNFINISHED_TASKS
from search_ops.errors import BadInput, Conflict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from search_ops.domain.view import View

BUSY_TASKS: Final[frozenset[str]] = UNFINISHED_TASKS | AWAY_TASKS
"""A recalled team is still out there: its sector is free, the team is not."""

HERE: Final[frozenset[str]] = frozenset({"on_site", "available"})
ABSENT: Final[frozenset[str]] = frozenset({"invited", "going", "left", "home"})

_REFUSING_STATES: Final[dict[str, str]] = {
    "hold_verify": "operation_on_hold",
    "hold_evacuate": "operation_on_hold",
    "suspended": "operation_suspended",
    "closed": "operation_closed",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A task that is under way in a sector, and whose it is."""

    task_id: str
    team_id: str
    callsign: str
    given_by: Mapping[str, Any]


def require_sending(operation: Mapping[str, Any]) -> None:
    """Refuse to send anybody while the operation is not active: under СТОП nobody new leaves.

    Raises
    ------
    Conflict
        ``operation_on_hold``, ``operation_suspended`` or ``operation_closed``.
    """
    state = str(operation["state"]).partition("/")[0]
    if state != "active":
        raise Conflict(_REFUSING_STATES[state], state=operation["state"])


def holders(view: View, sector_id: str) -> list[Held]:
    """Return the unfinished tasks in a sector, oldest first."""
    return [
        Held(
            task_id=task_id,
            team_id=str(task["team_id"]),
            callsign=str((view.get("teams", task["team_id"]) or {}).get("callsign", "")),
            given_by=task.get("given_by") or {},
        )
        for task_id, task in view.all("tasks")
        if task.get("sector_id") == sector_id and task.get("state") in UNFINISHED_TASKS
    ]


def seen_versions(view: View, sector_id: str, sector: Mapping[str, Any]) -> frozenset[int]:
    """Return the versions of a sector that count as seen now.

    A screen that folds the log knows the version of the sector itself; the list of sectors gives the newest
    of sector and tasks. Either says that the sender saw what stands; who holds it is judged by itself.
    """
    own = int(sector["version"])
    return frozenset({own, considered_version(view.all("tasks"), sector_id, own)})


def considered_version(
    tasks: Iterable[tuple[str, Mapping[str, Any]]], sector_id: str, own_version: int
) -> int:
    """Return the newest version among a sector and its tasks."""
    of_tasks = (int(task["version"]) for _, task in tasks if task.get("sector_id") == sector_id)
    return max([own_version, *of_tasks])


def task_of_team(view: View, team_id: str) -> tuple[str, Mapping[str, Any]] | None:
    """Return the task that keeps a team busy, or None."""
    for task_id, task in view.all("tasks"):
        if task.get("team_id") == team_id and task.get("state") in BUSY_TASKS:
            return task_id, task
    return None


def check_callsign(view: View, callsign: str) -> None:
    """Refuse a callsign that a team of the operation has or had: one that was heard once means that team.

    Raises
    ------
    Conflict
        ``callsign_taken`` with the team.
    """
    wanted = heard_as(callsign)
    for team_id, team in view.all("teams"):
        if heard_as(str(team["callsign"])) == wanted:
            raise Conflict("callsign_taken", team_id=team_id, callsign=team["callsign"])


def check_members(
    view: View,
    leader_id: str,
    member_ids: Sequence[str],
    *,
    already: Collection[str] = (),
    team_id: str | None = None,
) -> None:
    """Refuse a list of members that cannot be a team; the code names the rule.

    Parameters
    ----------
    already : collection of str
        Members the team has: where they are now does not matter.
    team_id : str, optional
        The team itself, when it is changed.

    Raises
    ------
    BadInput
        ``member_twice``, ``leader_not_member``, ``unknown_participant``.
    Conflict
        ``member_not_on_site``, ``member_in_other_team``.
    """
    if len(set(member_ids)) != len(member_ids):
        raise BadInput("member_twice", where="member_ids")
    if leader_id not in member_ids:
        raise BadInput("leader_not_member", where="leader_id")
    others = {
        member: identity
        for identity, team in view.all("teams")
        if identity != team_id and not team["disbanded"]
        for member in team["member_ids"]
    }
    for member_id in member_ids:
        participant = view.get("participants", member_id)
        if participant is None:
            raise BadInput("unknown_participant", where="member_ids", participant_id=member_id)
        if member_id not in already and participant["state"] not in HERE:
            raise Conflict("member_not_on_site", participant_id=member_id, state=participant["state"])
        if member_id in others:
            raise Conflict("member_in_other_team", participant_id=member_id, team_id=others[member_id])


def require_ready(view: View, team_id: str, team: Mapping[str, Any]) -> None:
    """Refuse a task for a team that is disbanded, busy, or whose people are not here.

    Raises
    ------
    Conflict
        ``team_disbanded``, ``team_has_task`` or ``member_absent``.
    """
    if team["disbanded"]:
        raise Conflict("team_disbanded", team_id=team_id)
    busy = task_of_team(view, team_id)
    if busy is not None:
        raise Conflict("team_has_task", task_id=busy[0], state=busy[1]["state"])
    for member_id in team["member_ids"]:
        state = (view.get("participants", member_id) or {}).get("state")
        if state in ABSENT:
            raise Conflict("member_absent", participant_id=member_id, state=state)
