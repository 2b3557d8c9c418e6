"""The cuts that take long: each method of a partition with what it reads. Only the worker imports this."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.grid import GridPlan
from geo.grid import cut_grid as cut_by_plan
from geo.joined_units import grouped_partition, layer_partition
from geo.land_cover import cover_shares
from geo.natural import natural_partition
from geo.partition import Partition, PartitionNote
from geo.sector_effort import TEAM_PACES, hours_of, slowness_of
from search_ops.errors import BadInput
from search_ops.importing.layers import read_polygons
from search_ops.persistence.ground import land_cover, natural_lines
from search_ops.persistence.kept_files import find_file, read_file
from search_ops.services.cutting import Ground, free_ground
from search_ops.services.cutting_grid import cut_grid, typed_refusals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from shapely import LineString
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.crs import LocalFrame
    from search_ops.domain.wishes import PartitionWish

NATURAL_MIN_AREA_M2: Final = 10_000.0
DEFAULT_LINES: Final = ("road", "track", "path", "cutline", "railway", "river", "stream")
# So many units to a group let the exchange come within one percent.
UNITS_PER_GROUP: Final = 60
DEFAULT_HOURS: Final = 4.0
LARGEST_UNIT_SHARE: Final = 0.05
MIN_UNIT_M: Final = 100.0
MOST_LABEL_LETTERS: Final = 40


@dataclass(frozen=True, slots=True)
class Material:
    """What a cut is made with: lines, land cover (class and polygon), polygons of a layer with names."""

    lines: Sequence[LineString] = ()
    cover: Sequence[tuple[str, BaseGeometry]] = ()
    polygons: Sequence[BaseGeometry] = ()
    names: Sequence[str] = ()
    notes: Sequence[PartitionNote] = field(default_factory=tuple)


async def material_for(
    connection: AsyncConnection, operation_id: UUID, ground: Ground, wish: PartitionWish
) -> Material:
    """Read what the method needs.

    Raises
    ------
    BadInput
        ``unknown_file``, or what the reader refuses.
    """
    if wish.method == "natural":
        return Material(await natural_lines(connection, ground.area, wish.lines or DEFAULT_LINES))
    if wish.method == "groups":
        faces = wish.units == "faces"
        lines = await natural_lines(connection, ground.area, wish.lines or DEFAULT_LINES) if faces else ()
        return Material(lines, await land_cover(connection, ground.area))
    if wish.method == "layer":
        return await _layer(connection, operation_id, wish)
    return Material()


async def _layer(connection: AsyncConnection, operation_id: UUID, wish: PartitionWish) -> Material:
    about = None if wish.file_id is None else await find_file(connection, operation_id, wish.file_id)
    if about is None:
        raise BadInput("unknown_file", where="file_id")
    content = await read_file(connection, about.file_id)
    found, notes = await asyncio.to_thread(read_polygons, content, about.name, layer=wish.layer)
    told = [PartitionNote(note.code, note.count) for note in notes]
    names = [each.name[:MOST_LABEL_LETTERS].strip() for each in found]
    return Material(polygons=[each.geometry for each in found], names=names, notes=told)


async def cut(ground: Ground, material: Material, wish: PartitionWish) -> Partition:
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
    ways = {"natural": _natural, "groups": _groups, "layer": _by_layer}
    way, free = ways[wish.method], free_ground(ground)
    return await asyncio.to_thread(typed_refusals, lambda: way(free, ground.frame, material, wish))


def _natural(free: BaseGeometry, frame: LocalFrame, material: Material, wish: PartitionWish) -> Partition:
    min_area_m2 = NATURAL_MIN_AREA_M2 if wish.min_area_m2 is None else wish.min_area_m2
    return natural_partition(
        free,
        material.lines,
        frame,
        snap_m=wish.snap_m,
        min_area_m2=min_area_m2,
        max_area_m2=wish.max_area_m2,
    )


def _by_layer(free: BaseGeometry, frame: LocalFrame, material: Material, wish: PartitionWish) -> Partition:
    min_area_m2 = 1_000.0 if wish.min_area_m2 is None else wish.min_area_m2
    made = layer_partition(
        free, material.polygons, material.names, frame, first_wins=wish.first_wins, min_area_m2=min_area_m2
    )
    return Partition(made.sectors, (*material.notes, *made.notes))


def _groups(free: BaseGeometry, frame: LocalFrame, material: Material, wish: PartitionWish) -> Partition:
    """Gather fine units into sectors of equal hours for the team."""
    pace = TEAM_PACES[wish.team_kind]
    area_m2 = frame.area_m2(free)
    guess = wish.groups or max(1, round(area_m2 / (pace.width_m * pace.speed_kph * 1e3 * DEFAULT_HOURS)))
    unit_m2 = area_m2 / (guess * UNITS_PER_GROUP)
    if wish.units == "faces":
        largest_m2 = max(LARGEST_UNIT_SHARE * area_m2 / guess, MIN_UNIT_M**2)
        fine = natural_partition(
            free,
            material.lines,
            frame,
            snap_m=wish.snap_m,
            min_area_m2=largest_m2 / 16,
            max_area_m2=largest_m2,
        )
    else:
        side_m = min(max(math.sqrt(unit_m2), MIN_UNIT_M), wish.cell_m)
        fine = cut_by_plan(free, frame, GridPlan(side_m), min_area_m2=0.2 * side_m**2)
    hours = unit_hours(fine, material.cover, wish.team_kind)
    wanted = wish.hours or DEFAULT_HOURS
    groups = wish.groups or max(1, math.ceil(float(hours.sum()) / wanted))
    return grouped_partition(free, fine, hours, min(groups, len(fine.sectors)), frame)


def unit_hours(
    units: Partition, cover: Sequence[tuple[str, BaseGeometry]], team_kind: str
) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the hours that each unit takes a team, by the land cover at places spread over it.

    Nine places of the unit's box, those on the unit counted; of covers that lie on one another the smallest.
    """
    area_m2 = np.array([each.area_m2 for each in units.sectors])
    shares = cover_shares([each.geometry_lonlat for each in units.sectors], cover, places_across=3)
    slowness = shares.shares @ slowness_of(np.array(shares.classes, dtype=object))
    return hours_of(area_m2, slowness, TEAM_PACES[team_kind])
