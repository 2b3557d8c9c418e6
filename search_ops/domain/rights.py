"""One table of rights; the API checks it and the generated access tests read it."""

from __future__ import annotations

from enum import StrEnum

from search_ops.domain.principals import HEADQUARTERS, Place, Principal, Role, roles_in


class Right(StrEnum):
    """What may be done; the value is what a refusal names."""

    CASE_LIST = "case.list"
    CASE_OPEN = "case.open"
    CASE_READ = "case.read"
    CASE_COMPLETE = "case.complete"
    CASE_CONFIRM = "case.confirm"
    OPERATION_OPEN = "operation.open"
    OPERATION_READ = "operation.read"
    OPERATION_STATE = "operation.state"
    OPERATION_CLOSE = "operation.close"
    AREA_DRAW = "area.draw"
    POINT_SET = "point.set"
    PARTITION_MAKE = "partition.make"
    GRID_SET = "grid.set"
    SECTOR_READ = "sector.read"
    SECTOR_EDIT = "sector.edit"
    JOB_WATCH = "job.watch"
    JOB_CANCEL = "job.cancel"
    FILE_SEND = "file.send"
    FILE_READ = "file.read"
    PAPER_PRINT = "paper.print"
    SHEET_READ = "sheet.read"
    EXPORT_READ = "export.read"
    TRACK_IMPORT = "track.import"
    TRACK_MATCH = "track.match"
    SECTOR_JUDGE = "sector.judge"
    WIDTHS_SET = "widths.set"
    CALLS_RECORD = "calls.record"
    PROBABILITY_SET = "probability.set"
    PARTICIPANT_ADD = "participant.add"
    PARTICIPANT_MOVE = "participant.move"
    TEAM_FORM = "team.form"
    RESOURCE_KEEP = "resource.keep"
    CREW_PLAN = "crew.plan"
    TRANSPORT_READ = "transport.read"
    MOVEMENT_PLAN = "movement.plan"
    MOVEMENT_REPORT = "movement.report"
    OPTION_CHOOSE = "option.choose"
    NETWORK_READ = "network.read"
    NETWORK_EDIT = "network.edit"
    TASK_GIVE = "task.give"
    TASK_MOVE = "task.move"
    REPORT_OWN = "report.own"
    REPORT_ENTER = "report.enter"
    ALARM_TAKE = "alarm.take"
    BRIEFING_RELEASE = "briefing.release"
    JOIN_CODE = "join_code"
    POSITION_SEND = "position.send"
    POSITION_READ = "position.read"
    QUARANTINE_READ = "quarantine.read"
    REQUEST_MAKE = "request.make"
    REQUEST_TELL = "request.tell"
    REQUEST_RECEIVE = "request.receive"
    REQUEST_ANSWER = "request.answer"
    ORGANISATION_LIST = "organisation.list"
    ORGANISATION_READ = "organisation.read"
    COORDINATES_READ = "coordinates.read"
    RASTER_READ = "raster.read"
    DOCUMENTATION_READ = "documentation.read"
    BACKUP_MAKE = "backup.make"


