"""How often somebody may try: counters in memory, bounded in number, forgotten with the process."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from search_ops.errors import TooMany

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_KEYS: Final = 20_000


@dataclass(slots=True)
class Bucket:
    """Tokens that refill evenly: `burst` at once, then one every `per_s` / `burst` seconds.

    Parameters
    ----------
    burst : int
        Tries that are free.
    per_s : float
        Seconds in which the whole burst comes back.
    clock : callable
        Monotonic seconds.
    """

    burst: int
    per_s: float
    clock: Callable[[], float] = time.monotonic
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def check(self, key: str) -> None:
        """Refuse when nothing is left.

        Raises
        ------
        TooMany
            With the seconds after which one try is free again.
        """
        left = self._left(key)
        if left < 1:
            raise TooMany("too_many_tries", retry_after_s=math.ceil((1 - left) * self.per_s / self.burst))

    def spend(self, key: str) -> None:
        """Take one try; the key that was quiet longest is forgotten when there are too many."""
        self._held[key] = (self._left(key) - 1, self.clock())
        self._held.move_to_end(key)
        if len(self._held) > MOST_KEYS:
            self._held.popitem(last=False)

    def take(self, key: str) -> None:
        """Refuse when nothing is left, take one try otherwise."""
        self.check(key)
        self.spend(key)

    def give_back(self, key: str) -> None:
        """Undo one try."""
        self._held[key] = (min(float(self.burst), self._left(key) + 1), self.clock())

    def forgive(self, key: str) -> None:
        """Forget the key: its owner has proved himself."""
        self._held.pop(key, None)

    def _left(self, key: str) -> float:
        held = self._held.get(key)
        if held is None:
            return float(self.burst)
        left, at = held
        return min(float(self.burst), left + (self.clock() - at) * self.burst / self.per_s)


@dataclass(slots=True)
class Limits:
    """All counters of the process. A camp of searchers shares one address: addresses get wide limits."""

    sign_in_failures: Bucket = field(default_factory=lambda: Bucket(8, 300))  # per login and address
    sign_in_failures_by_address: Bucket = field(default_factory=lambda: Bucket(60, 300))
    join_failures_by_address: Bucket = field(default_factory=lambda: Bucket(20, 300))
    joins_by_address: Bucket = field(default_factory=lambda: Bucket(200, 600))
    joins_by_code: Bucket = field(default_factory=lambda: Bucket(500, 600))
    tracker_failures_by_address: Bucket = field(default_factory=lambda: Bucket(60, 300))
    tickets_by_session: Bucket = field(default_factory=lambda: Bucket(120, 60))
