"""Sweep widths: how wide a swath a searcher effectively sees, with where the number comes from.

A width is never a bare number: it carries its source and how sure that is. Three ways lead to one, the better
first: a range of detection measured on this ground, a width measured elsewhere, an assumption.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from geo.errors import EffortError
from geo.search_coverage import line_coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Subject = Literal["responsive", "unresponsive"]
Visibility = Literal["high", "medium", "low"]
Light = Literal["day", "night"]
Status = Literal["measured", "published", "assumed", "entered"]

RD_FACTORS: Final[Mapping[str, float]] = {"high": 1.8, "medium": 1.6, "low": 1.1}
"""Width per range of detection by how well the object stands out: ten experiments on land in North America
(Koester et al., Wilderness and Environmental Medicine 2014, doi 10.1016/j.wem.2013.09.016; measured 1.773,
1.556, 1.135, of which only high and low differ significantly)."""

ANY: Final = "any"
_NIGHT_BELOW_DEG: Final = -6.0  # civil twilight: without a lamp one no longer sees


@dataclass(frozen=True, slots=True)
class SweepWidth:
    """A sweep width and its provenance.

    Attributes
    ----------
    width_m
        Metres, >= 0.
    source
        Where the number comes from, for people.
    status
        ``measured`` here, ``published`` elsewhere, ``assumed`` by us, ``entered`` by a person.
    """

    width_m: float
    source: str
    status: Status

    def __post_init__(self) -> None:
        """Refuse a width that is no width."""
        if not (math.isfinite(self.width_m) and self.width_m >= 0):
            raise EffortError("a sweep width must be finite and not negative", name="width_m")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table of widths; ``any`` in a column matches everything."""

    team: str
    ground: str
    subject: Subject
    visibility: str
    light: str
    width: SweepWidth


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a width is asked for."""

    team: str
    ground: str
    subject: Subject
    visibility: Visibility = "medium"
    light: Light = "day"


def width_from_rd(rd_m: float, visibility: Visibility) -> SweepWidth:
    """Return the width that follows from a range of detection measured on the spot.

    Parameters
    ----------
    rd_m
        Range of detection: mean distance at which searchers walking away and towards lose and find the
        object, metres > 0. A measurement takes a few minutes.

    Raises
    ------
    EffortError
        The range is not finite and positive.

    Examples
    --------
    >>> width_from_rd(30.0, "medium").width_m
    48.0
    """
    if not (math.isfinite(rd_m) and rd_m > 0):
        raise EffortError("a range of detection must be finite and positive", name="rd_m")
    factor = RD_FACTORS[visibility]
    return SweepWidth(factor * rd_m, f"Rd {rd_m:g} m x {factor:g} (Koester et al. 2014)", "measured")


def look_up(rows: Iterable[Row], wanted: Conditions) -> SweepWidth | None:
    """Return the width of the row that fits with the fewest ``any``, the first of equals, or None."""
    best: tuple[int, SweepWidth] | None = None
    for row in rows:
        if row.subject != wanted.subject:
            continue
        pairs = (
            (row.team, wanted.team),
            (row.ground, wanted.ground),
            (row.visibility, wanted.visibility),
            (row.light, wanted.light),
        )
        if any(have not in {ANY, want} for have, want in pairs):
            continue
        exact = sum(have == want for have, want in pairs)
        if best is None or exact > best[0]:
            best = exact, row.width
    return None if best is None else best[1]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What one track of a team stands for.

    Attributes
    ----------
    width_m
        Effective width per metre of track: ``Z = width_m * L``.
    swath_m
        How wide the ground is over which that effort is spread.
    """

    width_m: float
    swath_m: float


def one_track(width_m: float) -> Sweep:
    """Return the sweep of people who walk together: more eyes on one path are still one path."""
    return Sweep(width_m, width_m)


def line_track(width_m: float, *, searchers: int, spacing_m: float, tracks: int = 1) -> Sweep:
    """Return the sweep that each track of a line search stands for.

    Parameters
    ----------
    searchers
        People in the line, >= 1.
    spacing_m
        Between neighbours, metres > 0.
    tracks
        How many tracks of this line there are (both flanks: 2), 1..searchers.

    Returns
    -------
    Sweep
        ``searchers / tracks`` widths of effort over as many spacings of ground; inside, coverage is W / S.

    Raises
    ------
    EffortError
        A number is out of its range.
    """
    if searchers < 1:
        raise EffortError("a line has people", name="searchers")
    if not 1 <= tracks <= searchers:
        raise EffortError("more tracks than people", name="tracks")
    people = searchers / tracks
    swath_m = people * spacing_m
    return Sweep(line_coverage(width_m, spacing_m) * swath_m, max(swath_m, width_m))


def sun_height_deg(lon_deg: float, lat_deg: float, t_s: float) -> float:
    """Return the height of the sun above the horizon, degrees, within half a degree.

    Parameters
    ----------
    t_s
        Unix time, seconds.

    Notes
    -----
    Low-precision solar coordinates of the Astronomical Almanac, good to 0.01 degrees 1950-2050; refraction
    is left out.
    """
    days = t_s / 86_400.0 - 10_957.5  # since J2000.0
    mean_deg = 280.460 + 0.9856474 * days
    anomaly = math.radians(357.528 + 0.9856003 * days)
    ecliptic = math.radians(mean_deg + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2.0 * anomaly))
    tilt = math.radians(23.439 - 4e-7 * days)
    right_ascension = math.atan2(math.cos(tilt) * math.sin(ecliptic), math.cos(ecliptic))
    declination = math.asin(math.sin(tilt) * math.sin(ecliptic))
    sidereal_deg = 280.46061837 + 360.98564736629 * days + lon_deg
    hour_angle = math.radians(sidereal_deg) - right_ascension
    lat = math.radians(lat_deg)
    return math.degrees(
        math.asin(
            math.sin(lat) * math.sin(declination)
            + math.cos(lat) * math.cos(declination) * math.cos(hour_angle)
        )
    )


def light_at(lon_deg: float, lat_deg: float, t_s: float) -> Light:
    """Return day or night (sun more than six degrees below the horizon) at a place and Unix time."""
    return "night" if sun_height_deg(lon_deg, lat_deg, t_s) < _NIGHT_BELOW_DEG else "day"
