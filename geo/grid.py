"""Letter-number grid over an area: letters across from the west, numbers down from the north."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

import numpy as np
import shapely

from geo.coverage import Coverage, face_areas_m2, faces_within, locate, merge_small, node
from geo.errors import PartitionSettingError, TooManySectorsError
from geo.grid_names import GridAxes, GridNames, Letters, Scheme, cell_names
from geo.grid_planes import Align, GridPlane
from geo.lattice import area_on_lattice, seam_of
from geo.partition import Partition, PartitionNote, write_partition

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.crs import LocalFrame

    Indices = npt.NDArray[np.int64]
    Flags = npt.NDArray[np.bool_]
    Geometries = npt.NDArray[np.object_]

# An area drawn along grid lines leaves strips of millimetres after rounding: never sectors of their own.
DUST_WIDTH_M = 0.1
MIN_CELL_M, MAX_CELL_M = 100.0, 5_000.0
# Three seconds to a quarter of a degree.
MIN_STEP_DEG, MAX_STEP_DEG = 3.0 / 3_600.0, 0.25
MAX_CELLS = 20_000
# A long thin area may lie across its own bounding box; beyond this the boxes alone take too long.
MAX_BOXES = 20 * MAX_CELLS
# Longest stretch of boundary looked at as straight when the bounding box is taken in metres.
STRETCH_UNITS = 100_000.0
DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class GridPlan:
    """A grid: its plane, origin, cells and names.

    Parameters
    ----------
    width, height
        Size of a cell: metres, 100..5000, or degrees (3 seconds to a quarter of a degree) when aligned
        to ``geographic``. Height None: as the width.
    align
        ``local``, ``utm`` or ``geographic``, see :class:`geo.grid_planes.GridPlane`.
    origin
        A lon/lat place where grid lines cross; None: the frame's centre, or round values of UTM or degrees.
    names
        How cells are named.
    axes
        Names given before: a grid that grows goes on from them.
    """

    width: float = 500.0
    height: float | None = None
    align: Align = "local"
    origin: tuple[float, float] | None = None
    names: GridNames = field(default_factory=GridNames)
    axes: GridAxes = field(default_factory=GridAxes)

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of a cell."""
        return self.width, self.width if self.height is None else self.height


def grid_partition(
    area_lonlat: BaseGeometry,
    frame: LocalFrame,
    *,
    cell_m: float = 500.0,
    letters: Letters = "latin",
    min_area_m2: float = 0.0,
    max_cells: int = MAX_CELLS,
) -> Partition:
    """Cut an area into square cells of the local frame, named by letter and number.

    Parameters
    ----------
    area_lonlat, frame, min_area_m2, max_cells
        As for :func:`cut_grid`.
    cell_m
        Side of a cell in metres, 100..5000. Cells begin at whole multiples of it from the frame's centre,
        so that two areas of one operation share their grid lines.
    letters
        ``latin`` (without I and O) or ``cyrillic`` (without Ё З Й О Ч Ъ Ы Ь).

    Examples
    --------
    >>> from geo.crs import LocalFrame
    >>> area = shapely.box(37.0, 55.0, 37.01, 55.005)
    >>> cut = grid_partition(area, LocalFrame.at(37.0, 55.0), cell_m=500)
    >>> [sector.label for sector in cut.sectors]
    ['A1', 'B1', 'A2', 'B2']
    """
    if letters not in get_args(Letters):
        raise PartitionSettingError("letters", "latin or cyrillic")
    plan = GridPlan(cell_m, names=GridNames(letters))
    return cut_grid(area_lonlat, frame, plan, min_area_m2=min_area_m2, max_cells=max_cells)


