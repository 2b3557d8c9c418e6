"""One event of every kind of transport, in wire form, as a story in order."""

from typing import Any

_AT = "2026-08-23T14:%02d:00.000Z"
MOVEMENT = "01990000-0000-7000-8000-000000000022"
COMPARISON = "01990000-0000-7000-8000-000000000023"
_ID = "01990000-0000-7000-8000-000000000024"

TRANSPORT_STORY: list[tuple[str, str, dict[str, Any]]] = [
    (
        "movement_asked",
        "hq",
        {
            "movement_id": MOVEMENT,
            "name": "Эксперты",
            "parties": [
                {
                    "place_id": "UUEE",
                    "ready_at": _AT % 50,
                    "people": 12,
                    "cargo_kg": 400.0,
                    "pieces": [],
                }
            ],
            "to": {"place_id": "UIII", "lon": None, "lat": None, "text": None, "last_leg": None},
            "by_at": None,
            "unknown": "ask",
        },
    ),
    (
        "movement_proposed",
        "hq",
        {
            "movement_id": MOVEMENT,
            "proposal": {
                "proposal_id": _ID,
                "file_id": _ID,
                "itineraries": 2,
                "arrives_at": _AT % 59,
                "refused": None,
            },
        },
    ),
    (
        "movement_requested",
        "hq",
        {"movement_id": MOVEMENT, "request_id": _ID, "item_id": _ID, "asked_of": [_ID]},
    ),
    (
        "movement_chosen",
        "hq",
        {
            "movement_id": MOVEMENT,
            "legs": [{"kind": "departure", "mode": "flight", "service_id": "s", "on_date": "2026-08-23"}],
            "arrive_at": _AT % 59,
            "carried_by": None,
            "reason": None,
            "left_behind": [{"party": 0, "people": 2, "cargo_kg": 0.0, "pieces": [], "whys": []}],
            "state": "planned",
        },
    ),
    (
        "movement_disturbed",
        "hq",
        {
            "movement_id": MOVEMENT,
            "disturbed": {
                "s@2026-08-23": {
                    "leg": 0,
                    "what": "cancelled",
                    "delay_min": None,
                    "reason": "туман",
                    "seats": None,
                    "aboard": None,
                }
            },
        },
    ),
    (
        "movement_reported",
        "hq",
        {
            "movement_id": MOVEMENT,
            "leg": 0,
            "word": "left",
            "chosen_seq": None,
            "note": None,
            "state": "moving",
        },
    ),
    ("movement_ended", "hq", {"movement_id": MOVEMENT, "reason": "нашли"}),
    (
        "options_compared",
        "hq",
        {
            "comparison_id": COMPARISON,
            "file_id": _ID,
            "people": 12,
            "window_ends_at": _AT % 59,
            "life_at_stake": True,
            "life_reason": "ребёнок",
            "default_option": "neighbours_by_road",
            "default_options": ["neighbours_by_road"],
            "default_why": "local_covers_window",
            "to": {"place_id": "UIII"},
        },
    ),
    (
        "option_chosen",
        "hq",
        {
            "comparison_id": COMPARISON,
            "chosen": "state_aircraft",
            "default_option": "neighbours_by_road",
            "reason": "дорога закрыта",
        },
    ),
    (
        "landing_sought",
        "hq",
        {
            "search_id": COMPARISON,
            "lon": 104.01,
            "lat": 52.01,
            "within_m": 1000.0,
            "refused": None,
            "excluded": [["obstacles", 0.7]],
            "candidates": [
                {
                    "place_id": _ID,
                    "lon": 104.012,
                    "lat": 52.011,
                    "slope_deg": 1.5,
                    "obstacle_m": 80.0,
                    "water_m": None,
                    "wires_m": None,
                    "away_m": 180,
                    "to_confirm": ["surface", "wires_on_site", "loose_things"],
                }
            ],
        },
    ),
    (
        "landing_judged",
        "hq",
        {
            "place_id": _ID,
            "search_id": COMPARISON,
            "lon": 104.012,
            "lat": 52.011,
            "verdict": "confirmed",
            "reason": "осмотрено, проводов нет",
        },
    ),
    (
        "sorties_planned",
        "hq",
        {
            "plan_id": COMPARISON,
            "resource_id": _ID,
            "craft": "Ми-8 МЧС",
            "from_place": "IKT",
            "lon": 104.012,
            "lat": 52.011,
            "ready_at": _AT % 30,
            "people": 30,
            "cargo_kg": 0.0,
            "place_confirmed": True,
            "sorties": [
                {
                    "leaves_at": _AT % 40,
                    "lands_at": _AT % 50,
                    "back_at": _AT % 59,
                    "people": 20,
                    "cargo_kg": 0.0,
                    "flown_m": 60_000,
                    "range_left_m": 400_000,
                    "light_left_s": 3_600,
                }
            ],
            "stay": 10,
            "stay_kg": 0.0,
            "whys": [{"reason": "no_seats", "what": None, "need": 30, "have": 20, "at": None}],
            "asks": [],
        },
    ),
]
