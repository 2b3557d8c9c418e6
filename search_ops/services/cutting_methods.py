"""The cuts that take long: each method of a partition with what it reads. Only the worker imports this."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from geo.natural import natural_partition
from search_ops.persistence.ground import natural_lines
from search_ops.services.cutting import cut_grid, free_ground, typed_refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import LineString
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.partition import Partition
    from search_ops.domain.wishes import PartitionWish
    from search_ops.services.cutting import Ground

NATURAL_MIN_AREA_M2: Final = 10_000.0
DEFAULT_LINES: Final = ("road", "track", "path", "cutline", "railway", "river", "stream")


async def lines_for(connection: AsyncConnection, ground: Ground, wish: PartitionWish) -> Sequence[LineString]:
    """Return the natural lines of a natural cut; none for a grid."""
    if wish.method == "grid":
        return ()
    return await natural_lines(connection, ground.area, wish.lines or DEFAULT_LINES)


async def cut(ground: Ground, lines: Sequence[LineString], wish: PartitionWish) -> Partition:
    """Cut what is free by the method of the wish, in a thread.

    Raises
    ------
    BadInput
        A setting is out of range, or the cut would give too many sectors.
    Conflict
        The cut failed its own check; nothing is given out.
    """
    if wish.method == "grid":
        return await asyncio.to_thread(cut_grid, ground, wish)
    free = free_ground(ground)
    min_area_m2 = NATURAL_MIN_AREA_M2 if wish.min_area_m2 is None else wish.min_area_m2
    return await asyncio.to_thread(
        typed_refusals, lambda: natural_partition(free, lines, ground.frame, min_area_m2=min_area_m2)
    )
