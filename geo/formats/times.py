"""Times of exchange files: ISO 8601 as devices write it, and OLE dates of OziExplorer."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

SECONDS_PER_DAY: Final = 86_400.0
OLE_EPOCH_DAYS: Final = 25_569.0
"""Days from 1899-12-30, where OLE counts from, to 1970-01-01."""
# Years 1900 to 2200: what lies beyond is no time of a track.
_EARLIEST_S, _LATEST_S = -2_208_988_800.0, 7_258_118_400.0


def epoch_seconds(text: str) -> tuple[float, bool]:
    """Read an ISO 8601 time.

    Returns
    -------
    tuple
        UTC seconds since 1970 to the millisecond, NaN when unreadable; and whether the text named its zone
        (without one it is taken as UTC, which GPX and KML prescribe).

    Examples
    --------
    >>> epoch_seconds("1970-01-01T03:00:10+03:00")
    (10.0, True)
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return math.nan, True
    zoned = moment.tzinfo is not None
    # Milliseconds are what the log keeps, and what every format can hold.
    seconds = round((moment if zoned else moment.replace(tzinfo=UTC)).timestamp(), 3)
    return (seconds if _EARLIEST_S <= seconds <= _LATEST_S else math.nan), zoned


def iso_time(t_s: float) -> str:
    """Write UTC seconds since 1970 as RFC 3339 with milliseconds where there are any.

    Examples
    --------
    >>> iso_time(10.5)
    '1970-01-01T00:00:10.500Z'
    """
    moment = datetime.fromtimestamp(round(t_s, 3), UTC)
    exact = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=exact).replace("+00:00", "Z")


def ole_days(t_s: float) -> float:
    """Return UTC seconds since 1970 as OLE days."""
    return t_s / SECONDS_PER_DAY + OLE_EPOCH_DAYS


def from_ole_days(days: float) -> float:
    """Return OLE days as UTC seconds since 1970, to the millisecond; NaN outside 1900 to 2200."""
    seconds = round((days - OLE_EPOCH_DAYS) * SECONDS_PER_DAY, 3)
    return seconds if _EARLIEST_S <= seconds <= _LATEST_S else math.nan
