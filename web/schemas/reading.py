"""Answers of everything that is read."""

from typing import Any
from uuid import UUID

from web.schemas.base import Answer, WireTime


class OperationAnswer(Answer):
    """An operation in a list."""

    id: UUID
    number: str
    state: str
    exercise: bool
    region: str
    time_zone: str
    opened_at: str
    case_id: UUID


class OperationHeadAnswer(OperationAnswer):
    """An operation with what the caller may do and read in it."""

    rights: list[str]
    classes: list[str]


class SnapshotAnswer(Answer):
    """State of a stream at `seq`, for the caller's classes."""

    epoch: UUID
    seq: int
    state: dict[str, dict[str, dict[str, Any]]]


class EventsAnswer(Answer):
    """Events in order; of those the caller may not see, the number alone."""

    epoch: UUID
    head: int
    events: list[dict[str, Any]]


class TicketAnswer(Answer):
    """A key to the live stream: one use, half a minute."""

    ticket: str
    url: str
    expires_at: WireTime


class PositionAnswer(Answer):
    """The last position of a participant."""

    participant_id: UUID
    team_id: UUID | None
    lon: float
    lat: float
    accuracy_m: float | None
    at: str
    received_at: str
    battery: float | None


class PositionsAnswer(Answer):
    """Last positions of an operation."""

    positions: list[PositionAnswer]


class QuarantinedAnswer(Answer):
    """A copy whose id is known with other content."""

    quarantine_id: UUID
    event_id: UUID
    body: dict[str, Any]
    actor: dict[str, Any]
    received_at: str


class WaitingAnswer(Answer):
    """An event whose cause has not come yet."""

    event_id: UUID
    missing: list[UUID]
    body: dict[str, Any]
    actor: dict[str, Any]
    received_at: str


class QuarantineAnswer(Answer):
    """The tray that headquarters sorts by hand."""

    quarantined: list[QuarantinedAnswer]
    waiting: list[WaitingAnswer]
