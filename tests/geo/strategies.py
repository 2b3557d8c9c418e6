"""Generators of areas and line networks for the tests of ``geo`` (hypothesis)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry import LineString

from geo.areas import read_area
from geo.crs import LocalFrame

if TYPE_CHECKING:
    from collections.abc import Callable

    from shapely.geometry.base import BaseGeometry

# Lowland forest, Chukotka on and beside 180 degrees, an island at 75 N, the Alps, the south.
PLACES = ((37.6, 55.7), (180.0, 65.5), (-179.95, 65.5), (60.0, 75.0), (9.5, 47.1), (-70.5, -33.4))


@dataclass(frozen=True, slots=True)
class Ground:
    """An area with the frame of its operation."""

    area: BaseGeometry
    frame: LocalFrame
    radius_m: float


def polygon_mapping(*rings: list[tuple[float, float]]) -> dict[str, Any]:
    """Return a GeoJSON Polygon of rings of positions."""
    return {"type": "Polygon", "coordinates": [[list(position) for position in ring] for ring in rings]}


def _ring(frame: LocalFrame, radii_m: np.ndarray[Any, Any], turn_rad: float) -> list[tuple[float, float]]:
    angles = turn_rad + np.linspace(0.0, 2.0 * math.pi, len(radii_m), endpoint=False)
    metric = np.column_stack((radii_m * np.cos(angles), radii_m * np.sin(angles)))
    lonlat = frame.unproject(metric).tolist()
    return [(lon, lat) for lon, lat in [*lonlat, lonlat[0]]]


@st.composite
def grounds(draw: st.DrawFn, max_radius_m: float = 4_000.0) -> Ground:
    """Star-shaped areas with up to two holes nested in one another's middle, somewhere on the globe."""
    lon, lat = draw(st.sampled_from(PLACES))
    frame = LocalFrame.at(lon, lat)
    radius_m = draw(st.floats(600.0, max_radius_m))
    arms = draw(st.integers(4, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rings = [_ring(frame, radius_m * rng.uniform(0.45, 1.0, arms), rng.uniform(0.0, 6.0))]
    if draw(st.booleans()):
        rings.append(_ring(frame, radius_m * rng.uniform(0.05, 0.2, 7), rng.uniform(0.0, 6.0))[::-1])
    return Ground(read_area(polygon_mapping(*rings)), frame, radius_m)


@st.composite
def line_soups(draw: st.DrawFn, ground: Ground) -> list[LineString]:
    """Wandering, crossing, repeated and overlapping lines, some on the boundary, some far outside."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    lines: list[LineString] = []
    count: int = draw(st.integers(0, 25))
    for _ in range(count):
        start = rng.uniform(-1.3, 1.3, 2) * ground.radius_m
        steps = rng.normal(0.0, 0.15 * ground.radius_m, (int(rng.integers(2, 9)), 2))
        lines.append(shapely.transform(LineString(start + np.cumsum(steps, axis=0)), ground.frame.unproject))
    repeated: bool = draw(st.booleans())
    if lines and repeated:
        lines += [lines[0], lines[-1].reverse(), LineString(lines[0].coords[:2])]
    along_boundary: bool = draw(st.booleans())
    if along_boundary:
        ring = shapely.get_rings(shapely.get_parts(ground.area))[0]
        lines.append(LineString(ring.coords[:3]))
    return lines


def network(
    frame: LocalFrame, spacing_m: float, count: int, shorten_m: Callable[[], float]
) -> list[LineString]:
    """Return the streets of a square town block by block, each shortened at both ends.

    The blocks are ``count`` by ``count``; with nothing shortened the lines enclose every block.
    """
    lines: list[LineString] = []
    for line in range(count + 1):
        for block in range(count):
            low, high = block * spacing_m + shorten_m(), (block + 1) * spacing_m - shorten_m()
            across = np.array([(low, line * spacing_m), (high, line * spacing_m)])
            both = (across, across[:, ::-1])
            lines += [LineString(frame.unproject(metric - count * spacing_m / 2.0)) for metric in both]
    return lines
