"""Calls of a sound search as they were made: where a subject would have heard and been heard answering."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geo.lattice_raster import Lattice
    from geo.tracks import Way

    Mask = npt.NDArray[np.bool_]
    Point = tuple[float, float]

_LONGEST_GAP_S: Final = 600.0
_BEYOND_END_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One call with an undisturbed silence after it.

    Attributes
    ----------
    caller_m, listener_m
        Where it was made and where the team stood and listened, metres of the operation's frame.
    hears_m
        How far its signal is heard.
    answered_m
        How far the subject's answering voice is heard.
    """

    caller_m: Point
    listener_m: Point
    hears_m: float
    answered_m: float


def position_at(way: Way, at_s: float) -> Point | None:
    """Return where a way was at a Unix time; None where it does not tell.

    Notes
    -----
    Between fixes a straight line, over gaps of ten minutes at most; a minute beyond either end still counts.
    """
    if not len(way.t_s) or not np.isfinite(way.t_s).all():
        return None
    first_s, last_s = float(way.t_s[0]), float(way.t_s[-1])
    if not first_s - _BEYOND_END_S <= at_s <= last_s + _BEYOND_END_S:
        return None
    after = int(np.searchsorted(way.t_s, at_s))
    if 0 < after < len(way.t_s) and way.t_s[after] - way.t_s[after - 1] > _LONGEST_GAP_S:
        return None
    return float(np.interp(at_s, way.t_s, way.x_m)), float(np.interp(at_s, way.t_s, way.y_m))


def distance_m(one: Point, other: Point) -> float:
    """Return how far apart two places are."""
    return math.hypot(one[0] - other[0], one[1] - other[1])


def within_hearing(lattice: Lattice, calls: Sequence[Heard]) -> Mask:
    """Return in which cells a subject would have heard at least one call and been heard answering it."""
    x_m, y_m = lattice.middles()
    mask: Mask = np.zeros(lattice.shape, dtype=np.bool_)
    for call in calls:
        east, north = (x_m - call.caller_m[0])[None, :], (y_m - call.caller_m[1])[:, None]
        back_east, back_north = (x_m - call.listener_m[0])[None, :], (y_m - call.listener_m[1])[:, None]
        hears = east**2 + north**2 <= call.hears_m**2
        mask |= hears & (back_east**2 + back_north**2 <= call.answered_m**2)
    return mask
