"""Which team can search which sector at all, by itself, and if not, what stands in the way, by how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from dispatch.assignment_values import CLOSE_S, NOWHERE

if TYPE_CHECKING:
    import numpy.typing as npt

    from dispatch.assignment_values import Situation

    Floats = npt.NDArray[np.float64]
    Codes = npt.NDArray[np.int8]
    Mask = npt.NDArray[np.bool_]

Obstacle = Literal[
    "held", "locked", "no_gain", "no_skill", "cannot_search", "no_way", "shift_over", "window", "too_long"
]
OBSTACLES: Final[tuple[Obstacle, ...]] = (
    "held",
    "locked",
    "no_gain",
    "no_skill",
    "cannot_search",
    "no_way",
    "shift_over",
    "window",
    "too_long",
)
POSSIBLE: Final = len(OBSTACLES)


@dataclass(frozen=True, slots=True, eq=False)
class Possible:
    """What is possible for single teams in single sectors; all of shape ``(n_teams, n_sectors)``.

    Attributes
    ----------
    code
        The first obstacle as its place in :data:`OBSTACLES`, or :data:`POSSIBLE`.
    figure
        How far it falls short: skills missing (their number) for ``no_skill``, seconds for ``window`` and
        ``too_long``, else 0.
    kept
        Pairs locked by hand or running now; nobody else may have these sectors.
    first_s
        The way from where the team stands at its start.
    way_s
        There and back.
    """

    code: Codes
    figure: Floats
    kept: Mask
    first_s: Floats
    way_s: Floats

    @property
    def allowed(self) -> Mask:
        """Pairs without an obstacle."""
        mask: Mask = self.code == POSSIBLE
        return mask


def possible(situation: Situation, *, keep_running: bool = True) -> Possible:
    """Return for every team and sector whether that alone is a round, and if not, why.

    Parameters
    ----------
    situation
        Without faults, see :func:`dispatch.assignment_values.wrong_situation`.
    keep_running
        Whether running tasks are kept like locks.

    Notes
    -----
    A lock by hand goes before a running task of somebody else. A sector held by another agency is nobody's.
    """
    teams, sectors, work = situation.teams, situation.sectors, situation.work
    kept = work.must.copy()
    runs = np.flatnonzero(teams.runs)
    if keep_running and len(runs):
        mine = teams.at_sector[runs]
        locked: Mask = work.must[:, mine].any(axis=0) | work.must_not[runs, mine]
        kept[runs[~locked], mine[~locked]] = True
    first_s = _first_s(situation)
    home_s = situation.ways.home_s[teams.ways_of]
    missing = np.bitwise_count(sectors.required[None, :] & ~teams.skills[:, None]).astype(np.float64)
    over_window_s, over_shift_s = _overruns_s(situation, first_s, home_s)
    elsewhere = np.asarray(kept.any(axis=0)) & ~kept
    everywhere = np.zeros(kept.shape, dtype=np.bool_)
    stands: tuple[Mask, ...] = (
        everywhere | sectors.held[None, :],
        work.must_not | elsewhere,
        ~((work.gain > 0) | kept),
        missing > 0,
        ~np.isfinite(work.search_s),
        ~(np.isfinite(first_s) & np.isfinite(home_s)),
        everywhere | (teams.back_s <= teams.start_s)[:, None],
        over_window_s > CLOSE_S,
        over_shift_s > CLOSE_S,
    )
    code = np.full(kept.shape, POSSIBLE, dtype=np.int8)
    for place in range(POSSIBLE - 1, -1, -1):
        code[stands[place]] = place
    figure = np.zeros(kept.shape)
    for name, amount in (("no_skill", missing), ("window", over_window_s), ("too_long", over_shift_s)):
        at = code == OBSTACLES.index(name)
        figure[at] = amount[at]
    return Possible(code, figure, kept, first_s, first_s + home_s)


def _first_s(situation: Situation) -> Floats:
    teams, ways = situation.teams, situation.ways
    first_s = ways.out_s[teams.ways_of]
    away = np.flatnonzero(teams.at_sector != NOWHERE)
    first_s[away] = ways.between_s[ways.vehicle_of[teams.ways_of[away]], teams.at_sector[away]]
    return first_s


def _overruns_s(situation: Situation, first_s: Floats, home_s: Floats) -> tuple[Floats, Floats]:
    """Return by how much a search alone ends after the window, and the team is back after it is due."""
    teams, sectors = situation.teams, situation.sectors
    start_s, search_s = teams.start_s[:, None], situation.work.search_s
    every_s, rest_s = teams.rest_after_s[:, None], teams.rest_s[:, None]

    def with_rests(done_s: Floats) -> Floats:
        with np.errstate(invalid="ignore"):
            often = np.where(done_s > every_s, np.ceil(done_s / every_s - 1e-9) - 1.0, 0.0)
            clock: Floats = start_s + done_s + np.where(often > 0, often * rest_s, 0.0)
        return clock

    begin_s = np.maximum(with_rests(first_s), sectors.opens_s[None, :])
    end_s = np.maximum(begin_s + search_s, with_rests(first_s + search_s))
    back_s = np.maximum(end_s + home_s, with_rests(first_s + search_s + home_s))
    with np.errstate(invalid="ignore"):
        over_window_s = np.nan_to_num(end_s - sectors.closes_s[None, :], nan=0.0)
    return over_window_s, back_s - teams.back_s[:, None]
