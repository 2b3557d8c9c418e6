"""Positions of phones as tracks: a team that carries no navigator has searched too. For the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from uuid_utils.compat import uuid7

from geo.tracks import judge
from search_ops.domain.evidence_wishes import WeighWish
from search_ops.domain.visibility import HQ
from search_ops.persistence.tracks import PackedTrack, keep_tracks, pack, positions_of
from search_ops.services.scribe import Scribe, intend_in_operation
from search_ops.services.searched import DONE, Searched, lonlat_bounds, read_searched
from search_ops.services.track_lines import shown_lines, times_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from geo.tracks import Fixes
    from search_ops.services.jobs import JobWork

_FEWEST: Final = 10
_DEVICE_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class _Found:
    packed: PackedTrack
    payload: dict[str, Any]


async def collect_phone_tracks(work: JobWork, task_ids: Collection[str] | None) -> int:
    """Keep what the phones of finished tasks sent as tracks; return how many are new.

    A phone that sends the rest later makes a longer track, which puts the shorter one aside.
    """
    async with work.office.engine.connect() as connection:
        searched = await read_searched(connection, work.operation_id, work.office.clock())
        found: list[_Found] = []
        for task_id, window in searched.windows.items():
            task = searched.of("tasks")[task_id]
            if task["state"] not in DONE or (task_ids is not None and task_id not in task_ids):
                continue
            team = searched.of("teams").get(window.team_id, {})
            members = {UUID(member) for member in team.get("member_ids") or ()}
            since, until = (datetime.fromtimestamp(at_s, UTC) for at_s in (window.from_s, window.to_s))
            sent = await positions_of(connection, work.operation_id, members, since, until)
            found += [
                _phone_track(searched, task_id, person, fixes)
                for person, fixes in sent.items()
                if len(fixes) >= _FEWEST
            ]
    fresh = [one for one in found if str(one.packed.track_id) not in searched.of("tracks")]
    if not fresh:
        return 0

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        return await _write(scribe, work.operation_id, fresh)

    # A job done twice finds the tracks kept: its own fresh id does no harm.
    wish = WeighWish(command_id=uuid7())
    answer = await intend_in_operation(
        work.office, work.principal, work.operation_id, wish, name="tracks.phones", decide=decide
    )
    return int(answer["kept"])


def _phone_track(searched: Searched, task_id: str, who: tuple[UUID, UUID], fixes: Fixes) -> _Found:
    device_id = who[1]
    packed, sha256 = pack(fixes)
    judged = judge(fixes, searched.frame, searched.habits_of_task(task_id), now_s=searched.now.timestamp())
    track_id = uuid5(UUID(task_id), f"{device_id}/{sha256.hex()}")
    began, ended = times_of(judged)
    task = searched.of("tasks")[task_id]
    payload = {
        "track_id": str(track_id),
        "file_id": None,
        "sha256": sha256.hex(),
        # No name of a person: the log's open fields outlive what is erased.
        "name": str(searched.of("teams").get(str(task["team_id"]), {}).get("callsign", "")),
        "device": f"phone {device_id.hex[-_DEVICE_DIGITS:]}",
        "from": began,
        "to": ended,
        "n": len(fixes),
        "length_m": round(judged.way.length_m(), 1),
        "team_id": str(task["team_id"]),
        "task_id": task_id,
        "matched_by": "time",
        "flags": judged.counted(),
        "bbox": lonlat_bounds(judged, fixes),
    }
    shown = shown_lines(judged, searched.frame)
    return _Found(PackedTrack(track_id, sha256, len(fixes), packed, shown), payload)


async def _write(scribe: Scribe, operation_id: UUID, fresh: list[_Found]) -> Mapping[str, Any]:
    new = await keep_tracks(
        scribe.work.connection, operation_id, [one.packed for one in fresh], scribe.work.now
    )
    for one in fresh:
        if one.packed.track_id not in new:
            continue
        for track_id, held in scribe.stream.all("tracks"):
            same = all(held[name] == one.payload[name] for name in ("device", "task_id", "file_id"))
            if same and held.get("set_aside") is None:
                scribe.write("track_set_aside", HQ, {"track_id": track_id, "reason": "duplicate"})
        scribe.write("track_kept", HQ, one.payload)
    return {"kept": len(new)}
