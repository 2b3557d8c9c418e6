"""How good a map was, once the person is found: MapScore's R, log score, calibration of rings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geo.lattice_raster import Lattice

    Floats = npt.NDArray[np.float64]
    Counts = npt.NDArray[np.int64]

WINDOW_M: Final = 25_000.0
PIXEL_M: Final = 5.0
PIXELS: Final = 5_001
"""The published window: 25 km around the IPP in pixels of 5 m, the IPP in the middle of the middle one."""

ROW_WHEN_UNSAID: Final = 0.05
"""Rest of the world that MapScore assumes when a map leaves none."""

LEAST_PROBABILITY: Final = 1e-12
"""A map that gave the find nothing is scored as if it had given this."""

_Z95: Final = 1.959963984540054


def mapscore_r(values: npt.ArrayLike, row: int, column: int, counts: npt.ArrayLike | None = None) -> float:
    """Return MapScore's R of a map whose find lies in a cell of it, -1..1.

    Parameters
    ----------
    values
        Probability or its density per cell, any scale, shape ``(rows, columns)``.
    row, column
        Cell of the find.
    counts
        Pixels that each cell stands for, same shape; None: one each.

    Returns
    -------
    float
        1 is best, 0 what a map without content gets, -1 worst.

    Raises
    ------
    ProbabilityError
        A value is NaN, the find lies off the map, or the map has no pixel.

    Notes
    -----
    ``r = (n_higher + n_equal / 2) / N``, ``R = (0.5 - r) / 0.5``: the tie rule counts half of the pixels of
    the find's own value, itself included (Sava, Twardy, Koester, Sonwalkar 2016, Transactions in GIS, doi
    10.1111/tgis.12143). Row before column: the reference program indexes a row-major array the other way
    round.

    Examples
    --------
    >>> mapscore_r(np.ones((10, 10)), 3, 4)
    0.0
    """
    density = np.asarray(values, dtype=np.float64)
    if density.ndim != 2 or not (0 <= row < density.shape[0] and 0 <= column < density.shape[1]):  # noqa: PLR2004
        raise ProbabilityError("the find lies off the map", name="row")
    if np.isnan(density).any():
        raise ProbabilityError("a map has no holes", name="values")
    number: npt.NDArray[np.float64] = (
        np.ones(density.shape) if counts is None else np.asarray(counts, dtype=np.float64)
    )
    return _r(density, number, float(density[row, column]), 0.0)


def _r(density: Floats, number: Floats, value: float, bare: float) -> float:
    """Return R when ``bare`` more pixels have the value 0."""
    total = float(number.sum()) + bare
    if total <= 0:
        raise ProbabilityError("the map has no pixel", name="counts")
    higher = float(number[density > value].sum()) + (bare if value < 0 else 0.0)
    equal = float(number[density == value].sum()) + (bare if value == 0 else 0.0)
    return (0.5 - (higher + equal / 2.0) / total) / 0.5


def mapscore_outside(rest_of_world: float | None = None) -> float:
    """Return R of a find outside the window: ``r = 1 - ROW``.

    Parameters
    ----------
    rest_of_world
        What the map left for the outside, 0..1; None or 0: ``ROW_WHEN_UNSAID``.

    Raises
    ------
    ProbabilityError
        Not within 0..1.

    Examples
    --------
    >>> round(mapscore_outside(), 12)
    -0.9
    """
    left = rest_of_world or ROW_WHEN_UNSAID
    if not 0.0 < left <= 1.0:
        raise ProbabilityError("a share lies in 0..1", name="rest_of_world")
    return (0.5 - (1.0 - left)) / 0.5


def mapscore_in_window(
    lattice: Lattice,
    cells: Floats,
    start_m: tuple[float, float],
    find_m: tuple[float, float],
    *,
    rest_of_world: float | None = None,
) -> float:
    """Return MapScore's R of a raster in the published window around the IPP.

    Parameters
    ----------
    lattice, cells
        Probability per cell; ground of the window that the raster does not hold has none.
    start_m, find_m
        IPP and find, x and y in the metric frame.
    rest_of_world
        What the map left outside the window, for finds there; None: by `window_counts` and the cells.

    Notes
    -----
    The pixels of the window are counted per cell, not drawn: the 25 million of them give the same number.
    """
    east_m, north_m = find_m[0] - start_m[0], find_m[1] - start_m[1]
    half_m = PIXELS * PIXEL_M / 2.0
    counts = window_counts(lattice, start_m)
    if not (abs(east_m) <= half_m and abs(north_m) <= half_m):
        left = rest_of_world
        if left is None:
            left = max(0.0, 1.0 - float(cells[counts > 0].sum()))
        return mapscore_outside(min(left, 1.0))
    # The find's pixel has the value of the cell that holds the pixel's middle.
    x, y = (
        start + round(away / PIXEL_M) * PIXEL_M
        for start, away in zip(start_m, (east_m, north_m), strict=True)
    )
    column = math.floor((x - lattice.west_m) / lattice.cell_m)
    row = math.floor((y - lattice.south_m) / lattice.cell_m)
    on_map = 0 <= row < lattice.rows and 0 <= column < lattice.columns
    bare = float(PIXELS) ** 2 - float(counts.sum())
    return _r(cells, counts.astype(np.float64), float(cells[row, column]) if on_map else 0.0, bare)


def window_counts(lattice: Lattice, start_m: tuple[float, float]) -> Counts:
    """Return how many pixels of the published window have their middle in each cell, as a raster."""
    steps = (np.arange(PIXELS) - PIXELS // 2) * PIXEL_M

    def per_line(start: float, low: float, size: int) -> Counts:
        at = np.floor((start + steps - low) / lattice.cell_m).astype(np.int64)
        return np.bincount(at[(at >= 0) & (at < size)], minlength=size).astype(np.int64)

    columns = per_line(start_m[0], lattice.west_m, lattice.columns)
    rows = per_line(start_m[1], lattice.south_m, lattice.rows)
    return np.asarray(np.outer(rows, columns))


def log_score(probability: float) -> float:
    """Return the natural logarithm of what the map gave the outcome, at most 0.

    Parameters
    ----------
    probability
        Of the cell of the find, or of the rest of the world for a find there; 0..1. What is smaller than
        ``LEAST_PROBABILITY`` counts as that.

    Notes
    -----
    Good 1952: the only score that depends on the outcome alone and that honesty maximises. Maps compare only
    over the same cells.
    """
    if not 0.0 <= probability <= 1.0 + 1e-9:
        raise ProbabilityError("a probability lies in 0..1", name="probability")
    return math.log(min(1.0, max(probability, LEAST_PROBABILITY)))


@dataclass(frozen=True, slots=True)
class Ring:
    """How many finds a ring held.

    Attributes
    ----------
    expected
        Share that it should hold.
    found, n
        How many of how many finds it held.
    low, high
        95 % interval of the true share.
    """

    expected: float
    found: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Share of the finds within the ring; 0 without finds."""
        return self.found / self.n if self.n else 0.0

    @property
    def is_calibrated(self) -> bool:
        """Whether the expected share lies within the interval."""
        return self.low <= self.expected <= self.high


def ring_calibration(
    positions: npt.ArrayLike, rings: Sequence[float] = (0.25, 0.5, 0.75, 0.95)
) -> tuple[Ring, ...]:
    """Return how many finds lay within each ring of the model.

    Parameters
    ----------
    positions
        The model's cumulative probability at each find, 0..1, shape ``(n,)``: evenly spread when the model
        is right.
    rings
        Shares of the rings.

    Raises
    ------
    ProbabilityError
        A position is no probability.

    Notes
    -----
    Intervals of Wilson (1927), which stay sensible for a handful of cases.
    """
    at = np.asarray(positions, dtype=np.float64).ravel()
    if not ((at >= 0) & (at <= 1)).all():
        raise ProbabilityError("a position lies in 0..1", name="positions")
    answer = []
    for expected in rings:
        found = int((at <= expected).sum())
        low, high = _wilson(found, len(at))
        answer.append(Ring(expected, found, len(at), low, high))
    return tuple(answer)


def _wilson(found: int, n: int) -> tuple[float, float]:
    if n == 0:
        return 0.0, 1.0
    share, z2 = found / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
