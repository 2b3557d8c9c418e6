"""P1 to P3: natural lines, grid cells, balanced groups, each beside its baseline and with equal answers."""

import asyncio
import math
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import geopandas
import numpy as np
import pymetis
import shapely
from sqlalchemy.ext.asyncio import create_async_engine

from geo.cells import cut_cells
from geo.crs import LocalFrame
from geo.grouping import Units, balanced_groups
from geo.natural import natural_partition
from geo.plane import plane_map
from search_ops.importing.osm import import_osm
from search_ops.persistence.ground import NATURAL_LINE_CLASSES, natural_lines
from tests.benchmarks.figure import Figure, median_s
from tests.benchmarks.ground import EXTRACT, database

Lines = np.ndarray[Any, np.dtype[np.object_]]
# A sixteenth of the stored 1e-7 degrees: crossings rounded to it change no area by more than 1e-9.
FINE_UNITS_PER_DEG = 16e7
GROUPS = 20


def cutting() -> Iterator[Figure]:
    """Measure P1, P2 and P3."""
    yield from natural()
    yield from cells()
    yield from groups()


# ---- P1 ----------------------------------------------------------------------------------------


def natural() -> Iterator[Figure]:
    """Measure the faces of natural lines of the demo extract, repeated side by side, and the whole cut."""
    tile = _demo_lines()
    taken: dict[int, float] = {}
    for count in (10_000, 100_000):
        lonlat = _repeated(tile, count)
        lines = shapely.transform(lonlat, lambda each: np.rint(each * FINE_UNITS_PER_DEG))
        area = _ragged_area(shapely.total_bounds(lines))
        ours, plain = partial(_our_faces, area, lines), partial(_plain_faces, area, lines)
        _assert_same_faces(ours(), plain(), area)
        runs = 5 if count == 10_000 else 3
        taken[count] = median_s(ours, runs)
        baseline = median_s(plain, runs)
        yield Figure(
            f"P1 partition {count} lines",
            taken[count],
            "s",
            runs,
            baseline,
            "shapely union_all + polygonize of the same lines",
        )
    yield Figure("P1 growth, 10 x the lines", taken[100_000] / taken[10_000], "x", 3)
    yield _whole_partition(_repeated(tile, 10_000))


def _whole_partition(lonlat: Lines) -> Figure:
    """Time everything that a natural cut does: snap to 1e-7 degrees, connect, merge, label, check."""
    area = shapely.transform(_ragged_area(shapely.total_bounds(lonlat) * 1e7), lambda each: each / 1e7)
    frame = LocalFrame.at(area.centroid.x, area.centroid.y)
    ours = median_s(partial(natural_partition, area, list(lonlat), frame), 3)
    plain = median_s(partial(_plain_faces, area, lonlat), 3)
    return Figure(
        "P1 whole natural partition 10000 lines",
        ours,
        "s",
        3,
        plain,
        "shapely union_all + polygonize, without connecting ends, merging, lattice and checks",
    )


def _demo_lines() -> Lines:
    with database() as urls:
        import_osm(EXTRACT, urls.owner_url)
        return asyncio.run(_lines(urls.sqlalchemy.app_url))


async def _lines(url: Any) -> Lines:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await natural_lines(
            connection, shapely.box(9.4, 47.0, 9.7, 47.3), tuple(NATURAL_LINE_CLASSES)
        )
    await engine.dispose()
    return np.array(found, dtype=object)


def _repeated(tile: Lines, count: int) -> Lines:
    """Return that many lines: copies of the extract side by side in a square."""
    west, south, east, north = shapely.total_bounds(tile)
    side = math.ceil(math.sqrt(count / len(tile)))
    copies = [
        shapely.transform(tile, partial(np.add, np.array((i * (east - west), j * (north - south)))))
        for i in range(side)
        for j in range(side)
    ]
    return np.concatenate(copies)[:count]


def _ragged_area(bounds: Any, corners: int = 3_000) -> shapely.Polygon:
    west, south, east, north = bounds
    rng = np.random.default_rng(5)
    turn = np.linspace(0.0, 2.0 * math.pi, corners, endpoint=False)
    radius = 0.75 + 0.12 * np.sin(5 * turn) + 0.05 * np.sin(17 * turn) + rng.uniform(0, 0.004, corners)
    x = (west + east) / 2 + (east - west) / 2 * radius * np.cos(turn)
    y = (south + north) / 2 + (north - south) / 2 * radius * np.sin(turn)
    return shapely.Polygon(np.rint(np.column_stack((x, y))))


def _our_faces(area: shapely.Polygon, lines: Lines) -> Lines:
    shapely.prepare(area)
    return plane_map(np.array([area]), lines[shapely.intersects(area, lines)]).coverage.faces


