"""Stream the features of a map file out of libosmium, in bounded memory.

Three readings of the file: relations, then everything (libosmium keeps node locations and the ways of
multipolygons), and a short look-up for relations that came to nothing.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import osmium
import shapely

from search_ops.importing.ground_classes import (
    TELLING_KEYS,
    area_kind,
    line_kinds,
    names_of,
    point_kind,
    underfoot,
)
from search_ops.importing.osm_features import AreaFeature, Feature, LeftOut, LineFeature, PointFeature
from search_ops.importing.osm_file import MapFile
from search_ops.importing.osm_multipolygons import Multipolygons
from search_ops.importing.osm_refusal import MapFileRefused

# Up to here node locations stay in memory (about 16 bytes each); above, in a temporary file.
_NODES_IN_MEMORY_UP_TO_BYTES = 64 * 1024 * 1024
_RING_REPAIR_VERTICES = 10_000
_REPORT_EVERY_OBJECTS = 5_000
# A triangle closes on its fourth point.
_CLOSED_RING_POINTS = 4

ReadProgress = Callable[[int, int | None, int], None]


class OsmReader:
    """One reading of one file.

    Attributes
    ----------
    left_out : LeftOut
        Grows while `features` runs.
    box : tuple of float or None
        West, south, east, north in degrees, from the header; None when the file has none.
    """

    def __init__(self, file: MapFile) -> None:
        self._file = file
        self._source = osmium.io.File(str(file.path), file.format)
        self._wkb = osmium.geom.WKBFactory()
        self.left_out = LeftOut()
        self.objects = 0
        self._newest: datetime | None = None
        self._replication: datetime | None = None
        self.box: tuple[float, float, float, float] | None = None

    @property
    def data_at(self) -> datetime | None:
        """How old the data are: what the file says of itself, else its newest tagged object."""
        return self._replication or self._newest

    def features(self, progress: ReadProgress | None = None) -> Iterator[Feature]:
        """Give every feature that matters to a search.

        Parameters
        ----------
        progress
            Called with (bytes read, bytes in all or None, objects seen).

        Raises
        ------
        MapFileRefused
            libosmium cannot read on; what was given before must be thrown away.
        """
        try:
            self._read_header()
            with tempfile.TemporaryDirectory(prefix="search-ops-nodes-") as folder:
                yield from self._features(_node_store(self._file, Path(folder)), progress)
        except (RuntimeError, ValueError, OSError) as fault:
            raise self._refusal(str(fault)) from fault

    def _read_header(self) -> None:
        header = osmium.FileProcessor(self._source, osmium.osm.NOTHING).header
        if header.has_multiple_object_versions:
            raise MapFileRefused(
                "history", file_name=self._file.path.name, file_format=self._file.format
            ) from None
        box = header.box()
        if box.valid() and box.size() > 0:
            low, high = box.bottom_left, box.top_right
            self.box = (low.lon, low.lat, high.lon, high.lat)
        self._replication = _moment(header.get("osmosis_replication_timestamp")) or _moment(
            header.get("timestamp")
        )

    def _features(self, node_store: str, progress: ReadProgress | None) -> Iterator[Feature]:
        multipolygons = Multipolygons(self._source, self.left_out)
        multipolygons.collect()
        # Most nodes and many ways say nothing to us: they stay in C++. Areas pass untagged, as those of
        # old-style multipolygons are. Relations have been read by then.
        telling = osmium.filter.KeyFilter(*TELLING_KEYS)
        telling.enable_for(osmium.osm.NODE | osmium.osm.WAY)
        processor = (
            osmium.FileProcessor(self._source)
            .with_locations(node_store)
            .with_areas(osmium.filter.TagFilter(("type", "multipolygon")))
            .with_filter(telling)
            .with_filter(osmium.filter.EntityFilter(osmium.osm.NODE | osmium.osm.WAY | osmium.osm.AREA))
        )
        rings: dict[int, LineFeature] = {}  # closed ways whose area libosmium has not given yet
        for item in processor:
            self.objects += 1
            if progress is not None and self.objects % _REPORT_EVERY_OBJECTS == 0:
                progress(_offset_bytes(self._file.path), self._file.size_bytes, self.objects)
            try:
                if isinstance(item, osmium.osm.Node):
                    yield from self._of_node(item)
                elif isinstance(item, osmium.osm.Way):
                    yield from self._of_way(item, multipolygons, rings)
                elif isinstance(item, osmium.osm.Area):
                    yield from self._of_area(item, multipolygons, rings)
            except UnicodeDecodeError:
                self.left_out.unreadable.append(f"{item.type_str()}{item.id}")
        yield from multipolygons.rest()
        yield from self._repaired_rings(rings)
        multipolygons.report_incomplete([*self.left_out.cut_ways, *self.left_out.lost_ways])
        if progress is not None:
            progress(self._file.size_bytes, self._file.size_bytes, self.objects)

    def _of_node(self, node: osmium.osm.Node) -> Iterator[Feature]:
        self._see(node)
        tags = dict(node.tags)
        found = point_kind(tags)
        if found is None:
            return
        kind, rank = found
        if not node.location.valid():
            self.left_out.unreadable.append(f"n{node.id}")
            return
        yield PointFeature(
            "n",
            node.id,
            kind,
            rank,
            names_of(tags),
            _metres(tags.get("ele")),
            self._wkb.create_point(node.location),
        )

    def _of_way(
        self, way: osmium.osm.Way, multipolygons: Multipolygons, rings: dict[int, LineFeature]
    ) -> Iterator[Feature]:
        self._see(way)
        tags = dict(way.tags)
        lines, area = line_kinds(tags), area_kind(tags)
        multipolygons.note_outline(way.id, area, names_of(tags) if area else {})
        # An open way with the tags of an area is an outline of a relation; alone it is no area.
        is_ring = tags.get("area") != "no" and way.is_closed() and len(way.nodes) >= _CLOSED_RING_POINTS
        if not lines and (area is None or not is_ring):
            return
        pieces = self._pieces(way)
        if area is not None and is_ring and pieces:
            rings[way.id] = LineFeature("w", way.id, area, names_of(tags), None, pieces[0])
        if not lines:
            return
        names, ref, like = names_of(tags), _short(tags.get("ref")), underfoot(tags)
        for kind in lines:
            for wkb in pieces:
                yield LineFeature("w", way.id, kind, names, ref, wkb, like)

    def _of_area(
        self, area: osmium.osm.Area, multipolygons: Multipolygons, rings: dict[int, LineFeature]
    ) -> Iterator[Feature]:
        if area.num_rings()[0] == 0:
            return  # libosmium found no closed ring; it stays in `rings` or among the waiting relations
        osm_id = area.orig_id()
        if not area.from_way():
            feature = multipolygons.assembled(osm_id, dict(area.tags), self._wkb.create_multipolygon(area))
        else:
            ring = rings.pop(osm_id, None)
            if ring is None:
                return
            feature = AreaFeature("w", osm_id, ring.kind, ring.names, self._wkb.create_multipolygon(area))
            if multipolygons.holds_back(feature):
                return
        if feature is not None:
            yield feature

    def _pieces(self, way: osmium.osm.Way) -> list[str]:
        """Return the way as lines: one, or several where nodes are missing from the file."""
        try:
            return [self._wkb.create_linestring(way)]
        except osmium.InvalidLocationError:
            runs: list[list[tuple[float, float]]] = [[]]
            for node in way.nodes:
                if node.location.valid():
                    runs[-1].append((node.location.lon, node.location.lat))
                elif runs[-1]:
                    runs.append([])
            lines = [run for run in runs if len(set(run)) > 1]
            (self.left_out.cut_ways if lines else self.left_out.lost_ways).append(way.id)
            return [shapely.to_wkb(shapely.LineString(run), hex=True) for run in lines]
        except RuntimeError:  # all points in one place
            self.left_out.lost_ways.append(way.id)
            return []

    def _repaired_rings(self, rings: dict[int, LineFeature]) -> Iterator[AreaFeature]:
        """Make areas of closed ways that cross themselves, where that is cheap; report all of them."""
        for way_id, ring in rings.items():
            corners = shapely.get_coordinates(shapely.from_wkb(ring.wkb))
            is_whole = len(corners) >= _CLOSED_RING_POINTS and (corners[0] == corners[-1]).all()
            if not is_whole or len(corners) > _RING_REPAIR_VERTICES:
                self.left_out.unrepaired.append(f"w{way_id}")
                continue
            self.left_out.broken_rings.append(way_id)
            # Validity is put right where all areas pass, in `ground_rows`.
            polygon = shapely.to_wkb(shapely.Polygon(corners), hex=True)
            yield AreaFeature("w", way_id, ring.kind, ring.names, polygon)

    def _see(self, item: osmium.osm.Node | osmium.osm.Way) -> None:
        at = item.timestamp
        if (self._newest is None or at > self._newest) and at < datetime.now(UTC) + timedelta(days=1):
            self._newest = at if at.year > 1970 else self._newest  # noqa: PLR2004 - the epoch stands for "unknown"

    def _refusal(self, words: str) -> MapFileRefused:
        where = re.search(r"line (\d+), column (\d+)", words)
        place = {"line": int(where[1]), "column": int(where[2])} if where else {}
        cut = any(word in words for word in ("EOF", "no element found", "unclosed token"))
        return MapFileRefused(
            "truncated" if cut else "declares_entities" if "entities" in words else "corrupt",
            file_name=self._file.path.name,
            file_format=self._file.format,
            place=place,
            detail=words,
        )


def _node_store(file: MapFile, folder: Path) -> str:
    if file.size_bytes <= _NODES_IN_MEMORY_UP_TO_BYTES:
        return "flex_mem"
    return f"sparse_file_array,{folder / 'locations'}"


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _metres(written: str | None) -> float | None:
    """Read a height such as ``1234``, ``1234.5`` or ``1234 m``; anything else is unknown."""
    found = re.fullmatch(r"\s*(-?\d{1,5}(?:[.,]\d{1,3})?)\s*m?\s*", written or "")
    return float(found[1].replace(",", ".")) if found else None


def _short(ref: str | None) -> str | None:
    return None if ref is None else ref.replace("\0", "")[:40]


def _offset_bytes(path: Path) -> int:
    """How far libosmium has read into the file, which it does not tell: Linux does."""
    offset = 0
    try:
        for entry in os.scandir("/proc/self/fd"):
            if Path(entry.path).readlink() == path.resolve():
                info = Path(f"/proc/self/fdinfo/{entry.name}").read_text(encoding="ascii")
                offset = max(offset, int(info.split("pos:")[1].split()[0]))
    except (OSError, ValueError, IndexError):
        return 0
    return offset
