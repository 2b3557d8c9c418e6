"""Vector tiles of the base map."""

import gzip
import math
import statistics
import time
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from search_ops.errors import NotKnown
from search_ops.importing.osm import import_osm
from search_ops.persistence.embedded import DatabaseUrls
from search_ops.persistence.ground_tiles import MAX_ZOOM, MIN_ZOOM, TileAddress, tile
from search_ops.services.ground import GroundTiles

from .tile_reader import read_tile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ground"
VADUZ = (9.5215, 47.1410)

pytestmark = pytest.mark.postgres


def address_of(lon: float, lat: float, z: int) -> TileAddress:
    turn = math.asinh(math.tan(math.radians(lat))) / math.pi
    return TileAddress(z, int((lon + 180) / 360 * 2**z), int((1 - turn) / 2 * 2**z))


async def draw(engine: AsyncEngine, address: TileAddress) -> bytes:
    async with engine.connect() as connection:
        return await tile(connection, address)


async def test_a_tile_holds_the_layers_of_the_style(ground_engine: AsyncEngine) -> None:
    """The town of Vaduz at zoom 13: land cover, water, roads, places and the edge of the data."""
    layers = read_tile(await draw(ground_engine, address_of(*VADUZ, 13)))
    assert {"landcover", "water", "waterway", "road", "building", "place", "extent"} <= set(layers)
    roads = {each["class"] for each in layers["road"].attributes}
    assert {"road", "track", "path"} <= roads


async def test_names_come_in_the_languages_of_the_screens(ground_engine: AsyncEngine) -> None:
    """A town carries its own name and the Russian one; languages that no screen has stay in the database."""
    layers = read_tile(await draw(ground_engine, address_of(*VADUZ, 13)))
    town = next(each for each in layers["place"].attributes if each.get("name") == "Vaduz")
    assert town["name_ru"] == "Вадуц"
    assert not any(key.startswith("name:") for key in layers["place"].keys)


async def test_large_areas_come_before_small_ones(database: DatabaseUrls) -> None:
    """Forest drawn as the base must not cover the glade that lies on it."""
    import_osm(FIXTURES / "old-style.osm", database.owner_url)
    engine = create_async_engine(database.sqlalchemy.app_url)
    layers = read_tile(await draw(engine, address_of(30.02, 60.05, 10)))
    await engine.dispose()
    order = [each["class"] for each in layers["landcover"].attributes]
    assert order == ["forest", "grass", "scrub"]


async def test_neighbouring_zooms_show_a_place_in_the_same_spot(ground_engine: AsyncEngine) -> None:
    """Below and above zoom 12 geometry takes two ways to the tile: they agree to a unit of it."""
    spots = []
    for z in (11, 12, 14):
        address = address_of(*VADUZ, z)
        layer = read_tile(await draw(ground_engine, address))["place"]
        at = next(i for i, each in enumerate(layer.attributes) if each.get("name") == "Vaduz")
        x, y = layer.first_points[at]
        spots.append(((address.x + x / 4096) / 2.0**z, (address.y + y / 4096) / 2.0**z))
    unit = 1 / 4096 / 2.0**11
    for mercator_x, mercator_y in spots[1:]:
        assert mercator_x == pytest.approx(spots[0][0], abs=unit)
        assert mercator_y == pytest.approx(spots[0][1], abs=unit)


@pytest.mark.parametrize("lat_deg", [0.0, 47.0, 75.0, -82.0])
def test_mercator_is_linear_within_a_tile_of_zoom_12(lat_deg: float) -> None:
    """The claim behind the fast way: within a tile of zoom 12 the error stays below one unit of 4,096."""
    address = address_of(30.0, lat_deg, 12)
    _, south, _, north = address.bounds_deg()
    for share in (0.25, 0.5, 0.75):
        lat = south + (north - south) * share
        row = (1.0 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**12 - address.y
        assert abs((1 - share) - row) * 4096 < 1


async def test_what_we_do_not_draw_is_not_known(ground_engine: AsyncEngine) -> None:
    """Zooms and numbers off the map are refused before the database is asked."""
    tiles = GroundTiles(ground_engine)
    for address in [(5, 0, 0), (17, 0, 0), (6, 64, 0), (6, 0, -1), (10**6, 1, 1)]:
        with pytest.raises(NotKnown):
            await tiles.get(TileAddress(*address))
    assert TileAddress(MIN_ZOOM, 0, 0).exists
    assert TileAddress(MAX_ZOOM, 2**MAX_ZOOM - 1, 0).exists


async def test_an_empty_place_gives_an_empty_tile(ground_engine: AsyncEngine) -> None:
    """Where nothing is imported the tile is empty, not an error."""
    packed = await GroundTiles(ground_engine).get(address_of(100.0, 60.0, 10))
    assert gzip.decompress(packed.gzipped) == b""


async def test_the_tag_changes_with_the_data_only(database: DatabaseUrls) -> None:
    """Asked twice a tile has one tag; after a new import it has another, and the new content."""
    engine = create_async_engine(database.sqlalchemy.app_url)
    now_s = 0.0
    tiles = GroundTiles(engine, clock_s=lambda: now_s)
    address = address_of(30.02, 60.05, 10)
    empty = await tiles.get(address)
    assert (await tiles.get(address)).etag == empty.etag
    import_osm(FIXTURES / "old-style.osm", database.owner_url)
    now_s = 10.0
    full = await tiles.get(address)
    await engine.dispose()
    assert full.etag != empty.etag
    assert set(read_tile(gzip.decompress(full.gzipped))) >= {"landcover", "water", "extent"}


async def test_kept_tiles_stay_within_their_bytes(ground_engine: AsyncEngine) -> None:
    """The memory of tiles drops the oldest instead of growing."""
    tiles = GroundTiles(ground_engine, cache_bytes=40_000)
    for z in range(8, 15):
        await tiles.get(address_of(*VADUZ, z))
    assert 0 < tiles.kept_bytes <= 40_000


async def test_a_kept_tile_needs_no_database(ground_engine: AsyncEngine) -> None:
    """The second request for a tile is answered from memory."""
    tiles = GroundTiles(ground_engine, clock_s=lambda: 0.0)
    first = await tiles.get(address_of(*VADUZ, 13))
    assert (await tiles.get(address_of(*VADUZ, 13))).gzipped is first.gzipped


async def test_half_of_the_tiles_take_less_than_30_ms(ground_engine: AsyncEngine) -> None:
    """The median of uncached tiles of the demo ground; 60 ms leaves room for a busy machine."""
    taken_ms = []
    async with ground_engine.connect() as connection:
        for z in range(9, 15):
            middle = address_of(*VADUZ, z)
            for step in range(4):
                started_s = time.perf_counter()
                await tile(connection, TileAddress(z, middle.x, middle.y + step % 2 - step // 2))
                taken_ms.append((time.perf_counter() - started_s) * 1000)
    assert statistics.median(taken_ms) < 60