def _plain_faces(area: shapely.Polygon, lines: Lines) -> Lines:
    noded = shapely.union_all(np.array([*lines, area.boundary], dtype=object))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    shapely.prepare(area)
    return faces[shapely.contains(area, shapely.point_on_surface(faces))]


def _assert_same_faces(ours: Lines, plain: Lines, area: shapely.Polygon) -> None:
    """Hold as many faces, each with the other's inner point and area, the sum equal to 1e-9."""
    assert len(ours) == len(plain), (len(ours), len(plain))
    mine, theirs = shapely.STRtree(ours).query(shapely.point_on_surface(plain), predicate="within")
    wide = shapely.area(plain) > shapely.length(plain)
    assert set(np.flatnonzero(wide)) <= set(mine)
    apart = np.abs(shapely.area(ours[theirs]) - shapely.area(plain[mine]))[wide[mine]]
    assert apart.max() <= 1e-9 * area.area, apart.max() / area.area
    assert abs(shapely.area(ours).sum() / shapely.area(plain).sum() - 1.0) <= 1e-9


# ---- P2 ----------------------------------------------------------------------------------------


def cells() -> Iterator[Figure]:
    """Measure cells cut against a ragged polygon of 50 000 vertices with eight holes."""
    ground = _ragged_ground()
    taken: dict[int, float] = {}
    for side in (100, 316, 1_000):
        west, south, east, north = ground.bounds
        x, y = np.linspace(west, east, side + 1), np.linspace(south, north, side + 1)
        ours = partial(cut_cells, ground, x, y)
        taken[side] = median_s(ours, 3)
        if side < 1_000:
            plain = _masked_intersection(ground, x, y)
            _assert_same_pieces(np.asarray(ours().pieces), plain)
            baseline = median_s(partial(_masked_intersection, ground, x, y), 1)
            name = "prepared mask + intersection"
        else:
            baseline, name = median_s(partial(_boxes, x, y), 3), "just making the boxes"
        yield Figure(f"P2 cut {side * side} cells", taken[side], "s", 3, baseline, name)
        if side == 100:
            begin = time.perf_counter()  # once: it takes tens of seconds
            _overlay(ground, x, y)
            once = time.perf_counter() - begin
            yield Figure(f"P2 cut {side * side} cells", taken[side], "s", 1, once, "geopandas.overlay")
    yield Figure("P2 growth, 10 x the cells", taken[1_000] / taken[316], "x", 3)


def _ragged_ground(vertices: int = 50_000) -> shapely.Polygon:
    rng = np.random.default_rng(2)

    def ring(x_m: float, y_m: float, radius_m: float, corners: int) -> Any:
        turn = np.linspace(0.0, 2.0 * math.pi, corners, endpoint=False)
        wave = 0.12 * np.sin(5 * turn) + 0.06 * np.sin(17 * turn) + 0.03 * np.sin(61 * turn)
        radius = radius_m * (1.0 + wave + rng.uniform(-0.002, 0.002, corners))
        return np.column_stack((x_m + radius * np.cos(turn), y_m + radius * np.sin(turn)))

    turns = np.arange(8) * math.pi / 4
    holes = [ring(8_000 * math.cos(turn), 8_000 * math.sin(turn), 1_500, 1_000) for turn in turns]
    return shapely.Polygon(ring(0, 0, 20_000, vertices - 8_000), holes)


def _boxes(x: Any, y: Any) -> Lines:
    row, column = np.divmod(np.arange((len(x) - 1) * (len(y) - 1)), len(x) - 1)
    return np.asarray(shapely.box(x[column], y[row], x[column + 1], y[row + 1]))


def _masked_intersection(ground: shapely.Polygon, x: Any, y: Any) -> Lines:
    boxes = _boxes(x, y)
    shapely.prepare(ground)
    boxes = boxes[shapely.intersects(ground, boxes)]
    whole = shapely.contains_properly(ground, boxes)
    return np.concatenate((boxes[whole], shapely.intersection(ground, boxes[~whole])))


def _overlay(ground: shapely.Polygon, x: Any, y: Any) -> Any:
    boxes = geopandas.GeoDataFrame(geometry=_boxes(x, y))
    return geopandas.overlay(boxes, geopandas.GeoDataFrame(geometry=[ground]), how="intersection")


def _assert_same_pieces(ours: Lines, plain: Lines) -> None:
    assert len(ours) == len(plain)
    assert np.allclose(np.sort(shapely.area(ours)), np.sort(shapely.area(plain)), rtol=1e-9, atol=1e-6)


# ---- P3 ----------------------------------------------------------------------------------------


