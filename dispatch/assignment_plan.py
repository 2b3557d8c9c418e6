"""What an assignment answers: rounds with a reason in every line, what was left out and why, and its gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from dispatch.assignment_possible import Obstacle

    Floats = npt.NDArray[np.float64]

Because = Literal["locked", "running", "gain"]
LeftReason = Literal["locks_do_not_fit", "better_elsewhere"]
Ended = Literal["proven", "close_enough", "effort_spent", "asked_to_stop"]


@dataclass(frozen=True, slots=True)
class Line:
    """One sector of one team: when, and what for.

    Attributes
    ----------
    way_s, begin_s, end_s
        Way from the place before; when the search begins and ends.
    gain
        Probability of success that it adds.
    search_s
        Of the search, without rests.
    detour_s
        By how much ways would be shorter without it.
    gain_per_h
        Gain per hour of search and detour.
    price
        What the sector would bring to the plan if a second one like it were there; what somebody else would
        give for it. 0 when nobody else wants it.
    because
        ``locked`` by hand, ``running`` now, or ``gain``.
    """

    team: int
    sector: int
    way_s: float
    begin_s: float
    end_s: float
    gain: float
    search_s: float
    detour_s: float
    gain_per_h: float
    price: float
    because: Because


@dataclass(frozen=True, slots=True)
class Tour:
    """A team's shift: lines in order, then home.

    Attributes
    ----------
    home_s, back_s
        The way back, and when the team is there.
    idle_s
        Rests and waiting on the round.
    """

    team: int
    lines: tuple[Line, ...]
    home_s: float
    back_s: float
    idle_s: float


@dataclass(frozen=True, slots=True)
class Left:
    """A sector without a team, or a team without a sector, and why.

    Attributes
    ----------
    team, sector
        The pair that came closest; the one asked about and the other of it.
    reason
        What stands in the way of that pair; ``locks_do_not_fit``: locked to a team that has no round with all
        its locks; ``better_elsewhere``: possible, but the plan finds more without.
    figure
        Number of missing skills, or seconds too long or too late; for ``better_elsewhere`` the gain of the
        pair.
    gain_per_h
        Gain of the pair per hour of search and of way there and back; 0 where it cannot be.
    """

    team: int
    sector: int
    reason: Obstacle | LeftReason
    figure: float
    gain_per_h: float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An assignment with its proof.

    Attributes
    ----------
    tours
        Of every team that has work, by team.
    value
        Sum of the gains.
    steady
        What kept lines count besides, see :class:`dispatch.assignment_change.Steadiness`; else 0.
    bound
        No plan that keeps the same locks has a greater ``value + steady``.
    gap
        ``bound / (value + steady) - 1``; 0 for an empty plan that is proven.
    prices
        Of the sectors, shape ``(n_sectors,)``.
    left_sectors, idle_teams
        Every sector and team that is in no tour, once.
    broken
        Pairs locked by hand or running that could not be kept, and why.
    ended
        ``proven`` best; ``close_enough``: within the gap asked for; ``effort_spent``; ``asked_to_stop``.
    rounds
        Rounds of pricing; together with seed and effort they repeat the plan.
    """

    tours: tuple[Tour, ...]
    value: float
    steady: float
    bound: float
    gap: float
    prices: Floats
    left_sectors: tuple[Left, ...]
    idle_teams: tuple[Left, ...]
    broken: tuple[Left, ...]
    ended: Ended
    rounds: int

    @property
    def orders(self) -> tuple[tuple[int, ...], ...]:
        """Sectors of each tour in order."""
        return tuple(tuple(line.sector for line in tour.lines) for tour in self.tours)
