"""What a clue says of where the person is: a likelihood over the raster, with a stated weight."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.errors import ProbabilityError

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.lattice_raster import Lattice

    Floats = npt.NDArray[np.float64]

MOST_WEIGHT: Final = 0.99
"""No clue is certain: a stated weight of 1 counts as this, so that two clues that exclude each other still
leave a map."""


LEAST_EXPECTED: Final = 1e-9
"""A clue whose place holds less of the map than this cannot be used: something about the map is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Clue:
    """A clue as a likelihood.

    Attributes
    ----------
    clue_id
        Whatever the caller calls it by.
    kernel
        How well each cell goes with the clue, 0..1, shape ``(rows, columns)``.
    beyond
        The same for the ground outside the raster, 0..1, one number.
    weight
        Probability that the clue speaks of the person at all, 0..1; 0 leaves the map as it is.

    Raises
    ------
    ProbabilityError
        A value is out of 0..1 or not a number.

    Notes
    -----
    The likelihood is ``w K / E[K] + (1 - w)`` with the mean over the map before all clues: a false report
    comes from anywhere as often as a true one would, so a single clue of weight w leaves ``1 - w`` of the map
    as it was and gathers w of it where the clue points. With ``w K + 1 - w``, without the mean, a sure
    sighting on a large map would hardly move it.
    """

    clue_id: str
    kernel: Floats
    beyond: float
    weight: float

    def __post_init__(self) -> None:
        """Refuse a likelihood that is none."""
        if not (0.0 <= self.weight <= 1.0 and 0.0 <= self.beyond <= 1.0):
            raise ProbabilityError("weight and likelihood lie in 0..1", name="weight")
        if not ((self.kernel >= 0).all() and (self.kernel <= 1).all()):
            raise ProbabilityError("a likelihood lies in 0..1", name="kernel")

    @property
    def trust(self) -> float:
        """The weight as it counts, at most ``MOST_WEIGHT``."""
        return min(self.weight, MOST_WEIGHT)

    def expected(self, cells: Floats, beyond: float) -> float:
        """Return the mean of the kernel over a map: how far the map goes with the clue, 0..1."""
        return float((cells * self.kernel).sum()) + beyond * self.beyond

    def likelihood(self, expected: float) -> tuple[Floats, float]:
        """Return the likelihood of every cell and of the ground beyond, > 0.

        Parameters
        ----------
        expected
            From `expected`; when it is next to nothing the clue points where nobody can be by the map,
            and the likelihood is 1 everywhere.
        """
        if expected < LEAST_EXPECTED:
            return np.ones_like(self.kernel), 1.0
        raised = self.trust / expected
        return raised * self.kernel + (1.0 - self.trust), raised * self.beyond + (1.0 - self.trust)


def sighting(
    clue_id: str, lattice: Lattice, at_m: tuple[float, float], sigma_m: float, weight: float
) -> Clue:
    """Return a clue at a place: seen here, belongings found here.

    Parameters
    ----------
    at_m
        Place, x and y in the metric frame; may lie outside the raster.
    sigma_m
        Standard deviation of where the person may be now as the clue has it, >= 0; `sighting_sigma_m`.
    weight
        0..1.

    Raises
    ------
    ProbabilityError
        A value is out of its range.

    Notes
    -----
    ``K = exp(-d**2 / (2 sigma**2))``, 1 at the place. The outside gets the share of the normal distribution
    that lies there: next to nothing for a place within, nearly 1 for one far out.
    """
    if not (all(map(math.isfinite, at_m)) and math.isfinite(sigma_m) and sigma_m >= 0):
        raise ProbabilityError("a place and its spread must be finite", name="sigma_m")
    spread_m = math.hypot(sigma_m, lattice.cell_m / 2.0)  # a cell knows no better where its middle is
    x, y = lattice.middles()
    kernel = np.outer(_bell((y - at_m[1]) / spread_m), _bell((x - at_m[0]) / spread_m))
    east_m = lattice.west_m + lattice.columns * lattice.cell_m
    north_m = lattice.south_m + lattice.rows * lattice.cell_m
    within = _between(lattice.west_m - at_m[0], east_m - at_m[0], spread_m) * _between(
        lattice.south_m - at_m[1], north_m - at_m[1], spread_m
    )
    return Clue(clue_id, kernel, min(1.0, max(0.0, 1.0 - within)), weight)


