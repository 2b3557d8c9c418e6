"""The fold of sorties: what was worked out for a helicopter."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

SORTIE_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "sorties_planned": (
        Put(
            "sortie_plans",
            "payload.plan_id",
            take=(
                "resource_id",
                "craft",
                "from_place",
                "lon",
                "lat",
                "ready_at",
                "people",
                "cargo_kg",
                "place_confirmed",
                "sorties",
                "stay",
                "stay_kg",
                "whys",
                "asks",
            ),
            fields={"made_at": "at", "made_by": "actor"},
        ),
    ),
}
