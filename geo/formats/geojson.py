"""GeoJSON (RFC 7946): features as shapes, waypoints and tracks."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, mapping

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
    Shape,
    Waypoint,
    clean_name,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

_NAMES: Final = (
    "name",
    "name:ru",
    "name_ru",
    "label",
    "title",
    "title_ru",
    "kvartal",
    "квартал",
    "num",
    "номер",
)
_WGS84: Final = ("crs84", "epsg:4326", "epsg::4326", "ogc::crs84")
_PLAIN: Final = (str, int, float, bool, type(None))
_RING_POINTS, _LINE_POINTS = 4, 2


def read_geojson(content: bytes) -> Contents:
    """Read a FeatureCollection, a Feature or a bare geometry.

    Parameters
    ----------
    content
        UTF-8, or Windows-1251 where it is not; WGS 84 longitude and latitude.

    Returns
    -------
    Contents
        Polygons and lines as shapes, points as waypoints, lines with ``coordTimes`` as tracks. A feature
        whose geometry cannot be read is left out with a note and its number.

    Raises
    ------
    FormatError
        No JSON, no GeoJSON, another reference system, or a limit.
    """
    notes = NoteBook()
    root = _parsed(content, notes)
    features = _features(root)
    _check_reference(root)
    reader = _Reader(notes)
    for number, feature in enumerate(features, start=1):
        reader.take(feature, number)
    return Contents(tuple(reader.tracks), tuple(reader.waypoints), tuple(reader.shapes), (), notes.notes())


def name_of(properties: Mapping[str, Any]) -> str:
    """Return the value of the property that most likely holds the name of a thing."""
    by_name = {str(name).lower(): value for name, value in properties.items()}
    for wanted in _NAMES:
        value = by_name.get(wanted)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return clean_name(str(value))
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
    return ""


def plain_properties(properties: Mapping[str, Any]) -> dict[str, str | float | int | None]:
    """Return at most 50 properties that are text, finite numbers or nothing."""
    kept: dict[str, str | float | int | None] = {}
    for name, value in list(properties.items())[:50]:
        finite = not isinstance(value, float) or math.isfinite(value)
        if isinstance(value, _PLAIN) and finite:
            kept[clean_name(str(name))] = clean_name(value) if isinstance(value, str) else value
    return kept


def _parsed(content: bytes, notes: NoteBook) -> dict[str, Any]:
    if not content.strip():
        raise FormatError("empty", "geojson")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1251", errors="replace")
        notes.add("encoding_guessed", line=1, detail="windows-1251")
    try:
        root = json.loads(text, parse_constant=_not_finite)
    except json.JSONDecodeError as fault:
        reason = "truncated" if fault.pos >= len(text.rstrip()) else "corrupt"
        place = {"line": fault.lineno, "column": fault.colno}
        raise FormatError(reason, "geojson", place) from None  # type: ignore[arg-type]  # both are reasons
    except (RecursionError, ValueError):
        raise FormatError("too_deep", "geojson") from None
    if not isinstance(root, dict):
        raise FormatError("not_this_format", "geojson")
    return root


def _not_finite(_: str) -> float:
    # Read as a number, so that only the feature which holds it is left out.
    return math.nan


def _features(root: Mapping[str, Any]) -> Sequence[Any]:
    kind = root.get("type")
    if kind == "FeatureCollection":
        features = root.get("features")
        if isinstance(features, list):
            return features
    elif kind == "Feature":
        return [root]
    elif isinstance(root.get("coordinates"), list) or isinstance(root.get("geometries"), list):
        return [{"type": "Feature", "geometry": root, "properties": {}}]
    raise FormatError("not_this_format", "geojson")


def _check_reference(root: Mapping[str, Any]) -> None:
    """Refuse the old ``crs`` member unless it says WGS 84: coordinates in metres must not pass as degrees."""
    told = root.get("crs")
    if told is not None and not any(name in json.dumps(told).lower() for name in _WGS84):
        raise FormatError("datum_unknown", "geojson")


class _Reader:
    def __init__(self, notes: NoteBook) -> None:
        self.notes = notes
        self.tracks: list[RawTrack] = []
        self.waypoints: list[Waypoint] = []
        self.shapes: list[Shape] = []
        self._seen = 0

    def take(self, feature: Any, number: int) -> None:
        if not isinstance(feature, dict):
            self.notes.add("geometry_left_out", item=number)
            return
        told = feature.get("properties")
        properties = told if isinstance(told, dict) else {}
        geometry = feature.get("geometry")
        try:
            self._take(geometry if isinstance(geometry, dict) else {}, properties)
        except (TypeError, ValueError, KeyError, IndexError, OverflowError) as fault:
            if isinstance(fault, FormatError):
                raise
            self.notes.add("geometry_left_out", item=number)

    def _take(self, geometry: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        name = name_of(properties)
        comment = properties.get("comment")
        comment = clean_name(comment) if isinstance(comment, str) else ""
        if kind == "Point":
            lon, lat, ele_m = self._position(coordinates)
            height_m = None if math.isnan(ele_m) else ele_m
            t_s = _time_of(properties.get("time"))
            self.waypoints.append(Waypoint(name, lon, lat, height_m, t_s, comment))
        elif kind in {"LineString", "MultiLineString"} and "coordTimes" in properties:
            lines = [coordinates] if kind == "LineString" else coordinates
            times = properties["coordTimes"]
            self.tracks.append(
                self._track(lines, [times] if kind == "LineString" else times, name, properties)
            )
        else:
            self._shape(kind, coordinates, name, comment, properties)

    def _shape(
        self, kind: Any, coordinates: Any, name: str, comment: str, properties: Mapping[str, Any]
    ) -> None:
        found: BaseGeometry
        if kind == "Polygon":
            found = self._polygon(coordinates)
        elif kind == "MultiPolygon":
            found = MultiPolygon([self._polygon(polygon) for polygon in coordinates])
        elif kind == "LineString":
            found = LineString(self._line(coordinates, _LINE_POINTS))
        elif kind == "MultiLineString":
            found = MultiLineString([self._line(line, _LINE_POINTS) for line in coordinates])
        else:
            raise ValueError("a kind of geometry that is not taken")
        if found.is_empty:
            raise ValueError("empty")
        self.shapes.append(Shape(name, found, comment, plain_properties(properties)))

    def _polygon(self, rings: Any) -> Polygon:
        shell, *holes = [self._line(ring, _RING_POINTS) for ring in rings]
        return Polygon(shell, holes)

    def _line(self, positions: Any, fewest: int) -> list[tuple[float, float]]:
        line = [self._position(position)[:2] for position in positions]
        if len(line) < fewest:
            raise ValueError("too few positions")
        return line

    def _position(self, position: Any) -> tuple[float, float, float]:
        self._seen += 1
        if self._seen > MAX_POINTS:
            raise FormatError("too_many_points", "geojson")
        lon, lat, *rest = position
        numbers = all(isinstance(axis, int | float) and not isinstance(axis, bool) for axis in (lon, lat))
        if not numbers or not abs(lon) <= MAX_LON_DEG or not abs(lat) <= MAX_LAT_DEG:
            raise ValueError("not on the globe")
        ele_m = float(rest[0]) if rest and isinstance(rest[0], int | float) else math.nan
        return float(lon), float(lat), ele_m

    def _track(self, lines: Any, times: Any, name: str, properties: Mapping[str, Any]) -> RawTrack:
        book = PointBook()
        for line, moments in zip(lines, times, strict=True):
            book.split()
            for position, moment in zip(line, moments, strict=True):
                lon, lat, ele_m = self._position(position)
                t_s = _time_of(moment)
                book.add(math.nan if t_s is None else t_s, lon, lat, ele_m)
        device = properties.get("device")
        return book.track(name, clean_name(device) if isinstance(device, str) else None)


def _time_of(text: Any) -> float | None:
    seconds = epoch_seconds(text)[0] if isinstance(text, str) else math.nan
    return None if math.isnan(seconds) else seconds


def write_geojson(contents: Contents) -> bytes:
    """Write a FeatureCollection, UTF-8; routes are written as lines.

    Raises
    ------
    FormatError
        There is nothing to write.
    """
    return write_features(
        [
            *map(_shape_feature, contents.shapes),
            *map(_waypoint_feature, contents.waypoints),
            *map(track_feature, (*contents.routes, *contents.tracks)),
        ]
    )


def write_features(features: Sequence[Mapping[str, Any]]) -> bytes:
    """Write features of `feature` and `track_feature` as a FeatureCollection, UTF-8.

    Raises
    ------
    FormatError
        There is nothing to write.
    """
    if not features:
        raise FormatError("no_data", "geojson")
    text = json.dumps(
        {"type": "FeatureCollection", "features": features},
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )
    return text.encode()


def feature(geometry: BaseGeometry | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature; without geometry it lies nowhere (RFC 7946 3.2). Empty properties are left out."""
    return _feature(None if geometry is None else mapping(geometry), properties)


