"""Import of heights, and what the map gets from them."""

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import psycopg
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import transform
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from geo.png import picture_size
from search_ops.importing.dem import import_dem
from search_ops.importing.ground_commands import refused_sentence
from search_ops.importing.relief_refusal import GroundFileRefused
from search_ops.persistence.embedded import DatabaseUrls
from search_ops.persistence.ground_tiles import TileAddress
from search_ops.persistence.relief import heights_window
from search_ops.services.relief import EMPTY_SHADE, HillshadeTiles, contour_layer, elevation

from .test_ground_tiles import address_of
from .tile_reader import read_tile

pytestmark = pytest.mark.postgres


def hill(west: int, north: int) -> NDArray[np.int16]:
    """Return a tile of three seconds cut from one long swell that crosses tile borders."""
    lon = west + np.arange(1201) / 1200
    lat = north - np.arange(1201) / 1200
    swell = 500 + 300 * np.sin(lon * 40)[None, :] + 200 * np.cos(lat * 50)[:, None]
    return np.asarray(swell.round(), dtype=np.int16)


def hgt(folder: Path, name: str, heights: NDArray[np.int16]) -> Path:
    """Write a tile as SRTM does."""
    path = folder / name
    path.write_bytes(heights.astype(">i2").tobytes())
    return path