def groups() -> Iterator[Figure]:
    """Measure 2 000 units in 20 groups: grid cells of uneven effort, and irregular faces."""
    for name, units, areas, outlines in (("cells", *_cell_units()), ("faces", *_face_units())):
        graph = _metis_graph(units)  # outside the clock; ours makes its own within
        ours, theirs = balanced_groups(units, GROUPS).group_of_unit, _metis_of(graph)
        runs = 15
        seconds = median_s(partial(balanced_groups, units, GROUPS), runs)
        baseline = median_s(partial(_metis_of, graph), runs)
        tool = "pymetis, contig, asked for 1 %"
        yield Figure(f"P3 group 2000 {name}", seconds, "s", runs, baseline, tool)
        for what, unit in (("worst deviation", "share"), ("border", "m")):
            mine, other = (_quality(units, areas, outlines, each)[what] for each in (ours, theirs))
            yield Figure(f"P3 {what}, {name}", mine, unit, 1, other, tool)
        compact, theirs_compact = (
            _quality(units, areas, outlines, each)["compact"] for each in (ours, theirs)
        )
        # Higher is better: the ratio is turned so that above one still means ours is better.
        yield Figure(f"P3 1 / mean Polsby-Popper, {name}", 1 / compact, "1", 1, 1 / theirs_compact, tool)


def _cell_units() -> tuple[Units, Any, Any]:
    columns, rows, side_m = 50, 40, 100.0
    index = np.arange(columns * rows).reshape(rows, columns)
    across = np.column_stack((index[:, :-1].ravel(), index[:, 1:].ravel()))
    pairs = np.concatenate((across, np.column_stack((index[:-1].ravel(), index[1:].ravel()))))
    y, x = np.divmod(np.arange(columns * rows), columns)
    effort = np.random.default_rng(3).uniform(0.7, 1.3, columns * rows)
    units = Units(effort, np.column_stack((x, y)) * side_m, pairs, np.full(len(pairs), side_m))
    return units, np.full(len(effort), side_m**2), np.full(len(effort), 4 * side_m)


def _face_units() -> tuple[Units, Any, Any]:
    rng = np.random.default_rng(4)
    frame = shapely.box(0, 0, 5_000, 4_000)
    points = shapely.MultiPoint(rng.uniform(0, 1, (2_000, 2)) * (5_000, 4_000))
    faces = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame)), frame)
    one, other = shapely.STRtree(faces).query(faces, predicate="touches")
    one, other = one[one < other], other[one < other]
    shared_m = shapely.length(shapely.intersection(faces[one], faces[other]))
    kept = shared_m > 1e-6
    effort = shapely.area(faces) * rng.uniform(0.5, 1.5, len(faces))
    centres = shapely.get_coordinates(shapely.centroid(faces))
    units = Units(effort, centres, np.column_stack((one, other))[kept], shared_m[kept])
    return units, shapely.area(faces), shapely.length(faces)


def _metis_graph(units: Units) -> tuple[Any, list[int], list[int]]:
    here = np.concatenate((units.pairs[:, 0], units.pairs[:, 1]))
    there = np.concatenate((units.pairs[:, 1], units.pairs[:, 0]))
    order = np.lexsort((there, here))
    starts = np.concatenate(([0], np.cumsum(np.bincount(here, minlength=len(units.effort)))))
    lengths = np.concatenate((units.shared_m, units.shared_m))[order]
    adjacency = pymetis.CSRAdjacency(starts.tolist(), there[order].tolist())
    weights = np.rint(units.effort / units.effort.mean() * 1_000).astype(int).tolist()
    return adjacency, weights, np.maximum(np.rint(lengths / lengths.mean() * 100), 1).astype(int).tolist()


def _metis_of(graph: tuple[Any, list[int], list[int]]) -> Any:
    adjacency, efforts, lengths = graph
    options = pymetis.Options(contig=1, ufactor=10)
    _, group = pymetis.part_graph(
        GROUPS, adjacency=adjacency, vweights=efforts, eweights=lengths, options=options
    )
    return np.array(group)


def _quality(units: Units, areas: Any, outlines: Any, group: Any) -> dict[str, float]:
    same = group[units.pairs[:, 0]] == group[units.pairs[:, 1]]
    inner = np.bincount(group[units.pairs[same, 0]], weights=units.shared_m[same], minlength=GROUPS)
    around = np.bincount(group, weights=outlines, minlength=GROUPS) - 2 * inner
    area = np.bincount(group, weights=areas, minlength=GROUPS)
    load = np.bincount(group, weights=units.effort, minlength=GROUPS)
    return {
        "worst deviation": float(np.abs(load / load.mean() - 1.0).max()),
        "border": float(units.shared_m[~same].sum()),
        "compact": float((4.0 * math.pi * area / around**2).mean()),
    }
