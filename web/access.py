"""Every route and what it asks of the caller: a route that is not listed here does not start.

The generated access tests read this table together with ``search_ops.domain.rights``. Whoever adds a route
adds its row; templates are written exactly as in the router.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from search_ops.domain.rights import Right

KIB: Final = 1024
BODY_BYTES: Final = 256 * KIB
LARGE_BODY_BYTES: Final = 2 * KIB * KIB  # batches of events and bodies that carry geometry
FILE_BYTES: Final = 64 * KIB * KIB
TRACKER_BODY_BYTES: Final = 64 * KIB


class At(StrEnum):
    """The kind of place a right is asked for; the value names its path parameter."""

    OPERATION = "operation_id"
    CASE = "case_id"
    ORGANISATION = "organisation_id"
    INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one route asks.

    Attributes
    ----------
    signed_in : bool
        False: anybody, also without a session.
    rights : tuple of Right
        Any one of them is enough; none: a session is enough.
    at : At or None
        Where the right is asked for.
    body_bytes : int
        Longest body, counted while it is read.
    raw : bool
        The body is a file, which the route itself reads piece by piece.
    strict_query : bool
        Unknown and repeated query parameters are refused; pages take any (links carry codes and marks).
    """

    signed_in: bool = True
    rights: tuple[Right, ...] = ()
    at: At | None = None
    body_bytes: int = BODY_BYTES
    raw: bool = False
    strict_query: bool = True


PUBLIC: Final = Rule(signed_in=False)
PAGE: Final = Rule(signed_in=False, strict_query=False)
SIGNED_IN: Final = Rule()
# Devices with protocols of their own: a token in the message is the key, unknown fields are normal.
TRACKER: Final = Rule(signed_in=False, body_bytes=TRACKER_BODY_BYTES, raw=True, strict_query=False)


def _operation(*rights: Right, body_bytes: int = BODY_BYTES) -> Rule:
    return Rule(rights=rights, at=At.OPERATION, body_bytes=body_bytes)


def _case(right: Right) -> Rule:
    return Rule(rights=(right,), at=At.CASE)


def _organisation(right: Right) -> Rule:
    return Rule(rights=(right,), at=At.ORGANISATION)


def _installation(right: Right) -> Rule:
    return Rule(rights=(right,), at=At.INSTALLATION)


_O: Final = "/api/operations/{operation_id}"
_C: Final = "/api/cases/{case_id}"
_G: Final = "/api/organisations/{organisation_id}"

