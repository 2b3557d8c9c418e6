"""Which function does which kind of job; named as text, so that only the worker loads its engines."""

from __future__ import annotations

from typing import Final

DOERS: Final[dict[str, str]] = {
    "partition": "search_ops.services.cutting_job:partition",
    "packet": "search_ops.services.paper_job:packet",
}
"""Kind -> ``module:function``; the function takes a :class:`search_ops.services.jobs.JobWork`."""
