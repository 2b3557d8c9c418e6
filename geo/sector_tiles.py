"""Vector tiles of sectors out of memory: the outlines are kept flat, a tile is cut with whole-array steps.

Most sectors are much smaller than the tile: they are drawn whole, and only those that reach far out are cut.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.vector_tiles import EXTENT, commands, value, varint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LAYER = "sector"
_BUFFER = 64
# What ends within this part of a tile beyond its edge is drawn whole: quicker than cutting, and without a
# line where the tile ends.
_REACH = 0.5
_LAT_LIMIT_DEG = 85.051_128_779_806_6
_LEAST_POINTS = 3


class SectorLayer:
    """The sectors of one operation, ready for tiles.

    Parameters
    ----------
    ids, labels
        Identity and label of each sector.
    geometries
        Polygons or multipolygons, WGS 84; shape (n,).
    """

    def __init__(self, ids: Sequence[str], labels: Sequence[str], geometries: NDArray[np.object_]) -> None:
        self._names = list(zip(ids, labels, strict=True))
        # The axes of a tile: y grows southwards; so rings that count as outer turn the other way.
        self._world = shapely.orient_polygons(shapely.transform(geometries, _to_world), exterior_cw=False)
        self._boxes = shapely.bounds(self._world)
        self._left, self._top, self._right, self._bottom = np.ascontiguousarray(self._boxes.T)
        # A sector's own two values, as a tile carries them: every sector has others, none is shared.
        self._values = [
            _sized(4, value(identity)) + _sized(4, value(label)) for identity, label in self._names
        ]
        self._flat = _flattened(self._world)
        self._first_rings = np.searchsorted(self._flat[2], np.arange(len(self._names) + 1))
        self._prints = [
            hashlib.blake2b(f"{identity}\0{label}\0".encode() + wkb, digest_size=8).digest()
            for (identity, label), wkb in zip(self._names, shapely.to_wkb(geometries), strict=True)
        ]

    def __len__(self) -> int:
        return len(self._names)

    def touched(self, z: int, x: int, y: int) -> NDArray[np.int64]:
        """Return the numbers of the sectors that a tile shows, its margin included."""
        margin, scale = _BUFFER / EXTENT, 2.0**-z
        meets = self._left <= (x + 1 + margin) * scale
        meets &= self._right >= (x - margin) * scale
        meets &= self._top <= (y + 1 + margin) * scale
        meets &= self._bottom >= (y - margin) * scale
        return np.flatnonzero(meets)

    def version(self, z: int, x: int, y: int) -> str:
        """Return what changes when, and only when, a sector in the tile does."""
        found = hashlib.blake2b(digest_size=10)
        for number in self.touched(z, x, y).tolist():
            found.update(self._prints[number])
        return found.hexdigest()

    def tile(self, z: int, x: int, y: int) -> bytes:
        """Return the tile, not packed: polygons with `id` and `label`; empty without sectors."""
        some = self.touched(z, x, y)
        if not len(some):
            return b""
        boxes = self._boxes[some] * 2.0**z - np.array([x, y, x, y])
        margin = _BUFFER / EXTENT
        inside = (boxes[:, :2] >= -margin).all(axis=1) & (boxes[:, 2:] <= 1 + margin).all(axis=1)
        near = (boxes[:, :2] >= -_REACH).all(axis=1) & (boxes[:, 2:] <= 1 + _REACH).all(axis=1)
        sides = (np.array([x - margin, y - margin, x + 1 + margin, y + 1 + margin]) / 2.0**z).tolist()
        edge = np.flatnonzero(~inside)
        shown = inside.copy()
        shown[edge] = shapely.intersects(self._world[some[edge]], shapely.box(*sides))
        inner, wide = some[shown & near], some[shown & ~near]
        flat = _chosen(self._flat, self._first_rings[inner], self._first_rings[inner + 1])
        if len(wide):
            cut = shapely.orient_polygons(shapely.clip_by_rect(self._world[wide], *sides), exterior_cw=False)
            flat = _together(flat, _flattened(cut), len(inner))
        return self._packed(_drawn(flat, z, x, y), np.concatenate([inner, wide]))

    def _packed(self, drawn: Drawn, numbers: NDArray[np.int64]) -> bytes:
        points, ring_starts, shape_of_ring = drawn
        if not len(shape_of_ring):
            return b""
        firsts = np.flatnonzero(np.diff(shape_of_ring, prepend=-1))
        encoded, bounds = commands(points, ring_starts, np.append(firsts, len(shape_of_ring)), "polygon")
        ends = bounds.tolist()
        features: list[bytes] = [b""] * (2 * len(firsts))  # column by column: quicker than a loop
        features[0::2] = map(_head, range(len(firsts)), np.diff(bounds).tolist())
        features[1::2] = map(encoded.__getitem__, map(slice, ends[:-1], ends[1:]))
        values = map(self._values.__getitem__, numbers[shape_of_ring[firsts]].tolist())
        return _sized(3, b"".join((_LAYER_HEAD, *features, *values)))


def _sized(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


@lru_cache(maxsize=65_536)
def _head(number: int, size: int) -> bytes:
    """Return what stands before the commands of a tile's n-th feature: its tags, its kind, all sizes."""
    tags = b"\0" + varint(2 * number) + b"\1" + varint(2 * number + 1)
    head = b"\x12" + varint(len(tags)) + tags + b"\x18\x03\x22" + varint(size)
    return b"\x12" + varint(len(head) + size) + head


