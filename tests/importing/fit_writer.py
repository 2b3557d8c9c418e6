"""A FIT activity as a wrist device writes it: header, definitions, compressed times, both checksums.

Written from Garmin's "FIT Protocol" description; only what an activity of a walk needs.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FIT_EPOCH_S: Final = 631_065_600
SEMICIRCLES_PER_DEG: Final = 2**31 / 180
_CRC_TABLE: Final = (
    *(0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401),
    *(0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400),
)
_ENUM, _UINT8, _UINT16, _SINT32, _UINT32, _UINT32Z = 0x00, 0x02, 0x84, 0x85, 0x86, 0x8C
_FILE_ID, _EVENT, _RECORD = 0, 21, 20
_NO_ALTITUDE: Final = 0xFFFFFFFF
_NO_PLACE: Final = 0x7FFFFFFF

Fix = tuple[float, float, float, float | None]
"""UTC seconds, longitude and latitude in degrees, metres or None."""


def fit_file(
    pieces: Sequence[Sequence[Fix]], *, serial: int = 3_912_345_678, big_endian: bool = False
) -> bytes:
    """Return a FIT file whose timer was stopped between the pieces.

    Every second record has a compressed time, as devices write that save room; before the first place stands
    a record with a pulse only.
    """
    order = ">" if big_endian else "<"
    body = _definition(
        0, _FILE_ID, order, ((0, 1, _ENUM), (1, 2, _UINT16), (2, 2, _UINT16), (3, 4, _UINT32Z))
    )
    body += b"\x00" + struct.pack(order + "BHHI", 4, 1, 3589, serial)  # an activity by Garmin
    body += _definition(1, _EVENT, order, ((253, 4, _UINT32), (0, 1, _ENUM), (1, 1, _ENUM)))
    places = ((0, 4, _SINT32), (1, 4, _SINT32), (78, 4, _UINT32), (3, 1, _UINT8))
    body += _definition(2, _RECORD, order, ((253, 4, _UINT32), *places))
    body += _definition(3, _RECORD, order, places)
    for piece in pieces:
        started = int(piece[0][0]) - FIT_EPOCH_S
        body += b"\x01" + struct.pack(order + "IBB", started, 0, 0)
        body += b"\x02" + struct.pack(order + "IiiIB", started, _NO_PLACE, _NO_PLACE, _NO_ALTITUDE, 92)
        for number, (t_s, lon, lat, ele_m) in enumerate(piece):
            stamp = int(t_s) - FIT_EPOCH_S
            row = struct.pack(order + "iiIB", _semicircles(lat), _semicircles(lon), _altitude(ele_m), 101)
            if number % 2:
                body += bytes([0x80 | 3 << 5 | stamp & 0x1F]) + row
            else:
                body += b"\x02" + struct.pack(order + "I", stamp) + row
        body += b"\x01" + struct.pack(order + "IBB", int(piece[-1][0]) - FIT_EPOCH_S, 0, 4)
    head = struct.pack("<BBHI4s", 14, 0x20, 2_132, len(body), b".FIT")
    whole = head + struct.pack("<H", fit_crc(head)) + body
    return whole + struct.pack("<H", fit_crc(whole))


def fit_crc(content: bytes) -> int:
    """Return the checksum of the protocol: CRC-16, by nibbles."""
    crc = 0
    for byte in content:
        for nibble in (byte & 0xF, byte >> 4):
            crc = (crc >> 4) & 0x0FFF ^ _CRC_TABLE[crc & 0xF] ^ _CRC_TABLE[nibble]
    return crc


def _definition(local: int, message: int, order: str, fields: Sequence[tuple[int, int, int]]) -> bytes:
    head = bytes([0x40 | local, 0, order == ">"]) + struct.pack(order + "H", message) + bytes([len(fields)])
    return head + b"".join(bytes(field) for field in fields)


def _semicircles(degrees: float) -> int:
    return round(degrees * SEMICIRCLES_PER_DEG)


def _altitude(ele_m: float | None) -> int:
    return _NO_ALTITUDE if ele_m is None else round((ele_m + 500) * 5)
