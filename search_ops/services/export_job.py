"""Everything of a large search as a job of the worker: gathered track by track, written, kept as a file."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from search_ops.domain.paper_wishes import ExportWish
from search_ops.errors import NotKnown
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.grants import place_of_stream
from search_ops.persistence.kept_files import described
from search_ops.services.export_everything import MOST_FIXES
from search_ops.services.exports import MEDIA_TYPES, ExportOptions, export
from search_ops.services.files import keep
from search_ops.services.jobs import defer_job
from search_ops.services.scribe import Scribe, intend_in_operation

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office
    from search_ops.services.jobs import JobWork

KIND: Final = "export"


async def ask_export(
    office: Office, principal: Principal, operation_id: UUID, wish: ExportWish
) -> dict[str, Any]:
    """Ask for the file; returns ``{"job_id"}``, whose result is ``{"file_id", "name", "bytes"}``."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        return {"job_id": str(await defer_job(scribe.work, principal, operation_id, KIND, wish))}

    return await intend_in_operation(
        office, principal, operation_id, wish, name="export.write", decide=decide
    )


async def everything_file(work: JobWork) -> dict[str, Any]:
    """Write the file and keep it with the search.

    Returns
    -------
    dict
        ``{"file_id", "name", "bytes"}``.
    """
    wish = ExportWish.model_validate(work.wish)
    async with work.office.engine.connect() as connection:
        place = await place_of_stream(connection, operation_stream(work.operation_id))
    if place is None:
        raise NotKnown
    await work.progress(0.1, "reading_tracks")
    options = ExportOptions(None, wish.language, wish.last_known, MOST_FIXES)
    name, content = await export(work.office, work.principal, place, wish.format, options)
    await work.progress(0.9, "writing")
    about = described(
        BytesIO(content),
        file_id=work.result_command(wish.command_id),
        operation_id=work.operation_id,
        name=name,
        media_type=MEDIA_TYPES[wish.format],
        purpose=KIND,
        kept_by=work.principal.id,
        kept_at=work.office.clock(),
    )
    await keep(work.office, about, BytesIO(content))
    return {"file_id": str(about.file_id), "name": name, "bytes": len(content)}
