"""Times of many answers, counted from when each was due: a server that stands still hides nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Times:
    """Seconds, in the order in which they came."""

    taken_s: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        """Note one."""
        self.taken_s.append(seconds)

    def at(self, share: float) -> float:
        """Return the time that this share (0 to 1) did not exceed, in milliseconds; NaN without any."""
        ordered = sorted(self.taken_s)
        if not ordered:
            return float("nan")
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e3, 1)

    def as_json(self, name: str) -> dict[str, Any]:
        """Return the usual three."""
        return {f"{name}_p50_ms": self.at(0.5), f"{name}_p99_ms": self.at(0.99), f"{name}_max_ms": self.at(1)}