def geotiff(folder: Path, name: str, heights: NDArray[np.float32], **how: object) -> Path:
    """Write a GeoTIFF of heights round 9.5 E, 47.5 N."""
    path = folder / name
    profile = {
        "driver": "GTiff", "width": heights.shape[1], "height": heights.shape[0], "count": 1,
        "dtype": "float32", "crs": "EPSG:4326", "transform": place_of(9.4, 47.6, 0.001, 0.001), **how,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(heights, 1)
    return path


def place_of(west: float, north: float, step_x: float, step_y: float) -> Affine:
    """Return the transform of a grid from its north-western corner."""
    return Affine(step_x, 0, west, 0, -step_y, north)


@pytest.fixture
async def two_tiles(database: DatabaseUrls, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """Return a database with two neighbouring tiles, one of them packed, with a hole in the other."""
    east = hill(10, 48)
    east[600:640, 100:160] = -32768
    packed = tmp_path / "N47E009.hgt.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("N47E009.hgt", hill(9, 48).astype(">i2").tobytes())
    reports = import_dem([packed, hgt(tmp_path, "N47E010.hgt", east)], database.owner_url)
    assert [report.source_name for report in reports] == ["N47E009", "N47E010"]
    assert reports[1].void_share == pytest.approx(2400 / 1201**2)
    engine = create_async_engine(database.sqlalchemy.app_url)
    yield engine
    await engine.dispose()


async def test_neighbouring_tiles_are_one_ground(two_tiles: AsyncEngine) -> None:
    """Across the border the samples are those of the swell, whole and in place; a void stays one."""
    async with two_tiles.connect() as connection:
        grid = await heights_window(connection, (9.9, 47.4, 10.1, 47.6), 1 / 1200)
    assert grid is not None
    lon = grid.west_deg + np.arange(grid.heights_m.shape[1]) * grid.step_lon_deg
    lat = grid.north_deg - np.arange(grid.heights_m.shape[0]) * grid.step_lat_deg
    swell = 500 + 300 * np.sin(lon * 40)[None, :] + 200 * np.cos(lat * 50)[:, None]
    void = np.isnan(grid.heights_m)
    assert void.sum() == 40 * 23
    assert np.abs(grid.heights_m - swell)[~void].max() <= 0.51
    high = await elevation(two_tiles, 10.0, 47.5)
    assert high["elevation_m"] == pytest.approx(500 + 300 * np.sin(400) + 200 * np.cos(47.5 * 50), abs=1)
    assert (await elevation(two_tiles, 10.11, 47.48))["elevation_m"] is None
    assert (await elevation(two_tiles, 30.0, 60.0))["elevation_m"] is None


async def test_the_map_gets_light_and_contours(two_tiles: AsyncEngine) -> None:
    """Hillshade is a PNG of 256, empty where nothing is known; contours carry height and index."""
    tiles = HillshadeTiles(two_tiles)
    seam = address_of(9.999, 47.5, 12)
    drawn = await tiles.get(seam)
    assert picture_size(drawn.png) == ("image/png", 256, 256)
    assert len(drawn.png) > 3_000
    assert (await tiles.get(seam)).png is drawn.png
    assert (await tiles.get(address_of(30.0, 60.0, 12))).png == EMPTY_SHADE
    assert picture_size((await tiles.get(address_of(9.9, 47.5, 6))).png) == ("image/png", 256, 256)
    async with two_tiles.connect() as connection:
        layer = read_tile(await contour_layer(connection, seam))["contour"]
        far = await contour_layer(connection, TileAddress(7, seam.x >> 5, seam.y >> 5))
    heights = {each["elevation_m"] for each in layer.attributes}
    assert len(heights) > 5
    assert all(height % 20 == 0 for height in heights)
    assert all(each["index"] == (each["elevation_m"] % 100 == 0) for each in layer.attributes)
    assert far == b""


async def test_a_geotiff_in_metres_lands_where_it_lies(database: DatabaseUrls, tmp_path: Path) -> None:
    """A grid in UTM is laid over meridians and parallels; its fill value is a void."""
    heights = np.add.outer(np.arange(200.0), np.arange(300.0)).astype(np.float32)
    heights[50:60, 50:60] = -9999
    path = geotiff(
        tmp_path,
        "utm.tif",
        heights,
        crs="EPSG:32632",
        transform=place_of(500_000, 5_260_000, 30, 30),
        nodata=-9999,
    )
    (report,) = import_dem([path], database.owner_url)
    assert (report.file_format, report.replaced) == ("geotiff", False)
    engine = create_async_engine(database.sqlalchemy.app_url)
    east = 500_000 + 30 * 100.5
    north = 5_260_000 - 30 * 100.5
    ((lon, lat),) = zip(*transform("EPSG:32632", "EPSG:4326", [east], [north]), strict=True)
    assert (await elevation(engine, lon, lat))["elevation_m"] == pytest.approx(200, abs=1.5)
    await engine.dispose()
    (again,) = import_dem([path], database.owner_url)
    assert again.replaced


def bomb() -> bytes:
    """Return an archive whose member swells to a hundred megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("N47E009.hgt", bytes(100_000_000))
    return out.getvalue()


def spoilt(folder: Path) -> dict[str, tuple[Path, str]]:
    """Return broken files of heights and the reason each must get."""
    whole = hill(9, 48).astype(">i2").tobytes()
    good = geotiff(folder, "good.tif", np.ones((300, 300), np.float32)).read_bytes()
    files = {
        "N47E009.hgt": (whole[:-7], "wrong_size"),
        "N99E009.hgt": (whole, "no_corner"),
        "hill.hgt": (whole, "no_corner"),
        "N48E009.hgt": (np.full(1201**2, -32768, ">i2").tobytes(), "only_voids"),
        "empty.hgt": (b"", "empty"),
        "N47E009.hgt.zip": (bomb(), "wrong_size"),
        "cut.hgt.zip": (bomb()[:5000], "damaged"),
        "text.tif": (b"height of the hill", "not_heights"),
        "cut.tif": (good[: len(good) // 2], "damaged"),
        "head.tif": (b"II*\0" + b"\xff" * 400, "damaged"),
    }
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content)
    made = {name: (folder / name, reason) for name, (_, reason) in files.items()}
    nan = place_of(np.nan, 47.6, 0.001, 0.001)
    small = np.ones((4, 4), np.float32)
    made["nan.tif"] = (geotiff(folder, "nan.tif", small, transform=nan), "no_place")
    made["nowhere.tif"] = (geotiff(folder, "nowhere.tif", small, crs=None), "no_place")
    huge = {"width": 300_000, "height": 300_000, "SPARSE_OK": True, "BIGTIFF": "YES", "tiled": True}
    with rasterio.open(
        folder / "huge.tif", "w", driver="GTiff", count=1, dtype="float32", crs="EPSG:4326",
        transform=place_of(9, 47, 1e-6, 1e-6), **huge,
    ):  # fmt: skip
        pass
    made["huge.tif"] = (folder / "huge.tif", "too_large")
    made["missing.tif"] = (folder / "missing.tif", "missing")
    return made


def test_broken_files_are_refused_and_change_nothing(database: DatabaseUrls, tmp_path: Path) -> None:
    """Each is refused by name and reason, in both languages, and a good file beside it is not kept."""
    good = hgt(tmp_path, "N47E010.hgt", hill(10, 48))
    for name, (path, reason) in spoilt(tmp_path).items():
        with pytest.raises(GroundFileRefused) as caught:
            import_dem([path] if name != "cut.tif" else [good, path], database.owner_url)
        assert (name, caught.value.reason) == (name, reason)
        for locale in ("ru", "en"):
            assert name in refused_sentence(caught.value, locale)
    with psycopg.connect(database.app_url) as connection:
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM relief_dataset), (SELECT count(*) FROM relief_block)"
        ).fetchone()
    assert counts == (0, 0)
