"""Kernels of optimal effort: the threshold of Charnes and Cooper's water-filling without sorting.

For the worker only; the plain twin is ``dispatch.effort.allocate_hours_plain``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.compiling import compiled
from dispatch.effort_values import LEAST_RATE

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Places = npt.NDArray[np.int32]

OK, NOT_FINITE, NEGATIVE, TOO_HIGH = 0, 1, 2, 3
_SAMPLED = 1 << 16
_EVERY = 61  # no raster has so odd a period
_MORE = 1.15


def water_level(
    p: Doubles, rate_per_h: Doubles, hours: float, hours_h: Doubles
) -> tuple[int, int, float, float]:
    """Fill ``hours_h`` with the best hours; return a code, where it was met, ln of the level and success.

    Codes: 0 done, 1 a number is not finite, 2 a number is negative. The level is -inf where nothing can be
    gained, and then ``hours_h`` is zero.

    Notes
    -----
    Logarithms cost most, and only cells above the level need one. A sample with a little more time than its
    share gives a level that is almost surely below the true one; if it is not, that shows, and all are taken.
    """
    floor = 0.0
    if len(p) > _SAMPLED and hours > 0:
        few = p[::_EVERY].copy(), rate_per_h[::_EVERY].copy()
        code, _, sampled, _ = _filled(*few, hours / _EVERY * _MORE, 0.0, np.empty(len(few[0])))
        floor = float(np.exp(sampled)) if code == OK else 0.0
    code, where, level, pos = _filled(p, rate_per_h, hours, floor, hours_h)
    if code == TOO_HIGH:
        code, where, level, pos = _filled(p, rate_per_h, hours, 0.0, hours_h)
    return code, where, level, pos


@compiled
def _filled(
    p: Doubles, rate_per_h: Doubles, hours: float, floor: float, hours_h: Doubles
) -> tuple[int, int, float, float]:
    """Fill hours with the cells whose rate of success is above ``floor`` alone.

    Notes
    -----
    With ``x = ln(p w)`` the hours used at ln-level m are ``sum (x - m)+ / w``: convex, falling and made of
    straight pieces in m. Newton's steps from the left never pass the root and end after finitely many, each
    over the cells that are still above (Michelot 1986 for the simplex; Charnes and Cooper 1958).
    """
    at = np.empty(len(p), dtype=np.int32)
    code, where, count = _chosen(p, rate_per_h, floor, hours_h, at)
    if code != OK or count == 0:
        return (code if code != OK or floor == 0 else TOO_HIGH), where, -np.inf, 0.0
    log_rate, inverse = np.empty(count), np.empty(count)
    highest, used, total_w = -np.inf, 0.0, 0.0
    log_floor = np.log(floor) if floor > 0 else 0.0
    for k in range(count):
        a, w = p[at[k]], rate_per_h[at[k]]
        x = np.log(a * w) if a * w > 0 else np.log(a) + np.log(w)
        log_rate[k], inverse[k] = x, 1.0 / w
        highest = max(highest, x)
        used += (x - log_floor) * inverse[k]
        total_w += inverse[k]
    if floor > 0 and used < hours:
        return TOO_HIGH, -1, 0.0, 0.0
    if hours <= 0:
        return OK, -1, highest, 0.0
    # From a floor below the root the first of Newton's steps is known already.
    begin = log_floor - highest + (used - hours) / total_w if floor > 0 else -np.inf
    level, count = _level(log_rate, inverse, at[:count], highest, hours, begin)
    pos, left = 0.0, np.exp(level + highest)
    for k in range(count):
        hours_h[at[k]] = max(0.0, (log_rate[k] - highest - level) * inverse[k])
        pos += p[at[k]] - left * inverse[k]  # p exp(-w t) w is the level
    return OK, -1, level + highest, pos


@compiled
def _chosen(
    p: Doubles, rate_per_h: Doubles, floor: float, hours_h: Doubles, at: Places
) -> tuple[int, int, int]:
    """List in ``at`` which cells can be worth it; return a code, where, and how many they are."""
    count = 0
    for i in range(len(p)):
        a, w = p[i], rate_per_h[i]
        if not (a >= 0 and w >= 0 and a < np.inf and w < np.inf):
            return (NEGATIVE if abs(a) < np.inf and abs(w) < np.inf else NOT_FINITE), i, 0
        hours_h[i] = 0.0
        at[count] = i  # written always, kept or not: no branch to guess wrong
        count += (w >= LEAST_RATE) & (a > 0) & ((a * w > floor) | (floor == 0))
    return OK, -1, count


@compiled
def _level(  # noqa: PLR0917 - one step of _filled
    log_rate: Doubles, inverse: Doubles, at: Places, highest: float, hours: float, begin: float
) -> tuple[float, int]:
    """Return the ln-level below ``highest``, and move the cells above it to the front, in place."""
    # Sums are taken about the highest rate: small against it, they lose no digits.
    count = len(log_rate)
    level = begin
    while True:
        kept = 0
        total_x, total_w = 0.0, 0.0
        for k in range(count):
            x = log_rate[k] - highest
            if x > level:
                log_rate[kept], inverse[kept], at[kept] = log_rate[k], inverse[k], at[k]
                total_x += x * inverse[k]
                total_w += inverse[k]
                kept += 1
        if kept == 0 or (kept == count and level > -np.inf):
            break
        count = kept
        level = (total_x - hours) / total_w
    # What rounding has left of the hours is put right once.
    left, total_w = hours, 0.0
    for k in range(count):
        left -= (log_rate[k] - highest - level) * inverse[k]
        total_w += inverse[k]
    return level - left / total_w, count
