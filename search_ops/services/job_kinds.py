"""Which function does which kind of job; named as text, so that only the worker loads its engines."""

from __future__ import annotations

from typing import Final

DOERS: Final[dict[str, str]] = {
    "partition": "search_ops.services.cutting_job:partition",
    "tracks": "search_ops.services.track_import:import_tracks",
    "evidence": "search_ops.services.weighing:weigh_evidence",
    "export": "search_ops.services.export_job:everything_file",
    "packet": "search_ops.services.paper_job:packet",
    "probability": "search_ops.services.probability_job:make_map",
    "evacuation": "search_ops.services.evacuating_job:make_evacuation",
    "options": "search_ops.services.options_job:compare_options",
    "landing": "search_ops.services.landing_job:seek_landing",
    "sorties": "search_ops.services.sorties_job:make_sorties",
    "movement": "search_ops.services.movement_job:make_itineraries",
    "assignment": "search_ops.services.assigning_job:make_assignment",
}
"""Kind -> ``module:function``; the function takes a :class:`search_ops.services.jobs.JobWork`."""
