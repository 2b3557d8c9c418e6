"""The fold of trackers: which device goes with whom."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

TRACKER_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "tracker_bound": (
        Put(
            "trackers",
            "payload.tracker_id",
            take=("participant_id", "name"),
            fields={"state": "=bound", "bound_at": "at"},
        ),
    ),
    "tracker_unbound": (
        Put("trackers", "payload.tracker_id", fields={"state": "=unbound", "unbound_at": "at"}),
    ),
}
