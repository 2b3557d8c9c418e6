"""Tracks of navigators and phones: what in them is believed, what counts as searching, and the way walked.

A track comes as fixes in the order of the file. Nothing is thrown away: every fix keeps a flag that says why
it does not count. What is left is a `Way` in the operation's metric frame, cut to the time of a task.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.errors import TrackError
from geo.meridian import unwrap_longitudes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.uint8]
    Mask = npt.NDArray[np.bool_]
    Fixes = npt.NDArray[np.void]

FIX: Final = np.dtype([("t_s", "f8"), ("lon", "f8"), ("lat", "f8"), ("ele_m", "f4")])
"""One fix: seconds of Unix time (NaN: the file gives none), degrees EPSG:4326, metres (NaN: none)."""

MAX_FIXES: Final = 2_000_000
FIRST_GPS_S: Final = 315_964_800.0  # 1980-01-06: before it no receiver knew the time
CLOCK_AHEAD_S: Final = 300.0
FRAME_REACH_M: Final = 1_000_000.0  # farther from the search nothing is measured in its frame


class Flag(IntEnum):
    """Why a fix does not count; 0: it does."""

    GOOD = 0
    ZERO = 1
    """At 0/0, at no place on the globe, or farther than 1000 km from the search."""
    CLOCK = 2
    """At a time that cannot be: 1901, the future, or earlier than the fixes before it."""
    JUMP = 3
    """Away from the line faster than anything moves."""
    STILL = 4
    """Standing still: the wandering of a receiver at rest is no walk."""
    TRANSIT = 5
    """At the speed of driving there and back, when the task is not to drive."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a kind of team moves; what is outside does not count.

    Attributes
    ----------
    transit_mps
        Mean speed over a minute from which a team is under way and not searching.
    fastest_mps
        Nothing we send moves faster; an apparent step beyond is a jump.
    still_m
        Within this far a minute ago and a minute ahead: standing still; 0 never.
    """

    transit_mps: float
    fastest_mps: float = 45.0
    still_m: float = 10.0


HABITS: Final[Mapping[str, Habits]] = {
    "foot": Habits(2.5),
    "dog": Habits(3.5),
    "vehicle": Habits(12.0),
    "boat": Habits(10.0),
    "air": Habits(60.0, fastest_mps=90.0, still_m=0.0),
    "other": Habits(4.0),
}
"""By the kind of the team. Our assumption: a brisk walk is 1.7 m/s, a run 3 m/s, a check by car 40 km/h."""

_WINDOW_S: Final = 30.0
_STILL_S: Final = 60.0
_NEAR_M: Final = 60.0  # two fixes of a bad receiver under trees differ by that without anybody moving
_SPIKE_MPS: Final = 12.0
_FEWEST_IN_PIECE: Final = 5
GAP_S: Final = 300.0
_GAP_M: Final = 30.0
_STEP_M: Final = 500.0


@dataclass(frozen=True, slots=True)
class Way:
    """A line walked, in metres of the operation's frame.

    Attributes
    ----------
    t_s, x_m, y_m
        Shape ``(n,)``; times are NaN when the file has none.
    counts
        Shape ``(n,)``: the step that ends at this vertex was searching; the first never is.
    """

    t_s: Floats
    x_m: Floats
    y_m: Floats
    counts: Mask

    def steps_m(self) -> Floats:
        """Return the length of the step that ends at each vertex, the first 0, shape ``(n,)``."""
        if not len(self.x_m):
            return np.zeros(0)
        return np.hypot(np.diff(self.x_m, prepend=self.x_m[0]), np.diff(self.y_m, prepend=self.y_m[0]))

    def length_m(self) -> float:
        """Return the length that counts."""
        return float(self.steps_m()[self.counts].sum())

    def lines(self) -> npt.NDArray[np.object_]:
        """Return the steps that count as metric lines, one for each unbroken run."""
        starts = np.flatnonzero(self.counts & ~np.concatenate(([False], self.counts[:-1])))
        if not len(starts):
            return np.empty(0, dtype=object)
        run = np.cumsum(self.counts & ~np.concatenate(([False], self.counts[:-1]))) - 1
        # Every run begins at the vertex before its first counted step.
        index = np.concatenate((starts - 1, np.flatnonzero(self.counts)))
        owner = np.concatenate((np.arange(len(starts)), run[self.counts]))
        order = np.lexsort((index, owner))
        index, owner = index[order], owner[order]
        lines = shapely.linestrings(self.x_m[index], self.y_m[index], indices=owner)
        return np.atleast_1d(np.asarray(lines, dtype=object))

    def inside(self, metric: BaseGeometry) -> float:
        """Return the length that counts within a metric polygon, exactly clipped."""
        lines = self.lines()
        if not len(lines):
            return 0.0
        shapely.prepare(metric)
        return float(shapely.length(shapely.intersection(lines, metric)).sum())

    def time_inside_s(self, metric: BaseGeometry) -> float:
        """Return the time of the counted steps whose middle lies within a metric polygon; 0 without times."""
        if not len(self.x_m) or np.isnan(self.t_s).any():
            return 0.0
        took_s = np.diff(self.t_s, prepend=self.t_s[0])
        middle_x = self.x_m - np.diff(self.x_m, prepend=self.x_m[0]) / 2.0
        middle_y = self.y_m - np.diff(self.y_m, prepend=self.y_m[0]) / 2.0
        shapely.prepare(metric)
        return float(took_s[self.counts & shapely.contains_xy(metric, middle_x, middle_y)].sum())


@dataclass(frozen=True, slots=True)
class Judged:
    """A track after judgement.

    Attributes
    ----------
    flags
        One `Flag` for every fix of the file, shape ``(n,)``.
    way
        The believed fixes (those flagged still or transit stay as vertices, their steps do not count).
    timed
        Whether the file gives usable times at all. Without them nothing can be said about speed.
    """

    flags: Flags
    way: Way
    timed: bool

    def counted(self) -> dict[str, int]:
        """Return how many fixes have each flag but GOOD, by lower-case name."""
        found = np.bincount(self.flags, minlength=len(Flag))
        return {flag.name.lower(): int(found[flag]) for flag in Flag if flag is not Flag.GOOD}


def judge(fixes: Fixes, frame: LocalFrame, habits: Habits, *, now_s: float) -> Judged:
    """Judge the fixes of one track.

    Parameters
    ----------
    fixes
        Of dtype `FIX`, shape ``(n,)``, in the order of the file; n may be 0.
    now_s
        Unix time of the judgement: what lies more than five minutes ahead cannot be.

    Returns
    -------
    Judged
        Flags for all, and the way of the believed ones.

    Raises
    ------
    TrackError
        Not such an array, or more than ``MAX_FIXES``.

    Notes
    -----
    Of times that do not ascend the longest ascending part is believed, so that one fix from the future does
    not discredit the hours after it. Steps faster than anything moves break the track into pieces; pieces
    of fewer than five fixes are jumps.
    """
    if fixes.dtype.names is None or not set(FIX.names or ()) <= set(fixes.dtype.names) or fixes.ndim != 1:
        raise TrackError("fixes need t_s, lon, lat, ele_m")
    if len(fixes) > MAX_FIXES:
        raise TrackError("more fixes than we judge")
    flags = np.zeros(len(fixes), dtype=np.uint8)
    t_s = fixes["t_s"].astype(np.float64)
    x_m, y_m = _place(fixes, frame, flags)
    timed = bool(np.isfinite(t_s[flags == Flag.GOOD]).any())
    if timed:
        _flag_clock(t_s, flags, now_s)
    _flag_jumps(t_s if timed else None, x_m, y_m, flags, habits)
    kept = np.flatnonzero(flags == Flag.GOOD)
    way_t = t_s[kept] if timed else np.full(len(kept), np.nan)
    way = Way(way_t, x_m[kept], y_m[kept], np.zeros(len(kept), dtype=np.bool_))
    broken = _broken(way, habits, timed=timed)
    if timed and len(kept):
        still, transit = _resting_and_driving(way, broken, habits)
        flags[kept[still]] = Flag.STILL
        flags[kept[transit]] = Flag.TRANSIT
    searching = flags[kept] == Flag.GOOD
    counts = searching & np.concatenate(([False], searching[:-1])) & ~broken if len(kept) else way.counts
    return Judged(flags, Way(way.t_s, way.x_m, way.y_m, counts), timed)


def between(way: Way, from_s: float, to_s: float) -> Way:
    """Return the part of a way within a time, both ends included; a way without times stays whole."""
    if not len(way.t_s) or np.isnan(way.t_s).any():
        return way
    low, high = np.searchsorted(way.t_s, from_s, "left"), np.searchsorted(way.t_s, to_s, "right")
    counts = way.counts[low:high].copy()
    counts[:1] = False
    return Way(way.t_s[low:high], way.x_m[low:high], way.y_m[low:high], counts)


def watched_share(way: Way, from_s: float, to_s: float) -> float:
    """Return the share 0..1 of a time through which the way tells where the team was.

    Gaps of more than five minutes are not watched. Without times nothing is known: 0.
    """
    if to_s <= from_s or not len(way.t_s) or np.isnan(way.t_s).any():
        return 0.0
    at_s = np.clip(way.t_s, from_s, to_s)
    known = np.diff(way.t_s) <= GAP_S
    return float(np.diff(at_s)[known].sum() / (to_s - from_s))


def merged_bounds(ways: Sequence[Way]) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north of the ways in metres, or None when they have no vertex."""
    filled = [way for way in ways if len(way.x_m)]
    if not filled:
        return None
    return (
        min(float(way.x_m.min()) for way in filled),
        min(float(way.y_m.min()) for way in filled),
        max(float(way.x_m.max()) for way in filled),
        max(float(way.y_m.max()) for way in filled),
    )


