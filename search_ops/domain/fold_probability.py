"""The fold of scenarios, clues and maps of probability."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

PROBABILITY_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "scenario_set": (
        Put(
            "scenarios",
            "payload.scenario_id",
            take=(
                "name",
                "weight",
                "elsewhere",
                "lon",
                "lat",
                "uncertainty_m",
                "category",
                "terrain",
                "heading_deg",
                "by_travel_time",
                "pulled",
            ),
            fields={"set_at": "at", "dropped": "=false"},
        ),
    ),
    "scenarios_weighed": (
        Put(
            "scenarios", "item.scenario_id", each="payload.weights", take=("weight",), fields={"set_at": "at"}
        ),
    ),
    "scenario_dropped": (
        Put("scenarios", "payload.scenario_id", fields={"dropped": "=true", "drop_reason": "payload.reason"}),
    ),
    "subject_state_set": (
        Put(
            "subject_state",
            "payload.operation_id",
            take=("responsive_share", "moves"),
            fields={"set_at": "at"},
        ),
    ),
    "clue_weighed": (
        Put(
            "clue_weights",
            "payload.clue_weight_id",
            take=(
                "text",
                "clue_id",
                "lon",
                "lat",
                "spread_m",
                "geometry",
                "geometry_ref",
                "weight",
                "seen_at",
            ),
            fields={"set_at": "at", "dropped": "=false"},
        ),
    ),
    "clue_weight_dropped": (
        Put(
            "clue_weights",
            "payload.clue_weight_id",
            fields={"dropped": "=true", "drop_reason": "payload.reason"},
        ),
    ),
    "probability_made": (
        Put(
            "probability_maps",
            "payload.map_id",
            take=(
                "file_id",
                "raster_id",
                "state_id",
                "causes",
                "in_area",
                "outside_area",
                "beyond",
                "found",
                "notices",
            ),
            fields={"made_at": "at"},
        ),
    ),
}
