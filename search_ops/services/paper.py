"""Paper for teams: what stands on a sheet is gathered here, what draws it runs in a child process.

A sheet shows the same whoever takes it out of the printer: a team needs the neighbours, the entry point and
above all the sectors to keep out of. So a participant's own sheet has them too, although his screen does not;
what headquarters did not print for him (the last known position, other teams' tasks and people) it has not.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import shapely

from search_ops.domain.paper_wishes import USUAL_LAYERS
from search_ops.domain.visibility import ALL, HQ, ClassSet
from search_ops.errors import BadInput, Conflict, NotKnown
from search_ops.importing.bounded import Limits, run_bounded
from search_ops.paper.frame import frame_for
from search_ops.paper.pictures import packed_picture
from search_ops.persistence.event_log import operation_stream, snapshot
from search_ops.persistence.ground_paper import ground_in
from search_ops.persistence.rasters import raster_layer
from search_ops.services.geometries import geometry_of
from search_ops.services.jobs import defer_job
from search_ops.services.magnetic import declination
from search_ops.services.paper_relief import contours_in
from search_ops.services.rasters import raster_window
from search_ops.services.reading import protected_read
from search_ops.services.scribe import intend_in_operation
from search_ops.texts import text

if TYPE_CHECKING:
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.paper_wishes import PacketWish
    from search_ops.domain.principals import Place, Principal
    from search_ops.paper.facts import Contour, Neighbour, SheetFacts
    from search_ops.paper.facts import Place as PaperPlace
    from search_ops.paper.frame import MapFrame
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.scribe import Scribe

State = Mapping[str, Mapping[str, Mapping[str, Any]]]
FINISHED: Final = frozenset({"debriefed", "closed", "cancelled", "recalled"})
_TIME_FORMATS: Final = {"ru": "%d.%m.%Y, %H:%M", "en": "%Y-%m-%d, %H:%M"}
_RENDERER: Final = "search_ops.paper.rendering:render"
# Drawing a town at 1 : 10 000 takes 2 s of a core; a packet of sixty sheets is one child.
_LIMITS: Final = Limits(memory_bytes=3 * 1024**3, cpu_s=300, wall_s=600.0)
# One sheet asked for over HTTP may hold the API's thread for this long, no longer.
_SHEET_LIMITS: Final = Limits(memory_bytes=2 * 1024**3, cpu_s=20, wall_s=30.0)
# A little finer than the page's own dots, because the picture is bent into the window.
_PICTURE_PX: Final = 2_000
_HEADQUARTERS: Final = ClassSet(frozenset({ALL, HQ}), frozenset({"team"}))
_AT_ONCE: Final = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class PaperOptions:
    """How to print.

    Parameters
    ----------
    language
        ``ru`` or ``en``.
    public_url
        What the QR code leads to begins with it.
    now
        Aware; printed on the sheet, and the day of the declination.
    scale
        Denominator, or None: the largest at which the sector fits. Where it does not fit at the one wanted,
        the sheet says so and takes the next.
    layers
        Of `PaperLayer`.
    rasters
        Raster layers with their opacity, the lowest first, over the drawn ground.
    """

    language: str
    public_url: str
    now: datetime
    scale: int | None = None
    layers: frozenset[str] = frozenset(USUAL_LAYERS)
    rasters: tuple[tuple[UUID, float], ...] = ()


async def print_packet(
    office: Office, principal: Principal, operation_id: UUID, wish: PacketWish
) -> dict[str, Any]:
    """Ask for a packet; returns ``{"job_id"}``, whose result is ``{"file_id", "name", "sheets"}``."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, "packet", wish))}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="packet.print", decide=decide
    )


async def task_sheet(
    office: Office, principal: Principal, place: Place, task_id: UUID, options: PaperOptions
) -> tuple[str, bytes]:
    """Return name and PDF of one task's sheet.

    Raises
    ------
    NotKnown
        There is no such task, or it is not the caller's to see: both look alike.
    """

    async def read(connection: AsyncConnection, classes: ClassSet) -> SheetFacts:
        state: State = await read_state(connection, office, place, classes)
        if str(task_id) not in state.get("tasks", {}):
            raise NotKnown
        if not classes.admits(HQ):
            state = with_surroundings(state, await read_state(connection, office, place, _HEADQUARTERS))
        return await sheet_facts(connection, state, str(task_id), options)

    facts = await protected_read(office, principal, place, "task sheet", read)
    async with _AT_ONCE:
        pdf = await asyncio.to_thread(render, [facts], options.language, _SHEET_LIMITS)
    return f"{file_stem(options.now, facts['callsign'], facts['zone_name'])}.pdf", pdf


