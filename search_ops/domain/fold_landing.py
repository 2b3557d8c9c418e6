"""The fold of landing places: what was looked for, and what people have said of candidates."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

LANDING_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "landing_sought": (
        Put(
            "landing_searches",
            "payload.search_id",
            take=("lon", "lat", "within_m", "refused", "excluded", "candidates"),
            fields={"made_at": "at", "made_by": "actor"},
        ),
    ),
    "landing_judged": (
        Put(
            "landing_places",
            "payload.place_id",
            take=("search_id", "lon", "lat", "verdict", "reason"),
            fields={"judged_at": "at", "judged_by": "actor"},
        ),
    ),
}
