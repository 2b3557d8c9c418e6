"""What became of many attacks: read, refused by name, or a fault with the seed that makes it again."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FIRST: Final = 20


@dataclass
class Outcome:
    """Of one attack or of many."""

    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    slowest_seed: int = -1

    def add(self, other: Outcome) -> None:
        """Take in what became of others."""
        self.read += other.read
        self.refused += other.refused
        self.faults += other.faults
        if other.slowest_s > self.slowest_s:
            self.slowest_s, self.slowest_seed = other.slowest_s, other.slowest_seed

    def add_time(self, seed: int, took_s: float, limit_s: float) -> None:
        """Count the processor seconds of one attack."""
        if took_s > self.slowest_s:
            self.slowest_s, self.slowest_seed = took_s, seed
        if took_s > limit_s:
            self.faults.append(f"seed {seed}: {took_s:.3f} s of processor")


def on_all_cores(
    name: str, attack: Callable[[Sequence[int]], Outcome], count: int, first: int, *, chunk: int
) -> dict[str, Any]:
    """Attack with so many seeds and return the figures, the number of ``faults`` among them."""
    whole = Outcome()
    last = first + count
    begin = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        for outcome in pool.map(
            attack, [range(at, min(at + chunk, last)) for at in range(first, last, chunk)]
        ):
            whole.add(outcome)
    return {
        "name": name,
        "n": count,
        "first_seed": first,
        "read": whole.read,
        "refused": dict(whole.refused.most_common()),
        "slowest_ms": round(whole.slowest_s * 1e3, 1),
        "slowest_seed": whole.slowest_seed,
        "took_s": round(time.perf_counter() - begin, 1),
        "faults": len(whole.faults),
        "first_faults": whole.faults[:_FIRST],
    }
