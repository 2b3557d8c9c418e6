"""Errors of the geospatial core. Each has a stable ``code`` and carries data, never the input itself.

::

    GeoError
    ├── GeometryError                 a geometry from outside was refused
    │   ├── GeometryTypeError         not the GeoJSON object that was asked for
    │   ├── GeometryStructureError    positions or rings not built as RFC 7946 says, or nested otherwise
    │   ├── GeometryNumberError       a coordinate is no number, not finite, or a boolean
    │   ├── LongitudeRangeError       longitude outside -180..180
    │   ├── LatitudeRangeError        latitude outside -90..90
    │   ├── RingTooShortError         fewer than four positions
    │   ├── RingNotClosedError        last position differs from the first
    │   ├── TooManyVerticesError      above the cap; found before any geometry work
    │   ├── SelfCrossingError         a ring crosses or touches itself or another ring wrongly
    │   ├── ZeroAreaError             all vertices on one line, or less than a square metre
    │   ├── AreaTooLargeError         above the cap in square metres
    │   ├── PoleEnclosedError         a ring runs round a pole
    │   └── RoundingCollapseError     valid as sent, but not on the stored 1e-7 degree lattice
    ├── CoordinateTextError           a typed coordinate was refused
    │   ├── CoordinateNotFoundError   no coordinate pair in the text
    │   ├── CoordinateRangeError      a pair was found, but its values are out of range
    │   └── CoordinateTextTooLongError
    ├── FrameError                    a local frame cannot be built or used there
    ├── EffortError                   a value of search effort is out of its range
    ├── ProbabilityError              a value of a probability model is out of its range
    ├── TrackError                    a track cannot be judged as given
    └── PartitionError                an area cannot be cut as asked
        ├── PartitionSettingError     a setting is out of its allowed range
        ├── TooManySectorsError       the cut would give more sectors than the cap
        └── PartitionBrokenError      the result failed its own coverage check; nothing is given out
"""

from __future__ import annotations

from typing import ClassVar


class GeoError(ValueError):
    """Root of all errors of this package; ``code`` is stable and safe to show."""

    code: ClassVar[str] = "geo_error"


class GeometryError(GeoError):
    """A geometry from outside was refused.

    Parameters
    ----------
    message
        English sentence for logs; people see the text of ``code``.
    lon_deg, lat_deg
        Where the fault is, if it has a place (EPSG:4326).
    part_index, ring_index, position_index
        Which polygon, ring (0 is the shell) and position, if known.
    """

    code: ClassVar[str] = "geometry_invalid"

    def __init__(
        self,
        message: str,
        *,
        lon_deg: float | None = None,
        lat_deg: float | None = None,
        part_index: int | None = None,
        ring_index: int | None = None,
        position_index: int | None = None,
    ) -> None:
        super().__init__(message)
        self.lon_deg = lon_deg
        self.lat_deg = lat_deg
        self.part_index = part_index
        self.ring_index = ring_index
        self.position_index = position_index

    def data(self) -> dict[str, float | int]:
        """Return what is known of the fault, for a machine-readable answer."""
        return {
            name: value
            for name, value in vars(self).items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }


class GeometryTypeError(GeometryError):
    """Not a mapping with the GeoJSON type that was asked for."""

    code: ClassVar[str] = "geometry_type"


class GeometryStructureError(GeometryError):
    """Positions, rings or members are not built as RFC 7946 says."""

    code: ClassVar[str] = "geometry_structure"


class GeometryNumberError(GeometryError):
    """A coordinate is not a finite number (NaN, Infinity, 1e400, boolean, text)."""

    code: ClassVar[str] = "geometry_number"


class LongitudeRangeError(GeometryError):
    """A longitude lies outside -180..180."""

    code: ClassVar[str] = "longitude_range"


class LatitudeRangeError(GeometryError):
    """A latitude lies outside -90..90."""

    code: ClassVar[str] = "latitude_range"


class RingTooShortError(GeometryError):
    """A ring has fewer than four positions."""

    code: ClassVar[str] = "ring_too_short"


class RingNotClosedError(GeometryError):
    """The last position of a ring differs from its first."""

    code: ClassVar[str] = "ring_not_closed"


