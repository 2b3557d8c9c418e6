"""What the reader of a map file gives out: features with geometry as WKB, and what it had to leave out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from search_ops.importing.ground_classes import NOTHING_UNDERFOOT, Kind, Underfoot

OsmType = Literal["n", "w", "r"]


@dataclass(frozen=True, slots=True)
class AreaFeature:
    """A polygon with its holes, WGS 84, as hex WKB."""

    osm_type: OsmType
    osm_id: int
    kind: Kind
    names: dict[str, str]
    wkb: str


@dataclass(frozen=True, slots=True)
class LineFeature:
    """A line, WGS 84, as hex WKB; one way may give several, where nodes are missing between."""

    osm_type: OsmType
    osm_id: int
    kind: Kind
    names: dict[str, str]
    ref: str | None
    wkb: str
    underfoot: Underfoot = NOTHING_UNDERFOOT


@dataclass(frozen=True, slots=True)
class PointFeature:
    """A named place or a landmark, WGS 84, as hex WKB."""

    osm_type: OsmType
    osm_id: int
    kind: Kind
    rank: int
    names: dict[str, str]
    elevation_m: float | None
    wkb: str


Feature = AreaFeature | LineFeature | PointFeature


def as_plain(feature: Feature) -> list[Any]:
    """Return a feature as JSON can carry it from the reader's process."""
    if isinstance(feature, LineFeature):
        return [*_head(feature), feature.ref, *feature.underfoot]
    if isinstance(feature, PointFeature):
        return [*_head(feature), feature.rank, feature.elevation_m]
    return _head(feature)


def _head(feature: Feature) -> list[Any]:
    return [feature.osm_type, feature.osm_id, *feature.kind, feature.names, feature.wkb]


_AREA_FIELDS, _POINT_FIELDS = 7, 9


def from_plain(told: Sequence[Any]) -> Feature:
    """Return the feature that `as_plain` wrote."""
    osm_type, osm_id, name, subclass, min_zoom, names, wkb, *rest = told
    kind = Kind(name, subclass, min_zoom)
    if len(told) == _AREA_FIELDS:
        return AreaFeature(osm_type, osm_id, kind, names, wkb)
    if len(told) == _POINT_FIELDS:
        return PointFeature(osm_type, osm_id, kind, rest[0], names, rest[1], wkb)
    return LineFeature(osm_type, osm_id, kind, names, rest[0], wkb, Underfoot(*rest[1:]))


@dataclass(frozen=True, slots=True)
class IncompleteRelation:
    """A multipolygon that could not be put together.

    `missing_ways` is how many of its members the file lacks; 0 means that all are there but close no ring.
    `missing_nodes` says that ways are there without all their points.
    """

    osm_id: int
    members: int
    missing_ways: int
    missing_nodes: bool
    name: str | None


@dataclass
class LeftOut:
    """Everything the reader met and could not give out whole. Nothing is dropped without a line here."""

    incomplete: list[IncompleteRelation] = field(default_factory=list)
    broken_rings: list[int] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    unrepaired: list[str] = field(default_factory=list)
    undecided: list[int] = field(default_factory=list)
    without_holes: list[int] = field(default_factory=list)
    cut_ways: list[int] = field(default_factory=list)
    lost_ways: list[int] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    # Lists in the database stop here; the totals beside them go on.
    LISTED = 10_000

    def as_json(self) -> dict[str, Any]:
        """Return totals and ids, for `ground_dataset.report`."""
        lists: dict[str, list[Any]] = {
            "incomplete": [
                {
                    "relation": each.osm_id,
                    "members": each.members,
                    "missing_ways": each.missing_ways,
                    "missing_nodes": each.missing_nodes,
                    "name": each.name,
                }
                for each in self.incomplete
            ],
            "broken_rings": self.broken_rings,
            "repaired": self.repaired,
            "unrepaired": self.unrepaired,
            "undecided": self.undecided,
            "without_holes": self.without_holes,
            "cut_ways": self.cut_ways,
            "lost_ways": self.lost_ways,
            "unreadable": self.unreadable,
        }
        return {
            "totals": {key: len(ids) for key, ids in lists.items()},
            **{key: ids[: self.LISTED] for key, ids in lists.items()},
        }


def joined(read: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the reader left out and what the writer did, as one report."""
    keys = [key for key in read if key != "totals"]
    return {
        "totals": {key: read["totals"][key] + written["totals"][key] for key in keys},
        **{key: [*read[key], *written[key]][: LeftOut.LISTED] for key in keys},
    }
