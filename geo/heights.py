"""Grids of heights with a place on Earth, joined, sampled, and packed into small blocks."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LOWEST_M, HIGHEST_M = -500.0, 9_000.0
BLOCK = 256
_ALIGNED_STEPS = 1e-4
_METRES, _CENTIMETRES = b"m", b"c"
_VOID_16, _VOID_32 = -(2**15), -(2**31)
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class HeightGrid:
    """Heights at the crossings of meridians and parallels, WGS 84.

    Attributes
    ----------
    west_deg, north_deg : float
        Place of the first sample: north-western.
    step_lon_deg, step_lat_deg : float
        Distance between columns and between rows, above zero.
    heights_m : ndarray
        Shape (rows, columns), float32, metres above sea level; NaN is a void.
    """

    west_deg: float
    north_deg: float
    step_lon_deg: float
    step_lat_deg: float
    heights_m: NDArray[np.float32]

    def at(self, lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return heights between the samples (bilinear); NaN outside and where most of the weight is void."""
        rows, columns = self.heights_m.shape
        x = (np.asarray(lon_deg) - self.west_deg) / self.step_lon_deg
        y = (self.north_deg - np.asarray(lat_deg)) / self.step_lat_deg
        near = _ALIGNED_STEPS
        inside = (x >= -near) & (x <= columns - 1 + near) & (y >= -near) & (y <= rows - 1 + near)
        x, y = np.clip(np.nan_to_num(x), 0, columns - 1), np.clip(np.nan_to_num(y), 0, rows - 1)
        x0 = np.minimum(x.astype(np.int64), columns - 2)
        y0 = np.minimum(y.astype(np.int64), rows - 2)
        fx, fy = x - x0, y - y0
        total, weight = np.zeros(x.shape), np.zeros(x.shape)
        for down, right, share in (
            (0, 0, (1 - fx) * (1 - fy)),
            (0, 1, fx * (1 - fy)),
            (1, 0, (1 - fx) * fy),
            (1, 1, fx * fy),
        ):
            corner = self.heights_m[y0 + down, x0 + right]
            known = ~np.isnan(corner)
            total += np.where(known, share * np.where(known, corner, 0.0), 0.0)
            weight += np.where(known, share, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(inside & (weight >= 0.5), total / weight, np.nan)  # noqa: PLR2004 - half the weight


def joined(lattice: HeightGrid, grids: Sequence[HeightGrid]) -> HeightGrid:
    """Return the lattice filled from several grids: the first that knows a place counts.

    Grids on the same lattice (neighbouring tiles of one survey) are copied sample by sample, so that nothing
    is blurred and no seam appears; others are sampled between.

    Parameters
    ----------
    lattice
        Where heights are wanted; its own are kept where they are known.
    grids
        Finest first.
    """
    heights = lattice.heights_m.copy()
    rows, columns = heights.shape
    for grid in grids:
        if not np.isnan(heights).any():
            break
        offset = _offset(lattice, grid)
        if offset is None:
            lat = lattice.north_deg - np.arange(rows) * lattice.step_lat_deg
            lon = lattice.west_deg + np.arange(columns) * lattice.step_lon_deg
            found = grid.at(*np.meshgrid(lon, lat)).astype(np.float32)
            heights = np.where(np.isnan(heights), found, heights)
            continue
        down, right = offset
        top, left = max(down, 0), max(right, 0)
        bottom = min(down + grid.heights_m.shape[0], rows)
        side = min(right + grid.heights_m.shape[1], columns)
        if top >= bottom or left >= side:
            continue
        ours = heights[top:bottom, left:side]
        theirs = grid.heights_m[top - down : bottom - down, left - right : side - right]
        heights[top:bottom, left:side] = np.where(np.isnan(ours), theirs, ours)
    return HeightGrid(
        lattice.west_deg, lattice.north_deg, lattice.step_lon_deg, lattice.step_lat_deg, heights
    )


def _offset(lattice: HeightGrid, grid: HeightGrid) -> tuple[int, int] | None:
    """Return row and column of the grid's first sample on the lattice, or None when they do not coincide."""
    if (
        abs(grid.step_lon_deg / lattice.step_lon_deg - 1) > 1e-9  # noqa: PLR2004 - the same step
        or abs(grid.step_lat_deg / lattice.step_lat_deg - 1) > 1e-9  # noqa: PLR2004
    ):
        return None
    down = (lattice.north_deg - grid.north_deg) / lattice.step_lat_deg
    right = (grid.west_deg - lattice.west_deg) / lattice.step_lon_deg
    if max(abs(down - round(down)), abs(right - round(right))) > _ALIGNED_STEPS:
        return None
    return round(down), round(right)


def known_only(heights_m: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return heights with everything that no ground on Earth has (fill values, infinities) as NaN."""
    heights = np.asarray(heights_m, dtype=np.float32)
    with np.errstate(invalid="ignore"):
        return np.where((heights >= LOWEST_M) & (heights <= HIGHEST_M), heights, np.float32(np.nan))


def halved(heights_m: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return every second sample, averaged with its neighbours (weights 1 2 1), voids left out.

    Edges are averaged along themselves only, so that neighbouring grids go on sharing theirs.
    """
    return _thinned(_thinned(heights_m).T).T


def _thinned(heights_m: NDArray[np.float32]) -> NDArray[np.float32]:
    kept = np.asarray(heights_m[::2])
    void = np.isnan(kept)
    total = np.where(void, np.float32(0), 2 * kept)
    weight = np.where(void, np.float32(0), np.float32(2))
    inner = len(kept) - 2 if len(heights_m) % 2 else len(kept) - 1
    for shift in (1, 3):
        beside = heights_m[shift::2][: max(inner, 0)]
        known = ~np.isnan(beside)
        at = slice(1, 1 + len(beside))
        total[at] += np.where(known, beside, np.float32(0))
        weight[at] += known
    with np.errstate(invalid="ignore", divide="ignore"):
        total /= weight
    # A void stays one: its neighbours must not invent ground.
    total[void] = np.nan
    return total


class BlockError(ValueError):
    """The bytes are no block of heights of that shape."""


def pack_block(heights_m: NDArray[np.float32]) -> bytes:
    """Return heights as bytes: whole metres in 16 bits where they are whole, else centimetres in 32.

    Differences along the rows, then deflate; about a byte a sample in hills.

    Parameters
    ----------
    heights_m
        Shape up to (256, 256); NaN is a void.
    """
    void = np.isnan(heights_m)
    whole = np.array_equal(np.where(void, 0, heights_m), np.where(void, 0, np.rint(heights_m)))
    kind, scale, empty, form = (
        (_METRES, 1, _VOID_16, np.dtype("<i2")) if whole else (_CENTIMETRES, 100, _VOID_32, np.dtype("<i4"))
    )
    numbers = np.where(void, empty, np.rint(np.nan_to_num(heights_m.astype(np.float64)) * scale)).astype(form)
    steps = numbers.view(f"<u{form.itemsize}").copy()
    steps[:, 1:] -= numbers.view(f"<u{form.itemsize}")[:, :-1]
    return kind + zlib.compress(steps.tobytes(), _LEVEL)


def unpack_block(packed: bytes, rows: int, columns: int) -> NDArray[np.float32]:
    """Return the heights that `pack_block` packed.

    Raises
    ------
    BlockError
        They are not such a block, or swell to another size.
    """
    kind, body = packed[:1], packed[1:]
    if kind not in {_METRES, _CENTIMETRES} or not 0 < rows <= BLOCK or not 0 < columns <= BLOCK:
        raise BlockError("not a block of heights")
    size = 2 if kind == _METRES else 4
    expected = rows * columns * size
    try:
        unpacking = zlib.decompressobj()
        plain = unpacking.decompress(body, expected + 1)
    except zlib.error as fault:
        raise BlockError("a damaged block of heights") from fault
    if len(plain) != expected or not unpacking.eof:
        raise BlockError("a block of another size")
    steps = np.frombuffer(plain, dtype=f"<u{size}").reshape(rows, columns)
    numbers = np.cumsum(steps, axis=1, dtype=f"<u{size}").astype(f"<u{size}").view(f"<i{size}")
    void = numbers == (_VOID_16 if size == 2 else _VOID_32)  # noqa: PLR2004 - bytes of a sample
    heights = numbers.astype(np.float64) / (1 if kind == _METRES else 100)
    return known_only(np.where(void, np.nan, heights))
