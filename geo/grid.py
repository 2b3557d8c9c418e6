"""Letter-number grid over an area: letters across from the west, numbers down from the north."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import shapely

from geo.coverage import Coverage, face_areas_m2, faces_within, locate, merge_small, node
from geo.errors import PartitionSettingError, TooManySectorsError
from geo.lattice import area_on_lattice, metric_to_units, seam_of, units_to_metric
from geo.partition import Partition, PartitionNote, write_partition

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Indices = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]

Letters = Literal["latin", "cyrillic"]

ALPHABETS: dict[Letters, str] = {
    # I and O are read as digits; the Cyrillic gaps are the custom of search maps.
    "latin": "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "cyrillic": "АБВГДЕЖИКЛМНПРСТУФХЦШЩЭЮЯ",
}
# An area drawn along grid lines leaves strips of millimetres after rounding: never sectors of their own.
DUST_WIDTH_M = 0.1
MIN_CELL_M, MAX_CELL_M = 100.0, 5_000.0
MAX_CELLS = 20_000
# A long thin area may lie across its own bounding box; beyond this the boxes alone take too long.
MAX_BOXES = 20 * MAX_CELLS
# Longest stretch of boundary looked at as straight when the bounding box is taken in metres.
STRETCH_UNITS = 100_000.0


def grid_partition(
    area_lonlat: BaseGeometry,
    frame: LocalFrame,
    *,
    cell_m: float = 500.0,
    letters: Letters = "latin",
    min_area_m2: float = 0.0,
    max_cells: int = MAX_CELLS,
) -> Partition:
    """Cut an area into square cells, named by letter and number.

    Parameters
    ----------
    area_lonlat
        Valid Polygon or MultiPolygon as :func:`geo.areas.read_area` returns it: EPSG:4326, split at
        180, on the 1e-7 degree lattice.
    frame
        Frame of the operation. Cells begin at whole multiples of ``cell_m`` from its centre, so that
        two areas of one operation share their grid lines.
    cell_m
        Side of a cell in metres, 100..5000.
    letters
        ``latin`` (without I and O) or ``cyrillic`` (without Ё З Й О Ч Ъ Ы Ь); after the last letter
        come pairs: AA, AB ...
    min_area_m2
        Cells clipped to less than this join the neighbour with the longest shared edge, 0..cell area.
    max_cells
        Cap on cells that meet the area.

    Returns
    -------
    Partition
        Row by row from the north-west. A cell cut in several pieces is one sector. The labels stay
        those of the full grid: the first row and column are those the area begins in.

    Raises
    ------
    PartitionSettingError
        A setting is out of its range.
    TooManySectorsError
        More cells than ``max_cells``.
    RoundingCollapseError
        The area is not valid on the lattice.

    Examples
    --------
    >>> from geo.crs import LocalFrame
    >>> area = shapely.box(37.0, 55.0, 37.01, 55.005)
    >>> cut = grid_partition(area, LocalFrame.at(37.0, 55.0), cell_m=500)
    >>> [sector.label for sector in cut.sectors]
    ['A1', 'B1', 'A2', 'B2']
    """
    _check_settings(cell_m, letters, min_area_m2)
    area = area_on_lattice(area_lonlat, frame)
    cells = _cells_over(area, frame, cell_m, max_cells)
    faces, cell_of_face = _cut(area, cells)
    coverage = Coverage.of(faces)
    areas_m2 = face_areas_m2(faces, frame)
    dust_m2 = DUST_WIDTH_M * cell_m
    group_of_face, merges = merge_small(coverage, cell_of_face, areas_m2, max(min_area_m2, dust_m2))
    labels = cells.labels(np.unique(group_of_face), letters)
    sectors = write_partition(coverage, group_of_face, labels, area, frame)
    sizes_m2 = np.bincount(cell_of_face, weights=areas_m2)
    merged = [(small, taker) for small, taker in merges if sizes_m2[small] >= dust_m2]
    notes: list[PartitionNote] = []
    if merged:
        took = tuple(labels[taker] for taker in sorted({taker for _, taker in merged} & labels.keys()))
        merged_m2 = math.fsum(sizes_m2[small] for small, _ in merged)
        notes.append(PartitionNote("merged_small", len(merged), area_m2=merged_m2, labels=took))
    small = tuple(sector.label for sector in sectors if sector.area_m2 < min_area_m2)
    if small:
        notes.append(PartitionNote("kept_small", len(small), labels=small))
    return Partition(sectors, tuple(notes))


def clip_cells_plain(
    area_lonlat: BaseGeometry, frame: LocalFrame, *, cell_m: float, letters: Letters = "latin"
) -> dict[str, BaseGeometry]:
    """Clip cell by cell with ``intersection``: the plain twin that tests hold equal to the partition.

    Returns
    -------
    dict
        Lattice geometry (units of 1e-7 degrees, continuous across 180) by label; what is smaller than
        dust is left out, nothing is merged.
    """
    area = area_on_lattice(area_lonlat, frame)
    cells = _cells_over(area, frame, cell_m, MAX_CELLS)
    pieces = {cell: area.intersection(cells.boxes[cell]) for cell in np.flatnonzero(cells.meets).tolist()}
    areas_m2 = face_areas_m2(np.array(list(pieces.values()), dtype=object), frame)
    kept = np.array(list(pieces), dtype=np.int64)[areas_m2 >= DUST_WIDTH_M * cell_m]
    return {label: pieces[cell] for cell, label in cells.labels(kept, letters).items()}


def column_letters(column: int, letters: Letters) -> str:
    """Return the letters of a column counted from 0: A, B ... then AA, AB ...

    Examples
    --------
    >>> column_letters(0, "latin"), column_letters(23, "latin"), column_letters(24, "latin")
    ('A', 'Z', 'AA')
    """
    alphabet = ALPHABETS[letters]
    name = ""
    number = column + 1
    while number:
        number, digit = divmod(number - 1, len(alphabet))
        name = alphabet[digit] + name
    return name


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Boxes of the bounding rectangle, row by row from the north-west, as lattice polygons."""

    boxes: Geometries
    columns: int
    rows: int
    meets: Flags
    whole: Flags

    def labels(self, cells: Indices, letters: Letters) -> dict[int, str]:
        """Name cells by letter and number; the first row and column are the first with a cell."""
        rows, columns = np.divmod(cells, self.columns)
        rows, columns = rows - rows.min(), columns - columns.min()
        return {
            cell: f"{column_letters(column, letters)}{row + 1}"
            for cell, row, column in zip(cells.tolist(), rows.tolist(), columns.tolist(), strict=True)
        }


