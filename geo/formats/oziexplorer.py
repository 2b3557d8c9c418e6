"""OziExplorer ``.plt`` and ``.wpt``: comma-separated lines, usually Windows-1251, OLE dates, feet, any datum.

The program's help page "File formats" is the only description. A comma cannot stand in a name; we write the
low quotation mark ``‚`` (U+201A) that looks like it, and read it back as a comma.
"""

from __future__ import annotations

import codecs
import math
import re
from typing import Final

import numpy as np

from geo.datum import SHIFT_NAME, wgs84_from_pulkovo
from geo.formats.errors import FormatError
from geo.formats.points import PointBook, pieces
from geo.formats.times import SECONDS_PER_DAY, from_ole_days, ole_days
from geo.formats.values import (
    MAX_LAT_DEG,
    MAX_LON_DEG,
    MAX_POINTS,
    Contents,
    NoteBook,
    RawTrack,
    Waypoint,
    clean_name,
    degrees_or_none,
    number_or_nan,
)

FEET_PER_M: Final = 1 / 0.3048
NO_ALTITUDE_FT: Final = -777.0
ENCODING: Final = "windows-1251"
_PLT_HEAD, _WPT_HEAD = "oziexplorer track point file", "oziexplorer waypoint file"
_PLT_FIRST, _WPT_FIRST = 6, 4  # lines before the first point
_COMMA: Final = str.maketrans({",": "‚", "\n": " ", "\r": " "})
_RED_BGR: Final = 255
_PLAUSIBLE: Final = re.compile("[\x00-\u017f\u0400-\u045f\u2000-\u2122]*")


def read_plt(content: bytes) -> Contents:
    """Read an OziExplorer track.

    Parameters
    ----------
    content
        The file; UTF-8 if its bytes are that, else Windows-1251. The datum may be WGS 84 or Pulkovo 1942.

    Returns
    -------
    Contents
        One track, WGS 84, altitudes in metres, times in UTC as the navigator wrote them.

    Raises
    ------
    FormatError
        No such file, an unknown datum, or a line that is no point; with the line.
    """
    notes = NoteBook()
    lines = _lines(content, "plt", _PLT_HEAD, notes)
    if len(lines) < _PLT_FIRST:
        raise FormatError("truncated", "plt", {"line": len(lines)})
    shifted = _is_pulkovo(lines[1], "plt", notes)
    head = lines[4].split(",")
    name = _with_commas(head[3]) if len(head) > 3 else ""  # noqa: PLR2004 - the fourth field
    book = PointBook()
    for number, line in enumerate(lines[_PLT_FIRST:], start=_PLT_FIRST + 1):
        if line.strip():
            _add_point(book, line, number, notes)
    _check_count(lines[5], book, len(lines))
    track = book.track(name, None)
    return Contents(tracks=(_moved(track) if shifted else track,), notes=notes.notes())


def _check_count(promised: str, book: PointBook, lines: int) -> None:
    """Refuse a file without points, or one that promises more than any track holds."""
    if not len(book):
        raise FormatError("no_data", "plt", {"line": lines})
    # Programs write 0 or a stale number here, so fewer points than promised are no fault.
    number = number_or_nan(promised.split(",", maxsplit=1)[0])
    if number > MAX_POINTS:
        raise FormatError("too_many_points", "plt", {"line": 6})


def _add_point(book: PointBook, line: str, number: int, notes: NoteBook) -> None:
    if len(book) >= MAX_POINTS:
        raise FormatError("too_many_points", "plt", {"line": number})
    fields = line.split(",")
    if len(fields) < 2:  # noqa: PLR2004 - a point has a latitude and a longitude
        raise FormatError("corrupt", "plt", {"line": number})
    lat, lon = degrees_or_none(fields[0], MAX_LAT_DEG), degrees_or_none(fields[1], MAX_LON_DEG)
    if lat is None or lon is None:
        notes.add("point_off_globe", line=number, item=number - _PLT_FIRST)
        return
    if len(fields) > 2 and fields[2].strip() == "1":  # noqa: PLR2004
        book.split()
    t_s = _ole_time(fields[4]) if len(fields) > 4 else math.nan  # noqa: PLR2004
    if len(fields) > 4 and fields[4].strip() not in {"", "0"} and math.isnan(t_s):  # noqa: PLR2004
        notes.add("time_unreadable", line=number, item=number - _PLT_FIRST)
    book.add(t_s, lon, lat, _altitude_m(fields[3]) if len(fields) > 3 else math.nan)  # noqa: PLR2004


