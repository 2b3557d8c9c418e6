"""Exchange formats: what we write reads back equal, and what devices write is understood."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from geo.datum import pulkovo_from_wgs84, wgs84_from_pulkovo
from geo.formats.errors import FormatError
from geo.formats.geojson import read_geojson, write_geojson
from geo.formats.gpx import read_gpx, write_gpx
from geo.formats.kml import read_kml
from geo.formats.kml_writing import write_kml
from geo.formats.oziexplorer import read_plt, read_wpt, write_plt, write_wpt
from geo.formats.points import PointBook
from geo.formats.values import Contents, RawTrack, Shape, Waypoint

NAMES = st.text(st.sampled_from("Лиса-12 ёЁЗ№ABC«»,;<>&'\"()"), max_size=20).map(
    lambda text: " ".join(text.split())
)
# Without the few signs whose Windows-1251 bytes can also be the end of a UTF-8 letter.
OUT = str.maketrans("", "", "ё№«»")
OZI_NAMES = NAMES.map(lambda text: " ".join(text.translate(OUT).split()))
DEGREES = st.integers(-10_000_000, 10_000_000).map(lambda whole: round(37 + whole * 1e-7, 7))
HEIGHTS = st.one_of(st.just(math.nan), st.integers(-400_000, 8_000_000).map(lambda whole: whole / 1000))
TIMES = st.integers(1_000_000_000_000, 1_900_000_000_000).map(lambda whole: whole / 1000)
POINTS = st.tuples(DEGREES, DEGREES, HEIGHTS)


@st.composite
def tracks(draw: st.DrawFn, *, timed: bool = True, fewest: int = 1) -> RawTrack:
    book = PointBook()
    for piece in draw(st.lists(st.lists(POINTS, min_size=fewest, max_size=5), min_size=1, max_size=3)):
        book.split()
        for lon, lat, ele_m in piece:
            book.add(draw(TIMES) if timed else math.nan, lon, lat, ele_m)
    return book.track(draw(NAMES), None)


WAYPOINTS = st.builds(
    Waypoint,
    NAMES,
    DEGREES,
    DEGREES,
    HEIGHTS.map(lambda h: None if math.isnan(h) else h),
    st.none() | TIMES,
    NAMES,
)
SQUARE = box(37.0, 55.0, 37.01, 55.01)
HOLED = Polygon(SQUARE.exterior.coords, [box(37.004, 55.004, 37.006, 55.006).exterior.coords])
SHAPES = st.builds(
    Shape,
    NAMES,
    st.sampled_from(
        [SQUARE, HOLED, MultiPolygon([HOLED, box(38, 56, 38.1, 56.1)]), LineString([(37, 55), (38, 56)])]
    ),
    NAMES,
)


def some(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3).map(tuple)


@settings(max_examples=40)
@given(some(tracks()), some(WAYPOINTS), some(tracks(timed=False)))
def test_gpx_reads_back_equal(
    recorded: tuple[RawTrack, ...], points: tuple[Waypoint, ...], planned: tuple[RawTrack, ...]
) -> None:
    """Tracks with their pieces, waypoints and routes survive GPX; a route has no pieces."""
    routes = tuple(replace(route, segment_starts=(0,)) for route in planned)
    contents = Contents(recorded, points, (), routes)
    if recorded or points or routes:
        back = read_gpx(write_gpx(contents, creator=""))
        assert back == contents


@settings(max_examples=40)
@given(some(tracks()), some(WAYPOINTS), some(SHAPES))
def test_kml_reads_back_equal(
    recorded: tuple[RawTrack, ...], points: tuple[Waypoint, ...], shapes: tuple[Shape, ...]
) -> None:
    """Tracks with times, waypoints and polygons with holes survive KML; a line is a track as well."""
    if recorded or points or shapes:
        back = read_kml(write_kml(Contents(recorded, points, shapes), title="п"))
        assert back.waypoints == points
        assert back.shapes == shapes
        timed = [track for track in back.tracks if not np.isnan(track.points["t_s"]).any()]
        assert timed == list(recorded)


@settings(max_examples=40)
@given(some(tracks()), some(WAYPOINTS), some(SHAPES))
def test_geojson_reads_back_equal(
    recorded: tuple[RawTrack, ...], points: tuple[Waypoint, ...], shapes: tuple[Shape, ...]
) -> None:
    """GeoJSON keeps all of it, and the properties too."""
    if recorded or points or shapes:
        back = read_geojson(write_geojson(Contents(recorded, points, shapes)))
        assert (back.tracks, back.waypoints) == (recorded, points)
        assert [(s.name, s.geometry, s.comment) for s in back.shapes] == [
            (s.name, s.geometry, s.comment) for s in shapes
        ]


@settings(max_examples=60)
@given(tracks(), OZI_NAMES)
def test_plt_reads_back_equal(drawn: RawTrack, name: str) -> None:
    """A track survives OziExplorer's file: 1e-7 degree, a millisecond, a millimetre, Cyrillic, commas."""
    track = replace(drawn, name=name)
    assert read_plt(write_plt(track)).tracks == (track,)


