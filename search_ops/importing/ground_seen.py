"""Which ground a file can vouch for.

The box in a file's header says what was asked for, not what is there: an extract of a country ends at the
border, not at the box. So we note which cells hold anything and draw a hull round them that follows bays.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# About 400 m; doubled whenever there are too many, so that a continent takes no more memory than a valley.
_FIRST_STEP_DEG = 0.004
_CELLS_LIMIT = 40_000
# 0 follows every gap, 1 is the convex hull (shapely.concave_hull). Woods without a single object stay inside.
_HULL_RATIO = 0.1
_ROWS = 2**32
_AREA = 2  # dimensions
_PLACES_PER_SIDE = 60


@dataclass
class SeenGround:
    """Cells in which something lies, WGS 84, and the exact box of it all."""

    _step_deg: float = _FIRST_STEP_DEG
    _cells: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    bounds: tuple[float, float, float, float] | None = None

    def add(self, geoms: NDArray[np.object_]) -> None:
        """Note the lines and the insides of geometries, not only their corners: a wood may have few."""
        if not len(geoms):
            return
        outlines = shapely.get_coordinates(shapely.segmentize(geoms, self._step_deg))
        lonlat = np.vstack([outlines, *(self._inside(geom) for geom in geoms[self._wide(geoms)])])
        column, row = np.floor(lonlat / self._step_deg).astype(np.int64).T
        self._cells = np.union1d(self._cells, column * _ROWS + row + _ROWS // 2)
        while len(self._cells) > _CELLS_LIMIT:
            self._step_deg *= 2
            column, row = self._columns_rows() // 2
            self._cells = np.unique(column * _ROWS + row + _ROWS // 2)
        west, south = lonlat.min(axis=0).tolist()
        east, north = lonlat.max(axis=0).tolist()
        old = self.bounds or (west, south, east, north)
        self.bounds = (min(west, old[0]), min(south, old[1]), max(east, old[2]), max(north, old[3]))

    def _wide(self, geoms: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Which are areas wider than a few cells: the others' outlines say enough."""
        bounds = shapely.bounds(geoms)
        sides = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        return np.asarray((shapely.get_dimensions(geoms) == _AREA) & (sides >= 2 * self._step_deg))

    def _inside(self, geom: BaseGeometry) -> NDArray[np.float64]:
        """Return places inside an area, a bounded number of them."""
        west, south, east, north = geom.bounds
        step_deg = max(self._step_deg, (east - west) / _PLACES_PER_SIDE, (north - south) / _PLACES_PER_SIDE)
        lon, lat = np.meshgrid(np.arange(west, east, step_deg), np.arange(south, north, step_deg))
        return np.column_stack([lon.ravel(), lat.ravel()])[shapely.contains_xy(geom, lon, lat).ravel()]

    def covered(self, box: BaseGeometry) -> BaseGeometry:
        """Return the hull of the cells, cut at the file's box; the box itself where they do not meet."""
        centres = (self._columns_rows().T + 0.5) * self._step_deg
        hull: BaseGeometry = shapely.concave_hull(shapely.MultiPoint(centres), ratio=_HULL_RATIO)
        covered = hull.buffer(self._step_deg / 2, join_style="mitre").intersection(box)
        return covered if covered.geom_type in {"Polygon", "MultiPolygon"} and not covered.is_empty else box

    def _columns_rows(self) -> NDArray[np.int64]:
        column, row = np.divmod(self._cells, _ROWS)
        return np.stack([column, row - _ROWS // 2])