class TooManyVerticesError(GeometryError):
    """The geometry has more positions than ``max_vertices``."""

    code: ClassVar[str] = "too_many_vertices"

    def __init__(self, max_vertices: int) -> None:
        super().__init__(f"geometry has more than {max_vertices} vertices")
        self.max_vertices = max_vertices


class SelfCrossingError(GeometryError):
    """A ring crosses or touches itself or another ring; it is never repaired."""

    code: ClassVar[str] = "self_crossing"


class ZeroAreaError(GeometryError):
    """The geometry encloses no ground."""

    code: ClassVar[str] = "zero_area"


class AreaTooLargeError(GeometryError):
    """The geometry is larger than ``max_area_m2``."""

    code: ClassVar[str] = "area_too_large"

    def __init__(self, area_m2: float, max_area_m2: float) -> None:
        super().__init__(f"area of {area_m2:.0f} m2 is above the cap of {max_area_m2:.0f} m2")
        self.area_m2 = area_m2
        self.max_area_m2 = max_area_m2


class PoleEnclosedError(GeometryError):
    """A ring runs round a pole; such an area cannot be drawn in lon/lat."""

    code: ClassVar[str] = "pole_enclosed"


class RoundingCollapseError(GeometryError):
    """The geometry is so thin that it breaks on the stored 1e-7 degree lattice."""

    code: ClassVar[str] = "rounding_collapse"


class CoordinateTextError(GeoError):
    """A typed coordinate was refused; the text itself is not repeated."""

    code: ClassVar[str] = "coordinate_text"


class CoordinateNotFoundError(CoordinateTextError):
    """The text holds no coordinate pair."""

    code: ClassVar[str] = "coordinate_not_found"


class CoordinateRangeError(CoordinateTextError):
    """A pair was found, but no reading of it lies on the globe."""

    code: ClassVar[str] = "coordinate_range"


class CoordinateTextTooLongError(CoordinateTextError):
    """The text is longer than any coordinate or link."""

    code: ClassVar[str] = "coordinate_text_too_long"


class FrameError(GeoError):
    """A local metric frame cannot be built or used there."""

    code: ClassVar[str] = "frame"


class PartitionError(GeoError):
    """An area cannot be cut as asked."""

    code: ClassVar[str] = "partition"


class PartitionSettingError(PartitionError):
    """A setting of a partition is out of its allowed range."""

    code: ClassVar[str] = "partition_setting"

    def __init__(self, setting: str, allowed: str) -> None:
        super().__init__(f"{setting} must be {allowed}")
        self.setting = setting
        self.allowed = allowed


class TooManySectorsError(PartitionError):
    """The cut would give more sectors than ``max_sectors``."""

    code: ClassVar[str] = "too_many_sectors"

    def __init__(self, sectors: int, max_sectors: int) -> None:
        super().__init__(f"the cut would give about {sectors} sectors, the cap is {max_sectors}")
        self.sectors = sectors
        self.max_sectors = max_sectors


class PartitionBrokenError(PartitionError):
    """The result failed its own coverage check; a broken partition is never given out."""

    code: ClassVar[str] = "partition_broken"


class EffortError(GeoError):
    """A value of search effort is out of its range; ``name`` says which."""

    code: ClassVar[str] = "effort_out_of_range"

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message)
        self.name = name


class ProbabilityError(GeoError):
    """A value of a probability model is out of its range, or shapes do not fit; ``name`` says which."""

    code: ClassVar[str] = "probability_out_of_range"

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message)
        self.name = name


class TrackError(GeoError):
    """A track cannot be judged as given: wrong columns, or too long."""

    code: ClassVar[str] = "track_invalid"


class EditError(GeoError):
    """An edit of sectors that cannot be done; ``reason`` says why."""

    code: ClassVar[str] = "edit"

    def __init__(self, reason: str) -> None:
        super().__init__(f"the edit is refused: {reason}")
        self.reason = reason


class LayerOverlapError(PartitionError):
    """Polygons of a layer overlap; ``names`` says which."""

    code: ClassVar[str] = "layer_overlaps"

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{len(names)} polygons of the layer overlap")
        self.names = names
