"""Answers about the hand-over of a shift."""

from typing import Any
from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class Changes(Answer):
    """What a new shift wants to hear of, in order; `more` when older events were left out."""

    since: str
    until: str
    more: bool
    events: list[dict[str, Any]]


class HandedOver(Done):
    """The shift is handed over."""

    hand_over_id: UUID
