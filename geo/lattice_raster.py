"""Where a raster lies in an operation's metric frame.

One lattice serves everything that is counted cell by cell: effort, travel time, probability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.errors import EffortError

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

MAX_CELLS: Final = 25_000_000


@dataclass(frozen=True, slots=True)
class Lattice:
    """Where a raster lies: cells of ``cell_m``, row 0 in the south, column 0 in the west.

    Attributes
    ----------
    west_m, south_m
        South-west corner in the operation's metric frame.
    rows, columns
        Size; ``rows * columns`` is at most ``MAX_CELLS``.
    """

    west_m: float
    south_m: float
    cell_m: float
    rows: int
    columns: int

    @classmethod
    def around(cls, bounds: tuple[float, float, float, float], *, cell_m: float, margin_m: float) -> Lattice:
        """Return the lattice over metric bounds and a margin, on whole multiples of the cell.

        Raises
        ------
        EffortError
            The raster would have more than ``MAX_CELLS`` cells, or the bounds are not finite.
        """
        west, south, east, north = bounds
        if not all(map(math.isfinite, (*bounds, margin_m))) or cell_m <= 0:
            raise EffortError("bounds of a raster must be finite", name="bounds")
        first_column, first_row = (math.floor((low - margin_m) / cell_m) for low in (west, south))
        columns = math.ceil((east + margin_m) / cell_m) - first_column
        rows = math.ceil((north + margin_m) / cell_m) - first_row
        if rows * columns > MAX_CELLS:
            raise EffortError("too many cells", name="cells")
        return cls(first_column * cell_m, first_row * cell_m, cell_m, max(1, rows), max(1, columns))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.columns

    def middles(self) -> tuple[Floats, Floats]:
        """Return the x of every column and the y of every row, metres in the frame."""
        return (
            self.west_m + (np.arange(self.columns, dtype=np.float64) + 0.5) * self.cell_m,
            self.south_m + (np.arange(self.rows, dtype=np.float64) + 0.5) * self.cell_m,
        )

    def inside(self, metric: BaseGeometry) -> Mask:
        """Return which cells have their middle within a metric geometry, shape ``(rows, columns)``."""
        within = np.zeros(self.shape, dtype=np.bool_)
        if metric.is_empty:
            return within
        x, y = self.middles()
        west, south, east, north = metric.bounds
        columns = slice(*np.searchsorted(x, (west, east)).tolist())
        rows = slice(*np.searchsorted(y, (south, north)).tolist())
        shapely.prepare(metric)
        within[rows, columns] = shapely.contains_xy(metric, *np.meshgrid(x[columns], y[rows]))
        return within
