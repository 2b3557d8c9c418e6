"""B4: every hostile file is read or refused with name, format and reason, within time and memory."""

import time
import tracemalloc
from functools import cache

import numpy as np
import pytest

from geo.formats.values import Contents
from search_ops.importing.file_refusal import FileRefused
from search_ops.importing.file_words import note_in_words, refusal_in_words
from search_ops.importing.tracks import read_contents
from tests.importing.hostile_files import hostile_files

MOST_CPU_S = 2.0
MOST_BYTES = 64 * 1024 * 1024
HEAVY_BYTES = 1_000_000
FORMATS = {"gpx", "kml", "kmz", "plt", "wpt", "fit", "geojson", "unknown"}


@cache
def files() -> dict[str, bytes]:
    return dict(hostile_files())


def light() -> list[str]:
    return [name for name, content in files().items() if len(content) <= HEAVY_BYTES]


def outcome(name: str) -> Contents | FileRefused:
    try:
        return read_contents(files()[name], name)
    except FileRefused as refused:
        return refused


def test_the_catalogue_is_large_enough() -> None:
    """The catalogue holds what the reliability plan asks for."""
    assert len(files()) >= 300


def test_every_hostile_file_is_read_or_refused() -> None:
    """No file of the catalogue makes a reader fall, and what is refused says its name, format and reason."""
    for name in light():
        told = outcome(name)
        if isinstance(told, FileRefused):
            assert told.data["file_name"] == name
            assert told.data["file_format"] in FORMATS
            assert refusal_in_words(told, "ru") != refusal_in_words(told, "en")
        else:
            assert all(note_in_words(note, "ru") != note_in_words(note, "en") for note in told.notes)


def test_whatever_is_read_lies_on_the_globe() -> None:
    """What hostile files leave are points with finite places, ascending pieces, clean names."""
    for name in light():
        told = outcome(name)
        tracks = () if isinstance(told, FileRefused) else (*told.tracks, *told.routes)
        for track in tracks:
            assert (np.abs(track.points["lon"]) <= 180).all()
            assert (np.abs(track.points["lat"]) <= 90).all()
            assert not np.isinf(track.points["t_s"]).any()
            assert sorted(set(track.segment_starts)) == list(track.segment_starts)
            assert track.name.isprintable()


def test_large_files_stay_within_time() -> None:
    """Bombs, depth, width and length are stopped early: each takes at most 2 s of a quiet processor."""
    for name in files().keys() - set(light()):
        began_s = time.process_time()
        outcome(name)
        assert time.process_time() - began_s <= MOST_CPU_S * _slowness(), name


@pytest.mark.parametrize("name", ["bomb.kmz", "deep.kml", "long-name.gpx", "one-line.plt", "too-large.plt"])
def test_memory_is_bounded(name: str) -> None:
    """A file cannot make the reader hold more than 64 MiB."""
    files()
    tracemalloc.start()
    try:
        outcome(name)
        assert tracemalloc.get_traced_memory()[1] <= MOST_BYTES
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("name", "reason", "place"),
    [
        ("laughs0.gpx", "declares_entities", {"line": 1}),
        ("laughs25.kml", "declares_entities", {"line": 2, "column": 15}),
        ("bomb.kmz", "bomb", {"entry": 1}),
        ("deep.gpx", "too_deep", {"line": 1}),
        ("row1.plt", "no_data", {}),
        ("row2.wpt", "corrupt", {"line": 5}),
        ("datum6.plt", "datum_unknown", {"line": 2}),
        ("page.gpx", "not_this_format", {"line": 1, "column": 1}),
        ("crs.geojson", "datum_unknown", {}),
        ("encrypted.kmz", "corrupt", {"entry": 1}),
    ],
)
def test_refusals_name_the_place(name: str, reason: str, place: dict[str, int]) -> None:
    """A refusal says why and where, so that a person finds the spot."""
    told = outcome(name)
    assert isinstance(told, FileRefused)
    assert told.reason == reason
    assert place.items() <= told.data["place"].items()


def test_links_are_not_followed() -> None:
    """A network link in KML is only counted."""
    told = outcome("link.kml")
    assert isinstance(told, Contents)
    assert [note.code for note in told.notes] == ["link_ignored"]


def _slowness() -> float:
    """Return how many times slower than a quiet core this machine is now: other work shares its caches."""
    began_s = time.process_time()
    sum(range(3_000_000))
    return max(1.0, (time.process_time() - began_s) / 0.05)


@pytest.mark.parametrize("place", ["[9, 47, 1{0}]", "[1{0}, 47]", "[9, -1{0}]"])
def test_a_number_beyond_all_floats_leaves_one_feature_out(place: str) -> None:
    """A whole number of 400 digits is no height and no place: the feature is named, the rest is read."""
    huge = place.replace("{0}", "0" * 400)
    track = (
        '{"type": "Feature", "properties": {"coordTimes": [null, null]}, "geometry": '
        '{"type": "LineString", "coordinates": [%s, [9.1, 47]]}}'
    )
    features = f"{track % huge}, {track % '[9, 47]'}"
    content = f'{{"type": "FeatureCollection", "features": [{features}]}}'
    contents = read_contents(content.encode(), "a.geojson")
    assert len(contents.tracks) == 1
    assert [(note.code, note.item) for note in contents.notes] == [("geometry_left_out", 1)]
