"""Ways out from where a person was found: carried to a road, to a landing place. For the worker only."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from dispatch.evacuation_values import RULES
from geo.travel_time import NO_SLOPE, TravelGround, travel_time_s
from search_ops.services.assigning_ways import base_cell, cell_at, drive_pace, ways_of_ride
from search_ops.services.probability_ground import burn
from search_ops.services.probability_inputs import metric_point

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from search_ops.services.assigning_inputs import Inputs

    Doubles = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]
    Cell = tuple[int, int]

_PATHS: Final = ("cutline", "power", "railway", "path", "track")
_ROAD_RIDES: Final[Mapping[str, str]] = {"ambulance": "car", "track": "4x4"}
"""Exit -> the ride that must be able to come there."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way out.

    Attributes
    ----------
    way_m
        Metres by ground of the table of paces.
    drive_s
        From the base to its end, for whoever meets them there; inf where nobody can drive.
    line
        Lon, lat of its corners, the person first.
    """

    exit_id: str
    way_m: Mapping[str, float]
    drive_s: float
    line: tuple[tuple[float, float], ...]

    @property
    def end(self) -> tuple[float, float]:
        """Where it ends, lon and lat."""
        return self.line[-1]


def carry_grounds(inputs: Inputs) -> tuple[Doubles, npt.NDArray[np.object_]]:
    """Return seconds per metre of carriers, inf where nobody walks, and the ground by name."""
    terrain = inputs.terrain
    ground = np.full(terrain.lattice.shape, "forest", dtype=object)
    for name, classes in (("path", _PATHS), ("road", ("road",))):
        hit = np.zeros(terrain.lattice.shape)
        for each in classes:
            burn(hit, terrain.lattice, terrain.ground.lines.get(each, ()), 1.0, touched=True)
        ground[hit > 0] = name
    pace = np.zeros(terrain.lattice.shape)
    for name, mps in RULES.pace_mps.items():
        pace[ground == name] = 1.0 / mps
    pace[~np.isfinite(terrain.walk_s_per_m)] = np.inf
    return pace, ground


def ways_out(inputs: Inputs, found: Cell, landing: Cell | None) -> list[Way]:
    """Return for each kind of end the way that carriers are on for the least time."""
    pace, ground = carry_grounds(inputs)
    solved = travel_time_s(TravelGround(inputs.terrain.lattice, pace), [found], slope=NO_SLOPE).time_s
    ways: list[Way] = []
    for exit_id, ride in _ROAD_RIDES.items():
        drive_s = ways_of_ride(inputs, ride, (), lambda _: None).drive_s
        drivable = np.isfinite(drive_pace(inputs.terrain, ride))
        # Where nobody has said from where help comes, any road will do.
        ends = np.isfinite(drive_s) if np.isfinite(drive_s).any() else drivable
        time_s = np.where(ends, solved, np.inf)
        if not np.isfinite(time_s).any():
            continue
        row, column = divmod(int(time_s.argmin()), time_s.shape[1])
        reach_s = float(drive_s[row, column])
        if any(way.line[-1] == _lonlat(inputs, (row, column)) for way in ways):
            continue  # the track is the road
        ways.append(_way(inputs, exit_id, _back(solved, pace, (row, column)), ground, reach_s))
    if landing is not None and math.isfinite(solved[landing]):
        ways.append(_way(inputs, "landing", _back(solved, pace, landing), ground, 0.0))
    return ways


def _back(time_s: Doubles, pace: Doubles, end: Cell) -> list[Cell]:
    """Return the cells from the person to an end: from there always to the neighbour it was reached by."""
    cells = [end]
    rows, columns = time_s.shape
    while time_s[cells[-1]] > 0 and len(cells) < rows * columns:
        row, column = cells[-1]
        around = [
            (r, c)
            for r in range(max(row - 1, 0), min(row + 2, rows))
            for c in range(max(column - 1, 0), min(column + 2, columns))
            if (r, c) != (row, column) and math.isfinite(time_s[r, c]) and time_s[r, c] < time_s[row, column]
        ]
        if not around:
            break
        here = (row, column)
        cells.append(min(around, key=lambda each: time_s[each] + _step(pace, each, here)))
    return cells[::-1]


def _step(pace: Doubles, one: Cell, other: Cell) -> float:
    return math.hypot(one[0] - other[0], one[1] - other[1]) * float(pace[one] + pace[other]) / 2.0


def _way(
    inputs: Inputs, exit_id: str, cells: list[Cell], ground: npt.NDArray[np.object_], drive_s: float
) -> Way:
    metres: dict[str, float] = {}
    cell_m = inputs.terrain.lattice.cell_m
    for one, other in itertools.pairwise(cells):
        half_m = math.hypot(one[0] - other[0], one[1] - other[1]) * cell_m / 2.0
        for cell in (one, other):
            name = str(ground[cell])
            metres[name] = metres.get(name, 0.0) + half_m
    if not metres:
        metres = {str(ground[cells[0]]): 0.0}
    return Way(exit_id, metres, drive_s, tuple(_lonlat(inputs, cell) for cell in cells))


def _lonlat(inputs: Inputs, cell: Cell) -> tuple[float, float]:
    xs, ys = inputs.terrain.lattice.middles()
    point = inputs.searched.frame.to_lonlat(shapely.Point(xs[cell[1]], ys[cell[0]]))
    lon, lat = shapely.get_coordinates(point)[0].round(6).tolist()
    return lon, lat


def place_cell(inputs: Inputs, lon: float, lat: float) -> Cell | None:
    """Return the cell of a place, or None outside the raster."""
    return cell_at(inputs.terrain, *metric_point(inputs.searched.frame, lon, lat))


def walk_to(inputs: Inputs, found: Cell) -> Doubles:
    """Return how long it takes on foot from every cell to the person."""
    terrain = inputs.terrain
    ground = TravelGround(terrain.lattice, terrain.walk_s_per_m, terrain.heights_m)
    return travel_time_s(ground, [found], towards=True).time_s


def standing(inputs: Inputs, fixes: Mapping[str, Any], team_id: str) -> tuple[Cell | None, str]:
    """Return where a team is and how that is known: ``fix``, ``sector`` of its task, or ``base``."""
    team = inputs.searched.of("teams")[team_id]
    mine = [fixes[str(each)] for each in team["member_ids"] if str(each) in fixes]
    if mine:
        newest = max(mine, key=lambda each: each["at"])
        return place_cell(inputs, newest["lon"], newest["lat"]), "fix"
    for task in inputs.searched.of("tasks").values():
        if task.get("team_id") == team_id and task["state"] in {"on_task", "returning", "recalled"}:
            ground = inputs.searched.grounds.get(str(task.get("sector_id")))
            if ground is not None:
                middle = ground.metric.representative_point()
                x_m, y_m = shapely.get_coordinates(middle)[0].tolist()
                return cell_at(inputs.terrain, x_m, y_m), "sector"
    return base_cell(inputs), "base"
