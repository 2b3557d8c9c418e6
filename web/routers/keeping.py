"""Keeping: a backup onto the stick by a button, and the sheet of all teams for the hour without screens."""

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from search_ops.domain.board_wishes import BoardScheduleWish
from search_ops.domain.rights import Right
from search_ops.services.board_paper import board_pdf
from search_ops.services.board_schedule import set_schedule
from search_ops.services.keeping_rounds import read_record
from search_ops.settings import Settings
from web.deps import Caller, GuardedRoute, KeepingDep, OfficeDep, SettingsDep, at_installation, in_operation
from web.schemas.desk import Done
from web.schemas.keeping import BackupTold

router = APIRouter(route_class=GuardedRoute, tags=["keeping"])

_PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("/api/backups", response_model=BackupTold)
async def get_backups(
    _: Annotated[Caller, at_installation(Right.BACKUP_MAKE)], settings: SettingsDep
) -> dict[str, Any]:
    """Tell how the last backup went, and whether a folder for backups is named."""
    return _told(settings, read_record(settings.data_dir))


@router.post("/api/backups", status_code=201, response_model=BackupTold)
async def post_backup(
    _: Annotated[Caller, at_installation(Right.BACKUP_MAKE)], keeping: KeepingDep, settings: SettingsDep
) -> dict[str, Any]:
    """Write a verified backup into the operator's folder now; 409 while one runs."""
    return _told(settings, await keeping.back_up())


def _told(settings: Settings, record: dict[str, Any] | None) -> dict[str, Any]:
    has_folder = settings.backup_dir is not None
    return {"has_folder": has_folder, "every_min": settings.backup_every_min, **(record or {})}


@router.get("/api/operations/{operation_id}/board.pdf", response_class=Response, responses=_PDF)
async def get_board(
    caller: Annotated[Caller, in_operation(Right.PAPER_PRINT)],
    office: OfficeDep,
    lang: Annotated[Literal["ru", "en"], Query()] = "ru",
) -> Response:
    """Return all teams, tasks, due times and phones as PDF."""
    name, content = await board_pdf(office, caller.principal, caller.place, lang, office.clock())
    headers = {
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)


@router.put("/api/operations/{operation_id}/board-schedule", response_model=Done)
async def put_board_schedule(
    body: BoardScheduleWish, caller: Annotated[Caller, in_operation(Right.PAPER_PRINT)], office: OfficeDep
) -> dict[str, Any]:
    """Agree how often that sheet is written by itself; 409 `operation_closed`."""
    return await set_schedule(office, caller.principal, caller.place_id, body)
