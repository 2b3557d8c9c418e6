"""What a report changes: pure decisions on the state of an operation.

A report is a fact and is always kept. What follows from it (a task moves, a person is on the way home) is
decided here and written as further events, each with the report as its cause; a report that comes late or out
of turn changes nothing and still stands in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search_ops.domain.events import Draft, further_id
from search_ops.domain.sector import sector_state
from search_ops.domain.shift import shift_fields
from search_ops.domain.tasking import seen_versions
from search_ops.domain.transitions import (
    PARTICIPANT_MOVES,
    PARTICIPANT_STATE_OF_WORD,
    TASK_MOVES,
    TASK_STATE_OF_WORD,
    UNFINISHED_TASKS,
    may_move,
)
from search_ops.domain.visibility import HQ, person_class, team_class

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from search_ops.domain.view import View


@dataclass(frozen=True, slots=True)
class Report:
    """A report whose form has been checked; `by_headquarters` when a desk entered it for others."""

    id: UUID
    kind: str
    v: int
    at: datetime
    payload: Mapping[str, Any]
    actor: Mapping[str, Any]
    by_headquarters: bool
    device_id: UUID | None = None
    dseq: int | None = None
    after: tuple[UUID, ...] = ()
    base_version: int | None = None
    meant: bytes | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The events to append, in order; `refused` says why a claim lost, `input_fault` what is wrong."""

    drafts: tuple[Draft, ...] = ()
    refused: str | None = None
    input_fault: str | None = None


def decide(view: View, report: Report) -> Decision:
    """Return what a report leads to.

    Parameters
    ----------
    view : View
        State of the operation under its lock.
    report : Report
        Its payload has passed the schema of its kind; `participant_id` is the sender's for phones.

    Returns
    -------
    Decision
        The report itself first, then what follows from it.
    """
    fault = _unknown_subject(view, report)
    if fault is not None:
        return Decision(input_fault=fault)
    if report.kind == "sector_claimed":
        return _decide_claim(view, report)
    if report.kind == "check_in":
        return Decision(drafts=tuple(_decide_check_in(view, report)))
    if report.kind == "sos_raised":
        return _decide_sos(view, report)
    return Decision(drafts=(_draft(report, HQ),))


def _unknown_subject(view: View, report: Report) -> str | None:
    participant_id, team_id = report.payload.get("participant_id"), report.payload.get("team_id")
    if participant_id is not None and view.get("participants", participant_id) is None:
        return "unknown_participant"
    if team_id is not None and view.get("teams", team_id) is None:
        return "unknown_team"
    if participant_id is None and team_id is None and not _may_be_about_nobody(report):
        return "about_nobody"
    return None


def _may_be_about_nobody(report: Report) -> bool:
    """Tell whether what was seen matters whoever saw it: a find must not wait for a name on the roster."""
    if report.kind == "note_added":
        return True
    return report.by_headquarters and report.kind in {"found_reported", "clue_found"}


def _decide_check_in(view: View, report: Report) -> list[Draft]:
    team_id = report.payload.get("team_id")
    if team_id is not None and _speaks_for_team(view, report, team_id):
        return _check_in_of_team(view, report, team_id)
    participant_id = report.payload.get("participant_id")
    if participant_id is None:  # headquarters names a disbanded team: the word stays with the team
        return [_draft(report, team_class(str(team_id)))]
    drafts = [_draft(report, person_class(participant_id))]
    wanted = _participant_state(report)
    participant = view.get("participants", participant_id) or {}
    if wanted is not None and may_move(PARTICIPANT_MOVES, str(participant.get("state")), wanted):
        drafts.append(_participant_moved(view, report, 1, participant_id, wanted))
    return drafts


def _participant_state(report: Report) -> str | None:
    word = str(report.payload["word"])
    if word == "arrived" and report.by_headquarters:
        return "on_site"  # the phone proposes, the registrar puts on site
    return PARTICIPANT_STATE_OF_WORD.get(word)


def _speaks_for_team(view: View, report: Report, team_id: str) -> bool:
    """Headquarters may speak for any team, a phone only as the leader of a live one."""
    if report.by_headquarters:
        return True
    team = view.get("teams", team_id) or {}
    return not team.get("disbanded") and team.get("leader_id") == report.payload.get("participant_id")


def _check_in_of_team(view: View, report: Report, team_id: str) -> list[Draft]:
    drafts = [_draft(report, team_class(team_id))]
    if report.payload["word"] == "stop_seen":
        # An event of its own: the team's next word must not take the confirmation back.
        drafts.append(_further(report, 1, "hold_confirmed", team_class(team_id), {"team_id": str(team_id)}))
    wanted = TASK_STATE_OF_WORD.get(str(report.payload["word"]))
    found = _task_of(view, team_id, report.payload.get("task_id"))
    if wanted is None or found is None:
        return drafts
    task_id, task = found
    if not may_move(TASK_MOVES, str(task["state"]), wanted):
        return drafts
    payload = {
        "task_id": task_id,
        "state": wanted,
        "source": report.payload.get("source", "phone"),
        "cause": str(report.id),
        "reason": None,
    }
    drafts.append(_further(report, 1, "task_moved", team_class(team_id), payload))
    drafts.extend(_members_follow(view, report, team_id, wanted))
    return drafts


