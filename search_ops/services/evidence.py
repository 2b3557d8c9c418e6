"""Evidence as headquarters reads and judges it: the table, what is missing, what was swept, the widths."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import mapping

from geo.errors import EffortError
from geo.sound import team_distance_m
from geo.sweep import Conditions
from search_ops.domain.evidence import newest, spoken_pod
from search_ops.domain.sector import sector_state
from search_ops.domain.visibility import HQ, ClassSet, require_headquarters, team_class
from search_ops.errors import BadInput, ChangedMeanwhile, NotKnown
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.services.evidence_jobs import ask_weighing
from search_ops.services.geometries import geojson_of, geometry_of
from search_ops.services.scribe import Scribe, check_version, intend_in_operation, known, require_open
from search_ops.services.search_widths import (
    check_settings,
    settings_of,
    sound_sweep,
    told_defaults,
)
from search_ops.services.sector_ground import ground_of, known_covers, planned_hours, walked_ground

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.evidence_wishes import JudgementWish, SearchWidths, WidthsWish
    from search_ops.domain.fold import State
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

_HOUR_S = 3600.0


async def judge_sector(
    office: Office, principal: Principal, operation_id: UUID, sector_id: UUID, wish: JudgementWish
) -> dict[str, Any]:
    """Decide about a sector: enough, or search again. A person does, on evidence that he has seen.

    Returns
    -------
    dict
        ``{"sector_id", "decision", "seq"}``.

    Raises
    ------
    ChangedMeanwhile
        There is evidence that the sender did not see.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        known(scribe.stream, "sectors", sector_id)
        seqs = [
            int(row["version"])
            for _, row in scribe.stream.all("evidence")
            if row["sector_id"] == str(sector_id)
        ]
        if set(seqs) - set(wish.evidence_seqs):
            raise ChangedMeanwhile(current_version=max(seqs))
        payload = {
            "sector_id": str(sector_id),
            "decision": wish.decision,
            "reason": wish.reason,
            "evidence_seqs": sorted(wish.evidence_seqs),
        }
        stored = scribe.write("sector_judged", HQ, payload)
        return {"sector_id": str(sector_id), "decision": wish.decision, "seq": stored.seq}

    about = {"sector_id": str(sector_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="sector.judge", decide=decide, about=about
    )


async def set_widths(
    office: Office, principal: Principal, operation_id: UUID, wish: WidthsWish
) -> dict[str, Any]:
    """Set what the sweep widths follow from; everything is weighed again.

    Returns
    -------
    dict
        ``{"job_id", "seq"}``.

    Raises
    ------
    BadInput
        ``widths_impossible``: the times of the calls do not fit into each other.
    """
    wrong = check_settings(wish.settings)
    if wrong is not None:
        raise BadInput("widths_impossible", where=f"settings.{wrong}")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        held = scribe.stream.get("search_widths", operation_id)
        check_version(held, wish.base_version)
        payload = {"operation_id": str(operation_id), "settings": wish.settings.model_dump(mode="json")}
        stored = scribe.write("search_widths_set", HQ, payload)
        job_id = None
        if scribe.stream.get("area", operation_id) is not None:
            job_id = str(await ask_weighing(scribe.work, scribe.principal, operation_id))
        return {"job_id": job_id, "seq": stored.seq}

    return await intend_in_operation(office, principal, operation_id, wish, name="widths.set", decide=decide)


# ---- reading -----------------------------------------------------------------------------------


async def read_widths(connection: AsyncConnection, operation_id: UUID, classes: ClassSet) -> dict[str, Any]:
    """Return the operation's settings, the defaults with their sources, and what a sound search gives."""
    require_headquarters(classes)
    state = await load_state(connection, operation_stream(operation_id))
    held = state.get("search_widths", {}).get(str(operation_id))
    settings = settings_of(held)
    return {
        "version": None if held is None else held["version"],
        "settings": settings.model_dump(mode="json"),
        "defaults": told_defaults(),
        "sound": {light: _sound(settings, light) for light in ("day", "night")},
    }


def _sound(settings: SearchWidths, light: Any) -> dict[str, Any]:
    """Return width and distance between teams of a sound search, for this wind, forest and signal."""
    wanted = Conditions("foot", settings.ground, "responsive", settings.visibility, light)
    try:
        width = sound_sweep(settings, wanted)
        apart_m = team_distance_m(width.width_m, settings.target_of("responsive"))
    except EffortError:
        return {"width_m": None, "team_distance_m": None, "status": "assumed", "source": ""}
    return {
        "width_m": round(width.width_m),
        "team_distance_m": round(apart_m),
        "status": width.status,
        "source": width.source,
    }


async def evidence_table(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet
) -> dict[str, Any]:
    """Return a row for every sector in force: what was done there and what it proves."""
    require_headquarters(classes)
    state = await load_state(connection, operation_stream(operation_id))
    live = {key: sector for key, sector in state.get("sectors", {}).items() if not sector["retired"]}
    grounds = {
        sector_id: walked_ground(sector, geometry)
        for sector_id, sector in live.items()
        if sector["kind"] != "list" and (geometry := await geometry_of(connection, sector)) is not None
    }
    covers = await known_covers(connection, operation_id, grounds)
    settings = settings_of(state.get("search_widths", {}).get(str(operation_id)))
    rows: list[dict[str, Any]] = []
    for sector_id, sector in live.items():
        cover, team_kind = covers.get(sector_id), _team_kind(state, classes, sector_id)
        rows.append(
            {
                **_table_row(state, classes, sector_id, sector),
                "planned_hours": planned_hours(sector, cover, team_kind),
                **ground_of(settings, sector_id, cover).told(),
            }
        )
    return {"rows": sorted(rows, key=lambda row: str(row["label"]))}


def _team_kind(state: State, classes: ClassSet, sector_id: str) -> str:
    """Return the kind of the team that was given the sector last; on foot while nobody was."""
    tasks = [
        task
        for task in state.get("tasks", {}).values()
        if task.get("sector_id") == sector_id and classes.admits(team_class(task["team_id"]))
    ]
    newest_task = max(tasks, key=lambda task: str(task.get("given_at")), default=None)
    team = {} if newest_task is None else state.get("teams", {}).get(str(newest_task["team_id"]), {})
    return str(team.get("kind") or "foot")


def _table_row(state: State, classes: ClassSet, sector_id: str, sector: Mapping[str, Any]) -> dict[str, Any]:
    tasks = [
        task
        for task in state.get("tasks", {}).values()
        if task.get("sector_id") == sector_id and classes.admits(team_class(task["team_id"]))
    ]
    rows = [row for row in state.get("evidence", {}).values() if row["sector_id"] == sector_id]
    judgement = state.get("judgements", {}).get(sector_id)
    proposal = state.get("proposals", {}).get(sector_id)
    latest = newest(rows)
    figures = (latest or {}).get("cumulative") or {}
    timed = [float(row["time_s"]) for row in rows if row.get("time_s")]
    coverages = {
        subject: sum(float(row.get(f"coverage_{subject}") or 0.0) for row in rows)
        for subject in ("responsive", "unresponsive")
    }
    return {
        "sector_id": sector_id,
        "label": sector["label"],
        "kind": sector["kind"],
        "area_m2": sector.get("area_m2"),
        "state": sector_state(sector, tasks, rows, judgement),
        "hours": round(sum(timed) / _HOUR_S, 2) if timed else None,
        "length_m": round(sum(float(row.get("length_m") or 0.0) for row in rows), 1) if rows else None,
        "coverage_responsive": round(coverages["responsive"], 2) if rows else None,
        "coverage_unresponsive": round(coverages["unresponsive"], 2) if rows else None,
        "pod_responsive": spoken_pod(figures.get("responsive")),
        "pod_unresponsive": spoken_pod(figures.get("unresponsive")),
        "swept_share": figures.get("swept_share"),
        "target": (latest or {}).get("target"),
        "grades": sorted({str(row["grade"]) for row in rows}),
        "evidence_seqs": sorted(int(row["version"]) for row in rows),
        "proposal": None if not _open(proposal, judgement) else (proposal or {}).get("reason"),
        "judgement": None if judgement is None else judgement["decision"],
    }


def _open(proposal: Mapping[str, Any] | None, judgement: Mapping[str, Any] | None) -> bool:
    if proposal is None:
        return False
    return judgement is None or int(judgement["version"]) < int(proposal["version"])


async def missing_part(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, sector_id: UUID
) -> dict[str, Any]:
    """Return what no track of a sector has swept, as a GeoJSON feature; the geometry is null for nothing.

    Raises
    ------
    NotKnown
        There is no such sector, or nothing was weighed in it.
    """
    require_headquarters(classes)
    state = await load_state(connection, operation_stream(operation_id))
    rows = [row for row in state.get("evidence", {}).values() if row["sector_id"] == str(sector_id)]
    latest = newest(rows)
    if latest is None:
        raise NotKnown
    geometry = None if latest.get("missing") is None else await geojson_of(connection, latest["missing"])
    properties = {
        "subject": latest["target"]["subject"],
        "swept_share": latest["cumulative"]["swept_share"],
        "version": latest["version"],
    }
    return {"type": "Feature", "id": str(sector_id), "geometry": geometry, "properties": properties}


async def swept_ground(connection: AsyncConnection, operation_id: UUID, classes: ClassSet) -> dict[str, Any]:
    """Return the swept part of every weighed sector as GeoJSON: the sector without what is missing."""
    require_headquarters(classes)
    state = await load_state(connection, operation_stream(operation_id))
    by_sector: dict[str, list[Mapping[str, Any]]] = {}
    for row in state.get("evidence", {}).values():
        by_sector.setdefault(str(row["sector_id"]), []).append(row)
    features: list[dict[str, Any]] = []
    for sector_id, rows in sorted(by_sector.items()):
        sector, latest = state.get("sectors", {}).get(sector_id), newest(rows)
        if sector is None or sector["retired"] or latest is None or not latest["track_ids"]:
            continue
        whole = await geometry_of(connection, sector)
        missing = None if latest.get("missing") is None else await geometry_of(connection, latest["missing"])
        swept = await asyncio.to_thread(_without, whole, missing)
        if swept is not None:
            properties = {
                "label": sector["label"],
                "subject": latest["target"]["subject"],
                "pod": spoken_pod(latest["cumulative"].get(latest["target"]["subject"])),
            }
            features.append({"type": "Feature", "id": sector_id, "geometry": swept, "properties": properties})
    return {"type": "FeatureCollection", "features": features}


def _without(whole: BaseGeometry | None, missing: BaseGeometry | None) -> dict[str, Any] | None:
    if whole is None:
        return None
    left = whole if missing is None else shapely.difference(whole, missing, grid_size=1e-7)
    return None if left.is_empty else dict(mapping(left))
