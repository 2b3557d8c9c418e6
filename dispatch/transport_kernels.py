"""Connection scans: earliest arrival forwards, latest departure backwards. For the worker only.

Departures are looked at once each, in the order of their times; a queue holds only those who go on by ways
(Dibbelt, Pajor, Strasser, Wagner, Connection Scan Algorithm, 2013, arXiv 1703.05997). The plain twin is
``dispatch.transport_plain``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.compiling import compiled
from dispatch.transport_way_kernels import BY_WAY, NEVER, NONE, come_by, go_on, put, way_end

if TYPE_CHECKING:
    import numpy.typing as npt

    from dispatch.transport_way_kernels import Ways

    Seconds = npt.NDArray[np.int64]
    Slots = npt.NDArray[np.int32]
    Floats = npt.NDArray[np.float64]
    Bytes = npt.NDArray[np.uint8]
    Mask = npt.NDArray[np.bool_]


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
def _scan_forward(  # noqa: C901, PLR0912, PLR0917 - one loop; a call of a part of it costs more than the part
    lines: Lines,
    ways: Ways,
    transfer_s: Seconds,
    need: Need,
    starts: Slots,
    ready_s: Seconds,
    target: int,
    until_s: int,
    there_s: Seconds,
    board_s: Seconds,
    via: Slots,
    via_way: Slots,
    taken: Mask,
    keys: Seconds,
    places: Slots,
    seated: Slots,
    size: Seconds,
) -> None:
    """Fill in when each place is reached, by which departure or way, and which departures are taken."""
    # Arrays by themselves: a call that is given all of them counts references to each, every time.
    order, departs_s, arrives_s, off = lines.order, lines.departs_s, lines.arrives_s, lines.off
    begins, ends, before, after = lines.from_, lines.to, lines.before, lines.after
    seats, payload_kg, weigh = lines.seats, lines.payload_kg, lines.people_weigh
    door, fits, way_start = lines.door, need.fits, ways.start
    other, duration_s, lone = ways.other, ways.duration_s, ways.lone
    first_s, next_s = int(NEVER), int(NEVER)
    for i in range(len(starts)):
        v, at_s = starts[i], ready_s[i]
        first_s = min(first_s, int(at_s))
        if at_s < there_s[v] and at_s <= until_s:
            there_s[v], board_s[v] = at_s, at_s + transfer_s[v]
            put(keys, places, seated, size, at_s, v)
            next_s = min(next_s, int(at_s))
    for k in range(first_at(lines, first_s), len(order)):
        c = order[k]
        now_s = departs_s[c]
        if next_s <= now_s:
            most_s = min(until_s, there_s[target]) if target >= 0 else until_s
            next_s = go_on(
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
                        there_s[w], via[w], via_way[w] = gone_s, BY_WAY, row
                        board_s[w] = gone_s + transfer_s[w]
            elif way_start[v] < way_start[v + 1]:
                put(keys, places, seated, size, end_s, v)
                next_s = min(next_s, int(end_s))
    most_s = min(until_s, there_s[target]) if target >= 0 else until_s
    go_on(
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


@compiled
def _scan_backward(  # noqa: PLR0917 - as above
    lines: Lines,
    ways: Ways,
    transfer_s: Seconds,
    need: Need,
    target: int,
    by_s: int,
    source: int,
    not_before_s: int,
    leave_s: Seconds,
    via: Slots,
    via_way: Slots,
    taken: Mask,
    keys: Seconds,
    places: Slots,
    seated: Slots,
    size: Seconds,
) -> None:
    """Fill in until when one may be at each place and still come to the target in time, and how to go on."""
    order, departs_s, arrives_s, off = lines.order, lines.departs_s, lines.arrives_s, lines.off
    begins, ends, before, after = lines.from_, lines.to, lines.before, lines.after
    seats, payload_kg, weigh = lines.seats, lines.payload_kg, lines.people_weigh
    door, fits, way_start = lines.door, need.fits, ways.start
    leave_s[target] = by_s
    put(keys, places, seated, size, -by_s, target)
    next_s = by_s
    for k in range(first_at(lines, by_s) - 1, -1, -1):
        c = order[k]
        now_s = departs_s[c]
        if next_s >= now_s:
            least_s = max(not_before_s, leave_s[source]) if source >= 0 else not_before_s
            next_s = come_by(
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
            if way_start[u] < way_start[u + 1]:
                put(keys, places, seated, size, -at_s, u)
                next_s = max(next_s, int(at_s))
    least_s = max(not_before_s, leave_s[source]) if source >= 0 else not_before_s
    come_by(
        ways, way_start, keys, places, seated, size, leave_s, via, via_way, least_s, least_s, need.seasons
    )


def scan_forward(  # noqa: PLR0917 - as its kernel
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
    there_s, board_s = np.full(len(transfer_s), NEVER), np.full(len(transfer_s), NEVER)
    state = _state(len(transfer_s), len(lines.order))
    _scan_forward(lines, ways, transfer_s, need, starts, ready_s, target, until_s, there_s, board_s, *state)
    return there_s, state[0], state[1], state[2]


def scan_backward(  # noqa: PLR0917 - as its kernel
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
    leave_s = np.full(len(transfer_s), -NEVER)
    state = _state(len(transfer_s), len(lines.order))
    _scan_backward(lines, ways, transfer_s, need, target, by_s, source, not_before_s, leave_s, *state)
    return leave_s, state[0], state[1], state[2]


def _state(n_places: int, n_lines: int) -> tuple[Slots, Slots, Mask, Seconds, Slots, Slots, Seconds]:
    """Return what a scan writes; made here, for numba takes seconds to compile the making."""
    return (
        np.full(n_places, NONE, dtype=np.int32),
        np.full(n_places, NONE, dtype=np.int32),
        np.zeros(n_lines, dtype=np.bool_),
        np.empty(n_places, dtype=np.int64),
        np.empty(n_places, dtype=np.int32),
        np.full(n_places, NONE, dtype=np.int32),
        np.zeros(1, dtype=np.int64),
    )
