"""OziExplorer ``.map``: which picture, on which datum and projection, and where its points lie.

Written from the format's description in OziExplorer's help ("Map File Format"), version 2.x.
"""

import math
from dataclasses import dataclass, field
from pathlib import PureWindowsPath

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from search_ops.importing.relief_refusal import GroundFileRefused

# Seven parameters of GOST R 51794-2008 (EPSG:5044), as in `geo.datum`; here in the "position vector" sense.
_PULKOVO = "+ellps=krass +towgs84=23.57,-140.95,-79.8,0,0.35,0.79,-0.22"
_DATUMS = {"wgs 84": "+datum=WGS84", "wgs84": "+datum=WGS84", "pulkovo 1942": _PULKOVO}
_LINES_LIMIT = 2_000
_DATUM_LINE = 5
_LEAST_POINTS = 2
_AFFINE_POINTS = 3
# Points further from their place than this share of the picture contradict each other.
_DISAGREE_SHARE = 0.02
_METRES_PER_DEGREE = 111_195.0


@dataclass
class OziPoint:
    """A point of calibration: column and row, and degrees on the map's datum or metres of its grid."""

    line: int
    column: float
    row: float
    lon_deg: float | None = None
    lat_deg: float | None = None
    east: float | None = None
    north: float | None = None
    zone: int | None = None


@dataclass
class OziMap:
    """What a ``.map`` says.

    Attributes
    ----------
    image_name : str
        Without folders: those are of somebody else's disk.
    crs : str
        Of the map's grid, for PROJ.
    transform : tuple of float
        a, b, c, d, e, f: x = a column + b row + c, y = d column + e row + f.
    """

    file_name: str
    title: str = ""
    image_name: str = ""
    datum: str = ""
    projection: str = ""
    setup: list[float] = field(default_factory=list)
    points: list[OziPoint] = field(default_factory=list)
    crs: str = ""
    transform: tuple[float, ...] = ()


def read_ozi_map(content: bytes, file_name: str) -> OziMap:
    """Read a ``.map`` file and find its place on Earth.

    Parameters
    ----------
    content
        The file; text in UTF-8 or Windows-1251.
    file_name
        For refusals.

    Raises
    ------
    GroundFileRefused
        ``not_a_map``, ``no_picture``, ``datum_unknown``, ``projection_unknown``, ``points_missing``,
        ``points_disagree``; with the line at fault where there is one.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1251", errors="replace")
    lines = text.splitlines()[:_LINES_LIMIT]
    if len(lines) < _DATUM_LINE or not lines[0].startswith("OziExplorer Map Data File"):
        raise _refused(file_name, "not_a_map", 1)
    found = OziMap(file_name, title=lines[1].strip()[:200], image_name=PureWindowsPath(lines[2].strip()).name)
    if not found.image_name:
        raise _refused(file_name, "no_picture", 3)
    found.datum = lines[_DATUM_LINE - 1].split(",")[0].strip()
    for number, line in enumerate(lines[_DATUM_LINE:], start=_DATUM_LINE + 1):
        words = [word.strip() for word in line.split(",")]
        if words[0] == "Map Projection" and len(words) > 1:
            found.projection = words[1]
        elif words[0] == "Projection Setup":
            found.setup = [_number(word) or 0.0 for word in words[1:9]]
        elif words[0].startswith("Point") and words[0][5:].isdigit() and len(words) > 16:  # noqa: PLR2004 - fields of a point
            point = _point(number, words)
            if point is not None:
                found.points.append(point)
    _place(found)
    return found


def _refused(file_name: str, reason: str, line: int | None = None, detail: str = "") -> GroundFileRefused:
    place = {} if line is None else {"line": line}
    return GroundFileRefused(reason, file_name=file_name, file_format="ozi", place=place, detail=detail)


def _number(word: str) -> float | None:
    try:
        found = float(word)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _point(line: int, words: list[str]) -> OziPoint | None:
    """Read ``Point01,xy,col,row,in,deg,D,M,N,D,M,E,grid,zone,east,north,N``; None for one that is not set."""
    column, row = _number(words[2]), _number(words[3])
    if column is None or row is None:
        return None
    point = OziPoint(line, column, row)
    lat, lon = _degrees(words[6], words[7], words[8]), _degrees(words[9], words[10], words[11])
    east, north = _number(words[14]), _number(words[15])
    if lat is not None and lon is not None:
        point.lat_deg, point.lon_deg = lat, lon
    elif east is not None and north is not None:
        zone = _number(words[13])
        point.zone = None if zone is None else int(zone)
        point.east = east
        point.north = north - 1e7 if words[16].upper() == "S" else north
    else:
        return None
    return point


def _degrees(whole: str, minutes: str, side: str) -> float | None:
    degrees, part = _number(whole), _number(minutes)
    if degrees is None or part is None or side.upper() not in {"N", "S", "E", "W"}:
        return None
    found = abs(degrees) + part / 60
    return -found if side.upper() in {"S", "W"} else found


def _place(found: OziMap) -> None:
    """Work out the grid of the map and how its picture lies on it."""
    datum = next((proj for name, proj in _DATUMS.items() if found.datum.lower().startswith(name)), None)
    if datum is None:
        raise _refused(found.file_name, "datum_unknown", _DATUM_LINE, found.datum[:60])
    if len(found.points) < _LEAST_POINTS:
        raise _refused(found.file_name, "points_missing")
    found.crs = _grid(found, datum)
    columns_rows = np.array([(point.column, point.row) for point in found.points])
    try:
        places = _projected(found, datum)
    except ProjError as fault:
        raise _refused(found.file_name, "points_disagree", found.points[0].line, str(fault)) from None
    if not np.isfinite(places).all():
        raise _refused(found.file_name, "points_disagree", found.points[0].line)
    found.transform = _fitted(found, columns_rows, places)


def _grid(found: OziMap, datum: str) -> str:
    """Return the map's projection for PROJ, in metres, or degrees for a plain grid of degrees."""
    name = found.projection.lower()
    lat0, lon0, scale, east, north, lat1, lat2 = (*found.setup, *[0.0] * 7)[:7]
    if name == "latitude/longitude":
        return f"+proj=longlat {datum} +no_defs"
    if name == "mercator":
        return f"+proj=merc +lon_0={lon0} {datum} +units=m +no_defs"
    if name == "transverse mercator":
        return (
            f"+proj=tmerc +lat_0={lat0} +lon_0={lon0} +k={scale or 1.0} +x_0={east} +y_0={north}"
            f" {datum} +units=m +no_defs"
        )
    if name == "(utm) universal transverse mercator":
        middle = _utm_middle(found)
        return f"+proj=tmerc +lat_0=0 +lon_0={middle} +k=0.9996 +x_0=500000 {datum} +units=m +no_defs"
    if name == "lambert conformal conic":
        return (
            f"+proj=lcc +lat_1={lat1} +lat_2={lat2} +lat_0={lat0} +lon_0={lon0} +x_0={east} +y_0={north}"
            f" {datum} +units=m +no_defs"
        )
    raise _refused(found.file_name, "projection_unknown", detail=found.projection[:60])


