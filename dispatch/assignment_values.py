"""Teams, sectors, work and ways of an assignment; what is wrong with them; how a round is clocked.

Arrays only. Times are seconds on one clock of the operation (its zero is the caller's); ``inf`` means that
there is no way, or that a team cannot. A sector is searched whole, by one team, in one piece, or not at all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]
    Bits = npt.NDArray[np.uint64]
    Mask = npt.NDArray[np.bool_]

NOWHERE: Final = -1
MOST_STOPS: Final = 4
"""Sectors in one shift: a shift of eight to twelve hours holds one to four."""
CLOSE_S: Final = 1e-6
_ONE_PRIORITY_UP: Final = 4.0
_NEVER_ZERO: Final = ("search_s", "rest_after_s")

Refused = Literal[
    "no_teams",
    "no_sectors",
    "shapes_differ",
    "not_finite",
    "negative",
    "unknown_ways",
    "unknown_vehicle",
    "unknown_sector",
    "unknown_team",
    "locked_both_ways",
    "locked_for_two",
    "limit_invalid",
]


@dataclass(frozen=True, slots=True)
class NoAssignment:
    """Why there is no assignment at all.

    Attributes
    ----------
    reason
        ``no_teams``, ``no_sectors``; ``shapes_differ``; ``not_finite``: NaN, or infinite where that means
        nothing; ``negative``, or zero where that cannot be; ``unknown_ways``, ``unknown_vehicle``,
        ``unknown_sector`` and ``unknown_team``: a number that points nowhere; ``locked_both_ways``: must and
        must not; ``locked_for_two``: two teams must search one sector; ``limit_invalid``: an option out of
        its range.
    field
        The name of the array or option.
    index
        Its first place where it is so; empty where that says nothing.
    """

    reason: Refused
    field: str
    index: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Teams:
    """Who can go.

    Attributes
    ----------
    start_s, back_s
        From when a team may leave, and when it is due back at its base, >= 0, shape ``(n_teams,)``.
    skills
        Bit set, uint64.
    ways_of
        Which of the ways it uses, 0..n_ways - 1: teams with the same base and vehicle share them.
    at_sector
        The sector where it stands at its start, or ``NOWHERE`` for its base.
    runs
        Whether it is searching that sector now: ``search_s`` and ``gain`` of the pair are then what is left,
        and the sector is first if the team keeps it.
    rest_after_s, rest_s
        After every so much of way and search, so much rest; ``inf`` and 0 for none. Waiting counts as rest.
    """

    start_s: Floats
    back_s: Floats
    skills: Bits
    ways_of: Whole
    at_sector: Whole
    runs: Mask
    rest_after_s: Floats
    rest_s: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Sectors:
    """Where to go.

    Attributes
    ----------
    required
        Skills that a team must have, bit set, uint64, shape ``(n_sectors,)``.
    opens_s, closes_s
        A search begins no sooner and ends no later (daylight, a train, a shoot); 0 and ``inf`` for always.
    held
        Whether another agency holds it.
    """

    required: Bits
    opens_s: Floats
    closes_s: Floats
    held: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What each team would do and find in each sector; all of shape ``(n_teams, n_sectors)``.

    Attributes
    ----------
    gain
        Probability of success that searching it whole adds, >= 0; or weights, see :func:`gain_by_hand`.
    search_s
        How long that takes the team, > 0; ``inf`` where it cannot search.
    must, must_not
        Locked by hand. Several musts of one team are all kept if a round exists that holds them.
    """

    gain: Floats
    search_s: Floats
    must: Mask
    must_not: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Least travel times in seconds, >= 0, ``inf`` where there is no way.

    Attributes
    ----------
    out_s, home_s
        From base to sector and back, shape ``(n_ways, n_sectors)``.
    vehicle_of
        Which vehicle each way is for, 0..n_vehicles - 1, shape ``(n_ways,)``.
    between_s
        From sector to sector, shape ``(n_vehicles, n_sectors, n_sectors)``: the same from every base.
    """

    out_s: Floats
    home_s: Floats
    vehicle_of: Whole
    between_s: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """All that an assignment is made from."""

    teams: Teams
    sectors: Sectors
    work: Work
    ways: Ways

    @property
    def n_teams(self) -> int:
        """How many teams there are."""
        return len(self.teams.start_s)

    @property
    def n_sectors(self) -> int:
        """How many sectors there are."""
        return len(self.sectors.required)


@dataclass(frozen=True, slots=True)
class Stay:
    """One sector on a round, timed: from leaving the place before to the end of the search."""

    sector: int
    way_s: float
    arrive_s: float
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a team, timed.

    Attributes
    ----------
    stays
        In order.
    home_s, back_s
        The way back, and when the team is there.
    """

    stays: tuple[Stay, ...]
    home_s: float
    back_s: float


