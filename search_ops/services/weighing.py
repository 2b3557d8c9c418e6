"""Weighing: what tracks and words prove of each sector, written as evidence; proposals when it is not enough.

A job of the worker. It is done again whenever tracks, widths or sectors change, and writes only what differs.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import shapely

from geo.errors import EffortError
from geo.search_coverage_weigh import SUBJECTS, Figures, Weighed, Work, weigh
from geo.sweep import light_at
from geo.tracks import watched_share
from search_ops.domain.evidence import TrackSeen, grade_of, shortfall
from search_ops.domain.evidence_wishes import WeighWish
from search_ops.domain.transitions import AWAY_TASKS, UNFINISHED_TASKS
from search_ops.domain.visibility import HQ
from search_ops.services.calls_heard import CallBook, air_over, counted, heard_field, heard_places
from search_ops.services.geometries import geometry_field
from search_ops.services.phone_tracks import collect_phone_tracks
from search_ops.services.scribe import Scribe, intend_in_operation
from search_ops.services.search_widths import Called, TaskSweep, settings_of, sweep_of_task
from search_ops.services.searched import DONE, Searched, read_searched, unbelieved_share, ways_of_tasks
from search_ops.services.sector_ground import covers_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from search_ops.services.jobs import JobWork
    from search_ops.services.searched import Ground, Walked

_REACH_M: Final = 500.0
_NOTICED: Final = 0.005  # a neighbour's way over less of a sector is not worth a row
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What an event of evidence will say, but for the geometry of what is missing."""

    sector_id: str
    task_id: str
    payload: dict[str, Any]
    heard: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class SectorWeighed:
    """A sector with its rows and what is missing, metric; None: all of it, or nothing to draw."""

    sector_id: str
    rows: Sequence[Row]
    missing: BaseGeometry | None


async def weigh_evidence(work: JobWork) -> dict[str, Any]:
    """Weigh the tasks and sectors of the wish (none named: all); return how many rows were written."""
    wish = WeighWish.model_validate({**work.wish}, strict=False)
    await collect_phone_tracks(work, wish.task_ids)
    return await weigh_now(work, wish)


async def weigh_now(work: JobWork, wish: WeighWish) -> dict[str, Any]:
    """Weigh and write; phones' tracks are in already."""
    await work.progress(0.5, "reading_tracks")
    async with work.office.engine.connect() as connection:
        searched = await read_searched(connection, work.operation_id, work.office.clock())
        walked = await ways_of_tasks(connection, work.operation_id, searched)
        chosen = await asyncio.to_thread(affected_sectors, searched, walked, wish.task_ids, wish.sector_ids)
        lonlat = {each: searched.frame.to_lonlat(searched.grounds[each].metric) for each in chosen}
        covers = await covers_of(connection, lonlat)
    book = CallBook(searched, walked)
    done: list[SectorWeighed] = []
    for number, sector_id in enumerate(chosen):
        await work.progress(0.6 + 0.35 * number / len(chosen), "weighing")
        weighed = await asyncio.to_thread(
            weigh_sector, searched, sector_id, walked, cover=covers.get(sector_id), book=book
        )
        if weighed is not None:
            done.append(weighed)

    async def decide(scribe: Scribe) -> Mapping[str, Any]:
        return await _write(scribe, searched, done)

    command = wish.model_copy(update={"command_id": work.result_command(wish.command_id)})
    return await intend_in_operation(
        work.office, work.principal, work.operation_id, command, name="evidence.weigh", decide=decide
    )


def affected_sectors(
    searched: Searched,
    walked: Mapping[str, Sequence[Walked]],
    task_ids: Collection[str] | None,
    sector_ids: Collection[str] | None,
) -> list[str]:
    """Return the sectors in force that these tasks or sectors touch, in order of their labels."""
    grounds = searched.grounds
    if task_ids is None and sector_ids is None:
        found = set(grounds)
    else:
        found = {sector_id for sector_id in sector_ids or () if sector_id in grounds}
        # A row that stands must go when the way it came from no longer touches.
        found |= {
            str(row["sector_id"])
            for row in searched.of("evidence").values()
            if row.get("task_id") in set(task_ids or ()) and row["sector_id"] in grounds
        }
        for task_id in task_ids or ():
            found |= _near(searched, task_id, walked.get(task_id, ()))
    return sorted(found, key=lambda sector_id: str(grounds[sector_id].sector["label"]))


def _near(searched: Searched, task_id: str, tracks: Sequence[Walked]) -> set[str]:
    task = searched.of("tasks").get(task_id)
    if task is None:
        return set()
    own = str(task.get("sector_id"))
    found = {
        sector_id
        for sector_id in searched.grounds
        if sector_id == own or own in searched.origin_of(sector_id)
    }
    lines = [line for one in tracks for line in one.way.lines()]
    if lines and searched.grounds:
        ids = list(searched.grounds)
        tree = shapely.STRtree([searched.grounds[sector_id].metric for sector_id in ids])
        hits = tree.query(lines, predicate="dwithin", distance=_REACH_M)[1]
        found |= {ids[index] for index in hits}
    return found


