"""Why a map file is refused: its name, its format and the place, where known."""

from search_ops.errors import BadInput


class MapFileRefused(BadInput):
    """The file is broken, of another format, or dangerous; nothing was changed.

    Parameters
    ----------
    reason
        Stable word: ``missing``, ``empty``, ``not_osm``, ``history``, ``truncated``, ``corrupt``,
        ``declares_entities``, ``bomb``, ``too_long``, ``no_data``.
    file_name
        Name without folders.
    file_format
        ``pbf``, ``osm``, ``osm.gz``, ``osm.bz2`` or ``unknown``.
    place
        Byte, block or line and column, e.g. ``{"line": 1, "column": 56}``; empty when not known.
    detail
        The reader's own words, in English.
    """

    def __init__(
        self,
        reason: str,
        *,
        file_name: str,
        file_format: str,
        place: dict[str, int] | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(
            "map_file_refused",
            reason=reason,
            file_name=file_name,
            file_format=file_format,
            place=place or {},
            detail=detail,
        )

    @property
    def reason(self) -> str:
        """The stable word."""
        return str(self.data["reason"])
