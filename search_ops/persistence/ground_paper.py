"""What a paper map draws of the ground: whole features of a window, cut at its edge, at full detail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_FEATURES: Final = 20_000
"""A window at 1 : 25 000 of a town holds about 5 000; small ways and houses are left out first."""

# At small scales a house is a dot of dust.
_TABLES: Final = (
    ("ground_area", "size_m2 DESC", "AND size_m2 >= :least_m2 AND (class <> 'building' OR :houses)"),
    ("ground_line", "min_zoom", "AND (class <> 'barrier' OR :houses)"),
    ("ground_point", "rank", "AND class IN ('place', 'peak', 'spring', 'cave', 'shelter', 'ford')"),
)


def _sql(table: str, order: str, more: str) -> str:
    return f"""
        SELECT class AS kind, subclass AS subkind,
               coalesce(nullif(names->>:name, ''), nullif(names->>'name', ''), '') AS name,
               encode(ST_AsBinary(shape), 'hex') AS wkb
        FROM (SELECT *, ST_ClipByBox2D(geom, box.edge) AS shape
              FROM {table}, (SELECT ST_MakeEnvelope(:west, :south, :east, :north, 4326) AS edge) box
              WHERE geom && box.edge {more} ORDER BY {order} LIMIT :most) found
        WHERE NOT ST_IsEmpty(shape)"""  # noqa: S608 - constants of this module


_STATEMENTS: Final = tuple(text(_sql(*table)) for table in _TABLES)


async def ground_in(
    connection: AsyncConnection, bounds: tuple[float, float, float, float], *, scale: int, language: str
) -> list[dict[str, Any]]:
    """Return the features of a window with geometry in hexadecimal WKB, lon/lat.

    Parameters
    ----------
    bounds
        West, south, east, north, degrees, WGS 84.
    scale
        Denominator of the map: what would be smaller than a square millimetre is left out.
    language
        Whose names are preferred, ``ru`` or ``en``.
    """
    west, south, east, north = bounds
    values = {
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "most": MOST_FEATURES,
        "least_m2": (scale / 1000) ** 2,
        "houses": scale <= 25_000,  # noqa: PLR2004 - a house of 10 m is 0.4 mm there
        "name": f"name:{language}",
    }
    rows: list[dict[str, Any]] = []
    for statement in _STATEMENTS:
        rows += [dict(row) for row in (await connection.execute(statement, values)).mappings()]
    return rows
