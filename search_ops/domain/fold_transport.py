"""The fold of transport: movements, what is reported of them, options compared."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

_MOVEMENT: Final = "payload.movement_id"

TRANSPORT_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "movement_asked": (
        Put(
            "movements",
            _MOVEMENT,
            take=("name", "parties", "to", "by_at", "unknown"),
            fields={
                "state": "=asked",
                "asked_at": "at",
                "asked_by": "actor",
                "legs": "=[]",
                "disturbed": "=null",
                "proposal": "=null",
            },
        ),
    ),
    "movement_proposed": (Put("movements", _MOVEMENT, take=("proposal",), fields={"proposed_at": "at"}),),
    "movement_chosen": (
        Put(
            "movements",
            _MOVEMENT,
            take=("legs", "arrive_at", "carried_by", "commitment_id", "reason"),
            fields={
                "state": "=planned",
                "chosen_at": "at",
                "chosen_by": "actor",
                "chosen_seq": "seq",
                "disturbed": "=null",
                "proposal": "=null",
            },
        ),
        # Chosen again under way, it says itself what it does; and who stays behind.
        Put("movements", _MOVEMENT, take=("state", "left_behind")),
    ),
    "movement_disturbed": (Put("movements", _MOVEMENT, take=("disturbed",)),),
    "movement_reported": (
        Put("movements", _MOVEMENT, take=("state",), fields={"state_at": "at"}),
        Put(
            "movement_reports",
            "id",
            take=("movement_id", "leg", "word", "note", "chosen_seq"),
            fields={"at": "at", "recorded_at": "recorded_at", "by": "actor"},
        ),
    ),
    "movement_requested": (Put("movements", _MOVEMENT, take=("request_id", "item_id", "asked_of")),),
    "movement_ended": (
        Put("movements", _MOVEMENT, take=("reason",), fields={"state": "=cancelled", "state_at": "at"}),
    ),
    "options_compared": (
        Put(
            "comparisons",
            "payload.comparison_id",
            take=(
                "file_id",
                "people",
                "window_ends_at",
                "life_at_stake",
                "life_reason",
                "default_option",
                "default_options",
                "default_why",
                "to",
            ),
            fields={"made_at": "at", "made_by": "actor", "chosen": "=null"},
        ),
    ),
    "option_chosen": (
        Put(
            "comparisons",
            "payload.comparison_id",
            take=("chosen", "reason"),
            fields={"chosen_at": "at", "chosen_by": "actor"},
        ),
    ),
}
