"""Hours of several kinds when it is known which kind works where: linear equations in the logarithms.

Where kind j works in sector i, ``ln p_i + ln w_ij - C_i = ln level_j`` with the sector's coverage
``C_i = sum_j w_ij t_ij``; and every kind's hours sum to its limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

_ROUNDS: Final = 30
_MOST_SHARED: Final = 300
_EXCESS: Final = 1e-11


def hours_on_support(p: Floats, rate: Floats, limit: Floats, support: Mask) -> tuple[Floats, Floats] | None:
    """Return hours and levels that satisfy the equations, mending the support where signs ask for it.

    Parameters
    ----------
    p, rate, limit
        As in :func:`dispatch.effort_kinds.allocate_kinds`; all > 0 where ``support`` is set.
    support
        Which kind works where, a good guess, shape ``(n_sectors, n_kinds)``.

    Returns
    -------
    tuple or None
        None where the equations have no answer nearby: too many sectors are shared, or a kind is left without
        any sector.
    """
    chosen = support.copy()
    answer = None
    for _ in range(_ROUNDS):
        if not chosen.any(axis=0).all() or (chosen.sum(axis=1) > 1).sum() > _MOST_SHARED:
            return answer
        hours_h, log_level = _solved(p, rate, limit, chosen)
        answer = np.maximum(hours_h, 0.0), np.exp(log_level)
        if (hours_h < 0).any():
            # One pair at a time and kind: the worst of each sector's.
            chosen &= hours_h >= 0
            continue
        with np.errstate(divide="ignore"):
            log_marginal = np.log(p)[:, None] + np.log(rate) - (rate * hours_h).sum(axis=1)[:, None]
        over = np.where(chosen, -np.inf, log_marginal - log_level)
        if not (over > _EXCESS).any():
            return answer
        # The best of each kind enters; all at once would make cycles.
        best = over.argmax(axis=0)
        for kind, sector in enumerate(best):
            chosen[sector, kind] |= over[sector, kind] > _EXCESS
    return answer


def _solved(p: Floats, rate: Floats, limit: Floats, chosen: Mask) -> tuple[Floats, Floats]:
    """Return hours (of any sign) and ln levels for a support."""
    kinds = len(limit)
    shared = np.flatnonzero(chosen.sum(axis=1) > 1)
    alone = chosen & (chosen.sum(axis=1) == 1)[:, None]
    worth = np.where(chosen, np.log(np.where(chosen, p[:, None] * rate, 1.0)), 0.0)
    inverse = np.where(alone, 1.0 / np.where(alone, rate, 1.0), 0.0)
    pairs = np.argwhere(chosen[shared])
    # Unknown: ln level of every kind, then the hours of the shared pairs.
    left = np.zeros((kinds + len(pairs), kinds + len(pairs)))
    right = np.zeros(kinds + len(pairs))
    left[:kinds, :kinds] = np.diag(inverse.sum(axis=0))
    right[:kinds] = (worth * inverse).sum(axis=0) - limit
    for number, (place, kind) in enumerate(pairs):
        sector, row = shared[place], kinds + number
        left[kind, row] = -1.0
        left[row, kind] = 1.0
        same = np.flatnonzero(pairs[:, 0] == place)
        left[row, kinds + same] = rate[sector, pairs[same, 1]]
        right[row] = worth[sector, kind]
    scale = np.maximum(np.abs(left).max(axis=1), np.finfo(float).tiny)
    answer = np.linalg.lstsq(left / scale[:, None], right / scale, rcond=None)[0]
    # Once more on what is left: the digits that the least squares cost.
    answer += np.linalg.lstsq(left / scale[:, None], (right - left @ answer) / scale, rcond=None)[0]
    log_level = answer[:kinds]
    hours_h = np.where(alone, (worth - log_level) * inverse, 0.0)
    hours_h[shared[pairs[:, 0]], pairs[:, 1]] = answer[kinds:]
    return hours_h, log_level
