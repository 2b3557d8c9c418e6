"""Answers about an evacuation."""

from typing import Any
from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class EvacuationAsked(Answer):
    """The worker plans the way out."""

    job_id: UUID


class Evacuation(Answer):
    """Teams by their way to the person, and ways out, the earliest at the handing-over first.

    `refused` says why there is none; teams and ways that do not come into question are named all the same.
    """

    evacuation_id: UUID
    version: int
    made_at: str
    find_id: UUID | None
    place: dict[str, float]
    walking: str
    notices: list[str]
    refused: str | None
    refused_what: str | None
    reasons: list[str]
    ways: list[dict[str, Any]]
    exits_out: list[dict[str, Any]]
    ranking: list[dict[str, Any]]
    ordered_at: str | None


class EvacuationOrdered(Done):
    """The evacuation has begun."""

    evacuation_id: UUID
    exit_id: str
    exit_kind: str
    meeting: dict[str, float]
    called_team_ids: list[UUID]
    recalled_team_ids: list[UUID]
