"""B3: geometries nobody should send are read right or refused by name, each within its time."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import Geod

from geo.areas import read_area
from geo.crs import LocalFrame
from geo.errors import GeometryError
from tests.faults.hostile_geometries import hostile
from tests.faults.outcome import Outcome, on_all_cores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry import MultiPolygon, Polygon

LIMIT_S: Final = 0.25
AREA_SHARE: Final = 1e-3
# Of a few square metres the geodesic sum of the oracle itself keeps fewer figures.
AREA_M2: Final = 0.5
_POINTS: Final = 5
_PIECES: Final = (10, 300, 3_000, 30_000)
_CHUNK: Final = 2_000
_GEOD: Final = Geod(ellps="WGS84")


def attack(seeds: Sequence[int], limit_s: float = math.inf) -> Outcome:
    """Read the geometry of every seed and judge what comes out, and whether it took too long."""
    outcome = Outcome()
    for seed in seeds:
        geometry = hostile(seed)
        begin = time.process_time()
        area: Polygon | MultiPolygon | None = None
        try:
            area = read_area(geometry)
        except GeometryError as refusal:
            outcome.refused[type(refusal).__name__] += 1
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what we look for
            outcome.faults.append(f"seed {seed}: {type(fault).__name__}: {fault}")
        outcome.add_time(seed, time.process_time() - begin, limit_s)
        if area is not None:
            outcome.read += 1
            wrong = _wrong(area, seed)
            if wrong is not None:
                outcome.faults.append(f"seed {seed}: {wrong}")
    return outcome


def _wrong(area: Polygon | MultiPolygon, seed: int) -> str | None:
    """Return what the independent look at an accepted area finds wrong."""
    if not area.is_valid or area.is_empty:
        return "accepted, but not valid"
    west, south, east, north = area.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        return f"accepted beyond the globe: {area.bounds}"
    ours_m2 = LocalFrame.at((west + east) / 2, 0.0).area_m2(area)
    # A wide or thin area needs many pieces before the oracle's sides follow ours: most are told by a few.
    for pieces in _PIECES:
        theirs_m2 = sum(_geodesic_m2(part, pieces) for part in shapely.get_parts([area]))
        if abs(ours_m2 - theirs_m2) <= AREA_SHARE * theirs_m2 + AREA_M2:
            break
    else:
        return f"area {ours_m2} m2, geodesic {theirs_m2} m2"
    rng = np.random.default_rng(seed)
    points = np.column_stack((rng.uniform(west, east, _POINTS), rng.uniform(south, north, _POINTS)))
    if (shapely.contains_xy(area, points) != [_is_inside(area, lon, lat) for lon, lat in points]).any():
        return f"inside and outside disagree among {points.tolist()}"
    return None


def _geodesic_m2(part: Polygon, pieces: int) -> float:
    """Return the area within geodesics that run from point to point of sides cut into pieces.

    Our sides are straight in degrees.
    """
    west, south, east, north = part.bounds
    dense = shapely.segmentize(part, max((east - west) / pieces, (north - south) / pieces, 1e-7))
    return abs(float(_GEOD.geometry_area_perimeter(dense)[0]))


def _is_inside(area: Polygon | MultiPolygon, lon: float, lat: float) -> bool:
    """Count the sides that a line from the point to the east meets."""
    met = 0
    for ring in shapely.get_rings(shapely.get_parts([area])):
        x, y = shapely.get_coordinates(ring).T
        above = y > lat
        crosses = above[1:] != above[:-1]
        x0, x1, y0, y1 = x[:-1][crosses], x[1:][crosses], y[:-1][crosses], y[1:][crosses]
        met += int((x0 + (lat - y0) / (y1 - y0) * (x1 - x0) > lon).sum())
    return met % 2 == 1


def geometry(count: int = 1_000_000, first: int = 0) -> Iterator[dict[str, Any]]:
    """Attack with so many seeds on all cores; return the figures, ``faults`` among them."""
    yield on_all_cores("B3 generated geometry", partial(attack, limit_s=LIMIT_S), count, first, chunk=_CHUNK)