def _feature(geometry: Mapping[str, Any] | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in properties.items() if value not in {None, ""}}
    return {"type": "Feature", "properties": told, "geometry": geometry}


def _shape_feature(shape: Shape) -> dict[str, Any]:
    properties = {**shape.properties, "name": shape.name, "comment": shape.comment}
    return _feature(mapping(shape.geometry), properties)


def _waypoint_feature(waypoint: Waypoint) -> dict[str, Any]:
    place = [waypoint.lon, waypoint.lat]
    if waypoint.ele_m is not None:
        place.append(waypoint.ele_m)
    time = None if waypoint.t_s is None else iso_time(waypoint.t_s)
    properties = {"name": waypoint.name, "comment": waypoint.comment, "time": time}
    return _feature({"type": "Point", "coordinates": place}, properties)


def track_feature(track: RawTrack, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a track with its times as ``coordTimes``; `more` are further properties."""
    parts = pieces(track)
    lines = [[_place(point) for point in piece] for piece in parts]
    times = [[None if np.isnan(t_s) else iso_time(t_s) for t_s in piece["t_s"]] for piece in parts]
    single = len(parts) == 1
    properties = {
        **(more or {}),
        "name": track.name,
        "device": track.device,
        "coordTimes": times[0] if single else times,
    }
    geometry = {
        "type": "LineString" if single else "MultiLineString",
        "coordinates": lines[0] if single else lines,
    }
    told = {name: value for name, value in properties.items() if value or value == 0}
    return {"type": "Feature", "properties": told, "geometry": geometry}


def _place(point: np.void) -> list[float]:
    place = [float(point["lon"]), float(point["lat"])]
    return place if np.isnan(point["ele_m"]) else [*place, float(point["ele_m"])]
