"""Raster layers: tile databases, GeoTIFF and OziExplorer maps in, pictures in the right place out."""

import sqlite3
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.warp import transform
from sqlalchemy.ext.asyncio import create_async_engine

from geo.datum import pulkovo_from_wgs84
from geo.png import rgba_png
from search_ops.importing.ground_commands import refused_sentence
from search_ops.importing.ozi_map import read_ozi_map
from search_ops.importing.raster import RasterReport, import_raster
from search_ops.importing.relief_refusal import GroundFileRefused
from search_ops.persistence.embedded import DatabaseUrls
from search_ops.services.rasters import list_layers, raster_window, tile_picture
from tests.ground.ozf_files import chance_colours, chance_points, ozf, write_ozf

pytestmark = pytest.mark.postgres

HERE = (37.60, 55.70)  # of the made-up sheets
RED = np.array([220, 20, 20, 255])


def plain_tile(colour: tuple[int, int, int]) -> bytes:
    """Return a tile of one colour."""
    return rgba_png(np.full((256, 256, 4), (*colour, 255), np.uint8))


def mbtiles(path: Path, rows: list[tuple[int, int, int, bytes]], fmt: str = "png") -> Path:
    """Write tiles (z, x, y as the web counts) as MBTiles."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
        )
        file.executemany("INSERT INTO metadata VALUES (?, ?)", [("name", "Пробный лист"), ("format", fmt)])
        turned = [(z, x, 2**z - 1 - y, image) for z, x, y, image in rows]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", turned)
    file.close()
    return path


def sqlitedb(path: Path, rows: list[tuple[int, int, int, bytes]], numbering: str | None = None) -> Path:
    """Write tiles as RMaps does: zooms backwards from 17."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE tiles (x int, y int, z int, s int, image blob, PRIMARY KEY (x, y, z, s))")
        if numbering is None:
            file.execute("CREATE TABLE info (minzoom int, maxzoom int)")
        else:
            file.execute("CREATE TABLE info (minzoom int, maxzoom int, tilenumbering text)")
            file.execute("INSERT INTO info VALUES (4, 6, ?)", (numbering,))
        turned = [(x, y, z if numbering == "simple" else 17 - z, 0, image) for z, x, y, image in rows]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?, ?)", turned)
    file.close()
    return path


def sheet() -> NDArray[np.uint8]:
    """Return a white picture with a red square of 40 points in its middle."""
    picture = np.full((3, 400, 600), 255, np.uint8)
    picture[:, 180:220, 280:320] = RED[:3, None, None]
    return picture


def write_picture(path: Path, driver: str, **how: Any) -> Path:
    """Write the sheet as a picture."""
    with rasterio.open(path, "w", driver=driver, width=600, height=400, count=3, dtype="uint8", **how) as out:
        out.write(sheet())
    return path


def ozi(
    folder: Path,
    *,
    datum: str = "Pulkovo 1942 (1)",
    shift_column: int = 0,
    image: str = "C:\\Карты\\ЛИСТ.PNG",
) -> Path:
    """Write a map of Gauss and Krueger's zone 7 whose middle lies at HERE, and its picture."""
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write_picture(folder / "лист.png", "PNG")
    lines = [
        "OziExplorer Map Data File Version 2.2",
        "лист",
        image,
        "1 ,Map Code,",
        f"{datum},WGS 84,0,0,WGS 84",
    ]
    lines += [
        "Reserved 1",
        "Reserved 2",
        "Magnetic Variation,,,E",
        "Map Projection,Transverse Mercator,PolyCal,No",
    ]
    lon, lat = (float(each[0]) for each in pulkovo_from_wgs84(np.array([HERE[0]]), np.array([HERE[1]])))
    grid = transform("+proj=longlat +ellps=krass", GRID, [lon], [lat])
    middle_east, middle_north = grid[0][0], grid[1][0]
    corners = [(0, 0), (600, 0), (600, 400), (0, 400)]
    for number, (column, row) in enumerate(corners, start=1):
        east, north = middle_east + (column - 300) * 5, middle_north - (row - 200) * 5
        ((lon,), (lat,)) = transform(GRID, "+proj=longlat +ellps=krass", [east], [north])
        seen = column + (shift_column if number == 3 else 0)
        degrees = f"{int(lat)},{lat % 1 * 60:.6f},N,{int(lon)},{lon % 1 * 60:.6f},E"
        lines.append(f"Point{number:02d},xy,{seen:5d},{row:5d},in, deg,{degrees}, grid,,,,N")
    lines.append("Projection Setup,0.0,39.0,1.0,7500000.0,0.0,,,,,")
    path = folder / "лист.map"
    path.write_bytes("\r\n".join(lines).encode("cp1251"))
    return path


