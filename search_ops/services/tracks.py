"""Tracks: asked to be imported, matched by hand, set aside, declared lost; and as lines for the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from search_ops.domain.evidence import grade_of_word
from search_ops.domain.visibility import HQ, ClassSet, require_headquarters
from search_ops.errors import BadInput, Conflict
from search_ops.persistence.event_log import load_state, operation_stream
from search_ops.persistence.kept_files import find_file
from search_ops.persistence.tracks import read_shown
from search_ops.services.evidence_jobs import ask_weighing
from search_ops.services.jobs import defer_job
from search_ops.services.scribe import Scribe, check_version, intend_in_operation, known, require_open

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.evidence_wishes import (
        TrackAsideWish,
        TrackImportWish,
        TrackLostWish,
        TrackMatchWish,
    )
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

IMPORT = "tracks"


async def ask_import(
    office: Office, principal: Principal, operation_id: UUID, wish: TrackImportWish
) -> dict[str, Any]:
    """Ask for an import of files that were sent; the worker does it.

    Returns
    -------
    dict
        ``{"job_id"}``.

    Raises
    ------
    Conflict
        ``no_area``: without an area nothing can be measured or told apart from another search.
    BadInput
        A file or a team is not known.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        if scribe.stream.get("area", operation_id) is None:
            raise Conflict("no_area")
        for navigator in wish.navigators:
            if scribe.stream.get("teams", navigator.team_id) is None:
                raise BadInput("unknown_team", where="navigators")
        for file_id in wish.file_ids:
            if await find_file(scribe.work.connection, operation_id, file_id) is None:
                raise BadInput("unknown_file", where="file_ids")
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, IMPORT, wish))}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="tracks.import", decide=decide
    )


async def match_by_hand(
    office: Office, principal: Principal, operation_id: UUID, track_id: UUID, wish: TrackMatchWish
) -> dict[str, Any]:
    """Say whose track it is; a person's word goes before every rule, and brings back what was set aside.

    Returns
    -------
    dict
        ``{"track_id", "seq"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        held = known(scribe.stream, "tracks", track_id)
        check_version(held, wish.base_version)
        task = scribe.stream.get("tasks", wish.task_id)
        if task is None:
            raise BadInput("unknown_task", where="task_id")
        payload = {
            "track_id": str(track_id),
            "team_id": str(task["team_id"]),
            "task_id": str(wish.task_id),
            "matched_by": "hand",
            "clock_shift_s": held.get("clock_shift_s") if wish.clock_shift_s is None else wish.clock_shift_s,
        }
        stored = scribe.write("track_matched", HQ, payload)
        await _weigh_tasks(scribe, operation_id, held, str(wish.task_id))
        return {"track_id": str(track_id), "seq": stored.seq}

    about = {"track_id": str(track_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="track.match", decide=decide, about=about
    )


async def set_aside(
    office: Office, principal: Principal, operation_id: UUID, track_id: UUID, wish: TrackAsideWish
) -> dict[str, Any]:
    """Leave a track out of all figures, for a reason; it stays listed and its file kept.

    Returns
    -------
    dict
        ``{"track_id", "seq"}``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        held = known(scribe.stream, "tracks", track_id)
        check_version(held, wish.base_version)
        payload = {"track_id": str(track_id), "reason": wish.reason}
        stored = scribe.write("track_set_aside", HQ, payload)
        await _weigh_tasks(scribe, operation_id, held)
        return {"track_id": str(track_id), "seq": stored.seq}

    about = {"track_id": str(track_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="track.set_aside", decide=decide, about=about
    )


async def _weigh_tasks(scribe: Scribe, operation_id: UUID, held: Mapping[str, Any], *more: str) -> None:
    """Weigh again every task of the teams that had or get the track: each took its part of it."""
    teams = {str(held["team_id"])} if held.get("team_id") else set()
    tasks = set(more) | {
        task_id for task_id, task in scribe.stream.all("tasks") if str(task.get("team_id")) in teams
    }
    if tasks:
        await ask_weighing(scribe.work, scribe.principal, operation_id, task_ids=tasks, sector_ids=[])


async def declare_lost(
    office: Office, principal: Principal, operation_id: UUID, task_id: UUID, wish: TrackLostWish
) -> dict[str, Any]:
    """Say that no track of a task will come: its end is then evidence by word, without figures.

    Returns
    -------
    dict
        ``{"task_id", "grade", "seq"}``.

    Raises
    ------
    Conflict
        ``task_not_finished``.
    """

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        task = known(scribe.stream, "tasks", task_id)
        if task["state"] not in {"returning", "back", "debriefed", "closed", "recalled"}:
            raise Conflict("task_not_finished", state=task["state"])
        grade = wish.grade or grade_of_word(task.get("source"))
        payload = {"task_id": str(task_id), "reason": wish.reason, "grade": grade}
        stored = scribe.write("track_lost", HQ, payload)
        await ask_weighing(
            scribe.work, scribe.principal, operation_id, task_ids=[str(task_id)], sector_ids=[]
        )
        return {"task_id": str(task_id), "grade": grade, "seq": stored.seq}

    about = {"task_id": str(task_id)}
    return await intend_in_operation(
        office, principal, operation_id, wish, name="track.lost", decide=decide, about=about
    )


async def track_collection(
    connection: AsyncConnection, operation_id: UUID, classes: ClassSet, *, task_id: UUID | None = None
) -> dict[str, Any]:
    """Return the tracks as GeoJSON lines: what counts and what is left out are features of their own."""
    require_headquarters(classes)
    state = await load_state(connection, operation_stream(operation_id))
    shown = await read_shown(connection, operation_id)
    features: list[dict[str, Any]] = []
    for track_id, held in sorted(state.get("tracks", {}).items()):
        if track_id not in shown or (task_id is not None and held.get("task_id") != str(task_id)):
            continue
        lines = orjson.loads(shown[track_id])
        features += [
            _feature(track_id, held, part, lines[part])
            for part in ("counted", "left_out")
            if lines[part] is not None
        ]
    return {"type": "FeatureCollection", "features": features}


def _feature(
    track_id: str, held: Mapping[str, Any], part: str, geometry: Mapping[str, Any]
) -> dict[str, Any]:
    names = ("name", "team_id", "task_id", "matched_by", "set_aside", "from", "to", "name_date")
    properties = {"track_id": track_id, "part": part, **{name: held.get(name) for name in names}}
    return {"type": "Feature", "id": f"{track_id}/{part}", "geometry": geometry, "properties": properties}
