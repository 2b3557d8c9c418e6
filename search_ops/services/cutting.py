"""Cutting an area into sectors: what is read before, the cut itself without a lock, and how it is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import orjson
import shapely
from shapely import MultiPolygon, Polygon
from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from geo.grid_names import GridAxes
from geo.labels import allocate_labels
from search_ops.domain.transitions import UNFINISHED_TASKS
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.persistence.ground import NATURAL_LINE_CLASSES
from search_ops.services.geometries import geometry_field, geometry_of
from search_ops.services.scribe import Scribe, require_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.partition import Partition
    from search_ops.domain.fold import State
    from search_ops.domain.view import View
    from search_ops.domain.wishes import PartitionWish

CHUNK_BYTES: Final = 24 * 1024
AT_ONCE_CELLS: Final = 2_000
_LATTICE_DEG: Final = 1e-7
_TOUCHING_M2: Final = 1.0


@dataclass(frozen=True, slots=True)
class Ground:
    """What a cut is decided on, and the versions that must still stand when it is written.

    Attributes
    ----------
    kept : mapping
        Sectors in work that stay, by id; their ground is left out of the cut.
    replaced : mapping
        Sectors that give way, by id.
    axes : GridAxes
        Names of the newest grid's columns and rows, for one that grows.
    keep_equal : bool
        Sectors that the new cut has just as they stand are left standing: the grid grows.
    """

    area: Polygon | MultiPolygon
    area_version: int
    frame: LocalFrame
    axes: GridAxes = field(default_factory=GridAxes)
    keep_equal: bool = False
    kept: Mapping[str, BaseGeometry] = field(default_factory=dict)
    replaced: Mapping[str, BaseGeometry] = field(default_factory=dict)


class StateView:
    """A loaded state under the eyes of decisions that otherwise read a locked stream.

    Parameters
    ----------
    state : dict
        As the fold makes it.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, collection: str, entity_id: object) -> Mapping[str, Any] | None:
        """Return one entity."""
        return self._state.get(collection, {}).get(str(entity_id))

    def all(self, collection: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return a whole collection."""
        return list(self._state.get(collection, {}).items())


async def read_ground(connection: AsyncConnection, operation_id: UUID, wish: PartitionWish) -> Ground:
    """Read the area and the sectors that stand, before any lock is taken.

    Raises
    ------
    Conflict
        ``no_area``; ``sectors_in_work`` when sectors have unfinished tasks and the wish does not keep them.
    """
    view = StateView(await load_state(connection, operation_stream(operation_id)))
    geometry, frame = await area_and_frame(connection, view, operation_id)
    version = int((view.get("area", operation_id) or {})["version"])
    worked = worked_sectors(view, keep_worked=wish.keep_worked)
    kept: dict[str, BaseGeometry] = {}
    replaced: dict[str, BaseGeometry] = {}
    for sector_id, sector in live_area_sectors(view):
        held = await geometry_of(connection, sector)
        if held is not None:
            (kept if sector_id in worked else replaced)[sector_id] = held
    return Ground(
        geometry, version, frame, axes_of(view) if wish.grow else GridAxes(), wish.grow, kept, replaced
    )


async def area_and_frame(
    connection: AsyncConnection, view: View, operation_id: UUID
) -> tuple[Polygon | MultiPolygon, LocalFrame]:
    """Return the area and the metric frame of an operation.

    Raises
    ------
    Conflict
        ``no_area``.
    """
    area = view.get("area", operation_id)
    geometry = None if area is None else await geometry_of(connection, area)
    if area is None or not isinstance(geometry, Polygon | MultiPolygon):
        raise Conflict("no_area")
    return geometry, LocalFrame.at(*area["origin"])


def axes_of(view: View) -> GridAxes:
    """Return the names of the newest grid's columns and rows."""
    partitions = (one for _, one in view.all("partitions") if one["method"] == "grid")
    grids = [one for one in partitions if one["settings"].get("axes")]
    newest = max(grids, key=lambda one: int(one["version"]), default=None)
    if newest is None:
        return GridAxes()
    columns, rows = (newest["settings"]["axes"][name] for name in ("columns", "rows"))
    return GridAxes(dict(columns), dict(rows))


def live_area_sectors(view: View) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the sectors of the partition that stands; lines and address lists belong to none."""
    return [
        (identity, sector)
        for identity, sector in view.all("sectors")
        if not sector["retired"] and sector["kind"] == "area"
    ]


def worked_sectors(view: View, *, keep_worked: bool) -> frozenset[str]:
    """Return the sectors that stay in a new cut.

    Raises
    ------
    Conflict
        ``sectors_in_work`` with their labels, unless they are to be kept.
    """
    live = dict(live_area_sectors(view))
    states: dict[str, set[str]] = {}
    for _, task in view.all("tasks"):
        if task.get("sector_id") in live:
            states.setdefault(str(task["sector_id"]), set()).add(str(task["state"]))
    if keep_worked:
        return frozenset(identity for identity, found in states.items() if found - {"cancelled"})
    unfinished = [live[identity]["label"] for identity, found in states.items() if found & UNFINISHED_TASKS]
    if unfinished:
        raise Conflict("sectors_in_work", labels=sorted(unfinished))
    return frozenset()


def free_ground(ground: Ground) -> BaseGeometry:
    """Return the area without the sectors that stay, on the stored lattice.

    Raises
    ------
    Conflict
        ``nothing_to_cut``.
    """
    if not ground.kept:
        return ground.area
    taken = shapely.union_all(list(ground.kept.values()), grid_size=_LATTICE_DEG)
    left = shapely.difference(ground.area, taken, grid_size=_LATTICE_DEG)
    parts: list[Polygon] = [
        part for part in shapely.get_parts(left) if ground.frame.area_m2(part) > _TOUCHING_M2
    ]
    if not parts:
        raise Conflict("nothing_to_cut")
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def is_quick(ground: Ground, wish: PartitionWish) -> bool:
    """Tell whether the cut is done at once; longer work belongs to the worker (CONTRACT 5)."""
    if wish.method != "grid" or wish.align == "geographic":
        return False
    west, south, east, north = ground.frame.to_metric(ground.area).bounds
    side_m = min(wish.cell_m, wish.cell_height_m or wish.cell_m) / wish.sub_cells
    return (east - west) * (north - south) <= AT_ONCE_CELLS * side_m**2


def check_lines(wish: PartitionWish) -> None:
    """Refuse unknown classes of lines, or a layer without its file, before a job is made of them.

    Raises
    ------
    BadInput
        ``unknown_line_class``, ``unknown_file``.
    """
    if wish.method == "layer" and wish.file_id is None:
        raise BadInput("unknown_file", where="file_id")
    if set(wish.lines or ()) - set(NATURAL_LINE_CLASSES):
        raise BadInput("unknown_line_class", where="lines", known=sorted(NATURAL_LINE_CLASSES))


async def write_partition(
    scribe: Scribe, operation_id: UUID, wish: PartitionWish, ground: Ground, partition: Partition
) -> dict[str, Any]:
    """Write the cut: the partition, its sectors in chunks, and the retirement of those it replaces.

    Raises
    ------
    ChangedMeanwhile
        Area, partition or work in sectors changed since the ground was read.
    """
    stream = scribe.stream
    require_open(stream)
    check_ground(stream, operation_id, wish, ground)
    partition_id = uuid7()
    area_m2 = sum(sector.area_m2 for sector in partition.sectors)
    made = {
        "partition_id": str(partition_id),
        "method": wish.method,
        "settings": _settings(wish, partition),
        "sector_count": len(partition.sectors),
        "area_m2": area_m2,
        "notes": [asdict(note) | {"labels": list(note.labels)} for note in partition.notes],
    }
    first = scribe.write("partition_made", HQ, made)
    same = _unchanged(ground, partition)
    replaced = ground.replaced.keys() - set(same.values())
    if replaced:
        # One event of ids only: 2 000 of them are 80 KiB, so these go in chunks too.
        for ids in chunks(sorted(replaced)):
            scribe.write("sectors_retired", HQ, {"sector_ids": ids})
    used = [str(sector["label"]) for _, sector in stream.all("sectors")]
    new = replace(partition, sectors=tuple(each for each in partition.sectors if each.label not in same))
    rows = await _rows(scribe, ground, new, used, wish.method)
    for chunk in chunks(rows):
        scribe.write("sectors_added", HQ, {"partition_id": str(partition_id), "sectors": chunk})
    return {
        "partition_id": str(partition_id),
        "sector_count": len(partition.sectors),
        "area_m2": area_m2,
        "seq": first.seq,
    }


def check_ground(view: View, operation_id: UUID, wish: PartitionWish, ground: Ground | None) -> None:
    """Refuse a cut made on what no longer stands.

    Raises
    ------
    ChangedMeanwhile
        The newest partition is not the one the sender saw, or the ground was redrawn meanwhile.
    """
    versions = [int(partition["version"]) for _, partition in view.all("partitions")]
    newest = max(versions, default=None)
    if newest != wish.base_version:
        raise ChangedMeanwhile(current_version=newest)
    if ground is None:
        return
    area = view.get("area", operation_id)
    if area is None or int(area["version"]) != ground.area_version:
        raise ChangedMeanwhile(current_version=None if area is None else int(area["version"]))
    if worked_sectors(view, keep_worked=wish.keep_worked) != set(ground.kept):
        raise ChangedMeanwhile(current_version=newest)


async def _rows(
    scribe: Scribe, ground: Ground, partition: Partition, used: Sequence[str], method: str
) -> list[dict[str, Any]]:
    labels = allocate_labels([sector.label for sector in partition.sectors], used)
    replaces = _replaces(ground, [sector.geometry_lonlat for sector in partition.sectors])
    rows: list[dict[str, Any]] = []
    for sector, label, gone in zip(partition.sectors, labels, replaces, strict=True):
        kept = await geometry_field(scribe.work.connection, scribe.stream_id, HQ, sector.geometry_lonlat)
        row = {
            "sector_id": str(uuid7()),
            "label": label,
            "kind": "area",
            "source": method,
            "area_m2": sector.area_m2,
            "replaces": gone,
        }
        rows.append(row | {name: value for name, value in kept.items() if value is not None})
    return rows


def _settings(wish: PartitionWish, partition: Partition) -> dict[str, Any]:
    """Return what the cut was asked for, and of a grid the names of its lines, so that it may grow."""
    settings = wish.model_dump(
        mode="json", exclude={"command_id", "base_version", "method"}, exclude_defaults=True
    ) | {"cell_m": wish.cell_m, "letters": wish.letters}
    if partition.axes is not None:
        axes = partition.axes
        settings["axes"] = {"columns": list(axes.columns.items()), "rows": list(axes.rows.items())}
    return settings


def _unchanged(ground: Ground, partition: Partition) -> dict[str, str]:
    """Return label -> id of the sectors that the new cut has just as they stand: they stay."""
    standing = {shapely.to_wkb(shapely.normalize(geometry)): key for key, geometry in ground.replaced.items()}
    found: dict[str, str] = {}
    for sector in partition.sectors:
        held = standing.get(shapely.to_wkb(shapely.normalize(sector.geometry_lonlat)))
        if held is not None and ground.keep_equal:
            found[sector.label] = held
    return found


def _replaces(ground: Ground, pieces: Sequence[BaseGeometry]) -> list[list[str]]:
    """Return for each new piece the ids of the sectors whose ground it takes over."""
    if not ground.replaced:
        return [[] for _ in pieces]
    ids = list(ground.replaced)
    tree = shapely.STRtree(list(ground.replaced.values()))
    found: list[list[str]] = [[] for _ in pieces]
    for piece, old in zip(*tree.query(pieces, predicate="intersects"), strict=True):
        shared = shapely.intersection(pieces[piece], tree.geometries[old])
        if ground.frame.area_m2(shared) > _TOUCHING_M2:
            found[piece].append(ids[old])
    return found


def chunks(items: Iterable[Any]) -> list[list[Any]]:
    """Return the items in groups whose JSON stays below the limit of one event."""
    groups: list[list[Any]] = [[]]
    size = 0
    for item in items:
        length = len(orjson.dumps(item)) + 1
        if groups[-1] and size + length > CHUNK_BYTES - 512:
            groups.append([])
            size = 0
        groups[-1].append(item)
        size += length
    return groups
