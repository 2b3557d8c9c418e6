"""Which sweep width holds for a task: entered by hand, measured here, published elsewhere, or assumed.

The defaults lie beside this module as a table with a source in every row.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, cast, get_args

from geo.errors import EffortError
from geo.sound import Air, CallPlan, Forest, call_share, sound_width, two_way_distance_m
from geo.sweep import (
    Conditions,
    Light,
    Row,
    Status,
    Subject,
    Sweep,
    SweepWidth,
    line_track,
    look_up,
    one_track,
    width_from_rd,
)
from search_ops.domain.evidence import Method, method_of, subject_of
from search_ops.domain.evidence_wishes import SearchWidths, TaskMethod
from search_ops.services.sector_ground import SectorGround, ground_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.land_cover import Sight
    from geo.sound import Signal
    from geo.sound_calls import Heard

_FOREST: Final[Mapping[str, Forest]] = {"open": "open", "forest": "light", "dense": "dense"}
_SPEED_MPS: Final = 0.8
_NOTHING: Final = SweepWidth(0.0, "no row of the table fits", "assumed")
_BY_SURENESS: Final[tuple[Status, ...]] = ("entered", "measured", "published", "assumed")
SUBJECTS: Final[tuple[Subject, ...]] = get_args(Subject)


@cache
def _table() -> tuple[Mapping[str, str], ...]:
    text = (files(__package__) / "sweep_widths.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def default_rows() -> tuple[Row, ...]:
    """Return the table of widths that ships, with its sources as the log keeps them."""
    return tuple(_row(fields) for fields in _table())


def told_defaults() -> list[dict[str, Any]]:
    """Return the same rows for people, with their sources in both languages."""
    return [{**fields, "width_m": float(fields["width_m"])} for fields in _table()]


def _row(fields: Mapping[str, str]) -> Row:
    status, subject = fields["status"], fields["subject"]
    assert status in get_args(Status)
    assert subject in SUBJECTS
    width = SweepWidth(float(fields["width_m"]), fields["source_en"], cast("Status", status))
    return Row(
        fields["team"],
        fields["ground"],
        subject,
        fields["visibility"],
        fields["light"],
        width,
    )


@dataclass(frozen=True, slots=True)
class Called:
    """What is recorded about the calls that one task listened to.

    Attributes
    ----------
    signal
        Of most of them.
    heard
        Those that count: their places are known and nobody else called into the silence.
    told
        ``{"recorded", "counted", "spoiled", "unplaced", "hears_m", "answered_m"}``, for the log.
    """

    signal: Signal
    heard: Sequence[Heard]
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskSweep:
    """How a task searched.

    Attributes
    ----------
    sweeps
        What each of its tracks stands for, by subject.
    apart
        Whether its tracks add up (flanks of a line).
    target
        ``{"subject", "pod"}`` that its sector is to reach.
    provenance
        By subject width, source and status; with method, ground, light and what else it follows from.
    by_calls
        The width holds where a recorded call was heard, and nowhere else.
    """

    sweeps: Mapping[Subject, Sweep]
    apart: bool
    target: dict[str, Any]
    provenance: dict[str, Any]
    by_calls: bool = False


def settings_of(entity: Mapping[str, Any] | None) -> SearchWidths:
    """Return the settings of an operation, or the defaults."""
    return SearchWidths() if entity is None else SearchWidths.model_validate(entity["settings"], strict=False)


def sweep_of_task(
    settings: SearchWidths,
    *,
    task_id: str,
    sector_id: str,
    method_text: str | None,
    team_kind: str,
    people: int,
    tracks: int,
    light: Light,
    cover: Mapping[str, float] | None = None,
    called: Called | None = None,
) -> TaskSweep:
    """Return how a task searched, from what people entered down to what is assumed.

    Parameters
    ----------
    people, tracks
        Members of the team, and how many tracks of them there are, >= 1.
    cover
        Share of each class of land cover in the sector.
    called
        Calls that were recorded for it; None: as the operation plans them.
    """
    entered = next((task for task in settings.tasks if str(task.task_id) == task_id), None)
    method: Method = method_of(method_text) if entered is None or entered.method is None else entered.method
    ground = ground_of(settings, sector_id, cover)

    def width_of(subject: Subject) -> SweepWidth:
        seen = {
            sight: Conditions(team_kind, sight, subject, settings.visibility, light)
            for sight in ground.shares
        }
        return _over_ground(
            {each: _width(settings, entered, method, seen[each], called) for each in seen}, ground
        )

    widths = {subject: width_of(subject) for subject in SUBJECTS}
    sweeps: dict[Subject, Sweep] = {subject: one_track(widths[subject].width_m) for subject in SUBJECTS}
    searchers = people if entered is None or entered.searchers is None else entered.searchers
    spacing_m = settings.line_spacing_m if entered is None or entered.spacing_m is None else entered.spacing_m
    if method == "line":
        shared = min(tracks, searchers)
        for subject in SUBJECTS:
            sweeps[subject] = line_track(
                widths[subject].width_m, searchers=searchers, spacing_m=spacing_m, tracks=shared
            )
    subject = subject_of(method)
    target = {"subject": subject, "pod": settings.target_of(subject)}
    provenance: dict[str, Any] = {
        "method": method,
        **ground.told(),
        "light": light,
        "visibility": settings.visibility,
        **{each: _told(widths[each]) for each in SUBJECTS},
    }
    if method == "line":
        provenance |= {"searchers": searchers, "spacing_m": spacing_m}
    by_calls = (
        called is not None and method == "sound" and (entered is None or entered.width_responsive_m is None)
    )
    if called is not None and by_calls:
        provenance["calls"] = dict(called.told)
    return TaskSweep(sweeps, method == "line", target, provenance, by_calls=by_calls)


def _over_ground(widths: Mapping[Sight, SweepWidth], ground: SectorGround) -> SweepWidth:
    """Return one width for mixed ground, as sure as the least sure of its parts.

    Notes
    -----
    Effort adds up, so the mean by share gives the sector's search coverage exactly when teams spend their way
    evenly over it; POD of such a mixture is then told a little too high, because it bends with coverage.
    """
    first = next(iter(widths.values()))
    if all(width == first for width in widths.values()):
        return first
    source = "; ".join(
        f"{sight} {round(100 * share)} %: {widths[sight].source}" for sight, share in ground.shares.items()
    )
    status = max((width.status for width in widths.values()), key=_BY_SURENESS.index)
    width_m = sum(widths[sight].width_m * share for sight, share in ground.shares.items())
    return SweepWidth(width_m, source, status)


def _told(width: SweepWidth) -> dict[str, Any]:
    return {"width_m": round(width.width_m, 1), "source": width.source, "status": width.status}


def _width(
    settings: SearchWidths,
    entered: TaskMethod | None,
    method: Method,
    wanted: Conditions,
    called: Called | None = None,
) -> SweepWidth:
    by_hand = None if entered is None else getattr(entered, f"width_{wanted.subject}_m")
    if by_hand is not None:
        return SweepWidth(by_hand, "entered for this task", "entered")
    if method == "sound" and wanted.subject == "responsive":
        return sound_sweep(settings, wanted) if called is None else _recorded(settings, wanted, called)
    for row in settings.widths:
        fits = (
            (row.team, wanted.team),
            (row.ground, wanted.ground),
            (row.visibility, wanted.visibility),
            (row.light, wanted.light),
        )
        if row.subject == wanted.subject and all(have in {"any", want} for have, want in fits):
            return SweepWidth(row.width_m, row.source, "entered")
    measured = next((rd for rd in settings.rd if rd.ground == wanted.ground), None)
    if measured is not None and wanted.subject == "unresponsive" and wanted.team != "dog":
        return width_from_rd(measured.rd_m, settings.visibility)
    return look_up(default_rows(), wanted) or _NOTHING


def air_of(settings: SearchWidths, ground: str) -> Air:
    """Return what carries sound over this ground in the operation's wind."""
    return Air(settings.wind_mps, _FOREST[ground])


