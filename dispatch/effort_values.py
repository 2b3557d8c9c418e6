"""Search effort of one kind over sectors: what it yields, where the next hour adds most, what was left out.

A sector with probability ``p`` and rate ``w`` (``W v / A`` times a team factor, per hour) searched for
``t`` hours yields ``p (1 - exp(-w t))`` (random search, Koopman). Hours are those of one searcher or of one
team, whichever the rate was made for. Nothing needs ``p`` to sum to one: un-normalised remainders do as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RefusalReason = Literal[
    "no_sectors",
    "shapes_differ",
    "not_finite",
    "negative",
    "hours_invalid",
    "teams_invalid",
    "nothing_to_gain",
    "too_many",
    "sector_unknown",
    "ways_invalid",
    "steps_invalid",
]
LeftOutReason = Literal["no_probability", "cannot_be_searched", "below_level", "too_short"]
LEAST_RATE = 1e-300  # its reciprocal is finite


@dataclass(frozen=True, slots=True)
class NoAllocation:
    """Why there is no allocation.

    Attributes
    ----------
    reason
        ``no_sectors``: empty arrays; ``shapes_differ``; ``not_finite`` or ``negative``: a probability or a
        rate; ``hours_invalid``: not finite or negative; ``teams_invalid``: not a whole number >= 0;
        ``nothing_to_gain``: no sector has both probability and a rate. Of shifts also ``too_many`` parts or
        sectors, ``sector_unknown``: a part of none of the sectors, ``ways_invalid``: not a number or
        negative, ``steps_invalid``: not a number, too short, or too many.
    index
        The first sector where it is so (flat), if it is one.
    """

    reason: RefusalReason
    index: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """Hours per sector and what they are worth.

    Attributes
    ----------
    hours_h
        Shape ``(n,)``, >= 0; their sum is the hours given.
    level
        Probability of success that the next hour adds, wherever it is spent; the largest marginal value when
        no hours were given.
    pos
        Probability of success that these hours add.
    """

    hours_h: Floats
    level: float
    pos: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sector that got nothing, and why.

    Attributes
    ----------
    reason
        ``no_probability``; ``cannot_be_searched``: its rate is zero; ``below_level``: its first hour is worth
        less than the last hour elsewhere; ``too_short``: it got less than the least that is worth a walk.
    per_h
        Probability of success of its first hour.
    """

    index: int
    reason: LeftOutReason
    per_h: float


def allocate_hours_plain(p: Floats, rate_per_h: Floats, hours: float) -> Allocation | NoAllocation:
    """Return what `dispatch.effort.allocate_hours` must: sort by rate, take the first level that fits."""
    wrong = wrong_shape(p, rate_per_h, hours)
    if wrong is not None:
        return wrong
    probability, rate = np.asarray(p, dtype=np.float64), np.asarray(rate_per_h, dtype=np.float64)
    for reason, bad in (
        ("not_finite", ~(np.isfinite(probability) & np.isfinite(rate))),
        ("negative", (probability < 0) | (rate < 0)),
    ):
        if bad.any():
            return NoAllocation(reason, int(bad.argmax()))  # type: ignore[arg-type] # the two codes above
    able = np.flatnonzero(_able(probability, rate))
    if not len(able):
        return NoAllocation("nothing_to_gain")
    log_rate = np.log(probability[able]) + np.log(rate[able])
    order = np.argsort(-log_rate, kind="stable")
    able, log_rate = able[order], log_rate[order]
    inverse = 1.0 / rate[able]
    levels = (np.cumsum(log_rate * inverse) - hours) / np.cumsum(inverse)
    fits = levels >= np.append(log_rate[1:], -np.inf)
    level = log_rate[0] if hours <= 0 else levels[int(fits.argmax())]
    hours_h = np.zeros(len(probability))
    hours_h[able] = np.maximum(0.0, (log_rate - level) * inverse)
    return Allocation(hours_h, math.exp(level), pos_of(probability, rate, hours_h))


def wrong_shape(p: Floats, rate_per_h: Floats, hours: float) -> NoAllocation | None:
    """Return why there is nothing to allocate, or None."""
    if np.ndim(p) != 1 or np.shape(p) != np.shape(rate_per_h):
        return NoAllocation("shapes_differ")
    if not len(p):
        return NoAllocation("no_sectors")
    if not (math.isfinite(hours) and hours >= 0):
        return NoAllocation("hours_invalid")
    return None


def _able(p: Floats, rate_per_h: Floats) -> npt.NDArray[np.bool_]:
    able: npt.NDArray[np.bool_] = (p > 0) & (rate_per_h >= LEAST_RATE)
    return able


def pos_of(p: Floats, rate_per_h: Floats, hours_h: Floats) -> float:
    """Return the probability of success of hours already given, ``sum p (1 - exp(-w t))``."""
    some = np.flatnonzero(hours_h)
    return float(-(p[some] * np.expm1(-rate_per_h[some] * hours_h[some])).sum())


def next_best(p: Floats, rate_per_h: Floats, hours_h: Floats | float = 0.0) -> Floats:
    """Return the probability of success that the next hour adds in each sector, per hour, shape ``(n,)``.

    Parameters
    ----------
    p
        Probability before any of ``hours_h``, >= 0.
    rate_per_h
        As in :func:`dispatch.effort.allocate_hours`.
    hours_h
        Spent already.
    """
    marginal: Floats = p * rate_per_h * np.exp(-rate_per_h * hours_h)
    return marginal


def kkt_residual(p: Floats, rate_per_h: Floats, allocation: Allocation) -> float:
    """Return how far an allocation is from optimal: 0 at the optimum, relative to the level.

    The largest of: deviation of the marginal value from the level where hours were given, its excess over the
    level elsewhere.
    """
    over = next_best(p, rate_per_h, allocation.hours_h) / allocation.level - 1.0
    return float(np.where(allocation.hours_h > 0, np.abs(over), np.maximum(over, 0.0)).max())


def why_not(p: Floats, rate_per_h: Floats, hours_h: Floats, *, least_h: float = 0.0) -> tuple[LeftOut, ...]:
    """Return every sector with no hours, or fewer than are worth a walk, and why; the most valuable first."""
    first_hour = next_best(p, rate_per_h)
    left = []
    for index in np.flatnonzero(hours_h <= least_h):
        reason: LeftOutReason = "below_level"
        if not p[index] > 0:
            reason = "no_probability"
        elif not rate_per_h[index] > 0:
            reason = "cannot_be_searched"
        elif hours_h[index] > 0:
            reason = "too_short"
        left.append(LeftOut(int(index), reason, float(first_hour[index])))
    return tuple(sorted(left, key=lambda each: (-each.per_h, each.index)))