def _place(fixes: Fixes, frame: LocalFrame, flags: Flags) -> tuple[Floats, Floats]:
    """Project; flag what has no place."""
    lon, lat = fixes["lon"].astype(np.float64), fixes["lat"].astype(np.float64)
    on_globe = np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)  # noqa: PLR2004 - degrees
    somewhere = on_globe & ~((np.abs(lon) < 1e-4) & (np.abs(lat) < 1e-4))  # noqa: PLR2004 - 0/0: no fix yet
    lonlat = np.column_stack((lon, lat))
    lonlat[~somewhere] = (frame.lon_deg, frame.lat_deg)
    lonlat[:, 0] = unwrap_longitudes(lonlat[:, 0], frame.lon_deg)
    # The far side of the globe has no place in the frame: judged before it is projected.
    near = _chord_m(lonlat, frame) <= FRAME_REACH_M
    lonlat[~near] = (frame.lon_deg, frame.lat_deg)
    metric = frame.project(lonlat) if len(lonlat) else np.zeros((0, 2))
    flags[~somewhere | ~near] = Flag.ZERO
    return metric[:, 0].copy(), metric[:, 1].copy()


def _chord_m(lonlat: Floats, frame: LocalFrame) -> Floats:
    """Return the straight distance to the frame's centre through a round Earth: good to a per cent."""
    lon, lat = np.radians(lonlat[:, 0] - frame.lon_deg), np.radians(lonlat[:, 1])
    centre = np.radians(frame.lat_deg)
    square = 2.0 - 2.0 * (np.sin(lat) * np.sin(centre) + np.cos(lat) * np.cos(centre) * np.cos(lon))
    return np.asarray(6_371_000.0 * np.sqrt(np.maximum(square, 0.0)))