def read_wpt(content: bytes) -> Contents:
    """Read OziExplorer waypoints; parameters, datum and errors as in `read_plt`."""
    notes = NoteBook()
    lines = _lines(content, "wpt", _WPT_HEAD, notes)
    if len(lines) < _WPT_FIRST:
        raise FormatError("truncated", "wpt", {"line": len(lines)})
    shifted = _is_pulkovo(lines[1], "wpt", notes)
    found: list[Waypoint] = []
    for number, line in enumerate(lines[_WPT_FIRST:], start=_WPT_FIRST + 1):
        if len(found) >= MAX_POINTS:
            raise FormatError("too_many_points", "wpt", {"line": number})
        waypoint = _waypoint(line, number, notes) if line.strip() else None
        if waypoint is not None:
            found.append(_moved_waypoint(waypoint) if shifted else waypoint)
    if not found:
        raise FormatError("no_data", "wpt", {"line": len(lines)})
    return Contents(waypoints=tuple(found), notes=notes.notes())


def _waypoint(line: str, number: int, notes: NoteBook) -> Waypoint | None:
    fields = [*line.split(","), *[""] * 15]
    if line.count(",") < 3:  # noqa: PLR2004 - number, name, latitude, longitude
        raise FormatError("corrupt", "wpt", {"line": number})
    lat, lon = degrees_or_none(fields[2], MAX_LAT_DEG), degrees_or_none(fields[3], MAX_LON_DEG)
    if lat is None or lon is None:
        notes.add("point_off_globe", line=number, item=number - _WPT_FIRST)
        return None
    t_s, ele_m = _ole_time(fields[4]), _altitude_m(fields[14])
    return Waypoint(
        _with_commas(fields[1]),
        lon,
        lat,
        None if math.isnan(ele_m) else ele_m,
        None if math.isnan(t_s) else t_s,
        _with_commas(fields[10]),
    )


def _lines(content: bytes, format_name: str, head: str, notes: NoteBook) -> list[str]:
    if not content.strip():
        raise FormatError("empty", format_name)
    plain = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    # Short Windows-1251 words may happen to be valid UTF-8; then they are no letters that people here use.
    if not text or not _PLAUSIBLE.fullmatch(text):
        text = plain.decode(ENCODING, errors="replace")
        if "\ufffd" in text:
            notes.add("name_unreadable", line=1, detail=ENCODING)
    if not text[:200].lstrip().lower().startswith(head):
        raise FormatError("not_this_format", format_name, {"line": 1})
    # Not splitlines: it also breaks at U+2028 and others, which a name may hold.
    lines = text.replace("\r\n", "\n").replace("\r", "\n").lstrip().split("\n")
    # A last line without its end and with fewer fields than the one before is half a point.
    if lines[-1].strip() and len(lines) > _PLT_FIRST and lines[-1].count(",") < lines[-2].count(","):
        raise FormatError("truncated", format_name, {"line": len(lines)})
    return lines


def _is_pulkovo(line: str, format_name: str, notes: NoteBook) -> bool:
    datum = line.split(",", maxsplit=1)[0].strip().lower().replace("-", " ")
    if datum in {"wgs 84", "wgs84", "wgs 1984"}:
        return False
    if datum.startswith(("pulkovo 1942", "pulkovo42", "s42", "s 42", "sk42", "sk 42", "ск 42", "ск42")):
        notes.add("datum_shifted", line=2, detail=SHIFT_NAME)
        return True
    raise FormatError("datum_unknown", format_name, {"line": 2})


