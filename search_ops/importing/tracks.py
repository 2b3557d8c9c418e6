"""Files of tracks and points: recognised by content, bounded, read whole or refused with name and place."""

from __future__ import annotations

import json
from array import array
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.formats.errors import FormatError
from geo.formats.geojson import read_geojson
from geo.formats.gpx import read_gpx
from geo.formats.kml import read_kml
from geo.formats.oziexplorer import read_plt, read_wpt
from geo.formats.points import points_of
from geo.formats.values import Contents, Note, RawTrack, Waypoint, clean_name
from search_ops.importing.archives import is_zip, unpack
from search_ops.importing.bounded import Limits, run_bounded
from search_ops.importing.file_refusal import FileRefused
from search_ops.importing.tracks_fit import read_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

__all__ = ["FileRefused", "Note", "RawTrack", "Waypoint", "read_contents", "read_tracks", "read_waypoints"]

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
_READERS: Final[dict[str, Callable[[bytes], Contents]]] = {
    "gpx": read_gpx,
    "kml": read_kml,
    "plt": read_plt,
    "wpt": read_wpt,
    "fit": read_fit,
    "geojson": read_geojson,
}
_HEAD_BYTES: Final = 4096
_SQLITE: Final = b"SQLite format 3\x00"


def read_tracks(content: bytes, name: str) -> tuple[list[RawTrack], list[Note]]:
    """Read the recorded tracks of a file.

    Parameters
    ----------
    content
        GPX, KML, KMZ, OziExplorer PLT, FIT, GeoJSON or GeoPackage, at most 64 MiB.
    name
        The file's name; tracks without a name of their own get it without suffix.

    Returns
    -------
    tuple
        Tracks in the file's order, WGS 84, nothing flagged; and what was dropped or repaired. Routes and
        polygons are not tracks; a file that holds only those gives no tracks and says so in a note.

    Raises
    ------
    FileRefused
        With reason, name, format and place.
    """
    contents = read_contents(content, name)
    tracks = [_named(track, name) for track in contents.tracks]
    notes = list(contents.notes)
    if contents.routes:
        notes.append(Note("routes_left_out", len(contents.routes)))
    return tracks, notes


def read_waypoints(content: bytes, name: str) -> tuple[list[Waypoint], list[Note]]:
    """Read the named points of a GPX, WPT, KML, KMZ or GeoJSON file; errors as in `read_tracks`."""
    contents = read_contents(content, name)
    return list(contents.waypoints), list(contents.notes)


def read_contents(content: bytes, name: str) -> Contents:
    """Read all that a file of tracks or points holds; errors as in `read_tracks`."""
    shown = clean_name(PurePath(name.replace("\\", "/")).name) or "?"
    if len(content) > MAX_FILE_BYTES:
        raise FileRefused("too_large", file_name=shown, place={"byte": MAX_FILE_BYTES})
    if not content.strip(b"\x00 \t\r\n"):
        raise FileRefused("empty", file_name=shown)
    if is_zip(content):
        return _read_kmz(content, shown)
    if content.startswith(_SQLITE):
        return _read_geopackage(content, shown)
    file_format = format_of(content, shown)
    if file_format is None:
        raise FileRefused("format_unknown", file_name=shown)
    if len(content) > MAX_UNPACKED_BYTES and file_format in {"gpx", "kml", "geojson"}:
        raise FileRefused("too_large", file_name=shown, file_format=file_format)
    return _read(content, shown, file_format, file_format)


def format_of(content: bytes, name: str) -> str | None:
    """Recognise a format by the beginning of the content; the suffix decides only between equals."""
    head = content[:_HEAD_BYTES]
    if content[8:12] == b".FIT":
        return "fit"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\x00", b"")[2:]
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"oziexplorer track"):
        return "plt"
    if text.startswith(b"oziexplorer waypoint"):
        return "wpt"
    if text.startswith(b"{"):
        return "geojson"
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    if text.startswith(b"<"):
        by_root = next((kind for kind in ("gpx", "kml") if b"<" + kind.encode() in text), None)
        return by_root or (suffix if suffix in {"gpx", "kml"} else None)
    # What claims to be of a format and is not gets that format's refusal, which names the line.
    return suffix if suffix in _READERS else None


def _read_geopackage(content: bytes, name: str) -> Contents:
    read = "search_ops.importing.tracks_geopackage:read"
    told = json.loads(
        run_bounded(read, content, {"name": name}, name=name, file_format="gpkg", limits=Limits())
    )
    tracks = tuple(
        RawTrack(one["name"], one["device"], _points(one["points"]), tuple(one["starts"]))
        for one in told["tracks"]
    )
    return Contents(tracks, notes=tuple(Note(**note) for note in told["notes"]))


def _points(rows: list[list[float | None]]) -> npt.NDArray[np.void]:
    flat = array("d", (np.nan if value is None else value for row in rows for value in row))
    return points_of(flat)


def _read_kmz(content: bytes, name: str) -> Contents:
    members = unpack(content, name, "kmz", (".kml",), max_bytes=MAX_UNPACKED_BYTES)
    if not members:
        raise FileRefused("member_missing", file_name=name, file_format="kmz")
    # doc.kml by custom, else the first; further documents are only reached by links, which we ignore.
    document = members.get("doc.kml") or next(iter(members.values()))
    return _read(document, name, "kml", "kmz")


def _read(content: bytes, name: str, reader: str, file_format: str) -> Contents:
    try:
        return _READERS[reader](content)
    except FormatError as fault:
        raise FileRefused.because(fault, name, file_format) from None


def _named(track: RawTrack, file_name: str) -> RawTrack:
    if track.name:
        return track
    return replace(track, name=clean_name(PurePath(file_name.replace("\\", "/")).stem))
