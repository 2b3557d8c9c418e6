"""The founding rule: build locally first; fly in when life is at stake and locals leave the window uncovered.

The default only proposes; a person chooses and says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOCAL: Final = ("local_road", "neighbour_regions")
FLOWN: Final = ("scheduled_flight", "state_aircraft")


def default_of(options: Sequence[Mapping[str, Any]], *, people: int, life_at_stake: bool) -> tuple[str, str]:
    """Return the proposed option and the code of its reason.

    Parameters
    ----------
    options
        Each with ``kind, possible, people, arrive_at, window_left_s``; times as RFC 3339 texts in UTC.
    people
        How many are wanted.

    Notes
    -----
    Local is enough when it brings as many people as are wanted before the window closes. Among several that
    do, the soonest; a flight only where none does and life is at stake.
    """
    possible = {str(each["kind"]): each for each in options if each["possible"]}

    def soonest(kinds: Sequence[str], *, covering: bool) -> str | None:
        fit = [
            possible[kind]
            for kind in kinds
            if kind in possible and (not covering or _covers(possible[kind], people))
        ]
        best = min(fit, key=lambda each: (each["arrive_at"], each["kind"]), default=None)
        return None if best is None else str(best["kind"])

    local = soonest(LOCAL, covering=True)
    if local is not None:
        return local, "local_covers"
    late = soonest(LOCAL, covering=False)
    flown = soonest(FLOWN, covering=True)
    if flown is not None and life_at_stake:
        return flown, "local_leaves_window_uncovered"
    if late is not None and not life_at_stake:
        return late, "no_life_at_stake"
    anything = soonest((*LOCAL, *FLOWN), covering=False)
    if anything is not None:
        return anything, "nothing_covers"
    return "remote_consultant", "only_consultant" if "remote_consultant" in possible else "nobody_at_all"


def _covers(option: Mapping[str, Any], people: int) -> bool:
    left_s = option["window_left_s"]
    return left_s is not None and left_s > 0 and option["people"] >= people