_LAYER_HEAD = (
    b"\x78\x02"
    + _sized(1, LAYER.encode())
    + _sized(3, b"id")
    + _sized(3, b"label")
    + b"\x28"
    + varint(EXTENT)
)
Flat = tuple["NDArray[np.float64]", "NDArray[np.int64]", "NDArray[np.int64]"]
Drawn = tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]


def _to_world(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Web Mercator with the whole map from 0 to 1, y southwards."""
    lat = np.radians(np.clip(lonlat[:, 1], -_LAT_LIMIT_DEG, _LAT_LIMIT_DEG))
    return np.column_stack([lonlat[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def _flattened(geometries: NDArray[np.object_]) -> Flat:
    """Return points of all rings (the repeated last left out), where each begins, and whose it is."""
    polygons, shape_of_polygon = shapely.get_parts(geometries, return_index=True)
    areas = shapely.get_type_id(polygons) == 3  # noqa: PLR2004 - clipping may leave lines
    rings, polygon_of_ring = shapely.get_rings(polygons[areas], return_index=True)
    shapes = shape_of_polygon[areas][polygon_of_ring]
    points, ring_of_point = shapely.get_coordinates(rings, return_index=True)
    last = np.append(ring_of_point[1:] != ring_of_point[:-1], True) if len(points) else np.empty(0, bool)
    counts = np.bincount(ring_of_point[~last], minlength=len(rings))
    return points[~last], np.concatenate([[0], np.cumsum(counts)]), shapes.astype(np.int64)


def _chosen(flat: Flat, first: NDArray[np.int64], last: NDArray[np.int64]) -> Flat:
    """Return the rings of some shapes, each given by its first and the one after its last, renumbered."""
    points, starts, _ = flat
    rings = _runs(first, last)
    chosen = _runs(starts[rings], starts[rings + 1])
    lengths = starts[rings + 1] - starts[rings]
    renumbered = np.repeat(np.arange(len(first)), last - first)
    return points[chosen], np.concatenate([[0], np.cumsum(lengths)]), renumbered


def _runs(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return first, first + 1, ... last - 1 of each pair, one after the other."""
    lengths = last - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(first - (ends - lengths), lengths))


def _together(one: Flat, other: Flat, shapes: int) -> Flat:
    """Return two sets of rings as one; the shapes of the second are counted on from those of the first."""
    points = np.concatenate([one[0], other[0]])
    starts = np.concatenate([one[1], other[1][1:] + len(one[0])])
    return points, starts, np.concatenate([one[2], other[2] + shapes])


def _drawn(flat: Flat, z: int, x: int, y: int) -> Drawn:
    """Round to tile units; points that fall together and rings that vanish are left out."""
    points, starts, owners = flat
    units = np.rint((points * 2.0**z - np.array([x, y])) * EXTENT).astype(np.int64)
    counts = np.diff(starts)
    ring = np.repeat(np.arange(len(counts)), counts)
    before = np.arange(len(units)) - 1
    before[starts[:-1]] = starts[1:] - 1  # the first comes after the last: rings are round
    moved = units != units[before]
    keep = moved[:, 0] | moved[:, 1]
    left = np.bincount(ring[keep], minlength=len(counts))
    seen = left >= _LEAST_POINTS
    keep &= seen[ring]
    return units[keep], np.concatenate([[0], np.cumsum(left[seen])]).astype(np.int64), owners[seen]
