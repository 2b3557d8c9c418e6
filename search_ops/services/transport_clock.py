"""Hours of a timetable as instants: local at both ends, midnight between them, eleven time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DAY: Final = timedelta(days=1)
# Russian zones have no summer time; elsewhere one day of winter and one of summer show both.
_SAMPLE_DAYS: Final = (date(2026, 1, 14), date(2026, 7, 15))


def instant(day: date, clock: str, zone: str) -> datetime:
    """Return the instant of an hour (HH:MM) of a place on a day of that place."""
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=ZoneInfo(zone)).astimezone(UTC)


def times_on(
    service: Mapping[str, Any], day: date, zones: Mapping[str, str | None]
) -> tuple[datetime, datetime]:
    """Return when a service leaves and arrives that leaves on this day of the place it leaves.

    Parameters
    ----------
    zones
        Place -> time zone; both ends must have one.
    """
    leaving, arriving = zones[service["from_place"]], zones[service["to_place"]]
    assert leaving is not None
    assert arriving is not None
    return (
        instant(day, service["departs"], leaving),
        instant(day + int(service["day_offset"]) * _DAY, service["arrives"], arriving),
    )


def is_backward(service: Mapping[str, Any], zones: Mapping[str, str | None]) -> bool:
    """Tell whether it arrives no later than it leaves, in summer or in winter."""
    return any(
        arrives_at <= departs_at
        for departs_at, arrives_at in (times_on(service, day, zones) for day in _SAMPLE_DAYS)
    )


def days_of(service: Mapping[str, Any], first: date, last: date) -> Iterator[date]:
    """Yield the days on which it leaves, both ends included."""
    begin = max(first, service["valid_from"] or first)
    end = min(last, service["valid_to"] or last)
    day = begin
    while day <= end:
        if str(day.isoweekday()) in service["weekdays"]:
            yield day
        day += _DAY


def season_windows(season_from: str, season_to: str, first: date, last: date) -> list[tuple[date, date]]:
    """Return the seasons (MM-DD to MM-DD, both days open) that touch a span of days, one for each year.

    A season whose last day stands before its first runs over the new year.
    """
    windows = []
    for year in range(first.year - 1, last.year + 1):
        begins = _day(year, season_from)
        ends = _day(year + (season_to < season_from), season_to)
        if begins <= last and ends >= first:
            windows.append((begins, ends))
    return windows


def _day(year: int, month_day: str) -> date:
    try:
        return date.fromisoformat(f"{year}-{month_day}")
    except ValueError:  # the 29th of February of a common year
        return date(year, 2, 28)
