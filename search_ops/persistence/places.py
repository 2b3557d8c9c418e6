"""Search of names on the map: by their beginning, by a word inside, and by likeness where the server can."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Words of like spelling at least this much alike count (pg_trgm, 0..1).
_ALIKE = 0.35
_CANDIDATES = 400

_NEAREST = """
    SELECT class, subclass, rank, name, folded, ST_X(geom) AS lon, ST_Y(geom) AS lat, how,
           CASE WHEN CAST(:lon AS float8) IS NULL THEN NULL
                ELSE ST_DistanceSphere(geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) END AS distance_m
    FROM ({candidates}) found
    ORDER BY how, {order} LIMIT :limit
"""
# 0 the name itself, 1 it begins so, 2 a word in it begins so, 3 it is like it.
_BY_BEGINNING = """
    (SELECT *, CASE WHEN folded = :plain THEN 0 ELSE 1 END AS how FROM ground_name
     WHERE folded LIKE :beginning {nearest} LIMIT :candidates)
"""
_BY_LIKENESS = """
    UNION ALL
    (SELECT *, CASE WHEN folded LIKE :inside THEN 2 ELSE 3 END AS how FROM ground_name
     WHERE folded NOT LIKE :beginning AND (folded LIKE :inside OR :plain <% folded)
     ORDER BY CASE WHEN folded LIKE :inside THEN 0 ELSE 1 - word_similarity(:plain, folded) END
     LIMIT :candidates)
"""


async def knows_likeness(connection: AsyncConnection) -> bool:
    """Whether the server has pg_trgm, which compares spellings."""
    found = await connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
    return bool(found)


async def find_places(
    connection: AsyncConnection,
    plain: str,
    near: tuple[float, float] | None,
    *,
    limit: int,
    by_likeness: bool,
) -> list[dict[str, Any]]:
    """Return names by how well they fit, then the nearest, then the most important.

    Parameters
    ----------
    plain
        What was typed, folded (`search_ops.domain.place_names`); not empty.
    near
        Longitude and latitude, degrees; None: by importance only.
    by_likeness
        Whether to compare spellings too; asks for pg_trgm.
    """
    order = "distance_m, rank, name" if near is not None else "rank, name, lon"
    nearest = "ORDER BY geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)" if near else "ORDER BY rank"
    candidates = _BY_BEGINNING.format(nearest=nearest) + (_BY_LIKENESS if by_likeness else "")
    if by_likeness:
        await connection.execute(
            text("SELECT set_config('pg_trgm.word_similarity_threshold', :alike, true)"),
            {"alike": str(_ALIKE)},
        )
    lon, lat = near or (None, None)
    escaped = plain.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    found = await connection.execute(
        text(_NEAREST.format(candidates=candidates, order=order)),
        {
            "plain": plain,
            "beginning": f"{escaped}%",
            "lon": lon,
            "lat": lat,
            "limit": limit,
            "candidates": _CANDIDATES,
            **({"inside": f"% {escaped}%"} if by_likeness else {}),
        },
    )
    return [dict(row) for row in found.mappings()]