GRID = "+proj=tmerc +lat_0=0 +lon_0=39 +k=1 +x_0=7500000 +ellps=krass +units=m"


async def red_square(database: DatabaseUrls, report: RasterReport) -> tuple[float, float, int]:
    """Return where the red of a layer has its middle (degrees) and how many points it takes of 600."""
    engine = create_async_engine(database.sqlalchemy.app_url)
    async with engine.connect() as connection:
        picture = await raster_window(connection, report.layer_id, report.bounds, 600)
    await engine.dispose()
    red = (np.abs(picture.astype(int) - RED) < 60).all(axis=2)
    rows, columns = np.nonzero(red)
    west, south, east, north = report.bounds
    lon = west + (columns.mean() + 0.5) / picture.shape[1] * (east - west)
    lat = north - (rows.mean() + 0.5) / picture.shape[0] * (north - south)
    return lon, lat, int(red.sum())


async def test_an_ozi_map_on_pulkovo_lies_where_it_should(database: DatabaseUrls, tmp_path: Path) -> None:
    """Scan on a grid of 1942: the square in its middle comes out at its WGS 84 place within 10 m."""
    report = import_raster(ozi(tmp_path), database.owner_url, name="Лист 1942 года")
    assert (report.source_format, report.name) == ("ozi", "Лист 1942 года")
    lon, lat, count = await red_square(database, report)
    assert lon == pytest.approx(HERE[0], abs=0.00016)
    assert lat == pytest.approx(HERE[1], abs=0.00009)
    assert 900 < count < 2_500


async def test_a_geotiff_lies_where_it_should(database: DatabaseUrls, tmp_path: Path) -> None:
    """In UTM: the same square at the same place."""
    ((east,), (north,)) = transform("EPSG:4326", "EPSG:32637", [HERE[0]], [HERE[1]])
    place = Affine(5, 0, east - 1500, 0, -5, north + 1000)
    path = write_picture(tmp_path / "sheet.tif", "GTiff", crs="EPSG:32637", transform=place)
    report = import_raster(path, database.owner_url)
    lon, lat, _ = await red_square(database, report)
    assert lon == pytest.approx(HERE[0], abs=0.00016)
    assert lat == pytest.approx(HERE[1], abs=0.00009)
    assert import_raster(path, database.owner_url).replaced


@pytest.mark.parametrize("kind", ["mbtiles", "sqlitedb", "simple"])
async def test_tile_databases_are_numbered_as_the_web_does(
    database: DatabaseUrls, tmp_path: Path, kind: str
) -> None:
    """Rows from the south, zooms backwards or plain: each tile comes out under its usual number."""
    rows = [(11, 1200, 700, plain_tile((1, 2, 3))), (12, 2401, 1400, plain_tile((4, 5, 6)))]
    path = tmp_path / "tiles.db"
    made = (
        mbtiles(path, rows)
        if kind == "mbtiles"
        else sqlitedb(path, rows, "simple" if kind == "simple" else None)
    )
    report = import_raster(made, database.owner_url)
    assert (report.min_zoom, report.max_zoom, report.tiles) == (11, 12, 2)
    assert report.source_format == ("mbtiles" if kind == "mbtiles" else "sqlitedb")
    engine = create_async_engine(database.sqlalchemy.app_url)
    (layer,) = await list_layers(engine)
    assert layer["name"] == ("Пробный лист" if kind == "mbtiles" else "tiles")
    assert await tile_picture(engine, report.layer_id, 12, 2401, 1400) == ("image/png", rows[1][3])
    assert await tile_picture(engine, report.layer_id, 12, 2401, 1401) is None
    await engine.dispose()


