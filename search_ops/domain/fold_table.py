"""How each kind of event changes the state: the table. `fold` interprets it, so does the browser.

Because the table is data, every reader folds alike: the server under its lock, the snapshot, the desk, the
phone, and programs written by others.
"""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_assignment import ASSIGNMENT_ROWS
from search_ops.domain.fold_board import BOARD_ROWS
from search_ops.domain.fold_clocks import CLOCK_ROWS
from search_ops.domain.fold_evacuation import EVACUATION_ROWS
from search_ops.domain.fold_evidence import EVIDENCE_ROWS
from search_ops.domain.fold_hand_over import HAND_OVER_ROWS
from search_ops.domain.fold_landing import LANDING_ROWS
from search_ops.domain.fold_probability import PROBABILITY_ROWS
from search_ops.domain.fold_radio_log import RADIO_LOG_ROWS
from search_ops.domain.fold_roster import ROSTER_ROWS
from search_ops.domain.fold_rows import TASK_FIELDS, Put
from search_ops.domain.fold_sorties import SORTIE_ROWS
from search_ops.domain.fold_trackers import TRACKER_ROWS
from search_ops.domain.fold_transport import TRANSPORT_ROWS

_OPERATION: Final = "payload.operation_id"

FOLD: Final[dict[str, tuple[Put, ...]]] = {
    "operation_opened": (
        Put(
            "operation",
            _OPERATION,
            take=("number", "case_id", "region", "time_zone", "exercise", "origin", "organisation_id"),
            fields={"state": "=active", "opened_at": "at"},
        ),
    ),
    "hold_set": (Put("operation", _OPERATION, take=("state", "reason_kind"), fields={"state_at": "at"}),),
    "hold_confirmed": (Put("teams", "payload.team_id", fields={"hold_confirmed_seq": "seq"}),),
    "operation_closed": (
        Put("operation", _OPERATION, take=("state",), fields={"state_at": "at", "closed_at": "at"}),
    ),
    "outcome_recorded": (
        Put(
            "outcome",
            _OPERATION,
            take=("outcome", "reason", "unresolved"),
            fields={"at": "at", "by": "actor"},
        ),
    ),
    "case_confirmed": (
        Put(
            "confirmation",
            "payload.case_id",
            take=("kusp_number", "organisation_id", "officer_name", "officer_phone"),
            fields={"at": "at"},
        ),
    ),
    "point_set": (
        Put(
            "points",
            "payload.point_id",
            take=("role", "subject_id", "scenario_id", "lon", "lat", "text", "seen_at"),
            fields={"set_at": "at"},
        ),
    ),
    "area_set": (Put("area", _OPERATION, take=("geometry", "geometry_ref", "area_m2", "origin")),),
    "partition_made": (
        Put(
            "partitions",
            "payload.partition_id",
            take=("method", "settings", "sector_count", "area_m2", "notes"),
            fields={"made_at": "at"},
        ),
    ),
    "sectors_added": (
        Put(
            "sectors",
            "item.sector_id",
            each="payload.sectors",
            take=(
                "label",
                "kind",
                "name",
                "source",
                "group",
                "geometry",
                "geometry_ref",
                "area_m2",
                "length_m",
                "corridor_m",
                "addresses",
                "replaces",
            ),
            fields={"partition_id": "payload.partition_id", "retired": "=false", "mark": "=null"},
        ),
    ),
    "sector_marked": (
        Put(
            "sectors",
            "payload.sector_id",
            take=("mark",),
            fields={"mark_reason": "payload.reason", "mark_organisation_id": "payload.organisation_id"},
        ),
    ),
    "sectors_retired": (Put("sectors", "item", each="payload.sector_ids", fields={"retired": "=true"}),),
    "participant_added": (
        Put(
            "participants",
            "payload.participant_id",
            take=("name", "phone", "callsign", "channel", "state", "shift_from"),
            fields={"added_at": "at", "state_at": "at", "word": "=null"},
            latest={"last_contact_at": "at"},
        ),
    ),
    "participant_moved": (
        Put(
            "participants",
            "payload.participant_id",
            take=("state", "word", "source", "shift_from", "off_since"),
            fields={"state_at": "at"},
        ),
    ),
    "team_formed": (
        Put(
            "teams",
            "payload.team_id",
            take=("callsign", "kind", "leader_id", "member_ids", "roster"),
            fields={"formed_at": "at", "disbanded": "=false"},
        ),
    ),
    "team_changed": (
        Put("teams", "payload.team_id", take=("leader_id", "member_ids", "roster", "disbanded")),
    ),
    "task_given": (
        Put(
            "tasks",
            "payload.task_id",
            take=TASK_FIELDS,
            fields={"state": "=assigned", "state_at": "at", "given_at": "at", "given_by": "actor"},
        ),
    ),
    "task_moved": (
        Put("tasks", "payload.task_id", take=("state", "source", "reason"), fields={"state_at": "at"}),
    ),
    "check_in": (
        Put(
            "teams",
            "payload.team_id",
            fields={"last_word": "payload.word"},
            latest={"last_contact_at": "at"},
            family="team",
        ),
        Put(
            "participants",
            "payload.participant_id",
            fields={"last_word": "payload.word"},
            latest={"last_contact_at": "at"},
            family="person",
        ),
    ),
    "found_reported": (
        Put(
            "finds",
            "id",
            take=("condition", "participant_id", "team_id", "position", "text", "source"),
            fields={"at": "at", "recorded_at": "recorded_at"},
        ),
    ),
    "clue_found": (
        Put(
            "clues",
            "id",
            take=("participant_id", "team_id", "position", "text", "source"),
            fields={"at": "at", "recorded_at": "recorded_at"},
        ),
    ),
    "note_added": (Put("notes", "id", take=("text", "source", "about"), fields={"at": "at", "by": "actor"}),),
    "sos_raised": (
        Put(
            "alarms",
            "id",
            take=("participant_id", "team_id", "position", "battery_pct", "text", "source"),
            fields={"state": "=open", "at": "at", "recorded_at": "recorded_at"},
        ),
        Put("participants", "payload.participant_id", latest={"last_contact_at": "at"}),
    ),
    "sos_taken": (
        Put("alarms", "payload.alarm_id", take=("by_name",), fields={"state": "=taken", "taken_at": "at"}),
    ),
    "sos_closed": (
        Put("alarms", "payload.alarm_id", take=("reason",), fields={"state": "=closed", "closed_at": "at"}),
    ),
    "briefing_released": (
        Put(
            "briefing",
            _OPERATION,
            take=("text", "radio_channel", "muster_text", "headquarters", "phones"),
            fields={"released_at": "at"},
        ),
    ),
    "claim_refused": (
        Put(
            "refusals",
            "id",
            take=("claim", "sector_id", "team_id", "held_by_team_id", "held_by_task_id", "reason"),
            fields={"at": "at", "by": "actor"},
        ),
    ),
    "sector_claimed": (),
    "track_recorded": (),
    **EVIDENCE_ROWS,
    **PROBABILITY_ROWS,
    **ROSTER_ROWS,
    **ASSIGNMENT_ROWS,
    **EVACUATION_ROWS,
    **HAND_OVER_ROWS,
    **TRACKER_ROWS,
    **TRANSPORT_ROWS,
    **BOARD_ROWS,
    **LANDING_ROWS,
    **SORTIE_ROWS,
    **CLOCK_ROWS,
    **RADIO_LOG_ROWS,
    "request_made": (
        Put(
            "requests",
            "payload.request_id",
            take=(
                "operation_id",
                "number",
                "case_id",
                "exercise",
                "from_organisation_id",
                "to_organisation_ids",
                "items",
                "place_text",
                "lon",
                "lat",
                "needed_at",
                "basis",
                "note",
                "contact",
            ),
            fields={"state": "=requested", "requested_at": "recorded_at", "receipts": "=[]"},
        ),
    ),
    "request_received": (
        Put(
            "requests",
            "payload.request_id",
            take=("state",),
            fields={"received_at": "at"},
        ),
        Put(
            "receipts",
            "id",
            take=("request_id", "organisation_id", "officer_name", "officer_post", "officer_phone", "via"),
            fields={"at": "at"},
        ),
    ),
    "request_answered": (
        Put("requests", "payload.request_id", take=("state",), fields={"answered_at": "at"}),
        Put(
            "commitments",
            "payload.commitment_id",
            take=(
                "request_id",
                "organisation_id",
                "item_id",
                "decision",
                "quantity",
                "arrive_at",
                "leader",
                "phone",
                "reason",
            ),
            fields={"state": "payload.commitment_state", "at": "at"},
        ),
    ),
    "request_cancelled": (
        Put("requests", "payload.request_id", take=("reason",), fields={"state": "=cancelled"}),
    ),
    "agency_told": (
        Put(
            "told",
            "payload.told_id",
            take=(
                "request_id",
                "item_id",
                "organisation_id",
                "name",
                "post",
                "phone",
                "said_at",
                "text",
                "decision",
                "quantity",
                "arrive_at",
            ),
            fields={"confirmed": "=false", "at": "at"},
        ),
    ),
    "told_confirmed": (
        Put(
            "told",
            "payload.told_id",
            take=("officer_name",),
            fields={"confirmed": "=true", "confirmed_at": "at"},
        ),
    ),
    "case_opened": (
        Put(
            "case",
            "payload.case_id",
            take=("number", "region", "exercise", "organisation_id"),
            fields={"opened_at": "at", "state": "=open"},
        ),
    ),
    "subject_described": (
        Put(
            "subjects",
            "payload.subject_id",
            take=(
                "name",
                "birth_year",
                "sex",
                "age",
                "description",
                "clothes",
                "health",
                "phone",
                "home",
            ),
        ),
    ),
    "circumstances_described": (
        Put(
            "circumstances",
            "payload.case_id",
            take=("last_seen_place", "last_seen_at", "applicant_name", "applicant_phone", "circumstances"),
        ),
    ),
    "operation_linked": (
        Put("operations", "payload.operation_id", take=("number",), fields={"linked_at": "at"}),
    ),
}
