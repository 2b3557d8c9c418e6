"""Made-up tracks for the tests of evidence: somebody walks, rests, drives, and the receiver errs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.tracks import FIX, Way

if TYPE_CHECKING:
    from geo.crs import LocalFrame

START_S = 1_787_500_000.0  # 2026-08-23, forenoon UTC
NOW_S = START_S + 86_400.0

Fixes = np.ndarray[Any, Any]


def fixes_of(frame: LocalFrame, t_s: Any, x_m: Any, y_m: Any) -> Fixes:
    """Return fixes at metric positions of a frame."""
    x, y = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
    lonlat = frame.unproject(np.column_stack((x, y))) if len(x) else np.zeros((0, 2))
    fixes = np.zeros(len(x), dtype=FIX)
    fixes["t_s"] = t_s
    fixes["lon"] = (lonlat[:, 0] + 180.0) % 360.0 - 180.0
    fixes["lat"] = lonlat[:, 1]
    fixes["ele_m"] = np.nan
    return fixes


def walk(
    frame: LocalFrame,
    corners: list[tuple[float, float]],
    *,
    mps: float = 1.0,
    every_s: float = 5.0,
    start_s: float = START_S,
) -> Fixes:
    """Return a walk along corners at a steady speed."""
    way = np.array(corners, dtype=np.float64)
    legs_m = np.hypot(*np.diff(way, axis=0).T)
    at_m = np.concatenate(([0.0], np.cumsum(legs_m)))
    t = np.arange(0.0, at_m[-1] / mps + 1e-9, every_s)
    return fixes_of(
        frame, start_s + t, np.interp(t * mps, at_m, way[:, 0]), np.interp(t * mps, at_m, way[:, 1])
    )


def way_of(x_m: Any, y_m: Any, counts: Any = None) -> Way:
    """Return a way without judgement; the first step never counts."""
    x, y = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
    held = np.ones(len(x), dtype=np.bool_) if counts is None else np.asarray(counts, dtype=np.bool_)
    held[:1] = False
    return Way(np.arange(len(x), dtype=np.float64), x, y, held)
