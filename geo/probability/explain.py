"""What made a sector as probable as it is, and what changed it: values, the texts are made elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo.errors import ProbabilityError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from geo.probability.attraction import Attraction
    from geo.probability.clues import Clue
    from geo.probability.ledger import Ledger, Search, Shown
    from geo.probability.prior import Prior

    Floats = npt.NDArray[np.float64]
    Sectors = npt.NDArray[np.integer]

WITHIN_SHARE: Final = 0.9
"""Of what a feature adds to a sector, the share that lies within the distance told."""

LEAST_TOLD: Final = 0.01
"""Causes that change a sector by less than this part are not told."""

LEAST_SHARE: Final = 1e-12
"""Less probability than this is nothing: its change has no causes."""

Code = Literal[
    "searched",
    "search_withdrawn",
    "search_changed",
    "search_aged",
    "clue",
    "clue_dropped",
    "clue_changed",
    "scenarios",
    "responsive_share",
    "others",
]


@dataclass(frozen=True, slots=True)
class Part:
    """One scenario as it went into the mix.

    Attributes
    ----------
    scenario_id
        Whatever the caller calls it by.
    share
        Normalised weight, 0..1.
    prior
        Its map.
    attraction
        What its ground factor was made of; None when it had none.
    """

    scenario_id: str
    share: float
    prior: Prior
    attraction: Attraction | None = None


@dataclass(frozen=True, slots=True)
class KindCause:
    """What one kind of feature adds to a sector: its share, and the distance that holds nearly all of it."""

    kind: str
    share: float
    within_m: float


@dataclass(frozen=True, slots=True)
class SectorCauses:
    """What a sector's probability is made of.

    Attributes
    ----------
    scenarios
        Scenario and its share of the sector's probability, largest first; sum 1 (empty: probability 0).
    kinds
        Kinds of features and their shares, largest first.
    even
        The share that no feature explains: distance and direction alone. With the kinds it sums to 1.
    """

    scenarios: tuple[tuple[str, float], ...]
    kinds: tuple[KindCause, ...]
    even: float


def sector_causes(
    parts: Sequence[Part], sector_of_cell: Sectors, n: int, shown: Shown | None = None
) -> list[SectorCauses]:
    """Return for every sector what its probability is made of.

    Parameters
    ----------
    parts
        Scenarios of the mix, all on one lattice.
    sector_of_cell
        Number 0..n-1 or below 0, shape ``(rows, columns)``.
    n
        How many sectors.
    shown
        The map after searches and clues, which act on all scenarios of a cell alike; None: the prior mix.

    Returns
    -------
    list of SectorCauses
        One for each sector.
    """
    if not parts:
        return [SectorCauses((), (), 1.0) for _ in range(n)]
    sector = np.asarray(sector_of_cell).ravel()
    mixed = np.asarray(sum(part.share * part.prior.cells for part in parts)).ravel()
    now = mixed if shown is None else shown.cells.ravel()
    ratio = np.zeros_like(mixed)
    np.divide(now, mixed, out=ratio, where=mixed > LEAST_SHARE**2)
    known = sector >= 0

    def summed(values: Floats) -> Floats:
        return np.bincount(sector[known], values[known], minlength=n)[:n].astype(np.float64)

    masses = [part.share * part.prior.cells.ravel() * ratio for part in parts]
    by_scenario = np.array([summed(mass) for mass in masses])
    total = by_scenario.sum(axis=0)
    added: dict[str, Floats] = {}
    away: dict[str, Floats] = {}
    for part, mass in zip(parts, masses, strict=True):
        if part.attraction is None:
            continue
        for kind, each in part.attraction.kinds.items():
            its = np.zeros_like(mass)
            factor = part.attraction.factor.ravel()
            np.divide(mass * each.times.ravel(), factor, out=its, where=factor > 0)
            added[kind] = added.get(kind, np.zeros_like(mass)) + its
            distance_m = each.distance_m.ravel().astype(np.float64)
            away[kind] = np.minimum(away.get(kind, distance_m), distance_m)
    by_kind = {kind: summed(its) for kind, its in added.items()}
    within = {kind: _within(sector, n, away[kind], its) for kind, its in added.items()}
    return [
        _causes_of(number, parts, by_scenario=by_scenario, total=total, by_kind=by_kind, within=within)
        for number in range(n)
    ]


def _causes_of(
    number: int,
    parts: Sequence[Part],
    *,
    by_scenario: Floats,
    total: Floats,
    by_kind: dict[str, Floats],
    within: dict[str, Floats],
) -> SectorCauses:
    if not total[number] > 0:
        return SectorCauses((), (), 1.0)
    shares = by_scenario[:, number] / total[number]
    scenarios = [(part.scenario_id, float(share)) for part, share in zip(parts, shares, strict=True)]
    kinds = [
        KindCause(kind, float(sums[number] / total[number]), float(within[kind][number]))
        for kind, sums in by_kind.items()
        if sums[number] > 0
    ]
    told = sum(each.share for each in kinds)
    return SectorCauses(
        tuple(sorted(scenarios, key=lambda each: -each[1])),
        tuple(sorted(kinds, key=lambda each: -each.share)),
        max(0.0, 1.0 - told),
    )


def _within(sector: Sectors, n: int, away_m: Floats, mass: Floats) -> Floats:
    """Return for every sector the distance within which ``WITHIN_SHARE`` of the mass lies, shape ``(n,)``."""
    counts = np.flatnonzero((sector >= 0) & (mass > 0))
    order = counts[np.lexsort((away_m[counts], sector[counts]))]
    group = sector[order]
    running = np.cumsum(mass[order])
    first = np.searchsorted(group, np.arange(n + 1))
    before = np.concatenate([[0.0], running])
    answer = np.zeros(n)
    for number in range(n):
        low, high = int(first[number]), int(first[number + 1])
        if high > low:
            goal = before[low] + WITHIN_SHARE * (before[high] - before[low])
            answer[number] = away_m[order[min(high - 1, int(np.searchsorted(running, goal)))]]
    return answer


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a change.

    Attributes
    ----------
    code
        What happened; ``others`` is what other sectors' changes did to this one (all sum to one).
    known_id
        Of the search or clue; empty where there is none.
    times
        By how many times it changed this sector by itself, > 0: 0.3 is a fall to 30 %.
    pod_responsive, pod_unresponsive
        Of a search, as it counts now.
    """

    code: Code
    known_id: str
    times: float
    pod_responsive: float | None = None
    pod_unresponsive: float | None = None


