"""OziExplorer's packed pictures, OZF2 and OZF3 (``.ozf2``, ``.ozf3``, ``.ozfx3``): tiles of 256 colours.

Written from "OziExplorer File Format (OZF)" by hnedka (forum of Global Mapper, 25 December 2009) and the
same author's notes to the list ozexdev. A reader of our own, because GDAL gave up its driver with 3.11
(RFC 108), and the driver before that told no place of damage and did not know tiles that are veiled as a
whole. All numbers are little-endian.

=================  ===========================================================================================
first header       14 bytes: magic 0x7778 or 0x7780, locked (4), tile side 64 (2), version 1 (2), 0x436 (4)
OZF3 only          n (1), n chance bytes of which number 0x93 is the first key, signature of the maker (4)
second header      40 bytes: its length 40 (4), width (4), height (4), depth 1 (2), bits 8 (2), unused
levels             each: width, height (4, 4), tiles across, down (2, 2), 256 colours as B, G, R, 0, and where
                   each tile begins (4 each) and the last one ends (4)
end of file        where each level begins (4 each, the whole picture first), where that list begins (4)
=================  ===========================================================================================

A tile is a zlib stream of 64 rows of 64 numbers of colours, southern row first; tiles go from the north-west.

OZF3 veils each field by itself, byte i of it with ``pad[i % 26] + key``: first header and signature with the
first key, the rest with a second. That one follows from the second header, whose first byte is known to be
40. Of a tile 16 bytes are veiled, or all of them in the files of one maker. A later kind of OZF3, and OZF4,
use a cipher whose keys are not published: they are refused as ``ozf``.
"""

import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from search_ops.importing.relief_refusal import GroundFileRefused

WIDEST_PX, PIXELS_LIMIT = 100_000, 1_500_000_000
OZF_SUFFIXES = frozenset({".ozf", ".ozf2", ".ozf3", ".ozfx3", ".ozf4"})
OZF_MAGIC = {b"\x78\x77": "ozf2", b"\x80\x77": "ozf3"}

_FILE_LIMIT_BYTES = 1024**3
_TILE_PX = 64
_TILE_BYTES = _TILE_PX * _TILE_PX
_PACKED_LIMIT_BYTES = 10 * _TILE_BYTES
_HEAD_REST = struct.pack("<HHI", _TILE_PX, 1, 0x436)
_HEAD_BYTES, _HEAD_REST_AT = 14, 6
_SECOND = struct.Struct("<IIIHH24x")
_SIZE_AND_TILES = ("<I", "<I", "<H", "<H")
_LEVEL_HEAD_BYTES, _COLOURS_BYTES = 12, 1024
_LEAST_CHANCE, _KEY_NUMBER = 0x94, 0x93
_WHOLE_TILE_VEILED = 0xC208F454
_VEILED_BYTES = 16
_PAD = np.frombuffer(bytes.fromhex("2d4a43f1279b694f365287ec5f4253229e8b2d833dd284bad85b"), dtype=np.uint8)


