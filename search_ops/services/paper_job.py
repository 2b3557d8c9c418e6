"""A packet of sheets as a job of the worker: gathered, drawn, kept as a file of the operation."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Any

import shapely

from search_ops.domain.paper_wishes import PacketWish
from search_ops.errors import NotKnown
from search_ops.paper.frame import frame_for
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.grants import place_of_stream
from search_ops.persistence.kept_files import described
from search_ops.services.files import keep
from search_ops.services.paper import (
    PaperOptions,
    file_stem,
    read_state,
    render,
    sheet_facts,
    tasks_to_print,
)
from search_ops.services.reading import protected_read
from search_ops.settings import settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.visibility import ClassSet
    from search_ops.paper.facts import SheetFacts
    from search_ops.services.jobs import JobWork

_GATHERED = 0.5


async def packet(work: JobWork) -> dict[str, Any]:
    """Print the sheets asked for.

    Returns
    -------
    dict
        ``{"file_id", "name", "sheets", "maps"}``; every map with its task, callsign, label, scale, whether it
        lies on its side, and in ``wanted_scale`` the one asked for where that did not hold the sector.
    """
    wish = PacketWish.model_validate(work.wish)
    options = PaperOptions(
        wish.language,
        settings().public_url,
        work.office.clock(),
        wish.scale,
        frozenset(wish.layers),
        tuple((raster.layer_id, raster.opacity) for raster in wish.rasters),
    )
    async with work.office.engine.connect() as connection:
        place = await place_of_stream(connection, operation_stream(work.operation_id))
    if place is None:
        raise NotKnown

    async def read(connection: AsyncConnection, classes: ClassSet) -> dict[str, SheetFacts]:
        state = await read_state(connection, work.office, place, classes)
        task_ids = tasks_to_print(state, wish.task_ids, wish.team_ids)
        sheets = {}
        for number, task_id in enumerate(task_ids):
            await work.progress(_GATHERED * number / len(task_ids), "reading_ground")
            sheets[task_id] = await sheet_facts(connection, state, task_id, options)
        return sheets

    by_task = await protected_read(work.office, work.principal, place, "packet", read)
    sheets = list(by_task.values())
    await work.progress(_GATHERED, "drawing_paper")
    pdf = await asyncio.to_thread(render, sheets, wish.language)
    await work.progress(0.95, "writing")
    whose = sheets[0]["callsign"] if len(sheets) == 1 else sheets[0]["number"]
    about = described(
        BytesIO(pdf),
        file_id=work.result_command(wish.command_id),
        operation_id=work.operation_id,
        name=f"{file_stem(options.now, whose, sheets[0]['zone_name'])}.pdf",
        media_type="application/pdf",
        purpose="packet",
        kept_by=work.principal.id,
        kept_at=options.now,
    )
    await keep(work.office, about, BytesIO(pdf))
    maps = [_map(task_id, facts) for task_id, facts in by_task.items()]
    return {"file_id": str(about.file_id), "name": about.name, "sheets": len(sheets), "maps": maps}


def _map(task_id: str, facts: SheetFacts) -> dict[str, Any]:
    frame = frame_for(shapely.from_wkb(facts["wkb"]), facts["scale"])
    return {
        "task_id": task_id,
        "callsign": facts["callsign"],
        "label": facts["label"],
        "scale": frame.scale,
        "wanted_scale": None if facts["scale"] in {None, frame.scale} else facts["scale"],
        "landscape": frame.landscape,
    }
