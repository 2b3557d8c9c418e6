"""Files of an operation: brought from a stick or a navigator, or made for printing."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from search_ops.domain.rights import Right
from search_ops.services import files
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.files import FileKept

router = APIRouter(route_class=GuardedRoute, tags=["files"])

_CREATED = 201


@router.post(
    "/api/operations/{operation_id}/files",
    status_code=_CREATED,
    response_model=FileKept,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def post_file(
    file_id: Annotated[UUID, Query()],
    name: Annotated[str, Query(min_length=1, max_length=200)],
    request: Request,
    caller: Annotated[Caller, in_operation(Right.FILE_SEND)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Keep a file, at most 64 MiB; what it is for is said by the command that uses it."""
    return await files.take_in(
        office, caller.principal, caller.place_id, file_id=file_id, name=name, sent=request.stream()
    )


@router.get(
    "/api/operations/{operation_id}/files/{file_id}",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/octet-stream": {}}}},
)
async def get_file(
    file_id: Id, caller: Annotated[Caller, in_operation(Right.FILE_READ)], office: OfficeDep
) -> StreamingResponse:
    """Return a file as it was kept."""
    about = await files.open_file(office, caller.place_id, file_id)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(about.name, safe='')}",
        "Content-Length": str(about.size_bytes),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(files.content_of(office, about), media_type=about.media_type, headers=headers)
