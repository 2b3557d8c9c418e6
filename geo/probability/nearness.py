"""How far every cell is from the nearest feature: all cells at once, without asking geometry by geometry.

Features are sampled densely into the raster and their places handed from cell to cell. `distances_plain` asks
the library for every cell; the tests hold the two together.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.lattice_raster import Lattice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]

_SAMPLES: Final = 2.0  # per side of a cell
_AREA: Final = 2


def distances_m(
    lattice: Lattice, features: Sequence[object] | Geometries, *, reach_m: float, edge_only: bool = False
) -> Floats:
    """Return the distance from each cell's middle to the nearest feature, metres.

    Parameters
    ----------
    lattice
        Where the raster lies, metric frame.
    features
        Metric points, lines and polygons; missing and empty ones are passed over.
    reach_m
        Beyond it nothing is looked for.
    edge_only
        True: of polygons only the edge counts.

    Returns
    -------
    ndarray
        Shape ``(rows, columns)``; infinite out of reach, 0 inside polygons unless ``edge_only``.

    Notes
    -----
    Jump flooding (Rong and Tan 2006) of samples half a cell apart, then the distance from the segments that
    the cell and its neighbours found. The result is never below the distance, nearly always the distance, and
    above it by up to a cell where several features share one: only the nearest to its middle is handed on.
    """
    parts = _parts(features)
    if not len(parts):
        return np.full(lattice.shape, np.inf)
    pad = math.ceil(reach_m / lattice.cell_m) + 1
    wide = Lattice(
        lattice.west_m - pad * lattice.cell_m,
        lattice.south_m - pad * lattice.cell_m,
        lattice.cell_m,
        lattice.rows + 2 * pad,
        lattice.columns + 2 * pad,
    )
    away_m = _flooded(wide, _segments(wide, parts), pad)
    inner = away_m[pad:-pad, pad:-pad]
    inner[inner > reach_m] = np.inf
    if not edge_only:
        areas = parts[shapely.get_dimensions(parts) == _AREA]
        if len(areas):
            inner[inside_any(lattice, areas)] = 0.0
    return inner


def distances_plain(
    lattice: Lattice, features: Sequence[object] | Geometries, *, reach_m: float, edge_only: bool = False
) -> Floats:
    """Return the same as `distances_m`, asked cell by cell and exact."""
    away_m = np.full(lattice.shape, np.inf)
    points = shapely.points(*np.meshgrid(*lattice.middles()))
    for part in _parts(features):
        whole = shapely.boundary(part) if edge_only and shapely.get_dimensions(part) == _AREA else part
        away_m = np.minimum(away_m, shapely.distance(points, whole))
    away_m[away_m > reach_m] = np.inf
    return away_m


def inside_any(lattice: Lattice, areas: Geometries) -> Mask:
    """Return which cells have their middle inside at least one polygon, shape ``(rows, columns)``.

    Notes
    -----
    Winding numbers by row: every edge adds its direction where it crosses the line of middles. Polygons may
    overlap; what lies exactly on an edge may go either way.
    """
    rings = shapely.get_rings(shapely.orient_polygons(areas))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    middles_x, middles_y = lattice.middles()
    first = np.searchsorted(middles_y, np.minimum(start[:, 1], end[:, 1]))
    last = np.searchsorted(middles_y, np.maximum(start[:, 1], end[:, 1]))
    counts = last - first
    edge = np.repeat(np.arange(len(start)), counts)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    along = (middles_y[row] - start[edge, 1]) / (end[edge, 1] - start[edge, 1])
    x = start[edge, 0] + along * (end[edge, 0] - start[edge, 0])
    column = np.searchsorted(middles_x, x)
    turn = np.where(end[edge, 1] > start[edge, 1], 1.0, -1.0)
    width = lattice.columns + 1
    turns = np.bincount(row * width + column, turn, minlength=lattice.rows * width)
    winding = np.cumsum(turns.reshape(lattice.rows, width), axis=1)[:, :-1]
    return np.asarray(np.rint(winding) != 0)


def _parts(features: Sequence[object] | Geometries) -> Geometries:
    parts = shapely.get_parts(np.asarray(features, dtype=object).ravel())
    return np.asarray(parts[~(shapely.is_missing(parts) | shapely.is_empty(parts))])


def _segments(lattice: Lattice, parts: Geometries) -> Floats:
    """Return the features on the raster as segments, x and y of start and step, shape ``(n, 4)``."""
    dimensions = shapely.get_dimensions(parts)
    rings = shapely.get_parts(shapely.boundary(parts[dimensions == _AREA]))
    lines = np.concatenate([parts[dimensions == 1], rings])
    east_m = lattice.west_m + lattice.columns * lattice.cell_m
    north_m = lattice.south_m + lattice.rows * lattice.cell_m
    lines = shapely.clip_by_rect(lines, lattice.west_m, lattice.south_m, east_m, north_m)
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    same = line[1:] == line[:-1]
    dots = shapely.get_coordinates(parts[dimensions == 0])
    return np.concatenate(
        [
            np.hstack([xy[:-1][same], (xy[1:] - xy[:-1])[same]]),
            np.hstack([dots, np.zeros_like(dots)]),
        ]
    )


def _flooded(lattice: Lattice, segments: Floats, reach: int) -> Floats:
    """Return the distance from each cell's middle to the nearest segment, out to so many cells."""
    counts = (
        np.ceil(np.hypot(segments[:, 2], segments[:, 3]) * (_SAMPLES / lattice.cell_m)).astype(np.int64) + 1
    )
    segment = np.repeat(np.arange(len(segments)), counts)
    nth = np.arange(len(segment)) - np.repeat(np.cumsum(counts) - counts, counts)
    along = nth / np.maximum(counts - 1, 1)[segment]
    places = segments[segment, :2] + along[:, None] * segments[segment, 2:]
    middles_x, middles_y = lattice.middles()
    column = np.floor((places[:, 0] - lattice.west_m) / lattice.cell_m).astype(np.int64)
    row = np.floor((places[:, 1] - lattice.south_m) / lattice.cell_m).astype(np.int64)
    on = np.flatnonzero((column >= 0) & (column < lattice.columns) & (row >= 0) & (row < lattice.rows))
    gap = np.hypot(places[on, 0] - middles_x[column[on]], places[on, 1] - middles_y[row[on]])
    on = on[
        np.argsort(-gap, kind="stable")
    ]  # of several in a cell, the nearest to its middle is written last
    nobody = len(places)
    places_x, places_y = (np.append(places[:, axis], np.inf) for axis in (0, 1))
    seeds = np.full(lattice.shape, nobody, dtype=np.int64)
    square = np.full(lattice.shape, np.inf)
    seeds[row[on], column[on]] = on
    square[row[on], column[on]] = np.sort(gap)[::-1] ** 2
    step = 1 << max(0, reach - 1).bit_length()
    steps = [1]
    while step >= 1:
        steps.append(step)
        step //= 2
    for each in (*steps, 1):
        for to, of in _neighbours(lattice.shape, each):
            theirs = seeds[of].copy()  # the windows overlap
            offered = (places_x[theirs] - middles_x[None, to[1]]) ** 2
            offered += (places_y[theirs] - middles_y[to[0], None]) ** 2
            better = offered < square[to]
            np.copyto(square[to], offered, where=better)
            np.copyto(seeds[to], theirs, where=better)
    its_segment = np.append(segment, len(segments))
    return _measured(lattice, np.vstack([segments, [[np.inf, np.inf, 0.0, 0.0]]]), its_segment[seeds])