def with_surroundings(own: State, whole: State) -> State:
    """Return what a team sees, and of the rest what paper shows: sectors, who works there, entry points."""
    points = whole.get("points", {}).items()
    return {
        **own,
        "sectors": whole.get("sectors", {}),
        "points": {identity: point for identity, point in points if point["role"] == "entry"},
        "tasks": {
            identity: own.get("tasks", {}).get(identity)
            or {name: task[name] for name in ("team_id", "sector_id", "state")}
            for identity, task in whole.get("tasks", {}).items()
        },
        "teams": {
            identity: own.get("teams", {}).get(identity) or {"callsign": team.get("callsign")}
            for identity, team in whole.get("teams", {}).items()
        },
    }


async def read_state(
    connection: AsyncConnection, office: Office, place: Place, classes: ClassSet
) -> dict[str, Any]:
    """Return the state of an operation for a set of classes, sealed fields opened."""
    taken = await snapshot(connection, office.keyring, operation_stream(str(place.id)), classes)
    if taken is None:
        raise NotKnown
    state: dict[str, Any] = taken["state"]
    return state


def render(sheets: Sequence[SheetFacts], language: str, limits: Limits = _LIMITS) -> bytes:
    """Return the PDF of sheets, drawn in a child process; blocks, so call it in a thread."""
    content = json.dumps(sheets, ensure_ascii=False).encode()
    return run_bounded(
        _RENDERER, content, {"language": language}, name="packet.pdf", file_format="pdf", limits=limits
    )


def file_stem(now: datetime, callsign: str, zone_name: str) -> str:
    """Return ``YYYYMMDD_Позывной`` as squads name files (ОК-стандарт), safe for file systems."""
    plain = "".join(sign if sign.isalnum() or sign in "-." else "_" for sign in callsign)
    return f"{now.astimezone(ZoneInfo(zone_name)):%Y%m%d}_{plain}"


def tasks_to_print(state: State, task_ids: Sequence[UUID], team_ids: Sequence[UUID]) -> list[str]:
    """Return the ids of tasks: those named, and the unfinished ones of the teams named.

    Raises
    ------
    NotKnown
        A task or team that this search does not have.
    Conflict
        ``team_without_task``.
    """
    tasks, teams = state.get("tasks", {}), state.get("teams", {})
    wanted = [str(task_id) for task_id in task_ids]
    if not set(wanted) <= tasks.keys() or not {str(team_id) for team_id in team_ids} <= teams.keys():
        raise NotKnown
    for team_id in map(str, team_ids):
        own = [
            task_id
            for task_id, task in tasks.items()
            if task["team_id"] == team_id and task["state"] not in FINISHED
        ]
        if not own:
            raise Conflict("team_without_task", team_id=team_id)
        wanted += own
    return list(dict.fromkeys(wanted))


async def sheet_facts(
    connection: AsyncConnection, state: State, task_id: str, options: PaperOptions
) -> SheetFacts:
    """Gather one sheet from what the reader sees of the operation, and from the ground."""
    task = state.get("tasks", {}).get(task_id)
    if task is None:
        raise NotKnown
    ((operation_id, operation),) = state["operation"].items()
    team = state.get("teams", {}).get(str(task["team_id"]), {})
    briefing = next(iter(state.get("briefing", {}).values()), {})
    sector = state.get("sectors", {}).get(str(task["sector_id"]), {})
    geometry = await _ground_of(connection, state, task, sector)
    frame = frame_for(geometry, options.scale)
    zone = ZoneInfo(operation["time_zone"])
    entry = _nearest_point(state, "entry", geometry) if "entry" in options.layers else None
    last_known = _nearest_point(state, "lkp", geometry) if "last_known" in options.layers else None
    middle = geometry.representative_point()
    needle = declination(middle.x, middle.y, options.now)
    ground = await ground_in(connection, frame.bbox_deg(), scale=frame.scale, language=options.language)
    wants_contours = "contours" in options.layers
    contours: list[Contour] = await contours_in(connection, frame) if wants_contours else []
    beside = "neighbours" in options.layers
    return {
        "number": operation["number"],
        "exercise": bool(operation["exercise"]),
        "printed": _local(options.now, zone, options.language),
        "zone_name": operation["time_zone"],
        "url": f"{options.public_url}/field/?operation={operation_id}&task={task_id}",
        "callsign": team.get("callsign") or "",
        "team_kind": team.get("kind") or "",
        "members": [str(name) for name in team.get("roster") or ()],
        "label": task.get("sector_label") or "",
        "sector_kind": task.get("sector_kind") or "area",
        "addresses": [str(row["text"]) for row in sector.get("addresses") or ()],
        "method": _method(task.get("method"), options.language),
        "text": task.get("text") or "",
        "due": _moment(task.get("due_at"), zone, options.language),
        "contact_every_min": task.get("contact_every_min"),
        "emergency_bearing_deg": task.get("emergency_bearing_deg"),
        "radio_channel": briefing.get("radio_channel") or "",
        "phones": [(str(row["title"]), str(row["phone"])) for row in briefing.get("phones") or ()],
        "muster": briefing.get("muster_text") or "",
        "headquarters": _headquarters(briefing),
        "entry": entry,
        "last_known": last_known,
        "wkb": shapely.to_wkb(geometry, hex=True),
        "neighbours": await _neighbours(connection, state, task, frame) if beside else [],
        "needle": {
            "degrees": needle.degrees,
            "model": needle.model,
            "year": needle.year,
            "outdated": needle.outdated,
            "unreliable": needle.unreliable,
        },
        "ground": ground,  # type: ignore[typeddict-item]  # rows of the database have these four columns
        "contours": contours,
        "pictures": await _pictures(connection, frame, options),
        "attribution": await _attribution(connection, options, ground=bool(ground), relief=bool(contours)),
        "scale": options.scale,
    }