def weigh_sector(
    searched: Searched,
    sector_id: str,
    walked: Mapping[str, Sequence[Walked]],
    *,
    cover: Mapping[str, float] | None,
    book: CallBook,
) -> SectorWeighed | None:
    """Weigh all that was done in one sector, on its land cover; None when it is too large to be weighed."""
    air = air_over(searched, sector_id, cover)
    called = {task_id: book.of_task(task_id, air) for task_id in walked}
    ground = searched.grounds[sector_id]
    origin = searched.origin_of(sector_id)
    tasks = searched.of("tasks")
    here = {
        task_id: sweep
        for task_id, tracks in walked.items()
        if (sweep := _sweep(searched, sector_id, task_id, tracks, cover=cover, called=called[task_id]))
        is not None
    }
    works = [
        Work([one.way for one in walked[task_id]], sweep.sweeps, sweep.apart, counted(sweep, called[task_id]))
        for task_id, sweep in here.items()
    ]
    try:
        weighed = weigh(ground.metric, works)
    except EffortError:
        return None
    lost = {
        task_id: held
        for task_id, held in searched.of("lost_tracks").items()
        if task_id not in here and {str(tasks.get(task_id, {}).get("sector_id"))} & {sector_id, *origin}
    }
    target = _target(searched, sector_id, origin, here)
    common = _common(weighed, target)
    rows = [
        _row(
            searched,
            sector_id,
            task_id,
            figures=figures,
            sweep=sweep,
            tracks=walked[task_id],
            common=common,
            called=called[task_id],
        )
        for (task_id, sweep), figures in zip(here.items(), weighed.works, strict=True)
    ]
    rows = [row for row in rows if row.payload["own"] or row.payload["swept_share"] >= _NOTICED]
    rows += [_word_row(searched, sector_id, task_id, held, common) for task_id, held in lost.items()]
    rows += _emptied(searched, sector_id, {row.task_id for row in rows}, common)
    missing = weighed.missing[target["subject"]]
    return SectorWeighed(sector_id, rows, None if missing.is_empty else missing)


def _sweep(
    searched: Searched,
    sector_id: str,
    task_id: str,
    tracks: Sequence[Walked],
    *,
    cover: Mapping[str, float] | None,
    called: Called | None,
) -> TaskSweep | None:
    task = searched.of("tasks")[task_id]
    team = searched.of("teams").get(str(task.get("team_id")), {})
    if not any(one.way.counts.any() for one in tracks) and task.get("sector_id") != sector_id:
        return None
    window = searched.windows.get(task_id)
    middle_s = searched.now.timestamp() if window is None else (window.from_s + window.to_s) / 2.0
    return sweep_of_task(
        settings_of(next(iter(searched.of("search_widths").values()), None)),
        task_id=task_id,
        sector_id=sector_id,
        method_text=f"{task.get('method') or ''} {task.get('text') or ''}",
        team_kind=str(team.get("kind", "other")),
        people=max(1, len(team.get("member_ids") or ())),
        tracks=max(1, len(tracks)),
        light=light_at(searched.frame.lon_deg, searched.frame.lat_deg, middle_s),
        cover=cover,
        called=called,
    )


def _target(
    searched: Searched, sector_id: str, origin: frozenset[str], here: Mapping[str, TaskSweep]
) -> dict[str, Any]:
    """Return the target of the last task that was given this ground, else of any that walked it."""
    tasks = searched.of("tasks")
    own = [task_id for task_id in here if {str(tasks[task_id].get("sector_id"))} & {sector_id, *origin}]
    chosen = max(own or here, key=lambda task_id: str(tasks[task_id].get("given_at")), default=None)
    if chosen is not None:
        return here[chosen].target
    settings = settings_of(next(iter(searched.of("search_widths").values()), None))
    return {"subject": "unresponsive", "pod": settings.target_of("unresponsive")}


def _common(weighed: Weighed, target: Mapping[str, Any]) -> dict[str, Any]:
    cumulative = {subject: round(weighed.pod[subject], _DIGITS) for subject in SUBJECTS}
    share = round(weighed.swept_share[target["subject"]], _DIGITS)
    return {"target": dict(target), "cumulative": {**cumulative, "swept_share": share}}


def _row(
    searched: Searched,
    sector_id: str,
    task_id: str,
    *,
    figures: Figures,
    sweep: TaskSweep,
    tracks: Sequence[Walked],
    common: Mapping[str, Any],
    called: Called | None,
) -> Row:
    window = searched.windows.get(task_id)
    seen = [
        TrackSeen(
            one.judged.timed,
            0.0 if window is None else watched_share(one.way, window.from_s, window.to_s),
            unbelieved_share(one.judged),
        )
        for one in tracks
    ]
    payload = {
        **_identity(searched, sector_id, task_id),
        "grade": grade_of(seen),
        "track_ids": sorted(one.track_id for one in tracks),
        "length_m": round(figures.length_m, 1),
        "time_s": round(figures.time_s),
        "swept_share": round(figures.swept_share[common["target"]["subject"]], _DIGITS),
        "widths": sweep.provenance,
        **common,
    }
    for subject in SUBJECTS:
        payload[f"coverage_{subject}"] = round(figures.coverage[subject], _DIGITS)
        payload[f"pod_{subject}"] = round(figures.pod[subject], _DIGITS)
    counts = counted(sweep, called)
    heard = heard_places(searched, called) if called is not None and counts and payload["own"] else None
    return Row(sector_id, task_id, payload, heard)


