"""Tracks, what they prove, and the judgement of people on it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from search_ops.domain.evidence_wishes import (
    JudgementWish,
    TrackAsideWish,
    TrackImportWish,
    TrackLostWish,
    TrackMatchWish,
    WidthsWish,
)
from search_ops.domain.rights import Right
from search_ops.services import evidence, tracks
from search_ops.services.reading import protected_read
from web.deps import Caller, GuardedRoute, OfficeDep, in_operation
from web.schemas.base import Id
from web.schemas.evidence import (
    EvidenceTable,
    GroundCollection,
    GroundFeature,
    ImportAsked,
    SectorJudged,
    TrackChanged,
    TrackCollection,
    TrackLost,
    WidthsRead,
    WidthsSet,
)

router = APIRouter(route_class=GuardedRoute, tags=["evidence"])

_O = "/api/operations/{operation_id}"
_ACCEPTED = 202


@router.post(_O + "/tracks/import", status_code=_ACCEPTED, response_model=ImportAsked)
async def post_import(
    body: TrackImportWish, caller: Annotated[Caller, in_operation(Right.TRACK_IMPORT)], office: OfficeDep
) -> dict[str, Any]:
    """Import tracks from files that were sent; the worker reads, matches and weighs them."""
    return await tracks.ask_import(office, caller.principal, caller.place_id, body)


@router.get(_O + "/tracks", response_model=TrackCollection)
async def get_tracks(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)],
    office: OfficeDep,
    task_id: Annotated[Id | None, Query()] = None,
) -> dict[str, Any]:
    """Return the tracks as lines for the map: what counts and what is left out, apart."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await tracks.track_collection(connection, caller.place_id, classes, task_id=task_id)

    return await protected_read(office, caller.principal, caller.place, "tracks", read)


@router.post(_O + "/tracks/{track_id}/match", response_model=TrackChanged)
async def post_match(
    body: TrackMatchWish,
    track_id: Id,
    caller: Annotated[Caller, in_operation(Right.TRACK_MATCH)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Say by hand whose track it is, and mend its clock."""
    return await tracks.match_by_hand(office, caller.principal, caller.place_id, track_id, body)


@router.post(_O + "/tracks/{track_id}/set-aside", response_model=TrackChanged)
async def post_set_aside(
    body: TrackAsideWish,
    track_id: Id,
    caller: Annotated[Caller, in_operation(Right.TRACK_MATCH)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Leave a track out of all figures."""
    return await tracks.set_aside(office, caller.principal, caller.place_id, track_id, body)


@router.post(_O + "/tasks/{task_id}/track-lost", response_model=TrackLost)
async def post_track_lost(
    body: TrackLostWish,
    task_id: Id,
    caller: Annotated[Caller, in_operation(Right.TRACK_MATCH)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Say that no track of a task will come."""
    return await tracks.declare_lost(office, caller.principal, caller.place_id, task_id, body)


@router.post(_O + "/sectors/{sector_id}/judgement", response_model=SectorJudged)
async def post_judgement(
    body: JudgementWish,
    sector_id: Id,
    caller: Annotated[Caller, in_operation(Right.SECTOR_JUDGE)],
    office: OfficeDep,
) -> dict[str, Any]:
    """Decide: this sector is searched enough, or it is searched again."""
    return await evidence.judge_sector(office, caller.principal, caller.place_id, sector_id, body)


@router.get(_O + "/sectors/{sector_id}/missing", response_model=GroundFeature)
async def get_missing(
    sector_id: Id, caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return what no track of a sector has swept."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await evidence.missing_part(connection, caller.place_id, classes, sector_id)

    return await protected_read(office, caller.principal, caller.place, "missing", read)


@router.get(_O + "/evidence", response_model=EvidenceTable)
async def get_evidence(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return the table of sectors: state, hours, coverage, detection of both subjects, grades."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await evidence.evidence_table(connection, caller.place_id, classes)

    return await protected_read(office, caller.principal, caller.place, "evidence", read)


@router.get(_O + "/coverage", response_model=GroundCollection)
async def get_coverage(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return the swept part of every weighed sector."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await evidence.swept_ground(connection, caller.place_id, classes)

    return await protected_read(office, caller.principal, caller.place, "coverage", read)


@router.get(_O + "/search-widths", response_model=WidthsRead)
async def get_widths(
    caller: Annotated[Caller, in_operation(Right.SECTOR_READ)], office: OfficeDep
) -> dict[str, Any]:
    """Return the sweep widths: settings, defaults with their sources, and what a sound search gives."""

    async def read(connection: Any, classes: Any) -> dict[str, Any]:
        return await evidence.read_widths(connection, caller.place_id, classes)

    return await protected_read(office, caller.principal, caller.place, "search widths", read)


@router.put(_O + "/search-widths", response_model=WidthsSet)
async def put_widths(
    body: WidthsWish, caller: Annotated[Caller, in_operation(Right.WIDTHS_SET)], office: OfficeDep
) -> dict[str, Any]:
    """Set what the sweep widths follow from; everything is weighed again."""
    return await evidence.set_widths(office, caller.principal, caller.place_id, body)