@dataclass(frozen=True, slots=True)
class SectorChange:
    """How a sector's probability changed, and why, strongest cause first."""

    sector: int
    before: float
    after: float
    causes: tuple[Cause, ...]


def changes(before: Ledger, after: Ledger, sector_of_cell: Sectors, n: int) -> list[SectorChange]:
    """Return how every sector changed between two states of an operation, with causes.

    Parameters
    ----------
    before, after
        Ledgers over one lattice.
    sector_of_cell, n
        As for `sector_causes`.

    Returns
    -------
    list of SectorChange
        One for each sector. Its causes multiply to ``after / before``, ``others`` being what is left; a
        sector with less than ``LEAST_SHARE`` before has none.

    Raises
    ------
    ProbabilityError
        The ledgers lie on different lattices.

    Notes
    -----
    The effect of a cause is the mean of its factor over the sector's cells, weighed with what they held
    before.
    """
    if before.prior.lattice != after.prior.lattice:
        raise ProbabilityError("the states lie on different rasters", name="after")
    then, now = before.remaining(), after.remaining()
    sector = np.asarray(sector_of_cell).ravel()
    known = sector >= 0

    def by_sector(values: Floats) -> Floats:
        return np.bincount(sector[known], values.ravel()[known], minlength=n)[:n].astype(np.float64)

    held = (then.responsive.ravel(), then.unresponsive.ravel())
    sums = by_sector(held[0] + held[1])
    old = _shares(sums, then.left)
    new = _shares(by_sector(now.responsive + now.unresponsive), now.left)
    causes: list[list[Cause]] = [[] for _ in range(n)]
    for code, known_id, factors, pods in _differences(before, after):
        touched = by_sector(held[0] * factors[0] + held[1] * factors[1])
        for number in np.flatnonzero(old > LEAST_SHARE).tolist():
            times = float(touched[number] / sums[number])
            if math.isfinite(times) and times > 0 and abs(math.log(times)) >= LEAST_TOLD:
                causes[number].append(Cause(code, known_id, times, *pods))
    answer = []
    for number in range(n):
        told = sorted(causes[number], key=lambda each: -abs(math.log(each.times)))
        if min(old[number], new[number]) > LEAST_SHARE:
            rest = new[number] / old[number] / math.prod(each.times for each in told)
            if abs(math.log(rest)) >= LEAST_TOLD:
                told.append(Cause("others", "", rest))
        answer.append(SectorChange(number, float(old[number]), float(new[number]), tuple(told)))
    return answer


