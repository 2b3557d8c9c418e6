"""Ground of the simulated search: three trial extracts as rasters, sectors, and times between them."""

import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyogrio
import shapely

from geo.crs import LocalFrame
from geo.lattice_raster import Lattice
from geo.travel_time import TravelGround, travel_time_s
from search_ops.importing.dem_files import open_dem
from search_ops.importing.ground_classes import area_kind, line_kinds

Raster = np.ndarray[Any, np.dtype[np.float64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Whole = np.ndarray[Any, np.dtype[np.int64]]

SIDE_M, CELL_M, SECTOR_CELLS = 10_000.0, 50.0, 10
CELLS = int(SIDE_M / CELL_M)
SECTORS_ACROSS = CELLS // SECTOR_CELLS
WALKED_LINES = ("road", "track", "path", "cutline", "power", "railway")

# Seconds per metre on the flat, km/h while sweeping, metres of sweep width: what the planner assumes.
PACES = {"forest": 1.3, "scrub": 2.0, "wetland": 2.5, "rock": 1.8, "residential": 0.8, "open": 0.9}
SWEEP_KPH = {"forest": 1.5, "scrub": 0.8, "wetland": 0.8, "rock": 1.0, "residential": 2.0, "open": 2.5}
WIDTH_M = {"forest": 30.0, "scrub": 20.0, "wetland": 30.0, "rock": 40.0, "residential": 30.0, "open": 60.0}
CLASSES = tuple(PACES)
LINE_PACE, STREAM_PACE = 0.75, 3.0
LINE_KPH = 3.0  # a line is walked about twice as fast as forest is swept
SEARCHERS = 4
_LIKE = {
    "forest": "forest",
    "scrub": "scrub",
    "heath": "scrub",
    "orchard": "forest",
    "wetland": "wetland",
    "rock": "rock",
    "sand": "open",
    "grass": "open",
    "farmland": "open",
    "cemetery": "open",
    "residential": "residential",
    "industrial": "residential",
}
_FINNISH = {
    "exposed bedrock": "rock",
    "bog wooded, passable": "wetland",
    "bog open, passable": "wetland",
    "fen open, hard to pass": "wetland",
    "paludified land": "wetland",
    "arable field": "farmland",
    "meadow": "grass",
    "park": "grass",
    "sports/recreation area": "grass",
    "garden": "residential",
    "road/parking area": "road",
    "lake": "water",
    "river (area)": "water",
}


@dataclass(frozen=True)
class Terrain:
    """One window of ground.

    Attributes
    ----------
    ground_class
        Index into ``CLASSES``, shape ``(CELLS, CELLS)``.
    lines, streams, water
        Cells with a line that can be walked, with a stream, of standing water or a river without a bridge.
    heights_m
        None where there is no model of heights.
    features
        Metric geometries by class of the importer, for what attracts.
    """

    name: str
    kind: str
    lattice: Lattice
    ground_class: Whole
    lines: Mask
    streams: Mask
    water: Mask
    heights_m: Raster | None
    features: dict[str, list[Any]]

    @cached_property
    def pace(self) -> Raster:
        """Seconds per metre that the planner assumes, inf where nobody passes."""
        pace = np.array([PACES[each] for each in CLASSES])[self.ground_class]
        pace[self.streams] = STREAM_PACE
        pace[self.water] = np.inf
        pace[self.lines] = LINE_PACE
        return pace

    @cached_property
    def travel(self) -> TravelGround:
        """The same as ground to travel over."""
        return TravelGround(self.lattice, self.pace, self.heights_m)

    @cached_property
    def sector_of_cell(self) -> Whole:
        """Number of the sector of each cell."""
        at = np.arange(CELLS) // SECTOR_CELLS
        return at[:, None] * SECTORS_ACROSS + at[None, :]

    @cached_property
    def between_h(self) -> Raster:
        """Hours from the middle of one sector to that of another, shape ``(sectors, sectors)``."""
        middles = [self.near_middle(sector) for sector in range(SECTORS_ACROSS**2)]
        rows, columns = np.array(middles).T
        times = [travel_time_s(self.travel, [middle]).time_s[rows, columns] for middle in middles]
        return np.minimum(np.array(times) / 3600.0, 24.0)

    def near_middle(self, sector: int) -> tuple[int, int]:
        """Return the open cell nearest to the middle of a sector, or its middle cell."""
        row, column = divmod(sector, SECTORS_ACROSS)
        rows, columns = (slice(at * SECTOR_CELLS, (at + 1) * SECTOR_CELLS) for at in (row, column))
        open_cells = np.argwhere(np.isfinite(self.pace[rows, columns]))
        half = SECTOR_CELLS // 2
        if not len(open_cells):
            return row * SECTOR_CELLS + half, column * SECTOR_CELLS + half
        near = open_cells[int(((open_cells - half) ** 2).sum(axis=1).argmin())]
        return int(row * SECTOR_CELLS + near[0]), int(column * SECTOR_CELLS + near[1])


def terrains() -> Iterator[Terrain]:
    """Return the three windows: high mountains, wooded hills with fields, forest with lakes and bogs.

    Raises
    ------
    KeyError
        ``SEARCH_OPS_TRIAL_DATA`` is not set.
    """
    trial = Path(os.environ["SEARCH_OPS_TRIAL_DATA"])
    heights = trial / "2-dem"
    yield _of_osm(
        trial / "1-osm/andorra-2013.osm.pbf",
        "Andorra",
        "mountain",
        (1.553, 42.546),
        [heights / "N42E001.hgt.zip"],
    )
    yield _of_osm(
        trial / "1-osm/north-bayreuth-2014.osm.gz",
        "Bayreuth",
        "hills",
        (11.55, 50.003),
        [heights / "N49E011.hgt.zip", heights / "N50E011.hgt.zip"],
    )
    yield _of_finland(trial / "1-osm/nls-finland-L4132R-nuuksio.gpkg.zip")


def _of_osm(path: Path, name: str, kind: str, middle: tuple[float, float], dems: list[Path]) -> Terrain:
    frame = LocalFrame.at(*middle)
    features: dict[str, list[Any]] = {}
    factory = osmium.geom.WKBFactory()
    for each in osmium.FileProcessor(path).with_areas():
        tags = dict(each.tags)
        try:
            if isinstance(each, osmium.osm.Area):
                found = area_kind(tags)
                if found is not None:
                    shape = shapely.from_wkb(factory.create_multipolygon(each))
                    features.setdefault(found.name, []).append(frame.to_metric(shape))
            elif isinstance(each, osmium.osm.Way):
                for found in line_kinds(tags):
                    shape = shapely.from_wkb(factory.create_linestring(each))
                    features.setdefault(found.name, []).append(frame.to_metric(shape))
        except (RuntimeError, shapely.errors.GEOSException, osmium.InvalidLocationError):
            continue  # incomplete at the edge of the extract
    lattice = _lattice()
    lonlat = frame.unproject(np.column_stack([grid.ravel() for grid in np.meshgrid(*lattice.middles())]))
    heights = np.full(len(lonlat), np.nan)
    for dem in dems:
        with open_dem(dem) as file:
            here = file.grid.at(lonlat[:, 0], lonlat[:, 1])
            heights = np.where(np.isnan(heights), here, heights)
    return _terrain(name, kind, features, "open", heights.reshape(lattice.shape))


def _of_finland(path: Path) -> Terrain:
    features: dict[str, list[Any]] = {}
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as packed:
        packed.extract("nls-L4132R.gpkg", folder)
        file = Path(folder) / "nls-L4132R.gpkg"
        for layer, column in (("terrain_areas", "class_en"), ("network_lines", "LUOKKA")):
            meta, _, shapes, fields = pyogrio.raw.read(file, layer=layer)
            words = fields[list(meta["fields"]).index(column)]
            for shape, word in zip(shapely.from_wkb(shapes), words, strict=True):
                name = "power" if layer == "network_lines" else _FINNISH.get(word)
                if name is not None:
                    moved = shapely.transform(shape, lambda xy: xy - (374_000.0, 6_684_000.0))
                    features.setdefault(name, []).append(moved)
    return _terrain("Nuuksio", "forest", features, "forest", None)


def _lattice() -> Lattice:
    return Lattice(-SIDE_M / 2, -SIDE_M / 2, CELL_M, CELLS, CELLS)


def _terrain(
    name: str, kind: str, features: dict[str, list[Any]], default: str, heights_m: Raster | None
) -> Terrain:
    lattice = _lattice()
    ground = np.full(lattice.shape, CLASSES.index(default), dtype=np.int64)
    for source, target in _LIKE.items():
        ground[_areas(lattice, features.get(source, []))] = CLASSES.index(target)
    lines = np.zeros(lattice.shape, dtype=np.bool_)
    for line in WALKED_LINES:
        lines |= _lines(lattice, features.get(line, []))
    water = _areas(lattice, features.get("water", [])) | _lines(lattice, features.get("river", []))
    streams = _lines(lattice, features.get("stream", []))
    return Terrain(name, kind, lattice, ground, lines, streams, water & ~lines, heights_m, features)


def _areas(lattice: Lattice, shapes: list[Any]) -> Mask:
    """Return the cells whose middle lies in one of the polygons."""
    inside = np.zeros(lattice.shape, dtype=np.bool_)
    x, y = lattice.middles()
    for shape in shapes:
        if shapely.get_dimensions(shape) != 2:
            continue
        west, south, east, north = shape.bounds
        columns = slice(*np.searchsorted(x, (west, east)))
        rows = slice(*np.searchsorted(y, (south, north)))
        if rows.stop > rows.start and columns.stop > columns.start:
            shapely.prepare(shape)
            inside[rows, columns] |= shapely.contains_xy(shape, *np.meshgrid(x[columns], y[rows]))
    return inside


def _lines(lattice: Lattice, shapes: list[Any]) -> Mask:
    """Return the cells that lines (and outlines) pass through, by points along them."""
    through = np.zeros(lattice.shape, dtype=np.bool_)
    if shapes:
        points = shapely.get_coordinates(shapely.segmentize(np.array(shapes, dtype=object), CELL_M / 5.0))
        column = np.floor((points[:, 0] - lattice.west_m) / CELL_M).astype(np.int64)
        row = np.floor((points[:, 1] - lattice.south_m) / CELL_M).astype(np.int64)
        within = (row >= 0) & (row < lattice.rows) & (column >= 0) & (column < lattice.columns)
        through[row[within], column[within]] = True
    return through