def _check_settings(cell_m: float, letters: Letters, min_area_m2: float) -> None:
    if not MIN_CELL_M <= cell_m <= MAX_CELL_M:
        raise PartitionSettingError("cell_m", f"{MIN_CELL_M:.0f}..{MAX_CELL_M:.0f}")
    if letters not in get_args(Letters):
        raise PartitionSettingError("letters", "latin or cyrillic")
    if not 0.0 <= min_area_m2 <= cell_m**2:
        raise PartitionSettingError("min_area_m2", "0..cell_m squared")


def _cells_over(area: BaseGeometry, frame: LocalFrame, cell_m: float, max_cells: int) -> _Cells:
    stretched = shapely.get_coordinates(shapely.segmentize(area, STRETCH_UNITS))
    metric = units_to_metric(stretched, frame)
    # One more metre: between two points of the boundary it may still bulge by centimetres.
    west, south = np.floor((metric.min(axis=0) - 1.0) / cell_m).astype(int)
    east, north = np.ceil((metric.max(axis=0) + 1.0) / cell_m).astype(int)
    columns, rows = int(east - west), int(north - south)
    if columns * rows > max(MAX_BOXES, max_cells):
        raise TooManySectorsError(columns * rows, max_cells)
    x_m, y_m = np.meshgrid(np.arange(west, east + 1) * cell_m, np.arange(north, south - 1, -1) * cell_m)
    corners = metric_to_units(np.column_stack((x_m.ravel(), y_m.ravel())), frame).reshape(
        rows + 1, columns + 1, 2
    )
    ring = np.stack((corners[1:, :-1], corners[1:, 1:], corners[:-1, 1:], corners[:-1, :-1]), axis=2)
    boxes = np.asarray(shapely.polygons(ring.reshape(-1, 4, 2)))
    shapely.prepare(area)
    meets = np.asarray(shapely.intersects(area, boxes))
    if meets.sum() > max_cells:
        raise TooManySectorsError(int(meets.sum()), max_cells)
    whole = meets.copy()
    whole[meets] = shapely.contains_properly(area, boxes[meets])
    seam = seam_of(area)
    if seam is not None:
        box_west, _, box_east, _ = shapely.bounds(boxes).T
        whole &= ~((box_west <= seam) & (seam <= box_east))
    return _Cells(boxes, columns, rows, meets, whole)


def _cut(area: BaseGeometry, cells: _Cells) -> tuple[Geometries, Indices]:
    """Return lattice faces and the cell of each: whole boxes as they are, the border zone noded."""
    border = cells.meets & ~cells.whole
    # Noding may put vertices on the edges of whole boxes beside the boundary: they are noded with it.
    zone = np.flatnonzero(_grown(border, cells) & cells.meets)
    inner = np.setdiff1d(np.flatnonzero(cells.whole), zone)
    noded = faces_within(area, node(area, shapely.boundary(cells.boxes[zone])))
    box = locate(noded, cells.boxes[zone])
    # What is left over is the ground of the inner boxes, one face around them, or dust beside an edge.
    dust = np.flatnonzero((box < 0) & (shapely.area(noded) < 0.5 * np.median(shapely.area(cells.boxes))))
    if len(dust):
        box[dust] = shapely.STRtree(cells.boxes[zone]).nearest(noded[dust])
    cell_of_face = np.where(box < 0, -1, zone[box])
    kept = cell_of_face >= 0
    faces = np.concatenate((noded[kept], cells.boxes[inner]))
    return faces, np.concatenate((cell_of_face[kept], inner))


def _grown(flags: Flags, cells: _Cells) -> Flags:
    padded = np.pad(flags.reshape(cells.rows, cells.columns), 1)
    grown = np.zeros((cells.rows, cells.columns), dtype=bool)
    for down in range(3):
        for across in range(3):
            grown |= padded[down : down + cells.rows, across : across + cells.columns]
    return grown.ravel()
