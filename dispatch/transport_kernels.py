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
def _enough(has: float, need: float, unknown: bool) -> bool:  # noqa: FBT001
    """Return whether seats or kilograms are enough; negative: nobody knows."""
    return bool(has >= need or (has < 0 and unknown) or need <= 0)


@compiled
def room(lines: Lines, need: Need, c: int) -> bool:
    """Return whether people and cargo fit into a departure that goes."""
    if lines.off[c] & need.off or not need.fits[lines.door[c]]:
        return False
    kg = need.kg + (need.people * need.person_kg if lines.people_weigh[c] else 0.0)
    return _enough(lines.seats[c], need.people, need.unknown) and _enough(
        lines.payload_kg[c], kg, need.unknown
    )


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
def _put(  # noqa: PLR0917
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
def _take(keys: Seconds, places: Slots, seats: Slots, size: Seconds) -> int:
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
def _go_on(  # noqa: PLR0917
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
        v = _take(keys, places, seats, size)
        for row in range(start[v], start[v + 1]):
            w, end_s = other[row], there_s[v] + duration_s[row]
            # A way is never gone sooner than without seasons: most need no look at them.
            if seasons and end_s < there_s[w] and end_s <= most_s:
                end_s = way_end(ways, row, there_s[v], seasons)
            if end_s < there_s[w] and end_s <= most_s:
                there_s[w], via[w], via_way[w] = end_s, _BY_WAY, row
                board_s[w] = end_s + transfer_s[w]
                if start[w] < start[w + 1]:
                    _put(keys, places, seats, size, end_s, w)
    return int(keys[0]) if size[0] > 0 else int(NEVER)


@compiled
def _come_by(  # noqa: PLR0917
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
        v = _take(keys, places, seats, size)
        for row in range(start[v], start[v + 1]):
            w, begin_s = other[row], leave_s[v] - duration_s[row]
            if seasons and begin_s > leave_s[w] and begin_s >= least_s:
                begin_s = way_begin(ways, row, leave_s[v], seasons)
            if begin_s > leave_s[w] and begin_s >= least_s:
                leave_s[w], via[w], via_way[w] = begin_s, _BY_WAY, row
                if start[w] < start[w + 1]:
                    _put(keys, places, seats, size, -begin_s, w)
    return -int(keys[0]) if size[0] > 0 else -int(NEVER)


@compiled
def scan_forward(  # noqa: C901, PLR0912, PLR0915, PLR0917 - one loop; a call of a part of it costs more than the part
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
    # Arrays by themselves: a call that is given all of them counts references to each, every time.
    order, departs_s, arrives_s, off = lines.order, lines.departs_s, lines.arrives_s, lines.off
    begins, ends, before, after = lines.from_, lines.to, lines.before, lines.after
    seats, payload_kg, weigh = lines.seats, lines.payload_kg, lines.people_weigh
    door, fits, way_start = lines.door, need.fits, ways.start
    other, duration_s, lone = ways.other, ways.duration_s, ways.lone
    n_places = len(transfer_s)
    there_s, board_s = np.full(n_places, NEVER, dtype=np.int64), np.full(n_places, NEVER, dtype=np.int64)
    via, via_way = np.full(n_places, NONE, dtype=np.int32), np.full(n_places, NONE, dtype=np.int32)
    taken = np.zeros(len(order), dtype=np.bool_)
    keys, places = np.empty(n_places, dtype=np.int64), np.empty(n_places, dtype=np.int32)
    seated, size = np.full(n_places, NONE, dtype=np.int32), np.zeros(1, dtype=np.int64)
    first_s, next_s = int(NEVER), int(NEVER)
    for i in range(len(starts)):
        v, at_s = starts[i], ready_s[i]
        first_s = min(first_s, int(at_s))
        if at_s < there_s[v] and at_s <= until_s:
            there_s[v], board_s[v] = at_s, at_s + transfer_s[v]
            _put(keys, places, seated, size, at_s, v)
            next_s = min(next_s, int(at_s))
    for k in range(first_at(lines, first_s), len(order)):
        c = order[k]
        now_s = departs_s[c]
        if next_s <= now_s:
            most_s = min(until_s, there_s[target]) if target >= 0 else until_s
            next_s = _go_on(
                ways,
                way_start,
                keys,
                places,
                seated,
                size,
                there_s,
                board_s,
                transfer_s,
                via,
                via_way,
                now_s,
                most_s,
                need.seasons,
            )
        if now_s >= until_s or (target >= 0 and there_s[target] <= now_s):
            break
        if board_s[begins[c]] > now_s:
            p = before[c]
            if p < 0 or not taken[p] or arrives_s[p] > now_s:
                continue
        v, end_s = ends[c], arrives_s[c]
        if (
            (end_s >= there_s[v] and after[c] < 0)
            or end_s > until_s
            or off[c] & need.off
            or not fits[door[c]]
        ):
            continue
        kg = need.kg + (need.people * need.person_kg if weigh[c] else 0.0)
        if not (_enough(seats[c], need.people, need.unknown) and _enough(payload_kg[c], kg, need.unknown)):
            continue
        taken[c] = True
        if end_s < there_s[v]:
            there_s[v], board_s[v], via[v] = end_s, end_s + transfer_s[v], c
            if lone[v]:  # no need to wait in the queue: nothing follows
                for row in range(way_start[v], way_start[v + 1]):
                    w, gone_s = other[row], end_s + duration_s[row]
                    if need.seasons and gone_s < there_s[w]:
                        gone_s = way_end(ways, row, int(end_s), need.seasons)
                    if gone_s < there_s[w] and gone_s <= until_s:
                        there_s[w], via[w], via_way[w] = gone_s, _BY_WAY, row
                        board_s[w] = gone_s + transfer_s[w]
            elif way_start[v] < way_start[v + 1]:
                _put(keys, places, seated, size, end_s, v)
                next_s = min(next_s, int(end_s))
    most_s = min(until_s, there_s[target]) if target >= 0 else until_s
    _go_on(
        ways,
        way_start,
        keys,
        places,
        seated,
        size,
        there_s,
        board_s,
        transfer_s,
        via,
        via_way,
        most_s,
        most_s,
        need.seasons,
    )
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
    order, departs_s, arrives_s, off = lines.order, lines.departs_s, lines.arrives_s, lines.off
    begins, ends, before, after = lines.from_, lines.to, lines.before, lines.after
    seats, payload_kg, weigh = lines.seats, lines.payload_kg, lines.people_weigh
    door, fits, way_start = lines.door, need.fits, ways.start
    other, duration_s, lone = ways.other, ways.duration_s, ways.lone
    n_places = len(transfer_s)
    leave_s = np.full(n_places, -NEVER, dtype=np.int64)
    via, via_way = np.full(n_places, NONE, dtype=np.int32), np.full(n_places, NONE, dtype=np.int32)
    taken = np.zeros(len(order), dtype=np.bool_)
    keys, places = np.empty(n_places, dtype=np.int64), np.empty(n_places, dtype=np.int32)
    seated, size = np.full(n_places, NONE, dtype=np.int32), np.zeros(1, dtype=np.int64)
    leave_s[target] = by_s
    _put(keys, places, seated, size, -by_s, target)
    next_s = by_s
    for k in range(first_at(lines, by_s) - 1, -1, -1):
        c = order[k]
        now_s = departs_s[c]
        if next_s >= now_s:
            least_s = max(not_before_s, leave_s[source]) if source >= 0 else not_before_s
            next_s = _come_by(
                ways,
                way_start,
                keys,
                places,
                seated,
                size,
                leave_s,
                via,
                via_way,
                now_s,
                least_s,
                need.seasons,
            )
        if now_s < not_before_s or (source >= 0 and leave_s[source] >= now_s):
            break
        v, q, end_s = ends[c], after[c], arrives_s[c]
        if end_s > leave_s[v] and not (q >= 0 and taken[q] and end_s <= departs_s[q]):
            continue
        u = begins[c]
        at_s = now_s - transfer_s[u]
        if (at_s <= leave_s[u] and before[c] < 0) or off[c] & need.off or not fits[door[c]]:
            continue
        kg = need.kg + (need.people * need.person_kg if weigh[c] else 0.0)
        if not (_enough(seats[c], need.people, need.unknown) and _enough(payload_kg[c], kg, need.unknown)):
            continue
        taken[c] = True
        if at_s > leave_s[u] and at_s >= not_before_s:
            leave_s[u], via[u] = at_s, c
            if lone[u]:
                for row in range(way_start[u], way_start[u + 1]):
                    w, gone_s = other[row], at_s - duration_s[row]
                    if need.seasons and gone_s > leave_s[w]:
                        gone_s = way_begin(ways, row, int(at_s), need.seasons)
                    if gone_s > leave_s[w] and gone_s >= not_before_s:
                        leave_s[w], via[w], via_way[w] = gone_s, _BY_WAY, row
            elif way_start[u] < way_start[u + 1]:
                _put(keys, places, seated, size, -at_s, u)
                next_s = max(next_s, int(at_s))
    least_s = max(not_before_s, leave_s[source]) if source >= 0 else not_before_s
    _come_by(
        ways, way_start, keys, places, seated, size, leave_s, via, via_way, least_s, least_s, need.seasons
    )
    return leave_s, via, via_way, taken