async def _ground_of(
    connection: AsyncConnection, state: State, task: Mapping[str, Any], sector: Mapping[str, Any]
) -> BaseGeometry:
    """Return what the map is drawn round: the sector, else the addresses with a place, else the area."""
    geometry = await geometry_of(connection, task)
    if geometry is None or geometry.is_empty:
        rows = sector.get("addresses") or ()
        places = [(row["lon"], row["lat"]) for row in rows if row.get("lon") is not None]
        geometry = shapely.MultiPoint(places) if places else None
    if geometry is None:
        area = next(iter(state.get("area", {}).values()), None)
        geometry = None if area is None else await geometry_of(connection, area)
    if geometry is None:
        raise BadInput("nothing_to_draw")
    return geometry


def _method(method: str | None, language: str) -> str:
    if not method:
        return ""
    try:
        return text(language, f"method-{method}")
    except KeyError:
        return method


def _local(moment: datetime, zone: ZoneInfo, language: str) -> str:
    return moment.astimezone(zone).strftime(_TIME_FORMATS[language])


def _moment(wire: str | None, zone: ZoneInfo, language: str) -> str:
    return "" if wire is None else _local(datetime.fromisoformat(wire), zone, language)


def _headquarters(briefing: Mapping[str, Any]) -> PaperPlace | None:
    told = briefing.get("headquarters")
    if not told:
        return None
    lon, lat = (told["lon"], told["lat"]) if isinstance(told, Mapping) else told
    return {"lon": lon, "lat": lat, "text": ""}


def _nearest_point(state: State, role: str, geometry: BaseGeometry) -> PaperPlace | None:
    """Return the point of this role nearest to the sector: a search may have several."""
    points = [point for point in state.get("points", {}).values() if point["role"] == role]
    if not points:
        return None
    nearest = min(points, key=lambda point: shapely.Point(point["lon"], point["lat"]).distance(geometry))
    return {"lon": nearest["lon"], "lat": nearest["lat"], "text": nearest.get("text") or ""}


async def _neighbours(
    connection: AsyncConnection, state: State, task: Mapping[str, Any], frame: MapFrame
) -> list[Neighbour]:
    """Return the other sectors in the window, with the callsigns of those who work there."""
    window = shapely.box(*frame.bbox_deg())
    callsigns: dict[str, list[str]] = {}
    teams = state.get("teams", {})
    for other in state.get("tasks", {}).values():
        if other["state"] not in FINISHED and other["team_id"] != task["team_id"]:
            callsign = teams.get(str(other["team_id"]), {}).get("callsign") or ""
            callsigns.setdefault(str(other["sector_id"]), []).append(callsign)
    found: list[Neighbour] = []
    for sector_id, sector in state.get("sectors", {}).items():
        reference = sector.get("geometry_ref")
        outside = reference is not None and not shapely.box(*reference["bbox"]).intersects(window)
        if sector["retired"] or sector_id == str(task["sector_id"]) or outside:
            continue
        geometry = await geometry_of(connection, sector)
        if geometry is not None and geometry.intersects(window):
            found.append(
                {
                    "label": sector["label"],
                    "callsign": ", ".join(sorted(callsigns.get(sector_id, ()))),
                    "mark": sector.get("mark") or "",
                    "wkb": shapely.to_wkb(geometry, hex=True),
                }
            )
    # What keeps people out gets its words on the map first; the same search prints the same page.
    return sorted(found, key=lambda beside: (beside["mark"] != "blocked", beside["label"]))


async def _pictures(
    connection: AsyncConnection, frame: MapFrame, options: PaperOptions
) -> list[dict[str, Any]]:
    bounds = frame.bbox_deg()
    return [
        packed_picture(await raster_window(connection, layer_id, bounds, _PICTURE_PX), bounds, opacity)
        for layer_id, opacity in options.rasters
    ]


async def _attribution(
    connection: AsyncConnection, options: PaperOptions, *, ground: bool, relief: bool
) -> str:
    """Return whose map it is: every licence wants its name on paper."""
    layers = [await raster_layer(connection, layer_id) for layer_id, _ in options.rasters]
    told = [layer.attribution or layer.name for layer in layers if layer is not None]
    if ground or not told:
        told.append(text(options.language, "paper-osm" if ground else "paper-no-ground"))
    if relief:
        told.append(text(options.language, "paper-relief"))
    return "; ".join(dict.fromkeys(told))
