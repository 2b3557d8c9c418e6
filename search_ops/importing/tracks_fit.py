"""Garmin FIT activity files, read by fitdecode; positions are semicircles, times count from 1989-12-31."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any, Final

import fitdecode

from geo.formats.errors import FormatError
from geo.formats.points import PointBook
from geo.formats.values import MAX_LAT_DEG, MAX_LON_DEG, MAX_POINTS, Contents, NoteBook

if TYPE_CHECKING:
    from collections.abc import Iterator

SEMICIRCLE_DEG: Final = 180.0 / 2**31
_FIT_EPOCH_S: Final = 631_065_600.0  # 1989-12-31T00:00:00Z
# The decoder trusts sizes and types that the file defines, or asserts them: what trips there is the file's
# fault.
_TRIPS: Final = (
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    struct.error,
)
MAX_FRAMES: Final = 1_000_000
_STRICT: Final = {"check_crc": fitdecode.CrcCheck.RAISE, "error_handling": fitdecode.ErrorHandling.RAISE}


def read_fit(content: bytes) -> Contents:
    """Read the positions of a FIT file as one track.

    Parameters
    ----------
    content
        The file; checksums must be right, so a damaged file is refused whole.

    Raises
    ------
    FormatError
        No FIT, damaged, cut short, or a limit; with the number of the record.
    """
    if not content:
        raise FormatError("empty", "fit")
    if content[8:12] != b".FIT":
        raise FormatError("not_this_format", "fit")
    notes, book = NoteBook(), PointBook()
    device: str | None = None
    for number, frame in enumerate(_frames(content), start=1):
        if number > MAX_FRAMES or len(book) >= MAX_POINTS:
            raise FormatError("too_many_points", "fit", {"record": number})
        if frame.name == "record":
            _add_record(book, frame, number, notes)
        elif frame.name == "file_id":
            device = _device(frame)
        elif frame.name == "event" and _value(frame, "event_type") in {"stop", "stop_all"}:
            book.split()
    if not len(book):
        raise FormatError("no_data", "fit")
    return Contents(tracks=(book.track("", device),), notes=notes.notes())


def _frames(content: bytes) -> Iterator[Any]:
    number = 0
    try:
        with fitdecode.FitReader(content, **_STRICT) as reader:
            for frame in reader:
                number += 1
                if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    yield frame
    except fitdecode.FitEOFError:
        raise FormatError("truncated", "fit", {"record": number + 1}) from None
    except (fitdecode.FitError, *_TRIPS):
        raise FormatError("corrupt", "fit", {"record": number + 1}) from None


def _value(frame: Any, name: str) -> Any:
    return frame.get_value(name, fallback=None) if frame.has_field(name) else None


def _number(frame: Any, *names: str) -> float:
    for name in names:
        value = _value(frame, name)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    return math.nan


def _add_record(book: PointBook, frame: Any, number: int, notes: NoteBook) -> None:
    lon_deg = _number(frame, "position_long") * SEMICIRCLE_DEG
    lat_deg = _number(frame, "position_lat") * SEMICIRCLE_DEG
    if math.isnan(lon_deg) or math.isnan(lat_deg):
        # Records before the first fix hold pulse and temperature only: no fault.
        return
    if abs(lon_deg) > MAX_LON_DEG or abs(lat_deg) > MAX_LAT_DEG:
        notes.add("point_off_globe", item=number)
        return
    book.add(_time_s(frame), lon_deg, lat_deg, _number(frame, "enhanced_altitude", "altitude"))


def _time_s(frame: Any) -> float:
    raw = frame.get_raw_value("timestamp", fallback=None) if frame.has_field("timestamp") else None
    return raw + _FIT_EPOCH_S if isinstance(raw, int | float) else math.nan


def _device(frame: Any) -> str | None:
    parts = [_value(frame, name) for name in ("manufacturer", "garmin_product", "product", "serial_number")]
    words = list(dict.fromkeys(str(part) for part in parts if part is not None))
    return " ".join(words)[:100] or None
