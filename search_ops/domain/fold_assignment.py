"""The fold of plans: ranks and locks by hand, proposals, prepared tasks, evacuation, hand-over of a shift."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import TASK_FIELDS, Put

ASSIGNMENT_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "sector_ranked": (
        Put("sector_ranks", "payload.sector_id", take=("priority", "needs"), fields={"set_at": "at"}),
    ),
    "pair_locked": (
        Put("pair_locks", "payload.lock_id", take=("team_id", "sector_id", "lock"), fields={"set_at": "at"}),
    ),
    "assignment_proposed": (
        Put(
            "assignments",
            "payload.assignment_id",
            take=(
                "file_id",
                "stage",
                "seed",
                "by",
                "value",
                "gap",
                "ended",
                "refused",
                "teams",
                "sectors",
                "changes",
            ),
            fields={"made_at": "at", "accepted_at": "=null"},
        ),
    ),
    "assignment_accepted": (
        Put(
            "assignments",
            "payload.assignment_id",
            take=("given", "planned", "withdrawn", "not_given"),
            fields={"accepted_at": "at", "accepted_by": "actor"},
        ),
    ),
    "task_planned": (
        Put(
            "tasks",
            "payload.task_id",
            take=(*TASK_FIELDS, "assignment_id", "place"),
            fields={"state": "=planned", "state_at": "at", "given_at": "at", "given_by": "actor"},
        ),
    ),
}
