"""One event of every kind of an operation, in wire form, as a story in order."""

from typing import Any

from tests.domain.transport_samples import TRANSPORT_STORY

_AT = "2026-08-23T14:%02d:00.000Z"
OPERATION = "01990000-0000-7000-8000-000000000001"
CASE = "01990000-0000-7000-8000-000000000002"
ANNA = "01990000-0000-7000-8000-00000000000a"
BORIS = "01990000-0000-7000-8000-00000000000b"
TEAM = "01990000-0000-7000-8000-00000000000c"
TASK = "01990000-0000-7000-8000-00000000000d"
SECTOR = "01990000-0000-7000-8000-00000000000e"
OTHER_SECTOR = "01990000-0000-7000-8000-00000000000f"
PARTITION = "01990000-0000-7000-8000-000000000010"
POINT = "01990000-0000-7000-8000-000000000011"
REQUEST = "01990000-0000-7000-8000-000000000012"
COMMITMENT = "01990000-0000-7000-8000-000000000013"
TOLD = "01990000-0000-7000-8000-000000000014"
SQUAD = "01990000-0000-7000-8000-000000000015"
MCHS = "01990000-0000-7000-8000-000000000016"
SUBJECT = "01990000-0000-7000-8000-000000000017"
TRACK = "01990000-0000-7000-8000-000000000018"
CALLS = "01990000-0000-7000-8000-00000000ca11"
EVIDENCE = "01990000-0000-7000-8000-000000000019"
SCENARIO = "01990000-0000-7000-8000-00000000001a"
CLUE_WEIGHT = "01990000-0000-7000-8000-00000000001b"
MAP = "01990000-0000-7000-8000-00000000001c"
RADIO = "01990000-0000-7000-8000-00000000001d"
LOCK = "01990000-0000-7000-8000-000000000020"
EVACUATION = "01990000-0000-7000-8000-000000000021"
ASSIGNMENT = "01990000-0000-7000-8000-00000000001e"
PLANNED_TASK = "01990000-0000-7000-8000-00000000001f"
CLOCK_ALARM = "01990000-0000-7000-8000-0000000c10c4"
CREW = "01990000-0000-7000-8000-000000000021"
ALARM = 13  # number of the SOS in the story: later events name its id


def event_id(number: int) -> str:
    return f"01990000-0000-7000-9000-{number:012d}"


_SQUARE = {"type": "Polygon", "coordinates": [[[9.5, 47.1], [9.51, 47.1], [9.51, 47.11], [9.5, 47.1]]]}
_FIX = {"lon": 9.5, "lat": 47.1, "accuracy_m": 12.0}

