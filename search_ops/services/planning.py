"""Points, area, partition and the list of sectors."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import select
from uuid_utils.compat import uuid7

from geo.areas import read_area
from geo.coordinates import parse_coordinates
from geo.crs import LocalFrame
from geo.errors import CoordinateTextError, GeometryError
from search_ops.domain.grid_defaults import with_defaults
from search_ops.domain.sector import sector_state
from search_ops.domain.tasking import considered_version
from search_ops.domain.visibility import HQ, ClassSet, team_class
from search_ops.errors import BadInput, SearchOpsError
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.tables import entity
from search_ops.services.cutting import (
    check_ground,
    check_lines,
    is_quick,
    read_ground,
    write_partition,
)
from search_ops.services.cutting_grid import cut_grid
from search_ops.services.geometries import geojson_of, geometry_field
from search_ops.services.grid_defaults import grid_defaults_of
from search_ops.services.jobs import defer_job
from search_ops.services.scribe import (
    Scribe,
    check_version,
    intend_in_operation,
    require_open,
    wire_or_none,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.partition import Partition
    from search_ops.domain.principals import Principal
    from search_ops.domain.wishes import AreaWish, PartitionWish, PointWish
    from search_ops.persistence.unit_of_work import LockedStream, Office
    from search_ops.services.cutting import Ground

_ORIGIN_DECIMALS = 6
# What only some sectors have: lines a length, lists addresses, marked ones a reason.
_SOMETIMES = (
    *("name", "source", "group", "length_m", "corridor_m", "addresses"),
    *("mark", "mark_reason", "mark_organisation_id"),
)


def coordinates_in(typed: str) -> list[dict[str, Any]]:
    """Return every reading of typed coordinates, the likeliest first.

    Raises
    ------
    BadInput
        With the code of the core: nothing found, out of range, too long.
    """
    try:
        found = parse_coordinates(typed)
    except CoordinateTextError as error:
        raise BadInput(error.code, where="text") from error
    return [{"lon": read.lon, "lat": read.lat, "format": read.format} for read in found]


async def set_point(
    office: Office, principal: Principal, operation_id: UUID, role: str, wish: PointWish
) -> dict[str, Any]:
    """Set the last known position or the entry point of a subject in a scenario.

    Returns
    -------
    dict
        ``{"point_id", "seq"}``.
    """
    subject_id = None if wish.subject_id is None else str(wish.subject_id)
    scenario_id = None if wish.scenario_id is None else str(wish.scenario_id)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        held = _point(scribe.stream, role, subject_id, scenario_id)
        check_version(None if held is None else held[1], wish.base_version)
        point_id = str(uuid7()) if held is None else held[0]
        payload = {
            "point_id": point_id,
            "role": role,
            "subject_id": subject_id,
            "scenario_id": scenario_id,
            "lon": wish.lon,
            "lat": wish.lat,
            "text": wish.text,
            "seen_at": wire_or_none(wish.seen_at),
        }
        stored = scribe.write("point_set", HQ, payload)
        return {"point_id": point_id, "seq": stored.seq}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="point.set", decide=decide, about={"role": role}
    )


def _point(
    stream: LockedStream, role: str, subject_id: str | None, scenario_id: str | None
) -> tuple[str, Mapping[str, Any]] | None:
    wanted = (role, subject_id, scenario_id)
    for point_id, point in stream.all("points"):
        if (point["role"], point["subject_id"], point["scenario_id"]) == wanted:
            return point_id, point
    return None


async def draw_area(
    office: Office, principal: Principal, operation_id: UUID, wish: AreaWish
) -> dict[str, Any]:
    """Draw the area of the search; its first drawing centres the operation's metric frame, once.

    Returns
    -------
    dict
        ``{"area_m2", "seq"}``.

    Raises
    ------
    BadInput
        With the code of the core and the place of the fault.
    """
    try:
        geometry = await asyncio.to_thread(read_area, wish.geometry)
    except GeometryError as error:
        raise BadInput(error.code, where="geometry", **error.data()) from error

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        operation = require_open(scribe.stream)
        held = scribe.stream.get("area", operation_id)
        check_version(held, wish.base_version)
        origin = operation.get("origin") or (held or {}).get("origin") or _centre(geometry)
        frame = LocalFrame.at(*origin)
        area_m2 = frame.area_m2(geometry)
        kept = await geometry_field(scribe.work.connection, scribe.stream_id, HQ, geometry)
        payload = {"operation_id": str(operation_id), **kept, "area_m2": area_m2, "origin": list(origin)}
        stored = scribe.write("area_set", HQ, payload)
        return {"area_m2": area_m2, "seq": stored.seq}

    return await intend_in_operation(office, principal, operation_id, wish, name="area.draw", decide=decide)


def _centre(geometry: BaseGeometry) -> tuple[float, float]:
    """Return the centroid in a frame of its own: degrees would be wrong in the north and across 180."""
    frame = LocalFrame.at(*shapely.get_coordinates(geometry.representative_point())[0].tolist())
    lon, lat = shapely.get_coordinates(frame.to_lonlat(frame.to_metric(geometry).centroid))[0].tolist()
    return round(lon, _ORIGIN_DECIMALS), round(lat, _ORIGIN_DECIMALS)


async def make_partition(
    office: Office, principal: Principal, operation_id: UUID, wish: PartitionWish
) -> dict[str, Any]:
    """Cut the area: a small grid at once, everything longer as a job.

    What the wish of a grid leaves out is taken from the defaults of the search's region.

    Returns
    -------
    dict
        ``{"partition_id", "sector_count", "area_m2", "seq"}`` or ``{"job_id"}``.

    Raises
    ------
    Conflict
        ``no_area``, ``sectors_in_work``, ``nothing_to_cut``.
    BadInput
        A setting is out of range, or the cut would give too many sectors.
    """
    check_lines(wish)
    prepared: _Prepared | SearchOpsError
    try:
        prepared = await _prepare(office, operation_id, wish)
    except SearchOpsError as refusal:
        prepared = refusal  # raised below: a repeated command gets its first answer whatever stands now

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        if isinstance(prepared, SearchOpsError):
            raise prepared
        full = prepared.wish
        if prepared.partition is None:
            require_open(scribe.stream)
            check_ground(scribe.stream, operation_id, full, prepared.ground)
            return {"job_id": str(await defer_job(scribe.work, principal, operation_id, "partition", full))}
        return await write_partition(scribe, operation_id, full, prepared.ground, prepared.partition)

    return await intend_in_operation(
        office, principal, operation_id, wish, name="partition.make", decide=decide
    )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The wish with the region's defaults, the ground as it was read, the cut unless that is long work."""

    wish: PartitionWish
    ground: Ground
    partition: Partition | None


