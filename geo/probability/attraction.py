"""What draws lost people, or where they end up: lines, water edges, buildings, clearings and their pull."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError
from geo.lattice_raster import Lattice
from geo.probability.nearness import distances_m

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Floats32 = npt.NDArray[np.float32]
    Geometries = npt.NDArray[np.object_]

MOST_TIMES: Final = 8.0
"""How many times likelier than even ground the very feature may become: shares of finds are counted where the
feature is common, and one stream on a plain must not take them all."""

_REACH_HALVES: Final = 7.0  # beyond, the pull is below one per cent
_MOST_PARTS: Final = 4  # sample points per side of a cell


@dataclass(frozen=True, slots=True)
class Pull:
    """How a kind of feature draws a category of people.

    Attributes
    ----------
    share
        Share of finds at such features, 0..1; 0 takes the kind away.
    half_m
        Distance at which the pull has fallen to half, > 0.
    most_times
        Cap of the pull at the feature itself, in times of even ground, >= 1.
    edge_only
        True: of polygons only the edge draws (water); False: the inside is at distance 0.

    Raises
    ------
    ProbabilityError
        A value is out of its range.
    """

    share: float
    half_m: float
    most_times: float = MOST_TIMES
    edge_only: bool = False

    def __post_init__(self) -> None:
        """Refuse a pull that is none."""
        if not 0.0 <= self.share <= 1.0:
            raise ProbabilityError("a share lies in 0..1", name="share")
        if not (math.isfinite(self.half_m) and self.half_m > 0):
            raise ProbabilityError("must be finite and positive", name="half_m")
        if not (math.isfinite(self.most_times) and self.most_times >= 1):
            raise ProbabilityError("must be finite and at least 1", name="most_times")


@dataclass(frozen=True, slots=True)
class KindOfPull:
    """What one kind does on a raster.

    Attributes
    ----------
    share
        What is left of the stated share after the cap: the part of the factor's mean that is its own.
    times
        Its summand of the factor, shape ``(rows, columns)``, mean ``share``.
    distance_m
        From each cell to the nearest such feature, shape ``(rows, columns)``; infinite out of reach.
    """

    share: float
    times: Floats32
    distance_m: Floats32


@dataclass(frozen=True, slots=True)
class Attraction:
    """A factor over the raster and what it is made of.

    Attributes
    ----------
    factor
        Shape ``(rows, columns)``, > 0 unless the shares leave nothing for even ground, mean 1.
    even
        Share that belongs to no feature and lies evenly.
    kinds
        The summands, by kind; ``even`` and their ``times`` add up to the factor.
    notes
        ``no_ground`` when no feature of any kind is in reach; ``shares_above_one`` when the shares were
        scaled.
    """

    factor: Floats
    even: float
    kinds: Mapping[str, KindOfPull]
    notes: tuple[str, ...] = ()


def attraction_factor(
    lattice: Lattice, features: Mapping[str, Sequence[object] | Geometries], pulls: Mapping[str, Pull]
) -> Attraction:
    """Return how much likelier each cell is for the features around it.

    Parameters
    ----------
    lattice
        Where the raster lies, metric frame.
    features
        Metric geometries by kind, any length; missing and empty ones are passed over. A kind that is in
        ``pulls`` alone has no features here.
    pulls
        By kind; a kind that is in ``features`` alone does not draw.

    Returns
    -------
    Attraction
        With no feature in reach, a factor of 1 everywhere and the note ``no_ground``.

    Notes
    -----
    ``factor = even + sum_k share_k * K_k / mean(K_k)`` with ``K = 2 ** (-distance / half_m)``: the share of
    finds that belongs to a kind goes to its surroundings. ``share_k`` is at most ``most_times * mean(K_k)``;
    what the cap takes away lies evenly. The form is ours; shares of find locations by feature are published
    (SAREnv 2025 for hikers; Jacobs 2015 for distances from linear features).
    """
    wanted = {kind: pull for kind, pull in pulls.items() if pull.share > 0}
    total = sum(pull.share for pull in wanted.values())
    scale = 1.0 / total if total > 1.0 else 1.0
    notes: list[str] = ["shares_above_one"] if total > 1.0 + 1e-9 else []
    factor = np.zeros(lattice.shape)
    kinds: dict[str, KindOfPull] = {}
    for kind, pull in sorted(wanted.items()):
        nearness, distance_m = _nearness(lattice, features.get(kind, ()), pull)
        mean = float(nearness.mean())
        if mean <= 0.0:
            continue
        share = min(pull.share * scale, pull.most_times * mean)
        times = nearness * (share / mean)
        factor += times
        kinds[kind] = KindOfPull(share, times.astype(np.float32), distance_m)
    if not kinds:
        notes.append("no_ground")
    even = max(0.0, 1.0 - sum(each.share for each in kinds.values()))
    return Attraction(factor + even, even, kinds, tuple(notes))


def _nearness(
    lattice: Lattice, features: Sequence[object] | Geometries, pull: Pull
) -> tuple[Floats, Floats32]:
    """Return the pull 0..1 as a mean over each cell, and the distance of the nearest point of the cell."""
    parts = min(_MOST_PARTS, max(1, math.ceil(lattice.cell_m / pull.half_m)))
    fine = Lattice(
        lattice.west_m,
        lattice.south_m,
        lattice.cell_m / parts,
        lattice.rows * parts,
        lattice.columns * parts,
    )
    away_m = distances_m(fine, features, reach_m=pull.half_m * _REACH_HALVES, edge_only=pull.edge_only)
    blocks = away_m.reshape(lattice.rows, parts, lattice.columns, parts)
    nearness: Floats = np.exp2(-blocks / pull.half_m).mean(axis=(1, 3))
    return nearness, blocks.min(axis=(1, 3)).astype(np.float32)
