"""Answers about tracks and evidence."""

from typing import Any, Literal
from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class ImportAsked(Answer):
    """The worker imports; the job's result tells what became of every file."""

    job_id: UUID


class TrackChanged(Done):
    """A track was matched or set aside."""

    track_id: UUID


class TrackLost(Done):
    """A task's end is known by word only."""

    task_id: UUID
    grade: str


class SectorJudged(Done):
    """A person has decided about a sector."""

    sector_id: UUID
    decision: str


class WidthsSet(Done):
    """The widths are set; the job weighs everything again."""

    job_id: UUID | None


class CallsRecorded(WidthsSet):
    """The calls are recorded or taken back; the job weighs what they prove."""

    calls_id: UUID


class TrackFeature(Answer):
    """Lines of one track."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any]
    properties: dict[str, Any]


class TrackCollection(Answer):
    """Tracks as GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[TrackFeature]


class SpokenPod(Answer):
    """A probability of detection as a range in steps of 5 %."""

    low_pct: int
    high_pct: int


class Target(Answer):
    """What a sector is to reach, and for whom."""

    subject: str
    pod: float


class EvidenceRow(Answer):
    """One sector: what was done there and what it proves, for both subjects.

    `hours` are spent, by tracks; `planned_hours` are what its size and ground take the kind of team that has
    it. `ground_source` is ``sector`` or ``operation`` (set by people) or ``map`` (land cover by shares).
    """

    sector_id: UUID
    label: str
    kind: str
    area_m2: float | None
    state: str
    hours: float | None
    planned_hours: float | None
    ground: str
    ground_source: str
    ground_shares: dict[str, float]
    length_m: float | None
    coverage_responsive: float | None
    coverage_unresponsive: float | None
    pod_responsive: SpokenPod | None
    pod_unresponsive: SpokenPod | None
    swept_share: float | None
    target: Target | None
    grades: list[str]
    evidence_seqs: list[int]
    proposal: str | None
    judgement: str | None


class EvidenceTable(Answer):
    """Every sector in force."""

    rows: list[EvidenceRow]


class GroundFeature(Answer):
    """A part of a sector; the geometry is null for nothing."""

    type: Literal["Feature"]
    id: UUID
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class GroundCollection(Answer):
    """Swept ground as GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[GroundFeature]


class WidthsRead(Answer):
    """Settings of the operation, defaults with source, and what they give for a sound search."""

    version: int | None
    settings: dict[str, Any]
    defaults: list[dict[str, Any]]
    sound: dict[str, dict[str, Any]]
