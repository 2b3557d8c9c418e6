"""What desks ask of the cars: a plan of who rides with whom, its acceptance, a car on its way and back."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search_ops.domain.payloads import Identity, Moment
from search_ops.domain.wishes import Change, LonLat, Wish

Direction = Literal["out", "home"]
CrewState = Literal["planned", "departed", "arrived", "cancelled"]


class CrewsAsked(BaseModel):
    """A wish for a plan; nothing is written.

    `muster` is where everybody goes to, or on the way home starts from; None: headquarters as the briefing
    has it, else the entry point. `ready_at` is when those leave of whom nobody has said another time.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    direction: Direction
    ready_at: Moment
    muster: LonLat | None = None
    most_deviation_min: Annotated[int, Field(ge=0, le=600)] = 30
    seed: Annotated[int, Field(ge=0, le=2**31)] = 0


class CrewStop(BaseModel):
    """Who gets in where and when; on the way home who gets out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    participant_id: Identity
    at: Moment | None = None


class CrewDraft(BaseModel):
    """A car with those who ride in it, in the order of the stops."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    resource_id: Identity
    driver_id: Identity
    stops: list[CrewStop] = Field(default_factory=list, max_length=60)
    leave_at: Moment | None = None
    arrive_at: Moment | None = None


class CrewsWish(Wish):
    """Let these cars take these people, all or none."""

    direction: Direction
    crews: Annotated[list[CrewDraft], Field(min_length=1, max_length=200)]


class CrewStateWish(Change):
    """A car has left, has arrived, or does not go; on the way home `arrived` says that all are at home."""

    state: Literal["departed", "arrived", "cancelled"]
    at: Moment | None = None
