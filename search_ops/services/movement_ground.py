"""The last leg over imported ground: driven as near as the ride goes, then on foot. For the worker only.

Paces are those of teams going to their sectors (``assigning_ways``). Where no ground is imported between a
place and the destination nothing is measured here, and the estimate along a straight line stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from geo.crs import LocalFrame
from geo.lattice_raster import Lattice
from geo.travel_time import TravelGround, travel_time_s
from search_ops.persistence.ground import covered_lines
from search_ops.services.assigning_inputs import Terrain
from search_ops.services.assigning_ways import cell_at, driven
from search_ops.services.probability_ground import heights_m, pace_s_per_m, read_ground
from search_ops.services.probability_inputs import metric_point
from search_ops.services.transport_calendar import access_places, linked_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt
    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.services.transport_calendar import Rows

    Doubles = npt.NDArray[np.float64]
    Cell = tuple[int, int]

Ride = Literal["foot", "car", "4x4", "boat"]

FARTHEST_M: Final = 60_000.0
"""Beyond it the raster would be too coarse for tracks and too large to read."""
_MOST_CELLS_ACROSS: Final = 500
_LEAST_CELL_M: Final = 25.0
_MARGIN_M: Final = 3_000.0
_LONGEST_WALK_S: Final = 4 * 3_600.0
"""Nobody walks longer than this where something drives."""
_WORTH_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class LastLeg:
    """A way over the ground from a place of the network to the destination.

    Attributes
    ----------
    place_id
        Where it begins.
    ride
        What goes as near as it can.
    ride_s, walk_s
        In it, and from where it stops.
    stop
        Lon, lat of where it stops; None where everything is walked.
    """

    place_id: str
    ride: Ride
    ride_s: float
    walk_s: float
    stop: tuple[float, float] | None

    @property
    def lasts_s(self) -> int:
        """All of it."""
        return max(60, math.ceil(self.ride_s + self.walk_s))


@dataclass(frozen=True, slots=True)
class LastLegs:
    """What was measured.

    Attributes
    ----------
    measured
        Places between which and the destination the ground is known; one without a leg is cut off by it.
    """

    legs: tuple[LastLeg, ...] = ()
    measured: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LastGround:
    """The ground between the destination and places of the network near it."""

    frame: LocalFrame
    terrain: Terrain
    spot: tuple[float, float]
    places: Mapping[str, tuple[float, float]]


async def read_last_ground(
    connection: AsyncConnection, rows: Rows, to: Mapping[str, Any]
) -> LastGround | None:
    """Return the ground that the last leg may lead over, or None: none is needed, or none is imported."""
    place_id = to["place_id"]
    if to["last_leg"] is not None or (place_id is not None and place_id in linked_places(rows)):
        return None
    row = to if place_id is None else rows.places[place_id]
    if row["lon"] is None:
        return None
    spot = (float(row["lon"]), float(row["lat"]))
    near = [each for far_m, each in access_places(rows, place_id, spot) if far_m <= FARTHEST_M]
    known = await covered_lines(
        connection, spot, [(rows.places[each]["lon"], rows.places[each]["lat"]) for each in near]
    )
    places = {
        each: (rows.places[each]["lon"], rows.places[each]["lat"])
        for each, covered in zip(near, known, strict=True)
        if covered
    }
    if not places:
        return None
    frame = LocalFrame.at(*spot)
    lattice = _lattice([metric_point(frame, *each) for each in (spot, *places.values())])
    ground = await read_ground(connection, frame, lattice)
    heights = heights_m(frame, lattice, ground.heights)
    terrain = Terrain(lattice, ground, pace_s_per_m(lattice, ground), heights, "")
    return LastGround(frame, terrain, spot, places)


def _lattice(points: list[tuple[float, float]]) -> Lattice:
    xs, ys = zip(*points, strict=True)
    box = (min(xs), min(ys), max(xs), max(ys))
    across_m = max(box[2] - box[0], box[3] - box[1]) + 2.0 * _MARGIN_M
    return Lattice.around(
        box, cell_m=max(_LEAST_CELL_M, math.ceil(across_m / _MOST_CELLS_ACROSS)), margin_m=_MARGIN_M
    )


def last_legs(ground: LastGround | None) -> LastLegs:
    """Return how one gets from each place to the destination, by each ride that is quicker than others."""
    if ground is None:
        return LastLegs()
    end = cell_at(ground.terrain, *metric_point(ground.frame, *ground.spot))
    assert end is not None  # the raster was laid around it
    terrain = ground.terrain
    walk = TravelGround(terrain.lattice, terrain.walk_s_per_m, terrain.heights_m)
    walk_s = travel_time_s(walk, [end], towards=True).time_s
    legs = [
        leg for place_id, place in ground.places.items() for leg in _legs(ground, (place_id, place), walk_s)
    ]
    return LastLegs(tuple(legs), frozenset(ground.places))


def _legs(ground: LastGround, place: tuple[str, tuple[float, float]], walk_s: Doubles) -> Iterator[LastLeg]:
    place_id, lonlat = place
    start = cell_at(ground.terrain, *metric_point(ground.frame, *lonlat))
    assert start is not None
    best_s = math.inf
    rides: tuple[Ride, ...] = ("car", "4x4", "boat")
    for ride in rides:
        ride_s = driven(ground.terrain, ride, start)
        if ride == "boat":
            ride_s = _ashore(ride_s)
        total_s = ride_s + walk_s
        row, column = divmod(int(np.argmin(total_s)), total_s.shape[1])
        lasts_s = float(total_s[row, column])
        if not math.isfinite(lasts_s) or (ride == "4x4" and lasts_s > best_s - _WORTH_S):
            continue
        best_s = min(best_s, lasts_s)
        stop = _lonlat(ground, (row, column))
        yield LastLeg(place_id, ride, float(ride_s[row, column]), float(walk_s[row, column]), stop)
    on_foot_s = float(walk_s[start])
    if math.isfinite(on_foot_s) and (on_foot_s <= _LONGEST_WALK_S or not math.isfinite(best_s)):
        yield LastLeg(place_id, "foot", 0.0, on_foot_s, None)


def _ashore(ride_s: Doubles) -> Doubles:
    """Return when a boat is at each cell or at the water beside it: one steps out onto the shore."""
    rows, columns = ride_s.shape
    around = np.pad(ride_s, 1, constant_values=np.inf)
    shifted = [around[down : down + rows, right : right + columns] for down in range(3) for right in range(3)]
    nearest: Doubles = np.minimum.reduce(shifted)
    return nearest


def _lonlat(ground: LastGround, cell: Cell) -> tuple[float, float]:
    xs, ys = ground.terrain.lattice.middles()
    lon, lat = ground.frame.unproject(np.array([[xs[cell[1]], ys[cell[0]]]]))[0].round(6).tolist()
    return lon, lat
