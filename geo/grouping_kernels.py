"""Kernels of grouping: rotated bisection, then exchange of border units that keeps every group connected."""

# ruff: noqa: C901, PLR0912, PLR0917 - compiled loops over arrays: calls and containers would cost what they save

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

PASSES = 12
TWO = 2


@compiled
def bisect(
    effort: Doubles, orders: Whole, starts: Whole, neighbours: Whole, shared_m: Doubles, groups: int
) -> Whole:
    """Halve the units again and again, each time along the line that cuts the shortest border.

    ``orders`` holds the units sorted along each direction tried, shape ``(n_directions, n_units)``.
    """
    units = len(effort)
    group = np.zeros(units, dtype=np.int64)
    first_of = np.zeros(2 * groups + 2, dtype=np.int64)
    count_of = np.zeros(2 * groups + 2, dtype=np.int64)
    count_of[0] = groups
    waiting = 1
    here = np.zeros(units, dtype=np.int64)
    best = np.zeros(units, dtype=np.int64)
    while waiting > 0:
        waiting -= 1
        first, count = first_of[waiting], count_of[waiting]
        if count == 1:
            continue
        low = count // 2
        total, members = 0.0, 0
        for unit in range(units):
            if group[unit] == first:
                total += effort[unit]
                members += 1
        target = total * low / count
        shortest = np.inf
        for direction in range(len(orders)):
            reached, placed = 0.0, 0
            for place in range(units):
                unit = orders[direction, place]
                if group[unit] != first:
                    continue
                # A unit on the line goes where the error is smaller; each half has units for its groups.
                here[unit] = 0 if reached + 0.5 * effort[unit] <= target else 1
                if placed < low:
                    here[unit] = 0
                elif placed >= members - (count - low):
                    here[unit] = 1
                reached += effort[unit]
                placed += 1
            cut_m = 0.0
            for unit in range(units):
                if group[unit] == first and here[unit] == 0:
                    for link in range(starts[unit], starts[unit + 1]):
                        if group[neighbours[link]] == first and here[neighbours[link]] == 1:
                            cut_m += shared_m[link]
            if cut_m < shortest:
                shortest = cut_m
                for unit in range(units):
                    best[unit] = here[unit]
        for unit in range(units):
            if group[unit] == first and best[unit] == 1:
                group[unit] = first + low
        first_of[waiting], count_of[waiting] = first, low
        first_of[waiting + 1], count_of[waiting + 1] = first + low, count - low
        waiting += 2
    return group


@compiled
def gather(
    group: Whole, effort: Doubles, starts: Whole, neighbours: Whole, shared_m: Doubles, groups: int
) -> bool:
    """Give every piece of a group that is cut off from its main part to a neighbour (in place).

    Returns whether something was given away; the neighbour may then be in pieces itself.
    """
    units = len(group)
    part = np.full(units, -1, dtype=np.int64)
    queue = np.empty(units, dtype=np.int64)
    load_of = np.zeros(units, dtype=np.float64)
    main = np.full(groups, -1, dtype=np.int64)
    parts = 0
    for start in range(units):
        if part[start] >= 0:
            continue
        part[start] = parts
        queue[0] = start
        head, tail = 0, 1
        while head < tail:
            unit = queue[head]
            head += 1
            load_of[parts] += effort[unit]
            for link in range(starts[unit], starts[unit + 1]):
                other = neighbours[link]
                if part[other] < 0 and group[other] == group[start]:
                    part[other] = parts
                    queue[tail] = other
                    tail += 1
        if main[group[start]] < 0 or load_of[parts] > load_of[main[group[start]]]:
            main[group[start]] = parts
        parts += 1
    given = False
    link_m = np.zeros(groups, dtype=np.float64)
    for loose in range(parts):
        taker, mine = -1, -1
        for unit in range(units):
            if part[unit] == loose:
                mine = group[unit]
        if main[mine] == loose:
            continue
        link_m[:] = 0.0
        for unit in range(units):
            if part[unit] == loose:
                for link in range(starts[unit], starts[unit + 1]):
                    if group[neighbours[link]] != mine:
                        link_m[group[neighbours[link]]] += shared_m[link]
        for other in range(groups):
            if link_m[other] > 0.0 and (taker < 0 or link_m[other] > link_m[taker]):
                taker = other
        if taker >= 0:
            given = True
            for unit in range(units):
                if part[unit] == loose:
                    group[unit] = taker
    return given


@compiled
def stays_connected(
    unit: int, group: Whole, starts: Whole, neighbours: Whole, seen: Whole, queue: Whole, stamp: int
) -> bool:
    """Tell whether a group keeps together, and keeps a unit, when one unit leaves it."""
    mine = group[unit]
    first, wanted = -1, 0
    for link in range(starts[unit], starts[unit + 1]):
        if group[neighbours[link]] == mine:
            wanted += 1
            first = neighbours[link]
    if wanted < TWO:
        return wanted == 1
    seen[unit] = stamp
    seen[first] = stamp
    queue[0] = first
    head, tail = 0, 1
    # ``wanted`` counts the neighbours of the unit not yet reached; they are marked by a second stamp.
    for link in range(starts[unit], starts[unit + 1]):
        other = neighbours[link]
        if group[other] == mine and other != first:
            seen[other] = -stamp
    wanted -= 1
    while head < tail:
        here = queue[head]
        head += 1
        for link in range(starts[here], starts[here + 1]):
            other = neighbours[link]
            if group[other] != mine or seen[other] == stamp:
                continue
            if seen[other] == -stamp:
                wanted -= 1
                if wanted == 0:
                    return True
            seen[other] = stamp
            queue[tail] = other
            tail += 1
    return False


@compiled
def exchange(
    group: Whole,
    effort: Doubles,
    starts: Whole,
    neighbours: Whole,
    shared_m: Doubles,
    load: Doubles,
    weight: float,
) -> None:
    """Move border units while border length plus weighted imbalance shrinks (in place).

    ``weight`` says how many mean border lengths of a unit the square of a relative imbalance is worth.
    """
    units, groups = len(group), len(load)
    mean = load.sum() / groups
    scale_m = max(shared_m.sum() / max(len(shared_m), 1), 1e-9)
    seen = np.zeros(units, dtype=np.int64)
    queue = np.empty(units, dtype=np.int64)
    link_m = np.zeros(groups, dtype=np.float64)
    stamp = 0
    for _ in range(PASSES):
        moved = 0
        for unit in range(units):
            mine = group[unit]
            border = False
            for link in range(starts[unit], starts[unit + 1]):
                other = group[neighbours[link]]
                link_m[other] += shared_m[link]
                border = border or other != mine
            if border:
                best, taker = -1e-9, -1
                for link in range(starts[unit], starts[unit + 1]):
                    other = group[neighbours[link]]
                    if other == mine:
                        continue
                    longer = (link_m[mine] - link_m[other]) / scale_m
                    share = effort[unit] / mean
                    change = 2.0 * share * ((load[other] - load[mine]) / mean + share)
                    if longer + weight * change < best:
                        best, taker = longer + weight * change, other
                if taker >= 0:
                    stamp += 1
                    if stays_connected(unit, group, starts, neighbours, seen, queue, stamp):
                        group[unit] = taker
                        load[mine] -= effort[unit]
                        load[taker] += effort[unit]
                        moved += 1
            for link in range(starts[unit], starts[unit + 1]):
                link_m[group[neighbours[link]]] = 0.0
            link_m[mine] = 0.0
        if moved == 0:
            break
