"""Files for navigators and map programs: a team's own, or everything the reader may see.

A team's file holds what this team works on: the boundary, its corners, the entry point. The last known
position is there only when the one who asks may see it and says so.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from geo.formats.geojson import write_geojson
from geo.formats.gpx import write_gpx
from geo.formats.kml_writing import write_kml
from geo.formats.oziexplorer import write_plt, write_wpt
from geo.formats.points import PointBook
from geo.formats.values import Contents, RawTrack, Shape, Waypoint
from search_ops.errors import Conflict, NotKnown
from search_ops.importing.bounded import Limits, run_bounded
from search_ops.services.geometries import geometry_of
from search_ops.services.paper import FINISHED, file_stem, read_state
from search_ops.services.reading import protected_read
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Place, Principal
    from search_ops.domain.visibility import ClassSet
    from search_ops.persistence.unit_of_work import Office

ExportFormat = Literal["gpx", "kml", "plt", "wpt", "gpkg", "geojson"]
MEDIA_TYPES: Final[dict[ExportFormat, str]] = {
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "plt": "application/octet-stream",
    "wpt": "application/octet-stream",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}
CREATOR: Final = "search-ops"
# A shore has thousands of vertices; a navigator shows a few dozen corners of use.
_MOST_CORNERS: Final = 60
_WRITER_LIMITS: Final = Limits(cpu_s=30, wall_s=60.0)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What to put into a file.

    Parameters
    ----------
    team_id
        Only this team's tasks; None: everything that the reader sees.
    language
        Of the names of points, ``ru`` or ``en``.
    last_known
        Whether the last known position goes in, where the reader may see it.
    """

    team_id: UUID | None = None
    language: str = "ru"
    last_known: bool = False


@dataclass(slots=True)
class _Gathered:
    """What goes into a file, before its format is known."""

    whose: str
    zone_name: str
    sectors: list[Shape]
    points: list[Waypoint]
    more: dict[str, list[Shape]]


async def export(
    office: Office,
    principal: Principal,
    place: Place,
    format_name: ExportFormat,
    options: ExportOptions,
) -> tuple[str, bytes]:
    """Return name and bytes of a file.

    Raises
    ------
    NotKnown
        No such team, or not the caller's to see.
    Conflict
        ``nothing_to_export``: the reader sees nothing that this format could hold.
    """

    async def read(connection: AsyncConnection, classes: ClassSet) -> _Gathered:
        state = await read_state(connection, office, place, classes)
        return await _gathered(connection, state, options)

    gathered = await protected_read(office, principal, place, "export", read)
    if not gathered.sectors and not gathered.points and not gathered.more:
        raise Conflict("nothing_to_export")
    content = await asyncio.to_thread(_written, gathered, format_name)
    return f"{file_stem(office.clock(), gathered.whose, gathered.zone_name)}.{format_name}", content


async def _gathered(
    connection: AsyncConnection, state: Mapping[str, Any], options: ExportOptions
) -> _Gathered:
    ((_, operation),) = state["operation"].items()
    team = None
    if options.team_id is not None:
        team = state.get("teams", {}).get(str(options.team_id))
        if team is None:
            raise NotKnown
    rows = list(_sectors(state, options.team_id))
    shapes = [
        Shape(name, geometry, "", properties)
        for name, entity, properties in rows
        if (geometry := await geometry_of(connection, entity)) is not None
    ]
    more: dict[str, list[Shape]] = {}
    if team is None:
        for area in state.get("area", {}).values():
            geometry = await geometry_of(connection, area)
            if geometry is not None:
                more["area"] = [Shape(text(options.language, "export-area"), geometry)]
    whose = operation["number"] if team is None else team.get("callsign") or ""
    points = list(_points(state, options))
    return _Gathered(whose, operation["time_zone"], shapes, points, more)


def _sectors(
    state: Mapping[str, Any], team_id: UUID | None
) -> Iterator[tuple[str, Mapping[str, Any], dict[str, Any]]]:
    """Yield name, entity with the geometry, and properties: a team's tasks, or all sectors."""
    tasks = state.get("tasks", {}).items()
    wanted = None if team_id is None else str(team_id)
    if team_id is None and state.get("sectors"):
        callsigns = {
            str(task["sector_id"]): state.get("teams", {}).get(str(task["team_id"]), {}).get("callsign")
            for _, task in tasks
            if task["state"] not in FINISHED
        }
        for sector_id, sector in state["sectors"].items():
            if not sector["retired"]:
                yield (
                    sector["label"],
                    sector,
                    {
                        "sector_id": sector_id,
                        "kind": sector["kind"],
                        "area_m2": sector.get("area_m2"),
                        "mark": sector.get("mark"),
                        "callsign": callsigns.get(sector_id),
                    },
                )
        return
    for task_id, task in tasks:
        if task["state"] not in FINISHED and wanted in {None, str(task["team_id"])}:
            properties = {"task_id": task_id, "method": task.get("method"), "due_at": task.get("due_at")}
            yield task.get("sector_label") or "", task, properties


