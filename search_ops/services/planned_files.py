"""Answers of the worker that are too long for the log: kept as files of the operation, named by an event."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from search_ops.persistence.kept_files import described, find_file, read_file, write_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.services.scribe import Scribe


async def keep_answer(
    scribe: Scribe, operation_id: UUID, file_id: UUID, purpose: str, told: Mapping[str, Any]
) -> str:
    """Keep an answer in the transaction that names it; return its id.

    A job that is done twice keeps it once.
    """
    body = io.BytesIO(orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY))
    about = described(
        body,
        file_id=file_id,
        operation_id=operation_id,
        name=purpose,
        media_type="application/json",
        purpose=purpose,
        kept_by=scribe.principal.id,
        kept_at=scribe.work.now,
    )
    connection = scribe.work.connection
    if await find_file(connection, operation_id, about.file_id) is None:
        await write_file(connection, about, body)
    return str(about.file_id)


async def read_answer(connection: AsyncConnection, file_id: str) -> dict[str, Any]:
    """Read an answer back."""
    found: dict[str, Any] = orjson.loads(await read_file(connection, UUID(file_id)))
    return found
