"""Tiles of the base map, kept ready in this process, and what an operation knows of its ground."""

import asyncio
import gzip
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from search_ops.errors import NotKnown, Unavailable
from search_ops.persistence import ground as store
from search_ops.persistence.ground_tiles import TileAddress, ground_version, tile

_CACHE_BYTES = 24 * 1024 * 1024
_VERSION_AGE_S = 2.0
# Level 5 packs a tile within about 2 ms; 9 would win 1 %.
_GZIP_LEVEL = 5
_DRAWN_AT_ONCE = 3
_QUERY_CANCELED = "57014"


@dataclass(frozen=True, slots=True)
class PackedTile:
    """A tile as it travels: gzip bytes, and the tag that stands for ground version and place."""

    etag: str
    gzipped: bytes


class GroundTiles:
    """Draws tiles and keeps the latest ones, up to a number of bytes.

    Parameters
    ----------
    engine
        Database in the application's role.
    cache_bytes
        How much is kept.
    clock_s
        Monotonic seconds; a parameter for tests.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        cache_bytes: int = _CACHE_BYTES,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._limit_bytes = cache_bytes
        self._clock_s = clock_s
        # A map asks for a dozen tiles at once: they must not take every connection from check-ins.
        self._drawing = asyncio.Semaphore(_DRAWN_AT_ONCE)
        self._kept: OrderedDict[str, PackedTile] = OrderedDict()
        self._kept_bytes = 0
        self._version = ""
        self._version_until_s = float("-inf")

    @property
    def kept_bytes(self) -> int:
        """How much the kept tiles take."""
        return self._kept_bytes

    async def etag(self, address: TileAddress) -> str:
        """Return the tag of a tile without drawing it.

        Raises
        ------
        NotKnown
            We draw no such tile.
        """
        if not address.exists:
            raise NotKnown("tile_not_known")
        if self._clock_s() >= self._version_until_s:
            async with self._engine.connect() as connection:
                self._version = await ground_version(connection)
            self._version_until_s = self._clock_s() + _VERSION_AGE_S
        return f'"{self._version}-{address.z}-{address.x}-{address.y}"'

    async def get(self, address: TileAddress) -> PackedTile:
        """Return a tile, from memory when it is there.

        Raises
        ------
        NotKnown
            We draw no such tile.
        Unavailable
            It took the database too long.
        """
        etag = await self.etag(address)
        kept = self._kept.get(etag)
        if kept is not None:
            self._kept.move_to_end(etag)
            return kept
        try:
            async with self._drawing, self._engine.connect() as connection:
                drawn = await tile(connection, address)
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) == _QUERY_CANCELED:
                raise Unavailable("tile_too_slow") from fault
            raise
        packed = PackedTile(etag, gzip.compress(drawn, _GZIP_LEVEL, mtime=0))
        self._keep(packed)
        return packed

    def _keep(self, packed: PackedTile) -> None:
        before = self._kept.pop(packed.etag, None)
        self._kept_bytes += len(packed.gzipped) - (len(before.gzipped) if before else 0)
        self._kept[packed.etag] = packed
        while self._kept_bytes > self._limit_bytes and self._kept:
            _, gone = self._kept.popitem(last=False)
            self._kept_bytes -= len(gone.gzipped)


async def ground_status(engine: AsyncEngine, operation_id: UUID, now: datetime) -> dict[str, Any]:
    """Say which map data an operation has for its area, how old they are, and what is missing.

    Returns
    -------
    dict
        ``datasets`` (each with ``share`` 0..1 and ``age_s`` of its data), ``share`` of all together, and
        ``missing``: words among ``area`` (not drawn yet), ``osm`` (no map at all), ``osm_whole`` (a part has
        none), ``dem`` (no heights).
    """
    async with engine.connect() as connection:
        area = await store.operation_area(connection, operation_id)
        covered = await store.coverage(connection, area)
    missing = ["dem"]
    if area is None:
        missing.insert(0, "area")
    elif not covered.datasets:
        missing.insert(0, "osm")
    elif covered.share is not None and covered.share < _WHOLE:
        missing.insert(0, "osm_whole")
    return {
        "datasets": [_described(dataset, now) for dataset in covered.datasets],
        "share": None if covered.share is None else round(covered.share, 4),
        "missing": missing,
    }


# Less than a thousandth outside is the slant of the file's box, not missing ground.
_WHOLE = 0.999


def _described(dataset: store.Dataset, now: datetime) -> dict[str, Any]:
    return {
        "id": str(dataset.dataset_id),
        "source_name": dataset.source_name,
        "kind": dataset.kind,
        "data_at": None if dataset.data_at is None else dataset.data_at.isoformat(timespec="milliseconds"),
        "imported_at": dataset.imported_at.isoformat(timespec="milliseconds"),
        "age_s": None if dataset.data_at is None else int((now - dataset.data_at).total_seconds()),
        "share": None if dataset.share is None else round(dataset.share, 4),
        "bbox": dataset.bbox,
        "counts": dataset.counts,
        "left_out": dataset.left_out,
        "licence": "ODbL-1.0",
        "attribution": "© OpenStreetMap contributors",
    }
