"""Evidence of what was searched: its grades, when it is enough, how its figures are told. Pure.

A subject who can answer and one who cannot are weighed apart. Only tracks give figures; words give a grade
and no number, so a sector reported by radio alone is never proven by it.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Grade = Literal["full_track", "partial_track", "radio", "paper", "agency"]
Subject = Literal["responsive", "unresponsive"]
Method = Literal["sound", "line", "visual"]

GRADES: Final[tuple[Grade, ...]] = ("full_track", "partial_track", "radio", "paper", "agency")
"""Best first."""

DEFAULT_TARGET: Final[Mapping[Subject, float]] = {"responsive": 0.6, "unresponsive": 0.6}
"""Probability of detection from which ground counts as searched: coverage 0.9 of random search. Ours; each
operation sets its own."""

_WATCHED: Final = 0.9
_UNBELIEVED: Final = 0.1
_TOUCHED: Final = 0.1  # a neighbour's way over less of a sector than this does not make it partly searched
_STEP_PCT: Final = 5
_NEAR_PCT: Final = 1.0


@dataclass(frozen=True, slots=True)
class TrackSeen:
    """What decides about the grade of one track of a task.

    Attributes
    ----------
    watched_share
        Share of the task's time from leaving to return through which the track tells where the team was.
    unbelieved_share
        Share of its fixes flagged as jump, wrong clock or no place.
    """

    timed: bool
    watched_share: float
    unbelieved_share: float


def grade_of(tracks: Iterable[TrackSeen]) -> Grade:
    """Return full_track when one track of believable fixes tells nine tenths of the time, else partial_track.

    Tracks of two navigators that each saw half are not added up: which half is not known here.
    """
    for track in tracks:
        if track.timed and track.watched_share >= _WATCHED and track.unbelieved_share <= _UNBELIEVED:
            return "full_track"
    return "partial_track"


def grade_of_word(source: str | None) -> Grade:
    """Return the grade of a task whose track is lost, by the channel its end was told through."""
    return "paper" if source == "paper" else "radio"


_SOUND_WORDS: Final = ("отклик", "звук", "маяк", "sound", "call")
_CODES: Final[Mapping[str, Method]] = {"response": "sound", "comb": "line"}
"""Ways of searching as desks choose them from a list, in whose names no word of people is."""
_LINE_WORDS: Final = ("прочес", "гребен", "цепь", "line", "grid")


def method_of(text: str | None) -> Method:
    """Return what kind of search the words of a task mean; without a known word it is search by sight."""
    plain = unicodedata.normalize("NFC", text or "").casefold().replace("ё", "е")
    code = _CODES.get(next(iter(plain.split()), ""))
    if code is not None:
        return code
    if any(word in plain for word in _SOUND_WORDS):
        return "sound"
    if any(word in plain for word in _LINE_WORDS):
        return "line"
    return "visual"


def subject_of(method: Method) -> Subject:
    """Return whom a method looks for: a call finds who answers, the eye finds who does not."""
    return "responsive" if method == "sound" else "unresponsive"


def enough(evidence: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether a full track is among the evidence of a sector and the newest cumulative figure reaches.

    Parameters
    ----------
    evidence : iterable of mapping
        Entities of the collection ``evidence`` of one sector.
    """
    rows = list(evidence)
    latest = newest(rows)
    if latest is None or all(row.get("grade") != "full_track" for row in rows):
        return False
    target = latest.get("target") or {}
    reached = (latest.get("cumulative") or {}).get(target.get("subject"))
    return reached is not None and float(reached) >= float(target["pod"])


def newest(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the entity of the largest version, or None."""
    return max(rows, key=lambda row: int(row.get("version", 0)), default=None)


def counts_as_searched(row: Mapping[str, Any]) -> bool:
    """Tell whether a piece of evidence makes its sector at least partly searched.

    A team's own task does, and ground carried over from a sector it was given; a neighbour's way does when it
    swept a tenth of it.
    """
    if row.get("own") or row.get("carried_from"):
        return True
    return float(row.get("swept_share") or 0.0) >= _TOUCHED


def shortfall(
    rows: Iterable[Mapping[str, Any]], *, finished: bool
) -> Literal["below_target", "partial_track", "no_track"] | None:
    """Return why a sector should be searched again, or None: it need not, or its work is not over.

    Parameters
    ----------
    finished : bool
        No task in the sector is under way and none waits for its track.
    """
    held = [row for row in rows if counts_as_searched(row)]
    if not finished or not held or enough(held):
        return None
    if all(row.get("grade") not in {"full_track", "partial_track"} for row in held):
        return "no_track"
    return "below_target" if any(row.get("grade") == "full_track" for row in held) else "partial_track"


def spoken_pod(pod: float | None) -> dict[str, int] | None:
    """Return a probability as people may be told it: a range in steps of 5 %, never a precise figure.

    Returns
    -------
    dict or None
        ``{"low_pct", "high_pct"}``; equal when within one per cent of a step ("about 30 %"); never above 95
        but as 95..100, never 0 alone; None when nothing is known.

    Examples
    --------
    >>> spoken_pod(0.873)
    {'low_pct': 85, 'high_pct': 90}
    >>> spoken_pod(0.301)
    {'low_pct': 30, 'high_pct': 30}
    """
    if pod is None:
        return None
    per_cent = min(max(pod, 0.0), 1.0) * 100.0
    nearest = round(per_cent / _STEP_PCT) * _STEP_PCT
    if abs(per_cent - nearest) <= _NEAR_PCT and 0 < nearest < 100:  # noqa: PLR2004 - per cent
        return {"low_pct": nearest, "high_pct": nearest}
    low = min(math.floor(per_cent / _STEP_PCT), 100 // _STEP_PCT - 1) * _STEP_PCT
    return {"low_pct": low, "high_pct": low + _STEP_PCT}
