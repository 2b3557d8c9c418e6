"""Why a file of tracks, points or layers is refused: its name, its format and the place, where known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_ops.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.formats.errors import FormatError


class FileRefused(BadInput):
    """The file is broken, of another format, too large or dangerous; nothing of it was taken.

    Parameters
    ----------
    reason
        Stable word: those of `geo.formats.errors.Reason`, and ``too_large``, ``bomb``, ``format_unknown``,
        ``too_slow``, ``too_much_memory``, ``reader_failed``, ``no_polygons``, ``member_missing``.
    file_name
        Name without folders.
    file_format
        ``gpx``, ``kml``, ``kmz``, ``plt``, ``wpt``, ``fit``, ``geojson``, ``gpkg``, ``shp`` or ``unknown``.
    place
        Line and column, number of the object, byte; empty when not known.
    detail
        Words of ours or of a reader, in English, for logs.
    """

    def __init__(
        self,
        reason: str,
        *,
        file_name: str,
        file_format: str = "unknown",
        place: Mapping[str, int] | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(
            "file_refused",
            reason=reason,
            file_name=file_name,
            file_format=file_format,
            place=dict(place or {}),
            detail=detail,
        )

    @property
    def reason(self) -> str:
        """The stable word."""
        return str(self.data["reason"])

    @staticmethod
    def because(fault: FormatError, file_name: str, file_format: str | None = None) -> FileRefused:
        """Return the refusal for what a pure reader found."""
        return FileRefused(
            fault.reason,
            file_name=file_name,
            file_format=file_format or fault.format_name,
            place=fault.place,
        )
