"""Units of ground gathered into groups of equal effort that hang together and are compact."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import PartitionSettingError
from geo.grouping_balance_kernels import balance, polish
from geo.grouping_kernels import bisect, exchange, gather

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

# Few directions suit cells, many suit ragged ground: the better beginning is gone on with.
DIRECTIONS: Final = (4, 24)
TOLERANCE: Final = 0.0095
# Imbalance is worth more from round to round: first the shape is found, then the load evened.
WEIGHTS: Final = (300.0, 3_000.0, 30_000.0, 300_000.0)


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Pieces of ground and what they share.

    Parameters
    ----------
    effort
        What each takes, any unit, >= 0, shape ``(n,)``.
    centres_m
        Middle of each in a metric plane, shape ``(n, 2)``.
    pairs
        Units that share a border, each pair once, shape ``(n_pairs, 2)``.
    shared_m
        Length of each shared border, > 0, shape ``(n_pairs,)``.
    """

    effort: Doubles
    centres_m: Doubles
    pairs: Whole
    shared_m: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Group of each unit, shape ``(n,)``, and the largest deviation from the mean effort, a share of it."""

    group_of_unit: Whole
    worst_share: float


def balanced_groups(units: Units, groups: int) -> Grouping:
    """Gather units into groups of equal effort.

    Parameters
    ----------
    units
        At least as many as groups.
    groups
        How many, >= 1.

    Returns
    -------
    Grouping
        Every group hangs together if the units do. The same units give the same groups.

    Raises
    ------
    PartitionSettingError
        Fewer units than groups, or no group.

    Notes
    -----
    Rotated coordinate bisection (each time along the direction that cuts the shortest border) followed by
    an exchange of border units that never cuts a group in two: first where it shortens borders, then more
    and more where it evens the load (Kernighan and Lin 1970 in the form of Fiduccia and Mattheyses 1982,
    one unit at a time); last, units are handed on along chains of groups from the worst on.
    """
    count = len(units.effort)
    if not 1 <= groups <= max(count, 1):
        raise PartitionSettingError("groups", f"1..{count}")
    starts, neighbours, shared_m = _links(units)
    effort = np.ascontiguousarray(units.effort, dtype=np.float64)
    begun = [
        _begin(effort, _orders(units.centres_m, directions), (starts, neighbours, shared_m), groups)
        for directions in DIRECTIONS
    ]
    group, load = min(begun, key=lambda each: _border_m(each[0], units))
    for weight in WEIGHTS[1:]:
        exchange(group, effort, starts, neighbours, shared_m, load, weight)
    balance(group, effort, starts, neighbours, shared_m, load, TOLERANCE)
    polish(group, effort, starts, neighbours, shared_m, load, TOLERANCE)
    mean = load.mean()
    worst = float(np.abs(load - mean).max() / mean) if mean > 0 else 0.0
    return Grouping(group, worst)


def _begin(
    effort: Doubles, orders: Whole, links: tuple[Whole, Whole, Doubles], groups: int
) -> tuple[Whole, Doubles]:
    """Return a first grouping, connected and with short borders, and the load of each group."""
    group = bisect(effort, orders, *links, groups)
    while gather(group, effort, *links, groups):
        pass  # every round leaves fewer pieces
    load = np.bincount(group, weights=effort, minlength=groups).astype(np.float64)
    exchange(group, effort, *links, load, WEIGHTS[0])
    return group, load


def _border_m(group: Whole, units: Units) -> float:
    apart = group[units.pairs[:, 0]] != group[units.pairs[:, 1]]
    return float(units.shared_m[apart].sum())


def _orders(centres_m: Doubles, directions: int) -> Whole:
    """Return the units sorted along each direction tried, shape ``(directions, n)``."""
    angles = np.arange(directions) * (math.pi / directions)
    along = np.outer(np.cos(angles), centres_m[:, 0]) + np.outer(np.sin(angles), centres_m[:, 1])
    orders: Whole = np.argsort(along, axis=1, kind="stable")
    return orders


def _links(units: Units) -> tuple[Whole, Whole, Doubles]:
    """Return the pairs as rows of neighbours: starts, neighbours and shared lengths."""
    here = np.concatenate((units.pairs[:, 0], units.pairs[:, 1]))
    there = np.concatenate((units.pairs[:, 1], units.pairs[:, 0]))
    order = np.lexsort((there, here))
    degree = np.bincount(here, minlength=len(units.effort))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(degree)))
    shared_m = np.concatenate((units.shared_m, units.shared_m))[order].astype(np.float64)
    return starts, there[order].astype(np.int64), shared_m