def _identity(searched: Searched, sector_id: str, task_id: str) -> dict[str, Any]:
    given = str(searched.of("tasks").get(task_id, {}).get("sector_id"))
    return {
        "evidence_id": str(uuid5(UUID(sector_id), task_id)),
        "sector_id": sector_id,
        "task_id": task_id,
        "own": given == sector_id,
        "carried_from": [given] if given in searched.origin_of(sector_id) else [],
    }


def _without_figures(common: Mapping[str, Any]) -> dict[str, Any]:
    figures = {f"{what}_{subject}": None for what in ("coverage", "pod") for subject in SUBJECTS}
    return {"track_ids": [], "length_m": 0.0, "time_s": 0, "widths": {}, **figures, **common}


def _word_row(
    searched: Searched, sector_id: str, task_id: str, held: Mapping[str, Any], common: Mapping[str, Any]
) -> Row:
    """Return the row of a task that is known by word only: a grade, and no figure."""
    known = {"grade": held["grade"], "swept_share": None}
    return Row(
        sector_id,
        task_id,
        {**_identity(searched, sector_id, task_id), **known, **_without_figures(common)},
    )


def _emptied(
    searched: Searched, sector_id: str, present: Collection[str], common: Mapping[str, Any]
) -> list[Row]:
    """Return empty rows for those that stand and no longer follow from anything: the task waits again."""
    rows = []
    for row in searched.of("evidence").values():
        if row["sector_id"] != sector_id or row["task_id"] in present:
            continue
        identity = {**_identity(searched, sector_id, str(row["task_id"])), "own": False, "carried_from": []}
        known = {"grade": row["grade"], "swept_share": 0.0}
        rows.append(Row(sector_id, str(row["task_id"]), {**identity, **known, **_without_figures(common)}))
    return rows


# ---- writing -----------------------------------------------------------------------------------


async def _write(scribe: Scribe, searched: Searched, done: Sequence[SectorWeighed]) -> Mapping[str, Any]:
    written = proposed = 0
    for weighed in done:
        sector = scribe.stream.get("sectors", weighed.sector_id)
        if sector is None or sector["retired"]:
            continue
        missing = await _missing_field(scribe, searched, weighed)
        payloads = [
            {**row.payload, "missing": missing, "heard": await heard_field(scribe, row.heard)}
            for row in weighed.rows
        ]
        changed = [payload for payload in payloads if _differs(scribe, payload)]
        for payload in changed:
            scribe.write("evidence_weighed", HQ, payload)
        written += len(changed)
        if _propose(scribe, searched.grounds[weighed.sector_id], weighed, missing, changed=bool(changed)):
            proposed += 1
    return {"weighed": written, "proposed": proposed, "sectors": len(done)}


async def _missing_field(scribe: Scribe, searched: Searched, weighed: SectorWeighed) -> dict[str, Any] | None:
    if weighed.missing is None or not weighed.rows:
        return None
    lonlat = searched.frame.to_lonlat(weighed.missing.simplify(1.0))
    rounded = shapely.set_precision(lonlat, 1e-6)
    if rounded.is_empty:
        return None
    return await geometry_field(scribe.work.connection, scribe.stream_id, HQ, rounded)


def _differs(scribe: Scribe, payload: Mapping[str, Any]) -> bool:
    held = scribe.stream.get("evidence", payload["evidence_id"])
    said = {name: value for name, value in payload.items() if name != "evidence_id"}
    return held is None or any(held.get(name) != value for name, value in said.items())


def _propose(
    scribe: Scribe,
    ground: Ground,
    weighed: SectorWeighed,
    missing: Mapping[str, Any] | None,
    *,
    changed: bool,
) -> bool:
    """Propose to search again when the work is over and falls short; a person decides."""
    sector_id = weighed.sector_id
    states = [
        str(task["state"]) for _, task in scribe.stream.all("tasks") if task.get("sector_id") == sector_id
    ]
    rows = [row for _, row in scribe.stream.all("evidence") if row["sector_id"] == sector_id]
    waiting = sum(state in DONE for state in states) > sum(bool(row.get("own")) for row in rows)
    over = not waiting and not (UNFINISHED_TASKS | AWAY_TASKS) & set(states)
    why = shortfall(rows, finished=over)
    if why is None or ground.sector.get("mark") is not None or not weighed.rows:
        return False
    figures = weighed.rows[0].payload
    said = {
        "sector_id": sector_id,
        "reason": why,
        "cumulative": figures["cumulative"],
        "target": figures["target"],
        "swept_share": figures["cumulative"]["swept_share"],
        "missing": missing,
    }
    held = scribe.stream.get("proposals", sector_id)
    if held is not None and not changed and all(held.get(name) == value for name, value in said.items()):
        return False
    scribe.write("search_again_proposed", HQ, said)
    return True