def _recorded(settings: SearchWidths, wanted: Conditions, called: Called) -> SweepWidth:
    """Return the whole width of the signal: where it holds is in the calls, not in a share of the way."""
    width = sound_width(called.signal, air_of(settings, wanted.ground), wanted.light)
    source = f"{width.source}; {called.told['counted']} of {called.told['recorded']} recorded calls count"
    return SweepWidth(width.width_m, source, width.status)


def sound_sweep(settings: SearchWidths, wanted: Conditions) -> SweepWidth:
    """Return the width of a sound search in the operation's wind and forest, with its calls."""
    air = air_of(settings, wanted.ground)
    width = sound_width(settings.signal, air, wanted.light)
    plan = call_plan(settings)
    between_m = _SPEED_MPS * max(plan.every_s - plan.call_s - plan.silence_s, 1.0)
    share = call_share(two_way_distance_m(settings.signal, air), between_m) * plan.clear_share(
        settings.calls.neighbours, synchronised=settings.calls.synchronised
    )
    source = f"{width.source}; calls every {plan.every_s:g} s: x {share:.2f}"
    return SweepWidth(width.width_m * share, source, "assumed")


def call_plan(settings: SearchWidths) -> CallPlan:
    """Return when teams call and are silent.

    Raises
    ------
    EffortError
        The times do not fit into each other.
    """
    return CallPlan(settings.calls.every_s, settings.calls.call_s, settings.calls.silence_s)


def check_settings(settings: SearchWidths) -> str | None:
    """Return the name of the setting that cannot be, or None."""
    try:
        call_plan(settings)
    except EffortError as fault:
        return f"calls.{fault.name}"
    return None