def _flag_clock(t_s: Floats, flags: Flags, now_s: float) -> None:
    possible = (t_s >= FIRST_GPS_S) & (t_s <= now_s + CLOCK_AHEAD_S)
    flags[(flags == Flag.GOOD) & ~possible] = Flag.CLOCK
    placed = np.flatnonzero(flags == Flag.GOOD)
    if (np.diff(t_s[placed]) >= 0).all():
        return
    kept = np.zeros(len(placed), dtype=np.bool_)
    kept[_longest_ascending(t_s[placed].tolist())] = True
    flags[placed[~kept]] = Flag.CLOCK


def _longest_ascending(values: list[float]) -> list[int]:
    """Return the indices of a longest not descending subsequence (patience sorting, n log n)."""
    tops: list[float] = []
    holders: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        pile = bisect_right(tops, value)
        before.append(holders[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            holders.append(index)
        else:
            tops[pile], holders[pile] = value, index
    chain: list[int] = []
    at = holders[-1] if holders else -1
    while at >= 0:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def _flag_jumps(t_s: Floats | None, x_m: Floats, y_m: Floats, flags: Flags, habits: Habits) -> None:
    if t_s is not None:
        _flag_spikes(t_s, x_m, y_m, flags)
    placed = np.flatnonzero(flags == Flag.GOOD)
    if len(placed) < 2:  # noqa: PLR2004 - a step has two ends
        return
    step_m = np.hypot(np.diff(x_m[placed]), np.diff(y_m[placed]))
    allowed_m = _STEP_M if t_s is None else _NEAR_M + habits.fastest_mps * np.diff(t_s[placed])
    piece = np.concatenate(([0], np.cumsum(step_m > allowed_m)))
    size = np.bincount(piece)
    enough = size >= min(_FEWEST_IN_PIECE, int(size.max()))
    if not (size >= _FEWEST_IN_PIECE).any():
        enough = np.arange(len(size)) == int(size.argmax())
    flags[placed[~enough[piece]]] = Flag.JUMP


def _flag_spikes(t_s: Floats, x_m: Floats, y_m: Floats, flags: Flags) -> None:
    """Flag single fixes that fly off the line and back."""
    placed = np.flatnonzero(flags == Flag.GOOD)
    if len(placed) < 3:  # noqa: PLR2004 - there and back
        return
    x, y, t = x_m[placed], y_m[placed], t_s[placed]
    step_m, took_s = np.hypot(np.diff(x), np.diff(y)), np.diff(t)
    fast = step_m > _SPIKE_MPS * np.maximum(took_s, 1.0)
    across_m = np.hypot(x[2:] - x[:-2], y[2:] - y[:-2])
    spike = fast[:-1] & fast[1:] & (across_m < 0.5 * np.minimum(step_m[:-1], step_m[1:]))
    flags[placed[1:-1][spike]] = Flag.JUMP


def _broken(way: Way, habits: Habits, *, timed: bool) -> Mask:
    """Return the vertices that no known line leads to: after a jump, or after a gap in time."""
    if not len(way.x_m):
        return np.zeros(0, dtype=np.bool_)
    step_m = way.steps_m()
    if not timed:
        broken = step_m > _STEP_M
    else:
        took_s = np.diff(way.t_s, prepend=way.t_s[0])
        broken = (step_m > _NEAR_M + habits.fastest_mps * took_s) | ((took_s > GAP_S) & (step_m > _GAP_M))
    broken[0] = True
    return np.asarray(broken, dtype=np.bool_)


def _resting_and_driving(way: Way, broken: Mask, habits: Habits) -> tuple[Mask, Mask]:
    t = way.t_s
    still = np.zeros(len(t), dtype=np.bool_)
    if habits.still_m > 0 and t[-1] - t[0] > _STILL_S:
        still[:] = True
        for shift_s in (-_STILL_S, _STILL_S):
            x, y = np.interp(t + shift_s, t, way.x_m), np.interp(t + shift_s, t, way.y_m)
            still &= np.hypot(x - way.x_m, y - way.y_m) < habits.still_m
    run_m = np.cumsum(np.where(broken, 0.0, way.steps_m()))
    low, high = np.maximum(t - _WINDOW_S, t[0]), np.minimum(t + _WINDOW_S, t[-1])
    travelled_m = np.interp(high, t, run_m) - np.interp(low, t, run_m)
    transit = travelled_m > habits.transit_mps * np.maximum(high - low, 1.0)
    return still & ~transit, transit
