"""Real files: every format reads back what another wrote."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo.formats.geojson import read_geojson, write_geojson
from geo.formats.gpx import read_gpx, write_gpx
from geo.formats.kml import read_kml
from geo.formats.kml_writing import write_kml
from geo.formats.oziexplorer import read_plt, read_wpt, write_plt, write_wpt
from geo.formats.values import Contents
from search_ops.importing.layers import read_polygons
from search_ops.importing.tracks import read_contents, read_tracks

TRIAL = Path(os.environ.get("SEARCH_OPS_TRIAL_DATA", "none"))
GPX = sorted((TRIAL / "6-exchange" / "gpx").glob("*.gpx"))
pytestmark = [pytest.mark.trial, pytest.mark.skipif(not GPX, reason="SEARCH_OPS_TRIAL_DATA is not set")]


def on_lattice(contents: Contents) -> Contents:
    """Bring tracks to 1e-7 degree and a millimetre, which OziExplorer's files hold."""
    tracks = []
    for track in contents.tracks:
        points = track.points.copy()
        for axis, digits in (("lon", 7), ("lat", 7), ("ele_m", 3)):
            points[axis] = np.round(points[axis], digits)
        tracks.append(replace(track, points=points, device=None))
    return replace(contents, tracks=tuple(tracks))


@pytest.mark.parametrize("path", GPX, ids=lambda path: path.stem)
def test_trial_tracks_read_back_equal(path: Path) -> None:
    """What was read from a real GPX file reads back equal from each format that we write."""
    read = replace(read_contents(path.read_bytes(), path.name), notes=())
    device = read.tracks[0].device if read.tracks else None
    assert read_gpx(write_gpx(read, creator=device or "")) == replace(
        read, routes=tuple(replace(route, device=device) for route in read.routes)
    )
    back = read_geojson(write_geojson(read))
    assert (back.tracks, back.waypoints) == ((*read.routes, *read.tracks), read.waypoints)
    kml = read_kml(write_kml(replace(read, routes=()), title=""))
    whole = [
        track for track in read.tracks if len(track.points) > 1 or not np.isnan(track.points["t_s"]).any()
    ]
    assert list(kml.tracks) == [replace(track, device=None) for track in whole]
    assert kml.waypoints == read.waypoints
    for track in on_lattice(read).tracks:
        ours = replace(track, name=track.name.encode("cp1251", "replace").decode("cp1251"))
        assert read_plt(write_plt(track)).tracks == (ours,)
    if read.waypoints:
        points = read_wpt(write_wpt(read.waypoints)).waypoints
        assert [(p.lon, p.lat) for p in points] == [
            (round(p.lon, 7), round(p.lat, 7)) for p in read.waypoints
        ]


def test_the_tracks_of_the_trial_files() -> None:
    """All files together hold as many points as they have elements, and every track has a name."""
    tracks = [track for path in GPX for track in read_tracks(path.read_bytes(), path.name)[0]]
    assert all(track.name for track in tracks)
    elements = sum(path.read_bytes().count(b"<trkpt") for path in GPX)
    assert sum(len(track.points) for track in tracks) == elements


def test_trial_layers() -> None:
    """The regions of the trial folder are read as polygons with their names."""
    path = next((TRIAL / "3-regions").glob("ru_federal*.geojson"))
    polygons, _ = read_polygons(path)
    assert len(polygons) == 8
    assert all(polygon.name for polygon in polygons)
