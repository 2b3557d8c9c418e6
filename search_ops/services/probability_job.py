"""The map of probability as a job of the worker: read, make, keep, announce."""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import orjson
from sqlalchemy import text

from search_ops.domain.events import further_id, wire_time
from search_ops.domain.probability_wishes import ProbabilityWish
from search_ops.domain.visibility import HQ
from search_ops.lost_person import book
from search_ops.persistence.kept_files import described, find_file, write_file
from search_ops.services.probability_answer import answer, raster_bytes, raster_parts
from search_ops.services.probability_inputs import read_inputs
from search_ops.services.probability_map import make
from search_ops.services.probability_state import dump
from search_ops.services.scribe import Scribe, intend_in_operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.lost_person import Book
    from search_ops.services.jobs import JobWork
    from search_ops.services.probability_inputs import Inputs

PURPOSE: Final = "probability"
_STAMP: Final = text(
    "SELECT coalesce((SELECT string_agg(dataset_id::text, ',' ORDER BY dataset_id) FROM ground_dataset), '')"
    " || '/' ||"
    " coalesce((SELECT string_agg(dataset_id::text, ',' ORDER BY dataset_id) FROM relief_dataset), '')"
)


async def make_map(work: JobWork) -> dict[str, Any]:
    """Make the map and write it for the asker; returns the answer of the intent."""
    wish = ProbabilityWish.model_validate({**work.wish}, strict=False)
    await work.progress(0.05, "reading_ground")
    async with work.office.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        stamp = str(await connection.scalar(_STAMP))
        inputs = await read_inputs(connection, work.operation_id, work.office.clock(), stamp)
    await work.progress(0.3, "computing_probability")
    map_id = further_id(wish.command_id, 2)
    tables = await asyncio.to_thread(book, work.office.data_dir)
    now = wire_time(work.office.clock())
    files, told = await asyncio.to_thread(_computed, inputs, tables, str(map_id), now)
    await work.progress(0.9, "writing")

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        ids = {}
        for name, (media_type, content) in files.items():
            ids[name] = await _keep(scribe, work.operation_id, uuid5(map_id, name), media_type, content)
        payload = {
            "map_id": str(map_id),
            "file_id": ids["answer"],
            "raster_id": ids["raster"],
            "state_id": ids["state"],
            "causes": _causes(told),
            "notices": told["notices"],
            **{name: float(told[name]) for name in ("in_area", "outside_area", "beyond", "found")},
        }
        stored = scribe.write("probability_made", HQ, payload)
        return {"map_id": str(map_id), "seq": stored.seq}

    result = wish.model_copy(update={"command_id": work.result_command(wish.command_id)})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, result, name="probability.made", decide=decide
    )


def _computed(
    inputs: Inputs, tables: Book, map_id: str, made_at: str
) -> tuple[dict[str, tuple[str, bytes]], dict[str, Any]]:
    made = make(inputs, tables)
    told = answer(inputs, made, map_id=map_id, made_at=made_at)
    files = {
        "answer": ("application/json", orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)),
        "raster": ("application/octet-stream", raster_bytes(raster_parts(made))),
        "state": ("application/octet-stream", dump(made.ledger, [each.solved for each in made.explained])),
    }
    return files, told


async def _keep(scribe: Scribe, operation_id: UUID, file_id: UUID, media_type: str, content: bytes) -> str:
    body = io.BytesIO(content)
    about = described(
        body,
        file_id=file_id,
        operation_id=operation_id,
        name=PURPOSE,
        media_type=media_type,
        purpose=PURPOSE,
        kept_by=scribe.principal.id,
        kept_at=scribe.work.now,
    )
    connection = scribe.work.connection
    if await find_file(connection, operation_id, about.file_id) is None:
        await write_file(connection, about, body)
    return str(about.file_id)


def _causes(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what the map changed by, once each: for the history."""
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for change in told["changes"]:
        for cause in change["causes"]:
            key = (cause["code"], cause["text"])
            found.setdefault(key, {"code": cause["code"], "text": cause["text"], "grade": cause["grade"]})
    return list(found.values())[:20]