def spoilt(folder: Path) -> list[tuple[Path, str]]:
    """Return broken layers and the reason each must get."""
    good = plain_tile((9, 9, 9))
    (folder / "text.mbtiles").write_text("no tiles", encoding="utf-8")
    whole = mbtiles(folder / "whole.mbtiles", [(11, x, 700, good) for x in range(400)]).read_bytes()
    (folder / "cut.mbtiles").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.mbtiles").write_bytes(b"")
    other = folder / "other.mbtiles"
    with sqlite3.connect(other) as file:
        file.execute("CREATE TABLE people (name text)")
    file.close()
    nan = write_picture(
        folder / "nan.tif", "GTiff", crs="EPSG:32637", transform=Affine(np.nan, 0, 0, 0, -5, 0)
    )
    nowhere = folder / "nowhere.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write_picture(nowhere, "GTiff")
    twice = [(11, 1, 1, good)] * 2
    huge = bytearray(good)
    huge[16:24] = b"\x7f\xff\xff\xff" * 2
    return [
        (folder / "text.mbtiles", "not_a_raster"),
        (folder / "cut.mbtiles", "damaged"),
        (folder / "empty.mbtiles", "empty"),
        (folder / "missing.mbtiles", "missing"),
        (other, "no_tiles"),
        (mbtiles(folder / "none.mbtiles", []), "no_tiles"),
        (mbtiles(folder / "far.mbtiles", [(11, 5000, 1, good)]), "off_the_map"),
        (mbtiles(folder / "junk.mbtiles", [(11, 1, 1, good), (11, 2, 1, b"<svg/>")]), "not_a_picture"),
        (mbtiles(folder / "huge.mbtiles", [(11, 1, 1, bytes(huge))]), "wrong_size"),
        (mbtiles(folder / "twice.mbtiles", twice), "tile_twice"),
        (mbtiles(folder / "vector.mbtiles", [(11, 1, 1, good)], "pbf"), "vector_tiles"),
        (nan, "no_place"),
        (nowhere, "no_place"),
    ]


def test_broken_layers_are_refused_and_change_nothing(database: DatabaseUrls, tmp_path: Path) -> None:
    """Each is refused by name and reason in both languages; no layer and no tile stays behind."""
    for path, reason in spoilt(tmp_path):
        with pytest.raises(GroundFileRefused) as caught:
            import_raster(path, database.owner_url)
        assert (path.name, caught.value.reason) == (path.name, reason)
        assert all(path.name in refused_sentence(caught.value, locale) for locale in ("ru", "en"))
    with psycopg.connect(database.app_url) as connection:
        kept = connection.execute("SELECT count(*) FROM raster_layer").fetchone()
        tiles = connection.execute("SELECT count(*) FROM raster_tile").fetchone()
    assert (kept, tiles) == ((0,), (0,))


@pytest.mark.parametrize(
    ("how", "reason", "line"),
    [
        ({"datum": "Adindan"}, "datum_unknown", 5),
        ({"shift_column": -300}, "points_disagree", 12),
        ({"image": ""}, "no_picture", 3),
        ({"image": "..\\..\\etc\\passwd"}, "no_picture", 3),
    ],
)
def test_a_bad_ozi_map_names_its_line(
    database: DatabaseUrls, tmp_path: Path, how: dict[str, Any], reason: str, line: int
) -> None:
    """Unknown datum, points that contradict each other, a missing picture: with the line at fault."""
    with pytest.raises(GroundFileRefused) as caught:
        import_raster(ozi(tmp_path, **how), database.owner_url)
    assert caught.value.reason == reason
    assert reason == "points_disagree" or caught.value.data["place"]["line"] == line


@pytest.mark.parametrize(
    "content", [b"", b"OziExplorer Map Data File Version 2.2\r\n", bytes(500), b"\xff" * 900]
)
def test_what_is_no_ozi_map_is_refused(content: bytes) -> None:
    """Empty, cut and binary files are no maps."""
    with pytest.raises(GroundFileRefused) as caught:
        read_ozi_map(content, "x.map")
    assert caught.value.reason == "not_a_map"


