"""The fold of evacuations."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

EVACUATION_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "evacuation_proposed": (
        Put(
            "evacuations",
            "payload.evacuation_id",
            take=("file_id", "find_id", "lon", "lat", "refused"),
            fields={"made_at": "at", "ordered_at": "=null"},
        ),
    ),
    "evacuation_ordered": (
        Put(
            "evacuations",
            "payload.evacuation_id",
            take=("exit_id", "exit_kind", "meeting", "called_team_ids", "recalled_team_ids"),
            fields={"ordered_at": "at", "ordered_by": "actor"},
        ),
    ),
}
