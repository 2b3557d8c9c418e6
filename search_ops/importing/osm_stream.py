"""The parent's side of reading a map file: features out of a bounded process, and what it says at the end."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from search_ops.importing.child_process import ChildDiedError, ProcessLimits, child_frames
from search_ops.importing.osm_features import Feature, LeftOut, from_plain
from search_ops.importing.osm_file import MapFile
from search_ops.importing.osm_refusal import MapFileRefused

# The node store is a mapped file of 16 bytes a node, 40 nodes or more in a kilobyte of PBF.
_ADDRESS_BYTES = 4 * 1024**3
_ADDRESS_PER_BYTE = 24
_CPU_S, _CPU_S_PER_MB = 120, 12
_WALL_S, _WALL_S_PER_MB = 600.0, 60.0

ReadProgress = Callable[[int, int, int], None]


@dataclass
class OsmStream:
    """One reading of one file in a process of its own.

    Attributes
    ----------
    data_at : datetime or None
        How old the data are; known at the end.
    box : tuple of float or None
        West, south, east, north of the file's header.
    left_out : dict
        Totals and ids, as `LeftOut.as_json`.
    """

    file: MapFile
    data_at: datetime | None = None
    box: tuple[float, float, float, float] | None = None
    objects: int = 0
    left_out: dict[str, Any] = field(default_factory=lambda: LeftOut().as_json())

    def batches(self, progress: ReadProgress | None = None) -> Iterator[list[Feature]]:
        """Give the features in batches.

        Raises
        ------
        MapFileRefused
            The reader found a fault, took more than it may, or died; what came before must be thrown away.
        """
        wish = {
            "path": str(self.file.path.resolve()),
            "format": self.file.format,
            "size_bytes": self.file.size_bytes,
            "sha256": self.file.sha256.hex(),
        }
        try:
            with child_frames("search_ops.importing.osm_child", wish, self._limits()) as frames:
                for frame in frames:
                    if "features" in frame.header:
                        yield [from_plain(told) for told in frame.header["features"]]
                    elif "progress" in frame.header and progress is not None:
                        progress(*frame.header["progress"])
                    elif "end" in frame.header:
                        self._finish(frame.header["end"])
        except ChildDiedError as death:
            reason = {"too_long": "too_long", "too_large": "bomb"}.get(death.cause, "corrupt")
            raise self._refused(reason, detail=death.detail) from None

    def _limits(self) -> ProcessLimits:
        megabytes = self.file.size_bytes / 1e6
        # Packed XML holds as much as a PBF of a tenth of its unpacked size; the check has bounded that.
        swell = 1 if self.file.format == "pbf" else 4
        return ProcessLimits(
            cpu_s=round(_CPU_S + _CPU_S_PER_MB * megabytes * swell),
            address_bytes=_ADDRESS_BYTES + _ADDRESS_PER_BYTE * self.file.size_bytes * swell,
            wall_s=_WALL_S + _WALL_S_PER_MB * megabytes * swell,
            written_bytes=_ADDRESS_BYTES + _ADDRESS_PER_BYTE * self.file.size_bytes * swell,
        )

    def _finish(self, told: dict[str, Any]) -> None:
        if "refused" in told:
            refused = told["refused"]
            raise self._refused(refused["reason"], place=refused["place"], detail=refused["detail"])
        self.data_at = None if told["data_at"] is None else datetime.fromisoformat(told["data_at"])
        self.box = None if told["box"] is None else tuple(told["box"])
        self.objects = told["objects"]
        self.left_out = told["left_out"]

    def _refused(
        self, reason: str, *, place: dict[str, int] | None = None, detail: str = ""
    ) -> MapFileRefused:
        return MapFileRefused(
            reason, file_name=self.file.path.name, file_format=self.file.format, place=place, detail=detail
        )