class OzfPicture:
    """A packed picture, opened: its size and colours; its points come in strips.

    Parameters
    ----------
    file
        The bytes; must stay open while strips are read.
    file_name
        Name without folders, for refusals.

    Attributes
    ----------
    file_format : str
        ``ozf2`` or ``ozf3``, by the first bytes: either may carry the other's suffix.
    width, height : int
        In points.
    colours : NDArray[np.uint8]
        Red, green, blue of the 256 numbers.

    Raises
    ------
    GroundFileRefused
        ``damaged`` or ``too_large`` with the byte at fault; ``ozf`` for a kind that is not read.
    """

    def __init__(self, file: BinaryIO, file_name: str) -> None:
        self._file = file
        self._name = file_name
        self.file_format = "ozf"
        self._key: int | None = None
        self._veiled_bytes = _VEILED_BYTES
        self._size_bytes = file.seek(0, os.SEEK_END)
        if self._size_bytes > _FILE_LIMIT_BYTES:
            raise self._refused("too_large", {"byte": _FILE_LIMIT_BYTES})
        self.width, self.height = self._headers()
        self._open_level()

    def strips(self, tile_rows: int = 4) -> Iterator[tuple[int, NDArray[np.uint8]]]:
        """Yield the first row of each strip and its numbers of colours, from the north.

        Parameters
        ----------
        tile_rows
            How many rows of tiles a strip has: 64 rows of points each.

        Raises
        ------
        GroundFileRefused
            ``damaged``, or ``bomb`` when a tile unpacks to more than its 4096 points or tiles share their
            bytes; with the tile's column and row and its byte.
        """
        across, down = -(-self.width // _TILE_PX), -(-self.height // _TILE_PX)
        packed_bytes = 0
        for first in range(0, down, tile_rows):
            rows = range(first, min(down, first + tile_rows))
            strip = np.empty((len(rows) * _TILE_PX, across * _TILE_PX), dtype=np.uint8)
            for number, row in enumerate(rows):
                begins = self._begins(row, across)
                for column in range(across):
                    tile = self._tile(column, row, begins[column], begins[column + 1])
                    top, left = number * _TILE_PX, column * _TILE_PX
                    strip[top : top + _TILE_PX, left : left + _TILE_PX] = tile[::-1]
                packed_bytes += begins[-1] - begins[0]
                if packed_bytes > self._size_bytes:
                    place: dict[str, int | str] = {"tile": f"0/{row}", "byte": begins[0]}
                    raise self._refused("bomb", place, "tiles share their bytes")
            top = first * _TILE_PX
            yield top, strip[: self.height - top, : self.width]

    # ---- headers -------------------------------------------------------------------------------

    def _headers(self) -> tuple[int, int]:
        """Find out the kind and the keys; return width and height."""
        head = self._taken(0, _HEAD_BYTES)
        kind = OZF_MAGIC.get(head[:2])
        if kind is None:
            raise self._refused("ozf", {"byte": 0}, head[:2].hex())
        self.file_format = kind
        at = _HEAD_BYTES
        if kind == "ozf3":
            chance = self._taken(at, 1)[0]
            if chance < _LEAST_CHANCE:
                raise self._refused("ozf", {"byte": at}, "no key")
            key = self._taken(at + 1, chance)[_KEY_NUMBER]
            at += 1 + chance
            if _unveiled(head, key)[_HEAD_REST_AT:] != _HEAD_REST:
                raise self._refused("ozf", {"byte": _HEAD_REST_AT}, "first header")
            signature = int.from_bytes(_unveiled(self._taken(at, 4), key), "little")
            if signature == _WHOLE_TILE_VEILED:
                self._veiled_bytes = _PACKED_LIMIT_BYTES
            at += 4
            self._key = (self._taken(at, 1)[0] ^ _SECOND.size) - int(_PAD[0]) & 0xFF
        elif head[_HEAD_REST_AT:] != _HEAD_REST:
            raise self._refused("damaged", {"byte": _HEAD_REST_AT}, "first header")
        length, width, height, depth, bits = _SECOND.unpack(self._field(at, _SECOND.size))
        if (length, depth, bits) != (_SECOND.size, 1, 8):
            raise self._refused("ozf" if kind == "ozf3" else "damaged", {"byte": at}, "second header")
        if not width or not height:
            raise self._refused("damaged", {"byte": at + 4}, f"{width} x {height}")
        if max(width, height) > WIDEST_PX or width * height > PIXELS_LIMIT:
            raise self._refused("too_large", {"byte": at + 4}, f"{width} x {height}")
        return width, height

    def _open_level(self) -> None:
        """Find the whole picture among its levels: its colours and its list of tiles."""
        levels_at = self._number(self._size_bytes - 4)
        level_at = self._number(levels_at)
        at, found = level_at, []
        for form in _SIZE_AND_TILES:
            size = struct.calcsize(form)
            found.append(struct.unpack(form, self._field(at, size))[0])
            at += size
        width, height, self._tiles_across, tiles_down = found
        if (width, height) != (self.width, self.height):
            raise self._refused("damaged", {"byte": level_at}, f"{width} x {height}")
        # Some makers count a column or a row too many.
        if self._tiles_across * _TILE_PX < width or tiles_down * _TILE_PX < height:
            detail = f"{self._tiles_across} x {tiles_down} tiles"
            raise self._refused("damaged", {"byte": level_at + 8}, detail)
        blue_green_red = np.frombuffer(self._field(at, _COLOURS_BYTES), dtype=np.uint8).reshape(256, 4)
        self.colours: NDArray[np.uint8] = blue_green_red[:, 2::-1].copy()
        self._begins_at = level_at + _LEVEL_HEAD_BYTES + _COLOURS_BYTES
        end = self._begins_at + 4 * (self._tiles_across * tiles_down + 1)
        if end > self._size_bytes:
            raise self._refused("damaged", {"byte": self._begins_at}, "list of tiles")

    # ---- tiles ---------------------------------------------------------------------------------

    def _begins(self, row: int, across: int) -> list[int]:
        """Return where the tiles of a row begin, and where the last of them ends."""
        raw = self._taken(self._begins_at + 4 * row * self._tiles_across, 4 * (across + 1))
        veil = 0 if self._key is None else int.from_bytes(_unveiled(bytes(4), self._key), "little")
        begins: list[int] = (np.frombuffer(raw, dtype="<u4") ^ np.uint32(veil)).tolist()
        return begins

    def _tile(self, column: int, row: int, begin: int, end: int) -> NDArray[np.uint8]:
        """Unpack a tile, southern row first."""
        place: dict[str, int | str] = {"tile": f"{column}/{row}", "byte": begin}
        if not begin < end <= self._size_bytes or end - begin > _PACKED_LIMIT_BYTES:
            raise self._refused("damaged", place, f"ends at {end}")
        packed = self._taken(begin, end - begin)
        if self._key is not None:
            veiled = self._veiled_bytes
            packed = _unveiled(packed[:veiled], self._key) + packed[veiled:]
        try:
            points = zlib.decompressobj().decompress(packed, _TILE_BYTES + 1)
        except zlib.error as fault:
            raise self._refused("damaged", place, str(fault)) from None
        if len(points) > _TILE_BYTES:
            raise self._refused("bomb", place)
        if len(points) < _TILE_BYTES:
            raise self._refused("damaged", place, f"{len(points)} points")
        return np.frombuffer(points, dtype=np.uint8).reshape(_TILE_PX, _TILE_PX)

    # ---- bytes ---------------------------------------------------------------------------------

    def _number(self, at: int) -> int:
        return int.from_bytes(self._field(at, 4), "little")

    def _field(self, at: int, count: int) -> bytes:
        raw = self._taken(at, count)
        return raw if self._key is None else _unveiled(raw, self._key)

    def _taken(self, at: int, count: int) -> bytes:
        """Read bytes that must be there."""
        if at < 0 or at + count > self._size_bytes:
            raise self._refused("damaged", {"byte": max(at, 0)}, f"the file ends at {self._size_bytes}")
        self._file.seek(at)
        raw = self._file.read(count)
        if len(raw) < count:
            raise self._refused("damaged", {"byte": at}, "cut short while it was read")
        return raw

    def _refused(self, reason: str, place: dict[str, int | str], detail: str = "") -> GroundFileRefused:
        return GroundFileRefused(
            reason, file_name=self._name, file_format=self.file_format, place=place, detail=detail
        )


def _unveiled(raw: bytes, key: int) -> bytes:
    """Lift the veil of OZF3 from a field, or put it on: both are the same."""
    veil = np.resize(_PAD, len(raw)) + np.uint8(key)
    return (np.frombuffer(raw, dtype=np.uint8) ^ veil).tobytes()
