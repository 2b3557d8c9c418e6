"""An extract of the size of a Russian region, made of small ones, and its import: time and memory.

The copies lie side by side and carry ids of their own, so that nothing in the file repeats. It is written
to a temporary folder and never part of the repository.
"""

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import osmium
import psutil

from search_ops.importing.osm import import_osm
from tests.benchmarks.figure import Figure
from tests.benchmarks.ground import EXTRACT, database

REGION_BYTES = 200_000_000
GOAL_S = 600.0
GOAL_RSS_BYTES = 1_500_000_000
_IDS_PER_COPY = 10_000_000_000
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

    Returns
    -------
    int
        How many copies went in.
    """
    small = [_in_order(source, path.parent) for source in sources()]
    copies = max(1, round(size_bytes / sum(each.stat().st_size for each in small)))
    writer = osmium.SimpleWriter(str(path), overwrite=True)
    for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
        for copy in range(copies):
            for number, source in enumerate(small):
                _append(writer, source, kind, copy, (copy * len(small) + number + 1) * _IDS_PER_COPY)
    writer.close()
    return copies


def _in_order(source: Path, folder: Path) -> Path:
    """Write an extract as PBF with its objects in the order of their ids, as extracts of regions are."""
    sorted_file = folder / f"{source.name.split('.')[0]}-in-order.osm.pbf"
    merging = osmium.MergeInputReader()
    merging.add_file(str(source))
    with osmium.SimpleWriter(str(sorted_file), overwrite=True) as writer:
        merging.apply(writer)
    return sorted_file


def _append(
    writer: osmium.SimpleWriter, source: Path, kind: osmium.osm.osm_entity_bits, copy: int, ids: int
) -> None:
    row, column = divmod(copy, _COPIES_PER_ROW)
    lon, lat = column * _STEP_LON_DEG, (row - 4) * _STEP_LAT_DEG
    for item in osmium.FileProcessor(str(source), kind):
        new = ids + item.id
        if isinstance(item, osmium.osm.Node):
            at = item.location
            writer.add_node(item.replace(id=new, location=(at.lon + lon, at.lat + lat)))
        elif isinstance(item, osmium.osm.Way):
            writer.add_way(item.replace(id=new, nodes=[ids + node.ref for node in item.nodes]))
        elif isinstance(item, osmium.osm.Relation):
            members = [(member.type, ids + member.ref, member.role) for member in item.members]
            writer.add_relation(item.replace(id=new, members=members))


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