def gain_by_hand(priority: Whole, n_teams: int) -> Floats:
    """Return weights to plan by when there is no map of probability, shape ``(n_teams, n_sectors)``.

    Parameters
    ----------
    priority
        1 is first; 0 means "not now".

    Notes
    -----
    A shift holds up to four sectors, so each priority weighs four of the next. The sum over all sectors is
    one, as if it were a map.
    """
    rank = np.asarray(priority, dtype=np.float64)
    weight = np.where(rank > 0, _ONE_PRIORITY_UP ** -np.minimum(rank, 100.0), 0.0)
    total = float(weight.sum())
    return np.tile(weight / total if total > 0 else weight, (n_teams, 1))


def clock_round(situation: Situation, team: int, order: Sequence[int]) -> Round | None:
    """Return the times of a round, or None where it does not keep ways, windows and the hour to be back.

    Notes
    -----
    With ``w`` seconds of way and search done, at least ``rests(w) rest_s`` seconds were none, where
    ``rests(w)`` is how often ``rest_after_s`` was passed. A rest may fall into a search or a way.
    """
    teams, sectors, ways = situation.teams, situation.sectors, situation.ways
    kind, start_s = int(teams.ways_of[team]), float(teams.start_s[team])
    between_s = ways.between_s[ways.vehicle_of[kind]]
    every_s, rest_s = float(teams.rest_after_s[team]), float(teams.rest_s[team])
    here, now_s, done_s = int(teams.at_sector[team]), start_s, 0.0

    def later(spent_s: float) -> float:
        nonlocal done_s
        done_s += spent_s
        return max(now_s + spent_s, start_s + done_s + rests(done_s, every_s) * rest_s)

    stays = []
    for place, sector in enumerate(order):
        if place and teams.runs[team] and sector == teams.at_sector[team]:
            return None
        way_s = float(ways.out_s[kind, sector] if here == NOWHERE else between_s[here, sector])
        search_s = float(situation.work.search_s[team, sector])
        if not (math.isfinite(way_s) and math.isfinite(search_s)):
            return None
        arrive_s = later(way_s)
        now_s = begin_s = max(arrive_s, float(sectors.opens_s[sector]))
        now_s = later(search_s)
        if now_s > sectors.closes_s[sector] + CLOSE_S:
            return None
        stays.append(Stay(int(sector), way_s, arrive_s, begin_s, now_s))
        here = sector
    home_s = 0.0 if here == NOWHERE else float(ways.home_s[kind, here])
    back_s = later(home_s) if math.isfinite(home_s) else math.inf
    return Round(tuple(stays), home_s, back_s) if back_s <= teams.back_s[team] + CLOSE_S else None


def rests(done_s: float, every_s: float) -> int:
    """Return how many rests are due before more than ``done_s`` seconds of way and search are done."""
    if not math.isfinite(every_s) or done_s <= every_s:
        return 0
    return math.ceil(done_s / every_s - 1e-9) - 1


