"""The values of the tables of lost people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.probability.attraction import Pull
    from geo.probability.distance import LogNormal

Terrain = Literal["temperate_flat", "temperate_mountain", "dry_flat", "dry_mountain", "urban"]
"""What ground a search may lie on."""

CellTerrain = Literal[
    "temperate_flat", "temperate_mountain", "temperate", "dry_flat", "dry_mountain", "dry", "urban", "any"
]
"""What ground a row of a table may speak of."""

Reliability = Literal["good", "fair", "weak", "purchased"]
Fit = Literal["raw_fit", "quantile_fit"]
Step = Literal["exact", "category_other", "hiker_default"]

TERRAINS: Final[tuple[Terrain, ...]] = get_args(Terrain)
CELL_TERRAINS: Final[tuple[CellTerrain, ...]] = get_args(CellTerrain)

EXACT: Final[Mapping[str, tuple[CellTerrain, ...]]] = {
    "temperate_flat": ("temperate_flat", "temperate"),
    "temperate_mountain": ("temperate_mountain", "temperate"),
    "dry_flat": ("dry_flat", "dry"),
    "dry_mountain": ("dry_mountain", "dry"),
    "urban": ("urban",),
}
"""Which rows speak of a terrain itself, the closest first."""

OTHER: Final[Mapping[str, tuple[CellTerrain, ...]]] = {
    "temperate_flat": ("any",),
    "temperate_mountain": ("any",),
    "dry_flat": ("any",),
    "dry_mountain": ("any",),
    "urban": ("any", "temperate"),
}
"""Which rows of the category stand in: a temperate one for a town, as IGT4SAR does, none for a desert."""

OTHER_CATEGORY: Final = "other"
DEFAULT_CATEGORY: Final = "hiker"
DEFAULT_TERRAIN: Final[Terrain] = "temperate_flat"


@dataclass(frozen=True, slots=True)
class DistanceRow:
    """One cell of a table of distances."""

    category: str
    terrain: CellTerrain
    model: LogNormal
    fit: Fit
    reliability: Reliability
    population: str


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """How finds of a category spread around the direction of travel: share to absolute deviation, degrees."""

    category: str
    quantiles_deg: Mapping[float, float]
    n: int | None
    reliability: Reliability
    source: str


@dataclass(frozen=True, slots=True)
class PullRow:
    """How a kind of feature draws a category, and which classes of ground are of the kind."""

    category: str
    kind: str
    classes: tuple[str, ...]
    pull: Pull
    reliability: Reliability
    source: str


@dataclass(frozen=True, slots=True)
class Habits:
    """What a category does by default, until somebody who knows the person says otherwise.

    Attributes
    ----------
    responsive_share
        Probability that the person can answer and does, 0..1.
    moves
        ``not``, ``little`` or ``freely``; `geo.probability.decay.TAU_H`.
    status
        ``published`` or ``assumed``; of the share.
    source
        For people; may be empty.
    """

    category: str
    responsive_share: float
    moves: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class ChosenDistance:
    """The distance model found for a category on a terrain, and by which way.

    Attributes
    ----------
    model
        Log-normal with ``n`` and source.
    step
        ``exact``: the row speaks of this terrain. ``category_other``: the category's row for other ground.
        ``hiker_default``: nothing is known of the category, hikers on flat temperate ground stand in.
    category, terrain
        Of the row used.
    fit, reliability, population
        How it was fitted, how far to believe it, of whom: ``isrid``, ``uk``, ``arizona``, ``purchased``.
    notes
        ``category_without_data``, ``other_terrain``, ``small_sample`` (n below 20), ``sample_unknown``.
    """

    model: LogNormal
    step: Step
    category: str
    terrain: CellTerrain
    fit: Fit
    reliability: Reliability
    population: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChosenDirection:
    """The dispersion found for a category; notes as of `ChosenDistance`."""

    quantiles_deg: Mapping[float, float]
    n: int | None
    category: str
    reliability: Reliability
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChosenPulls:
    """The pulls found for a category.

    Attributes
    ----------
    pulls
        By kind of feature, for `geo.probability.attraction.attraction_factor`.
    classes
        By kind, the classes of imported ground that are of it.
    sources
        By kind.
    """

    pulls: Mapping[str, Pull]
    classes: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, str]
    category: str
    reliability: Reliability
    notes: tuple[str, ...]
