"""A judged track as lines for the map and times for the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np
import orjson
import shapely
from shapely.geometry import mapping

from geo.tracks import Way
from search_ops.domain.events import wire_time

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from geo.crs import LocalFrame
    from geo.tracks import Judged

_SIMPLIFY_M: Final = 3.0
_BROKEN_M: Final = 500.0
_QUARTER_S: Final = 900


def times_of(judged: Judged) -> tuple[str | None, str | None]:
    """Return first and last believed time as the log writes them; None without times."""
    if not judged.timed or not len(judged.way.t_s):
        return None, None
    first, last = float(judged.way.t_s[0]), float(judged.way.t_s[-1])
    return wire_time(datetime.fromtimestamp(first, UTC)), wire_time(datetime.fromtimestamp(last, UTC))


def dates_of(judged: Judged, zone: ZoneInfo) -> frozenset[str]:
    """Return the local dates on which a track has believed points, ``YYYY-MM-DD``; none without times."""
    began, ended = times_of(judged)
    if began is None or ended is None:
        return frozenset()
    days = np.unique((judged.way.t_s // _QUARTER_S).astype(np.int64)) * _QUARTER_S
    inside = (datetime.fromtimestamp(float(second), UTC) for second in days)
    ends = (datetime.fromisoformat(began), datetime.fromisoformat(ended))
    # A quarter of an hour divides every zone's offset, so its begin has the date of all of it.
    return frozenset(f"{moment.astimezone(zone):%Y-%m-%d}" for moment in (*ends, *inside))


def shown_lines(judged: Judged, frame: LocalFrame) -> bytes:
    """Return ``{"counted", "left_out"}``: GeoJSON lines of what counts and what does not, within 3 m."""
    way = judged.way
    left_out = ~way.counts & (way.steps_m() <= _BROKEN_M)
    left_out[:1] = False
    rest = Way(way.t_s, way.x_m, way.y_m, left_out)
    return orjson.dumps({"counted": _lines(way, frame), "left_out": _lines(rest, frame)})


def _lines(way: Way, frame: LocalFrame) -> dict[str, object] | None:
    lines = shapely.simplify(way.lines(), _SIMPLIFY_M)
    lines = lines[shapely.length(lines) > 0] if len(lines) else lines
    if not len(lines):
        return None
    lonlat = frame.to_lonlat(shapely.MultiLineString(lines.tolist()))
    rounded = shapely.transform(lonlat, lambda positions: np.round(positions, 6))
    return dict(mapping(rounded))
