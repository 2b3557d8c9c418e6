"""Tiles of an operation's sectors: the layer is kept in memory, a tile under the version of what it shows."""

import asyncio
import gzip
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry import shape
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geo.sector_tiles import SectorLayer
from search_ops.errors import NotKnown
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.services.tile_shelf import TileShelf

_LAYERS_KEPT = 8
_TILES_KNOWN = 4_000
_VERSION_AGE_S = 1.0
_CACHE_BYTES = 16 * 1024 * 1024
_GZIP_LEVEL = 5

# Sectors only come and go by these two: nothing else changes what a tile shows.
_VERSION = text("""
    SELECT coalesce(max(seq), 0) FROM event
    WHERE stream_id = :stream AND kind IN ('sectors_added', 'sectors_retired')
""")
_SECTORS = text("""
    SELECT e.entity_id, e.body->>'label' AS label, e.body->'geometry' AS geometry, ST_AsBinary(s.geom) AS wkb
    FROM entity e LEFT JOIN stored_geometry s
      ON s.sha256 = decode(e.body->'geometry_ref'->>'sha256', 'hex')
    WHERE e.stream_id = :stream AND e.collection = 'sectors'
      AND NOT coalesce((e.body->>'retired')::boolean, false) AND coalesce(e.body->>'kind', 'area') = 'area'
    ORDER BY e.entity_id
""")


@dataclass(frozen=True, slots=True)
class SectorTile:
    """A packed tile and the tag of its content."""

    etag: str
    gzipped: bytes


@dataclass
class HeldLayer:
    """The sectors of an operation at one version, and the tiles that were asked for since."""

    operation_id: UUID
    version: int
    layer: SectorLayer
    until_s: float = 0.0
    tiles: dict[TileAddress, SectorTile] = field(default_factory=dict)


class SectorTiles:
    """Draws tiles of sectors.

    Parameters
    ----------
    engine
        Database in the application's role.
    clock_s
        Monotonic seconds; a parameter for tests.
    """

    def __init__(self, engine: AsyncEngine, *, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._clock_s = clock_s
        self._layers: OrderedDict[UUID, HeldLayer] = OrderedDict()
        self._shelf = TileShelf(_CACHE_BYTES)
        self._loading = asyncio.Lock()

    async def get(self, operation_id: UUID, address: TileAddress) -> SectorTile:
        """Return a tile; from memory when nothing in it has changed.

        Raises
        ------
        NotKnown
            We draw no such tile.
        """
        if not address.exists:
            raise NotKnown("tile_not_known")
        held = self._layers.get(operation_id)
        if held is None or self._clock_s() >= held.until_s:
            held = await self._layer(operation_id)
        known = held.tiles.get(address)
        return known if known is not None else await asyncio.to_thread(self.drawn, held, address)

    def drawn(self, held: HeldLayer, address: TileAddress) -> SectorTile:
        """Return a tile of a layer that is at hand.

        After a change only the tiles whose own sectors changed are drawn: the others are on the shelf.
        """
        known = held.tiles.get(address)
        if known is not None:
            return known
        z, x, y = address
        name = f'"{held.operation_id.hex}-{held.layer.version(z, x, y)}-{z}-{x}-{y}"'
        packed = self._shelf.get(name)
        if packed is None:
            packed = gzip.compress(held.layer.tile(z, x, y), _GZIP_LEVEL, mtime=0)
            self._shelf.put(name, packed)
        made = SectorTile(name, packed)
        if len(held.tiles) >= _TILES_KNOWN:
            held.tiles.clear()
        held.tiles[address] = made
        return made

    async def _layer(self, operation_id: UUID) -> HeldLayer:
        stream = operation_stream(operation_id)
        async with self._loading, self._engine.connect() as connection:
            version = int(await connection.scalar(_VERSION, {"stream": stream}) or 0)
            held = self._layers.get(operation_id)
            if held is None or held.version != version:
                held = HeldLayer(operation_id, version, await _read(connection, stream))
                self._layers[operation_id] = held
            held.until_s = self._clock_s() + _VERSION_AGE_S
            self._layers.move_to_end(operation_id)
            while len(self._layers) > _LAYERS_KEPT:
                self._layers.popitem(last=False)
            return held


async def _read(connection: AsyncConnection, stream: str) -> SectorLayer:
    rows = (await connection.execute(_SECTORS, {"stream": stream})).all()
    return await asyncio.to_thread(_layer_of, rows)


def _layer_of(rows: Any) -> SectorLayer:
    found = [
        (identity, label or "", shapely.from_wkb(bytes(wkb)) if wkb is not None else shape(geometry))
        for identity, label, geometry, wkb in rows
        if wkb is not None or geometry is not None
    ]
    areas = [each for each in found if each[2].geom_type in {"Polygon", "MultiPolygon"}]
    geometries = np.empty(len(areas), dtype=object)
    geometries[:] = [geometry for _, _, geometry in areas]
    return SectorLayer([each[0] for each in areas], [each[1] for each in areas], geometries)
