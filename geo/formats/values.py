"""What exchange files hold, whatever the format: tracks, waypoints, shapes, notes on repairs."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

POINT: Final = np.dtype([("t_s", "f8"), ("lon", "f8"), ("lat", "f8"), ("ele_m", "f8")])
"""One point of a track: UTC seconds since 1970 or NaN, degrees EPSG:4326, metres above sea level or NaN."""

MAX_POINTS: Final = 250_000
MAX_LON_DEG, MAX_LAT_DEG = 180.0, 90.0
MAX_NAME_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class RawTrack:
    """A recorded track as its file holds it: nothing flagged, nothing cut, in the file's order.

    Parameters
    ----------
    name
        As written in the file, or the file's name without suffix when the track has none.
    device
        What the file says about the device (program, model, serial number), or None.
    points
        Structured array ``POINT``, shape ``(n,)``; positions lie on the globe, 0/0 is kept.
    segment_starts
        Index of the first point of each unbroken piece, ascending; the first is 0.
    """

    name: str
    device: str | None
    points: npt.NDArray[np.void]
    segment_starts: tuple[int, ...] = (0,)

    def __eq__(self, other: object) -> bool:
        """Tell whether both hold the same points, NaN being equal to NaN."""
        if not isinstance(other, RawTrack):
            return NotImplemented
        return (
            (self.name, self.device, self.segment_starts) == (other.name, other.device, other.segment_starts)
            and len(self.points) == len(other.points)
            and all(
                np.array_equal(self.points[axis], other.points[axis], equal_nan=True)
                for axis in POINT.names or ()
            )
        )

    __hash__ = None  # type: ignore[assignment]  # equal by content, and arrays have no hash


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A named point: degrees EPSG:4326, metres or None, UTC seconds since 1970 or None."""

    name: str
    lon: float
    lat: float
    ele_m: float | None = None
    t_s: float | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """A named line or polygon (or several of one kind), lon/lat EPSG:4326; rings closed.

    Parameters
    ----------
    properties
        Plain values by name; only GeoJSON and GeoPackage carry them.
    """

    name: str
    geometry: BaseGeometry
    comment: str = ""
    properties: Mapping[str, str | float | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """What was dropped or repaired while reading.

    Parameters
    ----------
    code
        ``point_off_globe``, ``point_incomplete``, ``time_unreadable``, ``time_without_zone``,
        ``elevation_unreadable``, ``encoding_guessed``, ``datum_shifted``, ``datum_assumed``,
        ``routes_left_out``, ``link_ignored``, ``geometry_repaired``, ``geometry_left_out``,
        ``part_left_out``, ``name_unreadable``, ``entry_left_out``.
    count
        How often.
    line
        Line of the first case, from 1, where the format has lines.
    item
        Number of the object (point, track, feature) of the first case, from 1.
    detail
        A name of ours, never text of the file: a datum, an encoding.
    """

    code: str
    count: int = 1
    line: int | None = None
    item: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a file holds."""

    tracks: tuple[RawTrack, ...] = ()
    waypoints: tuple[Waypoint, ...] = ()
    shapes: tuple[Shape, ...] = ()
    routes: tuple[RawTrack, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class NoteBook:
    """Collects notes while reading: one line per code, with the place of its first case."""

    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _first: dict[tuple[str, str], tuple[int | None, int | None]] = field(default_factory=dict)

    def add(
        self, code: str, *, line: int | None = None, item: int | None = None, detail: str = "", count: int = 1
    ) -> None:
        """Count one more case."""
        key = (code, detail)
        self._counts[key] += count
        self._first.setdefault(key, (line, item))

    def notes(self) -> tuple[Note, ...]:
        """Return the notes in the order of their first cases."""
        return tuple(
            Note(code, self._counts[code, detail], line, item, detail)
            for (code, detail), (line, item) in self._first.items()
        )


def degrees_or_none(text: str | None, limit_deg: float) -> float | None:
    """Read a number of degrees; None when it is missing, not finite or beyond ``limit_deg``."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    # Comparisons with NaN are false, so NaN falls out here too.
    return value if abs(value) <= limit_deg else None


def number_or_nan(text: str | None, *, limit: float = 1e6) -> float:
    """Read a number; NaN when it is missing, not a number, or larger than any sensible value."""
    try:
        value = float(text or "")
    except ValueError:
        return math.nan
    return value if abs(value) <= limit else math.nan


def clean_name(text: str) -> str:
    """Return a name on one line without control characters, at most 200 characters."""
    kept = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * MAX_NAME_CHARACTERS])
    return " ".join(kept.split())[:MAX_NAME_CHARACTERS]
