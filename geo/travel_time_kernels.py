"""Kernels of travel time: a ring of buckets instead of a heap, and repair of what a local change touched.

Rasters come flat with a frame of one barrier cell all round, so that no neighbour needs a check of borders,
and interleaved, so that all that is known of a cell lies together in memory: ``time_s[2 c]`` in seconds (inf
where not reached), and in the same memory ``land[4 c + 2]``, the pace in seconds per metre (inf: barrier),
and ``land[4 c + 3]``, the height in metres (NaN: unknown).

A bucket is at most as wide as the quickest step: whatever lies in the first bucket that is not empty is
final, in any order. Where that would be too many buckets they are wider, and a cell that was taken too early
is simply taken again. The plain twin is ``geo.travel_time.travel_time_plain``.
"""

# ruff: noqa: C901, PLR0912, PLR0915, PLR0917 - compiled loops over arrays: calls and containers would cost what they save

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]
    Whole = npt.NDArray[np.int64]
    Places = npt.NDArray[np.int32]
    Flags = npt.NDArray[np.uint8]

RING = 1 << 14
EIGHT = 8
FOUR = 4
_FREE, _LIVE = 0, 1
_IDLE, _WAITING, _SOURCE, _LOST = 0, 1, 2, 3
# Support by a neighbour is the same sum as once gave the time; rounding may differ in the last digits.
_SAME = 1e-12


@compiled
def spread(
    time_s: Doubles,
    land: Singles,
    flags: Flags,
    starts: Whole,
    width: int,
    rule: Doubles,
) -> None:
    """Lower ``time_s`` from cells whose times are set until no step helps, in place.

    Parameters
    ----------
    time_s, land
        Interleaved, see above.
    flags
        Zero; used and left zero.
    starts
        Cells to begin from, shape ``(n,)``.
    width
        Columns with the frame.
    rule
        Cell (m), width of a bucket (s), largest time (s), steepness, slope of the quickest walk with its sign
        turned, +1 forth or -1 back; shape ``(6,)``.
    """
    per_s, most_s = 1.0 / rule[1], rule[2]
    heads = np.full(RING, -1, dtype=np.int32)
    cell_of = np.empty(max(1024, 2 * len(starts)), dtype=np.int32)
    next_of = np.empty(len(cell_of), dtype=np.int32)
    state = np.array([-1, 0, 0])  # first free entry, entries in the ring, entries ever used
    offsets, half_m, per_m = neighbours(width, rule[0])
    sloped = rule[3] > 0
    soonest = np.inf
    for cell in starts:
        soonest = min(soonest, time_s[2 * cell])
    if not soonest <= most_s:
        return
    bucket = int(soonest * per_s)
    for cell in starts:
        if time_s[2 * cell] <= most_s and flags[cell] == _IDLE:
            flags[cell] = _WAITING
            _put(heads, cell_of, next_of, state, cell, int(time_s[2 * cell] * per_s), bucket)
    quickest = np.exp(-rule[3] * rule[4]) if sloped else 1.0
    while state[_LIVE] > 0:
        slot = bucket & (RING - 1)
        entry = heads[slot]
        if entry < 0:
            bucket += 1
            continue
        cell = np.int64(cell_of[entry])
        heads[slot] = next_of[entry]
        next_of[entry] = state[_FREE]
        state[_FREE] = entry
        state[_LIVE] -= 1
        if flags[cell] != _WAITING:
            continue
        begin_s = time_s[2 * cell]
        due = int(begin_s * per_s)
        if due > bucket:  # it had to wait nearer than its time, the ring being too short
            _put(heads, cell_of, next_of, state, cell, due, bucket)
            continue
        flags[cell] = _IDLE
        if state[2] + EIGHT > len(cell_of):
            cell_of = _longer(cell_of)
            next_of = _longer(next_of)
        slow, high = land[4 * cell + 2], land[4 * cell + 3]
        for side in range(EIGHT):
            other = cell + offsets[side]
            reach_s = half_m[side] * (slow + land[4 * other + 2])
            at_s = begin_s + reach_s * quickest
            known_s = time_s[2 * other]
            if not at_s < known_s:
                continue
            if side >= FOUR and _cut(land, cell, offsets, side):
                continue
            if sloped:
                at_s = begin_s + reach_s * _steepness(rule, high, land[4 * other + 3], per_m[side])
                if not at_s < known_s:
                    continue
            if at_s > most_s:
                continue
            time_s[2 * other] = at_s
            due = int(at_s * per_s)
            if flags[other] == _WAITING and int(known_s * per_s) == due:
                continue
            flags[other] = _WAITING
            _put(heads, cell_of, next_of, state, other, due, bucket)


@compiled
def neighbours(width: int, cell_m: float) -> tuple[Whole, Doubles, Doubles]:
    """Return offset, half the distance and 1 / distance of the eight neighbours, straight ones first."""
    offsets = np.array([-width, width, -1, 1, -width - 1, -width + 1, width - 1, width + 1])
    half_m = np.full(EIGHT, cell_m / 2.0)
    half_m[FOUR:] *= np.sqrt(2.0)
    return offsets, half_m, 0.5 / half_m


@compiled
def _cut(land: Singles, cell: np.int64, offsets: Whole, side: int) -> bool:
    """Tell whether a diagonal step slips between two barrier cells."""
    upright = offsets[0] if side < FOUR + 2 else offsets[1]
    level = offsets[2] if side % 2 == 0 else offsets[3]
    return bool(np.isinf(land[4 * (cell + upright) + 2]) and np.isinf(land[4 * (cell + level) + 2]))


