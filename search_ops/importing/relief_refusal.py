"""Why heights, pictures or packs are refused: which file, what is wrong, and where, where known."""

from collections.abc import Mapping

from search_ops.errors import BadInput


class GroundFileRefused(BadInput):
    """The file is broken, of another kind, too large or dangerous; nothing was changed.

    Parameters
    ----------
    reason
        Stable word with a sentence ``ground-file-refused-REASON`` in the texts.
    file_name
        Name without folders.
    file_format
        ``hgt``, ``geotiff``, ``mbtiles``, ``sqlitedb``, ``ozi``, ``ozf2``, ``ozf3``, ``pack`` or ``unknown``.
    place
        Member, line, tile or byte; empty when not known.
    detail
        Words of ours or of a reader, in English, for logs.
    """

    def __init__(
        self,
        reason: str,
        *,
        file_name: str,
        file_format: str = "unknown",
        place: Mapping[str, int | str] | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(
            "ground_file_refused",
            reason=reason,
            file_name=file_name,
            file_format=file_format,
            place=dict(place or {}),
            detail=detail[:300],
        )

    @property
    def reason(self) -> str:
        """The stable word."""
        return str(self.data["reason"])
