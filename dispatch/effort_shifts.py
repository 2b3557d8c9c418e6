"""One team's shift: which sectors, in which order, how long in each, ways there and back included.

Ways can cost as much as searching, so neither the best sectors nor the best hours are best by themselves. A
shift grows step by step: the step with the most success per hour of search and of additional way is taken,
at the place of the round where it costs the least way, until the shift is full.
"""

# ruff: noqa: PLR0917 - the arrays of one round belong together

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.effort import NoAllocation

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

STEPS_H: Final = np.array([0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0])
WAY_WEIGHT: Final = 1.5
"""What an hour of way counts against an hour of search: more than one, for a step taken early closes better
ones later. Tried on simulated searches (tests/benchmarks/plan.py) between 0.7 and 3; flat around 1.5."""
MOST_PARTS: Final = 20_000
MOST_SECTORS: Final = 2_000
LONGEST_SHIFT_H: Final = 72.0
LEAST_STEP_H: Final = 0.05
"""With the longest shift this bounds how often a shift can grow: 1 440 times."""
MOST_STEPS: Final = 24
_LEAST_H: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Stop:
    """Work in one sector: hours in its parts, in the order they are searched."""

    sector: int
    parts: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class ShiftPlan:
    """A shift.

    Attributes
    ----------
    stops
        In order; empty when nothing is worth the way or none is possible within the shift.
    search_h, way_h
        Hours of searching and of walking there, between and back.
    pos
        Probability of success that the shift adds.
    """

    stops: tuple[Stop, ...]
    search_h: float
    way_h: float
    pos: float


def plan_shift(
    p: Floats,
    rate_per_h: Floats,
    sector_of_part: Whole,
    between_h: Floats,
    base_h: Floats,
    shift_h: float,
    *,
    steps_h: Floats = STEPS_H,
    way_weight: float = WAY_WEIGHT,
) -> ShiftPlan | NoAllocation:
    """Return a good shift of one team: parts of sectors, hours and ways together.

    Parameters
    ----------
    p
        Probability left in each part of a sector (its lines, the ground between), shape ``(n_parts,)``, at
        most `MOST_PARTS`.
    rate_per_h
        Coverage that the team reaches per hour in each part; 0 where it cannot search, same shape.
    sector_of_part
        Number of the sector of each part, 0..n_sectors - 1.
    between_h
        Hours from sector to sector, shape ``(n_sectors, n_sectors)``, at most `MOST_SECTORS`; inf where there
        is no way.
    base_h
        Hours between the base and each sector, shape ``(n_sectors,)``.
    shift_h
        From leaving the base to being back, 0 to `LONGEST_SHIFT_H`.
    steps_h
        Hours that may be added at a time, shape ``(n_steps,)`` or ``(n_parts, n_steps)``, at least
        `LEAST_STEP_H`, at most `MOST_STEPS` of them.
    way_weight
        See :data:`WAY_WEIGHT`.

    Returns
    -------
    ShiftPlan or NoAllocation
        Bad input is answered, not raised.

    Notes
    -----
    A heuristic without a bound: cheapest insertion for the orienteering problem with profits that saturate.
    It fills near ground before it goes far, and may lose a third of a single shift by that. Within a sector
    parts with the higher success per hour come first, and a round is walked in the direction that finds
    sooner.
    """
    wrong = _wrong(p, rate_per_h, sector_of_part, between_h, base_h, shift_h)
    wrong = wrong or _impossible(sector_of_part, between_h, base_h, steps_h)
    if wrong is not None:
        return wrong
    left = np.array(p, dtype=np.float64)
    steps = np.broadcast_to(steps_h, (len(left), np.shape(steps_h)[-1]))
    found = -np.expm1(-rate_per_h[:, None] * steps)
    stops: list[int] = []
    hours: dict[int, float] = {}
    used_h = search_h = 0.0
    while True:
        more_h, place = _detours(stops, between_h, base_h)
        way_h = more_h[sector_of_part][:, None]
        fits = way_h + steps <= shift_h - used_h + _LEAST_H
        cost_h = np.where(fits, np.where(fits, way_h, 0.0) * way_weight + steps, 1.0)
        worth = np.where(fits, left[:, None] * found / cost_h, 0.0)
        part, step = divmod(int(worth.argmax()), steps.shape[1])
        if not worth[part, step] > 0:
            break
        sector = int(sector_of_part[part])
        if sector not in stops:
            stops.insert(int(place[sector]), sector)
        hours[part] = hours.get(part, 0.0) + float(steps[part, step])
        search_h += float(steps[part, step])
        used_h += float(more_h[sector] + steps[part, step])
        left[part] *= 1.0 - found[part, step]
    round_ = _ordered(stops, hours, np.asarray(p), rate_per_h, sector_of_part, between_h, base_h)
    return ShiftPlan(round_, search_h, used_h - search_h, float((p - left).sum()))


