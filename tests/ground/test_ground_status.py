"""What an operation knows of its ground, and the lines it may be cut along."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
import shapely
from psycopg.types.json import Jsonb
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from search_ops.errors import BadInput
from search_ops.importing.osm import ImportReport, import_osm
from search_ops.persistence.embedded import DatabaseUrls
from search_ops.persistence.ground import (
    NATURAL_LINE_CLASSES,
    TooManyLines,
    coverage,
    natural_lines,
    operation_area,
)
from search_ops.services.ground import ground_status

from .conftest import FIXTURES

INSIDE = shapely.box(9.52, 47.12, 9.56, 47.16)
HALF_OUT = shapely.box(9.45, 47.12, 9.55, 47.16)
ALONG_THE_RHINE = shapely.box(9.49, 47.12, 9.56, 47.16)
ELSEWHERE = shapely.box(50.0, 50.0, 50.1, 50.1)

pytestmark = pytest.mark.postgres


def draw_area(dsn: str, area: shapely.Polygon | None) -> UUID:
    """Put an operation's area where the log's projection has it."""
    operation_id = uuid4()
    stream_id = f"operation/{operation_id}"
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO stream (stream_id, kind, epoch, home, head, head_hash)"
            " VALUES (%s, 'operation', %s, 'here', 0, '')",
            [stream_id, uuid4()],
        )
        if area is not None:
            connection.execute(
                "INSERT INTO entity (stream_id, collection, entity_id, body) VALUES (%s, 'area', %s, %s)",
                [
                    stream_id,
                    str(operation_id),
                    Jsonb({"geometry": shapely.geometry.mapping(area), "area_m2": 1.0}),
                ],
            )
    return operation_id


async def test_data_that_cover_an_area_are_named_with_their_age(
    imported: tuple[DatabaseUrls, ImportReport], ground_engine: AsyncEngine
) -> None:
    """One data set, the whole area, and an age that counts from the data's date."""
    operation_id = draw_area(imported[0].owner_url, INSIDE)
    data_at = imported[1].data_at
    assert data_at is not None
    status = await ground_status(ground_engine, operation_id, data_at + timedelta(days=30))
    (dataset,) = status["datasets"]
    assert dataset["source_name"] == "liechtenstein"
    west, south, east, north = dataset["bbox"]
    assert 9.4 < west < 9.5 < east < 9.7
    assert 47.0 < south < 47.1 < north < 47.3
    assert dataset["age_s"] == 30 * 86_400
    assert dataset["share"] == pytest.approx(1.0, abs=0.001)
    assert dataset["attribution"] == "© OpenStreetMap contributors"
    assert status["missing"] == ["dem"]


async def test_an_area_partly_without_map_says_so(
    imported: tuple[DatabaseUrls, ImportReport], ground_engine: AsyncEngine
) -> None:
    """Half outside the extract: the share tells how much, and the rest is listed as missing."""
    operation_id = draw_area(imported[0].owner_url, HALF_OUT)
    status = await ground_status(ground_engine, operation_id, datetime.now(UTC))
    assert 0.2 < status["share"] < 0.85
    assert status["missing"] == ["osm_whole", "dem"]


@pytest.mark.parametrize(("area", "missing"), [(ELSEWHERE, ["osm", "dem"]), (None, ["area", "dem"])])
async def test_no_map_and_no_area_are_two_things(
    imported: tuple[DatabaseUrls, ImportReport],
    ground_engine: AsyncEngine,
    area: shapely.Polygon | None,
    missing: list[str],
) -> None:
    """Ground without any data, and an operation whose area is not drawn yet, are told apart."""
    operation_id = draw_area(imported[0].owner_url, area)
    assert (await ground_status(ground_engine, operation_id, datetime.now(UTC)))["missing"] == missing


async def test_two_data_sets_are_not_counted_twice(database: DatabaseUrls) -> None:
    """The same ground imported under two names is covered once, not twice."""
    for name in ("north", "south"):
        import_osm(FIXTURES / "old-style.osm", database.owner_url, source_name=name)
    engine = create_async_engine(database.sqlalchemy.app_url)
    async with engine.connect() as connection:
        covered = await coverage(connection, shapely.box(30.01, 60.01, 30.03, 60.03))
    await engine.dispose()
    assert len(covered.datasets) == 2
    assert covered.share == pytest.approx(1.0, abs=0.001)


async def test_a_large_area_is_read_by_reference(database: DatabaseUrls) -> None:
    """An area that travels by its hash is found in the table of geometries."""
    sha256 = bytes(range(32))
    operation_id = draw_area(database.owner_url, INSIDE)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO stored_geometry (sha256, geom, body) VALUES (%s, ST_GeomFromText(%s, 4326), '')",
            [sha256, INSIDE.wkt],
        )
        connection.execute(
            "UPDATE entity SET body = %s",
            [Jsonb({"geometry_ref": {"sha256": sha256.hex(), "bbox": [0, 0, 1, 1]}})],
        )
    engine = create_async_engine(database.sqlalchemy.app_url)
    async with engine.connect() as connection:
        area = await operation_area(connection, operation_id)
    await engine.dispose()
    assert area is not None
    assert area.equals(INSIDE)


async def test_natural_lines_are_clipped_to_the_box(ground_engine: AsyncEngine) -> None:
    """Roads, tracks, paths and shores of an area come back, none of them beyond its box."""
    async with ground_engine.connect() as connection:
        lines = await natural_lines(connection, INSIDE, list(NATURAL_LINE_CLASSES))
        tracks = await natural_lines(connection, INSIDE, ["track"])
        shores = await natural_lines(connection, ALONG_THE_RHINE, ["water_edge"])
    assert len(lines) > len(tracks) > 10
    assert shores
    assert shapely.box(*shapely.total_bounds(lines)).within(INSIDE.buffer(1e-9))
    assert all(isinstance(line, shapely.LineString) for line in lines)


async def test_too_many_lines_are_a_typed_refusal(ground_engine: AsyncEngine) -> None:
    """Beyond the limit nothing is returned half: the refusal carries the limit."""
    async with ground_engine.connect() as connection:
        with pytest.raises(TooManyLines) as caught:
            await natural_lines(connection, INSIDE, ["road"], limit=5)
    assert caught.value.data["limit"] == 5


async def test_unknown_classes_are_refused(ground_engine: AsyncEngine) -> None:
    """A class that does not exist is bad input, not an empty answer."""
    async with ground_engine.connect() as connection:
        with pytest.raises(BadInput):
            await natural_lines(connection, INSIDE, ["fence"])
