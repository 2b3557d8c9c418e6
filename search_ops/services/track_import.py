"""Import of tracks: read, judged, matched, kept and weighed in one job; a broken file leaves others whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from uuid_utils.compat import uuid7

from geo.errors import TrackError
from geo.tracks import HABITS, judge
from search_ops.domain.events import further_id
from search_ops.domain.evidence_wishes import TrackImportWish, WeighWish
from search_ops.domain.track_matching import Match, TrackSigns, foreign_date, match_track
from search_ops.domain.visibility import HQ
from search_ops.importing.tracks import FileRefused, read_tracks
from search_ops.persistence.kept_files import find_file, read_file
from search_ops.persistence.tables import operation_record
from search_ops.persistence.tracks import PackedTrack, keep_tracks, known_fixes, pack
from search_ops.services.phone_tracks import collect_phone_tracks
from search_ops.services.scribe import Scribe, intend_in_operation, require_open
from search_ops.services.searched import Searched, lonlat_bounds, read_searched
from search_ops.services.track_lines import dates_of, shown_lines, times_of
from search_ops.services.weighing import weigh_now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

    from geo.formats.values import RawTrack
    from geo.tracks import Judged
    from search_ops.services.jobs import JobWork

ELSEWHERE_M: Final = 30_000.0
BEFORE_S: Final = 12 * 3600.0
NEAR_SECTOR_M: Final = 300.0
MOST_TRACKS: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Read:
    """One track of a file, judged."""

    raw: RawTrack
    file_id: UUID
    file_name: str
    judged: Judged
    packed: PackedTrack
    match: Match | None
    other_search: bool
    name_date: str | None


@dataclass(slots=True)
class _Report:
    """What the asker is told."""

    refused: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, name: str, reason: str, place: Mapping[str, int] | None = None) -> None:
        """Note a file of which nothing was taken, with why and where."""
        where = ", ".join(f"{part} {number}" for part, number in (place or {}).items())
        detail = f"{reason} ({where})" if where else reason
        self.refused.append({"name": name, "reason": reason, "place": dict(place or {}), "detail": detail})


async def import_tracks(work: JobWork) -> dict[str, Any]:
    """Import the tracks of the files of the wish and weigh what they touch.

    Returns
    -------
    dict
        ``kept``, ``matched``, ``unmatched`` and ``other_search`` (names), ``name_dates`` (names that tell
        another date than the points), ``duplicates``, ``empty``, ``refused`` (file and why), ``notes`` of the
        readers, and what weighing wrote.
    """
    wish = TrackImportWish.model_validate({**work.wish}, strict=False)
    report = _Report()
    async with work.office.engine.connect() as connection:
        searched = await read_searched(connection, work.operation_id, work.office.clock())
        span = await _time_of_operation(connection, work.operation_id, searched)
    navigators = _navigators(searched, wish)
    read: list[_Read] = []
    for number, file_id in enumerate(wish.file_ids):
        await work.progress(0.45 * number / len(wish.file_ids), "reading_tracks")
        async with work.office.engine.connect() as connection:
            about = await find_file(connection, work.operation_id, file_id)
            content = b"" if about is None else await read_file(connection, file_id)
        if about is None:
            report.refuse(str(file_id), "not_known")
            continue
        try:
            raws, notes = await asyncio.to_thread(read_tracks, content, about.name)
            found = [
                _judged(searched, raw, file_id, about.name, navigators=navigators, span=span) for raw in raws
            ]
        except FileRefused as refusal:
            report.refuse(about.name, refusal.reason, refusal.data["place"])
            continue
        except TrackError:
            report.refuse(about.name, "too_large")
            continue
        report.notes += [{"file_name": about.name, "code": note.code, "count": note.count} for note in notes]
        if len(read) + len(found) > MOST_TRACKS:
            report.refuse(about.name, "too_many_tracks")
            continue
        report.empty += [about.name] if not any(len(raw.points) for raw in raws) else []
        read += [one for one in found if one.packed.n]
    fresh = await _without_known(work, read, report)
    answer = await _keep(work, wish, fresh)
    task_ids = sorted({one.match.task_id for one in fresh if one.match is not None and one.match.task_id})
    await collect_phone_tracks(work, task_ids)
    # Two commands of one wish: their events must not take each other's ids.
    second = WeighWish(command_id=further_id(wish.command_id, 2), task_ids=task_ids, sector_ids=[])
    weighed = await weigh_now(work, second)
    return {**answer, **_told(fresh, report), "weighed": weighed["weighed"], "proposed": weighed["proposed"]}


async def _time_of_operation(
    connection: AsyncConnection, operation_id: UUID, searched: Searched
) -> tuple[float, float]:
    query = operation_record.select().where(operation_record.c.operation_id == operation_id)
    row = (await connection.execute(query)).one()
    until = row.closed_at or searched.now
    # People who left before the search was entered here count too, once headquarters says when they left.
    begins = [row.opened_at.timestamp(), *(window.from_s for window in searched.windows.values())]
    return min(begins) - BEFORE_S, (until + timedelta(seconds=BEFORE_S)).timestamp()


def _navigators(searched: Searched, wish: TrackImportWish) -> dict[str, str]:
    """Return number or device -> team: as told with the import, and as earlier tracks were matched."""
    known: dict[str, set[str]] = {}
    for held in searched.of("tracks").values():
        sure = held.get("matched_by") in {"name", "navigator", "hand"} and held.get("set_aside") is None
        if sure and held.get("device") and held.get("team_id"):
            known.setdefault(str(held["device"]), set()).add(str(held["team_id"]))
    learned = {device: next(iter(teams)) for device, teams in known.items() if len(teams) == 1}
    told = {one.number.lstrip("0") or "0": str(one.team_id) for one in wish.navigators}
    # A model without a number is on many wrists: only what carries a number tells one from another.
    return {device: team for device, team in learned.items() if any(map(str.isdigit, device))} | told


def _judged(
    searched: Searched,
    raw: RawTrack,
    file_id: UUID,
    file_name: str,
    *,
    navigators: Mapping[str, str],
    span: tuple[float, float],
) -> _Read:
    now_s = searched.now.timestamp()
    judged = judge(raw.points, searched.frame, HABITS["foot"], now_s=now_s)
    packed, sha256 = pack(raw.points)
    began = float(judged.way.t_s[0]) if judged.timed and len(judged.way.t_s) else None
    ended = float(judged.way.t_s[-1]) if began is not None else None
    places = np.column_stack((judged.way.x_m[::5], judged.way.y_m[::5]))
    line = shapely.MultiPoint(places) if len(places) else None
    names = [PurePath(file_name).stem, raw.name]
    signs = TrackSigns(names, raw.device, began, ended, _near(searched, line))
    callsigns = {team_id: str(team["callsign"]) for team_id, team in searched.of("teams").items()}
    match = match_track(
        signs, callsigns=callsigns, windows=list(searched.windows.values()), navigators=navigators
    )
    if match is not None:
        kind = str(searched.of("teams").get(match.team_id, {}).get("kind"))
        judged = judge(raw.points, searched.frame, HABITS.get(kind, HABITS["other"]), now_s=now_s)
    shown = shown_lines(judged, searched.frame)
    return _Read(
        raw,
        file_id,
        file_name,
        judged,
        PackedTrack(uuid7(), sha256, len(raw.points), packed, shown),
        match,
        _of_other_search(searched, line, began, ended, span),
        foreign_date(names, dates_of(judged, _zone(searched))),
    )


def _zone(searched: Searched) -> ZoneInfo:
    (operation,) = searched.of("operation").values()
    return ZoneInfo(operation["time_zone"])


def _near(searched: Searched, line: Any) -> dict[str, bool]:
    if line is None:
        return {}
    near = {}
    for task_id in searched.windows:
        ground = searched.grounds.get(str(searched.of("tasks")[task_id].get("sector_id")))
        near[task_id] = ground is not None and bool(shapely.dwithin(ground.metric, line, NEAR_SECTOR_M))
    return near


def _of_other_search(
    searched: Searched, line: Any, began: float | None, ended: float | None, span: tuple[float, float]
) -> bool:
    """Tell whether place or time belong to another search; a track without believed fixes tells nothing."""
    if line is None:
        return False
    if began is not None and ended is not None and (ended < span[0] or began > span[1]):
        return True
    if not searched.grounds:
        return False
    ground = shapely.box(*shapely.total_bounds([each.metric for each in searched.grounds.values()]))
    return not shapely.dwithin(ground, line, ELSEWHERE_M)


async def _without_known(work: JobWork, read: Sequence[_Read], report: _Report) -> list[_Read]:
    """Leave out what the operation keeps already, and the second of two equal tracks of this import."""
    async with work.office.engine.connect() as connection:
        known = await known_fixes(connection, work.operation_id, {one.packed.sha256 for one in read})
    fresh: dict[bytes, _Read] = {}
    for one in read:
        if one.packed.sha256 in known or one.packed.sha256 in fresh:
            report.duplicates.append(one.file_name)
        else:
            fresh[one.packed.sha256] = one
    return list(fresh.values())


async def _keep(work: JobWork, wish: TrackImportWish, fresh: Sequence[_Read]) -> dict[str, Any]:
    """Write tracks and their events, all or none."""

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        require_open(scribe.stream)
        packed = [one.packed for one in fresh]
        new = await keep_tracks(scribe.work.connection, work.operation_id, packed, scribe.work.now)
        for one in fresh:
            if one.packed.track_id not in new:
                continue
            scribe.write("track_kept", HQ, _payload(one))
            if one.other_search:
                aside = {"track_id": str(one.packed.track_id), "reason": "other_search"}
                scribe.write("track_set_aside", HQ, aside)
        return {"kept": len(new)}

    command = WeighWish(command_id=work.result_command(wish.command_id))
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, command, name="tracks.kept", decide=decide
    )


def _payload(one: _Read) -> dict[str, Any]:
    began, ended = times_of(one.judged)
    match = None if one.other_search else one.match
    return {
        "track_id": str(one.packed.track_id),
        "file_id": str(one.file_id),
        "sha256": one.packed.sha256.hex(),
        "name": one.raw.name or one.file_name,
        "device": one.raw.device,
        "from": began,
        "to": ended,
        "n": one.packed.n,
        "length_m": round(one.judged.way.length_m(), 1),
        "team_id": None if match is None else match.team_id,
        "task_id": None if match is None else match.task_id,
        "matched_by": None if match is None else match.matched_by,
        "flags": one.judged.counted(),
        "bbox": lonlat_bounds(one.judged, one.raw.points),
        "name_date": one.name_date,
    }


def _told(fresh: Sequence[_Read], report: _Report) -> dict[str, Any]:
    def names(chosen: list[_Read]) -> list[str]:
        return [f"{one.file_name}: {one.raw.name}" for one in chosen][:200]

    here = [one for one in fresh if not one.other_search]
    return {
        "matched": sum(one.match is not None for one in here),
        "unmatched": names([one for one in here if one.match is None]),
        "without_task": names([one for one in here if one.match is not None and one.match.task_id is None]),
        "other_search": names([one for one in fresh if one.other_search]),
        "name_dates": [_dated(one) for one in fresh if one.name_date is not None][:200],
        "duplicates": len(report.duplicates),
        "duplicate_files": report.duplicates[:200],
        "empty": report.empty[:200],
        "refused": report.refused[:200],
        "notes": report.notes[:200],
    }


def _dated(one: _Read) -> dict[str, Any]:
    began, ended = times_of(one.judged)
    return {"name": f"{one.file_name}: {one.raw.name}", "told": one.name_date, "from": began, "to": ended}