def _detours(stops: list[int], between_h: Floats, base_h: Floats) -> tuple[Floats, Whole]:
    """Return for each sector the hours of additional way, and where in the round it costs that."""
    if not stops:
        return 2.0 * base_h, np.zeros(len(base_h), dtype=np.int64)
    at = np.array(stops)
    from_h = np.vstack((base_h, between_h[at], base_h))
    legs_h = np.concatenate((base_h[at[:1]], between_h[at[:-1], at[1:]], base_h[at[-1:]]))
    more_h = from_h[:-1] + from_h[1:] - legs_h[:, None]
    place = more_h.argmin(axis=0)
    least_h = np.maximum(more_h[place, np.arange(len(base_h))], 0.0)
    least_h[at] = 0.0
    return least_h, place


def _ordered(
    stops: list[int],
    hours: dict[int, float],
    p: Floats,
    rate_per_h: Floats,
    sector_of_part: Whole,
    between_h: Floats,
    base_h: Floats,
) -> tuple[Stop, ...]:
    """Return the stops with their parts, in the direction of the round that finds sooner."""
    value = {part: float(-p[part] * np.expm1(-rate_per_h[part] * spent)) for part, spent in hours.items()}
    by_sector: dict[int, list[int]] = {sector: [] for sector in stops}
    for part in sorted(hours, key=lambda each: -value[each] / hours[each]):
        by_sector[int(sector_of_part[part])].append(part)

    def waited(order: list[int]) -> float:
        now_h = total = 0.0
        for number, sector in enumerate(order):
            now_h += float(base_h[sector] if number == 0 else between_h[order[number - 1], sector])
            for part in by_sector[sector]:
                total += value[part] * (now_h + hours[part] / 2.0)
                now_h += hours[part]
        return total

    order = min((stops, stops[::-1]), key=waited)
    return tuple(Stop(sector, tuple((part, hours[part]) for part in by_sector[sector])) for sector in order)


def _wrong(
    p: Floats, rate_per_h: Floats, sector_of_part: Whole, between_h: Floats, base_h: Floats, shift_h: float
) -> NoAllocation | None:
    n = len(base_h)
    shapes = np.shape(p) == np.shape(rate_per_h) == np.shape(sector_of_part) and np.ndim(p) == 1
    if not shapes or np.shape(between_h) != (n, n):
        return NoAllocation("shapes_differ")
    if not len(p) or not n:
        return NoAllocation("no_sectors")
    if len(p) > MOST_PARTS or n > MOST_SECTORS:
        return NoAllocation("too_many")
    if not 0 <= shift_h <= LONGEST_SHIFT_H:
        return NoAllocation("hours_invalid")
    finite = np.isfinite(p) & np.isfinite(rate_per_h)
    if not finite.all():
        return NoAllocation("not_finite", int((~finite).argmax()))
    negative = (np.asarray(p) < 0) | (np.asarray(rate_per_h) < 0)
    return NoAllocation("negative", int(negative.argmax())) if negative.any() else None


def _impossible(
    sector_of_part: Whole, between_h: Floats, base_h: Floats, steps_h: Floats
) -> NoAllocation | None:
    """Return what is wrong with sectors, ways and steps: what would loop for ever or read past an array."""
    outside = (np.asarray(sector_of_part) < 0) | (np.asarray(sector_of_part) >= len(base_h))
    if outside.any():
        return NoAllocation("sector_unknown", int(outside.argmax()))
    for ways_h in (base_h, between_h):
        wrong = ~(np.asarray(ways_h) >= 0)  # NaN is not
        if wrong.any():
            return NoAllocation("ways_invalid", int(wrong.argmax()))
    shape = np.shape(steps_h)
    fitting = shape[:1] == (len(sector_of_part),) if len(shape) == 2 else len(shape) == 1  # noqa: PLR2004
    if not fitting or not 1 <= shape[-1] <= MOST_STEPS:
        return NoAllocation("steps_invalid")
    possible = np.isfinite(steps_h) & (np.asarray(steps_h) >= LEAST_STEP_H)
    return None if possible.all() else NoAllocation("steps_invalid", int((~possible).argmax()))
