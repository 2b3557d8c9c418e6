"""Recorded calls as the worker weighs them: who stood where, whose silence somebody else's call spoiled."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

import shapely

from geo.sound import Air, Signal, hearing_distance_m
from geo.sound_calls import Heard, distance_m, position_at
from search_ops.domain.visibility import HQ
from search_ops.services.geometries import geometry_field
from search_ops.services.search_widths import Called, air_of, settings_of
from search_ops.services.sector_ground import ground_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from search_ops.services.scribe import Scribe
    from search_ops.services.search_widths import TaskSweep
    from search_ops.services.searched import Searched, Walked

    Point = tuple[float, float]
    Walks = Mapping[str, Sequence[Walked]]

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class _Call:
    at_s: float
    record: Mapping[str, Any]

    @property
    def signal(self) -> Signal:
        return cast("Signal", self.record["signal"])

    @property
    def silence(self) -> tuple[float, float]:
        begin_s = self.at_s + float(self.record["call_s"])
        return begin_s, begin_s + float(self.record["silence_s"])


class CallBook:
    """All recorded calls of an operation that were not withdrawn, in the order of their times."""

    def __init__(self, searched: Searched, walked: Walks) -> None:
        self._searched = searched
        self._walked = walked
        self._calls = sorted(
            (
                _Call(datetime.fromisoformat(str(at)).timestamp(), record)
                for record in searched.of("sound_calls").values()
                if record.get("withdrawn") is None
                for at in record["times"]
            ),
            key=lambda call: call.at_s,
        )
        self._times = [call.at_s for call in self._calls]

    def of_task(self, task_id: str, air: Air) -> Called | None:
        """Return what a task listened to in this air; None when nobody has recorded a call for it."""
        own = [call for call in self._calls if task_id in call.record["task_ids"]]
        if not own:
            return None
        heard: list[Heard] = []
        spoiled = unplaced = 0
        answered_m = hearing_distance_m("voice", air)
        for call in own:
            listener = self._task_at(task_id, call.silence[0])
            caller = self._task_at(task_id, call.at_s) if call.record["caller"] == "listeners" else None
            caller = caller or next(self._callers(call), None)
            if listener is None or caller is None:
                unplaced += 1
            elif self._spoiled(call, listener, air):
                spoiled += 1
            else:
                heard.append(Heard(caller, listener, hearing_distance_m(call.signal, air), answered_m))
        signal = Counter(call.signal for call in own).most_common(1)[0][0]
        told = {
            "recorded": len(own),
            "counted": len(heard),
            "spoiled": spoiled,
            "unplaced": unplaced,
            "hears_m": round(hearing_distance_m(signal, air)),
            "answered_m": round(answered_m),
        }
        return Called(signal, heard, told)

    def _task_at(self, task_id: str, at_s: float) -> Point | None:
        ways = (position_at(one.way, at_s) for one in self._walked.get(task_id, ()))
        return next((place for place in ways if place is not None), None)

    def _callers(self, call: _Call) -> Iterator[Point]:
        """Return the places from which a call sounded, as far as they are known."""
        record, caller = call.record, call.record["caller"]
        if caller == "place":
            lonlat = shapely.Point(record["place"]["lon"], record["place"]["lat"])
            east_m, north_m = self._searched.frame.to_metric(lonlat).coords[0]
            yield east_m, north_m
            return
        tasks = self._searched.of("tasks")
        wanted = (
            record["task_ids"]
            if caller == "listeners"
            else [task_id for task_id, task in tasks.items() if task.get("team_id") == record["team_id"]]
        )
        for task_id in wanted:
            found = self._task_at(task_id, call.at_s)
            if found is not None:
                yield found

    def _spoiled(self, call: _Call, listener: Point, air: Air) -> bool:
        """Tell whether somebody called into the silence within hearing; an unknown place counts as within."""
        begin_s, end_s = call.silence
        for other in self._calls[bisect_right(self._times, begin_s) :]:
            if other.at_s >= end_s:
                return False
            reach_m = hearing_distance_m(other.signal, air)
            places = list(self._callers(other))
            if not places or any(distance_m(place, listener) <= reach_m for place in places):
                return True
        return False


def heard_places(searched: Searched, called: Called) -> BaseGeometry:
    """Return where the team stood at the calls that count, lon/lat."""
    metric = shapely.MultiPoint([call.listener_m for call in called.heard])
    return shapely.set_precision(searched.frame.to_lonlat(metric), 10**-_DIGITS)


def air_over(searched: Searched, sector_id: str, cover: Mapping[str, float] | None) -> Air:
    """Return what carries sound in a sector: over most of its ground."""
    settings = settings_of(next(iter(searched.of("search_widths").values()), None))
    shares = ground_of(settings, sector_id, cover).shares
    return air_of(settings, max(shares, key=lambda sight: shares[sight]))


def counted(sweep: TaskSweep, called: Called | None) -> Sequence[Heard] | None:
    """Return the calls that decide where a task's sweep holds; None when none do."""
    return called.heard if called is not None and sweep.by_calls else None


async def heard_field(scribe: Scribe, heard: BaseGeometry | None) -> dict[str, Any] | None:
    """Return the field of an event that tells where calls were listened to."""
    if heard is None:
        return None
    return await geometry_field(scribe.work.connection, scribe.stream_id, HQ, heard)
