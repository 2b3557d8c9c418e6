"""Search by sound, «работа на отклик»: how far a call carries, how far apart teams walk, what it covers.

The subject must hear the signal and the searchers must hear the answer: the shorter of the two ways rules. A
subject who cannot answer is not found by sound at all; figures from here are for the responsive one only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from geo.errors import EffortError
from geo.search_coverage import coverage_for, line_coverage, pod_exponential
from geo.sweep import Light, SweepWidth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Signal = Literal["voice", "whistle", "megaphone", "horn", "siren"]
Forest = Literal["open", "light", "dense"]

LEVEL_DB: Final[Mapping[str, float]] = {
    "voice": 88.0,
    "whistle": 104.0,
    "megaphone": 108.0,
    "horn": 112.0,
    "siren": 120.0,
}
"""Sound level of a signal at a metre, dB(A). Assumed by us: a shout 88, a pealess whistle 104 to the side, a
vehicle's horn and a hand siren as their makers give them; to be replaced by what a squad measures."""

FOREST_DB_PER_M: Final[Mapping[str, float]] = {"open": 0.0, "light": 0.03, "dense": 0.06}
"""Loss in foliage at 1 kHz: ISO 9613-2, table A.1, 0.06 dB/m in dense; half in light forest (ours)."""

AIR_DB_PER_M: Final = 0.005
"""Loss in air at 1 kHz, 10-20 degrees, 70 % humidity: ISO 9613-1."""

_CALM_NOISE_DB: Final = 30.0
_NOISE_DB_PER_MPS: Final = 3.3
_LOUDEST_NOISE_DB: Final = 65.0
_HEARD_ABOVE_DB: Final = 0.0
_NEAREST_M, _FARTHEST_M = 1.0, 5_000.0

MEASURED_M: Final[Mapping[str, float]] = {"day": 332.0, "night": 306.0}
"""Sweep width of sound lines of two in New Zealand beech forest, searcher hears the shout (Koester, Gordon,
Wells, Tucker, Journal of Search and Rescue 1(1); 14 teams, 6 subjects)."""


@dataclass(frozen=True, slots=True)
class Air:
    """What carries the sound.

    Attributes
    ----------
    wind_mps
        Mean wind among the trees' tops, 0..30.
    forest
        Between subject and searchers.
    """

    wind_mps: float = 0.0
    forest: Forest = "dense"

    def __post_init__(self) -> None:
        """Refuse a wind that is none."""
        if not (math.isfinite(self.wind_mps) and 0 <= self.wind_mps <= 30):  # noqa: PLR2004 - a storm
            raise EffortError("wind must be within 0..30 m/s", name="wind_mps")

    @property
    def noise_db(self) -> float:
        """Noise of leaves and clothes, dB(A): 30 in a calm, 3.3 more for each m/s. Assumed by us."""
        return min(_LOUDEST_NOISE_DB, _CALM_NOISE_DB + _NOISE_DB_PER_MPS * self.wind_mps)


def hearing_distance_m(signal: Signal, air: Air) -> float:
    """Return how far a signal is heard by somebody who listens, metres, 1..5000.

    Notes
    -----
    The distance at which level, less ``20 lg r``, foliage and air, equals the noise. Gives 191 m for a
    voice in a calm dense forest: between half the width measured in New Zealand (166 m) and the 250 m that
    the LizaAlert method note calls reliable.
    """
    budget_db = LEVEL_DB[signal] - air.noise_db - _HEARD_ABOVE_DB
    loss = FOREST_DB_PER_M[air.forest] + AIR_DB_PER_M
    low, high = _NEAREST_M, _FARTHEST_M
    if 20.0 * math.log10(low) + loss * low >= budget_db:
        return low
    if 20.0 * math.log10(high) + loss * high <= budget_db:
        return high
    while high - low > 0.1:  # noqa: PLR2004 - a decimetre
        middle = (low + high) / 2.0
        if 20.0 * math.log10(middle) + loss * middle < budget_db:
            low = middle
        else:
            high = middle
    return low


def two_way_distance_m(signal: Signal, air: Air) -> float:
    """Return how far off a subject hears the signal and is himself heard answering by voice."""
    return min(hearing_distance_m(signal, air), hearing_distance_m("voice", air))


def sound_width(signal: Signal, air: Air, light: Light = "day") -> SweepWidth:
    """Return the sweep width of a sound search: the measured one, scaled to wind, forest and signal.

    Returns
    -------
    SweepWidth
        In a calm dense forest with whistles exactly what was measured in New Zealand.
    """
    reference_m = two_way_distance_m("whistle", Air())
    scale = two_way_distance_m(signal, air) / reference_m
    same = math.isclose(scale, 1.0)
    source = "Koester et al., J. Search & Rescue 1(1)"
    if not same:
        source += f"; x {scale:.2f}: {air.wind_mps:g} m/s, {air.forest}, {signal}"
    return SweepWidth(MEASURED_M[light] * scale, source, "published" if same else "assumed")


