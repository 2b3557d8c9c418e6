"""How often somebody may try: counted in memory by the only API process, in the database by several."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from search_ops.errors import TooMany
from search_ops.persistence.tries import Counter

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncEngine

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


class Tries(Protocol):
    """How often a key may try; counted by this process alone, or by all together."""

    async def check(self, key: str) -> None:
        """Refuse when nothing is left."""

    async def spend(self, key: str) -> None:
        """Take one try."""

    async def take(self, key: str) -> None:
        """Refuse when nothing is left, take one try otherwise."""

    async def give_back(self, key: str) -> None:
        """Undo one try."""

    async def forgive(self, key: str) -> None:
        """Forget the key: its owner has proved himself."""


@dataclass(slots=True)
class OwnTries:
    """Counted in the memory of this process, where it is the only one."""

    bucket: Bucket

    async def check(self, key: str) -> None:
        """Refuse when nothing is left."""
        self.bucket.check(key)

    async def spend(self, key: str) -> None:
        """Take one try."""
        self.bucket.spend(key)

    async def take(self, key: str) -> None:
        """Refuse when nothing is left, take one try otherwise."""
        self.bucket.take(key)

    async def give_back(self, key: str) -> None:
        """Undo one try."""
        self.bucket.give_back(key)

    async def forgive(self, key: str) -> None:
        """Forget the key."""
        self.bucket.forgive(key)


@dataclass(slots=True)
class SharedTries:
    """Counted in the database, where several processes or machines let people in."""

    counter: Counter

    async def check(self, key: str) -> None:
        """Refuse when nothing is left."""
        self._demand(await self.counter.free(key))

    async def spend(self, key: str) -> None:
        """Take one try."""
        await self.counter.spend(key)

    async def take(self, key: str) -> None:
        """Refuse when nothing is left, take one try otherwise."""
        was_free, left = await self.counter.take(key)
        if not was_free:
            self._demand(left)

    async def give_back(self, key: str) -> None:
        """Undo one try."""
        await self.counter.give_back(key)

    async def forgive(self, key: str) -> None:
        """Forget the key."""
        await self.counter.forget(key)

    def _demand(self, left: float) -> None:
        if left < 1:
            wait_s = math.ceil((1 - left) * self.counter.per_s / self.counter.burst)
            raise TooMany("too_many_tries", retry_after_s=wait_s)


# A camp of searchers shares one address: addresses get wide limits.
_COUNTED: Final[dict[str, tuple[int, float]]] = {
    "sign_in_failures": (8, 300),  # per login and address
    "sign_in_failures_by_address": (60, 300),
    "join_failures_by_address": (20, 300),
    "joins_by_address": (200, 600),
    "joins_by_code": (500, 600),
    "tracker_failures_by_address": (60, 300),
    "tickets_by_session": (120, 60),
}


class Limits:
    """All counters.

    Parameters
    ----------
    engine : AsyncEngine, optional
        Where several processes count together; each counts for itself when absent.
    """

    def __init__(self, engine: AsyncEngine | None = None) -> None:
        def made(name: str) -> Tries:
            burst, per_s = _COUNTED[name]
            if engine is None:
                return OwnTries(Bucket(burst, per_s))
            return SharedTries(Counter(engine, name, burst, per_s))

        self.sign_in_failures = made("sign_in_failures")
        self.sign_in_failures_by_address = made("sign_in_failures_by_address")
        self.join_failures_by_address = made("join_failures_by_address")
        self.joins_by_address = made("joins_by_address")
        self.joins_by_code = made("joins_by_code")
        self.tracker_failures_by_address = made("tracker_failures_by_address")
        self.tickets_by_session = made("tickets_by_session")
