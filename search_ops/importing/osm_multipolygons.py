"""Multipolygons in both styles: which outline belongs to which relation, and what could not be put together.

New style: the relation carries the tags. Old style: it carries none, its outer ways do. In both, a closed
outer way is also an area by itself, without the holes: drawn beside the relation it would fill them. So such
outlines are held back until their relation is done.
"""

from collections.abc import Iterable, Iterator

import osmium

from search_ops.importing.ground_classes import Kind, area_kind, is_old_style, names_of
from search_ops.importing.osm_features import AreaFeature, IncompleteRelation, LeftOut


class Multipolygons:
    """Bookkeeping between the pass over relations and the pass over everything.

    Parameters
    ----------
    source
        The file as libosmium opens it.
    left_out
        Where relations and rings that come to nothing are noted.
    """

    def __init__(self, source: osmium.io.File, left_out: LeftOut) -> None:
        self._source = source
        self._left_out = left_out
        self._tagged: dict[int, Kind] = {}
        self._old: dict[int, tuple[int, ...]] = {}
        self._relations_of: dict[int, list[int]] = {}
        self._waiting: set[int] = set()
        self._outlines: dict[int, tuple[Kind, dict[str, str]]] = {}
        self._held: dict[int, AreaFeature] = {}
        self._drawn_by_relation: set[tuple[int, str]] = set()
        self._outers_of: dict[int, tuple[int, ...]] = {}

    def collect(self) -> None:
        """Read the relations once: who is a multipolygon, of which style, with which outer ways."""
        wanted = osmium.filter.TagFilter(("type", "multipolygon"))
        for relation in _relations(self._source, wanted):
            self._waiting.add(relation.id)
            tags = dict(relation.tags)
            kind = area_kind(tags)
            old = is_old_style(tags)
            if kind is None and not old:
                continue  # a pitch, a car park: nothing that we draw
            outers = tuple(m.ref for m in relation.members if m.type == "w" and m.role != "inner")
            if kind is not None:
                self._tagged[relation.id] = kind
            else:
                self._old[relation.id] = outers
            self._outers_of[relation.id] = outers
            for way in outers:
                self._relations_of.setdefault(way, []).append(relation.id)

    def note_outline(self, way_id: int, kind: Kind | None, names: dict[str, str]) -> None:
        """Remember what an outer way says it is: an old-style relation will ask."""
        if kind is not None and any(r in self._old for r in self._relations_of.get(way_id, ())):
            self._outlines[way_id] = (kind, names)

    def holds_back(self, feature: AreaFeature) -> bool:
        """Whether the outline of a closed way must wait for, or has given way to, its relation."""
        if (feature.osm_id, feature.kind.name) in self._drawn_by_relation:
            return True
        for relation in self._relations_of.get(feature.osm_id, ()):
            tagged = self._tagged.get(relation)
            if relation in self._old or (tagged is not None and tagged.name == feature.kind.name):
                self._held[feature.osm_id] = feature
                return True
        return False

    def assembled(self, relation_id: int, tags: dict[str, str], wkb: str) -> AreaFeature | None:
        """Give the area of a finished relation, with the tags of its style; None for what we do not draw."""
        self._waiting.discard(relation_id)
        kind, names = self._tagged.get(relation_id), names_of(tags)
        if relation_id in self._old:
            outlines = [self._outlines[w] for w in self._old[relation_id] if w in self._outlines]
            if len({outline[0].name for outline in outlines}) > 1:
                self._left_out.undecided.append(relation_id)
                return None
            if outlines:
                kind = outlines[0][0]
                names = names or next((n for _, n in outlines if n), {})
        if kind is None:
            return None
        for way in self._outers_of.get(relation_id, ()):
            self._drawn_by_relation.add((way, kind.name))
            held = self._held.get(way)
            if held is not None and held.kind.name == kind.name:
                del self._held[way]
        return AreaFeature("r", relation_id, kind, names, wkb)

    def rest(self) -> Iterator[AreaFeature]:
        """Give the outlines whose relation came to nothing: drawn without their holes, and said so."""
        for way_id, feature in self._held.items():
            if any(relation in self._waiting for relation in self._relations_of[way_id]):
                self._left_out.without_holes.append(way_id)
            yield feature
        self._held.clear()

    def report_incomplete(self, ways_without_nodes: Iterable[int]) -> None:
        """Find out why relations came to nothing. Reads the file again, but only when there are any."""
        if not self._waiting:
            return
        members: dict[int, tuple[list[int], str | None]] = {}
        wanted = osmium.filter.TagFilter(("type", "multipolygon"))
        for relation in _relations(self._source, wanted):
            if relation.id not in self._waiting:
                continue
            ways = [m.ref for m in relation.members if m.type == "w"]
            members[relation.id] = ways, relation.tags.get("name")
        asked = {way for ways, _ in members.values() for way in ways}
        present: set[int] = set()
        if asked:
            # Not libosmium's own filter of ids: it takes memory for the range of ids, not for their number.
            ways_of_file = osmium.FileProcessor(self._source, osmium.osm.WAY)
            present = {way.id for way in ways_of_file if way.id in asked}
        cut = set(ways_without_nodes)
        for relation_id, (ways, name) in sorted(members.items()):
            self._left_out.incomplete.append(
                IncompleteRelation(
                    osm_id=relation_id,
                    members=len(ways),
                    missing_ways=sum(way not in present for way in ways),
                    missing_nodes=any(way in cut for way in ways),
                    name=name,
                )
            )


def _relations(source: osmium.io.File, wanted: osmium.BaseHandler) -> Iterator[osmium.osm.Relation]:
    for item in osmium.FileProcessor(source, osmium.osm.RELATION).with_filter(wanted):
        if isinstance(item, osmium.osm.Relation):
            yield item
