"""Tiles of the base map, kept ready in this process, and what an operation knows of its ground."""

import asyncio
import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from search_ops.errors import NotKnown, Unavailable
from search_ops.persistence import ground as store
from search_ops.persistence.ground_parts import grids_of_area, rasters_of_area
from search_ops.persistence.ground_tiles import TileAddress, ground_version, tile
from search_ops.persistence.relief import relief_version
from search_ops.services.relief import contour_layer
from search_ops.services.tile_shelf import TileShelf

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
        self._clock_s = clock_s
        # A map asks for a dozen tiles at once: they must not take every connection from check-ins.
        self._drawing = asyncio.Semaphore(_DRAWN_AT_ONCE)
        self._shelf = TileShelf(cache_bytes)
        self._version = ""
        self._version_until_s = float("-inf")

    @property
    def kept_bytes(self) -> int:
        """How much the kept tiles take."""
        return self._shelf.kept_bytes

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
                self._version = await ground_version(connection) + await relief_version(connection)
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
        kept = self._shelf.get(etag)
        if kept is not None:
            return PackedTile(etag, kept)
        try:
            async with self._drawing, self._engine.connect() as connection:
                drawn = await tile(connection, address) + await contour_layer(connection, address)
        except DBAPIError as fault:
            if getattr(fault.orig, "sqlstate", None) == _QUERY_CANCELED:
                raise Unavailable("tile_too_slow") from fault
            raise
        packed = PackedTile(etag, gzip.compress(drawn, _GZIP_LEVEL, mtime=0))
        self._shelf.put(etag, packed.gzipped)
        return packed


async def ground_status(engine: AsyncEngine, operation_id: UUID, now: datetime) -> dict[str, Any]:
    """Say which map data an operation has for its area, how old they are, and what is missing.

    Returns
    -------
    dict
        ``datasets`` (each with ``share`` 0..1 and ``age_s`` of its data), ``share`` of all together,
        ``relief`` and ``relief_share`` alike for heights, ``rasters``, and ``missing``: words among ``area``
        (not drawn yet), ``osm`` (no map at all), ``osm_whole`` (a part has none), ``dem`` (no heights),
        ``dem_whole`` (a part has none).
    """
    async with engine.connect() as connection:
        area = await store.operation_area(connection, operation_id)
        covered = await store.coverage(connection, area)
        grids = await grids_of_area(connection, area)
        rasters = await rasters_of_area(connection, area)
    missing = [] if area is not None else ["area"]
    if area is not None:
        missing += _gaps("osm", has_any=bool(covered.datasets), share=covered.share)
    missing += _gaps("dem", has_any=bool(grids.parts), share=grids.share)
    return {
        "datasets": [_described(dataset, now) for dataset in covered.datasets],
        "share": None if covered.share is None else round(covered.share, 4),
        "relief": [_part(part, "source_name", "step_m", "void_share") for part in grids.parts],
        "relief_share": None if grids.share is None else round(grids.share, 4),
        "rasters": [_part(part, "name", "max_zoom") for part in rasters],
        "missing": missing,
    }


def _gaps(word: str, *, has_any: bool, share: float | None) -> list[str]:
    if not has_any:
        return [word]
    return [f"{word}_whole"] if share is not None and share < _WHOLE else []


def _part(part: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    return {
        "id": str(part["id"]),
        "imported_at": part["imported_at"].isoformat(timespec="milliseconds"),
        "share": None if part["share"] is None else round(part["share"], 4),
        "bbox": part["bbox"],
        **{field: part[field] for field in fields},
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
