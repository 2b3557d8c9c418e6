"""Bodies of what the field sends: batches of events and chunks of positions."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from search_ops.services.positions import MOST_FIXES
from web.schemas.base import Answer, Body, Id, Latitude, Longitude, Moment, WireTime

MOST_EVENTS = 100
Number = Annotated[int, Field(ge=0, le=2**53 - 1)]


class BatchBody(Body):
    """A batch; each event is judged by itself, so that one broken report does not hold up the others."""

    events: Annotated[list[dict[str, Any]], Field(max_length=MOST_EVENTS)]


class VerdictAnswer(Answer):
    """What became of one event; `id` is null when the event had none that could be read."""

    id: UUID | None
    status: str
    seq: int | None
    reason: str | None


class BatchAnswer(Answer):
    """Verdicts in the order of the events; `at` is when headquarters filed them, by its own clock."""

    epoch: UUID
    at: WireTime
    results: list[VerdictAnswer]


class FixBody(Body):
    """One position."""

    dseq: Number
    at: Moment
    lon: Longitude
    lat: Latitude
    accuracy_m: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    speed_mps: Annotated[float, Field(ge=0, le=10_000)] | None = None
    bearing_deg: Annotated[float, Field(ge=0, le=360)] | None = None
    battery: Annotated[float, Field(ge=0, le=100)] | None = None


class PositionsBody(Body):
    """A chunk of positions of one device."""

    device_id: Id
    positions: Annotated[list[FixBody], Field(max_length=MOST_FIXES)]


class TakenAnswer(Answer):
    """What became of the chunk."""

    stored: int
    duplicate: int
    flagged: int
