"""FIT files as devices write them read to the last semicircle; a flipped byte is refused whole."""

from __future__ import annotations

import math

import numpy as np
import pytest

from search_ops.importing.file_refusal import FileRefused
from search_ops.importing.tracks import read_tracks
from tests.importing.fit_writer import SEMICIRCLES_PER_DEG, Fix, fit_file

BEGUN_S = 1_787_500_800.0


def walk(start_s: float, count: int, *, high: bool = True) -> list[Fix]:
    """Return fixes every seven seconds to the north-east."""
    return [
        (start_s + 7 * n, 104.3 + n * 1e-4, 52.28 + n * 5e-5, 480.0 + n * 0.2 if high else None)
        for n in range(count)
    ]


@pytest.mark.parametrize("big_endian", [False, True])
def test_a_device_s_file_reads_back(big_endian: bool) -> None:  # noqa: FBT001 - drawn
    """Places within half a semicircle, times by the second (compressed ones too), the stop as a gap."""
    pieces = [walk(BEGUN_S, 40), walk(BEGUN_S + 3_600, 25)]
    (track,), notes = read_tracks(fit_file(pieces, big_endian=big_endian), "2026-08-23-10-00-00.fit")
    said = [fix for piece in pieces for fix in piece]
    assert notes == []
    assert track.name == "2026-08-23-10-00-00"
    assert track.segment_starts == (0, 40)
    assert track.points["t_s"].tolist() == [fix[0] for fix in said]
    for axis, place in (("lon", 1), ("lat", 2)):
        wanted = np.array([fix[place] for fix in said])
        assert np.abs(track.points[axis] - wanted).max() <= 0.5 / SEMICIRCLES_PER_DEG + 1e-12
    assert np.allclose(track.points["ele_m"], [fix[3] or 0.0 for fix in said], atol=0.11)
    assert track.device is not None
    assert "garmin" in track.device
    assert "3912345678" in track.device


def test_without_heights_and_with_one_fix() -> None:
    """A device without a barometer says no height; a walk of one fix is a track of one point."""
    (track,), _ = read_tracks(fit_file([walk(BEGUN_S, 1, high=False)]), "a.fit")
    assert len(track.points) == 1
    assert math.isnan(track.points["ele_m"][0])


@pytest.mark.parametrize(("at", "reason"), [(30, "corrupt"), (-40, "corrupt"), (None, "truncated")])
def test_a_damaged_file_is_refused_whole(at: int | None, reason: str) -> None:
    """A flipped byte breaks the checksum, a cut file ends early: nothing is half imported."""
    whole = bytearray(fit_file([walk(BEGUN_S, 30)]))
    if at is None:
        whole = whole[: len(whole) * 2 // 3]
    else:
        whole[at] ^= 0x10
    with pytest.raises(FileRefused) as caught:
        read_tracks(bytes(whole), "a.fit")
    assert caught.value.reason == reason
    assert caught.value.data["place"]["record"] >= 1