@compiled
def _steepness(rule: Doubles, low_m: np.float32, high_m: np.float32, per_m: float) -> float:
    """Return how much longer a step takes than on the flat; 1 where a height is unknown."""
    rise = rule[5] * (np.float64(high_m) - np.float64(low_m)) * per_m
    if np.isnan(rise):
        return 1.0
    return float(np.exp(rule[3] * (abs(rise + rule[4]) - rule[4])))


@compiled
def _put(
    heads: Places, cell_of: Places, next_of: Places, state: Whole, cell: np.int64, due: int, bucket: int
) -> None:
    """Put a cell into its bucket, or the farthest of the ring."""
    slot = min(max(due, bucket), bucket + RING - 1) & (RING - 1)
    entry = state[_FREE]
    if entry >= 0:
        state[_FREE] = next_of[entry]
    else:
        entry = state[2]
        state[2] += 1
    cell_of[entry] = cell
    next_of[entry] = heads[slot]
    heads[slot] = entry
    state[_LIVE] += 1


@compiled
def _longer(entries: Places) -> Places:
    longer = np.empty(2 * len(entries), dtype=np.int32)
    longer[: len(entries)] = entries
    return longer


@compiled
def forget(
    time_s: Doubles,
    land: Singles,
    flags: Flags,
    sources: Whole,
    starts_s: Doubles,
    touched: Whole,
    width: int,
    rule: Doubles,
) -> Whole:
    """Set to inf, in place, what no longer has a way after a change of pace; return where to begin again.

    Parameters
    ----------
    time_s, land
        Times solved for the pace before, the pace after.
    flags
        Zero; left zero.
    sources, starts_s
        Cells where travel begins, and when.
    touched
        Cells with another pace, and all their neighbours.

    Returns
    -------
    ndarray
        Cells from which :func:`spread` must go on, shape ``(n,)``.

    Notes
    -----
    Cells are looked at in order of their times, so that who might support one has been decided before it
    (Ramalingam and Reps 1996, An incremental algorithm for a generalization of the shortest-path problem).
    """
    per_s = 1.0 / rule[1]
    heads = np.full(RING, -1, dtype=np.int32)
    cell_of = np.empty(max(1024, 2 * len(touched)), dtype=np.int32)
    next_of = np.empty(len(cell_of), dtype=np.int32)
    state = np.array([-1, 0, 0])
    offsets, half_m, per_m = neighbours(width, rule[0])
    lost = np.empty(1024, dtype=np.int64)
    losses = 0
    for number, cell in enumerate(sources):
        if time_s[2 * cell] >= starts_s[number]:  # it needs no neighbour to support its time
            flags[cell] = _SOURCE
    soonest = np.inf
    for cell in touched:
        soonest = min(soonest, time_s[2 * cell])
    bucket = int(soonest * per_s) if np.isfinite(soonest) else 0
    for cell in touched:
        if np.isfinite(time_s[2 * cell]) and flags[cell] == _IDLE:
            flags[cell] = _WAITING
            _put(heads, cell_of, next_of, state, cell, int(time_s[2 * cell] * per_s), bucket)
    while state[_LIVE] > 0:
        slot = bucket & (RING - 1)
        entry = heads[slot]
        if entry < 0:
            bucket += 1
            continue
        cell = np.int64(cell_of[entry])
        heads[slot] = next_of[entry]
        next_of[entry] = state[_FREE]
        state[_FREE] = entry
        state[_LIVE] -= 1
        if flags[cell] != _WAITING:
            continue
        due = int(time_s[2 * cell] * per_s)
        if due > bucket:
            _put(heads, cell_of, next_of, state, cell, due, bucket)
            continue
        flags[cell] = _IDLE
        if _best(time_s, land, flags, cell, offsets, half_m, per_m, rule) <= time_s[2 * cell] * (1 + _SAME):
            continue
        flags[cell] = _LOST
        if losses == len(lost):
            more = np.empty(2 * losses, dtype=np.int64)
            more[:losses] = lost
            lost = more
        lost[losses] = cell
        losses += 1
        if state[2] + EIGHT > len(cell_of):
            cell_of = _longer(cell_of)
            next_of = _longer(next_of)
        for side in range(EIGHT):
            other = cell + offsets[side]
            if flags[other] == _IDLE and time_s[2 * cell] < time_s[2 * other] < np.inf:
                flags[other] = _WAITING
                _put(heads, cell_of, next_of, state, other, int(time_s[2 * other] * per_s), bucket)
    again = np.concatenate((lost[:losses], touched))
    for cell in lost[:losses]:
        time_s[2 * cell] = np.inf
        flags[cell] = _IDLE
    for number, cell in enumerate(sources):
        time_s[2 * cell] = min(time_s[2 * cell], starts_s[number])
    for cell in again:
        if flags[cell] == _IDLE:
            at_s = _best(time_s, land, flags, cell, offsets, half_m, per_m, rule)
            if at_s < time_s[2 * cell] and at_s <= rule[2]:
                time_s[2 * cell] = at_s
    for cell in sources:
        flags[cell] = _IDLE
    return again


@compiled
def _best(
    time_s: Doubles,
    land: Singles,
    flags: Flags,
    cell: np.int64,
    offsets: Whole,
    half_m: Doubles,
    per_m: Doubles,
    rule: Doubles,
) -> float:
    """Return the earliest time at which a neighbour that is not lost lets the cell be reached."""
    best_s = np.inf
    for side in range(EIGHT):
        other = cell + offsets[side]
        if flags[other] == _LOST or not time_s[2 * other] < best_s:
            continue
        if side >= FOUR and _cut(land, cell, offsets, side):
            continue
        step_s = half_m[side] * (land[4 * other + 2] + land[4 * cell + 2])
        if rule[3] > 0:
            step_s *= _steepness(rule, land[4 * other + 3], land[4 * cell + 3], per_m[side])
        best_s = min(best_s, time_s[2 * other] + step_s)
    return float(best_s)
