"""What desks ask for about tracks, sweep widths and evidence."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search_ops.domain.evidence import DEFAULT_TARGET, Subject
from search_ops.domain.payloads import Identity
from search_ops.domain.wishes import Change, NamedLine, TeamKind, Version, Wish

AnyGround = Literal["open", "forest", "dense"]
Visible = Literal["high", "medium", "low"]
Metres = Annotated[float, Field(gt=0, le=5_000)]
Seconds = Annotated[float, Field(gt=0, le=3_600)]
Pod = Annotated[float, Field(gt=0, lt=1)]
_DAY_S = 86_400


class Navigator(BaseModel):
    """Which team carries the navigator of this number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: Annotated[str, Field(min_length=1, max_length=40)]
    team_id: Identity


class TrackImportWish(Wish):
    """Import tracks from files that were sent before; a folder or a navigator is one import."""

    file_ids: Annotated[list[Identity], Field(min_length=1, max_length=1_000)]
    navigators: Annotated[list[Navigator], Field(default_factory=list, max_length=200)]


class TrackMatchWish(Change):
    """Say by hand whose track it is; `clock_shift_s` mends a clock that ran off, None keeps it."""

    task_id: Identity
    clock_shift_s: Annotated[float, Field(ge=-20 * 366 * _DAY_S, le=20 * 366 * _DAY_S)] | None = None


class TrackAsideWish(Change):
    """Leave a track out of all figures; it stays listed."""

    reason: Literal["other_search", "duplicate", "useless"]


class TrackLostWish(Wish):
    """No track of a task will come: its end is known by word only."""

    reason: NamedLine
    grade: Literal["radio", "paper", "agency"] | None = None


class JudgementWish(Wish):
    """A person decides about a sector on the evidence that he saw."""

    decision: Literal["enough", "again"]
    reason: NamedLine
    evidence_seqs: Annotated[list[Version], Field(default_factory=list, max_length=1_000)]


class EnteredWidth(BaseModel):
    """A sweep width that somebody enters, with where he has it from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    team: TeamKind | Literal["any"] = "any"
    ground: AnyGround | Literal["any"] = "any"
    subject: Literal["responsive", "unresponsive"]
    visibility: Visible | Literal["any"] = "any"
    light: Literal["day", "night", "any"] = "any"
    width_m: Metres
    source: NamedLine


class MeasuredRd(BaseModel):
    """A range of detection measured on this ground."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    ground: AnyGround
    rd_m: Metres


class Calls(BaseModel):
    """When teams of a sound search call, listen and walk."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    every_s: Seconds = 300.0
    call_s: Seconds = 15.0
    silence_s: Seconds = 60.0
    synchronised: bool = True
    neighbours: Annotated[int, Field(ge=0, le=20)] = 0


class TaskMethod(BaseModel):
    """How one task was searched, when its words do not say it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    task_id: Identity
    method: Literal["sound", "line", "visual"] | None = None
    searchers: Annotated[int, Field(ge=1, le=500)] | None = None
    spacing_m: Metres | None = None
    width_responsive_m: Metres | None = None
    width_unresponsive_m: Metres | None = None


class SearchWidths(BaseModel):
    """What the sweep widths of an operation follow from.

    The ground of a sector is the one set for it in `sector_ground`, else the land cover of the imported map
    by shares (unless `ground_from_map` is off), else `ground`; that also fills what the map says nothing
    about.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    ground: AnyGround = "forest"
    ground_from_map: bool = True
    visibility: Visible = "medium"
    wind_mps: Annotated[float, Field(ge=0, le=30)] = 2.0
    signal: Literal["voice", "whistle", "megaphone", "horn", "siren"] = "whistle"
    calls: Calls = Calls()
    line_spacing_m: Metres = 15.0
    target_responsive: Pod | None = None
    target_unresponsive: Pod | None = None
    rd: Annotated[list[MeasuredRd], Field(max_length=10)] = []
    widths: Annotated[list[EnteredWidth], Field(max_length=100)] = []
    tasks: Annotated[list[TaskMethod], Field(max_length=500)] = []
    sector_ground: Annotated[
        dict[Annotated[str, Field(max_length=36)], AnyGround], Field(max_length=2_000)
    ] = {}

    def target_of(self, subject: Subject) -> float:
        """Return the probability from which ground counts as searched for this subject."""
        own: float | None = getattr(self, f"target_{subject}")
        return DEFAULT_TARGET[subject] if own is None else own


class WidthsWish(Change):
    """Set what the sweep widths follow from; all evidence is weighed again with them."""

    settings: SearchWidths


class WeighWish(Wish):
    """Weigh tasks and sectors again; a wish of the system itself."""

    task_ids: list[str] | None = None
    sector_ids: list[str] | None = None
