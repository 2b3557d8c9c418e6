"""Answers about trackers."""

from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class TrackerBound(Done):
    """A device is bound; the token is told here and never again."""

    tracker_id: UUID
    token: str
    osmand_url: str
    owntracks_url: str


class TrackerEnded(Done):
    """A device is bound no more."""

    tracker_id: UUID


class TrackerHeard(Answer):
    """When a tracker was last heard, and how many of its points and messages were not taken."""

    tracker_id: UUID
    heard_at: str | None
    battery: float | None
    dropped: int
    malformed: int


class TrackersHeard(Answer):
    """The trackers of a search."""

    trackers: list[TrackerHeard]
