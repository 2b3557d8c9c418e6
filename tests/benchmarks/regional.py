"""An extract of the size of a Russian region, made of small ones, and its import: time and memory.

The copies lie side by side and carry ids of their own, so that nothing in the file repeats. It is written
to a temporary folder and never part of the repository.
"""

import os
import struct
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import osmium
import psutil

from geo.vector_tiles import varint
from search_ops.importing import osm_file
from search_ops.importing.osm import import_osm
from tests.benchmarks.figure import Figure
from tests.benchmarks.ground import EXTRACT, database

REGION_BYTES = 200_000_000
GOAL_S = 600.0
GOAL_RSS_BYTES = 1_500_000_000
# More than any of the extracts has, once it is renumbered.
_GAP = 60
_IDS_PER_COPY = 200_000 * _GAP
_COPIES_PER_ROW = 12
_STEP_LON_DEG, _STEP_LAT_DEG = 1.5, 0.9
_SAMPLE_S = 0.2


def sources() -> list[Path]:
    """Return the extracts to copy: those of the trial data when they are there, and the demo's own."""
    folder = Path(os.environ.get("SEARCH_OPS_TRIAL_DATA", "")) / "1-osm"
    trial = sorted(folder.glob("*.osm.pbf")) + sorted(folder.glob("*.osm.gz")) if folder.is_dir() else []
    return [*trial, EXTRACT]


def make_region(path: Path, size_bytes: int) -> int:
    """Write copies of the extracts, shifted and renumbered, until the file is about as large as asked.

    The blocks of each extract are taken apart once; a copy differs in its first ids and in its offset.

    Returns
    -------
    int
        How many copies went in.
    """
    small = [_in_order(source, path.parent) for source in sources()]
    copies = max(1, round(size_bytes / sum(each.stat().st_size for each in small)))
    blocks = [(number, block) for number, source in enumerate(small) for block in _blocks_of(source)]
    with path.open("wb") as out:
        out.write(_packed(b"OSMHeader", _header(small[0])))
        for kind in (_DENSE, _WAYS, _RELATIONS):
            for copy in range(copies):
                for number, block in blocks:
                    if block.kind == kind:
                        ids = (copy * len(small) + number) * _IDS_PER_COPY
                        out.write(_packed(b"OSMData", block.moved(ids, *_offset_nanodegrees(copy))))
    return copies


def _offset_nanodegrees(copy: int) -> tuple[int, int]:
    row, column = divmod(copy, _COPIES_PER_ROW)
    return round((row - 4) * _STEP_LAT_DEG * 1e9), round(column * _STEP_LON_DEG * 1e9)


def _in_order(source: Path, folder: Path) -> Path:
    """Write an extract as PBF, its objects in the order of their ids, and those small."""
    sorted_file = folder / f"{source.name.split('.')[0]}-in-order.osm.pbf"
    numbers = _Numbers()
    with osmium.SimpleWriter(str(sorted_file), overwrite=True) as writer:
        for work in (numbers, _Renumbering(writer, numbers)):
            merging = osmium.MergeInputReader()
            merging.add_file(str(source))
            merging.apply(work)
    return sorted_file