def sighting_sigma_m(accuracy_m: float, age_h: float, drift_m_per_h: float) -> float:
    """Return how far from an old sighting the person may be, one standard deviation, metres.

    Parameters
    ----------
    accuracy_m
        Of the place itself, one standard deviation, >= 0.
    age_h
        Hours since.
    drift_m_per_h
        Effective speed of the subject in one direction, >= 0; 0 for one who stays.

    Notes
    -----
    Effective speed of lost hikers in simulations: 0.064 m/s, that is 230 m/h (Hashimoto et al. 2022).
    """
    return math.hypot(max(accuracy_m, 0.0), max(drift_m_per_h, 0.0) * max(age_h, 0.0))


def region(
    clue_id: str,
    lattice: Lattice,
    metric: BaseGeometry,
    weight: float,
    *,
    soft_m: float = 0.0,
    is_outside: bool = False,
) -> Clue:
    """Return a clue that speaks of ground: a phone's area, "not in the village".

    Parameters
    ----------
    metric
        Polygon in the metric frame. An empty one says nothing: the clue leaves the map as it is.
    soft_m
        Width of the edge, one standard deviation of how well the line is known, >= 0.
    is_outside
        True: the person is *not* in there.

    Raises
    ------
    ProbabilityError
        A value is out of its range.

    Notes
    -----
    ``K`` is 1 inside and ``exp(-d**2 / (2 soft**2))`` at distance d from it. The outside gets the share of
    the polygon that lies beyond the raster.
    """
    if not (math.isfinite(soft_m) and soft_m >= 0):
        raise ProbabilityError("must be finite and not negative", name="soft_m")
    if metric.is_empty or not metric.area > 0:
        return Clue(clue_id, np.ones(lattice.shape), 1.0, weight)
    ground = metric if metric.is_valid else shapely.make_valid(metric)
    kernel = lattice.inside(ground).astype(np.float64)
    if soft_m > 0:
        kernel = _softened(lattice, ground, kernel, soft_m)
    east_m = lattice.west_m + lattice.columns * lattice.cell_m
    north_m = lattice.south_m + lattice.rows * lattice.cell_m
    frame = shapely.box(lattice.west_m, lattice.south_m, east_m, north_m)
    beyond = 1.0 - float(ground.intersection(frame).area) / float(ground.area)
    beyond = min(1.0, max(0.0, beyond))
    if is_outside:
        return Clue(clue_id, 1.0 - kernel, 1.0 - beyond, weight)
    return Clue(clue_id, kernel, beyond, weight)


def _softened(lattice: Lattice, ground: BaseGeometry, kernel: Floats, soft_m: float) -> Floats:
    """Return the kernel with its soft edge; only cells near the ground are measured."""
    x, y = lattice.middles()
    west, south, east, north = ground.buffer(5.0 * soft_m, quad_segs=2).bounds
    columns = np.flatnonzero((x >= west) & (x <= east))
    rows = np.flatnonzero((y >= south) & (y <= north))
    if not (len(columns) and len(rows)):
        return kernel
    grid_x, grid_y = np.meshgrid(x[columns], y[rows])
    away_m = shapely.distance(shapely.points(grid_x, grid_y), ground)
    soft = kernel.copy()
    soft[np.ix_(rows, columns)] = np.maximum(kernel[np.ix_(rows, columns)], _bell(away_m / soft_m))
    return soft


def _bell(away: Floats | np.float64) -> Floats:
    return np.asarray(np.exp(-0.5 * np.minimum(away**2, 1400.0)))


def _between(low_m: float, high_m: float, sigma_m: float) -> float:
    scale = sigma_m * math.sqrt(2.0)
    return 0.5 * (math.erf(high_m / scale) - math.erf(low_m / scale))
