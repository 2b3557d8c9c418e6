"""The bytes of each format from what was gathered; nothing here knows rights or the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely

from geo.formats.geojson import feature, track_feature, write_features, write_geojson
from geo.formats.gpx import write_gpx
from geo.formats.kml_writing import write_kml
from geo.formats.oziexplorer import write_plt, write_wpt
from geo.formats.points import PointBook
from geo.formats.times import iso_time
from geo.formats.values import Contents, RawTrack, Shape, Waypoint
from search_ops.errors import Conflict
from search_ops.importing.bounded import Limits, run_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

    from search_ops.services.export_everything import Everything

ExportFormat = Literal["gpx", "kml", "plt", "wpt", "gpkg", "geojson"]
CREATOR: Final = "search-ops"
# A shore has thousands of vertices; a navigator shows a few dozen corners of use.
_MOST_CORNERS: Final = 60
_WRITER_LIMITS: Final = Limits(cpu_s=60, wall_s=120.0)
_DRAWN: Final = frozenset({"Polygon", "MultiPolygon", "LineString", "MultiLineString"})
# Rows whose ground is a sector's: GeoJSON has one list of features, and a sector stands in it once.
_ON_SECTORS: Final = frozenset({"evidence", "tasks"})


@dataclass(slots=True)
class Gathered:
    """What goes into a file, before its format is known."""

    whose: str
    zone_name: str
    sectors: list[Shape]
    points: list[Waypoint]
    area: list[Shape] = field(default_factory=list)
    everything: Everything | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""
        more = self.everything is not None and (self.everything.layers or self.everything.tracks)
        return not (self.sectors or self.points or self.area or more)


def written(gathered: Gathered, format_name: ExportFormat) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    Conflict
        ``nothing_to_export``: nothing that this format could hold.
    """
    if format_name == "gpkg":
        return _geopackage(gathered)
    if format_name == "geojson":
        return _geojson(gathered)
    if format_name == "kml":
        shapes = tuple(shape for shape in gathered.sectors if shape.geometry.geom_type in _DRAWN)
        return write_kml(Contents(shapes=shapes, waypoints=tuple(gathered.points)), title=gathered.whose)
    corners = [point for shape in gathered.sectors for point in _corners(shape)]
    tracks = tuple(_boundary(shape) for shape in gathered.sectors if shape.geometry.geom_type in _DRAWN)
    if format_name == "gpx":
        return write_gpx(Contents(tracks, (*gathered.points, *corners)), creator=CREATOR)
    if format_name == "wpt":
        if not gathered.points and not corners:
            raise Conflict("nothing_to_export")
        return write_wpt((*gathered.points, *corners))
    if not tracks:
        raise Conflict("nothing_to_export")
    return write_plt(_joined(tracks, gathered.whose))


# ---- navigators --------------------------------------------------------------------------------


def _boundary(shape: Shape) -> RawTrack:
    """Return a sector's outline as a track: a navigator shows tracks of any length, areas none does."""
    book = PointBook()
    for line in _outlines(shape.geometry):
        book.split()
        for lon, lat in shapely.get_coordinates(line).tolist():
            book.add(np.nan, lon, lat, np.nan)
    return book.track(shape.name, CREATOR)


def _outlines(geometry: BaseGeometry) -> list[BaseGeometry]:
    outlines: list[BaseGeometry] = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon):
            outlines += [part.exterior, *part.interiors]
        else:
            outlines.append(part)
    return outlines


def _corners(shape: Shape) -> Iterator[Waypoint]:
    """Yield numbered corners: ``G5-1 1`` to ``G5-1 4``; of a ragged outline only the main bends."""
    geometry = shape.geometry
    degrees = 0.0
    while int(shapely.get_num_coordinates(geometry)) > _MOST_CORNERS:
        degrees = max(degrees * 2, 1e-5)
        geometry = shapely.simplify(shape.geometry, degrees)
    number = 0
    for line in _outlines(geometry):
        places = shapely.get_coordinates(line)
        closed = len(places) > 1 and bool((places[0] == places[-1]).all())
        for lon, lat in (places[:-1] if closed else places).tolist():
            number += 1
            yield Waypoint(f"{shape.name} {number}".strip(), lon, lat)


def _joined(tracks: tuple[RawTrack, ...], name: str) -> RawTrack:
    """Return several outlines as one track with breaks: OziExplorer's file holds one."""
    starts: list[int] = []
    before = 0
    for track in tracks:
        starts += [before + start for start in track.segment_starts]
        before += len(track.points)
    points = np.concatenate([track.points for track in tracks])
    return RawTrack(tracks[0].name if len(tracks) == 1 else name, None, points, tuple(starts))


# ---- map programs ------------------------------------------------------------------------------


def _geojson(gathered: Gathered) -> bytes:
    """Write one list of features; of everything, each says in ``layer`` what it is."""
    if gathered.everything is None:
        return write_geojson(Contents(shapes=tuple(gathered.sectors), waypoints=tuple(gathered.points)))
    features = [
        feature(shape.geometry, {**shape.properties, "layer": layer, "name": shape.name})
        for layer, shapes in (("sectors", gathered.sectors), ("area", gathered.area))
        for shape in shapes
    ]
    features += [
        feature(
            shapely.Point(point.lon, point.lat),
            {"layer": "points", "name": point.name, "comment": point.comment},
        )
        for point in gathered.points
    ]
    features += [
        track_feature(track, {**told, "layer": "tracks"}) for track, told in gathered.everything.tracks
    ]
    for layer, things in gathered.everything.layers.items():
        features += [
            feature(
                None if layer in _ON_SECTORS else thing.geometry,
                {**thing.properties, "layer": layer, "name": thing.name},
            )
            for thing in things
        ]
    return write_features(features)


def _geopackage(gathered: Gathered) -> bytes:
    def row(name: str, geometry: BaseGeometry | None, properties: Mapping[str, Any]) -> dict[str, Any]:
        wkb = None if geometry is None else shapely.to_wkb(geometry, hex=True)
        return {"wkb": wkb, "properties": {"name": name, **properties}}

    layers = {"sectors": [row(shape.name, shape.geometry, shape.properties) for shape in gathered.sectors]}
    layers["area"] = [row(shape.name, shape.geometry, shape.properties) for shape in gathered.area]
    layers["points"] = [
        row(point.name, shapely.Point(point.lon, point.lat), {"comment": point.comment})
        for point in gathered.points
    ]
    if gathered.everything is not None:
        layers["tracks"] = [
            row(track.name, _line(track), {**told, "device": track.device, "coordTimes": _times(track)})
            for track, told in gathered.everything.tracks
        ]
        for layer, things in gathered.everything.layers.items():
            layers[layer] = [row(thing.name, thing.geometry, thing.properties) for thing in things]
    content = json.dumps({name: rows for name, rows in layers.items() if rows}).encode()
    return run_bounded(
        "search_ops.importing.geopackage:write",
        content,
        {},
        name="export.gpkg",
        file_format="gpkg",
        limits=_WRITER_LIMITS,
    )


def _line(track: RawTrack) -> BaseGeometry:
    """Return a track as a line, with heights where every fix has one."""
    axes = ("lon", "lat", "ele_m") if np.isfinite(track.points["ele_m"]).all() else ("lon", "lat")
    return shapely.LineString(np.column_stack([track.points[axis] for axis in axes]))


def _times(track: RawTrack) -> str:
    """Return the time of every vertex as JSON: a line of a GeoPackage has no place for them."""
    return json.dumps([None if np.isnan(t_s) else iso_time(t_s) for t_s in track.points["t_s"].tolist()])