def wrong_situation(situation: Situation) -> NoAssignment | None:
    """Return the first thing that makes an assignment impossible to think about, or None."""
    n_teams, n_sectors = situation.n_teams, situation.n_sectors
    if not n_teams:
        return NoAssignment("no_teams", "start_s")
    if not n_sectors:
        return NoAssignment("no_sectors", "required")
    for name, array, shape in _shapes(situation):
        if np.shape(array) != shape:
            return NoAssignment("shapes_differ", name)
    for name, array, may_be_infinite in _numbers(situation):
        wrong = wrong_numbers(
            name, array, may_be_infinite=may_be_infinite, may_be_zero=name not in _NEVER_ZERO
        )
        if wrong is not None:
            return wrong
    return _wrong_number(situation) or _wrong_lock(situation.work)


def wrong_numbers(
    name: str, array: Floats, *, may_be_infinite: bool = False, may_be_zero: bool = True
) -> NoAssignment | None:
    """Return the first number of an array that cannot be, or None."""
    unknown = np.isnan(array) if may_be_infinite else ~np.isfinite(array)
    if unknown.any():
        return NoAssignment("not_finite", name, _first(unknown))
    negative = array < 0 if may_be_zero else array <= 0
    return NoAssignment("negative", name, _first(negative)) if negative.any() else None


def _shapes(situation: Situation) -> Iterator[tuple[str, npt.NDArray[np.generic], tuple[int, ...]]]:
    teams, sectors, work, ways = situation.teams, situation.sectors, situation.work, situation.ways
    n_teams, n_sectors = situation.n_teams, situation.n_sectors
    n_ways, n_vehicles = len(ways.out_s), len(ways.between_s)
    for name in ("start_s", "back_s", "skills", "ways_of", "at_sector", "runs", "rest_after_s", "rest_s"):
        yield name, getattr(teams, name), (n_teams,)
    for name in ("required", "opens_s", "closes_s", "held"):
        yield name, getattr(sectors, name), (n_sectors,)
    for name in ("gain", "search_s", "must", "must_not"):
        yield name, getattr(work, name), (n_teams, n_sectors)
    for name in ("out_s", "home_s"):
        yield name, getattr(ways, name), (n_ways, n_sectors)
    yield "vehicle_of", ways.vehicle_of, (n_ways,)
    yield "between_s", ways.between_s, (n_vehicles, n_sectors, n_sectors)


def _numbers(situation: Situation) -> Iterator[tuple[str, Floats, bool]]:
    teams, sectors, work, ways = situation.teams, situation.sectors, situation.work, situation.ways
    yield "start_s", teams.start_s, False
    yield "back_s", teams.back_s, False
    yield "rest_after_s", teams.rest_after_s, True
    yield "rest_s", teams.rest_s, False
    yield "opens_s", sectors.opens_s, False
    yield "closes_s", sectors.closes_s, True
    yield "gain", work.gain, False
    yield "search_s", work.search_s, True
    yield "out_s", ways.out_s, True
    yield "home_s", ways.home_s, True
    yield "between_s", ways.between_s, True


def _wrong_number(situation: Situation) -> NoAssignment | None:
    teams, ways = situation.teams, situation.ways
    bad = (teams.ways_of < 0) | (teams.ways_of >= len(ways.out_s))
    if bad.any():
        return NoAssignment("unknown_ways", "ways_of", _first(bad))
    bad = (ways.vehicle_of < 0) | (ways.vehicle_of >= len(ways.between_s))
    if bad.any():
        return NoAssignment("unknown_vehicle", "vehicle_of", _first(bad))
    bad = (teams.at_sector < NOWHERE) | (teams.at_sector >= situation.n_sectors)
    bad |= teams.runs & (teams.at_sector == NOWHERE)
    return NoAssignment("unknown_sector", "at_sector", _first(bad)) if bad.any() else None


def _wrong_lock(work: Work) -> NoAssignment | None:
    both = work.must & work.must_not
    if both.any():
        return NoAssignment("locked_both_ways", "must", _first(both))
    twice = work.must & (work.must.sum(axis=0) > 1)
    return NoAssignment("locked_for_two", "must", _first(twice)) if twice.any() else None


def _first(where: Mask) -> tuple[int, ...]:
    return tuple(int(each) for each in np.unravel_index(int(where.argmax()), where.shape))
