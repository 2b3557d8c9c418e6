"""How far a lost person is found from the point where the search begins: a log-normal of the distance.

Distances are straight lines from the initial planning point (IPP) to the find, in kilometres in the
parameters and in metres on rasters. Everything is numpy; nothing here knows a map.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RINGS: Final = (0.25, 0.5, 0.75, 0.95)
"""Shares that published tables print (Koester 2008): beyond the last ring lies one find in twenty."""

SMALL_SAMPLE: Final = 20
"""Fewer cases than this say little; a table cell with so few is shown with a warning."""

_NORMAL: Final = NormalDist()
_HALVINGS: Final = 60
_FAR_Z: Final = -30.0
_LEAST_SIGMA: Final = 1e-6
_LEAST_QUANTILES: Final = 2


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A log-normal distribution of the distance from the IPP.

    Attributes
    ----------
    mu_ln_km, sigma_ln_km
        Mean and standard deviation of the natural logarithm of the distance in kilometres; sigma > 0.
    n
        Cases it was fitted to; None when the source does not say.
    source
        Where the parameters come from, for people.

    Raises
    ------
    ProbabilityError
        A parameter is not finite, or sigma or ``n`` is not positive.
    """

    mu_ln_km: float
    sigma_ln_km: float
    n: int | None = None
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse parameters of no distribution."""
        if not math.isfinite(self.mu_ln_km):
            raise ProbabilityError("mu must be finite", name="mu_ln_km")
        if not (math.isfinite(self.sigma_ln_km) and self.sigma_ln_km > 0):
            raise ProbabilityError("sigma must be finite and positive", name="sigma_ln_km")
        if self.n is not None and self.n < 1:
            raise ProbabilityError("a fit needs a case", name="n")

    @property
    def is_small_sample(self) -> bool:
        """Whether fewer than ``SMALL_SAMPLE`` cases are known to stand behind it."""
        return self.n is not None and self.n < SMALL_SAMPLE

    @property
    def median_km(self) -> float:
        """The distance that half of the finds do not reach."""
        return math.exp(self.mu_ln_km)

    @property
    def even_within_km(self) -> float:
        """The radius of the disc that the density leaves without a step when it is held even there.

        Notes
        -----
        Towards the IPP the log-normal per area falls to zero, which no statistics of finds say: there the
        fit only runs out of cases. With the mean density of the disc equal to the density at its edge,
        ``phi(z) / Phi(z) = 2 sigma`` (``z`` of the radius), the map nowhere rises with distance and keeps the
        mass of every larger circle.
        """
        low, high = -40.0, 10.0
        for _ in range(_HALVINGS):
            z = (low + high) / 2.0
            # Far out Phi underflows; there phi / Phi is nearly -z.
            below = 0.5 * math.erfc(-z / math.sqrt(2.0))
            ratio = _NORMAL.pdf(z) / below if z > _FAR_Z else -z
            low, high = (z, high) if ratio > 2.0 * self.sigma_ln_km else (low, z)
        return math.exp(self.mu_ln_km + self.sigma_ln_km * (low + high) / 2.0)

    def cdf_km(self, distance_km: npt.ArrayLike) -> Floats:
        """Return the share of finds within a distance, any shape, 0..1; 0 at and below zero distance."""
        km = np.asarray(distance_km, dtype=np.float64)
        with np.errstate(divide="ignore"):
            z = (np.log(np.maximum(km, 0.0)) - self.mu_ln_km) / (self.sigma_ln_km * math.sqrt(2.0))
        return np.asarray(0.5 * np.vectorize(math.erfc, otypes=[np.float64])(-z))

    def quantile_km(self, share: float) -> float:
        """Return the distance within which a share of the finds lies, kilometres.

        Raises
        ------
        ProbabilityError
            The share is not strictly between 0 and 1.
        """
        if not 0.0 < share < 1.0:
            raise ProbabilityError("a share lies strictly between 0 and 1", name="share")
        return math.exp(self.mu_ln_km + self.sigma_ln_km * _NORMAL.inv_cdf(share))

    def density_per_km2(self, distance_km: npt.ArrayLike, flat_within_km: float = 0.0) -> Floats:
        """Return the probability per square kilometre at a distance, the same in all directions.

        Parameters
        ----------
        distance_km
            Any shape, >= 0; infinite gives 0.
        flat_within_km
            Uncertainty of the IPP: within it the density is even, with the mass it holds. >= 0.

        Returns
        -------
        ndarray
            Same shape, >= 0, finite.

        Notes
        -----
        The density of the distance is divided by the circumference ``2 pi d``. The result peaks at
        ``exp(mu - 2 sigma**2)`` and is zero at the IPP itself unless held flat there.
        """
        if not (math.isfinite(flat_within_km) and flat_within_km >= 0):
            raise ProbabilityError("must be finite and not negative", name="flat_within_km")
        km = np.asarray(distance_km, dtype=np.float64)
        ln_km = np.log(np.where((km > 0) & np.isfinite(km), km, 1.0))
        z = (ln_km - self.mu_ln_km) / self.sigma_ln_km
        # Exponents are added before the one call: d ** 2 alone would underflow beside the point.
        exponent = -0.5 * z**2 - 2.0 * ln_km
        scale = self.sigma_ln_km * math.sqrt(2.0 * math.pi) * 2.0 * math.pi
        density = np.where((km > 0) & np.isfinite(km), np.exp(np.minimum(exponent, 700.0)) / scale, 0.0)
        if flat_within_km > 0:
            held = float(self.cdf_km(flat_within_km)) / (math.pi * flat_within_km**2)
            density = np.where(km < flat_within_km, held, density)
        return density


def fit_quantiles(
    quantiles_km: Mapping[float, float], *, n: int | None = None, source: str = ""
) -> LogNormal:
    """Return the log-normal nearest to published quantiles.

    Parameters
    ----------
    quantiles_km
        Share (0..1, exclusive) to kilometres (> 0); at least two shares.

    Raises
    ------
    ProbabilityError
        Fewer than two quantiles, a share or a distance out of its range, or distances that do not grow.

    Notes
    -----
    Least squares of ``ln(quantile)`` on the quantiles of the standard normal. The method is the one of
    SAREnv (2025, ``generation.py``); it weighs the quantiles evenly and is no maximum likelihood.

    Examples
    --------
    >>> round(fit_quantiles({0.25: 1.5, 0.5: 3.2, 0.75: 6.4, 0.95: 12.9}).mu_ln_km, 4)
    1.1143
    """
    shares = sorted(quantiles_km)
    if len(shares) < _LEAST_QUANTILES:
        raise ProbabilityError("a fit needs two quantiles", name="quantiles_km")
    if not all(0.0 < share < 1.0 for share in shares):
        raise ProbabilityError("a share lies strictly between 0 and 1", name="quantiles_km")
    km = np.array([quantiles_km[share] for share in shares], dtype=np.float64)
    if not (np.isfinite(km).all() and (km > 0).all() and (np.diff(km) >= 0).all() and km[-1] > km[0]):
        raise ProbabilityError("distances must be positive and grow with the share", name="quantiles_km")
    z = np.array([_NORMAL.inv_cdf(share) for share in shares])
    ln_km = np.log(km)
    slope = float(((z - z.mean()) * (ln_km - ln_km.mean())).sum() / ((z - z.mean()) ** 2).sum())
    sigma = max(slope, _LEAST_SIGMA)
    return LogNormal(float(ln_km.mean()) - slope * float(z.mean()), sigma, n, source)