RULES: Final[dict[tuple[str, str], Rule]] = {
    # pages, health
    ("GET", "/"): PAGE,
    ("GET", "/index.html"): PAGE,
    ("GET", "/field"): PAGE,
    ("GET", "/field/"): PAGE,
    ("GET", "/field/index.html"): PAGE,
    ("GET", "/duty"): PAGE,
    ("GET", "/duty/"): PAGE,
    ("GET", "/duty/index.html"): PAGE,
    ("GET", "/icon.svg"): PAGE,
    ("GET", "/field.webmanifest"): PAGE,
    ("GET", "/field-sw.js"): PAGE,
    ("GET", "/assets/{name}"): PAGE,
    ("GET", "/livez"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,  # the route itself answers this machine only
    ("GET", "/api/backups"): _installation(Right.BACKUP_MAKE),
    ("POST", "/api/backups"): _installation(Right.BACKUP_MAKE),
    ("GET", f"{_O}/board.pdf"): _operation(Right.PAPER_PRINT),
    ("PUT", f"{_O}/board-schedule"): _operation(Right.PAPER_PRINT),
    ("GET", "/openapi.json"): _installation(Right.DOCUMENTATION_READ),
    # session
    ("POST", "/api/session"): PUBLIC,
    ("GET", "/api/session"): SIGNED_IN,
    ("DELETE", "/api/session"): SIGNED_IN,
    ("POST", "/api/join"): PUBLIC,
    # reading
    ("GET", "/api/operations"): SIGNED_IN,
    ("GET", "/api/stops"): SIGNED_IN,
    ("GET", _O): _operation(Right.OPERATION_READ),
    ("GET", f"{_O}/snapshot"): _operation(Right.OPERATION_READ),
    ("GET", f"{_O}/events"): _operation(Right.OPERATION_READ),
    ("POST", f"{_O}/stream-ticket"): _operation(Right.OPERATION_READ),
    ("GET", f"{_O}/positions"): _operation(Right.POSITION_READ),
    ("GET", f"{_O}/quarantine"): _operation(Right.QUARANTINE_READ),
    ("GET", f"{_O}/sectors"): _operation(Right.SECTOR_READ),
    ("GET", f"{_O}/not-home"): _operation(Right.PARTICIPANT_MOVE),
    ("GET", f"{_O}/ground"): _operation(Right.SECTOR_READ),
    ("GET", f"{_O}/jobs/{{job_id}}"): _operation(Right.JOB_WATCH),
    ("POST", f"{_O}/jobs/{{job_id}}/cancellation"): _operation(Right.JOB_CANCEL),
    ("POST", f"{_O}/files"): Rule(
        rights=(Right.FILE_SEND,), at=At.OPERATION, body_bytes=FILE_BYTES, raw=True
    ),
    ("GET", f"{_O}/files/{{file_id}}"): _operation(Right.FILE_READ),
    # paper and files that leave
    ("GET", "/api/declination"): SIGNED_IN,
    ("POST", f"{_O}/packets"): _operation(Right.PAPER_PRINT),
    ("GET", f"{_O}/tasks/{{task_id}}/sheet.pdf"): _operation(Right.SHEET_READ),
    ("POST", f"{_O}/exports"): _operation(Right.FILE_READ),
    ("GET", f"{_O}/exports/{{format}}"): _operation(Right.EXPORT_READ),
    ("GET", "/api/cases"): _installation(Right.CASE_LIST),
    ("GET", f"{_C}/snapshot"): _case(Right.CASE_READ),
    ("GET", f"{_C}/events"): _case(Right.CASE_READ),
    ("POST", f"{_C}/stream-ticket"): _case(Right.CASE_READ),
    ("GET", "/api/organisations"): _installation(Right.ORGANISATION_LIST),
    ("GET", f"{_G}/snapshot"): _organisation(Right.ORGANISATION_READ),
    ("GET", f"{_G}/events"): _organisation(Right.ORGANISATION_READ),
    ("POST", f"{_G}/stream-ticket"): _organisation(Right.ORGANISATION_READ),
    ("GET", "/api/geometries/{sha256}"): SIGNED_IN,  # each geometry has its readers: rights by row
    ("GET", "/api/coordinates"): _installation(Right.COORDINATES_READ),
    ("GET", "/tiles/ground/{z}/{x}/{y}.mvt"): SIGNED_IN,
    ("GET", "/api/raster-layers"): _installation(Right.RASTER_READ),
    ("GET", "/tiles/raster/{layer_id}/{z}/{x}/{y}"): _installation(Right.RASTER_READ),
    ("GET", "/tiles/sectors/{operation_id}/{z}/{x}/{y}.mvt"): _operation(Right.SECTOR_READ),
    ("GET", "/tiles/hillshade/{z}/{x}/{y}.png"): SIGNED_IN,
    ("GET", "/api/places"): _installation(Right.COORDINATES_READ),
    ("GET", "/api/elevation"): _installation(Right.COORDINATES_READ),
    # the field
    ("POST", f"{_O}/events"): _operation(Right.REPORT_OWN, Right.REPORT_ENTER, body_bytes=LARGE_BODY_BYTES),
    ("POST", f"{_O}/positions"): _operation(Right.POSITION_SEND),
    ("GET", "/osmand"): TRACKER,
    ("GET", "/osmand/"): TRACKER,
    ("POST", "/osmand"): TRACKER,
    ("POST", "/osmand/"): TRACKER,
    ("POST", "/owntracks"): TRACKER,
    ("POST", "/owntracks/"): TRACKER,
    ("GET", f"{_O}/trackers"): _operation(Right.PARTICIPANT_ADD),
    ("POST", f"{_O}/participants/{{participant_id}}/trackers"): _operation(Right.PARTICIPANT_ADD),
    ("POST", f"{_O}/trackers/{{tracker_id}}/end"): _operation(Right.PARTICIPANT_ADD),
    # cases
    ("POST", "/api/cases"): _installation(Right.CASE_OPEN),
    ("POST", f"{_C}/subjects"): _case(Right.CASE_COMPLETE),
    ("PATCH", f"{_C}/subjects/{{subject_id}}"): _case(Right.CASE_COMPLETE),
    ("PATCH", f"{_C}/circumstances"): _case(Right.CASE_COMPLETE),
    ("POST", f"{_C}/confirmation"): _case(Right.CASE_CONFIRM),
    ("POST", f"{_C}/operations"): _case(Right.OPERATION_OPEN),
    # planning
    ("PUT", f"{_O}/points/{{role}}"): _operation(Right.POINT_SET),
    ("PUT", f"{_O}/area"): _operation(Right.AREA_DRAW, body_bytes=LARGE_BODY_BYTES),
    ("POST", f"{_O}/partitions"): _operation(Right.PARTITION_MAKE),
    ("GET", f"{_O}/grid-defaults"): _operation(Right.SECTOR_READ),
    ("GET", "/api/regions/{region}/grid-defaults"): _installation(Right.GRID_SET),
    ("PUT", "/api/regions/{region}/grid-defaults"): _installation(Right.GRID_SET),
    ("POST", f"{_O}/sectors"): _operation(Right.SECTOR_EDIT, body_bytes=LARGE_BODY_BYTES),
    ("POST", f"{_O}/sectors/merge"): _operation(Right.SECTOR_EDIT),
    ("POST", f"{_O}/sectors/reshape"): _operation(Right.SECTOR_EDIT),
    ("POST", f"{_O}/sectors/restore"): _operation(Right.SECTOR_EDIT),
    ("POST", f"{_O}/sectors/{{sector_id}}/split"): _operation(Right.SECTOR_EDIT, body_bytes=LARGE_BODY_BYTES),
    ("POST", f"{_O}/sectors/{{sector_id}}/mark"): _operation(Right.SECTOR_EDIT),
    # tracks and evidence
    ("POST", f"{_O}/tracks/import"): _operation(Right.TRACK_IMPORT),
    ("GET", f"{_O}/tracks"): _operation(Right.SECTOR_READ),
    ("POST", f"{_O}/tracks/{{track_id}}/match"): _operation(Right.TRACK_MATCH),
    ("POST", f"{_O}/tracks/{{track_id}}/set-aside"): _operation(Right.TRACK_MATCH),
    ("POST", f"{_O}/tasks/{{task_id}}/track-lost"): _operation(Right.TRACK_MATCH),
    ("POST", f"{_O}/sectors/{{sector_id}}/judgement"): _operation(Right.SECTOR_JUDGE),
    ("GET", f"{_O}/sectors/{{sector_id}}/missing"): _operation(Right.SECTOR_READ),
    ("GET", f"{_O}/evidence"): _operation(Right.SECTOR_READ),
    ("GET", f"{_O}/coverage"): _operation(Right.SECTOR_READ),
    ("GET", f"{_O}/search-widths"): _operation(Right.SECTOR_READ),
    ("PUT", f"{_O}/search-widths"): _operation(Right.WIDTHS_SET),
    ("POST", f"{_O}/sound-calls"): _operation(Right.CALLS_RECORD),
    ("POST", f"{_O}/sound-calls/{{calls_id}}/withdrawal"): _operation(Right.CALLS_RECORD),
    ("GET", "/api/lost-person-categories"): SIGNED_IN,
    ("PUT", f"{_O}/scenarios/{{scenario_id}}"): _operation(Right.PROBABILITY_SET),
    ("POST", f"{_O}/scenarios/{{scenario_id}}/drop"): _operation(Right.PROBABILITY_SET),
    ("PUT", f"{_O}/scenario-weights"): _operation(Right.PROBABILITY_SET),
    ("PUT", f"{_O}/subject-state"): _operation(Right.PROBABILITY_SET),
    ("POST", f"{_O}/clue-weights"): _operation(Right.PROBABILITY_SET, body_bytes=LARGE_BODY_BYTES),
    ("POST", f"{_O}/clue-weights/{{clue_weight_id}}/drop"): _operation(Right.PROBABILITY_SET),
    ("GET", f"{_O}/probability"): _operation(Right.SECTOR_READ),
    ("GET", f"{_O}/probability/raster"): _operation(Right.SECTOR_READ),
    ("POST", f"{_O}/effort"): _operation(Right.SECTOR_READ),
    # plans of a shift
    ("POST", f"{_O}/assignments"): _operation(Right.TASK_GIVE),
    ("GET", f"{_O}/assignment"): _operation(Right.SECTOR_READ),
    ("POST", f"{_O}/assignments/{{assignment_id}}/acceptance"): _operation(Right.TASK_GIVE),
    ("PUT", f"{_O}/sectors/{{sector_id}}/rank"): _operation(Right.PROBABILITY_SET),
    ("POST", f"{_O}/pair-locks"): _operation(Right.TASK_GIVE),
    ("POST", f"{_O}/tasks/{{task_id}}/issue"): _operation(Right.TASK_GIVE),
    ("POST", f"{_O}/evacuations"): _operation(Right.OPERATION_STATE),
    ("GET", f"{_O}/evacuations/{{evacuation_id}}"): _operation(Right.SECTOR_READ),
    ("POST", f"{_O}/evacuations/{{evacuation_id}}/order"): _operation(Right.OPERATION_STATE),
    ("GET", f"{_O}/changes"): _operation(Right.SECTOR_READ),
    ("POST", f"{_O}/hand-overs"): _operation(Right.REPORT_ENTER),
    # people, teams, tasks
    ("POST", f"{_O}/participants"): _operation(Right.PARTICIPANT_ADD),
    ("PUT", f"{_O}/participants/{{participant_id}}"): _operation(Right.PARTICIPANT_ADD),
    ("PUT", f"{_O}/resources/{{resource_id}}"): _operation(Right.RESOURCE_KEEP),
    ("POST", f"{_O}/resources/{{resource_id}}/issue"): _operation(Right.RESOURCE_KEEP),
    ("POST", f"{_O}/resources/{{resource_id}}/return"): _operation(Right.RESOURCE_KEEP),
    ("POST", f"{_O}/participants/{{participant_id}}/state"): _operation(Right.PARTICIPANT_MOVE),
    ("POST", f"{_O}/teams"): _operation(Right.TEAM_FORM),
    ("POST", f"{_O}/team-proposals"): _operation(Right.TEAM_FORM),
    ("POST", f"{_O}/team-checks"): _operation(Right.TEAM_FORM),
    ("POST", f"{_O}/team-acceptance"): _operation(Right.TEAM_FORM),
    ("PUT", f"{_O}/teams/{{team_id}}"): _operation(Right.TEAM_FORM),
    ("POST", f"{_O}/crew-proposals"): _operation(Right.CREW_PLAN),
    ("POST", f"{_O}/crews"): _operation(Right.CREW_PLAN),
    ("POST", f"{_O}/crews/{{crew_id}}/state"): _operation(Right.CREW_PLAN),
    ("POST", f"{_O}/tasks"): _operation(Right.TASK_GIVE),
    ("POST", f"{_O}/tasks/{{task_id}}/state"): _operation(Right.TASK_MOVE),
    ("POST", f"{_O}/tasks/{{task_id}}/clocks"): _operation(Right.TASK_MOVE),
    ("POST", f"{_O}/radio-log"): _operation(Right.REPORT_ENTER),
    ("POST", f"{_O}/radio-log/{{entry_id}}/corrections"): _operation(Right.REPORT_ENTER),
    ("POST", f"{_O}/reports"): _operation(Right.REPORT_ENTER),
    ("POST", f"{_O}/alarms/{{alarm_id}}/taken"): _operation(Right.ALARM_TAKE),
    ("POST", f"{_O}/alarms/{{alarm_id}}/closed"): _operation(Right.ALARM_TAKE),
    ("POST", f"{_O}/state"): _operation(Right.OPERATION_STATE),
    ("POST", f"{_O}/closing"): _operation(Right.OPERATION_CLOSE),
    ("POST", f"{_O}/briefing"): _operation(Right.BRIEFING_RELEASE),
    ("GET", f"{_O}/join-code"): _operation(Right.JOIN_CODE),
    ("POST", f"{_O}/join-code"): _operation(Right.JOIN_CODE),
    # transport
    ("GET", "/api/transport/network"): _installation(Right.NETWORK_READ),
    ("GET", "/api/transport/places"): _installation(Right.NETWORK_READ),
    ("PUT", "/api/transport/places/{place_id}"): _installation(Right.NETWORK_EDIT),
    ("PUT", "/api/transport/services/{service_id}"): _installation(Right.NETWORK_EDIT),
    ("PUT", "/api/transport/services/{service_id}/departures/{on_date}"): _installation(Right.NETWORK_EDIT),
    ("PUT", "/api/transport/ways/{way_id}"): _installation(Right.NETWORK_EDIT),
    ("PUT", "/api/transport/resources/{resource_id}"): _installation(Right.NETWORK_EDIT),
    ("POST", "/api/transport/resources/{resource_id}/state"): _installation(Right.NETWORK_EDIT),
    ("GET", f"{_O}/transport"): _operation(Right.TRANSPORT_READ),
    ("POST", f"{_O}/landing-searches"): _operation(Right.MOVEMENT_PLAN),
    ("PUT", f"{_O}/landing-places/{{place_id}}"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/sorties"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/movements"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/movements/{{movement_id}}/search"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/movements/{{movement_id}}/choice"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/movements/{{movement_id}}/reports"): _operation(Right.MOVEMENT_REPORT),
    ("POST", f"{_O}/movements/{{movement_id}}/end"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/movements/{{movement_id}}/request"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/movements/{{movement_id}}/commitment"): _operation(Right.MOVEMENT_PLAN),
    ("POST", f"{_O}/comparisons"): _operation(Right.OPTION_CHOOSE),
    ("POST", f"{_O}/comparisons/{{comparison_id}}/choice"): _operation(Right.OPTION_CHOOSE),
    # joint requests
    ("POST", f"{_O}/requests"): _operation(Right.REQUEST_MAKE),
    ("POST", f"{_O}/requests/{{request_id}}/received"): _operation(Right.REQUEST_RECEIVE),
    ("POST", f"{_O}/requests/{{request_id}}/answers"): _operation(Right.REQUEST_ANSWER),
    ("POST", f"{_O}/requests/{{request_id}}/cancellation"): _operation(Right.REQUEST_MAKE),
    ("POST", f"{_O}/requests/{{request_id}}/told"): _operation(Right.REQUEST_TELL),
    ("POST", f"{_O}/told/{{told_id}}/confirmation"): _operation(Right.REQUEST_ANSWER),
}
