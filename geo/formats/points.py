"""Gathers the points of one track while it is read, in flat arrays: 32 bytes a point."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from geo.formats.values import POINT, RawTrack, clean_name

if TYPE_CHECKING:
    import numpy.typing as npt


class PointBook:
    """Points of one track and where its unbroken pieces begin."""

    def __init__(self) -> None:
        self._flat = array("d")
        self._starts: list[int] = []
        self._break = True

    def __len__(self) -> int:
        """Return how many points were added."""
        return len(self._flat) // 4

    def add(self, t_s: float, lon: float, lat: float, ele_m: float) -> None:
        """Add the next point: UTC seconds or NaN, degrees, metres or NaN."""
        if self._break:
            self._starts.append(len(self))
            self._break = False
        self._flat.extend((t_s, lon, lat, ele_m))

    def split(self) -> None:
        """Begin a new piece with the next point."""
        self._break = True

    def track(self, name: str, device: str | None) -> RawTrack:
        """Return what was gathered as a track."""
        return RawTrack(clean_name(name), device, points_of(self._flat), tuple(self._starts) or (0,))


def points_of(flat: array[float]) -> npt.NDArray[np.void]:
    """Return ``t_s, lon, lat, ele_m`` after one another as an array of ``POINT``."""
    return np.frombuffer(flat.tobytes(), dtype=POINT)


def pieces(track: RawTrack) -> list[npt.NDArray[np.void]]:
    """Return the unbroken pieces of a track, each of at least one point."""
    return [piece for piece in np.split(track.points, track.segment_starts[1:]) if len(piece)]