async def _prepare(office: Office, operation_id: UUID, wish: PartitionWish) -> _Prepared:
    async with office.engine.connect() as connection:
        usual = await grid_defaults_of(connection, operation_id)
        wish = with_defaults(wish, usual["settings"])
        ground = await read_ground(connection, operation_id, wish)
    quick = is_quick(ground, wish)
    return _Prepared(wish, ground, await asyncio.to_thread(cut_grid, ground, wish) if quick else None)


async def sector_collection(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, *, retired: bool = False
) -> dict[str, Any]:
    """Return the sectors as GeoJSON with the state that tasks, evidence and judgement give them.

    Parameters
    ----------
    classes : ClassSet
        What the caller may read: tasks of other classes neither show nor count.
    retired : bool
        Also those that a later cut has replaced.
    """
    stream_id = operation_stream(operation_id)
    of_sector: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for task_id, task in await _entities(connection, stream_id, "tasks"):
        if classes.admits(team_class(task["team_id"])):
            of_sector.setdefault(str(task.get("sector_id")), []).append((task_id, task))
    proofs: dict[str, list[Mapping[str, Any]]] = {}
    for _, row in await _entities(connection, stream_id, "evidence"):
        proofs.setdefault(str(row["sector_id"]), []).append(row)
    judged = dict(await _entities(connection, stream_id, "judgements"))
    features = [
        await _feature(
            connection,
            sector_id,
            sector,
            of_sector.get(sector_id, []),
            (proofs.get(sector_id, []), judged.get(sector_id)),
        )
        for sector_id, sector in await _entities(connection, stream_id, "sectors")
        if classes.admits(HQ) and (retired or not sector["retired"])
    ]
    return {"type": "FeatureCollection", "features": features}


async def _entities(
    connection: AsyncConnection, stream_id: str, collection: str
) -> list[tuple[str, dict[str, Any]]]:
    query = (
        select(entity.c.entity_id, entity.c.body)
        .where(entity.c.stream_id == stream_id, entity.c.collection == collection)
        .order_by(entity.c.entity_id)
    )
    return [(row.entity_id, row.body) for row in await connection.execute(query)]


async def _feature(
    connection: AsyncConnection,
    sector_id: str,
    sector: Mapping[str, Any],
    tasks: list[tuple[str, Mapping[str, Any]]],
    proof: tuple[list[Mapping[str, Any]], Mapping[str, Any] | None],
) -> dict[str, Any]:
    properties = {
        "label": sector["label"],
        "kind": sector["kind"],
        "area_m2": sector["area_m2"],
        **{name: sector.get(name) for name in _SOMETIMES},
        "state": sector_state(sector, [task for _, task in tasks], *proof),
        "version": considered_version(tasks, sector_id, int(sector["version"])),
        "partition_id": sector["partition_id"],
        "replaces": sector["replaces"],
        "retired": sector["retired"],
        "task_ids": [task_id for task_id, _ in tasks],
    }
    geometry = await geojson_of(connection, sector)
    return {"type": "Feature", "id": sector_id, "geometry": geometry, "properties": properties}
