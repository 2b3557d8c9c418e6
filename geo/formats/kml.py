"""KML 2.2 with Google's track extension: placemarks as shapes, waypoints, tracks; links are not followed."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon

from geo.formats.points import PointBook
from geo.formats.times import epoch_seconds
from geo.formats.values import (
    MAX_LAT_DEG,
    MAX_LON_DEG,
    MAX_POINTS,
    Contents,
    NoteBook,
    RawTrack,
    Shape,
    Waypoint,
    clean_name,
    degrees_or_none,
    number_or_nan,
)
from geo.formats.xml_source import XmlReader

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_WORDS: Final = re.compile(r"\S+")
_RING_POINTS: Final = 4
_LINE_POINTS: Final = 2
Position = tuple[float, float, float]


def read_kml(content: bytes) -> Contents:
    """Read the placemarks of a KML file.

    Parameters
    ----------
    content
        The file, not the zipped KMZ; namespaces and their prefixes do not matter.

    Returns
    -------
    Contents
        ``gx:Track`` and lines as tracks (lines also as shapes), points as waypoints, polygons as shapes.
        Rings are closed where the file left them open; broken polygons are given out as they are.

    Raises
    ------
    FormatError
        Not well-formed, no KML, a DTD, or a limit; with line and column. Nothing is read half.
    """
    notes = NoteBook()
    reader = _KmlReader(notes)
    reader.read(content)
    return Contents(
        tracks=tuple(reader.tracks),
        waypoints=tuple(reader.waypoints),
        shapes=tuple(reader.shapes),
        notes=notes.notes(),
    )


class _KmlReader(XmlReader):
    """Gathers one placemark at a time."""

    def __init__(self, notes: NoteBook) -> None:
        super().__init__("kml", "kml", notes)
        self.tracks: list[RawTrack] = []
        self.waypoints: list[Waypoint] = []
        self.shapes: list[Shape] = []
        self._seen_points = 0
        self._placemarks = 0
        self._begin_placemark()

    def _begin_placemark(self) -> None:
        self._name = self._comment = ""
        self._moment_s = math.nan
        self._points: list[Position] = []
        self._lines: list[list[Position]] = []
        self._polygons: list[Polygon] = []
        self._book = PointBook()
        self._begin_polygon()
        self._whens: list[float] = []
        self._coords: list[Position | None] = []

    def _begin_polygon(self) -> None:
        self._shell: list[Position] = []
        self._holes: list[list[Position]] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - KML keeps all in elements
        if name == "Placemark":
            self._placemarks += 1
            self._begin_placemark()
        elif name == "Polygon":
            self._begin_polygon()
        elif name == "Track":
            self._whens, self._coords = [], []
            self._book.split()
        elif name in {"NetworkLink", "GroundOverlay", "Model"}:
            self.notes.add("link_ignored", line=self.line)

    def closed(self, name: str, text: str) -> None:
        parent = self.path[-1] if self.path else ""
        if name == "name" and parent == "Placemark":
            self._name = clean_name(text)
        elif name == "description" and parent == "Placemark":
            self._comment = clean_name(text)
        elif name == "coordinates":
            self._coordinates(text, parent)
        elif name == "coord" and parent == "Track":
            self._coords.append(self._position(text.split()))
        elif name == "when":
            self._when(text, parent)
        elif name == "Polygon":
            self._end_polygon()
        elif name == "Track":
            self._end_track()
        elif name == "Placemark":
            self._end_placemark()

    def _when(self, text: str, parent: str) -> None:
        seconds, zoned = epoch_seconds(text)
        if math.isnan(seconds):
            self.notes.add("time_unreadable", line=self.line, item=self._placemarks)
        elif not zoned:
            self.notes.add("time_without_zone", line=self.line, item=self._placemarks)
        if parent == "Track":
            self._whens.append(seconds)
        elif parent == "TimeStamp":
            self._moment_s = seconds

    def _coordinates(self, text: str, parent: str) -> None:
        # One at a time: a list of all the words would take more memory than the file.
        places = (self._position(word.group().split(",")) for word in _WORDS.finditer(text))
        positions = [place for place in places if place is not None]
        if parent == "Point":
            self._points.extend(positions[:1])
        elif parent == "LineString":
            self._lines.append(positions)
        elif parent == "LinearRing" and self.path[-2:-1] == ["innerBoundaryIs"]:
            self._holes.append(positions)
        elif parent == "LinearRing" and self.path[-2:-1] == ["outerBoundaryIs"]:
            self._shell = positions
        elif parent == "LinearRing":
            self._lines.append(positions)

    def _position(self, parts: list[str]) -> Position | None:
        self._seen_points += 1
        if self._seen_points > MAX_POINTS:
            raise self.refuse("too_many_points")
        if len(parts) < 2:  # noqa: PLR2004 - lon and lat
            self.notes.add("point_incomplete", line=self.line, item=self._placemarks)
            return None
        lon, lat = degrees_or_none(parts[0], MAX_LON_DEG), degrees_or_none(parts[1], MAX_LAT_DEG)
        if lon is None or lat is None:
            self.notes.add("point_off_globe", line=self.line, item=self._placemarks)
            return None
        return lon, lat, number_or_nan(parts[2]) if len(parts) > 2 else math.nan  # noqa: PLR2004

    def _end_polygon(self) -> None:
        shell = _closed_ring(self._shell)
        if len(shell) < _RING_POINTS:
            self.notes.add("geometry_left_out", line=self.line, item=self._placemarks)
            return
        holes = [_closed_ring(hole) for hole in self._holes]
        kept = [hole for hole in holes if len(hole) >= _RING_POINTS]
        if len(kept) < len(holes):
            self.notes.add("part_left_out", line=self.line, item=self._placemarks)
        self._polygons.append(Polygon(shell, kept))

    def _end_track(self) -> None:
        if self._whens and len(self._whens) != len(self._coords):
            self.notes.add("time_unreadable", line=self.line, item=self._placemarks)
            self._whens = []
        for index, place in enumerate(self._coords):
            if place is not None:
                lon, lat, ele_m = place
                self._book.add(self._whens[index] if self._whens else math.nan, lon, lat, ele_m)

    def _end_placemark(self) -> None:
        t_s = None if math.isnan(self._moment_s) else self._moment_s
        for lon, lat, ele_m in self._points:
            height_m = None if math.isnan(ele_m) else ele_m
            self.waypoints.append(Waypoint(self._name, lon, lat, height_m, t_s, self._comment))
        if len(self._book):
            self.tracks.append(self._book.track(self._name, None))
        lines = [line for line in self._lines if len(line) >= _LINE_POINTS]
        if len(lines) < len(self._lines):
            self.notes.add("geometry_left_out", line=self.line, item=self._placemarks)
        if lines:
            self.tracks.append(_track_of(lines, self._name))
            flat = [LineString([place[:2] for place in line]) for line in lines]
            self._add_shape(flat[0] if len(flat) == 1 else MultiLineString(flat))
        if self._polygons:
            self._add_shape(self._polygons[0] if len(self._polygons) == 1 else MultiPolygon(self._polygons))
        self._begin_placemark()

    def _add_shape(self, geometry: BaseGeometry) -> None:
        self.shapes.append(Shape(self._name, shapely.force_2d(geometry), self._comment))


def _closed_ring(ring: list[Position]) -> list[tuple[float, float]]:
    flat = [place[:2] for place in ring]
    return [*flat, flat[0]] if flat and flat[0] != flat[-1] else flat


def _track_of(lines: list[list[Position]], name: str) -> RawTrack:
    book = PointBook()
    for line in lines:
        book.split()
        for lon, lat, ele_m in line:
            book.add(np.nan, lon, lat, ele_m)
    return book.track(name, None)
