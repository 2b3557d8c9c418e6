"""Mapbox Vector Tiles (2.1) out of arrays: all numbers of a layer at once, then a few bytes per feature.

References
----------
https://github.com/mapbox/vector-tile-spec/tree/master/2.1
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EXTENT = 4096
GeometryKind = Literal["line", "polygon"]
_TYPES: dict[GeometryKind, int] = {"line": 2, "polygon": 3}
_MOVE_TO, _LINE_TO, _CLOSE = 1, 2, 7


def commands(
    points: NDArray[np.integer],
    part_starts: NDArray[np.integer],
    feature_parts: NDArray[np.integer],
    kind: GeometryKind,
) -> tuple[bytes, NDArray[np.int64]]:
    """Return the drawing commands of many features, encoded, and where each begins.

    Parameters
    ----------
    points
        Shape (n, 2), tile units. Rings come without their repeated last point.
    part_starts
        Where each line or ring begins in `points`, and n at the end; every line has two points or more, every
        ring three.
    feature_parts
        Where each feature begins among the parts, and their number at the end.

    Returns
    -------
    bytes, ndarray
        All commands in a row, and their bounds, one more than there are features.
    """
    firsts = np.asarray(part_starts[:-1], dtype=np.int64)
    counts = np.diff(part_starts).astype(np.int64)
    steps = np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).astype(np.int64)
    begins = firsts[np.asarray(feature_parts[:-1], dtype=np.int64)]
    steps[begins] = points[begins]  # the pen of a feature starts in the corner
    closes = kind == "polygon"
    lengths = 2 * counts + 2 + closes
    at = np.concatenate([[0], np.cumsum(lengths)])
    numbers = np.empty(at[-1], dtype=np.int64)
    numbers[at[:-1]] = _MOVE_TO | 1 << 3
    numbers[at[:-1] + 3] = _LINE_TO | (counts - 1) << 3
    if closes:
        numbers[at[1:] - 1] = _CLOSE | 1 << 3
    # A point stands two numbers after the one before, and one further behind each part's second command.
    parts = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(points)) - firsts[parts]
    place = at[parts] + 1 + 2 * within + (within > 0)
    zigzag = (steps << 1) ^ (steps >> 63)
    numbers[place], numbers[place + 1] = zigzag[:, 0], zigzag[:, 1]
    encoded, ends = _varints(numbers)
    bounds = np.concatenate([[0], ends[at[np.asarray(feature_parts[1:], dtype=np.int64)] - 1]])
    return encoded, bounds.astype(np.int64)


def _varints(numbers: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """Return numbers in seven bits a byte, lowest first, and where each ends."""
    if not len(numbers):
        return b"", np.zeros(0, np.int64)
    digits, largest = 1, int(numbers.max())
    while largest >> 7 * digits:
        digits += 1
    # A row of as many bytes as the largest needs; what a smaller one does not need is left out.
    written = np.empty((len(numbers), digits), dtype=np.uint8)
    wanted = np.empty((len(numbers), digits), dtype=np.bool_)
    wanted[:, 0] = True
    rest = numbers
    sizes = np.ones(len(numbers), dtype=np.int64)
    for digit in range(digits - 1):
        more = rest > 0x7F  # noqa: PLR2004 - seven bits
        written[:, digit] = rest & 0x7F | more.view(np.uint8) << 7
        wanted[:, digit + 1] = more
        sizes += more
        rest = rest >> 7
    written[:, -1] = rest
    return written[wanted].tobytes(), np.cumsum(sizes)


def varint(number: int) -> bytes:
    """Return one number in seven bits a byte."""
    out = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _sized(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def value(content: str | float | bool) -> bytes:  # noqa: FBT001 - a value of a feature
    """Return an attribute's value as the message of the format."""
    if isinstance(content, bool):
        return b"\x38" + varint(content)
    if isinstance(content, int) and content >= 0:
        return b"\x28" + varint(content)
    if isinstance(content, int):
        return b"\x30" + varint(content << 1 ^ -1)
    if isinstance(content, float):
        return b"\x19" + struct.pack("<d", content)
    return _sized(1, content.encode())


class LayerWriter:
    """Writes one layer: attributes are given as numbers of keys and values.

    Parameters
    ----------
    name
        Of the layer.
    keys
        Names of the attributes, in the order of their numbers.
    """

    def __init__(self, name: str, keys: Sequence[str]) -> None:
        self._head = b"\x78\x02" + _sized(1, name.encode())
        self._keys = b"".join(_sized(3, key.encode()) for key in keys)
        self._values: dict[bytes, int] = {}

    def number_of(self, content: str | float | bool) -> int:  # noqa: FBT001 - a value of a feature
        """Return the number of a value in this layer."""
        return self._values.setdefault(value(content), len(self._values))

    def packed(self, features: Sequence[bytes]) -> bytes:
        """Return the layer of a tile; empty without features."""
        if not features:
            return b""
        values = b"".join(_sized(4, content) for content in self._values)
        body = b"".join((self._head, *features, self._keys, values, b"\x28", varint(EXTENT)))
        return _sized(3, body)


def feature(kind: GeometryKind, tags: bytes, geometry: bytes, number: int | None = None) -> bytes:
    """Return one feature: `tags` are its packed numbers of keys and values, `geometry` its commands."""
    named = b"" if number is None else b"\x08" + varint(number)
    body = b"".join(
        (named, b"\x12", varint(len(tags)), tags, b"\x18", varint(_TYPES[kind]), b"\x22",
         varint(len(geometry)), geometry)
    )  # fmt: skip
    return b"\x12" + varint(len(body)) + body


def packed_tags(numbers: Sequence[int]) -> bytes:
    """Return numbers of keys and values in turn as a feature's `tags`."""
    return b"".join(map(varint, numbers))
