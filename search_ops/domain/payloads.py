"""What a phone or a desk may report: the payload of each field kind, strict per version (CONTRACT 2).

Strict means: unknown fields refused, no booleans or texts as numbers, finite numbers, bounded lengths.
An unknown *kind* is another matter: it is stored raw, because a newer phone must not lose its report.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Word = Literal[
    "going",
    "arrived",
    "out",
    "started",
    "finished",
    "returning",
    "back",
    "all_well",
    "stop_seen",
    "leaving",
    "home",
    "rest",
    "ready",
]
Source = Literal["phone", "radio", "in_person", "call", "paper"]
Condition = Literal["walking", "carried", "needs_checking"]

Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=2000)]


class Payload(BaseModel):
    """Base of all payloads: strict, closed, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Position(Payload):
    """One fix inside a report: EPSG:4326, accuracy as a radius in metres."""

    lon: Longitude
    lat: Latitude
    accuracy_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    at: Annotated[AwareDatetime, Field(strict=False)] | None = None


class FieldReport(Payload):
    """What every report carries: about whom, from where, by which channel."""

    participant_id: Annotated[UUID, Field(strict=False)] | None = None
    team_id: Annotated[UUID, Field(strict=False)] | None = None
    position: Position | None = None
    battery_pct: Annotated[int, Field(ge=0, le=100)] | None = None
    text: Text | None = None
    source: Source = "phone"


class CheckIn(FieldReport):
    """A state report of a person or a team by one word."""

    word: Word
    task_id: Annotated[UUID, Field(strict=False)] | None = None


class FoundReported(FieldReport):
    """The person was found: goes to headquarters only."""

    condition: Condition


class SosRaised(FieldReport):
    """Somebody of ours needs help."""


class ClueFound(FieldReport):
    """A finding or a sighting."""


class NoteAdded(FieldReport):
    """Free words for headquarters."""

    text: Text


class SectorClaimed(Payload):
    """A leader takes a sector in the field; `base_version` of the event is the version he saw."""

    team_id: Annotated[UUID, Field(strict=False)]
    sector_id: Annotated[UUID, Field(strict=False)]


FIELD_KINDS: Final[dict[tuple[str, int], type[Payload]]] = {
    ("check_in", 1): CheckIn,
    ("found_reported", 1): FoundReported,
    ("sos_raised", 1): SosRaised,
    ("clue_found", 1): ClueFound,
    ("note_added", 1): NoteAdded,
    ("sector_claimed", 1): SectorClaimed,
}

RAW_LIMIT_BYTES: Final = 8 * 1024


class FieldEvent(BaseModel):
    """The envelope of one event as a device sends it (CONTRACT 3)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    id: Annotated[UUID, Field(strict=False)]
    v: Annotated[int, Field(ge=1, le=1000)]
    device_id: Annotated[UUID, Field(strict=False)]
    dseq: Annotated[int, Field(ge=0, le=2**53 - 1)]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    at: Annotated[AwareDatetime, Field(strict=False)]
    payload: dict[str, Any]
    after: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=20)] = []
    base_version: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = None