def _points(state: Mapping[str, Any], options: ExportOptions) -> Iterator[Waypoint]:
    names = {"entry": "point-entry", "lkp": "point-lkp-short"}
    for point in state.get("points", {}).values():
        allowed = point["role"] == "entry" or (point["role"] == "lkp" and options.last_known)
        if allowed:
            name = text(options.language, names[point["role"]])
            yield Waypoint(name, point["lon"], point["lat"], comment=point.get("text") or "")
    for briefing in state.get("briefing", {}).values():
        told = briefing.get("headquarters")
        if told:
            lon, lat = (told["lon"], told["lat"]) if isinstance(told, dict) else told
            yield Waypoint(text(options.language, "point-headquarters"), lon, lat)


# ---- writing


def _written(gathered: _Gathered, format_name: ExportFormat) -> bytes:
    corners = [point for shape in gathered.sectors for point in _corners(shape)]
    if format_name == "gpkg":
        return _geopackage(gathered)
    if format_name == "geojson":
        more = [shape for shapes in gathered.more.values() for shape in shapes]
        return write_geojson(Contents(shapes=(*gathered.sectors, *more), waypoints=tuple(gathered.points)))
    if format_name == "kml":
        shapes = tuple(shape for shape in gathered.sectors if shape.geometry.geom_type in _DRAWN)
        return write_kml(Contents(shapes=shapes, waypoints=tuple(gathered.points)), title=gathered.whose)
    tracks = tuple(_boundary(shape) for shape in gathered.sectors if shape.geometry.geom_type in _DRAWN)
    if format_name == "gpx":
        return write_gpx(Contents(tracks, (*gathered.points, *corners)), creator=CREATOR)
    if format_name == "wpt":
        if not gathered.points and not corners:
            raise Conflict("nothing_to_export")
        return write_wpt((*gathered.points, *corners))
    if not tracks:
        raise Conflict("nothing_to_export")
    return write_plt(_joined(tracks, gathered.whose))


_DRAWN: Final = frozenset({"Polygon", "MultiPolygon", "LineString", "MultiLineString"})


def _boundary(shape: Shape) -> RawTrack:
    """Return a sector's outline as a track: a navigator shows tracks of any length, areas none does."""
    book = PointBook()
    for line in _outlines(shape.geometry):
        book.split()
        for lon, lat in shapely.get_coordinates(line).tolist():
            book.add(np.nan, lon, lat, np.nan)
    return book.track(shape.name, CREATOR)


def _outlines(geometry: BaseGeometry) -> list[BaseGeometry]:
    outlines: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon):
            outlines += [part.exterior, *part.interiors]
        else:
            outlines.append(part)
    return outlines


def _corners(shape: Shape) -> Iterator[Waypoint]:
    """Yield numbered corners: ``G5-1 1`` to ``G5-1 4``; of a ragged outline only the main bends."""
    geometry = shape.geometry
    degrees = 0.0
    while int(shapely.get_num_coordinates(geometry)) > _MOST_CORNERS:
        degrees = max(degrees * 2, 1e-5)
        geometry = shapely.simplify(shape.geometry, degrees)
    number = 0
    for line in _outlines(geometry):
        places = shapely.get_coordinates(line)
        closed = len(places) > 1 and bool((places[0] == places[-1]).all())
        for lon, lat in (places[:-1] if closed else places).tolist():
            number += 1
            yield Waypoint(f"{shape.name} {number}".strip(), lon, lat)


def _joined(tracks: tuple[RawTrack, ...], name: str) -> RawTrack:
    """Return several outlines as one track with breaks: OziExplorer's file holds one."""
    starts: list[int] = []
    before = 0
    for track in tracks:
        starts += [before + start for start in track.segment_starts]
        before += len(track.points)
    points = np.concatenate([track.points for track in tracks])
    return RawTrack(tracks[0].name if len(tracks) == 1 else name, None, points, tuple(starts))


def _geopackage(gathered: _Gathered) -> bytes:
    def row(shape: Shape) -> dict[str, Any]:
        return {
            "wkb": shapely.to_wkb(shape.geometry, hex=True),
            "properties": {"name": shape.name, **shape.properties},
        }

    layers = {"sectors": [row(shape) for shape in gathered.sectors]}
    layers |= {name: [row(shape) for shape in shapes] for name, shapes in gathered.more.items()}
    layers["points"] = [
        {
            "wkb": shapely.to_wkb(shapely.Point(point.lon, point.lat), hex=True),
            "properties": {"name": point.name, "comment": point.comment},
        }
        for point in gathered.points
    ]
    content = json.dumps({name: rows for name, rows in layers.items() if rows}).encode()
    return run_bounded(
        "search_ops.importing.geopackage:write",
        content,
        {},
        name="export.gpkg",
        file_format="gpkg",
        limits=_WRITER_LIMITS,
    )
