"""Paper and files that leave: task sheets, packets, exports for navigators and map programs."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from search_ops.domain.paper_wishes import ExportWish, PacketWish
from search_ops.domain.rights import Right
from search_ops.services import export_job, exports, paper
from search_ops.services.magnetic import declination
from web.deps import Caller, GuardedRoute, OfficeDep, SettingsDep, SignedIn, in_operation
from web.schemas.base import Id
from web.schemas.paper import DeclinationRead, JobAsked, PacketAsked

router = APIRouter(route_class=GuardedRoute, tags=["paper"])

_ACCEPTED = 202
Language = Literal["ru", "en"]


def _file(name: str, content: bytes, media_type: str) -> Response:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


@router.get("/api/declination", response_model=DeclinationRead)
async def get_declination(
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    caller: SignedIn,  # noqa: ARG001 - any session is enough
    office: OfficeDep,
) -> dict[str, Any]:
    """Return how far a compass points east of true north there today."""
    return asdict(declination(lon, lat, office.clock()))


@router.post("/api/operations/{operation_id}/packets", status_code=_ACCEPTED, response_model=PacketAsked)
async def post_packet(
    body: PacketWish, caller: Annotated[Caller, in_operation(Right.PAPER_PRINT)], office: OfficeDep
) -> dict[str, Any]:
    """Print task sheets and maps of several teams as one PDF, as a job."""
    return await paper.print_packet(office, caller.principal, caller.place_id, body)


@router.post("/api/operations/{operation_id}/exports", status_code=_ACCEPTED, response_model=JobAsked)
async def post_export(
    body: ExportWish, caller: Annotated[Caller, in_operation(Right.FILE_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Write everything of a large search for map programs, as a job whose result is a kept file."""
    return await export_job.ask_export(office, caller.principal, caller.place_id, body)


@router.get(
    "/api/operations/{operation_id}/tasks/{task_id}/sheet.pdf",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_sheet(
    task_id: Id,
    caller: Annotated[Caller, in_operation(Right.SHEET_READ)],
    office: OfficeDep,
    settings: SettingsDep,
    lang: Annotated[Language, Query()] = "ru",
) -> Response:
    """Return one task's sheet as PDF; a participant gets that of his own team only."""
    options = paper.PaperOptions(lang, settings.public_url, office.clock())
    name, content = await paper.task_sheet(office, caller.principal, caller.place, task_id, options)
    return _file(name, content, "application/pdf")


@router.get(
    "/api/operations/{operation_id}/exports/{format}",
    response_class=Response,
    responses={
        200: {
            "content": {
                media: {"schema": {"type": "string", "format": "binary"}}
                for media in sorted(set(exports.MEDIA_TYPES.values()))
            }
        }
    },
)
async def get_export(
    *,
    format: exports.ExportFormat,  # noqa: A002 - the word in the path
    caller: Annotated[Caller, in_operation(Right.EXPORT_READ)],
    office: OfficeDep,
    team_id: Annotated[Id | None, Query()] = None,
    lang: Annotated[Language, Query()] = "ru",
    last_known: Annotated[Literal["true", "false"], Query()] = "false",
) -> Response:
    """Return a file for navigators or map programs: a team's own, or everything that the caller may see."""
    options = exports.ExportOptions(team_id, lang, last_known == "true")
    name, content = await exports.export(office, caller.principal, caller.place, format, options)
    return _file(name, content, exports.MEDIA_TYPES[format])