def _utm_middle(found: OziMap) -> float:
    zones = [point.zone for point in found.points if point.zone]
    if zones:
        return zones[0] * 6 - 183
    lon = next((point.lon_deg for point in found.points if point.lon_deg is not None), 0.0)
    return math.floor(lon / 6) * 6 + 3


def _projected(found: OziMap, datum: str) -> NDArray[np.float64]:
    grid = CRS.from_proj4(found.crs)
    plain = CRS.from_proj4(f"+proj=longlat {datum} +no_defs")
    turn = Transformer.from_crs(plain, grid, always_xy=True)
    places = []
    for point in found.points:
        if point.lon_deg is not None:
            places.append(turn.transform(point.lon_deg, point.lat_deg))
        else:
            places.append((point.east, point.north))
    return np.array(places, dtype=np.float64)


def _fitted(
    found: OziMap, columns_rows: NDArray[np.float64], places: NDArray[np.float64]
) -> tuple[float, ...]:
    """Fit the picture on its grid: freely from three points on, without turning it from two."""
    ones = np.ones(len(columns_rows))
    system = np.column_stack([columns_rows, ones])
    if np.linalg.matrix_rank(system) == _AFFINE_POINTS:
        (a, b, c), (d, e, f) = np.linalg.lstsq(system, places, rcond=None)[0].T.tolist()
    else:
        spans = np.ptp(columns_rows, axis=0)
        if (spans == 0).any():
            raise _refused(found.file_name, "points_missing")
        (a, c), (e, f) = (np.polyfit(columns_rows[:, axis], places[:, axis], 1).tolist() for axis in (0, 1))
        b = d = 0.0
    missed = np.hypot(*(columns_rows @ np.array([[a, d], [b, e]]) + [c, f] - places).T)
    size = float(np.hypot(*np.ptp(places, axis=0)))
    if size == 0 or a * e - b * d == 0:
        raise _refused(found.file_name, "points_missing")
    if missed.max() > _DISAGREE_SHARE * size:
        raise _refused(found.file_name, "points_disagree", found.points[int(missed.argmax())].line)
    return a, b, c, d, e, f