@pytest.mark.parametrize(
    ("image", "how"),
    [
        ("лист.ozf2", {}),
        ("лист.ozf3", {"key": 0x5C}),
        ("ЛИСТ.OZFX3", {"key": 0xE1}),
        ("лист.png", {"key": 7}),
    ],
)
async def test_a_packed_picture_of_ozi_lies_where_it_should(
    database: DatabaseUrls, tmp_path: Path, image: str, how: dict[str, int]
) -> None:
    """OZF2 and OZF3 on the grid of 1942, whatever they are called: as exact as a PNG."""
    path = ozi(tmp_path, image=f"D:\\Maps\\{image}")
    (tmp_path / "лист.png").unlink()
    write_ozf(tmp_path / image.lower(), sheet(), **how)
    report = import_raster(path, database.owner_url)
    assert (report.source_format, report.name) == ("ozi", "лист")
    lon, lat, count = await red_square(database, report)
    assert lon == pytest.approx(HERE[0], abs=0.00016)
    assert lat == pytest.approx(HERE[1], abs=0.00009)
    assert 900 < count < 2_500


async def test_a_packed_picture_gives_the_tiles_of_a_plain_one(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    """The same scan as OZF3 and as PNG of the same colours: every tile of the finest zoom is the same."""
    path = ozi(tmp_path)
    points, colours = chance_points(600, 400), chance_colours()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        size = {"width": 600, "height": 400, "count": 1, "dtype": "uint8"}
        with rasterio.open(tmp_path / "лист.png", "w", driver="PNG", **size) as out:
            out.write_colormap(1, dict(enumerate(map(tuple, colours.tolist()))))
            out.write(points, 1)
    reports = [import_raster(path, database.owner_url, name="png")]
    (tmp_path / "лист.png").write_bytes(ozf(points, colours, key=0x33))
    reports.append(import_raster(path, database.owner_url, name="ozf"))
    with psycopg.connect(database.app_url) as connection:
        plain, packed = (
            connection.execute(
                "SELECT z, x, y, image FROM raster_tile WHERE layer_id = %s ORDER BY z, x, y", [each.layer_id]
            ).fetchall()
            for each in reports
        )
    assert len(plain) > 5
    assert plain == packed
    assert reports[0].bounds == reports[1].bounds


@pytest.mark.parametrize("how", ["cut", "locked", "ozf4", "alone", "renamed", "missing"])
def test_a_packed_picture_that_cannot_be_read_says_why(
    database: DatabaseUrls, tmp_path: Path, how: str
) -> None:
    """Damaged, locked, newer, without its map, not there: the picture by name, what is wrong and where."""
    image = "лист.ozf4" if how == "ozf4" else "лист.ozf3"
    path = ozi(tmp_path, image=f"C:\\Карты\\{image}")
    packed = write_ozf(tmp_path / "лист.ozf3", sheet(), key=0x5C)
    whole = packed.read_bytes()
    if how == "cut":
        packed.write_bytes(whole[:3000])
    elif how == "locked":
        packed.write_bytes(whole[:6] + bytes(8) + whole[14:])
    elif how == "ozf4":
        packed.rename(tmp_path / image).write_bytes(b"\x90\x77" + whole[2:])
    elif how == "alone":
        path = packed
    elif how == "renamed":
        path = packed.rename(tmp_path / "лист.jpg")
    else:
        packed.unlink()
    with pytest.raises(GroundFileRefused) as caught:
        import_raster(path, database.owner_url)
    reason, word = {
        "cut": ("damaged", "byte "),
        "locked": ("ozf", "byte 6"),
        "ozf4": ("ozf", "byte 0"),
        "alone": ("ozf_alone", ".map"),
        "renamed": ("ozf_alone", ".map"),
        "missing": ("no_picture", "line 3"),
    }[how]
    assert caught.value.reason == reason
    for language in ("ru", "en"):
        sentence = refused_sentence(caught.value, language)
        assert word in sentence
        assert (path.name if how == "missing" else image if how != "renamed" else "лист.jpg") in sentence
    with psycopg.connect(database.app_url) as connection:
        assert connection.execute("SELECT count(*) FROM raster_layer").fetchone() == (0,)
