"""Just enough of PNG to write pictures made here: no library, no native code."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEVEL = 6
_PALETTE, _RGBA = 3, 6
_COLOURS = 256
_HEAD_BYTES = 33


def palette_png(indices: NDArray[np.uint8], palette_rgba: NDArray[np.uint8]) -> bytes:
    """Return a picture of up to 256 colours.

    Parameters
    ----------
    indices
        Shape (rows, columns), numbers of colours.
    palette_rgba
        Shape (colours, 4), 0..255.

    Raises
    ------
    ValueError
        Shapes that make no picture.
    """
    colours = np.ascontiguousarray(palette_rgba, dtype=np.uint8)
    pixels = np.ascontiguousarray(indices, dtype=np.uint8)
    if pixels.ndim != 2 or colours.ndim != 2 or colours.shape[1] != 4 or len(colours) > _COLOURS:  # noqa: PLR2004
        raise ValueError("a picture has rows and columns, a palette up to 256 colours of four numbers")
    chunks = _chunk(b"PLTE", colours[:, :3].tobytes()) + _chunk(b"tRNS", colours[:, 3].tobytes())
    return _picture(pixels, _PALETTE, chunks)


def rgba_png(pixels: NDArray[np.uint8]) -> bytes:
    """Return a picture of shape (rows, columns, 4)."""
    whole = np.ascontiguousarray(pixels, dtype=np.uint8)
    if whole.ndim != 3 or whole.shape[2] != 4:  # noqa: PLR2004 - rows, columns, colours
        raise ValueError("a picture has rows, columns and four numbers a point")
    return _picture(whole.reshape(len(whole), -1), _RGBA, b"", columns=whole.shape[1])


def _picture(lines: NDArray[np.uint8], kind: int, chunks: bytes, columns: int | None = None) -> bytes:
    rows = len(lines)
    head = struct.pack(">IIBBBBB", columns or lines.shape[1], rows, 8, kind, 0, 0, 0)
    filtered = np.zeros((rows, lines.shape[1] + 1), dtype=np.uint8)  # filter 0: none
    filtered[:, 1:] = lines
    body = _chunk(b"IDAT", zlib.compress(filtered.tobytes(), _LEVEL))
    return SIGNATURE + _chunk(b"IHDR", head) + chunks + body + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def picture_size(image: bytes) -> tuple[str, int, int] | None:
    """Return media type, columns and rows of a PNG, JPEG or WebP from its head; None for anything else."""
    if image[:8] == SIGNATURE and image[12:16] == b"IHDR" and len(image) >= _HEAD_BYTES:
        columns, rows = struct.unpack(">II", image[16:24])
        return "image/png", columns, rows
    if image[:3] == b"\xff\xd8\xff":
        size = _jpeg_size(image)
        return None if size is None else ("image/jpeg", *size)
    if image[:4] == b"RIFF" and image[8:12] == b"WEBP":
        size = _webp_size(image)
        return None if size is None else ("image/webp", *size)
    return None


def _jpeg_size(image: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(image) and image[at] == 0xFF:  # noqa: PLR2004 - begin of a marker
        marker = image[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - padding
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004 - frames
            rows, columns = struct.unpack(">HH", image[at + 5 : at + 9])
            return columns, rows
        at += 2 + int.from_bytes(image[at + 2 : at + 4], "big")
    return None


def _webp_size(image: bytes) -> tuple[int, int] | None:
    kind, body = image[12:16], image[20:30]
    if len(body) < 10:  # noqa: PLR2004 - the shortest head
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        columns, rows = struct.unpack("<HH", body[6:10])
        return columns & 0x3FFF, rows & 0x3FFF
    return None
