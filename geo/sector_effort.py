"""How many hours a team needs for ground: area over the width it takes at once and its speed there.

``hours = area / (width * speed)`` where ``width`` is what the team searches in one pass (people times
spacing) and ``speed`` depends on what grows there. All figures are house estimates, to be replaced by times
of the squad's own tracks; none is taken from a measured source (``provenance`` says so with each).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Doubles = npt.NDArray[np.float64]

PROVENANCE: Final = "house estimate, not measured"


@dataclass(frozen=True, slots=True)
class TeamPace:
    """What a team takes in one pass and how fast it goes on open ground.

    Parameters
    ----------
    width_m
        People times spacing, or the swath of a dog, vehicle or drone, metres.
    speed_kph
        On open ground, km/h.
    provenance
        Where the figures come from.
    """

    width_m: float
    speed_kph: float
    provenance: str = PROVENANCE


TEAM_PACES: Final[Mapping[str, TeamPace]] = {
    "foot": TeamPace(width_m=5 * 20.0, speed_kph=2.5),
    "dog": TeamPace(width_m=100.0, speed_kph=2.5),
    "vehicle": TeamPace(width_m=60.0, speed_kph=12.0),
    "boat": TeamPace(width_m=60.0, speed_kph=6.0),
    "air": TeamPace(width_m=80.0, speed_kph=25.0),
    "other": TeamPace(width_m=5 * 20.0, speed_kph=2.5),
}
# Share of the speed on open ground that is left there.
SPEED_SHARES: Final[Mapping[str, float]] = {
    "forest": 0.6,
    "scrub": 0.4,
    "wetland": 0.3,
    "orchard": 0.8,
    "heath": 0.8,
    "rock": 0.4,
    "sand": 0.8,
    "glacier": 0.4,
    "residential": 0.7,
    "industrial": 0.6,
    "water": 0.5,
}


def hours_of(area_m2: Doubles, slowness: Doubles, pace: TeamPace) -> Doubles:
    """Return the hours that each piece of ground takes.

    Parameters
    ----------
    area_m2
        Square metres, shape ``(n,)``.
    slowness
        Mean of 1 / share of speed over each piece, >= 1 on slower ground, shape ``(n,)``.
    pace
        The team.

    Examples
    --------
    >>> round(float(hours_of(np.array([250_000.0]), np.array([1.0]), TEAM_PACES["foot"])[0]), 2)
    1.0
    """
    hours: Doubles = area_m2 * slowness / (pace.width_m * pace.speed_kph * 1_000.0)
    return hours


def slowness_of(classes: npt.NDArray[np.object_]) -> Doubles:
    """Return 1 / share of speed for land-cover classes; unknown ground counts as open."""
    return np.array([1.0 / SPEED_SHARES.get(str(each), 1.0) for each in classes], dtype=np.float64)
