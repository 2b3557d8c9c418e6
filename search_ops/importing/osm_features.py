"""What the reader of a map file gives out: features with geometry as WKB, and what it had to leave out."""

from dataclasses import dataclass, field
from typing import Any, Literal

from search_ops.importing.ground_classes import Kind

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
