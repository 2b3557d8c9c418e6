"""B4: spoilt files of tracks and points are read or refused by name and reason, each within its time."""

from __future__ import annotations

import math
import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.formats.geojson import write_geojson
from geo.formats.gpx import write_gpx
from geo.formats.kml_writing import write_kml
from geo.formats.oziexplorer import write_plt, write_wpt
from search_ops.importing.file_refusal import FileRefused
from search_ops.importing.file_words import note_in_words, refusal_in_words
from search_ops.importing.tracks import read_contents
from tests.faults.outcome import Outcome, on_all_cores
from tests.faults.spoiling import spoilt
from tests.importing.fit_writer import fit_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.formats.values import Contents

LIMIT_S: Final = 2.0
_BEGAN_S: Final = 1_787_499_067.0
_CHUNK: Final = 500


@cache
def good_files() -> dict[str, bytes]:
    """Return one good file of each format, by its name."""
    step = np.arange(60)
    fixes = [
        (_BEGAN_S + 5.0 * at, 9.5 + 1e-4 * at, 47.1 + 5e-5 * math.sin(at / 5.0), 500.0 + at)
        for at in step.tolist()
    ]
    fit = fit_file([fixes[:25], fixes[30:]])
    whole = read_contents(fit, "walk.fit")
    points = read_contents(
        b'<gpx version="1.1" creator="x"><wpt lat="47.1" lon="9.5"><name>KP-1</name></wpt></gpx>',
        "points.gpx",
    )
    return {
        "walk.fit": fit,
        "walk.gpx": write_gpx(whole, creator="x"),
        "walk.kml": write_kml(whole, title="x"),
        "walk.geojson": write_geojson(whole),
        "20260823_Lisa.plt": write_plt(whole.tracks[0]),
        "points.wpt": write_wpt(points.waypoints),
    }


def attack(seeds: Sequence[int], limit_s: float = math.inf) -> Outcome:
    """Read a spoilt file for every seed and judge what comes out."""
    names = list(good_files())
    outcome = Outcome()
    for seed in seeds:
        rng = np.random.default_rng(seed)
        name, other = (names[int(rng.integers(len(names)))] for _ in range(2))
        content = spoilt(good_files()[name], good_files()[other], rng)
        begin = time.process_time()
        try:
            found = read_contents(content, name)
        except FileRefused as refusal:
            outcome.refused[f"{refusal.data['file_format']}: {refusal.reason}"] += 1
            if refusal_in_words(refusal, "ru") == refusal_in_words(refusal, "en"):
                outcome.faults.append(f"seed {seed}: a refusal without its words")
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what we look for
            outcome.faults.append(f"seed {seed}, {name}: {type(fault).__name__}: {fault}")
        else:
            outcome.read += 1
            outcome.faults += [f"seed {seed}, {name}: {wrong}" for wrong in _wrong(found)]
        outcome.add_time(seed, time.process_time() - begin, limit_s)
    return outcome


def _wrong(found: Contents) -> Iterator[str]:
    """Tell what nobody may find in what was read."""
    for track in (*found.tracks, *found.routes):
        points = track.points
        if not ((np.abs(points["lon"]) <= 180) & (np.abs(points["lat"]) <= 90)).all():
            yield "a fix beyond the globe"
        if np.isinf(points["t_s"]).any():
            yield "a fix at no time"
        if sorted(set(track.segment_starts)) != list(track.segment_starts):
            yield "pieces out of order"
        if not track.name.isprintable():
            yield "a name that cannot be shown"
    for point in found.waypoints:
        if not (abs(point.lon) <= 180 and abs(point.lat) <= 90 and point.name.isprintable()):
            yield f"a point nobody can use: {point}"
    for note in found.notes:
        if note_in_words(note, "ru") == note_in_words(note, "en"):
            yield f"a note without its words: {note}"


def files(count: int = 100_000, first: int = 0) -> Iterator[dict[str, Any]]:
    """Attack with so many spoilt files on all cores."""
    yield on_all_cores("B4 spoilt files", partial(attack, limit_s=LIMIT_S), count, first, chunk=_CHUNK)
