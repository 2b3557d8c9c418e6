"""Optimal search effort of one kind over sectors or cells: hours where they add most. For the worker only.

What it yields and what was left out is in :mod:`dispatch.effort_values`, which needs no compiler.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.effort_kernels import water_level
from dispatch.effort_values import (
    Allocation,
    LeftOut,
    LeftOutReason,
    NoAllocation,
    RefusalReason,
    allocate_hours_plain,
    kkt_residual,
    next_best,
    pos_of,
    why_not,
    wrong_shape,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = [
    "Allocation",
    "LeftOut",
    "LeftOutReason",
    "NoAllocation",
    "RefusalReason",
    "allocate_hours",
    "allocate_hours_plain",
    "kkt_residual",
    "next_best",
    "pos_of",
    "why_not",
]
_CODES: Final[dict[int, RefusalReason]] = {1: "not_finite", 2: "negative"}


def allocate_hours(p: Floats, rate_per_h: Floats, hours: float) -> Allocation | NoAllocation:
    """Return the hours per sector that find most, exactly.

    Parameters
    ----------
    p
        Probability of each sector, >= 0, shape ``(n,)``.
    rate_per_h
        ``W v / A`` per hour, >= 0, shape ``(n,)``; sectors with zero never get hours.
    hours
        To be given out, >= 0.

    Returns
    -------
    Allocation or NoAllocation
        Bad input and a search with nothing to gain are answered, not raised.

    Notes
    -----
    ``p w exp(-w t)`` is one level in every sector with hours and at most that elsewhere: Charnes and Cooper
    1958, The theory of search: optimum distribution of search effort, Management Science 5(1).

    Examples
    --------
    >>> best = allocate_hours(np.array([2.0, 4.0, 2.0]), np.array([9.0, 3.0, 6.0]), 0.2)
    >>> best.hours_h.round(4).tolist(), round(best.pos, 4)
    ([0.0732, 0.0845, 0.0423], 2.309)
    """
    wrong = wrong_shape(p, rate_per_h, hours)
    if wrong is not None:
        return wrong
    probability, rate = (np.ascontiguousarray(each, dtype=np.float64) for each in (p, rate_per_h))
    hours_h = np.empty(len(probability))
    code, where, log_level, pos = water_level(probability, rate, float(hours), hours_h)
    if code:
        return NoAllocation(_CODES[code], where)
    if log_level == -math.inf:
        return NoAllocation("nothing_to_gain")
    return Allocation(hours_h, math.exp(log_level), max(pos, 0.0))
