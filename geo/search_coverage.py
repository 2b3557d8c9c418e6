"""Search coverage and probability of detection: the formulas, without rasters.

Coverage is effort over area, ``C = W L / A``; detection follows from it by a model. A subject who can answer
and one who cannot are two subjects: every figure exists twice, and the two are never mixed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geo.errors import EffortError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_SERIES_BELOW = 1e-300


def effort_m2(sweep_width_m: float, length_m: float) -> float:
    """Return effort ``Z = W L`` in square metres.

    Parameters
    ----------
    sweep_width_m
        >= 0; 0 finds nothing.
    length_m
        Length searched inside the segment, summed over searchers, >= 0.

    Raises
    ------
    EffortError
        A value is negative or not finite.
    """
    _check(sweep_width_m=sweep_width_m, length_m=length_m)
    return sweep_width_m * length_m


def coverage(sweep_width_m: float, length_m: float, area_m2: float) -> float:
    """Return coverage ``C = W L / A``, dimensionless, >= 0.

    Raises
    ------
    EffortError
        A value is negative or not finite, or the area is nothing.

    Examples
    --------
    >>> coverage(50.0, 5_000.0, 250_000.0)
    1.0
    """
    _check(area_m2=area_m2)
    if area_m2 == 0:
        raise EffortError("coverage of no area", name="area_m2")
    return effort_m2(sweep_width_m, length_m) / area_m2


def coverage_of_time(
    searchers: int, sweep_width_m: float, speed_mps: float, time_s: float, area_m2: float
) -> float:
    """Return coverage ``C = n W v t / A`` where there are no tracks, only time.

    Raises
    ------
    EffortError
        A value is negative or not finite, or the area is nothing.
    """
    _check(searchers=searchers, speed_mps=speed_mps, time_s=time_s)
    return coverage(sweep_width_m, searchers * speed_mps * time_s, area_m2)


def pod_exponential(coverages: npt.ArrayLike) -> Floats:
    """Return ``1 - exp(-C)``: random search, the right default for teams on the ground.

    Parameters
    ----------
    coverages
        Any shape, >= 0, may be infinite.

    Returns
    -------
    ndarray
        Same shape, 0..1.

    Notes
    -----
    Koopman, "The theory of search II", Operations Research 4, 1956.
    """
    return -np.expm1(-np.asarray(coverages, dtype=np.float64))


def pod_inverse_cube(coverages: npt.ArrayLike) -> Floats:
    """Return ``erf(sqrt(pi) / 2 * C)``: perfect parallel sweeps, an upper reference and never a claim.

    Parameters
    ----------
    coverages
        Any shape, >= 0.

    Returns
    -------
    ndarray
        Same shape, 0..1.
    """
    scaled = np.asarray(coverages, dtype=np.float64) * (math.sqrt(math.pi) / 2.0)
    return np.asarray(np.vectorize(math.erf, otypes=[np.float64])(scaled))


def pod_definite_range(coverages: npt.ArrayLike) -> Floats:
    """Return ``min(1, C)``: the ideal upper bound."""
    return np.minimum(1.0, np.asarray(coverages, dtype=np.float64))


def coverage_for(pod: float) -> float:
    """Return the coverage at which random search detects with this probability, ``-ln(1 - POD)``.

    Raises
    ------
    EffortError
        Not within 0..1 (1 itself is reached by no finite effort).
    """
    if not 0.0 <= pod < 1.0:
        raise EffortError("probability of detection must be within 0..1", name="pod")
    return -math.log1p(-pod)


def cumulative_pod(pods: Iterable[float]) -> float:
    """Return ``1 - prod(1 - POD)`` of independent searches of the same ground.

    Notes
    -----
    Goes with the probability of area before the first of these searches; with one already shifted it would
    count a search twice (Clark 1995 on the two published formulas).

    Raises
    ------
    EffortError
        One of them is no probability.
    """
    missed = 1.0
    for pod in pods:
        if not 0.0 <= pod <= 1.0:
            raise EffortError("probability of detection must be within 0..1", name="pod")
        missed *= 1.0 - pod
    return 1.0 - missed


def line_coverage(sweep_width_m: float, spacing_m: float) -> float:
    """Return the coverage of a line search, ``C = W / S``: what one pass of the line leaves inside it.

    Raises
    ------
    EffortError
        A value is negative or not finite, or the spacing is nothing.
    """
    _check(sweep_width_m=sweep_width_m, spacing_m=spacing_m)
    if spacing_m == 0:
        raise EffortError("a line without spacing", name="spacing_m")
    return sweep_width_m / spacing_m


def line_spacing_m(sweep_width_m: float, pod: float) -> float:
    """Return the spacing at which one pass reaches this probability; infinite for none.

    Raises
    ------
    EffortError
        The width is negative, or the probability not within 0..1.
    """
    _check(sweep_width_m=sweep_width_m)
    wanted = coverage_for(pod)
    return math.inf if wanted < _SERIES_BELOW else sweep_width_m / wanted


def _check(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise EffortError("must be finite and not negative", name=name)
