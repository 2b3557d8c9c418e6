"""GPX 1.0 and 1.1 (topografix.com): tolerant reading, strict writing in the order of the schema."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from geo.formats.errors import FormatError
from geo.formats.points import PointBook, pieces
from geo.formats.times import epoch_seconds, iso_time
from geo.formats.values import (
    MAX_LAT_DEG,
    MAX_LON_DEG,
    MAX_POINTS,
    Contents,
    NoteBook,
    RawTrack,
    Waypoint,
    clean_name,
    degrees_or_none,
    number_or_nan,
)
from geo.formats.xml_source import XmlReader
from geo.formats.xml_writing import decimal, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

NAMESPACE: Final = "http://www.topografix.com/GPX/1/1"
_POINTS: Final = {"trkpt": "trkseg", "rtept": "rte", "wpt": "gpx"}


def read_gpx(content: bytes) -> Contents:
    """Read tracks, routes and waypoints of a GPX file.

    Parameters
    ----------
    content
        The file; UTF-8, UTF-16 or Windows-1251, with or without byte order mark and namespace.

    Returns
    -------
    Contents
        Tracks with at least one point; points off the globe or without position are left out with a note.

    Raises
    ------
    FormatError
        Not well-formed, no GPX, a DTD, or a limit; with line and column. Nothing is read half.
    """
    notes = NoteBook()
    reader = _GpxReader(notes)
    reader.read(content)
    return Contents(
        tracks=tuple(reader.tracks),
        routes=tuple(reader.routes),
        waypoints=tuple(reader.waypoints),
        notes=notes.notes(),
    )


class _GpxReader(XmlReader):
    """Follows ``gpx/trk/trkseg/trkpt``, ``gpx/rte/rtept`` and ``gpx/wpt``."""

    def __init__(self, notes: NoteBook) -> None:
        super().__init__("gpx", "gpx", notes)
        self.tracks: list[RawTrack] = []
        self.routes: list[RawTrack] = []
        self.waypoints: list[Waypoint] = []
        self._device: str | None = None
        self._book, self._line_name = PointBook(), ""
        self._seen_points = 0
        self._place: tuple[float | None, float | None] = (None, None)
        self._t_s = self._ele_m = math.nan
        self._name = self._comment = ""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if name in _POINTS:
            self._seen_points += 1
            if self._seen_points > MAX_POINTS:
                raise self.refuse("too_many_points")
            self._place = (
                degrees_or_none(attributes.get("lon"), MAX_LON_DEG),
                degrees_or_none(attributes.get("lat"), MAX_LAT_DEG),
            )
            if None in self._place:
                given = {"lon", "lat"} <= attributes.keys()
                self.notes.add(
                    "point_off_globe" if given else "point_incomplete", line=self.line, item=self._seen_points
                )
            self._t_s = self._ele_m = math.nan
            self._name = self._comment = ""
        elif name == "trkseg":
            self._book.split()
        elif name in {"trk", "rte"}:
            self._book, self._line_name = PointBook(), ""
        elif name == "gpx":
            self._device = clean_name(attributes.get("creator", "")) or None

    def closed(self, name: str, text: str) -> None:
        parent = self.path[-1] if self.path else ""
        if name in _POINTS:
            self._end_point(name, parent)
        elif parent in _POINTS:
            self._end_detail(name, text)
        elif name == "name" and parent in {"trk", "rte"}:
            self._line_name = text
        elif name == "trk" and len(self._book):
            self.tracks.append(self._book.track(self._line_name, self._device))
        elif name == "rte" and len(self._book):
            self.routes.append(self._book.track(self._line_name, self._device))

    def _end_detail(self, name: str, text: str) -> None:
        if name == "time":
            self._t_s, zoned = epoch_seconds(text)
            if math.isnan(self._t_s):
                self.notes.add("time_unreadable", line=self.line, item=self._seen_points)
            elif not zoned:
                self.notes.add("time_without_zone", line=self.line, item=self._seen_points)
        elif name == "ele":
            self._ele_m = number_or_nan(text)
            if math.isnan(self._ele_m):
                self.notes.add("elevation_unreadable", line=self.line, item=self._seen_points)
        elif name == "name":
            self._name = clean_name(text)
        elif name in {"cmt", "desc"} and not self._comment:
            self._comment = clean_name(text)

    def _end_point(self, name: str, parent: str) -> None:
        lon, lat = self._place
        if lon is None or lat is None or parent != _POINTS[name]:
            return
        if name == "wpt":
            ele_m = None if math.isnan(self._ele_m) else self._ele_m
            t_s = None if math.isnan(self._t_s) else self._t_s
            self.waypoints.append(Waypoint(self._name, lon, lat, ele_m, t_s, self._comment))
        else:
            self._book.add(self._t_s, lon, lat, self._ele_m)


def write_gpx(contents: Contents, *, creator: str) -> bytes:
    """Write waypoints, routes and tracks as GPX 1.1, UTF-8.

    Parameters
    ----------
    contents
        ``shapes`` are not written: turn boundaries into tracks or routes first.
    creator
        Name of the writing program; reading gives it back as the tracks' device.

    Raises
    ------
    FormatError
        There is nothing to write.
    """
    if not (contents.tracks or contents.routes or contents.waypoints):
        raise FormatError("no_data", "gpx")
    return "".join(_lines(contents, creator)).encode()


def _lines(contents: Contents, creator: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<gpx xmlns="{NAMESPACE}" version="1.1" creator="{escaped(creator)}">\n'
    for waypoint in contents.waypoints:
        yield from _waypoint(waypoint)
    for route in contents.routes:
        yield f"<rte><name>{escaped(route.name)}</name>\n"
        yield from _points("rtept", route.points)
        yield "</rte>\n"
    for track in contents.tracks:
        yield f"<trk><name>{escaped(track.name)}</name>\n"
        for piece in pieces(track):
            yield "<trkseg>\n"
            yield from _points("trkpt", piece)
            yield "</trkseg>\n"
        yield "</trk>\n"
    yield "</gpx>\n"


def _waypoint(waypoint: Waypoint) -> Iterator[str]:
    yield f'<wpt lat="{decimal(waypoint.lat)}" lon="{decimal(waypoint.lon)}">'
    if waypoint.ele_m is not None:
        yield f"<ele>{decimal(waypoint.ele_m)}</ele>"
    if waypoint.t_s is not None:
        yield f"<time>{iso_time(waypoint.t_s)}</time>"
    yield f"<name>{escaped(waypoint.name)}</name>"
    if waypoint.comment:
        yield f"<cmt>{escaped(waypoint.comment)}</cmt>"
    yield "</wpt>\n"


def _points(element: str, points: npt.NDArray[np.void]) -> Iterator[str]:
    for t_s, lon, lat, ele_m in points.tolist():
        yield f'<{element} lat="{decimal(lat)}" lon="{decimal(lon)}">'
        if not math.isnan(ele_m):
            yield f"<ele>{decimal(ele_m)}</ele>"
        if not math.isnan(t_s):
            yield f"<time>{iso_time(t_s)}</time>"
        yield f"</{element}>\n"
