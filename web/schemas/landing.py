"""Answers about landing places."""

from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class LandingAsked(Answer):
    """The worker looks for candidates."""

    job_id: UUID


class SortiesAsked(Answer):
    """The worker works the sorties out."""

    job_id: UUID


class LandingJudged(Done):
    """The word of a person stands."""

    place_id: UUID
    verdict: str
