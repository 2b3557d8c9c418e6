"""KML 2.2 for navigators and map programs: shapes, waypoints, tracks with times."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon

from geo.formats.errors import FormatError
from geo.formats.points import pieces
from geo.formats.times import iso_time
from geo.formats.xml_writing import decimal, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.formats.values import Contents, RawTrack, Shape, Waypoint

NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
GOOGLE: Final = "http://www.google.com/kml/ext/2.2"
# Opaque red line 3 px, no fill: readable on any ground; KML writes colours as AABBGGRR.
_STYLE: Final = (
    '<Style id="s"><LineStyle><color>ff0000ff</color><width>3</width></LineStyle>'
    "<PolyStyle><fill>0</fill></PolyStyle></Style>\n"
)


def write_kml(contents: Contents, *, title: str) -> bytes:
    """Write shapes, waypoints and tracks as KML 2.2, UTF-8.

    Parameters
    ----------
    contents
        Routes are written as plain lines. Tracks with times become ``gx:Track``, others lines.
    title
        Name of the document.

    Raises
    ------
    FormatError
        There is nothing to write.
    """
    if not (contents.tracks or contents.routes or contents.waypoints or contents.shapes):
        raise FormatError("no_data", "kml")
    return "".join(_lines(contents, title)).encode()


def _lines(contents: Contents, title: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<kml xmlns="{NAMESPACE}" xmlns:gx="{GOOGLE}"><Document><name>{escaped(title)}</name>\n{_STYLE}'
    for shape in contents.shapes:
        yield from _placemark(shape.name, shape.comment, _geometry(shape))
    for waypoint in contents.waypoints:
        yield from _placemark(waypoint.name, waypoint.comment, _point(waypoint), waypoint.t_s)
    for line in (*contents.routes, *contents.tracks):
        yield from _placemark(line.name, "", _track(line))
    yield "</Document></kml>\n"


def _placemark(name: str, comment: str, geometry: str, t_s: float | None = None) -> Iterator[str]:
    yield f"<Placemark><name>{escaped(name)}</name>"
    if comment:
        yield f"<description>{escaped(comment)}</description>"
    if t_s is not None:
        yield f"<TimeStamp><when>{iso_time(t_s)}</when></TimeStamp>"
    yield f"<styleUrl>#s</styleUrl>{geometry}</Placemark>\n"


def _point(waypoint: Waypoint) -> str:
    height = "" if waypoint.ele_m is None else f",{decimal(waypoint.ele_m)}"
    place = f"{decimal(waypoint.lon)},{decimal(waypoint.lat)}{height}"
    return f"<Point><coordinates>{place}</coordinates></Point>"


def _geometry(shape: Shape) -> str:
    geometry = shape.geometry
    if isinstance(geometry, MultiPolygon | MultiLineString):
        return f"<MultiGeometry>{''.join(map(_single, geometry.geoms))}</MultiGeometry>"
    return _single(geometry)


def _single(geometry: BaseGeometry) -> str:
    if isinstance(geometry, Polygon):
        holes = "".join(f"<innerBoundaryIs>{_ring(hole)}</innerBoundaryIs>" for hole in geometry.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(geometry.exterior)}</outerBoundaryIs>{holes}</Polygon>"
    if isinstance(geometry, LineString):
        return f"<LineString><tessellate>1</tessellate>{_coordinates(geometry)}</LineString>"
    raise FormatError("not_this_format", "kml")


def _ring(ring: BaseGeometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(line: BaseGeometry) -> str:
    places = " ".join(f"{decimal(lon)},{decimal(lat)}" for lon, lat in shapely.get_coordinates(line))
    return f"<coordinates>{places}</coordinates>"


def _track(track: RawTrack) -> str:
    timed = not any(math.isnan(t_s) for t_s in track.points["t_s"])
    parts = [_timed(piece) if timed else _untimed(piece) for piece in pieces(track)]
    if len(parts) == 1:
        return parts[0]
    outer = "gx:MultiTrack" if timed else "MultiGeometry"
    return f"<{outer}>{''.join(parts)}</{outer}>"


def _timed(points: npt.NDArray[np.void]) -> str:
    whens = "".join(f"<when>{iso_time(t_s)}</when>" for t_s in points["t_s"])
    coords = "".join(f"<gx:coord>{_place(point, ' ')}</gx:coord>" for point in points)
    return f"<gx:Track>{whens}{coords}</gx:Track>"


def _untimed(points: npt.NDArray[np.void]) -> str:
    places = " ".join(_place(point, ",") for point in points)
    return f"<LineString><coordinates>{places}</coordinates></LineString>"


def _place(point: np.void, separator: str) -> str:
    axes = [decimal(point["lon"]), decimal(point["lat"])]
    if not math.isnan(point["ele_m"]):
        axes.append(decimal(point["ele_m"]))
    return separator.join(axes)
