"""Tracks in a GeoPackage: lines with times in a column or in the fourth coordinate; hostile ones."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from pyogrio import raw

from search_ops.importing.file_refusal import FileRefused
from search_ops.importing.tracks import read_contents, read_tracks

if TYPE_CHECKING:
    from pathlib import Path

BEGIN_S = 1_787_000_000.0


def written(path: Path, lines: list[Any], fields: dict[str, list[Any]], **more: Any) -> bytes:
    """Return a GeoPackage of one layer."""
    shapes = [None if one is None else shapely.to_wkb(one, flavor="iso") for one in lines]
    raw.write(
        path,
        geometry=np.array(shapes, dtype=object),
        field_data=[np.array(values, dtype=object) for values in fields.values()],
        fields=list(fields),
        **{"layer": "tracks", "driver": "GPKG", "crs": "EPSG:4326", "geometry_type": "Unknown", **more},
    )
    return path.read_bytes()


def line(count: int = 5, **more: Any) -> Any:
    places = [[104.0 + at * 0.001, 52.0, 400.0 + at] for at in range(count)]
    return shapely.LineString(places, **more)


def test_times_stand_in_a_column_or_in_the_fourth_coordinate(tmp_path: Path) -> None:
    """As we write them, and as map programs write moving things; without any the way is read all the same."""
    told = json.dumps([f"2026-08-23T10:00:0{at}Z" for at in range(5)])
    measured = shapely.from_wkt(
        "LINESTRING ZM (" + ", ".join(f"{104 + at / 1000} 52 400 {BEGIN_S + at}" for at in range(5)) + ")"
    )
    content = written(
        tmp_path / "a.gpkg",
        [line(), measured, line()],
        {"name": ["Лиса-1", "Лиса-2", "Лиса-3"], "coordTimes": [told, None, None]},
    )
    first, second, third = read_tracks(content, "a.gpkg")[0]
    assert [one.name for one in (first, second, third)] == ["Лиса-1", "Лиса-2", "Лиса-3"]
    assert np.array_equal(np.diff(first.points["t_s"]), np.ones(4))
    assert np.array_equal(second.points["t_s"], BEGIN_S + np.arange(5))
    assert np.isnan(third.points["t_s"]).all()
    assert np.array_equal(third.points["ele_m"], 400.0 + np.arange(5))


def test_pieces_stay_pieces_and_other_systems_are_brought_over(tmp_path: Path) -> None:
    """A line of several pieces has its breaks; UTM becomes degrees; polygons and points are no tracks."""
    pieces = [[[east, 5_760_000], [east + 100, 5_760_000]] for east in (500_000, 500_200)]
    utm = shapely.MultiLineString(pieces)
    content = written(
        tmp_path / "a.gpkg",
        [utm, shapely.Point(500_000, 5_760_000), shapely.box(5e5, 5e6, 5.1e5, 5.1e6), None],
        {"name": ["Лиса-1", "т", "кв", ""]},
        layer="что угодно",
        crs="EPSG:32648",
    )
    (track,), _ = read_tracks(content, "a.gpkg")
    assert (track.segment_starts, len(track.points)) == ((0, 2), 4)
    assert track.points["lon"][0] == pytest.approx(105.0, abs=1e-6)
    assert track.points["lat"][0] == pytest.approx(51.99, abs=0.01)


def test_a_layer_of_tracks_is_taken_alone(tmp_path: Path) -> None:
    """Roads and borders beside the tracks are no ways of teams."""
    path = tmp_path / "a.gpkg"
    written(path, [line()], {"name": ["просека"]}, layer="roads")
    content = written(path, [line()], {"name": ["Лиса-1"]}, append=True)
    assert [one.name for one in read_tracks(content, "a.gpkg")[0]] == ["Лиса-1"]


def test_what_is_no_way_is_left_out_or_refused(tmp_path: Path) -> None:
    """Beyond the globe: left out with its number; too much, another database, cut off: refused."""
    beyond = shapely.LineString([[104, 52], [104, 95]])
    times = ["[", '["a"]', "[" * 5000]
    content = written(tmp_path / "a.gpkg", [beyond, line(), line()], {"coordTimes": times})
    tracks, (note,) = read_tracks(content, "трек.gpkg")
    assert ([one.name for one in tracks], note.code, note.item) == (["трек", "трек"], "geometry_left_out", 1)
    many = written(tmp_path / "b.gpkg", [line()] * 2_001, {"name": ["x"] * 2_001})
    long = written(tmp_path / "c.gpkg", [shapely.LineString(np.zeros((250_002, 2)) + 1)], {"name": ["x"]})
    other = tmp_path / "d.gpkg"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE tiles (a)")
    for broken, reason in (
        (many, "too_many_elements"),
        (long, "too_many_points"),
        (content[: len(content) // 2], "corrupt"),
        (other.read_bytes(), "not_this_format"),
        (b"SQLite format 3\x00" + bytes(4096), "corrupt"),
    ):
        with pytest.raises(FileRefused) as refused:
            read_contents(broken, "x.gpkg")
        assert refused.value.reason == reason