def _members_follow(view: View, report: Report, team_id: str, task_state: str) -> list[Draft]:
    wanted = member_state(task_state)
    team = view.get("teams", team_id) or {}
    drafts: list[Draft] = []
    for member_id in team.get("member_ids", ()):
        member = view.get("participants", member_id) or {}
        state = str(member.get("state"))
        if wanted is not None and state != wanted and may_move(PARTICIPANT_MOVES, state, wanted):
            drafts.append(_participant_moved(view, report, 2 + len(drafts), member_id, wanted))
    return drafts


def member_state(task_state: str) -> str | None:
    """Return what the members of a team are while its task is in this state; None: nothing changes."""
    if task_state in {"out", "on_task", "returning"}:
        return "on_task"
    if task_state in {"back", "cancelled"}:
        return "available"
    return None


def _task_of(view: View, team_id: str, task_id: str | None) -> tuple[str, Mapping[str, Any]] | None:
    if task_id is not None:
        task = view.get("tasks", task_id)
        return (str(task_id), task) if task is not None and task.get("team_id") == str(team_id) else None
    open_tasks = [
        (identity, task)
        for identity, task in view.all("tasks")
        if task.get("team_id") == str(team_id) and task.get("state") in UNFINISHED_TASKS | {"recalled"}
    ]
    return open_tasks[-1] if open_tasks else None


def _decide_sos(view: View, report: Report) -> Decision:
    participant_id = report.payload.get("participant_id")
    if participant_id is None:
        team = view.get("teams", str(report.payload.get("team_id"))) or {}
        participant_id = team.get("leader_id")
    payload = {**report.payload, "participant_id": participant_id}
    draft = _draft(report, person_class(str(participant_id)), payload)
    return Decision(drafts=(draft,))


def _decide_claim(view: View, report: Report) -> Decision:
    """Decide on a leader who takes a sector in the field: compare-and-set, refused visibly."""
    team_id, sector_id = str(report.payload["team_id"]), str(report.payload["sector_id"])
    claim = _draft(report, team_class(team_id))
    sector = view.get("sectors", sector_id)
    if sector is None:
        return Decision(input_fault="unknown_sector")
    if not _leads(view, report, team_id):
        return Decision(input_fault="not_the_leader")
    tasks = [(identity, task) for identity, task in view.all("tasks") if task.get("sector_id") == sector_id]
    holder = next(((i, task) for i, task in tasks if task["state"] in UNFINISHED_TASKS), None)
    why = _claim_loses(view, report, sector, holder, team_id)
    if why is not None:
        payload = {
            "claim": "sector_claimed",
            "sector_id": sector_id,
            "team_id": team_id,
            "held_by_team_id": None if holder is None else holder[1]["team_id"],
            "held_by_task_id": None if holder is None else holder[0],
            "reason": why,
        }
        return Decision(drafts=(claim, _further(report, 1, "claim_refused", HQ, payload)), refused=why)
    given = {
        "task_id": str(further_id(report.id, 2)),
        "team_id": team_id,
        "sector_id": sector_id,
        "sector_label": sector["label"],
        "sector_kind": sector["kind"],
        **{name: sector[name] for name in ("geometry", "geometry_ref") if name in sector},
        "method": None,
        "due_at": None,
        "contact_every_min": None,
        "text": "",
        "emergency_bearing_deg": None,
        "declination": None,
        "alongside": False,
    }
    return Decision(drafts=(claim, _further(report, 1, "task_given", team_class(team_id), given)))


def _leads(view: View, report: Report, team_id: str) -> bool:
    team = view.get("teams", team_id) or {}
    speaks = report.by_headquarters or team.get("leader_id") == str(report.actor["id"])
    return bool(team) and not team.get("disbanded") and speaks


def _claim_loses(
    view: View,
    report: Report,
    sector: Mapping[str, Any],
    holder: tuple[str, Mapping[str, Any]] | None,
    team_id: str,
) -> str | None:
    operation = next((entity for _, entity in view.all("operation")), {})
    reasons = {
        "operation_on_hold": operation.get("state") != "active",
        "sector_taken": holder is not None,
        "sector_retired": bool(sector.get("retired")),
        "sector_marked": sector_state(sector, ()) != "planned",
        "changed_meanwhile": report.base_version is not None
        and report.base_version not in seen_versions(view, str(report.payload["sector_id"]), sector),
        "team_has_task": _task_of(view, team_id, None) is not None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _draft(report: Report, visibility: str, payload: Mapping[str, Any] | None = None) -> Draft:
    return Draft(
        id=report.id,
        kind=report.kind,
        v=report.v,
        visibility=visibility,
        payload=report.payload if payload is None else payload,
        actor=report.actor,
        at=report.at,
        device_id=report.device_id,
        dseq=report.dseq,
        after=report.after,
        base_version=report.base_version,
        meant=report.meant,
    )


def _further(report: Report, number: int, kind: str, visibility: str, payload: Mapping[str, Any]) -> Draft:
    return Draft(
        id=further_id(report.id, number),
        kind=kind,
        visibility=visibility,
        payload=payload,
        actor=report.actor,
        at=report.at,
    )


def _participant_moved(view: View, report: Report, number: int, participant_id: str, state: str) -> Draft:
    payload = {
        "participant_id": str(participant_id),
        "state": state,
        "word": None,
        "source": report.payload.get("source", "phone"),
        "cause": str(report.id),
        **shift_fields(view.get("participants", participant_id) or {}, state, report.at),
    }
    return _further(report, number, "participant_moved", person_class(participant_id), payload)


def raw(report: Report) -> Decision:
    """Return the decision on a kind this release does not know: kept for headquarters, changes nothing."""
    return Decision(drafts=(_draft(report, HQ),))
