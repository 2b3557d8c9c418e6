"""The network written out in time, as far as a movement can use it: places at instants, and what leads on.

What nobody of the movement can reach, and what does not lead to the end in time, is left out by one scan
forwards and one backwards before anything is written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from dispatch.compiling import compiled as kernel
from dispatch.transport_find import nothing_needed
from dispatch.transport_kernels import Lines, scan_backward, scan_forward
from dispatch.transport_way_kernels import NEVER, NONE, Ways, way_end

if TYPE_CHECKING:
    import numpy.typing as npt

    from dispatch.transport_compile import Compiled

    Seconds = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.int32]
    Mask = npt.NDArray[np.bool_]

MOST_WAY_ARCS: Final = 2_000_000
RIDE, WAY, WAIT = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Expanded:
    """Nodes and arcs; a node is a place between two instants, or a seat.

    Attributes
    ----------
    tail, head
        Of each arc.
    kind, ref
        ``RIDE`` with the slot of the departure, ``WAY`` with the row of the way, ``WAIT``: nothing moves.
    begin_s, end_s
        Of rides and ways.
    sources
        Node where each start begins, in the order given; NONE where the end is out of its reach.
    sinks, sink_s
        Nodes at the end, by time of arrival.
    """

    n_nodes: int
    tail: Numbers
    head: Numbers
    kind: Numbers
    ref: Numbers
    begin_s: Seconds
    end_s: Seconds
    sources: Numbers
    sinks: Numbers
    sink_s: Seconds


def expand(compiled: Compiled, starts: Numbers, ready_s: Seconds, target: int, by_s: int) -> Expanded | None:
    """Write the network out for those who start from places at times; None where that would be too large."""
    lines, ways, transfer_s = compiled.lines, compiled.ways_out, compiled.transfer_s
    need = nothing_needed(compiled)
    there_s, _, _, _ = scan_forward(lines, ways, transfer_s, need, starts, ready_s, NONE, by_s)
    leave_s, _, _, _ = scan_backward(
        lines, compiled.ways_in, transfer_s, need, target, by_s, NONE, int(ready_s.min(initial=0))
    )
    keep = _kept(lines, transfer_s, there_s, leave_s, target)
    rides = np.flatnonzero(keep).astype(np.int32)
    from_, to = lines.from_[rides], lines.to[rides]
    begin_at, arrive_at = lines.departs_s[rides] - transfer_s[from_], lines.arrives_s[rides]
    useful = (ready_s <= leave_s[starts]) & (starts != target)
    base_place = np.concatenate((to, starts[useful])).astype(np.int32)
    base_s = np.concatenate((arrive_at, ready_s[useful]))
    goes_on = (ways.start[base_place] < ways.start[base_place + 1]) & (base_place != target)
    base_place, base_s = base_place[goes_on], base_s[goes_on]
    new = _distinct(base_place, base_s)
    most, seasons = MOST_WAY_ARCS, need.seasons
    arcs = _way_arcs(ways, base_place[new], base_s[new], leave_s, target, most, seasons)
    if arcs is None:
        return None
    return _written(lines, ways, rides, (begin_at, arrive_at), arcs, (starts, ready_s, useful), target)


@kernel
def _kept(lines: Lines, transfer_s: Seconds, there_s: Seconds, leave_s: Seconds, target: int) -> Mask:
    """Return which departures somebody can be in and still arrive in time."""
    n = len(lines.order)
    keep = np.zeros(n, dtype=np.bool_)
    for k in range(n):
        c = lines.order[k]
        if lines.off[c] or lines.from_[c] == target:
            continue
        u, p = lines.from_[c], lines.before[c]
        aboard = p >= 0 and keep[p] and lines.arrives_s[p] <= lines.departs_s[c]
        keep[c] = aboard or there_s[u] + transfer_s[u] <= lines.departs_s[c]
    for k in range(n - 1, -1, -1):
        c = lines.order[k]
        if keep[c] and lines.arrives_s[c] > leave_s[lines.to[c]]:
            q = lines.after[c]
            keep[c] = q >= 0 and keep[q] and lines.arrives_s[c] <= lines.departs_s[q]
    return keep


@kernel
def _way_arcs(  # noqa: C901, PLR0917 - one search from each event
    ways: Ways,
    places: Numbers,
    times_s: Seconds,
    leave_s: Seconds,
    target: int,
    most: int,
    seasons: bool,  # noqa: FBT001
) -> tuple[Numbers, Seconds, Seconds] | None:
    """Return row, beginning and end of every way somebody can go on by from an arrival; None: too many."""
    rows = np.empty(1024, dtype=np.int32)
    begins, ends = np.empty(1024, dtype=np.int64), np.empty(1024, dtype=np.int64)
    count = 0
    best = np.full(len(leave_s), NEVER, dtype=np.int64)
    settled = np.zeros(len(leave_s), dtype=np.bool_)
    queue = np.empty(len(leave_s) + 1, dtype=np.int32)
    for event in range(len(places)):
        touched = 1
        queue[0], best[places[event]] = places[event], times_s[event]
        while True:
            v, s = NONE, NEVER  # few places are near: the next one is looked for among them
            for i in range(touched):
                if not settled[queue[i]] and best[queue[i]] < s:
                    v, s = queue[i], best[queue[i]]
            if v == NONE:
                break
            settled[v] = True
            for row in range(ways.start[v], ways.start[v + 1]):
                w, end_s = ways.other[row], way_end(ways, row, int(s), seasons)
                if end_s > leave_s[w] or v == target or end_s >= best[w]:
                    continue
                if best[w] == NEVER:
                    queue[touched] = w
                    touched += 1
                best[w] = end_s
                if count == most:
                    return None
                if count == len(rows):
                    more_rows, more_begins = np.empty(2 * count, np.int32), np.empty(2 * count, np.int64)
                    more_ends = np.empty(2 * count, np.int64)
                    for i in range(count):
                        more_rows[i], more_begins[i], more_ends[i] = rows[i], begins[i], ends[i]
                    rows, begins, ends = more_rows, more_begins, more_ends
                rows[count], begins[count], ends[count] = row, s, end_s
                count += 1
        for i in range(touched):
            best[queue[i]], settled[queue[i]] = NEVER, False
    return rows[:count], begins[:count], ends[:count]


def _written(  # noqa: PLR0917 - one step of expand
    lines: Lines,
    ways: Ways,
    rides: Numbers,
    ride_s: tuple[Seconds, Seconds],
    arcs: tuple[Numbers, Seconds, Seconds],
    given: tuple[Numbers, Seconds, Mask],
    target: int,
) -> Expanded:
    new = _distinct(arcs[0], arcs[1])
    row, way_begin, way_end_s = arcs[0][new], arcs[1][new], arcs[2][new]
    way_from = np.searchsorted(ways.start, row, side="right") - 1
    starts, ready_s, useful = given
    n, m = len(rides), len(row)
    place = np.concatenate((lines.to[rides], lines.from_[rides], ways.other[row], way_from, starts[useful]))
    time_s = np.concatenate((ride_s[1], ride_s[0], way_end_s, way_begin, ready_s[useful]))
    leaves = np.repeat([False, True, False, True, False], [n, n, m, m, int(useful.sum())])
    node, waits, n_nodes = _nodes(place.astype(np.int64), time_s, leaves, target)
    head, tail = node[:n].copy(), node[n : 2 * n].copy()
    kind, ref = np.zeros(n, np.int32), rides
    begin_s, end_s = lines.departs_s[rides], lines.arrives_s[rides]
    extra = _seats(lines, rides, head, tail, n_nodes)
    no_time = np.zeros(len(extra[0]) + len(waits), np.int64)
    sources = np.full(len(starts), NONE, dtype=np.int32)
    sources[useful] = node[2 * n + 2 * m :]
    at_end = (place == target) & ~leaves
    sinks, first = np.unique(node[at_end], return_index=True)
    sink_s = time_s[at_end][first]
    by_time = np.argsort(sink_s, kind="stable")
    return Expanded(
        n_nodes + extra[2],
        np.concatenate((tail, node[2 * n + m : 2 * n + 2 * m], waits, extra[0])).astype(np.int32),
        np.concatenate((head, node[2 * n : 2 * n + m], waits + 1, extra[1])).astype(np.int32),
        np.concatenate((kind, np.full(m, WAY), np.full(len(no_time), WAIT))).astype(np.int32),
        np.concatenate((ref, row, np.full(len(no_time), NONE))).astype(np.int32),
        np.concatenate((begin_s, way_begin, no_time)),
        np.concatenate((end_s, way_end_s, no_time)),
        sources,
        sinks[by_time].astype(np.int32),
        sink_s[by_time],
    )


def _distinct(numbers: Numbers, times_s: Seconds) -> npt.NDArray[np.int64]:
    """Return where each pair of number and time stands first."""
    order = np.lexsort((times_s, numbers))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (numbers[order][1:] != numbers[order][:-1]) | (times_s[order][1:] != times_s[order][:-1])
    return order[new]


def _nodes(place: Seconds, time_s: Seconds, leaves: Mask, target: int) -> tuple[Numbers, Numbers, int]:
    """Return the node of each event, the nodes from which one can wait for the next one, and how many.

    A node gathers arrivals up to the first thing that leaves; at the end each instant has its own.
    """
    order = np.lexsort((leaves, time_s, place))
    p, s, out = place[order], time_s[order], leaves[order]
    new = np.ones(len(order), dtype=np.bool_)
    same = p[1:] == p[:-1]
    new[1:] = ~same | (out[:-1] & ~out[1:]) | ((p[1:] == target) & (s[1:] != s[:-1]))
    number = np.cumsum(new) - 1
    node = np.empty(len(order), dtype=np.int32)
    node[order] = number
    follows = np.flatnonzero(new[1:] & same & (p[1:] != target)) + 1
    return node, (number[follows] - 1).astype(np.int32), int(number[-1]) + 1 if len(order) else 0


def _seats(
    lines: Lines, rides: Numbers, head: Numbers, tail: Numbers, n_nodes: int
) -> tuple[Numbers, Numbers, int]:
    """Give runs nodes of their own for their seats, in place; return arcs into, out of and along them."""
    index = np.full(len(lines.order), NONE, dtype=np.int32)
    index[rides] = np.arange(len(rides), dtype=np.int32)
    tails, heads, count = [], [], 0
    for i in np.flatnonzero((lines.after[rides] >= 0) & (index[lines.after[rides]] >= 0)).tolist():
        j = int(index[lines.after[rides[i]]])
        if lines.arrives_s[rides[i]] > lines.departs_s[rides[j]]:
            continue
        # Sitting at the end of one part: out to the platform, or on into the seats of the next.
        seated, sits = n_nodes + count, n_nodes + count + 1
        count += 2
        tails += [seated, seated, int(tail[j])]
        heads += [int(head[i]), sits, sits]
        head[i], tail[j] = seated, sits
    return np.array(tails, dtype=np.int32), np.array(heads, dtype=np.int32), count
