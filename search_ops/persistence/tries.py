"""Counters of tries for as many API processes as there are: how often a key may still try.

A row is a bucket that refills evenly. Taking is one statement, so that of many at once each sees what the one
before left. Keys are kept as hashes: they are addresses and sign-in names.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

_REFILLED: Final = """least(
    cast(:burst AS double precision),
    held.free + extract(epoch FROM clock_timestamp() - held.counted_at) * :burst / :per_s
)"""
_FREE: Final = text(f"SELECT {_REFILLED} FROM tries AS held WHERE counter = :counter AND key_hash = :key")  # noqa: S608 - ours
# `was_free` says whether this try was one that was left: a refused try costs nothing, but is told.
_TAKE: Final = text(
    f"""INSERT INTO tries AS held (counter, key_hash, free, was_free, counted_at)
    VALUES (:counter, :key, cast(:burst AS double precision) - :weight, true, clock_timestamp())
    ON CONFLICT (counter, key_hash) DO UPDATE SET
        free = least(:burst, CASE
            WHEN {_REFILLED} >= :least THEN {_REFILLED} - :weight ELSE {_REFILLED} END),
        was_free = {_REFILLED} >= :least,
        counted_at = clock_timestamp()
    RETURNING free, was_free"""  # noqa: S608 - ours
)
_FORGET: Final = text("DELETE FROM tries WHERE counter = :counter AND key_hash = :key")
_FORGET_OLD: Final = text("DELETE FROM tries WHERE counted_at < clock_timestamp() - interval '1 hour'")
_SWEEP_ONE_IN: Final = 500


@dataclass(frozen=True, slots=True)
class Counter:
    """One kind of try: `burst` at once, all of which come back within `per_s` seconds."""

    engine: AsyncEngine
    name: str
    burst: int
    per_s: float

    def _asked(self, key: str) -> dict[str, object]:
        hashed = hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()
        return {"counter": self.name, "key": hashed, "burst": self.burst, "per_s": self.per_s}

    async def free(self, key: str) -> float:
        """Return how many tries are left."""
        async with self.engine.connect() as connection:
            found = (await connection.execute(_FREE, self._asked(key))).scalar_one_or_none()
        return float(self.burst) if found is None else float(found)

    async def take(self, key: str) -> tuple[bool, float]:
        """Take a try if one is left; return whether it was, and how many are left now."""
        return await self._move(key, weight=1.0, least=1.0)

    async def spend(self, key: str) -> None:
        """Take a try, whether one is left or not."""
        await self._move(key, weight=1.0, least=-1e9)

    async def give_back(self, key: str) -> None:
        """Undo one try."""
        await self._move(key, weight=-1.0, least=-1e9)

    async def forget(self, key: str) -> None:
        """Forget the key."""
        async with self.engine.begin() as connection:
            await connection.execute(_FORGET, {name: self._asked(key)[name] for name in ("counter", "key")})

    async def _move(self, key: str, *, weight: float, least: float) -> tuple[bool, float]:
        async with self.engine.begin() as connection:
            asked = {**self._asked(key), "weight": weight, "least": least}
            row = (await connection.execute(_TAKE, asked)).one()
            if secrets.randbelow(_SWEEP_ONE_IN) == 0:
                await connection.execute(_FORGET_OLD)
        return bool(row.was_free), min(float(self.burst), float(row.free))