STORY: list[tuple[str, str, dict[str, Any]]] = [
    (
        "operation_opened",
        "all",
        {
            "operation_id": OPERATION,
            "number": "2026-11-0001",
            "case_id": CASE,
            "region": "LI-11",
            "time_zone": "Europe/Vaduz",
            "exercise": True,
            "organisation_id": SQUAD,
        },
    ),
    ("participant_added", f"person:{ANNA}", {"participant_id": ANNA, "name": "Анна", "state": "going"}),
    ("participant_added", f"person:{BORIS}", {"participant_id": BORIS, "name": "Борис", "state": "on_site"}),
    ("participant_moved", f"person:{ANNA}", {"participant_id": ANNA, "state": "on_site", "word": None}),
    ("point_set", "hq", {"point_id": POINT, "role": "lkp", "lon": 9.5, "lat": 47.1, "text": None}),
    ("area_set", "hq", {"operation_id": OPERATION, "geometry": _SQUARE, "area_m2": 1e6}),
    (
        "sectors_added",
        "hq",
        {
            "partition_id": PARTITION,
            "sectors": [
                {"sector_id": SECTOR, "label": "А1", "kind": "area", "geometry": _SQUARE, "area_m2": 5e5},
                {"sector_id": OTHER_SECTOR, "label": "А2", "kind": "area", "area_m2": 5e5},
            ],
        },
    ),
    (
        "partition_made",
        "hq",
        {"partition_id": PARTITION, "method": "grid", "sector_count": 2, "area_m2": 1e6},
    ),
    ("sectors_retired", "hq", {"sector_ids": [OTHER_SECTOR]}),
    (
        "sector_marked",
        "hq",
        {"sector_id": SECTOR, "mark": "blocked", "reason": "болото", "organisation_id": None},
    ),
    (
        "team_formed",
        f"team:{TEAM}",
        {
            "team_id": TEAM,
            "callsign": "Лиса-12",
            "kind": "foot",
            "leader_id": ANNA,
            "member_ids": [ANNA, BORIS],
        },
    ),
    (
        "task_given",
        f"team:{TEAM}",
        {"task_id": TASK, "team_id": TEAM, "sector_id": SECTOR, "sector_label": "А1", "alongside": False},
    ),
    ("sos_raised", f"person:{BORIS}", {"participant_id": BORIS, "team_id": TEAM, "position": _FIX}),
    ("sos_taken", f"person:{BORIS}", {"alarm_id": event_id(ALARM), "by_name": "Дежурный"}),
    ("sos_closed", f"person:{BORIS}", {"alarm_id": event_id(ALARM), "reason": "ошибка"}),
    ("check_in", f"team:{TEAM}", {"word": "out", "team_id": TEAM, "participant_id": ANNA}),
    ("task_moved", f"team:{TEAM}", {"task_id": TASK, "state": "out", "source": "phone"}),
    ("check_in", f"person:{BORIS}", {"word": "all_well", "participant_id": BORIS, "team_id": TEAM}),
    ("clue_found", "hq", {"participant_id": BORIS, "team_id": TEAM, "text": "платок", "position": _FIX}),
    ("note_added", "hq", {"text": "ветер усилился", "source": "radio"}),
    ("found_reported", "hq", {"condition": "carried", "participant_id": ANNA, "position": _FIX}),
    ("hold_set", "all", {"operation_id": OPERATION, "state": "hold_verify", "reason_kind": "found"}),
    ("hold_confirmed", f"team:{TEAM}", {"team_id": TEAM}),
    ("team_changed", f"team:{TEAM}", {"team_id": TEAM, "leader_id": ANNA, "member_ids": [ANNA]}),
    ("sector_claimed", f"team:{TEAM}", {"team_id": TEAM, "sector_id": OTHER_SECTOR}),
    (
        "claim_refused",
        "hq",
        {"claim": "sector_claimed", "sector_id": OTHER_SECTOR, "team_id": TEAM, "held_by_team_id": None},
    ),
    ("track_recorded", f"team:{TEAM}", {"sha256": "00", "n": 3}),
    (
        "track_kept",
        "hq",
        {
            "track_id": TRACK,
            "file_id": None,
            "sha256": "00",
            "name": "20260823_Лиса-12",
            "n": 3,
            "team_id": None,
        },
    ),
    (
        "track_matched",
        "hq",
        {"track_id": TRACK, "team_id": TEAM, "task_id": TASK, "matched_by": "name"},
    ),
    ("track_set_aside", "hq", {"track_id": TRACK, "reason": "useless"}),
    ("track_lost", "hq", {"task_id": TASK, "reason": "батарея села", "grade": "radio"}),
    ("search_widths_set", "hq", {"operation_id": OPERATION, "settings": {"ground": "forest"}}),
    (
        "sound_calls_recorded",
        "hq",
        {
            "calls_id": CALLS,
            "task_ids": [TASK],
            "times": ["2026-08-23T10:00:00.000Z"],
            "signal": "whistle",
            "caller": "listeners",
            "team_id": None,
            "place": None,
            "call_s": 15.0,
            "silence_s": 60.0,
        },
    ),
    ("sound_calls_withdrawn", "hq", {"calls_id": CALLS, "reason": "другая задача"}),
    (
        "evidence_weighed",
        "hq",
        {
            "evidence_id": EVIDENCE,
            "sector_id": SECTOR,
            "task_id": TASK,
            "own": True,
            "grade": "partial_track",
            "track_ids": [TRACK],
            "swept_share": 0.4,
            "cumulative": {"responsive": 0.5, "unresponsive": 0.2},
            "target": {"subject": "unresponsive", "pod": 0.6},
        },
    ),
    (
        "search_again_proposed",
        "hq",
        {"sector_id": SECTOR, "reason": "partial_track", "missing": {"geometry": _SQUARE}},
    ),
    ("sector_judged", "hq", {"sector_id": SECTOR, "decision": "again", "evidence_seqs": [31]}),
    (
        "scenario_set",
        "hq",
        {
            "scenario_id": SCENARIO,
            "name": "Ушла за грибами",
            "weight": 60.0,
            "elsewhere": False,
            "lon": 9.5,
            "lat": 47.1,
            "uncertainty_m": 100.0,
            "category": "gatherer",
            "terrain": "temperate_flat",
            "heading_deg": None,
            "by_travel_time": True,
            "pulled": True,
        },
    ),
    ("scenarios_weighed", "hq", {"weights": [{"scenario_id": SCENARIO, "weight": 80.0}]}),
    ("scenario_dropped", "hq", {"scenario_id": SCENARIO, "reason": "нашлась корзина"}),
    ("subject_state_set", "hq", {"operation_id": OPERATION, "responsive_share": 0.4, "moves": "little"}),
    (
        "clue_weighed",
        "hq",
        {
            "clue_weight_id": CLUE_WEIGHT,
            "text": "видели у моста",
            "clue_id": None,
            "lon": 9.5,
            "lat": 47.1,
            "spread_m": 300.0,
            "geometry": None,
            "geometry_ref": None,
            "weight": 0.7,
            "seen_at": None,
        },
    ),
    ("clue_weight_dropped", "hq", {"clue_weight_id": CLUE_WEIGHT, "reason": "не он"}),
    (
        "probability_made",
        "hq",
        {
            "map_id": MAP,
            "file_id": TRACK,
            "raster_id": TRACK,
            "state_id": TRACK,
            "causes": [],
            "in_area": 0.6,
            "outside_area": 0.3,
            "beyond": 0.1,
            "found": 0.2,
            "notices": ["small_sample"],
        },
    ),
    ("sector_ranked", "hq", {"sector_id": SECTOR, "priority": 1, "needs": ["dog"]}),
    ("pair_locked", "hq", {"lock_id": LOCK, "team_id": TEAM, "sector_id": SECTOR, "lock": "must"}),
    (
        "assignment_proposed",
        "hq",
        {
            "assignment_id": ASSIGNMENT,
            "file_id": TRACK,
            "stage": "best",
            "seed": 1,
            "by": "probability",
            "value": 0.4,
            "gap": 0.001,
            "ended": "close_enough",
            "refused": None,
            "teams": 1,
            "sectors": 2,
            "changes": 0,
        },
    ),
    (
        "task_planned",
        "hq",
        {
            "task_id": PLANNED_TASK,
            "team_id": TEAM,
            "sector_id": OTHER_SECTOR,
            "sector_label": "A2",
            "due_at": _AT % 59,
            "assignment_id": ASSIGNMENT,
            "place": 1,
        },
    ),
    (
        "assignment_accepted",
        "hq",
        {
            "assignment_id": ASSIGNMENT,
            "given": [TASK],
            "planned": [PLANNED_TASK],
            "withdrawn": [],
            "not_given": [],
        },
    ),
    (
        "evacuation_proposed",
        "hq",
        {
            "evacuation_id": EVACUATION,
            "file_id": TRACK,
            "find_id": None,
            "lon": 9.5,
            "lat": 47.1,
            "refused": None,
        },
    ),
    (
        "evacuation_ordered",
        "hq",
        {
            "evacuation_id": EVACUATION,
            "exit_id": "ambulance",
            "exit_kind": "ambulance",
            "meeting": {"lon": 9.51, "lat": 47.1},
            "called_team_ids": [TEAM],
            "recalled_team_ids": [],
        },
    ),
    *TRANSPORT_STORY,
    (
        "task_clocks_set",
        f"team:{TEAM}",
        {"task_id": TASK, "due_at": "2026-08-23T18:00:00.000Z", "contact_every_min": 60},
    ),
    (
        "clock_alarm_raised",
        f"team:{TEAM}",
        {
            "alarm_id": CLOCK_ALARM,
            "what": "no_contact",
            "team_id": TEAM,
            "task_id": TASK,
            "participant_id": None,
            "since": "2026-08-23T15:00:00.000Z",
            "heard_at": "2026-08-23T14:00:00.000Z",
            "device_at": None,
            "battery_pct": None,
            "step": 0,
        },
    ),
    ("clock_alarm_taken", f"team:{TEAM}", {"alarm_id": CLOCK_ALARM, "by_name": "Сергей"}),
    ("clock_alarm_stepped", f"team:{TEAM}", {"alarm_id": CLOCK_ALARM, "step": 1}),
    ("clock_alarm_over", f"team:{TEAM}", {"alarm_id": CLOCK_ALARM, "cause": "heard"}),
    (
        "radio_logged",
        "hq",
        {
            "caller": "Лиса-1",
            "team_id": TEAM,
            "relay": "Лиса-2",
            "category": "position",
            "text": "Стоим у ручья",
            "position": {"lon": 9.5, "lat": 47.1},
            "source": "radio",
        },
    ),
    ("radio_corrected", "hq", {"entry_id": event_id(50), "text": "Стоим у дороги"}),
    ("shift_handed_over", "hq", {"to_name": "Ольга", "by_name": "Сергей", "note": "Лиса-1 в поле"}),
    ("briefing_released", "all", {"operation_id": OPERATION, "text": "лес, вечер", "phones": []}),
    ("case_confirmed", "hq", {"case_id": CASE, "kusp_number": "1234", "organisation_id": SQUAD}),
    (
        "request_made",
        f"agency:{MCHS}",
        {"request_id": REQUEST, "from_organisation_id": SQUAD, "to_organisation_ids": [MCHS], "items": []},
    ),
    (
        "request_received",
        f"agency:{MCHS}",
        {"request_id": REQUEST, "organisation_id": MCHS, "officer_name": "Дежурный", "via": "opened"},
    ),
    (
        "request_answered",
        f"agency:{MCHS}",
        {
            "request_id": REQUEST,
            "commitment_id": COMMITMENT,
            "organisation_id": MCHS,
            "decision": "accept",
            "quantity": 2,
        },
    ),
    ("agency_told", f"agency:{MCHS}", {"told_id": TOLD, "organisation_id": MCHS, "text": "выехали"}),
    ("told_confirmed", f"agency:{MCHS}", {"told_id": TOLD, "officer_name": "Дежурный"}),
    ("request_cancelled", f"agency:{MCHS}", {"request_id": REQUEST, "reason": "найден"}),
    ("check_in", f"person:{BORIS}", {"word": "home", "participant_id": BORIS}),
    ("operation_closed", "all", {"operation_id": OPERATION, "state": "closed/found_alive"}),
    ("outcome_recorded", "hq", {"operation_id": OPERATION, "outcome": "found_alive", "unresolved": []}),
    (
        "participant_described",
        f"person:{BORIS}",
        {
            "participant_id": BORIS,
            "certificates": [{"competence": "leader", "until": "2027-01-31"}],
            "adult": True,
            "needs": ["medic"],
            "leaves_at": "2026-08-23T20:00:00.000Z",
        },
    ),
    (
        "team_rules_waived",
        "hq",
        {"team_id": TEAM, "rules": [{"rule": "too_few_people", "need": 2, "have": 1}], "reason": "рядом"},
    ),
    (
        "resource_listed",
        "hq",
        {"resource_id": RADIO, "kind": "radio", "number": "14", "goes_with": [], "condition": "ok"},
    ),
    ("resource_issued", "hq", {"resource_id": RADIO, "team_id": TEAM, "participant_id": None}),
    ("resource_returned", "hq", {"resource_id": RADIO, "condition": "broken", "note": "не включается"}),
    (
        "crew_planned",
        "hq",
        {"crew_id": CREW, "direction": "home", "resource_id": RADIO, "driver_id": ANNA, "stops": []},
    ),
    ("crew_moved", "hq", {"crew_id": CREW, "state": "departed"}),
    ("weather_seen", "hq", {"wind_mps": 4}),
]