_HQ = HEADQUARTERS
_LEADING = frozenset({Role.COORDINATOR, Role.SITE_LEAD})
_DESK = _HQ | {Role.POLICE}
_STAFF = _HQ | {Role.POLICE, Role.EMERGENCY, Role.NATIONAL, Role.REGION_LEAD}

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.CASE_LIST: _DESK,
    Right.CASE_OPEN: frozenset({Role.COORDINATOR, Role.INFORMATION, Role.POLICE}),
    Right.CASE_READ: _DESK,
    Right.CASE_COMPLETE: frozenset({Role.COORDINATOR, Role.SITE_LEAD, Role.INFORMATION, Role.POLICE}),
    Right.CASE_CONFIRM: frozenset({Role.POLICE}),
    Right.OPERATION_OPEN: frozenset({Role.COORDINATOR}),
    Right.OPERATION_READ: _STAFF | {Role.FAMILY, Role.VOLUNTEER},
    Right.OPERATION_STATE: _LEADING,
    Right.OPERATION_CLOSE: _LEADING,
    Right.AREA_DRAW: _LEADING | {Role.CARTOGRAPHER},
    Right.POINT_SET: _LEADING | {Role.CARTOGRAPHER, Role.INFORMATION},
    Right.PARTITION_MAKE: _LEADING | {Role.CARTOGRAPHER},
    Right.GRID_SET: frozenset({Role.REGION_LEAD, Role.CARTOGRAPHER}),
    Right.SECTOR_READ: _DESK,
    Right.SECTOR_EDIT: _LEADING | {Role.CARTOGRAPHER},
    Right.JOB_WATCH: _HQ,
    Right.JOB_CANCEL: _LEADING | {Role.CARTOGRAPHER},
    Right.FILE_SEND: _LEADING | {Role.CARTOGRAPHER, Role.REGISTRAR},
    Right.FILE_READ: _HQ,
    Right.PAPER_PRINT: _HQ,
    # A participant reads his own team's only: the classes of what he sees decide, not the route.
    Right.SHEET_READ: _HQ | {Role.VOLUNTEER},
    Right.EXPORT_READ: _DESK | {Role.VOLUNTEER},
    Right.TRACK_IMPORT: _LEADING | {Role.CARTOGRAPHER, Role.REGISTRAR},
    Right.TRACK_MATCH: _LEADING | {Role.CARTOGRAPHER, Role.REGISTRAR},
    Right.SECTOR_JUDGE: _LEADING | {Role.CARTOGRAPHER},
    Right.WIDTHS_SET: _LEADING | {Role.CARTOGRAPHER},
    # The radio operator hears them on the air.
    Right.CALLS_RECORD: _LEADING | {Role.CARTOGRAPHER, Role.RADIO},
    Right.PROBABILITY_SET: _LEADING | {Role.CARTOGRAPHER},
    Right.PARTICIPANT_ADD: _LEADING | {Role.REGISTRAR, Role.RADIO},
    Right.PARTICIPANT_MOVE: _LEADING | {Role.REGISTRAR, Role.RADIO},
    Right.TEAM_FORM: _LEADING | {Role.REGISTRAR},
    Right.RESOURCE_KEEP: _LEADING | {Role.REGISTRAR, Role.RADIO},
    Right.CREW_PLAN: _LEADING | {Role.REGISTRAR, Role.INFORMATION},
    # Movements carry numbers, places and hours, no names: who coordinates regions reads them whole.
    Right.TRANSPORT_READ: _DESK | {Role.NATIONAL, Role.REGION_LEAD},
    Right.MOVEMENT_PLAN: _LEADING | {Role.NATIONAL},
    Right.MOVEMENT_REPORT: _LEADING | {Role.RADIO, Role.REGISTRAR, Role.NATIONAL},
    Right.OPTION_CHOOSE: frozenset({Role.COORDINATOR, Role.NATIONAL}),
    Right.NETWORK_READ: _STAFF,
    Right.NETWORK_EDIT: frozenset({Role.COORDINATOR, Role.NATIONAL, Role.REGION_LEAD}),
    Right.TASK_GIVE: _LEADING,
    Right.TASK_MOVE: _LEADING | {Role.RADIO, Role.REGISTRAR},
    Right.REPORT_OWN: frozenset({Role.VOLUNTEER}),
    Right.REPORT_ENTER: _LEADING | {Role.RADIO, Role.REGISTRAR},
    Right.ALARM_TAKE: _LEADING | {Role.RADIO},
    Right.BRIEFING_RELEASE: _LEADING | {Role.INFORMATION},
    Right.JOIN_CODE: _LEADING | {Role.REGISTRAR, Role.INFORMATION},
    Right.POSITION_SEND: frozenset({Role.VOLUNTEER}),
    Right.POSITION_READ: _HQ,
    Right.QUARANTINE_READ: _HQ,
    Right.REQUEST_MAKE: frozenset({Role.COORDINATOR, Role.POLICE}),
    Right.REQUEST_TELL: _LEADING | {Role.INFORMATION, Role.RADIO},
    Right.REQUEST_RECEIVE: frozenset({Role.EMERGENCY, Role.POLICE, Role.COORDINATOR, Role.REGION_LEAD}),
    Right.REQUEST_ANSWER: frozenset({Role.EMERGENCY, Role.POLICE, Role.COORDINATOR, Role.REGION_LEAD}),
    Right.ORGANISATION_LIST: _STAFF,
    Right.ORGANISATION_READ: frozenset({Role.EMERGENCY, Role.POLICE, Role.COORDINATOR, Role.REGION_LEAD}),
    Right.COORDINATES_READ: _STAFF,
    # Scanned and bought maps are licensed to those who run the search, not to everybody who joins it.
    Right.RASTER_READ: _STAFF,
    Right.DOCUMENTATION_READ: _STAFF,
    # Who sits at headquarters may put the stick in; the file itself never goes through a browser.
    Right.BACKUP_MAKE: _LEADING | {Role.RADIO, Role.REGISTRAR},
}


# What belongs to all searches: a coordinator of one search, or of one exercise, does not change it.
REGIONAL: frozenset[Right] = frozenset({Right.NETWORK_EDIT})


def rights_in(principal: Principal, place: Place) -> frozenset[Right]:
    """Return every right of the caller at this place.

    Those in `REGIONAL` need a grant for a region. REQUEST_RECEIVE and REQUEST_ANSWER also need the caller's
    organisation to be the addressed one; the service that holds the request checks that.
    """
    roles = roles_in(principal, place)
    regional = roles & {grant.role for grant in principal.grants if grant.region is not None}
    return frozenset(
        right for right, holders in RIGHTS.items() if holders & (regional if right in REGIONAL else roles)
    )