def team_distance_m(width_m: float, pod: float) -> float:
    """Return how far apart teams walk at the same time (the галс) to reach this probability.

    Raises
    ------
    EffortError
        The probability is not within 0..1, or 0.
    """
    wanted = coverage_for(pod)
    if wanted <= 0:
        raise EffortError("a probability above 0 is needed", name="pod")
    return width_m / wanted


@dataclass(frozen=True, slots=True)
class CallPlan:
    """When all teams call and when all are silent.

    Attributes
    ----------
    every_s
        From one call to the next.
    call_s
        How long the call lasts.
    silence_s
        How long everybody stands and listens after it; ``call_s + silence_s <= every_s``.
    """

    every_s: float = 300.0
    call_s: float = 15.0
    silence_s: float = 60.0

    def __post_init__(self) -> None:
        """Refuse a plan that leaves no time to listen or to walk."""
        times = (self.every_s, self.call_s, self.silence_s)
        if not all(math.isfinite(value) and value > 0 for value in times):
            raise EffortError("times of a call plan must be positive", name="every_s")
        if self.call_s + self.silence_s > self.every_s:
            raise EffortError("the next call would fall into the silence", name="silence_s")

    def windows(self, from_s: float, to_s: float) -> list[tuple[float, float, float]]:
        """Return begin of call, begin of silence and end of silence of each call within a time.

        Calls fall on whole multiples of ``every_s`` of Unix time, so that all teams of all squads call
        together without being told a beginning.
        """
        if to_s <= from_s:
            return []
        first, last = math.ceil(from_s / self.every_s), math.floor(to_s / self.every_s)
        begins = [number * self.every_s for number in range(first, last + 1)]
        return [(at, at + self.call_s, at + self.call_s + self.silence_s) for at in begins]

    def clear_share(self, neighbours: int, *, synchronised: bool) -> float:
        """Return the share of silence windows that no neighbour within hearing spoils by his own call.

        Unsynchronised, each neighbour's call of ``call_s`` falls at random into the cycle and spoils the
        window it touches.
        """
        if neighbours < 0:
            raise EffortError("neighbours cannot be negative", name="neighbours")
        if synchronised:
            return 1.0
        spoiled = min(1.0, (self.call_s + self.silence_s) / self.every_s)
        return float((1.0 - spoiled) ** neighbours)


def calls_heard(offset_m: float, distance_m: float, between_calls_m: float) -> float:
    """Return the mean number of calls within hearing of a subject this far off the way walked.

    Parameters
    ----------
    distance_m
        Two-way hearing distance.
    between_calls_m
        Way walked from call to call, > 0.
    """
    if between_calls_m <= 0:
        raise EffortError("teams walk between calls", name="between_calls_m")
    return 2.0 * math.sqrt(max(0.0, distance_m**2 - offset_m**2)) / between_calls_m


def call_share(distance_m: float, between_calls_m: float) -> float:
    """Return the share 0..1 of the swath in which at least one call is within hearing, on average.

    Calls closer together than hearing reaches lose nearly nothing; beyond that the swath has gaps.
    """
    if distance_m <= 0:
        return 0.0
    steps = 200
    offsets = ((index + 0.5) / steps * distance_m for index in range(steps))
    return sum(min(1.0, calls_heard(offset, distance_m, between_calls_m)) for offset in offsets) / steps


@dataclass(frozen=True, slots=True)
class SoundSearch:
    """One sound search and what follows from it.

    Attributes
    ----------
    coverage, pod
        Of a responsive subject, over ground between ways ``team_distance_m`` apart.
    """

    width_m: float
    coverage: float
    pod: float


def sound_search(
    width: SweepWidth,
    *,
    distance_m: float,
    team_distance_m: float,
    speed_mps: float,
    plan: CallPlan,
    neighbours: int = 0,
    synchronised: bool = True,
) -> SoundSearch:
    """Return what teams that walk abreast and call by a plan cover.

    Parameters
    ----------
    distance_m
        Two-way hearing distance.
    team_distance_m
        Between ways, metres > 0.
    speed_mps
        While walking; while everybody listens nobody walks.
    """
    between_m = speed_mps * max(plan.every_s - plan.call_s - plan.silence_s, 1.0)
    share = call_share(distance_m, between_m) * plan.clear_share(neighbours, synchronised=synchronised)
    effective_m = width.width_m * share
    reached = line_coverage(effective_m, team_distance_m)
    return SoundSearch(effective_m, reached, float(pod_exponential(reached)))


def silent_times(plan: CallPlan, from_s: float, to_s: float, heard_s: Sequence[float]) -> int:
    """Return how many silence windows of a task were spoiled by calls at these Unix times."""
    windows = plan.windows(from_s, to_s)
    return sum(any(begin < at < end for at in heard_s) for _, begin, end in windows)
