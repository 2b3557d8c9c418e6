"""Kernels of grouping, second part: load handed on along chains of groups, and borders polished by swaps."""

# ruff: noqa: PLR0917 - compiled loops over arrays: calls and containers would cost what they save

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.compiling import compiled
from geo.grouping_kernels import PASSES, stays_connected

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Whole = npt.NDArray[np.int64]

CHAINS = 400
BAN_STEPS = 20  # a pair of groups with nothing to hand on is left alone for a while
LEAST_GAIN_M = 1e-9


@compiled
def _to_move(
    source: int,
    target: int,
    wanted: float,
    group: Whole,
    effort: Doubles,
    starts: Whole,
    neighbours: Whole,
    shared_m: Doubles,
    seen: Whole,
    queue: Whole,
    stamp: int,
) -> int:
    """Return the unit of one group that is best given to another, -1 for none."""
    best, chosen = np.inf, -1
    for unit in range(len(group)):
        if group[unit] != source:
            continue
        mine_m, other_m, whole_m = 0.0, 0.0, 1e-9
        for link in range(starts[unit], starts[unit + 1]):
            whole_m += shared_m[link]
            if group[neighbours[link]] == target:
                other_m += shared_m[link]
            elif group[neighbours[link]] == source:
                mine_m += shared_m[link]
        if other_m == 0.0 or effort[unit] <= 0.0:
            continue
        cost = (mine_m - other_m) / whole_m + 2.0 * abs(effort[unit] - wanted) / wanted
        if cost < best:
            stamp += 1
            if stays_connected(unit, group, starts, neighbours, seen, queue, stamp):
                best, chosen = cost, unit
    return chosen


@compiled
def _chain_from(
    worst: int, sign: float, load: Doubles, beside: Flags, banned: Whole, step: int, came: Whole
) -> int:
    """Return the nearest group on the other side of the mean, -1 for none; ``came`` leads back."""
    groups = len(load)
    mean = load.sum() / groups
    line = np.empty(groups, dtype=np.int64)
    came[:] = -1
    came[worst] = worst
    line[0] = worst
    head, tail = 0, 1
    while head < tail:
        one = line[head]
        head += 1
        for other in range(groups):
            if came[other] >= 0 or not beside[one, other] or banned[one, other] > step:
                continue
            came[other] = one
            if sign * (load[other] - mean) < 0.0:
                return other
            line[tail] = other
            tail += 1
    return -1


@compiled
def _worst(load: Doubles) -> int:
    mean = load.sum() / len(load)
    worst = 0
    for one in range(len(load)):
        if abs(load[one] - mean) > abs(load[worst] - mean):
            worst = one
    return worst


@compiled
def _unevenness(load: Doubles) -> float:
    mean = load.sum() / len(load)
    total = 0.0
    for one in range(len(load)):
        total += (load[one] - mean) ** 2
    return total


@compiled
def balance(
    group: Whole,
    effort: Doubles,
    starts: Whole,
    neighbours: Whole,
    shared_m: Doubles,
    load: Doubles,
    tolerance: float,
) -> None:
    """Hand units on along chains of groups, the worst first, until all are within tolerance (in place)."""
    units, groups = len(group), len(load)
    mean = load.sum() / groups
    seen = np.zeros(units, dtype=np.int64)
    queue = np.empty(units, dtype=np.int64)
    came = np.empty(groups, dtype=np.int64)
    banned = np.zeros((groups, groups), dtype=np.int64)
    beside = np.zeros((groups, groups), dtype=np.bool_)
    moved = np.empty(groups, dtype=np.int64)
    left, joined = np.empty(groups, dtype=np.int64), np.empty(groups, dtype=np.int64)
    stamp = 0
    for step in range(1, CHAINS):
        worst = _worst(load)
        off = abs(load[worst] - mean)
        if off <= tolerance * mean:
            return
        sign = 1.0 if load[worst] > mean else -1.0
        beside[:, :] = False
        for unit in range(units):
            for link in range(starts[unit], starts[unit + 1]):
                beside[group[unit], group[neighbours[link]]] = True
        end = _chain_from(worst, sign, load, beside, banned, step, came)
        if end < 0:
            return
        before = _unevenness(load)
        wanted = max(min(off, abs(load[end] - mean)), 0.002 * mean)
        hops, one, stuck = 0, end, end
        while one != worst:
            source, target = (came[one], one) if sign > 0 else (one, came[one])
            unit = _to_move(
                source, target, wanted, group, effort, starts, neighbours, shared_m, seen, queue, stamp
            )
            stamp += units
            if unit < 0:
                break
            group[unit] = target
            load[source] -= effort[unit]
            load[target] += effort[unit]
            moved[hops], left[hops], joined[hops] = unit, source, target
            hops += 1
            one = came[one]
            stuck = one if one != worst else end
        if one == worst and _unevenness(load) < before:
            continue
        banned[came[stuck], stuck] = step + BAN_STEPS
        for hop in range(hops - 1, -1, -1):  # back, the last first: one unit may have gone two hops
            group[moved[hop]] = left[hop]
            load[left[hop]] += effort[moved[hop]]
            load[joined[hop]] -= effort[moved[hop]]


