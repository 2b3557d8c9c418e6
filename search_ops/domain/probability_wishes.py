"""What desks ask for about scenarios, clues and the state of the missing person."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from search_ops.domain.payloads import Identity, Latitude, Longitude, Moment
from search_ops.domain.wishes import Change, Line, NamedLine, NamedWords, TeamKind, Wish

Weight = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Terrain = Literal["temperate_flat", "temperate_mountain", "dry_flat", "dry_mountain", "urban"]
Mobility = Literal["not", "little", "freely"]
"""Whether the person still walks: what was searched then grows old, or does not."""


class ScenarioWish(Change):
    """One explanation of what happened, with its weight against the others.

    `elsewhere` is the explanation by which the person is not here at all; it has no point. The others start
    at a point, of which `uncertainty_m` says how well it is known.
    """

    name: NamedLine
    weight: Weight
    elsewhere: bool = False
    lon: Longitude | None = None
    lat: Latitude | None = None
    uncertainty_m: Annotated[float, Field(ge=0, le=50_000)] = 50.0
    category: Annotated[Line, Field(max_length=80)] | None = None
    terrain: Terrain = "temperate_flat"
    heading_deg: Annotated[float, Field(ge=0, lt=360)] | None = None
    by_travel_time: bool = True
    pulled: bool = True


class ScenarioDropWish(Change):
    """A scenario that no longer holds; it stays in the history."""

    reason: NamedLine


class ScenarioWeight(BaseModel):
    """The weight of one scenario."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    scenario_id: Identity
    weight: Weight


class ScenarioWeightsWish(Wish):
    """Weights of several scenarios at once, as the sliders stand."""

    weights: Annotated[list[ScenarioWeight], Field(min_length=1, max_length=50)]


class SubjectStateWish(Change):
    """Whether the person can answer, and whether they still walk."""

    responsive_share: Share
    moves: Mobility


class ClueWeightWish(Wish):
    """What a clue says of the place, and how far it is believed: a point with a spread, or a polygon."""

    text: NamedWords
    clue_id: Identity | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    spread_m: Annotated[float, Field(gt=0, le=50_000)] | None = None
    geometry: dict[str, Any] | None = None
    weight: Share
    seen_at: Moment | None = None


class ClueDropWish(Change):
    """A clue that no longer counts; dropped, the map is what it was without it."""

    reason: NamedLine


class ProbabilityWish(Wish):
    """Compute the map again; a wish of the system itself."""


class TeamsAsked(BaseModel):
    """Teams of one kind and the hours that each of them has."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    kind: TeamKind
    count: Annotated[int, Field(ge=0, le=500)]
    hours: Annotated[float, Field(ge=0, le=72)]


class EffortWish(BaseModel):
    """What would be gained: nothing is written."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    teams: Annotated[list[TeamsAsked], Field(min_length=1, max_length=20)]
    first: Annotated[list[Identity], Field(max_length=200)] = []
