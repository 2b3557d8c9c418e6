"""Vector tiles of the ground: one statement per tile, cut and encoded by PostGIS.

Below zoom 12 the simplified Mercator copy is drawn. From 12 on a tile is so small that Mercator is linear
within it to less than one of its 4,096 units (2.4 m at zoom 12; the bend is below 2 m even at 75° N), so
the WGS 84 geometry is mapped straight to the tile, without projecting every point.
"""

import hashlib
import math
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

MIN_ZOOM, MAX_ZOOM = 6, 16
_LOW_BELOW_ZOOM = 12
_BUFFER_UNITS = 64
_EXTENT_UNITS = 4096
TIMEOUT_MS = 3_000


class TileAddress(NamedTuple):
    """Zoom, column and row of a tile in the usual (XYZ) scheme."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether we draw this zoom and the numbers lie on the map."""
        return MIN_ZOOM <= self.z <= MAX_ZOOM and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    def bounds_deg(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Return west, south, east, north in WGS 84, widened by a share of the tile on each side."""
        west, east = (360.0 * (self.x + step) / 2**self.z - 180.0 for step in (-margin, 1 + margin))
        north, south = (
            math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (self.y + step) / 2**self.z))))
            for step in (-margin, 1 + margin)
        )
        return west, south, east, north


_NAMES = (
    "nullif(names->>'name', '') AS name,"
    " nullif(names->>'name:ru', '') AS name_ru, nullif(names->>'name:en', '') AS name_en"
)

# Layer, table, classes (None for all), further columns, order of drawing.
_LAYERS: tuple[tuple[str, str, tuple[str, ...] | None, str, str], ...] = (
    (
        "landcover",
        "ground_area",
        (
            "forest",
            "scrub",
            "grass",
            "farmland",
            "orchard",
            "heath",
            "residential",
            "industrial",
            "rock",
            "sand",
            "glacier",
            "cemetery",
            "wetland",
        ),
        "class, subclass",
        "size_m2 DESC",
    ),
    ("water", "ground_area", ("water",), f"subclass, {_NAMES}", "size_m2 DESC"),
    ("building", "ground_area", ("building",), "subclass", "osm_id"),
    ("waterway", "ground_line", ("river", "stream", "coastline"), f"class, subclass, {_NAMES}", "osm_id"),
    ("relief", "ground_line", ("cliff",), "class, subclass", "osm_id"),
    (
        "road",
        "ground_line",
        ("road", "track", "path", "cutline"),
        f"class, subclass, ref, surface, tracktype, bridge, ford, {_NAMES}",
        "min_zoom DESC, osm_id",
    ),
    ("rail", "ground_line", ("railway",), "class, subclass, bridge", "osm_id"),
    ("barrier", "ground_line", ("barrier",), "class, subclass", "osm_id"),
    ("power", "ground_line", ("power",), "class, subclass", "osm_id"),
    ("place", "ground_point", None, f"class, subclass, rank, elevation_m, {_NAMES}", "rank, osm_id"),
)


_MERCATOR_BOX = "ST_MakeEnvelope(:mw, :ms, :me, :mn, 3857)"


def _layer_sql(
    name: str, table: str, classes: tuple[str, ...] | None, columns: str, order: str, *, low: bool
) -> str:
    is_low = low and table != "ground_point"
    shape = "low" if is_low else "ST_Transform(geom, 3857)" if low else "ST_SetSRID(geom, 0)"
    box = _MERCATOR_BOX if low else "ST_MakeEnvelope(:w, :s, :e, :n)"
    cut = f"ST_AsMVTGeom({shape}, {box}, {_EXTENT_UNITS}, {_BUFFER_UNITS}, true)"
    of_class = "" if classes is None else f" AND class IN ({', '.join(repr(c) for c in classes)})"
    has_copy = " AND low IS NOT NULL" if is_low else ""
    return (
        f"SELECT coalesce(ST_AsMVT(t, '{name}', {_EXTENT_UNITS}, 'shape'), '') AS tile FROM ("  # noqa: S608 - constants
        f"SELECT {cut} AS shape, {columns} FROM {table}"
        " WHERE geom && ST_MakeEnvelope(:bw, :bs, :be, :bn, 4326)"
        f" AND min_zoom <= :z{of_class}{has_copy} ORDER BY {order}) t WHERE shape IS NOT NULL"
    )


# The edge of what we have: beyond it white is not open ground but ignorance.
_EXTENT_SQL = (
    f"SELECT coalesce(ST_AsMVT(t, 'extent', {_EXTENT_UNITS}, 'shape'), '') AS tile FROM ("  # noqa: S608 - constants
    f"SELECT ST_AsMVTGeom(ST_Transform(covered, 3857), {_MERCATOR_BOX}, {_EXTENT_UNITS}, {_BUFFER_UNITS},"
    " true) AS shape, source_name FROM ground_dataset"
    " WHERE covered && ST_MakeEnvelope(:bw, :bs, :be, :bn, 4326)) t WHERE shape IS NOT NULL"
)


def _tile_sql(*, low: bool) -> str:
    layers = [_layer_sql(*layer, low=low) for layer in _LAYERS] + [_EXTENT_SQL]
    return "SELECT " + " || ".join(f"({layer})" for layer in layers)


_LOW_SQL, _FULL_SQL = text(_tile_sql(low=True)), text(_tile_sql(low=False))


async def tile(connection: AsyncConnection, address: TileAddress) -> bytes:
    """Return one tile, not packed; empty where we have nothing.

    Parameters
    ----------
    connection
        In a transaction; a time limit is set for it.
    address
        Must exist (see `TileAddress.exists`).
    """
    # Compiling would cost more than the query: it knows its few rows by index.
    await connection.execute(
        text("SELECT set_config('statement_timeout', :limit, true), set_config('jit', 'off', true)"),
        {"limit": f"{TIMEOUT_MS}ms"},
    )
    low = address.z < _LOW_BELOW_ZOOM
    west, south, east, north = address.bounds_deg()
    wide = address.bounds_deg(_BUFFER_UNITS / _EXTENT_UNITS)
    values = dict(zip(("bw", "bs", "be", "bn"), wide, strict=True))
    values |= dict(zip(("mw", "ms", "me", "mn"), _mercator_m(address), strict=True))
    values |= {} if low else {"w": west, "s": south, "e": east, "n": north}
    found = await connection.execute(_LOW_SQL if low else _FULL_SQL, values | {"z": address.z})
    return bytes(found.scalar_one())


async def ground_version(connection: AsyncConnection) -> str:
    """Return a short text that changes whenever any ground data set does."""
    found = await connection.execute(
        text("SELECT coalesce(string_agg(dataset_id::text, ',' ORDER BY dataset_id), '') FROM ground_dataset")
    )
    return hashlib.sha256(found.scalar_one().encode()).hexdigest()[:16]


def _mercator_m(address: TileAddress) -> tuple[float, float, float, float]:
    half_m = math.pi * 6_378_137.0
    side_m = 2 * half_m / 2**address.z
    west_m, north_m = -half_m + address.x * side_m, half_m - address.y * side_m
    return west_m, north_m - side_m, west_m + side_m, north_m
