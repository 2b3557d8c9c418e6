"""What desk intents answer; their bodies are the wishes of ``search_ops.domain.wishes``."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from web.schemas.base import Answer


class Done(Answer):
    """The intent stands in the log under this number."""

    seq: int


class CaseOpened(Done):
    """A new case with its first subject."""

    case_id: UUID
    number: str
    subject_id: UUID


class SubjectDescribed(Done):
    """A subject of the case."""

    subject_id: UUID


class CaseConfirmed(Done):
    """The police have confirmed the case."""

    case_id: UUID


class OperationOpened(Done):
    """A new search."""

    operation_id: UUID
    number: str


class OperationName(Answer):
    """A search of a case."""

    id: UUID
    number: str


class CaseListed(Answer):
    """A case in the list; `names` is null for those who may not read them."""

    id: UUID
    number: str
    region: str
    exercise: bool
    opened_at: str
    names: list[str | None] | None
    kusp_number: str | None
    operations: list[OperationName]


class CaseList(Answer):
    """The cases the caller may read, newest first."""

    cases: list[CaseListed]


class PointSet(Done):
    """A point of the search."""

    point_id: UUID


class AreaDrawn(Done):
    """The area, in square metres on the ellipsoid."""

    area_m2: float


class PartitionMade(Done):
    """A cut that stands."""

    partition_id: UUID
    sector_count: int
    area_m2: float


class PartitionAsked(Answer):
    """A cut that the worker makes; ask for the job, or watch the progress frames."""

    job_id: UUID


class JobState(Answer):
    """How a job stands; `result` is the answer of the intent, or a fault with its `code`."""

    job_id: UUID
    kind: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    done: float
    step: str | None
    result: dict[str, Any] | None
    updated_at: str


class SectorProperties(Answer):
    """What a sector is and how it stands; `version` counts its tasks in."""

    label: str
    kind: Literal["area", "line", "list"]
    name: str | None
    source: str | None
    group: str | None
    area_m2: float | None
    length_m: float | None
    corridor_m: float | None
    addresses: list[dict[str, Any]] | None
    mark: Literal["blocked", "held_by_other"] | None
    mark_reason: str | None
    mark_organisation_id: UUID | None
    state: str
    version: int
    partition_id: UUID | None
    replaces: list[UUID]
    retired: bool
    task_ids: list[UUID]


class SectorFeature(Answer):
    """A sector as GeoJSON."""

    type: Literal["Feature"]
    id: UUID
    geometry: dict[str, Any] | None
    properties: SectorProperties


class SectorCollection(Answer):
    """Sectors as GeoJSON."""

    type: Literal["FeatureCollection"]
    features: list[SectorFeature]


class SectorsEdited(Done):
    """The new sectors of an edit, in the order of the wish."""

    sector_ids: list[UUID]
    labels: list[str]


class SectorMarked(Done):
    """A sector's mark; null: it has none any more."""

    sector_id: UUID
    mark: Literal["blocked", "held_by_other"] | None


class CoordinateRead(Answer):
    """One reading of typed coordinates."""

    lon: float
    lat: float
    format: str


class CoordinatesRead(Answer):
    """Every reading, the likeliest first."""

    candidates: list[CoordinateRead]


class GridDefaultsRead(Answer):
    """How the region of a search cuts its grids: the fields of a partition's wish that were set, or none."""

    region: str
    settings: dict[str, Any]


class RegionGrid(GridDefaultsRead):
    """The same with its version (0: never set) and when it was set."""

    version: int
    set_at: datetime | None


class ParticipantAdded(Done):
    """Somebody is part of the search."""

    participant_id: UUID


class ParticipantMoved(ParticipantAdded):
    """Somebody's state."""

    state: str


class TeamFormed(Done):
    """A team."""

    team_id: UUID


class TaskGiven(Done):
    """A task."""

    task_id: UUID


class TaskMoved(TaskGiven):
    """A task's state."""

    state: str


class AlarmMoved(Done):
    """An alarm."""

    alarm_id: UUID


class StateSet(Done):
    """The state of the search; `already`: it was so before."""

    state: str
    already: bool = False


class RideHome(Answer):
    """The car that takes somebody home, its driver, and when he should be there, about."""

    crew_id: UUID
    resource_id: UUID
    driver_id: UUID
    state: str
    arrive_at: str | None


class NotHome(Answer):
    """Somebody who must still be accounted for."""

    participant_id: UUID
    name: str | None
    callsign: str | None
    phone: str | None
    state: str
    team: str | None
    last_contact_at: str | None
    version: int
    ride: RideHome | None


class NotHomeList(Answer):
    """Everybody who is not home, longest without contact first."""

    participants: list[NotHome]


class JoinCard(Answer):
    """Code, address and QR picture (SVG) for the meeting point."""

    code: str
    url: str
    qr_svg: str


class RequestMade(Done):
    """A request for people or means."""

    request_id: UUID
    item_ids: list[UUID]


class RequestMoved(Done):
    """The state of a request."""

    request_id: UUID
    state: str


class RequestAnswered(Done):
    """An answer, and the state of the request with it."""

    commitment_id: UUID
    state: str


class ToldEntered(Done):
    """What was said by phone."""

    told_id: UUID
