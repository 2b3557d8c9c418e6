"""Which way a lost person went: how finds spread around the direction of travel that was known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SHARES: Final = (0.25, 0.5, 0.75, 0.95)
SMOOTHING_DEG: Final = 10.0
"""Half of the window over which the steps of a table are smoothed: nobody knows a direction better."""

_HALF_TURN: Final = 180.0
_TURN: Final = 360.0
_LEAST_STEP_DEG: Final = 1e-6


def dispersion_factor(bearing_offsets_deg: npt.ArrayLike, quantiles_deg: Mapping[float, float]) -> Floats:
    """Return how much likelier a direction is than if all were alike; mean 1 over the circle.

    Parameters
    ----------
    bearing_offsets_deg
        Bearing of a place from the IPP less the direction of travel, any shape, any turn.
    quantiles_deg
        Share (0.25, 0.5, 0.75, 0.95) to the absolute deviation in degrees, 0..180, not falling.

    Returns
    -------
    ndarray
        Same shape, >= 0.

    Raises
    ------
    ProbabilityError
        The table lacks a share, or its deviations are out of range or fall.

    Notes
    -----
    Deviations of the published tables reach 175 degrees, so they are read as absolute deviations to either
    side (Koester 2008). Between two quantiles the share is spread evenly, the rest after the last one up to
    180; then a moving mean over 20 degrees takes the steps away. Both keep the mean over the circle at 1.

    Examples
    --------
    >>> table = {0.25: 2, 0.5: 23, 0.75: 64, 0.95: 132}
    >>> ahead, behind = dispersion_factor([0, 180], table)
    >>> bool(ahead > 2.0 > 0.5 > behind)
    True
    """
    deviations = _checked(quantiles_deg)
    corners = np.array([0.0, *deviations, _HALF_TURN])
    # Equal corners become a very steep step; the last one stays where the circle closes.
    corners = np.maximum.accumulate(corners + np.arange(len(corners)) * _LEAST_STEP_DEG)
    corners = np.minimum(corners / corners[-1] * _HALF_TURN, _HALF_TURN)
    shares = np.array([0.0, *SHARES, 1.0])
    offsets = np.asarray(bearing_offsets_deg, dtype=np.float64)

    def below(angle_deg: Floats) -> Floats:
        turns = np.floor((angle_deg + _HALF_TURN) / _TURN)
        within = angle_deg - turns * _TURN
        side: Floats = np.interp(np.abs(within), corners, shares)
        return np.asarray(turns + 0.5 + np.sign(within) * side / 2.0)

    window = below(offsets + SMOOTHING_DEG) - below(offsets - SMOOTHING_DEG)
    return np.maximum(window * (_TURN / (2.0 * SMOOTHING_DEG)), 0.0)


def _checked(quantiles_deg: Mapping[float, float]) -> list[float]:
    try:
        deviations = [float(quantiles_deg[share]) for share in SHARES]
    except KeyError as missing:
        raise ProbabilityError("the table lacks a share", name="quantiles_deg") from missing
    in_range = all(math.isfinite(each) and 0.0 <= each <= _HALF_TURN for each in deviations)
    if not in_range or sorted(deviations) != deviations:
        raise ProbabilityError("deviations lie in 0..180 and do not fall", name="quantiles_deg")
    return deviations


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction of travel that somebody stated.

    Attributes
    ----------
    bearing_deg
        Clockwise from the frame's north.
    quantiles_deg
        Dispersion around it, as for `dispersion_factor`.
    weight
        How far the statement is trusted, 0..1; 0 takes it away.

    Raises
    ------
    ProbabilityError
        A value is out of its range.
    """

    bearing_deg: float
    quantiles_deg: Mapping[float, float]
    weight: float = 1.0

    def __post_init__(self) -> None:
        """Refuse a direction that is none."""
        _checked(self.quantiles_deg)
        if not math.isfinite(self.bearing_deg):
            raise ProbabilityError("a bearing must be finite", name="bearing_deg")
        if not 0.0 <= self.weight <= 1.0:
            raise ProbabilityError("a weight lies in 0..1", name="weight")

    def factor(self, east_m: npt.ArrayLike, north_m: npt.ArrayLike, flat_within_m: float = 0.0) -> Floats:
        """Return the factor at places given as offsets from the IPP, metres, any shape.

        Within ``flat_within_m`` of the IPP, where nobody can say which way a place lies, it comes to 1.
        """
        east, north = np.asarray(east_m, dtype=np.float64), np.asarray(north_m, dtype=np.float64)
        offsets = np.degrees(np.arctan2(east, north)) - self.bearing_deg
        trust = np.full(np.broadcast(east, north).shape, self.weight)
        if flat_within_m > 0:
            trust = trust * np.clip(np.hypot(east, north) / flat_within_m, 0.0, 1.0)
        return 1.0 + trust * (dispersion_factor(offsets, self.quantiles_deg) - 1.0)
