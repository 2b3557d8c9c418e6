"""Tracks for the tests of evidence: walked over a sector, written as GPX, sent, imported by a worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import numpy as np
from uuid_utils.compat import uuid7

from geo.crs import LocalFrame
from search_ops.domain.evidence_wishes import TrackImportWish
from search_ops.services.files import take_in
from search_ops.services.geometries import geometry_of
from search_ops.services.jobs import Asked, read_job
from search_ops.services.tracks import ask_import
from search_ops.services.working import do_job, work_on, worker_app
from tests.geo.tracks_of import walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pydantic import BaseModel

    from search_ops.persistence.embedded import DatabaseUrls
    from tests.services.conftest import Desk

OUT_BEFORE = timedelta(hours=2)
BACK_BEFORE = timedelta(minutes=5)


def gpx(fixes: Any, name: str = "ACTIVE LOG", creator: str = "eTrex 20", *, timed: bool = True) -> bytes:
    """Return a GPX file of one track."""
    points = []
    for fix in fixes:
        at = datetime.fromtimestamp(float(fix["t_s"]), UTC).isoformat()
        time = f"<time>{at}</time>" if timed else ""
        points.append(f'<trkpt lat="{float(fix["lat"]):.7f}" lon="{float(fix["lon"]):.7f}">{time}</trkpt>')
    return (
        f'<?xml version="1.0"?><gpx version="1.1" creator="{creator}" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><name>{name}</name><trkseg>{''.join(points)}</trkseg></trk></gpx>"
    ).encode()


async def lanes(desk: Desk, sector_id: UUID, spacing_m: float = 40.0, *, share: float = 1.0) -> Any:
    """Return a walk in lanes over the southern share of a sector, from leaving to return."""
    state = await desk.state()
    frame = LocalFrame.at(*state["area"][str(desk.operation_id)]["origin"])
    async with desk.office.engine.connect() as connection:
        geometry = await geometry_of(connection, state["sectors"][str(sector_id)])
    assert geometry is not None
    west, south, east, north = frame.to_metric(geometry).bounds
    rows = np.arange(south + spacing_m / 2, south + (north - south) * share, spacing_m)
    corners = [
        (x, float(y))
        for index, y in enumerate(rows)
        for x in ((west, east) if index % 2 == 0 else (east, west))
    ]
    begun = desk.office.clock() - OUT_BEFORE
    length_m = float(np.hypot(*np.diff(np.array(corners), axis=0).T).sum())
    mps = length_m / (OUT_BEFORE - BACK_BEFORE).total_seconds()
    return walk(frame, corners, start_s=begun.timestamp(), mps=mps, every_s=10.0)


async def finished(desk: Desk, team_id: UUID, sector_id: UUID, **more: Any) -> UUID:
    """Give a sector, let the team leave and come back; return the task."""
    task_id = await desk.give(team_id, sector_id, **more)
    now = desk.office.clock()
    await desk.move(task_id, "briefed")
    await desk.move(task_id, "out", at=now - OUT_BEFORE)
    await desk.move(task_id, "on_task", at=now - OUT_BEFORE)
    await desk.move(task_id, "returning", "back", at=now - BACK_BEFORE)
    return task_id


async def sent(desk: Desk, name: str, content: bytes) -> UUID:
    """Send a file and return its id."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    file_id = uuid7()
    await take_in(desk.office, desk.me, desk.operation_id, file_id=file_id, name=name, sent=pieces())
    return file_id


async def work(desk: Desk, database: DatabaseUrls) -> None:
    """Run a worker until its queue is empty."""
    app = worker_app(desk.office, database.app_url)
    async with app.open_async():
        await work_on(app, desk.office, wait=False)


async def at_once(desk: Desk, kind: str, wish: BaseModel) -> dict[str, Any]:
    """Do a job here, without a worker, and return its result."""
    asked = Asked(uuid7(), desk.operation_id, kind, desk.me, wish.model_dump(mode="json"))
    await do_job(desk.office, asked.as_json())
    job = await read_job(desk.office, desk.operation_id, asked.job_id)
    assert job["state"] == "done", job
    result: dict[str, Any] = job["result"]
    return result


async def imported(
    desk: Desk, database: DatabaseUrls | None, files: dict[str, bytes], **more: Any
) -> dict[str, Any]:
    """Import files by a worker (without a database: here) and return the result of the job."""
    file_ids = [await sent(desk, name, content) for name, content in files.items()]
    wish = TrackImportWish.model_validate({"command_id": uuid7(), "file_ids": file_ids, **more})
    if database is None:
        return await at_once(desk, "tracks", wish)
    asked = await ask_import(desk.office, desk.me, desk.operation_id, wish)
    await work(desk, database)
    job = await read_job(desk.office, desk.operation_id, UUID(asked["job_id"]))
    assert job["state"] == "done", job
    result: dict[str, Any] = job["result"]
    return result
