"""Places by name, for the desk's search box."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from search_ops.domain.place_names import folded
from search_ops.persistence.places import find_places, knows_likeness

_LIKE_FROM_LETTERS = 3
_FITS = ("same", "begins", "word", "like")
# Two spellings of one thing, or two pieces of one street, closer than this are told once.
_SAME_PLACE_DEG = 0.02


async def places(
    engine: AsyncEngine, text: str, near: tuple[float, float] | None, *, limit: int
) -> list[dict[str, Any]]:
    """Return places whose name is, begins with, has a word with, or is like the text; nearest first.

    Parameters
    ----------
    text
        As typed, Cyrillic or Latin.
    near
        Longitude and latitude of what is in sight, degrees.

    Returns
    -------
    list of dict
        ``name``, ``class``, ``subclass``, ``lon``, ``lat``, ``distance_m`` (or None), ``fit``.
    """
    plain = folded(text)
    if not plain:
        return []
    async with engine.connect() as connection:
        by_likeness = len(plain) >= _LIKE_FROM_LETTERS and await knows_likeness(connection)
        rows = await find_places(connection, plain, near, limit=2 * limit, by_likeness=by_likeness)
    told: dict[tuple[str, str, int, int], dict[str, Any]] = {}
    for row in rows:
        cell = (round(row["lon"] / _SAME_PLACE_DEG), round(row["lat"] / _SAME_PLACE_DEG))
        told.setdefault(
            (row["folded"], row["class"], *cell),
            {
                "name": row["name"],
                "class": row["class"],
                "subclass": row["subclass"],
                "lon": row["lon"],
                "lat": row["lat"],
                "distance_m": None if row["distance_m"] is None else round(row["distance_m"]),
                "fit": _FITS[row["how"]],
            },
        )
    return list(told.values())[:limit]
