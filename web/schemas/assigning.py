"""Answers about plans of a shift."""

from typing import Any
from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class AssignmentAsked(Answer):
    """The worker makes the plan."""

    job_id: UUID


class FallenLine(Answer):
    """A line of a plan that no longer stands, and why."""

    team_id: UUID
    callsign: str
    sector_id: UUID
    label: str
    reason: str
    held_by: str | None


class AssignmentAccepted(Done):
    """What was given out: ids of tasks, and the lines that no longer stood."""

    assignment_id: UUID
    given: list[UUID]
    planned: list[UUID]
    withdrawn: list[UUID]
    not_given: list[FallenLine]


class SectorRanked(Done):
    """A sector has the rank that was wished."""

    sector_id: UUID
    version: int


class PairLocked(Done):
    """A team and a sector are locked as wished."""

    lock_id: UUID
    version: int


class Assignment(Answer):
    """A plan of a shift: who goes where, when and why; what is left out and why not.

    `refused` says why there is none; sectors and teams are named all the same. `gap` is proven: no plan finds
    more than `value * (1 + gap)`; null while nothing is proven. Times are those of the plan's own clock.
    """

    assignment_id: UUID
    version: int
    stage: str
    made_at: str
    begins_at: str
    hours: float
    daylight: bool
    seed: int
    by: str
    base: dict[str, Any] | None
    notices: list[str]
    fingerprint: str
    known_tasks: list[dict[str, Any]]
    teams_out: list[dict[str, Any]]
    without_place: list[dict[str, Any]]
    refused: str | None
    refused_field: str | None = None
    value: float
    gap: float | None
    ended: str | None
    rounds: int
    tours: list[dict[str, Any]]
    left_sectors: list[dict[str, Any]]
    idle_teams: list[dict[str, Any]]
    broken: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    stayed: int
    accepted_at: str | None
