"""Flow of one kind through the network written out in time: all that can arrive, and as soon as it can.

Only arriving costs time. Then sending as much as possible to the first instant, next to the second, and never
taking any of it back is best (the sets of arrivals that can be served together are independent sets of a
gammoid, on which the greedy algorithm is exact).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.compiling import compiled
from dispatch.transport_way_kernels import NONE

if TYPE_CHECKING:
    import numpy.typing as npt

    Amounts = npt.NDArray[np.int64]
    Numbers = npt.NDArray[np.int32]


@compiled
def adjacency(n_nodes: int, tail: Numbers, head: Numbers) -> tuple[Numbers, Numbers]:
    """Return where the arcs of each node begin in a list: ``2 a`` for arc a out, ``2 a + 1`` for it into."""
    start = np.zeros(n_nodes + 1, dtype=np.int32)
    for a in range(len(tail)):
        start[tail[a] + 1] += 1
        start[head[a] + 1] += 1
    for v in range(n_nodes):
        start[v + 1] += start[v]
    place = start[:-1].copy()
    ends = np.empty(2 * len(tail), dtype=np.int32)
    for a in range(len(tail)):
        ends[place[tail[a]]] = 2 * a
        place[tail[a]] += 1
        ends[place[head[a]]] = 2 * a + 1
        place[head[a]] += 1
    return start, ends


@compiled
def soonest_flow(  # noqa: C901, PLR0917 - one search back from each arrival
    start: Numbers,
    ends: Numbers,
    tail: Numbers,
    head: Numbers,
    room: Amounts,
    sources: Numbers,
    supply: Amounts,
    sinks: Numbers,
) -> tuple[Amounts, Amounts]:
    """Return the flow on each arc and what arrives at each sink, sinks taken in their order.

    Notes
    -----
    Looks back from an arrival along arcs with room, or flow that can be turned aside, to a source that has
    something left. What a search has seen in vain leads to no source for ever after: no later path can pass
    there, or it would lead to one. So all vain searches together look at each arc once.
    """
    n_nodes = len(start) - 1
    flow, arrived = np.zeros(len(tail), dtype=np.int64), np.zeros(len(sinks), dtype=np.int64)
    left = np.zeros(n_nodes, dtype=np.int64)
    total = 0
    for i in range(len(sources)):
        if sources[i] != NONE:
            left[sources[i]] += supply[i]
            total += supply[i]
    seen = np.zeros(n_nodes, dtype=np.int32)  # number of the search; -1: in vain
    by, stack = np.empty(n_nodes, dtype=np.int32), np.empty(n_nodes, dtype=np.int32)
    trail = np.empty(n_nodes, dtype=np.int32)
    search = 0
    for k in range(len(sinks)):
        while total > 0 and seen[sinks[k]] >= 0:
            search += 1
            stack[0], trail[0], size, visited = sinks[k], sinks[k], 1, 1
            seen[sinks[k]], by[sinks[k]] = search, NONE
            found = NONE
            while size > 0:
                size -= 1
                v = stack[size]
                if left[v] > 0:
                    found = v
                    break
                for e in range(start[v], start[v + 1]):
                    a, turned = ends[e] >> 1, (ends[e] & 1) == 0
                    # Back along an arc into v with room, or along one out of v whose flow is turned aside.
                    u = head[a] if turned else tail[a]
                    free = flow[a] if turned else room[a] - flow[a]
                    if free > 0 and seen[u] >= 0 and seen[u] != search:
                        seen[u], by[u] = search, ends[e]
                        stack[size], trail[visited] = u, u
                        size += 1
                        visited += 1
            if found == NONE:
                for i in range(visited):
                    seen[trail[i]] = -1
                break
            amount = left[found]
            v = found
            while by[v] != NONE:
                a, turned = by[v] >> 1, (by[v] & 1) == 0
                amount = min(amount, flow[a] if turned else room[a] - flow[a])
                v = tail[a] if turned else head[a]
            v = found
            while by[v] != NONE:
                a, turned = by[v] >> 1, (by[v] & 1) == 0
                flow[a] += -amount if turned else amount
                v = tail[a] if turned else head[a]
            left[found] -= amount
            arrived[k] += amount
            total -= amount
    return flow, arrived