def cut_grid(
    area_lonlat: BaseGeometry,
    frame: LocalFrame,
    plan: GridPlan,
    *,
    min_area_m2: float = 0.0,
    max_cells: int = MAX_CELLS,
) -> Partition:
    """Cut an area into the cells of a grid.

    Parameters
    ----------
    area_lonlat
        Valid Polygon or MultiPolygon as :func:`geo.areas.read_area` returns it: EPSG:4326, split at
        180, on the 1e-7 degree lattice.
    frame
        Frame of the operation.
    plan
        The grid.
    min_area_m2
        Cells clipped to less than this join the neighbour with the longest shared edge, 0..cell area.
    max_cells
        Cap on cells that meet the area.

    Returns
    -------
    Partition
        Row by row from the north-west. A cell cut in several pieces is one sector. The names stay
        those of the full grid: the first row and column are those the area begins in, or go on from
        ``plan.axes``; ``axes`` of the result says what they are now.

    Raises
    ------
    PartitionSettingError
        A setting is out of its range.
    TooManySectorsError
        More cells than ``max_cells``.
    RoundingCollapseError
        The area is not valid on the lattice.
    """
    area = area_on_lattice(area_lonlat, frame)
    plane = GridPlane(plan.align, frame)
    _check_settings(plan, plane, min_area_m2)
    cells = _cells_over(area, plane, plan, max_cells)
    faces, cell_of_face = _cut(area, cells)
    coverage = Coverage.of(faces)
    areas_m2 = face_areas_m2(faces, frame)
    dust_m2 = DUST_WIDTH_M * math.sqrt(_cell_m2(plan, plane))
    group_of_face, merges = merge_small(coverage, cell_of_face, areas_m2, max(min_area_m2, dust_m2))
    labels, axes = cells.labels(np.unique(group_of_face), plan)
    notes: list[PartitionNote] = []
    sectors = write_partition(coverage, group_of_face, labels, area, frame, notes)
    sizes_m2 = np.bincount(cell_of_face, weights=areas_m2)
    merged = [(small, taker) for small, taker in merges if sizes_m2[small] >= dust_m2]
    if merged:
        took = tuple(labels[taker] for taker in sorted({taker for _, taker in merged} & labels.keys()))
        merged_m2 = math.fsum(sizes_m2[small] for small, _ in merged)
        notes.append(PartitionNote("merged_small", len(merged), area_m2=merged_m2, labels=took))
    small = tuple(sector.label for sector in sectors if sector.area_m2 < min_area_m2)
    if small:
        notes.append(PartitionNote("kept_small", len(small), labels=small))
    return Partition(sectors, tuple(notes), axes)


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
    plan = GridPlan(cell_m, names=GridNames(letters))
    cells = _cells_over(area, GridPlane("local", frame), plan, MAX_CELLS)
    pieces = {cell: area.intersection(cells.boxes[cell]) for cell in np.flatnonzero(cells.meets).tolist()}
    areas_m2 = face_areas_m2(np.array(list(pieces.values()), dtype=object), frame)
    kept = np.array(list(pieces), dtype=np.int64)[areas_m2 >= DUST_WIDTH_M * cell_m]
    return {label: pieces[cell] for cell, label in cells.labels(kept, plan)[0].items()}


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """Boxes of the bounding rectangle, row by row from the north-west, as lattice polygons."""

    boxes: Geometries
    columns: int
    rows: int
    west: int
    north: int
    meets: Flags
    whole: Flags

    def labels(self, cells: Indices, plan: GridPlan) -> tuple[dict[int, str], GridAxes]:
        """Name cells; the first row and column are the first with a cell, or go on from the plan's axes."""
        rows, columns = np.divmod(cells, self.columns)
        # Places are counted from the origin: columns eastward, rows southward.
        across, down = (columns + self.west).tolist(), (rows - self.north).tolist()
        part = plan.names.sub_cells
        axes = GridAxes.grown(
            plan.axes, [place // part for place in across], [place // part for place in down], plan.names
        )
        named = cell_names(across, down, axes, plan.names)
        return dict(zip(cells.tolist(), named, strict=True)), axes


def _check_settings(plan: GridPlan, plane: GridPlane, min_area_m2: float) -> None:
    degrees = plan.align == "geographic"
    low, high = (MIN_STEP_DEG, MAX_STEP_DEG) if degrees else (MIN_CELL_M, MAX_CELL_M)
    for setting, value in zip(("cell_m", "cell_height_m"), plan.size, strict=True):
        if not low <= value / plan.names.sub_cells <= value <= high:
            raise PartitionSettingError(setting, f"{low:g}..{high:g}" + (" degrees" if degrees else ""))
    if plan.align not in get_args(Align):
        raise PartitionSettingError("align", "local, utm or geographic")
    if plan.names.letters not in get_args(Letters) or not plan.names.alphabet:
        raise PartitionSettingError("letters", "latin or cyrillic, at least one left")
    if plan.names.scheme not in get_args(Scheme):
        raise PartitionSettingError("scheme", "letter_number, number_letter or numbers")
    if not 0.0 <= min_area_m2 <= _cell_m2(plan, plane) * (1.0 + 1e-9):
        raise PartitionSettingError("min_area_m2", "0..cell_m squared")


def _cell_m2(plan: GridPlan, plane: GridPlane) -> float:
    """Return about what the smallest cell holds, square metres."""
    width, height = plan.size
    if plan.align == "geographic":
        width *= DEGREE_M * math.cos(math.radians(plane.frame.lat_deg))
        height *= DEGREE_M
    return width * height / plan.names.sub_cells**2


def _cells_over(area: BaseGeometry, plane: GridPlane, plan: GridPlan, max_cells: int) -> _Cells:
    step = np.array(plan.size) / plan.names.sub_cells
    origin = np.array((0.0, 0.0) if plan.origin is None else plane.place_of(*plan.origin))
    stretched = shapely.get_coordinates(shapely.segmentize(area, STRETCH_UNITS))
    places = plane.from_units(stretched)
    # A little more: between two points of the boundary it may still bulge by centimetres.
    spare = 1.0 / DEGREE_M if plan.align == "geographic" else 1.0
    west, south = np.floor((places.min(axis=0) - spare - origin) / step).astype(int)
    east, north = np.ceil((places.max(axis=0) + spare - origin) / step).astype(int)
    columns, rows = int(east - west), int(north - south)
    if columns * rows > max(MAX_BOXES, max_cells):
        raise TooManySectorsError(columns * rows, max_cells)
    x, y = np.meshgrid(
        origin[0] + np.arange(west, east + 1) * step[0], origin[1] + np.arange(north, south - 1, -1) * step[1]
    )
    corners = plane.to_units(np.column_stack((x.ravel(), y.ravel()))).reshape(rows + 1, columns + 1, 2)
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
    return _Cells(boxes, columns, rows, int(west), int(north), meets, whole)


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
