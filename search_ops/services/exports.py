"""Files for navigators and map programs: a team's own, or everything the reader may see.

A team's file holds what this team works on: the boundary, its corners, the entry point. The last known
position is there only when the one who asks may see it and says so.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.formats.values import Shape, Waypoint
from search_ops.domain.rights import Right, rights_in
from search_ops.errors import Conflict, NotKnown
from search_ops.services.export_everything import FIXES_AT_ONCE, everything_in, sector_columns
from search_ops.services.export_writing import ExportFormat, Gathered, written
from search_ops.services.geometries import geometry_of
from search_ops.services.paper import FINISHED, file_stem, read_state
from search_ops.services.reading import protected_read
from search_ops.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Place, Principal
    from search_ops.domain.visibility import ClassSet
    from search_ops.persistence.unit_of_work import Office

__all__ = ["MEDIA_TYPES", "ExportFormat", "ExportOptions", "export"]

MEDIA_TYPES: Final[dict[ExportFormat, str]] = {
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "plt": "application/octet-stream",
    "wpt": "application/octet-stream",
    "gpkg": "application/geopackage+sqlite3",
    "geojson": "application/geo+json",
}
# Only these can hold everything; a navigator gets sectors and points.
_WHOLE: Final[frozenset[ExportFormat]] = frozenset({"gpkg", "geojson"})


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
    most_fixes
        More than these of all tracks together are thinned, and every track says so.
    """

    team_id: UUID | None = None
    language: str = "ru"
    last_known: bool = False
    most_fixes: int = FIXES_AT_ONCE


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

    async def read(connection: AsyncConnection, classes: ClassSet) -> Gathered:
        state = await read_state(connection, office, place, classes)
        gathered = await _gathered(connection, state, options)
        if options.team_id is None and format_name in _WHOLE:
            columns = await sector_columns(connection, place.id, classes) if place.id is not None else {}
            gathered.sectors = [
                Shape(shape.name, shape.geometry, "", {**shape.properties, **columns.get(_id(shape), {})})
                for shape in gathered.sectors
            ]
            positions = Right.POSITION_READ in rights_in(principal, place)
            gathered.everything = await everything_in(
                connection, place, state, positions=positions, most_fixes=options.most_fixes
            )
        return gathered

    gathered = await protected_read(office, principal, place, "export", read)
    if gathered.is_empty:
        raise Conflict("nothing_to_export")
    content = await asyncio.to_thread(written, gathered, format_name)
    return f"{file_stem(office.clock(), gathered.whose, gathered.zone_name)}.{format_name}", content


def _id(shape: Shape) -> str:
    return str(shape.properties.get("sector_id"))


async def _gathered(
    connection: AsyncConnection, state: Mapping[str, Any], options: ExportOptions
) -> Gathered:
    ((_, operation),) = state["operation"].items()
    team = None
    if options.team_id is not None:
        team = state.get("teams", {}).get(str(options.team_id))
        if team is None:
            raise NotKnown
    shapes = [
        Shape(name, geometry, "", properties)
        for name, entity, properties in _sectors(state, options.team_id)
        if (geometry := await geometry_of(connection, entity)) is not None
    ]
    areas = (
        []
        if team is not None
        else [
            Shape(text(options.language, "export-area"), geometry)
            for area in state.get("area", {}).values()
            if (geometry := await geometry_of(connection, area)) is not None
        ]
    )
    whose = operation["number"] if team is None else team.get("callsign") or ""
    return Gathered(whose, operation["time_zone"], shapes, list(_points(state, options)), areas)


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
