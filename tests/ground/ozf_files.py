"""A plain writer of OZF2 and OZF3, for tests only: every field in the order of its description."""

import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PAD = (
    0x2D, 0x4A, 0x43, 0xF1, 0x27, 0x9B, 0x69, 0x4F, 0x36, 0x52, 0x87, 0xEC, 0x5F,
    0x42, 0x53, 0x22, 0x9E, 0x8B, 0x2D, 0x83, 0x3D, 0xD2, 0x84, 0xBA, 0xD8, 0x5B,
)  # fmt: skip
MAPMERGE_OLD, IMG2OZF = 0xC208F454, 0x07A431F1


def veiled(field: bytes, key: int | None, count: int | None = None) -> bytes:
    """Veil the first bytes of a field; with no key it stays as it is."""
    if key is None:
        return field
    stop = len(field) if count is None else count
    return bytes(byte ^ ((PAD[i % 26] + key) % 256) if i < stop else byte for i, byte in enumerate(field))


def ozf(
    points: NDArray[np.uint8],
    colours: NDArray[np.uint8],
    *,
    key: int | None = None,
    second_key: int | None = None,
    signature: int = IMG2OZF,
    extra_rows: int = 0,
    zlib_level: int = 9,
) -> bytes:
    """Return a picture of numbers of colours as OZF2, or OZF3 where a key is given, with a second level."""
    height, width = points.shape
    first = struct.pack("<HIHHI", 0x7778 if key is None else 0x7780, 0, 64, 1, 0x436)
    second = struct.pack("<IIIHHIIIIII", 40, width, height, 1, 8, 0, width * height, 0, 0, 0x100, 0x100)
    out = bytearray(first)
    inner = None
    if key is not None:
        inner = (key + 0x8A) % 256 if second_key is None else second_key
        chance = bytearray((7 * i + 3) % 256 for i in range(0xA0))
        chance[0x93] = key
        out[2:] = veiled(first, key)[2:]
        out += bytes([len(chance)]) + chance + veiled(struct.pack("<I", signature), key)
    out += veiled(second, inner)
    out += struct.pack("<IHffI", 0x77777777, 2, 100.0, 25.0, 0x77777777)
    depth = 10**6 if signature == MAPMERGE_OLD else 16
    levels = [
        _level(out, level, colours, inner, depth, extra_rows, zlib_level)
        for level in (points, points[::4, ::4])
    ]
    list_at = len(out)
    for each in [*levels, list_at]:
        out += veiled(struct.pack("<I", each), inner)
    return bytes(out)


def _level(  # noqa: PLR0917 - in the order of the file
    out: bytearray,
    points: NDArray[np.uint8],
    colours: NDArray[np.uint8],
    key: int | None,
    depth: int,
    extra_rows: int,
    zlib_level: int,
) -> int:
    """Append the tiles of a level, its head and its list; return where its head begins."""
    height, width = points.shape
    across, down = -(-width // 64), -(-height // 64) + extra_rows
    whole = np.zeros((down * 64, across * 64), dtype=np.uint8)
    whole[:height, :width] = points
    begins = []
    for row in range(down):
        for column in range(across):
            tile = whole[row * 64 : row * 64 + 64, column * 64 : column * 64 + 64]
            begins.append(len(out))
            out += veiled(zlib.compress(tile[::-1].tobytes(), zlib_level), key, depth)
    begins.append(len(out))
    head_at = len(out)
    for form, number in (("<I", width), ("<I", height), ("<H", across), ("<H", down)):
        out += veiled(struct.pack(form, number), key)
    table = np.zeros((256, 4), dtype=np.uint8)
    table[:, :3] = colours[:, ::-1]
    out += veiled(table.tobytes(), key)
    for begin in begins:
        out += veiled(struct.pack("<I", begin), key)
    return head_at


def chance_points(width: int, height: int) -> NDArray[np.uint8]:
    """Return a picture without any symmetry: a turned or mirrored tile shows."""
    return np.random.default_rng(width * 7 + height).integers(0, 256, (height, width), dtype=np.uint8)


def chance_colours() -> NDArray[np.uint8]:
    """Return 256 colours whose parts differ, so that red and blue cannot change places unseen."""
    return np.random.default_rng(5).integers(0, 256, (256, 3), dtype=np.uint8)


def write_ozf(path: Path, picture: NDArray[np.uint8], **how: int) -> Path:
    """Write a picture of bands, rows and columns with few colours."""
    found, points = np.unique(picture.reshape(3, -1).T, axis=0, return_inverse=True)
    colours = np.zeros((256, 3), dtype=np.uint8)
    colours[: len(found)] = found
    path.write_bytes(ozf(points.reshape(picture.shape[1:]).astype(np.uint8), colours, **how))
    return path
