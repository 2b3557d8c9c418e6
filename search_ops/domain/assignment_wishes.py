"""What desks ask of assignment: a plan for a shift, its acceptance, ranks and locks by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from search_ops.domain.payloads import Identity, Moment
from search_ops.domain.roster_wishes import Competence
from search_ops.domain.wishes import Change, LonLat, TeamKind, Wish

Ride = Literal["none", "car", "4x4", "quad", "swamp_vehicle", "snowmobile", "boat"]
"""What brings a team nearer: nothing, or a vehicle of a ground class."""
Need = TeamKind | Competence
"""A kind of team, or somebody certified in it."""
Lock = Literal["must", "must_not"]
Priority = Annotated[int, Field(ge=0, le=9)]
"""1 is first, 9 last; 0 says "not now"."""


class TeamShift(BaseModel):
    """What is different for one team: its hours, its ride, whether it rests."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    team_id: Identity
    begins_at: Moment | None = None
    back_at: Moment | None = None
    ride: Ride | None = None
    rests: bool = False


class AssignmentWish(Wish):
    """Plan the shift of all teams.

    `hours` after `begins_at` (now, when it is left out) everybody is due back. `by` is what gains are counted
    by: the map of probability or priorities by hand; left out, the map where there is one. The same `seed`
    with the same inputs gives the same plan.
    """

    seed: Annotated[int, Field(ge=0, lt=2**31)] = 1
    begins_at: Moment | None = None
    hours: Annotated[float, Field(ge=0, le=72)] = 8.0
    ride: Ride = "car"
    rest_after_h: Annotated[float, Field(gt=0, le=24)] = 4.0
    rest_h: Annotated[float, Field(ge=0, le=12)] = 0.5
    daylight: bool = False
    by: Literal["probability", "priority"] | None = None
    most_stops: Annotated[int, Field(ge=1, le=5)] = 4
    base: LonLat | None = None
    teams: list[TeamShift] = Field(default_factory=list, max_length=300)


class AcceptanceWish(Change):
    """Give out the plan; `rest` gives out what still stands when a part of it no longer does."""

    rest: bool = False


class SectorRankWish(Change):
    """How urgent a sector is by hand, and what a team needs for it; None takes the rank away."""

    priority: Priority | None = None
    needs: list[Need] = Field(default_factory=list, max_length=6)


class PairLockWish(Wish):
    """Hold a sector for a team, keep a team away from it, or neither."""

    team_id: Identity
    sector_id: Identity
    lock: Lock | None = None