class _Numbers:
    """Numbers objects in their order, with gaps as real ids have; mere members get one when asked for."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, int], int] = {}

    def of(self, kind: str, number: int) -> int:
        return self._numbers.setdefault((kind, number), (len(self._numbers) + 1) * _GAP + number % _GAP)

    def node(self, node: osmium.osm.Node) -> None:
        self.of("n", node.id)

    def way(self, way: osmium.osm.Way) -> None:
        self.of("w", way.id)

    def relation(self, relation: osmium.osm.Relation) -> None:
        self.of("r", relation.id)


class _Renumbering:
    """Hands objects on under small numbers; members that the file lacks get some, too."""

    def __init__(self, writer: osmium.SimpleWriter, numbers: _Numbers) -> None:
        self._writer = writer
        self._number = numbers.of

    def node(self, node: osmium.osm.Node) -> None:
        self._writer.add_node(node.replace(id=self._number("n", node.id)))

    def way(self, way: osmium.osm.Way) -> None:
        nodes = [self._number("n", node.ref) for node in way.nodes]
        self._writer.add_way(way.replace(id=self._number("w", way.id), nodes=nodes))

    def relation(self, relation: osmium.osm.Relation) -> None:
        members = [(each.type, self._number(each.type, each.ref), each.role) for each in relation.members]
        self._writer.add_relation(relation.replace(id=self._number("r", relation.id), members=members))


# ---- PBF, as far as copying needs it: https://wiki.openstreetmap.org/wiki/PBF_Format

_DENSE, _WAYS, _RELATIONS = 2, 3, 4  # fields of a PrimitiveGroup
_ID, _DENSE_IDS, _WAY_REFS, _MEMBER_IDS, _LAT_OFFSET, _LON_OFFSET = 1, 1, 8, 9, 19, 20


class _Block:
    """A block of one kind of object, unpacked."""

    def __init__(self, plain: bytes) -> None:
        self._parts = list(osm_file._fields(plain))
        groups = [list(osm_file._fields(bytes_of(part))) for field, part in self._parts if field == _DENSE]
        self.kind = groups[0][0][0]
        self._groups = groups

    def moved(self, ids: int, lat_offset: int, lon_offset: int) -> bytes:
        """Return the block with all ids further on and everything shifted."""
        groups = iter(self._groups)
        out = []
        for field, part in self._parts:
            if field in {_LAT_OFFSET, _LON_OFFSET}:
                continue
            out.append(message(field, self._group(next(groups), ids) if field == _DENSE else part))
        shifts = ((_LAT_OFFSET, lat_offset), (_LON_OFFSET, lon_offset))
        return b"".join((*out, *(message(field, offset % 2**64) for field, offset in shifts)))

    def _group(self, group: list[tuple[int, int | bytes]], ids: int) -> bytes:
        return b"".join(message(kind, _renumbered(kind, bytes_of(item), ids)) for kind, item in group)


def _renumbered(kind: int, item: bytes, ids: int) -> bytes:
    """Ids are differences from the one before: only the first of each list changes."""
    lists = {_DENSE: _DENSE_IDS, _WAYS: _WAY_REFS, _RELATIONS: _MEMBER_IDS}
    out = []
    for field, part in osm_file._fields(item):
        if field == lists[kind]:
            out.append(message(field, _first_moved(bytes_of(part), ids)))
        elif field == _ID and isinstance(part, int):
            out.append(message(field, part + ids))
        else:
            out.append(message(field, part))
    return b"".join(out)


def _first_moved(packed: bytes, ids: int) -> bytes:
    if not packed:
        return packed
    first, at = osm_file._varint(packed, 0)
    moved = ((first >> 1) ^ -(first & 1)) + ids
    return varint(moved << 1 if moved >= 0 else (-moved << 1) - 1) + packed[at:]


def bytes_of(part: int | bytes) -> bytes:
    """Return what must be bytes."""
    assert isinstance(part, bytes)
    return part


def message(field: int, part: int | bytes) -> bytes:
    """Return a field of a protobuf message."""
    if isinstance(part, int):
        return varint(field << 3) + varint(part)
    return varint(field << 3 | 2) + varint(len(part)) + part


def _blocks_of(source: Path) -> Iterator[_Block]:
    for _, kind, blob in _raw(source):
        if kind == b"OSMData":
            yield _Block(_plain(blob))


def _header(source: Path) -> bytes:
    """Return the header without its box: the copies lie elsewhere."""
    plain = _plain(next(iter(_raw(source)))[2])
    return b"".join(message(field, part) for field, part in osm_file._fields(plain) if field != 1)


def _raw(source: Path) -> Iterator[tuple[int, bytes, bytes]]:
    with source.open("rb") as file:
        yield from osm_file._blocks(source, osm_file._Hashing(file, source.stat().st_size, None))


def _plain(blob: bytes) -> bytes:
    fields = dict(osm_file._fields(blob))
    return bytes_of(fields[1]) if 1 in fields else zlib.decompress(bytes_of(fields[3]))


def _packed(kind: bytes, plain: bytes) -> bytes:
    blob = message(2, len(plain)) + message(3, zlib.compress(plain, 6))
    head = message(1, kind) + message(3, len(blob))
    return struct.pack(">I", len(head)) + head + blob


class _Memory:
    """Largest resident memory of this process and the readers it starts, sampled while it runs."""

    def __init__(self) -> None:
        self.most_bytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._over.wait(_SAMPLE_S):
            taken = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    if process is me or "osm_child" in " ".join(process.cmdline()):
                        taken += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most_bytes = max(self.most_bytes, taken)


def importing() -> Iterator[Figure]:
    """Measure the import of an extract of 200 MB; made first, which takes some minutes."""
    size_bytes = int(os.environ.get("SEARCH_OPS_BENCH_REGION_BYTES", REGION_BYTES))
    with tempfile.TemporaryDirectory(prefix="search-ops-region-") as folder, database() as urls:
        path = Path(folder) / "region.osm.pbf"
        make_region(path, size_bytes)
        megabytes = path.stat().st_size / 1e6
        begin = time.perf_counter()
        with _Memory() as memory:
            report = import_osm(path, urls.owner_url)
        took_s = time.perf_counter() - begin
    name = f"import regional {megabytes:.0f} MB, {sum(report.counts.values())} features"
    yield Figure(name, took_s, "s", 1, GOAL_S, "goal: 10 min for 200 MB on 2 cores")
    yield Figure(f"{name}, memory", memory.most_bytes / 1e6, "MB", 1, GOAL_RSS_BYTES / 1e6, "goal: 1.5 GB")
