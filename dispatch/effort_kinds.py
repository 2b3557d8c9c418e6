"""Optimal effort of several kinds of resource at once: people, dogs, drones, each with its own hours.

Minimise what is missed, ``sum_i p_i exp(-sum_j w_ij t_ij)``, with ``sum_i t_ij = T_j``: convex. An interior
point finds which kind works where; then the hours follow from linear equations in the logarithms, exactly
(the finite step of Washburn 1995, Finite method for a nonlinear allocation problem, JOTA 85(3)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.effort import NoAllocation
from dispatch.effort_support import hours_on_support

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

_STEPS: Final = 80
_CLOSE: Final = 1e-12
_SHORTER: Final = 0.995


@dataclass(frozen=True, slots=True, eq=False)
class KindsAllocation:
    """Hours of each kind in each sector and what they are worth.

    Attributes
    ----------
    hours_h
        Shape ``(n_sectors, n_kinds)``, >= 0.
    levels
        Probability of success that the next hour of each kind adds, shape ``(n_kinds,)``.
    pos
        Probability of success that all hours add.
    pos_bound
        No allocation adds more; proven by duality.
    kkt
        How far from optimal, see :func:`kkt_residual_kinds`.
    idle_kinds
        Kinds with hours but no sector in which they are worth anything; their hours are not given out.
    """

    hours_h: Floats
    levels: Floats
    pos: float
    pos_bound: float
    kkt: float
    idle_kinds: tuple[int, ...]


def allocate_kinds(p: Floats, rate_per_h: Floats, hours: Floats) -> KindsAllocation | NoAllocation:
    """Return the hours of every kind per sector that find most.

    Parameters
    ----------
    p
        Probability of each sector, >= 0, shape ``(n_sectors,)``.
    rate_per_h
        ``W v / A`` per hour of each kind in each sector, >= 0, shape ``(n_sectors, n_kinds)``; 0 where a kind
        cannot go.
    hours
        To be given out per kind, >= 0, shape ``(n_kinds,)``.

    Returns
    -------
    KindsAllocation or NoAllocation
        Bad input is answered, not raised. Kinds with equal rates everywhere can share in many ways; one is
        returned.

    Examples
    --------
    >>> best = allocate_kinds(
    ...     np.array([0.5, 0.5]), np.array([[0.1, 0.05], [0.02, 0.005]]), np.array([16.1, 13.9])
    ... )
    >>> best.hours_h.round(4).tolist(), round(best.pos, 6)
    ([[10.3037, 13.9], [5.7964, 0.0]], 0.465676)
    """
    probability, rate, limit = (np.asarray(each, dtype=np.float64) for each in (p, rate_per_h, hours))
    wrong = _wrong(probability, rate, limit)
    if wrong is not None:
        return wrong
    with np.errstate(divide="ignore", over="ignore"):
        able = (probability[:, None] > 0) & (rate > 0) & (limit > 0) & (1.0 / rate < np.inf)
    kinds, sectors = np.flatnonzero(able.any(axis=0)), np.flatnonzero(able.any(axis=1))
    if not len(kinds):
        return NoAllocation("nothing_to_gain")
    few_p, few_rate, few_able = (
        probability[sectors],
        rate[np.ix_(sectors, kinds)],
        able[np.ix_(sectors, kinds)],
    )
    few_rate = np.where(few_able, few_rate, 0.0)
    few_hours, levels = _best_hours(few_p, few_rate, few_able, limit[kinds])
    hours_h, all_levels = np.zeros(rate.shape), np.zeros(len(limit))
    hours_h[np.ix_(sectors, kinds)] = few_hours
    all_levels[kinds] = levels
    idle = tuple(int(kind) for kind in np.flatnonzero((limit > 0) & ~able.any(axis=0)))
    return KindsAllocation(
        hours_h,
        all_levels,
        float(-(few_p * np.expm1(-(few_rate * few_hours).sum(axis=1))).sum()),
        pos_bound(few_p, few_rate, limit[kinds], levels),
        kkt_residual_kinds(few_p, few_rate, few_hours, levels),
        idle,
    )


def kkt_residual_kinds(p: Floats, rate_per_h: Floats, hours_h: Floats, levels: Floats) -> float:
    """Return how far hours are from optimal, relative to the levels; 0 at the optimum.

    The largest of: deviation of the marginal value of a kind in a sector from the kind's level where it has
    hours, its excess over the level where it has none.
    """
    marginal = p[:, None] * rate_per_h * np.exp(-(rate_per_h * hours_h).sum(axis=1))[:, None]
    alive = levels > 0
    over = marginal[:, alive] / levels[alive] - 1.0
    return float(np.where(hours_h[:, alive] > 0, np.abs(over), np.maximum(over, 0.0)).max(initial=0.0))


def pos_bound(p: Floats, rate_per_h: Floats, hours: Floats, levels: Floats) -> float:
    """Return a proven upper bound of the probability of success from any shadow prices ``levels`` > 0.

    Notes
    -----
    Lagrange's dual: with the cheapest cover ``c_i = min_j level_j / w_ij``, what is missed is at least
    ``sum_i h(c_i) - sum_j level_j T_j`` with ``h(c) = c (1 + ln(p / c))`` below ``p`` and ``p`` above.
    """
    with np.errstate(divide="ignore"):
        cheapest = np.where(rate_per_h > 0, levels / np.where(rate_per_h > 0, rate_per_h, 1.0), np.inf).min(
            axis=1
        )
    worth = (cheapest < p) & (cheapest > 0)
    missed = p.copy()
    missed[worth] = cheapest[worth] * (1.0 + np.log(p[worth] / cheapest[worth]))
    missed[cheapest <= 0] = 0.0
    return float(p.sum() - missed.sum() + (levels * hours).sum())


def _wrong(p: Floats, rate: Floats, hours: Floats) -> NoAllocation | None:
    if p.ndim != 1 or hours.ndim != 1 or rate.shape != (len(p), len(hours)):
        return NoAllocation("shapes_differ")
    if not rate.size:
        return NoAllocation("no_sectors")
    if not (np.isfinite(hours).all() and (hours >= 0).all()):
        return NoAllocation("hours_invalid")
    finite = np.isfinite(p) & np.isfinite(rate).all(axis=1)
    if not finite.all():
        return NoAllocation("not_finite", int((~finite).argmax()))
    negative = (p < 0) | (rate < 0).any(axis=1)
    return NoAllocation("negative", int(negative.argmax())) if negative.any() else None


def _best_hours(p: Floats, rate: Floats, able: Mask, limit: Floats) -> tuple[Floats, Floats]:
    """Return hours and levels: interior point, then exact on the support it found, if that is better."""
    share, price = _interior_point(p / p.sum(), rate * limit, able)
    hours_h, levels = share * limit, price * p.sum() / limit
    rough = np.where(share * price > _slack(p / p.sum(), rate * limit, share, price), hours_h, 0.0)
    rough *= limit / np.maximum(rough.sum(axis=0), np.finfo(float).tiny)
    polished = hours_on_support(p, rate, limit, rough > 0)
    answers = [(hours_h, levels), (rough, levels)]
    if polished is not None:
        answers.append(polished)
    return min(answers, key=lambda each: kkt_residual_kinds(p, rate, *each))


def _slack(p: Floats, reach: Floats, share: Floats, price: Floats) -> Floats:
    missed = p * np.exp(-(reach * share).sum(axis=1))
    slack: Floats = np.maximum(price - missed[:, None] * reach, 0.0)
    return slack


def _interior_point(p: Floats, reach: Floats, able: Mask) -> tuple[Floats, Floats]:
    """Solve for shares of each kind's hours per sector (primal-dual, Mehrotra's choice of the centre).

    ``reach`` is the coverage that all hours of a kind would give a sector.
    """
    share = able / able.sum(axis=0)
    missed = p * np.exp(-(reach * share).sum(axis=1))
    price = 2.0 * (missed[:, None] * reach).max(axis=0) + np.finfo(float).tiny
    slack = np.where(able, price - missed[:, None] * reach, 1.0)
    pairs = int(able.sum())
    for _ in range(_STEPS):
        missed = p * np.exp(-(reach * share).sum(axis=1))
        gap = float((share * slack)[able].sum())
        off_dual = np.where(able, price - missed[:, None] * reach - slack, 0.0)
        if gap < _CLOSE * missed.sum() and np.abs(off_dual).max() < _CLOSE * price.max():
            break
        centre = 0.1 * gap / pairs
        wanted = np.where(able, -off_dual - slack + centre / np.where(able, share, 1.0), 0.0)
        step, price_step = _newton(missed, reach, able, share, slack, wanted)
        slack_step = np.where(able, (centre - share * slack - slack * step) / np.where(able, share, 1.0), 0.0)
        along = _SHORTER * min(1.0 / _SHORTER, _room(share, step, able), _room(slack, slack_step, able))
        share = np.where(able, share + along * step, 0.0)
        price = price + along * price_step
        slack = slack + along * slack_step
    return share, price


def _room(values: Floats, step: Floats, able: Mask) -> float:
    falling = able & (step < 0)
    return float((-values[falling] / step[falling]).min(initial=np.inf))


def _newton(  # noqa: PLR0917 - one step of the interior point
    missed: Floats, reach: Floats, able: Mask, share: Floats, slack: Floats, wanted: Floats
) -> tuple[Floats, Floats]:
    """Return Newton's step of shares and prices; every sector has a small matrix of its own."""
    kinds = reach.shape[1]
    # Scaled by sqrt(share / slack), so that kinds far from a sector do not spoil the digits of those near it.
    scale = np.where(able, np.sqrt(np.where(able, share / slack, 1.0)), 0.0)
    lean = reach * scale * np.sqrt(missed)[:, None]
    # (1 + l l')^-1 entry by entry, without subtracting what is nearly equal.
    others = 1.0 + lean**2 @ (1.0 - np.eye(kinds))
    total = 1.0 + (lean**2).sum(axis=1)
    turned = -lean[:, :, None] * lean[:, None, :] / total[:, None, None]
    turned[:, range(kinds), range(kinds)] = others / total[:, None]
    turned *= scale[:, :, None] * scale[:, None, :]
    off_hours = share.sum(axis=0) - 1.0
    right = np.einsum("ijk,ik->j", turned, wanted) + off_hours
    whole = turned.sum(axis=0)
    price_step = np.linalg.lstsq(whole, right, rcond=None)[0]
    step = np.einsum("ijk,ik->ij", turned, wanted - price_step)
    return step, price_step
