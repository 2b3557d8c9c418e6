"""Connection scans: earliest arrival forwards, latest departure backwards. For the worker only.

Departures are looked at once each, in the order of their times; a queue holds only those who go on by ways
(Dibbelt, Pajor, Strasser, Wagner, Connection Scan Algorithm, 2013, arXiv 1703.05997). The plain twin is
``dispatch.transport_plain``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.compiling import compiled

if TYPE_CHECKING:
    import numpy.typing as npt

    Seconds = npt.NDArray[np.int64]
    Slots = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Bytes = npt.NDArray[np.uint8]
    Mask = npt.NDArray[np.bool_]

NEVER = np.int64(1 << 60)
NONE = -1
_BY_WAY = -2


class Lines(NamedTuple):
    """Departures as arrays, by slot; ``order`` holds the slots by time of departure.

    ``before`` and ``after`` are the parts of the same run. ``off`` has a bit for each reason not to go.
    Negative seats and payload: nobody knows; ``door`` is the number of a kind of door, the last for unknown.
    """

    order: Slots
    from_: Slots
    to: Slots
    departs_s: Seconds
    arrives_s: Seconds
    before: Slots
    after: Slots
    off: Bytes
    seats: Slots
    payload_kg: Floats
    people_weigh: Mask
    door: Slots


class Ways(NamedTuple):
    """Ways by the place where they begin (or, turned about, where they end): rows ``start[v]`` and on.

    ``windows`` are rows of ``opens_s`` and ``closes_s``; a way that is always open has one without end.
    """

    start: Slots
    other: Slots
    slot: Slots
    duration_s: Seconds
    windows: Slots
    opens_s: Seconds
    closes_s: Seconds


class Need(NamedTuple):
    """What has to fit, and which reasons not to go count."""

    people: int
    kg: float
    person_kg: float
    fits: Mask  # of each door, whether the largest piece passes; the last is for doors nobody knows
    unknown: bool
    off: int
    seasons: bool


@compiled
def first_at(lines: Lines, at_s: int) -> int:
    """Return the place in the order of the first departure at or after a time."""
    low, high = 0, len(lines.order)
    while low < high:
        middle = (low + high) // 2
        if lines.departs_s[lines.order[middle]] < at_s:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def room(lines: Lines, need: Need, c: int) -> bool:
    """Return whether people and cargo fit into a departure that goes."""
    if lines.off[c] & need.off:
        return False
    seats = lines.seats[c]
    if seats < need.people and (seats >= 0 or not need.unknown) and need.people > 0:
        return False
    kg = need.kg
    if lines.people_weigh[c]:
        kg += need.people * need.person_kg
    payload_kg = lines.payload_kg[c]
    if payload_kg < kg and (payload_kg >= 0 or not need.unknown) and kg > 0:
        return False
    return bool(need.fits[lines.door[c]])


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


@compiled
def _push(keys: Seconds, places: Slots, size: int, key: int, place: int) -> tuple[Seconds, Slots, int]:
    """Put a place into the queue, smallest key first; the arrays grow when they are full."""
    if size == len(keys):
        longer_keys, longer_places = np.empty(2 * size, dtype=np.int64), np.empty(2 * size, dtype=np.int32)
        for i in range(size):  # plain loops: joining arrays takes numba a second to compile
            longer_keys[i], longer_places[i] = keys[i], places[i]
        keys, places = longer_keys, longer_places
    child = size
    while child > 0:
        parent = (child - 1) // 2
        if keys[parent] <= key:
            break
        keys[child], places[child] = keys[parent], places[parent]
        child = parent
    keys[child], places[child] = key, place
    return keys, places, size + 1


@compiled
def _pop(keys: Seconds, places: Slots, size: int) -> int:
    """Take the first out of the queue; return the size left."""
    size -= 1
    key, place = keys[size], places[size]
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[parent], places[parent] = keys[child], places[child]
        parent = child
    keys[parent], places[parent] = key, place
    return size


@compiled
def scan_forward(  # noqa: C901, PLR0917 - one loop; a kernel takes arrays one by one
    lines: Lines,
    ways: Ways,
    transfer_s: Seconds,
    need: Need,
    starts: Slots,
    ready_s: Seconds,
    target: int,
    until_s: int,
) -> tuple[Seconds, Slots, Slots, Mask]:
    """Return when each place is reached, by which departure or way, and which departures are taken.

    ``target`` NONE: all places are reached. ``via_way`` is the row of the way, where ``via`` says so.
    """
    n_places = len(transfer_s)
    there_s = np.full(n_places, NEVER, dtype=np.int64)
    via, via_way = np.full(n_places, NONE, dtype=np.int32), np.full(n_places, NONE, dtype=np.int32)
    taken = np.zeros(len(lines.order), dtype=np.bool_)
    keys, places, size = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int32), 0
    for i in range(len(starts)):
        v = starts[i]
        if ready_s[i] < there_s[v] and ready_s[i] <= until_s:
            there_s[v] = ready_s[i]
            keys, places, size = _push(keys, places, size, ready_s[i], v)
    k, n = first_at(lines, ready_s.min()), len(lines.order)
    while True:
        c = lines.order[k] if k < n else NONE
        now_s = lines.departs_s[c] if k < n else NEVER
        while size > 0 and keys[0] <= now_s:
            s, v = keys[0], places[0]
            size = _pop(keys, places, size)
            if s > there_s[v] or (target >= 0 and s >= there_s[target]):
                continue
            for row in range(ways.start[v], ways.start[v + 1]):
                w, end_s = ways.other[row], way_end(ways, row, s, need.seasons)
                if end_s < there_s[w] and end_s <= until_s:
                    there_s[w], via[w], via_way[w] = end_s, _BY_WAY, row
                    keys, places, size = _push(keys, places, size, end_s, w)
        if k >= n or now_s >= until_s or (target >= 0 and there_s[target] <= now_s):
            break
        k += 1
        u, p = lines.from_[c], lines.before[c]
        if there_s[u] + transfer_s[u] > now_s and not (p >= 0 and taken[p] and lines.arrives_s[p] <= now_s):
            continue
        v, end_s = lines.to[c], lines.arrives_s[c]
        if (end_s >= there_s[v] and lines.after[c] < 0) or end_s > until_s or not room(lines, need, c):
            continue
        taken[c] = True
        if end_s < there_s[v]:
            there_s[v], via[v] = end_s, c
            if ways.start[v] < ways.start[v + 1]:
                keys, places, size = _push(keys, places, size, end_s, v)
    return there_s, via, via_way, taken


@compiled
def scan_backward(  # noqa: C901, PLR0917 - as above
    lines: Lines,
    ways: Ways,
    transfer_s: Seconds,
    need: Need,
    target: int,
    by_s: int,
    source: int,
    not_before_s: int,
) -> tuple[Seconds, Slots, Slots, Mask]:
    """Return until when one may be at each place and still come to the target in time, and how to go on.

    ``ways`` are turned about. ``source`` NONE: for all places.
    """
    n_places = len(transfer_s)
    leave_s = np.full(n_places, -NEVER, dtype=np.int64)
    via, via_way = np.full(n_places, NONE, dtype=np.int32), np.full(n_places, NONE, dtype=np.int32)
    taken = np.zeros(len(lines.order), dtype=np.bool_)
    keys, places, size = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int32), 0
    leave_s[target] = by_s
    keys, places, size = _push(keys, places, size, -by_s, target)
    k = first_at(lines, by_s) - 1
    while True:
        c = lines.order[k] if k >= 0 else NONE
        now_s = lines.departs_s[c] if k >= 0 else -NEVER
        while size > 0 and -keys[0] >= now_s:
            s, v = -keys[0], places[0]
            size = _pop(keys, places, size)
            if s < leave_s[v] or (source >= 0 and s <= leave_s[source]):
                continue
            for row in range(ways.start[v], ways.start[v + 1]):
                w, begin_s = ways.other[row], way_begin(ways, row, s, need.seasons)
                if begin_s > leave_s[w] and begin_s >= not_before_s:
                    leave_s[w], via[w], via_way[w] = begin_s, _BY_WAY, row
                    keys, places, size = _push(keys, places, size, -begin_s, w)
        if k < 0 or now_s < not_before_s or (source >= 0 and leave_s[source] >= now_s):
            break
        k -= 1
        v, q = lines.to[c], lines.after[c]
        end_s = lines.arrives_s[c]
        if end_s > leave_s[v] and not (q >= 0 and taken[q] and end_s <= lines.departs_s[q]):
            continue
        u = lines.from_[c]
        at_s = now_s - transfer_s[u]
        if (at_s <= leave_s[u] and lines.before[c] < 0) or not room(lines, need, c):
            continue
        taken[c] = True
        if at_s > leave_s[u] and at_s >= not_before_s:
            leave_s[u], via[u] = at_s, c
            if ways.start[u] < ways.start[u + 1]:
                keys, places, size = _push(keys, places, size, -at_s, u)
    return leave_s, via, via_way, taken
