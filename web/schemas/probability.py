"""Answers about scenarios, maps of probability and effort."""

from typing import Any
from uuid import UUID

from web.schemas.base import Answer
from web.schemas.desk import Done


class ProbabilityChanged(Done):
    """What the map follows from has changed; the job makes the map (none before there is an area)."""

    version: int
    job_id: UUID | None


class ScenarioSet(ProbabilityChanged):
    """A scenario stands as wished."""

    scenario_id: UUID


class ClueWeighed(ProbabilityChanged):
    """A clue counts, or counts no more."""

    clue_weight_id: UUID


class Category(Answer):
    """What is known of a category on a kind of ground, and which row of the tables says so."""

    category: str
    terrain: str
    category_used: str
    terrain_used: str
    median_km: float
    p95_km: float
    n: int | None
    small_sample: bool
    reliability: str
    source: str
    responsive_share: float
    moves: str
    notices: list[str]


class Categories(Answer):
    """All categories; `problem` when a purchased table cannot be read."""

    categories: list[Category]
    problem: str | None


class RasterPlace(Answer):
    """Where the rasters lie; corners are north-west, north-east, south-east, south-west, lon/lat."""

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int
    corners: list[list[float]]


class ScenarioMass(Answer):
    """One scenario in the map: what is left of it, un-normalised, and the tables it stands on."""

    scenario_id: UUID
    weight: float
    share: float
    in_area: float
    outside_area: float
    beyond: float
    category_used: str | None
    terrain_used: str | None
    step: str | None
    reliability: str | None
    source: str | None
    n: int | None
    small_sample: bool
    notices: list[str]


class SectorProbability(Answer):
    """One sector: normalised probability of both subjects, what a team's next whole hour finds, and why."""

    sector_id: UUID
    label: str
    share: float
    responsive: float
    unresponsive: float
    density_per_km2: float
    rate_responsive_per_h: float
    rate_unresponsive_per_h: float
    next_best_per_h: float
    pod_responsive: float
    pod_unresponsive: float
    why: dict[str, Any]


class SectorChanged(Answer):
    """How a sector changed since the map before, and by what."""

    sector_id: UUID
    label: str
    before: float
    after: float
    causes: list[dict[str, Any]]


class ProbabilityMap(Answer):
    """A map of probability; sectors, unpartitioned, outside_area and beyond sum to one."""

    map_id: UUID
    made_at: str
    lattice: RasterPlace
    scenarios: list[ScenarioMass]
    in_area: float
    outside_area: float
    beyond: float
    unpartitioned: float
    found: float
    responsive_share: float
    notices: list[str]
    team_people: int
    sectors: list[SectorProbability]
    changes: list[SectorChanged]


class SectorHours(Answer):
    """Hours of a team on foot in one sector, and what they are worth."""

    sector_id: UUID
    label: str
    hours: float
    pos: float
    next_best_per_h: float


class SectorLeftOut(Answer):
    """A sector without hours, and why."""

    sector_id: UUID
    label: str
    reason: str


class Effort(Answer):
    """Where hours find most; `refused` when there is nothing to gain."""

    hours: float
    pos: float
    pos_of_first: float
    level_per_h: float
    refused: str | None
    sectors: list[SectorHours]
    left_out: list[SectorLeftOut]
