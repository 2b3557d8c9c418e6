"""What a phone or a desk may report: the payload of each field kind, strict per version (CONTRACT 2).

Strict means: unknown fields refused, no booleans or texts as numbers, finite numbers, bounded lengths.
An unknown *kind* is another matter: it is stored raw, because a newer phone must not lose its report.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

# Room for every zone on both sides of what a clock can hold; a dead battery says 1970, which is data.
FIRST_YEAR, LAST_YEAR = 1900, 2200
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}", re.ASCII)


def _uuid(value: Any) -> Any:
    """Take an id in its usual text form only; pydantic would also take ``urn:uuid:`` and braces."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        raise ValueError("UUID expected")
    return UUID(value)


def _rfc3339(value: Any) -> Any:
    """Take RFC 3339 texts only; pydantic would also take bare numbers for times."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or _RFC3339.match(value) is None:
        raise ValueError("RFC 3339 time expected")
    return value


def _in_our_time(value: AwareDatetime) -> AwareDatetime:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return value


Identity = Annotated[UUID, BeforeValidator(_uuid)]
Moment = Annotated[
    AwareDatetime,
    AfterValidator(_in_our_time),
    BeforeValidator(_rfc3339),
    Field(strict=False),
]
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
    at: Moment | None = None


class FieldReport(Payload):
    """What every report carries: about whom, from where, by which channel."""

    participant_id: Identity | None = None
    team_id: Identity | None = None
    position: Position | None = None
    battery_pct: Annotated[int, Field(ge=0, le=100)] | None = None
    text: Text | None = None
    source: Source = "phone"


class CheckIn(FieldReport):
    """A state report of a person or a team by one word."""

    word: Word
    task_id: Identity | None = None


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

    team_id: Identity
    sector_id: Identity


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

    id: Identity
    v: Annotated[int, Field(ge=1, le=1000)]
    device_id: Identity
    dseq: Annotated[int, Field(ge=0, le=2**53 - 1)]
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    at: Moment
    payload: dict[str, Any]
    after: Annotated[list[Identity], Field(max_length=20)] = []
    base_version: Annotated[int, Field(ge=0, le=2**53 - 1)] | None = None
