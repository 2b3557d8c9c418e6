"""Going on by ways within a scan: a queue of places, by when they are reached. For the worker only.

Compiled into ``dispatch.transport_kernels`` and ``dispatch.transport_expand``. numba's cache on disk looks at
their files alone: after a change here theirs are stale until ``dispatch/__pycache__`` is emptied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Seconds = npt.NDArray[np.int64]
    Slots = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]

NEVER = np.int64(1 << 60)
NONE = -1
BY_WAY = -2


class Ways(NamedTuple):
    """Ways by the place where they begin (or, turned about, where they end): rows ``start[v]`` and on.

    ``windows`` are rows of ``opens_s`` and ``closes_s``; a way that is always open has one without end.
    ``lone``: whoever goes on by ways from a place can from there only come back by ways.
    """

    start: Slots
    other: Slots
    slot: Slots
    duration_s: Seconds
    windows: Slots
    opens_s: Seconds
    closes_s: Seconds
    lone: Mask


@compiled
def way_end(ways: Ways, row: int, at_s: int, seasons: bool) -> int:  # noqa: FBT001
    """Return when one who is there at a time has gone the way, NEVER if it does not open any more."""
    duration_s = ways.duration_s[row]
    if not seasons:
        return int(at_s + duration_s)
    best = NEVER
    for w in range(ways.windows[row], ways.windows[row + 1]):
        begin = max(at_s, ways.opens_s[w])
        if begin + duration_s <= ways.closes_s[w]:
            best = min(best, begin + duration_s)
    return int(best)


@compiled
def way_begin(ways: Ways, row: int, by_s: int, seasons: bool) -> int:  # noqa: FBT001
    """Return when one must begin the way at the latest to have gone it by a time, -NEVER if never."""
    duration_s = ways.duration_s[row]
    if not seasons:
        return int(by_s - duration_s)
    best = -NEVER
    for w in range(ways.windows[row], ways.windows[row + 1]):
        end = min(by_s, ways.closes_s[w])
        if end - duration_s >= ways.opens_s[w]:
            best = max(best, end - duration_s)
    return int(best)


# Below, arrays are given one by one: taking them out of a tuple counts references, each time.


@compiled
def put(  # noqa: PLR0917
    keys: Seconds, places: Slots, seats: Slots, size: Seconds, key: int, place: int
) -> None:
    """Put a place into the queue, smallest key first, or give it a smaller one; ``seats``: NONE outside."""
    seat = seats[place]
    if seat == NONE:
        seat = size[0]
        size[0] += 1
    while seat > 0:
        parent = (seat - 1) // 2
        if keys[parent] <= key:
            break
        keys[seat], places[seat] = keys[parent], places[parent]
        seats[places[seat]] = seat
        seat = parent
    keys[seat], places[seat], seats[place] = key, place, seat


@compiled
def take(keys: Seconds, places: Slots, seats: Slots, size: Seconds) -> int:
    """Take the first place out of the queue."""
    first = places[0]
    seats[first] = NONE
    size[0] -= 1
    last = size[0]
    if last > 0:
        key, place, seat = keys[last], places[last], 0
        while True:
            child = 2 * seat + 1
            if child >= last:
                break
            if child + 1 < last and keys[child + 1] < keys[child]:
                child += 1
            if keys[child] >= key:
                break
            keys[seat], places[seat] = keys[child], places[child]
            seats[places[seat]] = seat
            seat = child
        keys[seat], places[seat], seats[place] = key, place, seat
    return int(first)


@compiled
def go_on(  # noqa: PLR0917
    ways: Ways,
    start: Slots,
    keys: Seconds,
    places: Slots,
    seats: Slots,
    size: Seconds,
    there_s: Seconds,
    board_s: Seconds,
    transfer_s: Seconds,
    via: Slots,
    via_way: Slots,
    now_s: int,
    most_s: int,
    seasons: bool,  # noqa: FBT001
) -> int:
    """Go on by ways from all places reached until now; return when the next one is."""
    other, duration_s = ways.other, ways.duration_s
    while size[0] > 0 and keys[0] <= now_s:
        v = take(keys, places, seats, size)
        for row in range(start[v], start[v + 1]):
            w, end_s = other[row], there_s[v] + duration_s[row]
            # A way is never gone sooner than without seasons: most need no look at them.
            if seasons and end_s < there_s[w] and end_s <= most_s:
                end_s = way_end(ways, row, there_s[v], seasons)
            if end_s < there_s[w] and end_s <= most_s:
                there_s[w], via[w], via_way[w] = end_s, BY_WAY, row
                board_s[w] = end_s + transfer_s[w]
                if start[w] < start[w + 1]:
                    put(keys, places, seats, size, end_s, w)
    return int(keys[0]) if size[0] > 0 else int(NEVER)


@compiled
def come_by(  # noqa: PLR0917
    ways: Ways,
    start: Slots,
    keys: Seconds,
    places: Slots,
    seats: Slots,
    size: Seconds,
    leave_s: Seconds,
    via: Slots,
    via_way: Slots,
    now_s: int,
    least_s: int,
    seasons: bool,  # noqa: FBT001
) -> int:
    """Look back along ways from all places that may be left as late as now; return when the next one is."""
    other, duration_s = ways.other, ways.duration_s
    while size[0] > 0 and -keys[0] >= now_s:
        v = take(keys, places, seats, size)
        for row in range(start[v], start[v + 1]):
            w, begin_s = other[row], leave_s[v] - duration_s[row]
            if seasons and begin_s > leave_s[w] and begin_s >= least_s:
                begin_s = way_begin(ways, row, leave_s[v], seasons)
            if begin_s > leave_s[w] and begin_s >= least_s:
                leave_s[w], via[w], via_way[w] = begin_s, BY_WAY, row
                if start[w] < start[w + 1]:
                    put(keys, places, seats, size, -begin_s, w)
    return -int(keys[0]) if size[0] > 0 else -int(NEVER)