_Factors = tuple["Floats | float", "Floats | float"]
_Pods = tuple[float | None, float | None]


def _differences(before: Ledger, after: Ledger) -> Iterator[tuple[Code, str, _Factors, _Pods]]:
    """Yield what is different, as factors on the cells of both subjects."""
    if before.prior is not after.prior:
        factor = _ratio(after.prior.cells.ravel(), before.prior.cells.ravel())
        yield "scenarios", "", (factor, factor), (None, None)
    if before.responsive_share != after.responsive_share:
        was, now = before.responsive_share, after.responsive_share
        both = (now / was if was else 1.0, (1.0 - now) / (1.0 - was) if was < 1.0 else 1.0)
        yield "responsive_share", "", both, (None, None)
    yield from _search_differences(before, after)
    yield from _clue_differences(before, after)


def _search_differences(before: Ledger, after: Ledger) -> Iterator[tuple[Code, str, _Factors, _Pods]]:
    size = before.prior.cells.size
    old: dict[str, Search] = {each.search_id: each for each in before.searches}
    new: dict[str, Search] = {each.search_id: each for each in after.searches}
    for known_id in sorted(old.keys() | new.keys()):
        was, now = old.get(known_id), new.get(known_id)
        code: Code = "searched"
        if was is not None:
            code = "search_withdrawn" if now is None else "search_changed"
            if now is not None and was.missed() == now.missed() and np.array_equal(was.cells, now.cells):
                continue
            if now is not None and _worth(was) == _worth(now) and np.array_equal(was.cells, now.cells):
                code = "search_aged"
        factors = []
        for state in (0, 1):
            factor = np.ones(size)
            if now is not None:
                factor[now.cells] *= now.missed()[state]
            if was is not None:
                kept = np.ones(size)
                kept[was.cells] = was.missed()[state]
                factor = _ratio(factor, kept)
            factors.append(factor)
        pods: _Pods = (None, None) if now is None else (1.0 - now.missed()[0], 1.0 - now.missed()[1])
        yield code, known_id, (factors[0], factors[1]), pods


def _worth(search: Search) -> tuple[float, float]:
    return search.pod_responsive, search.pod_unresponsive


def _clue_differences(before: Ledger, after: Ledger) -> Iterator[tuple[Code, str, _Factors, _Pods]]:
    old: dict[str, Clue] = {each.clue_id: each for each in before.clues}
    new: dict[str, Clue] = {each.clue_id: each for each in after.clues}
    cells, beyond = before.informed()
    for known_id in sorted(old.keys() | new.keys()):
        was, now = old.get(known_id), new.get(known_id)
        if was is now:
            continue
        code: Code = "clue" if was is None else "clue_dropped" if now is None else "clue_changed"
        factor = np.ones_like(cells)
        outside = 1.0
        if now is not None:
            inside, beside = after.likelihood_of(now)
            factor, outside = factor * inside, outside * beside
        if was is not None:
            inside, beside = before.likelihood_of(was)
            factor, outside = factor / inside, outside / beside
        mean = float((cells * factor).sum()) + beyond * outside
        even = (factor / mean).ravel() if mean > 0 else factor.ravel()
        yield code, known_id, (even, even), (None, None)


def _ratio(over: Floats, under: Floats) -> Floats:
    """Return the ratio, 1 where nothing was that could change by times."""
    ratio = np.ones_like(over)
    np.divide(over, under, out=ratio, where=under > LEAST_SHARE**2)
    return ratio


def _shares(sums: Floats, left: float) -> Floats:
    return sums / left if left > 0 else np.zeros_like(sums)