CASE_STORY: list[tuple[str, str, dict[str, Any]]] = [
    ("case_opened", "hq", {"case_id": CASE, "number": "2026-11-0001", "region": "LI-11", "exercise": True}),
    ("subject_described", "sealed", {"subject_id": SUBJECT, "name": "Тестов Пётр", "age": 71}),
    ("circumstances_described", "sealed", {"case_id": CASE, "last_seen_place": None, "last_seen_at": None}),
    ("case_confirmed", "hq", {"case_id": CASE, "kusp_number": "1234"}),
    ("operation_linked", "hq", {"operation_id": OPERATION, "number": "2026-11-0001"}),
]


def told(story: list[tuple[str, str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the story as events in wire form; one report came late."""
    events = []
    for number, (kind, visibility, payload) in enumerate(story, start=1):
        late = kind == "check_in" and payload["word"] == "all_well"
        at = f"2026-08-23T{14 + number // 60}:{number % 60:02d}:00.000Z"
        events.append(
            {
                "seq": number,
                "id": event_id(number),
                "v": 1,
                "kind": kind,
                "visibility": visibility,
                "payload": payload,
                "actor": {"type": "account", "id": SQUAD},
                "device_id": None,
                "dseq": None,
                "after": [],
                "base_version": None,
                "at": "2026-08-23T08:00:00.000Z" if late else at,
                "recorded_at": at,
            }
        )
    return events