@settings(max_examples=60)
@given(st.lists(WAYPOINTS, min_size=1, max_size=5).map(tuple))
def test_wpt_reads_back_equal(points: tuple[Waypoint, ...]) -> None:
    """Waypoints survive OziExplorer's file."""
    plain = tuple(
        replace(
            p, name="".join(p.name.translate(OUT).split()), comment="".join(p.comment.translate(OUT).split())
        )
        for p in points
    )
    assert read_wpt(write_wpt(plain)).waypoints == plain


def test_ozi_files_are_windows_1251_with_crlf() -> None:
    """Old laptops at headquarters read Windows-1251 only; a letter outside it becomes a question mark."""
    track = RawTrack("Лиса-12 Žižka", None, np.zeros(1, PointBook().track("", None).points.dtype))
    written = write_plt(track)
    assert "Лиса-12 ?i?ka".encode("cp1251") in written
    assert written.count(b"\r\n") == written.count(b"\n") == 7


def test_a_plt_of_an_old_laptop() -> None:
    """Windows-1251, Pulkovo 1942, feet, OLE dates, a break and a missing altitude are all understood."""
    text = (
        "OziExplorer Track Point File Version 2.1\r\nPulkovo 1942 (1),WGS 84, 0.0000\r\n"
        "Altitude is in Feet\r\nReserved 3\r\n0,2,255,Лиса‚ первая,0,0,2,255\r\n0\r\n"
        "  55.755800,  37.617300,1,    328.1,46257.5000000, 23-авг-26, 12:00:00\r\n"
        "  55.755900,  37.617300,0,   -777.0,46257.5000116,,\r\n  55.756,37.6173,1,-777,0,,\r\n"
    )
    (track,) = read_plt(text.encode("cp1251")).tracks
    assert track.name == "Лиса, первая"
    assert track.segment_starts == (0, 2)
    assert datetime.fromtimestamp(track.points["t_s"][0], UTC) == datetime(2026, 8, 23, 12, tzinfo=UTC)
    assert track.points["t_s"][1] - track.points["t_s"][0] == pytest.approx(1.0, abs=0.01)
    assert track.points["ele_m"][0] == pytest.approx(100.0, abs=0.01)
    assert np.isnan(track.points["ele_m"][1:]).all()
    # About 120 m to the west by south-west is what the datum makes at Moscow.
    assert track.points["lon"][0] - 37.6173 == pytest.approx(-0.0019, abs=0.0003)


def test_gpx_of_cp1251_that_calls_itself_utf8() -> None:
    """Old programs write Windows-1251 under any declaration; the names come out right and a note says so."""
    text = '<?xml version="1.0" encoding="UTF-8"?><gpx><trk><name>20260823_Арвен</name><trkseg>'
    text += '<trkpt lat="55" lon="37"/></trkseg></trk></gpx>'
    contents = read_gpx(text.encode("cp1251"))
    assert contents.tracks[0].name == "20260823_Арвен"
    assert [note.code for note in contents.notes] == ["encoding_guessed"]


def test_zero_points_are_kept_and_impossible_ones_counted() -> None:
    """Points at 0/0 are for those who judge tracks; impossible ones are counted, with their first line."""
    text = '<gpx>\n<trk><trkseg><trkpt lat="0" lon="0"/>\n'
    text += '<trkpt lat="NaN" lon="37"/><trkpt lat="91" lon="1"/></trkseg></trk></gpx>'
    contents = read_gpx(text.encode())
    assert len(contents.tracks[0].points) == 1
    assert [(note.code, note.count, note.line) for note in contents.notes] == [("point_off_globe", 2, 3)]


def test_pulkovo_agrees_with_proj() -> None:
    """Our seven parameters give what PROJ's operation EPSG:5044 gives, and the way back is the way there."""
    lon, lat = np.array([30.0, 37.6173, 104.3, 160.0]), np.array([60.0, 55.7558, 52.28, 60.0])
    to = Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::5044")
    theirs_lat, theirs_lon = to.transform(lat, lon)
    ours_lon, ours_lat = wgs84_from_pulkovo(lon, lat)
    assert np.abs(ours_lon - theirs_lon).max() < 1e-9
    assert np.abs(ours_lat - theirs_lat).max() < 1e-9
    back_lon, back_lat = pulkovo_from_wgs84(ours_lon, ours_lat)
    # The way there and back drops the height: less than a millimetre.
    assert max(np.abs(back_lon - lon).max(), np.abs(back_lat - lat).max()) < 1e-8


@pytest.mark.parametrize(
    "write",
    [
        lambda: write_gpx(Contents(), creator="x"),
        lambda: write_kml(Contents(), title="x"),
        lambda: write_geojson(Contents()),
        lambda: write_wpt(()),
    ],
)
def test_an_empty_file_is_not_written(write: object) -> None:
    """A file without content would look like a team without a task."""
    assert callable(write)
    with pytest.raises(FormatError) as caught:
        write()
    assert caught.value.reason == "no_data"


def test_shapes_keep_their_rings() -> None:
    """The exterior and its hole come back as they were, closed."""
    back = read_kml(write_kml(Contents(shapes=(Shape("G5", HOLED),)), title="п")).shapes[0]
    assert shapely.get_num_interior_rings(back.geometry) == 1
    assert back.geometry.equals_exact(HOLED, 0)
