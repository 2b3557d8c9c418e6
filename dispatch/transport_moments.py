"""When those who travel can be at a place: the times at which it makes sense for an aircraft to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.transport_compile import instant, seconds, seconds_up
from dispatch.transport_find import nothing_needed
from dispatch.transport_kernels import scan_forward
from dispatch.transport_way_kernels import NEVER

if TYPE_CHECKING:
    from datetime import datetime

    import numpy.typing as npt

    from dispatch.transport_answers import Movement
    from dispatch.transport_compile import Compiled


def moments_at(
    compiled: Compiled, movement: Movement, place_id: str, until_at: datetime, *, most: int = 48
) -> tuple[datetime, ...]:
    """Return when people of a movement can leave a place by a departure, the soonest first; empty for never.

    Parameters
    ----------
    until_at
        Later ones are left out.
    most
        If there are more, the soonest half and the others evenly are kept.
    """
    place = compiled.place_of[place_id]
    starts = [compiled.place_of[party.place_id] for party in movement.parties]
    ready = [seconds_up(party.ready_at) for party in movement.parties]
    until_s = seconds(until_at)
    there_s, _, _, _ = scan_forward(
        compiled.lines,
        compiled.ways_out,
        compiled.transfer_s,
        nothing_needed(compiled),
        np.array(starts, dtype=np.int32),
        np.array(ready, dtype=np.int64),
        -1,
        until_s,
    )
    if there_s[place] >= NEVER:
        return ()
    ways = compiled.ways_in
    rows = range(ways.start[place], ways.start[place + 1])
    arriving = [_arrivals(compiled, there_s, int(ways.other[row])) + ways.duration_s[row] for row in rows]
    arriving.append(_arrivals(compiled, there_s, place))
    own = [ready[number] for number, start in enumerate(starts) if start == place]
    times = np.unique(np.concatenate((*arriving, own, there_s[[place]])).astype(np.int64))
    times = times[(times >= there_s[place]) & (times + compiled.transfer_s[place] <= until_s)]
    if len(times) > most:
        half = most // 2
        rest = np.linspace(half, len(times) - 1, most - half).astype(int)
        times = np.concatenate((times[:half], times[np.unique(rest)]))
    return tuple(instant(each + compiled.transfer_s[place]) for each in times.tolist())


def _arrivals(compiled: Compiled, there_s: npt.NDArray[np.int64], place: int) -> npt.NDArray[np.int64]:
    """Return when departures arrive at a place that somebody can have boarded."""
    lines = compiled.lines
    into = np.flatnonzero((lines.to == place) & (lines.off == 0))
    from_ = lines.from_[into]
    return lines.arrives_s[into[there_s[from_] + compiled.transfer_s[from_] <= lines.departs_s[into]]]
