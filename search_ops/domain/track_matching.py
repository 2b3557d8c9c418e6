"""Whose track is this: by navigator number, by the name of the file, by time. Pure.

Names come from many hands: ``20260823_Лиса-12.gpx``, ``20260823_Lisa12_2.plt``, ``лиса 12 навигатор 7``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

MatchedBy = Literal["name", "navigator", "time", "hand"]

_LATIN: Final = str.maketrans(
    dict(
        zip(
            "абвгдезийклмнопрстуфыэ",
            "abvgdeziiklmnoprstufye",
            strict=True,
        )
    )
    | {"ж": "zh", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ь": "", "ю": "iu", "я": "ia"}
)
_DATE: Final = re.compile(r"(?<!\d)(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?([0-2]\d|3[01])(?!\d)")
_NUMBER: Final = re.compile(r"(?:навигатор|нав|navigator|nav|gps|№|n)[\W_]*(\d{1,6})(?!\d)")
_LEAST_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class TaskWindow:
    """A task as matching sees it.

    Attributes
    ----------
    from_s, to_s
        Unix time from leaving to return (or now).
    """

    task_id: str
    team_id: str
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Match:
    """Whose track it is and how that is known."""

    team_id: str
    task_id: str | None
    matched_by: MatchedBy


@dataclass(frozen=True, slots=True)
class TrackSigns:
    """What a track says of its origin.

    Attributes
    ----------
    names
        Name of the file and of the track in it.
    from_s, to_s
        Unix time of its believed fixes, or None when it has none.
    near
        By task, whether it comes within reach of the task's sector.
    """

    names: Sequence[str]
    device: str | None
    from_s: float | None
    to_s: float | None
    near: Mapping[str, bool]


def callsign_signs(text: str) -> str:
    """Return letters and digits of a name in one alphabet: «Лиса-12» and ``Lisa 12`` are equal."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold().replace("ё", "е"))
    latin = unicodedata.normalize("NFC", plain).translate(_LATIN)
    same = latin.replace("y", "i").replace("ts", "c").replace("kh", "h").replace("j", "i")
    kept = "".join(character if character.isalnum() and character.isascii() else " " for character in same)
    # «Лиса12_2» is the second file of Лиса-12, not of Лиса-122: what parts two numbers stays.
    return re.sub(r"(?<=\d) +(?=\d)", "_", kept).replace(" ", "")


def date_in(name: str) -> str | None:
    """Return the date in a file name as ``YYYY-MM-DD``, or None."""
    found = _DATE.search(name)
    return None if found is None else "-".join(found.groups())


def foreign_date(names: Sequence[str], dates: Collection[str]) -> str | None:
    """Return the date that a name tells and no point of the track has, or None.

    Parameters
    ----------
    names
        Of the file and of the track in it; the first that tells a date counts.
    dates
        Local dates of the believed points, ``YYYY-MM-DD``; empty: the track has no times to compare with.

    Examples
    --------
    >>> foreign_date(["20260823_Лиса-12"], {"2026-08-24"})
    '2026-08-23'
    """
    told = next((date for name in names if (date := date_in(name)) is not None), None)
    return None if not dates or told in dates else told


def navigator_numbers(signs: TrackSigns) -> list[str]:
    """Return the numbers of navigators that device and names tell."""
    texts = [text for text in (signs.device, *signs.names) if text]
    found = [number for text in texts for number in _NUMBER.findall(text.casefold())]
    return [number.lstrip("0") or "0" for number in found]


def match_track(
    signs: TrackSigns,
    *,
    callsigns: Mapping[str, str],
    windows: Sequence[TaskWindow],
    navigators: Mapping[str, str],
) -> Match | None:
    """Return whose track it is, the surest sign first; None: nobody can tell.

    Parameters
    ----------
    callsigns
        Team -> callsign, live and disbanded.
    windows
        Tasks that began.
    navigators
        Number of a navigator, or the device as an earlier track told it -> team.

    Notes
    -----
    Time alone decides only when exactly one task fits: it takes half of the track's time, and the track
    comes near its sector.
    """
    by_number = {
        navigators[key] for key in (*navigator_numbers(signs), signs.device or "") if key in navigators
    }
    if len(by_number) == 1:
        team_id = by_number.pop()
        return Match(team_id, _task_of(team_id, signs, windows), "navigator")
    named = _team_by_name(signs.names, callsigns)
    if named is not None:
        return Match(named, _task_of(named, signs, windows), "name")
    fitting = [
        window
        for window in windows
        if signs.near.get(window.task_id) and _share(signs, window) >= _LEAST_SHARE
    ]
    if len({window.team_id for window in fitting}) != 1:
        return None
    best = max(fitting, key=lambda window: _share(signs, window))
    return Match(best.team_id, best.task_id, "time")


def _team_by_name(names: Sequence[str], callsigns: Mapping[str, str]) -> str | None:
    """Return the team whose callsign stands in a name; the longest wins, of equals none."""
    for name in names:
        rest = callsign_signs(_DATE.sub(" ", name))
        fitting = [
            (len(signs), team_id)
            for team_id, callsign in callsigns.items()
            if (signs := callsign_signs(callsign)) and _stands_in(signs, rest)
        ]
        longest = max((length for length, _ in fitting), default=0)
        best = {team_id for length, team_id in fitting if length == longest}
        if len(best) == 1:
            return best.pop()
    return None


def _stands_in(signs: str, rest: str) -> bool:
    """Tell whether a callsign stands in a name: «Лиса1» does not stand in «Лиса12»."""
    at = rest.find(signs)
    while at >= 0:
        after = rest[at + len(signs) : at + len(signs) + 1]
        before = rest[at - 1 : at] if at else ""
        cut_number = after.isdigit() and signs[-1].isdigit()
        cut_word = before.isalpha() and signs[0].isalpha() and at > 0
        if not cut_number and not cut_word:
            return True
        at = rest.find(signs, at + 1)
    return False


def _share(signs: TrackSigns, window: TaskWindow) -> float:
    """Return the share of the track's time that lies within a task's."""
    if signs.from_s is None or signs.to_s is None:
        return 0.0
    both = min(signs.to_s, window.to_s) - max(signs.from_s, window.from_s)
    if signs.to_s <= signs.from_s:
        return 1.0 if both >= 0 else 0.0
    return max(0.0, both) / (signs.to_s - signs.from_s)


def _task_of(team_id: str, signs: TrackSigns, windows: Sequence[TaskWindow]) -> str | None:
    own = [window for window in windows if window.team_id == team_id]
    if not own:
        return None
    if signs.from_s is None:
        return own[0].task_id if len(own) == 1 else None
    best = max(own, key=lambda window: _share(signs, window))
    return best.task_id if _share(signs, best) > 0 else None
