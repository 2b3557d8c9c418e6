"""Layers of polygons: what foresters send is read in a bounded child, repaired with a note, or refused."""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from pyogrio import raw
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.formats.kml_writing import write_kml
from geo.formats.values import Contents, Shape
from search_ops.importing.bounded import Limits, run_bounded
from search_ops.importing.file_refusal import FileRefused
from search_ops.importing.layers import read_polygons

QUARTER = box(37.0, 55.0, 37.01, 55.01)
BOW = Polygon([(37, 55), (37.01, 55.01), (37.01, 55), (37, 55.01)])


def written(
    path: Path, geometries: Sequence[BaseGeometry], names: list[str], crs: str, **options: str
) -> Path:
    raw.write(
        path,
        geometry=np.array([shapely.to_wkb(geometry) for geometry in geometries], dtype=object),
        field_data=[np.array(names, dtype=object)],
        fields=["kvartal"],
        crs=crs,
        geometry_type="Polygon",
        **options,
    )
    return path


def zipped(folder: Path, pattern: str, *, without: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.glob(pattern)):
            if path.suffix != without:
                archive.write(path, f"Лес/{path.name}")
    return packed.getvalue()


@pytest.fixture(scope="module")
def shapefile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quarters in Gauss-Krüger zone 7 with Windows-1251 names and no .cpg, as old programs write."""
    folder = tmp_path_factory.mktemp("shape")
    to = pyproj.Transformer.from_crs(4326, 28407, always_xy=True)

    def move(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(to.transform(xy[:, 0], xy[:, 1]))

    moved = [shapely.transform(shape, move) for shape in (QUARTER, BOW)]
    written(folder / "q.shp", moved, ["кв. 12", "кв. 13"], "EPSG:28407", encoding="cp1251")
    (folder / "q.cpg").unlink()
    return folder


def test_a_shapefile_of_a_forest_office(shapefile: Path) -> None:
    """Windows-1251 names, Gauss-Krüger metres and a crossing outline come out as valid WGS 84 with notes."""
    polygons, notes = read_polygons(zipped(shapefile, "q.*"), "лес.zip")
    assert [polygon.name for polygon in polygons] == ["кв. 12", "кв. 13"]
    assert polygons[0].geometry.symmetric_difference(QUARTER).area < 1e-10
    assert polygons[1].geometry.is_valid
    assert {note.code for note in notes} == {"encoding_guessed", "datum_shifted", "geometry_repaired"}
    assert next(note.item for note in notes if note.code == "geometry_repaired") == 2


@pytest.mark.parametrize(("missing", "reason"), [(".dbf", "member_missing"), (".shx", "member_missing")])
def test_half_a_shapefile_is_refused(shapefile: Path, missing: str, reason: str) -> None:
    """A shapefile without its attributes or index is not guessed at."""
    with pytest.raises(FileRefused) as caught:
        read_polygons(zipped(shapefile, "q.*", without=missing), "лес.zip")
    assert caught.value.reason == reason


def test_metres_without_a_reference_system_are_refused(shapefile: Path) -> None:
    """Without .prj, numbers that cannot be degrees are not taken for degrees."""
    with pytest.raises(FileRefused) as caught:
        read_polygons(zipped(shapefile, "q.*", without=".prj"), "лес.zip")
    assert caught.value.reason == "datum_unknown"


def test_a_geopackage_with_two_layers(tmp_path: Path) -> None:
    """All polygon layers are read, or the one asked for."""
    path = written(tmp_path / "q.gpkg", [QUARTER], ["1"], "EPSG:4326", layer="кварталы")
    written(path, [QUARTER, QUARTER], ["2", "3"], "EPSG:4326", layer="выделы", append=True)  # type: ignore[arg-type]
    assert sorted(str(name) for name, _ in pyogrio.list_layers(path)) == ["выделы", "кварталы"]
    assert sorted(polygon.name for polygon in read_polygons(path)[0]) == ["1", "2", "3"]
    assert [polygon.name for polygon in read_polygons(path, layer="кварталы")[0]] == ["1"]


def test_kml_and_geojson_layers() -> None:
    """KML and GeoJSON polygons need no GDAL; what is no polygon is counted."""
    kml = write_kml(
        Contents(shapes=(Shape("кв. 7", QUARTER), Shape("", shapely.LineString([(1, 1), (2, 2)])))), title=""
    )
    polygons, notes = read_polygons(kml, "a.kml")
    assert [(polygon.name, polygon.geometry) for polygon in polygons] == [("кв. 7", QUARTER)]
    assert [(note.code, note.item) for note in notes] == [("geometry_left_out", 2)]
    feature = {
        "type": "Feature",
        "properties": {"КВАРТАЛ": 12},
        "geometry": shapely.geometry.mapping(QUARTER),
    }
    polygons, _ = read_polygons(json.dumps(feature).encode(), "a.geojson")
    assert polygons[0].name == "12"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"SQLite format 3\x00" + b"\x00" * 100, "corrupt"),
        (b"PK\x03\x04", "corrupt"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 96, "member_missing"),
        (b"<kml/>", "no_polygons"),
        (b"<html/>", "not_this_format"),
        (b'{"type":"FeatureCollection","features":[]}', "no_polygons"),
        (b"MZ\x90", "format_unknown"),
    ],
)
def test_what_is_no_layer_is_refused(content: bytes, reason: str) -> None:
    """Each refusal has its reason."""
    with pytest.raises(FileRefused) as caught:
        read_polygons(content, "слой")
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("hang", "too_slow"),
        ("burn", "too_slow"),
        ("swell", "too_much_memory"),
        ("fall", "reader_failed"),
        ("dial", ""),
    ],
)
def test_a_bad_reader_is_bounded(function: str, reason: str) -> None:
    """Sleeping, burning, swelling and crashing readers end in a refusal; a reader has no network."""
    limits = Limits(memory_bytes=400 * 1024 * 1024, cpu_s=1, wall_s=3)
    call = f"tests.importing.bad_readers:{function}"
    if not reason:
        assert run_bounded(call, b"x", {}, name="a", file_format="gpkg", limits=limits) == b"no network"
        return
    with pytest.raises(FileRefused) as caught:
        run_bounded(call, b"x", {}, name="a", file_format="gpkg", limits=limits)
    assert caught.value.reason == reason


def test_the_asking_process_stays_light() -> None:
    """Asking for a layer imports neither GDAL nor PROJ's database: only the child does."""
    code = "import sys, search_ops.importing.layers; print('pyogrio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
