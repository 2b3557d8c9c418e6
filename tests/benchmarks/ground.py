"""Import of the demo extract and partitions of the demo ground."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy.ext.asyncio import create_async_engine

from geo.crs import LocalFrame
from geo.grid import grid_partition
from geo.natural import natural_partition
from geo.partition import check_partition
from search_ops.importing.osm import import_osm
from search_ops.persistence.cluster_databases import make_database, make_roles
from search_ops.persistence.embedded import Cluster, DatabaseUrls
from search_ops.persistence.ground import NATURAL_LINE_CLASSES, natural_lines
from search_ops.persistence.migrate import upgrade
from tests.benchmarks.figure import Figure, median_s

EXTRACT = Path(__file__).parents[2] / "fixtures/ground/liechtenstein-2013-08-03.osm.pbf"
AREA = shapely.box(9.50, 47.06, 9.58, 47.12)  # about 40 km2 of valley and hillside


@contextmanager
def database() -> Iterator[DatabaseUrls]:
    """Yield a migrated database in a cluster of its own, durable as in use."""
    data_dir = Path(tempfile.mkdtemp(prefix="search-ops-test-"))
    data_dir.chmod(0o755)
    cluster = Cluster(data_dir)
    try:
        cluster.start()
        make_roles(cluster)
        make_database(cluster, "bench")
        upgrade(cluster.urls("bench").owner_url)
        yield cluster.urls("bench")
    finally:
        cluster.destroy()
        shutil.rmtree(data_dir, ignore_errors=True)


def importing() -> Iterator[Figure]:
    """Measure the import of the demo extract into PostGIS."""
    with database() as urls:
        taken = []
        for _ in range(3):
            begin = time.perf_counter()
            import_osm(EXTRACT, urls.owner_url)
            taken.append(time.perf_counter() - begin)
    yield Figure("import osm liechtenstein", sorted(taken)[1], "s", len(taken))


def partition() -> Iterator[Figure]:
    """Measure both partitions of the demo ground, each beside the plain way."""
    with database() as urls:
        import_osm(EXTRACT, urls.owner_url)
        lines = asyncio.run(_lines(urls))
    frame = LocalFrame.at(9.54, 47.09)
    area = shapely.set_precision(AREA, 1e-7)
    cells = len(grid_partition(area, frame, cell_m=500).sectors)
    ours = median_s(lambda: grid_partition(area, frame, cell_m=500), 5)
    yield Figure(f"partition grid 500 m, {cells} sectors", ours, "s", 5)
    cut = natural_partition(area, lines, frame)
    check = check_partition(area, [sector.geometry_lonlat for sector in cut.sectors], frame)
    assert check.valid, check
    ours = median_s(lambda: natural_partition(area, lines, frame), 3)
    plain = median_s(lambda: _union_and_polygonize(area, lines), 3)
    yield Figure(
        f"partition natural, {len(lines)} lines, {len(cut.sectors)} sectors",
        ours,
        "s",
        3,
        plain,
        "shapely union_all + polygonize, without snapping, merging and lattice",
    )


def _union_and_polygonize(area: Any, lines: list[Any]) -> int:
    noded = shapely.union_all(np.array([*lines, area.boundary], dtype=object))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return int(shapely.contains(area, shapely.point_on_surface(faces)).sum())


async def _lines(urls: DatabaseUrls) -> list[Any]:
    engine = create_async_engine(urls.sqlalchemy.app_url)
    async with engine.connect() as connection:
        found = await natural_lines(connection, AREA, tuple(NATURAL_LINE_CLASSES))
    await engine.dispose()
    return list(found)