def _measured(lattice: Lattice, segments: Floats, nearest: npt.NDArray[np.int64]) -> Floats:
    """Return the distance from each cell's middle to the segments that it and its neighbours found."""
    middles_x, middles_y = lattice.middles()
    square = np.full(lattice.shape, np.inf)
    length2 = segments[:, 2] ** 2 + segments[:, 3] ** 2
    per_length2 = np.divide(1.0, length2, out=np.zeros_like(length2), where=length2 > 0)
    start_x, start_y, step_x, step_y = (np.ascontiguousarray(segments[:, axis]) for axis in range(4))
    for to, of in (*_neighbours(lattice.shape, 1), *_itself(lattice.shape)):
        its = nearest[of]
        x = middles_x[None, to[1]] - start_x[its]
        y = middles_y[to[0], None] - start_y[its]
        u, v = step_x[its], step_y[its]
        with np.errstate(invalid="ignore"):  # nobody's segment lies at infinity and has no length
            along = np.clip((x * u + y * v) * per_length2[its], 0.0, 1.0)
            offered = (x - along * u) ** 2 + (y - along * v) ** 2
        offered[np.isnan(offered)] = np.inf
        np.minimum(square[to], offered, out=square[to])
    return np.asarray(np.sqrt(square))


_Window = tuple[slice, slice]


def _neighbours(shape: tuple[int, int], step: int) -> Iterator[tuple[_Window, _Window]]:
    """Yield the cells that have a neighbour so many cells away, and those neighbours, by direction."""
    rows, columns = shape
    for down in (-step, 0, step):
        for right in (-step, 0, step):
            if (down or right) and abs(down) < rows and abs(right) < columns:
                yield (
                    (_ahead(down, rows), _ahead(right, columns)),
                    (_ahead(-down, rows), _ahead(-right, columns)),
                )


def _itself(shape: tuple[int, int]) -> Iterator[tuple[_Window, _Window]]:
    whole = (slice(0, shape[0]), slice(0, shape[1]))
    yield whole, whole


def _ahead(shift: int, size: int) -> slice:
    return slice(max(0, shift), size + min(0, shift))
