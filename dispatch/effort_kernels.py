"""Kernels of optimal effort: the threshold of Charnes and Cooper's water-filling without sorting.

For the worker only; the plain twin is ``dispatch.effort.allocate_hours_plain``.
"""

# ruff: noqa: C901, PLR0912 - compiled loops over arrays: calls would cost what they save

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]

_OK, _NOT_FINITE, _NEGATIVE = 0, 1, 2


@compiled
def water_level(p: Doubles, rate_per_h: Doubles, hours: float, hours_h: Doubles) -> tuple[int, int, float]:
    """Fill ``hours_h`` with the best hours; return a code, where it was met, and ln of the level.

    Codes: 0 done, 1 a number is not finite, 2 a number is negative. The level is -inf where nothing can be
    gained, and then ``hours_h`` is zero.

    Notes
    -----
    With ``x = ln(p w)`` the hours used at ln-level m are ``sum (x - m)+ / w``: convex, falling and made of
    straight pieces in m. Newton's steps from the left never pass the root and end after finitely many, each
    over the cells that are still above (Michelot 1986 for the simplex; Charnes and Cooper 1958).
    """
    n = len(p)
    log_rate = np.empty(n)
    inverse = np.empty(n)
    at = np.empty(n, dtype=np.int32)
    total_x, total_w, count = 0.0, 0.0, 0
    highest = -np.inf
    for i in range(n):
        a, w = p[i], rate_per_h[i]
        if not (abs(a) < np.inf and abs(w) < np.inf):
            return _NOT_FINITE, i, 0.0
        if a < 0 or w < 0:
            return _NEGATIVE, i, 0.0
        hours_h[i] = 0.0
        if a > 0 and w > 0 and 1.0 / w < np.inf:
            x = np.log(a * w) if a * w > 0 else np.log(a) + np.log(w)
            log_rate[count], inverse[count], at[count] = x, 1.0 / w, i
            highest = max(highest, x)
            total_x += x / w
            total_w += 1.0 / w
            count += 1
    if count == 0:
        return _OK, -1, -np.inf
    if hours <= 0:
        return _OK, -1, highest
    # Sums are taken about the highest rate: small against it, they lose no digits.
    total_x -= highest * total_w
    level = (total_x - hours) / total_w
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
        if kept in (count, 0):
            break
        count = kept
        level = (total_x - hours) / total_w
    # What rounding has left of the hours is put right once.
    left = hours
    for k in range(count):
        left -= (log_rate[k] - highest - level) * inverse[k]
    total_w = 0.0
    for k in range(count):
        total_w += inverse[k]
    level -= left / total_w
    for k in range(count):
        hours_h[at[k]] = max(0.0, (log_rate[k] - highest - level) * inverse[k])
    return _OK, -1, level + highest