@compiled
def polish(
    group: Whole,
    effort: Doubles,
    starts: Whole,
    neighbours: Whole,
    shared_m: Doubles,
    load: Doubles,
    tolerance: float,
) -> None:
    """Shorten borders by single moves and by swaps that keep every load within tolerance (in place)."""
    units, groups = len(group), len(load)
    mean = load.sum() / groups
    seen = np.zeros(units, dtype=np.int64)
    queue = np.empty(units, dtype=np.int64)
    link_m = np.zeros(groups, dtype=np.float64)
    stamp = 0
    low, high = (1.0 - tolerance) * mean, (1.0 + tolerance) * mean
    for _ in range(PASSES):
        gained = 0
        for unit in range(units):
            mine = group[unit]
            for link in range(starts[unit], starts[unit + 1]):
                link_m[group[neighbours[link]]] += shared_m[link]
            for link in range(starts[unit], starts[unit + 1]):
                other = group[neighbours[link]]
                gain = link_m[other] - link_m[mine]
                # Alone a loss is never worth it, with a partner a small loss may be.
                if other == mine or gain <= -0.25 * link_m[mine]:
                    continue
                stamp += 1
                if not stays_connected(unit, group, starts, neighbours, seen, queue, stamp):
                    break
                share = effort[unit]
                if gain > LEAST_GAIN_M and load[mine] - share >= low and load[other] + share <= high:
                    group[unit] = other
                    load[mine] -= share
                    load[other] += share
                    gained += 1
                    break
                stamp = _swap(
                    unit,
                    other,
                    gain,
                    group,
                    effort,
                    starts,
                    neighbours,
                    shared_m,
                    load,
                    low,
                    high,
                    seen,
                    queue,
                    stamp,
                )
                if stamp < 0:
                    stamp = -stamp
                    gained += 1
                    break
            link_m[:] = 0.0  # a swap may have changed the neighbours' groups
        if gained == 0:
            return


@compiled
def _swap(
    unit: int,
    other: int,
    gain: float,
    group: Whole,
    effort: Doubles,
    starts: Whole,
    neighbours: Whole,
    shared_m: Doubles,
    load: Doubles,
    low: float,
    high: float,
    seen: Whole,
    queue: Whole,
    stamp: int,
) -> int:
    """Give a unit to another group for one of theirs, if borders shrink; negative: done."""
    mine = group[unit]
    group[unit] = other
    best, partner = LEAST_GAIN_M, -1
    for back in range(len(group)):
        if group[back] != other or back == unit:
            continue
        given = effort[unit] - effort[back]
        if not (low <= load[mine] - given <= high and low <= load[other] + given <= high):
            continue
        to_mine, to_other = 0.0, 0.0
        for link in range(starts[back], starts[back + 1]):
            if group[neighbours[link]] == mine:
                to_mine += shared_m[link]
            elif group[neighbours[link]] == other:
                to_other += shared_m[link]
        if to_mine > 0.0 and gain + to_mine - to_other > best:
            stamp += 1
            if stays_connected(back, group, starts, neighbours, seen, queue, stamp):
                best, partner = gain + to_mine - to_other, back
    if partner < 0:
        group[unit] = mine
        return stamp
    given = effort[unit] - effort[partner]
    group[partner] = mine
    load[mine] -= given
    load[other] += given
    return -stamp