def _ole_time(text: str) -> float:
    days = number_or_nan(text)
    # Zero is how programs write "no time"; its date would be 1899.
    return math.nan if math.isnan(days) or days <= 0.0 else from_ole_days(days)


def _altitude_m(text: str) -> float:
    feet = number_or_nan(text)
    # To the millimetre: feet were written from metres.
    return math.nan if feet == NO_ALTITUDE_FT else round(feet / FEET_PER_M, 3)


def _with_commas(text: str) -> str:
    return clean_name(text.replace("‚", ","))


def _moved(track: RawTrack) -> RawTrack:
    points = track.points.copy()
    points["lon"], points["lat"] = wgs84_from_pulkovo(points["lon"], points["lat"])
    return RawTrack(track.name, track.device, points, track.segment_starts)


def _moved_waypoint(waypoint: Waypoint) -> Waypoint:
    lon, lat = wgs84_from_pulkovo(np.array([waypoint.lon]), np.array([waypoint.lat]))
    return Waypoint(
        waypoint.name, float(lon[0]), float(lat[0]), waypoint.ele_m, waypoint.t_s, waypoint.comment
    )


# ---- writing


def write_plt(track: RawTrack) -> bytes:
    """Write one track, WGS 84, Windows-1251 with CRLF; characters outside it become ``?``.

    Raises
    ------
    FormatError
        The track has no points.
    """
    if not len(track.points):
        raise FormatError("no_data", "plt")
    rows = [
        "OziExplorer Track Point File Version 2.1",
        "WGS 84",
        "Altitude is in Feet",
        "Reserved 3",
        f"0,2,{_RED_BGR},{track.name.translate(_COMMA)},1,0,2,{_RED_BGR}",
        str(len(track.points)),
    ]
    for piece in pieces(track):
        for index, (t_s, lon, lat, ele_m) in enumerate(piece):
            rows.append(
                f"{_angle(lat)},{_angle(lon)},{int(index == 0)},{_feet(ele_m)},{_ole(t_s)},{_clock(t_s)}"
            )
    return _encoded(rows)


def write_wpt(waypoints: tuple[Waypoint, ...]) -> bytes:
    """Write waypoints, WGS 84, Windows-1251 with CRLF; characters outside it become ``?``.

    Raises
    ------
    FormatError
        There is nothing to write.
    """
    if not waypoints:
        raise FormatError("no_data", "wpt")
    rows = ["OziExplorer Waypoint File Version 1.1", "WGS 84", "Reserved 2", "garmin"]
    for number, waypoint in enumerate(waypoints, start=1):
        nan = math.nan
        t_s = nan if waypoint.t_s is None else waypoint.t_s
        ele_m = nan if waypoint.ele_m is None else waypoint.ele_m
        rows.append(
            f"{number},{waypoint.name.translate(_COMMA)},{_angle(waypoint.lat)},{_angle(waypoint.lon)},"
            f"{'' if math.isnan(t_s) else _ole(t_s)},0,1,3,0,65535,{waypoint.comment.translate(_COMMA)},"
            f"0,0,0,{_feet(ele_m)},6,0,17"
        )
    return _encoded(rows)


def _encoded(rows: list[str]) -> bytes:
    return ("\r\n".join(rows) + "\r\n").encode(ENCODING, errors="replace")


def _angle(degrees: float) -> str:
    return f"{degrees:.7f}"


def _feet(ele_m: float) -> str:
    return f"{NO_ALTITUDE_FT:.0f}" if math.isnan(ele_m) else f"{ele_m * FEET_PER_M:.3f}"


def _ole(t_s: float) -> str:
    return "0" if math.isnan(t_s) else f"{ole_days(t_s):.9f}"


def _clock(t_s: float) -> str:
    """Write date and time of day in words, which OziExplorer shows but does not read."""
    if math.isnan(t_s):
        return ","
    date = np.datetime64(int(t_s // SECONDS_PER_DAY), "D").astype(object)
    seconds = int(t_s % SECONDS_PER_DAY)
    return f"{date:%d.%m.%y},{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
