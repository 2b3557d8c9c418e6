"""The fold of the roster: what people can do and need, things and who has them."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

ROSTER_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "participant_described": (
        Put(
            "participants",
            "payload.participant_id",
            take=(
                "name",
                "phone",
                "callsign",
                "certificates",
                "adult",
                "leaves_at",
                "shift_from",
                "limits",
                "needs",
                "pickup_place",
                "home_place",
                "ready_at",
                "gear_l",
            ),
        ),
    ),
    "team_rules_waived": (
        Put("waivers", "payload.team_id", take=("rules", "reason"), fields={"at": "at", "by": "actor"}),
    ),
    "resource_listed": (
        Put(
            "resources",
            "payload.resource_id",
            take=(
                "kind",
                "number",
                "name",
                "ground_class",
                "seats",
                "gear_space_l",
                "plate",
                "goes_with",
                "ready_until",
                "condition",
                "note",
            ),
        ),
    ),
    "crew_planned": (
        Put(
            "crews",
            "payload.crew_id",
            take=("direction", "resource_id", "driver_id", "stops", "leave_at", "arrive_at"),
            fields={"state": "=planned", "planned_at": "at"},
        ),
    ),
    "crew_moved": (Put("crews", "payload.crew_id", take=("state",), fields={"state_at": "at"}),),
    "resource_issued": (
        Put(
            "resources",
            "payload.resource_id",
            take=("team_id", "participant_id"),
            fields={"issued_at": "at", "issued_by": "actor"},
        ),
    ),
    "resource_returned": (
        Put(
            "resources",
            "payload.resource_id",
            take=("condition", "note"),
            fields={"team_id": "=null", "participant_id": "=null", "returned_at": "at"},
        ),
    ),
}
