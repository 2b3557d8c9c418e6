"""Why bytes of an exchange format are refused: a stable reason and the place of the fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from geo.errors import GeoError

if TYPE_CHECKING:
    from collections.abc import Mapping

Reason = Literal[
    "empty",
    "not_this_format",
    "corrupt",
    "truncated",
    "declares_entities",
    "too_deep",
    "too_many_elements",
    "too_many_points",
    "text_too_long",
    "encoding_unknown",
    "datum_unknown",
    "no_data",
]


class FormatError(GeoError):
    """The bytes are broken, of another format, or dangerous; nothing was read.

    Parameters
    ----------
    reason
        Stable word.
    format_name
        ``gpx``, ``kml``, ``plt``, ``wpt``, ``geojson``, ``fit``.
    place
        Line and column, or number of the object, counted from 1; empty when not known.
    """

    code: ClassVar[str] = "format_refused"

    def __init__(self, reason: Reason, format_name: str, place: Mapping[str, int] | None = None) -> None:
        self.reason: Reason = reason
        self.format_name = format_name
        self.place = dict(place or {})
        where = ", ".join(f"{name} {value}" for name, value in self.place.items())
        super().__init__(f"{format_name}: {reason}" + (f" at {where}" if where else ""))
