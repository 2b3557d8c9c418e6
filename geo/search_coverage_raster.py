"""Effort and swept ground of tracks on a raster, and what they say about a sector. For the worker only.

The raster lies in the operation's metric frame. Effort is kept as length per cell, so that any sweep width
can be asked of it later; the swept mask belongs to one width.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo.search_coverage import pod_exponential
from geo.search_coverage_kernels import add_lengths, mark_capsules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from geo.lattice_raster import Lattice
    from geo.tracks import Way

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

CELL_M: Final = 10.0
MERGE_M: Final = 6.0
OFF_M: Final = 0.25
_KERNEL_PARTS: Final = 16  # per side of a cell, when the edge of the kernel cuts it


def lengths_of(lattice: Lattice, ways: Sequence[Way]) -> Floats:
    """Return the exact length of the ways per cell, metres, shape ``(rows, columns)``."""
    length_m = np.zeros(lattice.shape)
    for way in ways:
        extend_lengths(lattice, length_m, way)
    return length_m


def extend_lengths(lattice: Lattice, length_m: Floats, way: Way) -> None:
    """Add a way, or one new step of it, to lengths per cell, in place."""
    if len(way.x_m):
        add_lengths(length_m, lattice.west_m, lattice.south_m, lattice.cell_m, way.x_m, way.y_m, way.counts)


def swept_by(lattice: Lattice, ways: Sequence[Way], sweep_width_m: float) -> Mask:
    """Return which cells have their middle within half a sweep width of the ways.

    Notes
    -----
    At most half a per cent of the cells differ from the union of exact capsules: a cell is wrong only when
    its middle lies within half a metre of the edge.
    """
    mask = np.zeros(lattice.shape, dtype=np.bool_)
    for way in ways:
        extend_swept(lattice, mask, way, sweep_width_m)
    return mask


def extend_swept(lattice: Lattice, mask: Mask, way: Way, sweep_width_m: float) -> None:
    """Mark what a way, or one new step of it, sweeps, in place."""
    radius_m = sweep_width_m / 2.0
    if len(way.x_m) and radius_m > 0:
        mark_capsules(
            mask,
            lattice.west_m,
            lattice.south_m,
            lattice.cell_m,
            way.x_m,
            way.y_m,
            way.counts,
            radius_m,
            min(MERGE_M, radius_m / 3.0),
            min(OFF_M, radius_m / 100.0),
        )


def coverage_raster(
    lattice: Lattice, length_m: Floats, sweep_width_m: float, swath_m: float | None = None
) -> Floats:
    """Return coverage per cell: effort spread over a disc of the swath's diameter.

    Parameters
    ----------
    length_m
        Length per cell, shape ``(rows, columns)``.
    sweep_width_m
        >= 0. Narrower than a cell, effort stays in its cell.
    swath_m
        How wide the effort lies on the ground; None: as wide as the sweep. A line search is wider.

    Returns
    -------
    ndarray
        Dimensionless, >= 0. Over the whole plane its sum times the cell's area is ``W L``: spreading loses
        nothing but what leaves the raster.

    Notes
    -----
    Across a straight line the disc leaves half an ellipse ``W`` wide with mean 1. Concentrated tracks thus
    give high coverage in few cells, and, detection being concave, less of it than the mean suggests.
    """
    kernel = disc_kernel((sweep_width_m if swath_m is None else swath_m) / 2.0, lattice.cell_m)
    spread = _convolved(length_m, kernel)
    return np.maximum(spread, 0.0) * (sweep_width_m / lattice.cell_m**2)


@lru_cache(maxsize=64)  # every task of an operation asks for one of a few
def disc_kernel(radius_m: float, cell_m: float) -> Floats:
    """Return the share of a disc in each cell around the middle one, shape ``(2 k + 1, 2 k + 1)``, sum 1.

    The array is shared: it cannot be written to.
    """
    reach = math.ceil(max(radius_m, 0.0) / cell_m + 0.5)
    parts = (2 * reach + 1) * _KERNEL_PARTS
    at_m = ((np.arange(parts) + 0.5) / _KERNEL_PARTS - reach - 0.5) * cell_m
    inside = at_m[:, None] ** 2 + at_m[None, :] ** 2 <= radius_m**2
    share = inside.reshape(2 * reach + 1, _KERNEL_PARTS, 2 * reach + 1, _KERNEL_PARTS).sum(axis=(1, 3))
    if not share.any():
        share[reach, reach] = 1
    kernel: Floats = share / share.sum()
    kernel.flags.writeable = False
    return kernel


def _convolved(values: Floats, kernel: Floats) -> Floats:
    """Convolve, zero beyond the border; same shape as ``values``."""
    reach = kernel.shape[0] // 2
    shape = [_smooth_size(size + 2 * reach) for size in values.shape]
    spectrum = np.fft.rfft2(values, shape) * np.fft.rfft2(kernel, shape)
    whole: Floats = np.fft.irfft2(spectrum, shape)
    return whole[reach : reach + values.shape[0], reach : reach + values.shape[1]]


def _smooth_size(size: int) -> int:
    """Return the next size that the transform likes: no prime factor above 5."""
    while True:
        rest = size
        for factor in (2, 3, 5):
            while rest % factor == 0:
                rest //= factor
        if rest == 1:
            return size
        size += 1


def mean_pod(coverages: Floats, within: Mask, weights: Floats | None = None) -> float:
    """Return the mean probability of detection over the cells within, random search per cell.

    Parameters
    ----------
    weights
        Probability of area per cell, any scale; None: even.
    """
    if not within.any():
        return 0.0
    pods = pod_exponential(coverages[within])
    if weights is None:
        return float(pods.mean())
    share = weights[within]
    total = float(share.sum())
    return float((pods * share).sum() / total) if total > 0 else 0.0


def missing_part(
    lattice: Lattice, covered: Mask, sector: BaseGeometry, *, least_m2: float = 400.0
) -> BaseGeometry:
    """Return the part of a sector that is not covered, metric, without crumbs.

    Parameters
    ----------
    covered
        Per cell of the lattice.
    sector
        Metric polygon, valid.
    least_m2
        Pieces smaller than this, or narrower than a cell, are noise of the raster and are left out.
    """
    open_cells = ~covered & lattice.inside(sector.buffer(lattice.cell_m))
    if not open_cells.any():
        return shapely.Polygon()
    holes = shapely.union_all(_runs(lattice, open_cells))
    left = shapely.intersection(holes, sector)
    parts = shapely.get_parts(shapely.get_parts([left]))
    parts = parts[(shapely.get_dimensions(parts) == 2) & (shapely.area(parts) >= least_m2)]  # noqa: PLR2004 - areas
    parts = parts[~shapely.is_empty(shapely.buffer(parts, -lattice.cell_m / 2.0))]
    return shapely.Polygon() if not len(parts) else shapely.union_all(parts)


def _runs(lattice: Lattice, mask: Mask) -> npt.NDArray[np.object_]:
    """Return the marked cells as boxes, one for each run of cells in a row."""
    padded = np.zeros((lattice.rows, lattice.columns + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    change = np.diff(padded, axis=1)
    row, first = np.nonzero(change == 1)
    last = np.nonzero(change == -1)[1]
    west, east = (lattice.west_m + edge * lattice.cell_m for edge in (first, last))
    south = lattice.south_m + row * lattice.cell_m
    boxes: npt.NDArray[np.object_] = shapely.box(west, south, east, south + lattice.cell_m)
    return boxes
