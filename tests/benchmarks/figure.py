"""One measured figure and how it was taken."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure beside its baseline of the same run; ratio above one means ours is better."""

    name: str
    ours: float
    unit: str
    n: int
    baseline: float | None = None
    baseline_name: str | None = None

    def as_json(self) -> dict[str, Any]:
        ratio = None if self.baseline is None else round(self.baseline / self.ours, 3)
        return {
            "name": self.name,
            "ours": round(self.ours, 6),
            "baseline": None if self.baseline is None else round(self.baseline, 6),
            "baseline_name": self.baseline_name,
            "ratio": ratio,
            "unit": self.unit,
            "n": self.n,
        }


def median_s(work: Callable[[], object], n: int) -> float:
    """Return the median time of n runs after one that is not counted, in seconds."""
    work()
    taken = []
    for _ in range(n):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)
