"""Answers about СТОП across operations."""

from uuid import UUID

from web.schemas.base import Answer


class StopAnswer(Answer):
    """An operation on СТОП that the caller may read."""

    id: UUID
    number: str
    state: str
    exercise: bool
    time_zone: str
    state_at: str
