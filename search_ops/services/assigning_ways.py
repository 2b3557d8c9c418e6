"""How long it takes from the base to sectors, between them, and home. For the worker only.

As near as the ride goes a team drives, then it walks.
A ride stays with its team: wherever it can drive, it can be met. So a way is the least time over one raster
in which each cell takes the quicker of driving and walking; only ground that the ride reaches from the base
counts as driven. Paces of rides are house estimates.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo.travel_time import NO_SLOPE, TravelGround, travel_time_s
from search_ops.services.probability_ground import burn
from search_ops.services.probability_inputs import metric_point

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from search_ops.services.assigning_inputs import Inputs, Terrain

    Doubles = npt.NDArray[np.float64]
    Cell = tuple[int, int]

_KPH: Final = 3.6
_ON_LINES: Final[Mapping[str, Mapping[str, float]]] = {
    "car": {"road": 30.0},
    "4x4": {"track": 12.0, "road": 30.0},
    "quad": {"cutline": 8.0, "path": 8.0, "track": 15.0, "road": 25.0},
    "swamp_vehicle": {"power": 6.0, "cutline": 8.0, "path": 6.0, "track": 12.0, "road": 20.0},
    "snowmobile": {"power": 15.0, "cutline": 12.0, "path": 10.0, "track": 20.0, "road": 20.0},
    "boat": {},
}
"""Km/h along lines by ride, later ones over earlier ones. House estimates."""
_ON_GROUND: Final[Mapping[str, Mapping[str, float]]] = {
    "swamp_vehicle": {"wetland": 5.0, "heath": 6.0, "scrub": 3.0},
    "snowmobile": {"wetland": 12.0, "heath": 12.0},
    "boat": {"water": 10.0},
}
"""Km/h on land cover by ride. House estimates."""
NEAR_ROAD_M: Final = 1_500.0
"""A ride that stands farther from the base than this does not wait there."""
_KEPT: Final = 8
_known: OrderedDict[Any, RideWays] = OrderedDict()


@dataclass(frozen=True, slots=True, eq=False)
class RideWays:
    """Ways of one ride from one base, seconds.

    Attributes
    ----------
    out_s, home_s
        By sector.
    between_s
        From sector to sector.
    drive_s
        From the base to every cell that the ride reaches; inf elsewhere.
    driven
        Whether the ride can drive from the base at all.
    """

    out_s: Doubles
    home_s: Doubles
    between_s: Doubles
    drive_s: Doubles
    driven: bool


def cells_of_sectors(inputs: Inputs) -> list[Cell | None]:
    """Return the cell that ways to each sector are measured to: open ground of it nearest to its middle."""
    lattice, pace = inputs.terrain.lattice, inputs.terrain.walk_s_per_m
    xs, ys = lattice.middles()
    found: list[Cell | None] = []
    for sector_id in inputs.sector_ids:
        metric = inputs.searched.grounds[sector_id].metric
        middle = metric.representative_point()
        rows, columns = np.nonzero(_within(inputs, metric) & np.isfinite(pace))
        if not len(rows):
            cell = cell_at(inputs.terrain, middle.x, middle.y)
            found.append(cell if cell is not None and math.isfinite(pace[cell]) else None)
            continue
        away = np.hypot(xs[columns] - middle.x, ys[rows] - middle.y)
        nearest = int(away.argmin())
        found.append((int(rows[nearest]), int(columns[nearest])))
    return found


def _within(inputs: Inputs, metric: BaseGeometry) -> npt.NDArray[np.bool_]:
    """Return the cells whose middle lies in a sector, asked only of those in its box."""
    lattice = inputs.terrain.lattice
    west, south, east, north = metric.bounds
    xs, ys = lattice.middles()
    columns = np.flatnonzero((xs >= west) & (xs <= east))
    rows = np.flatnonzero((ys >= south) & (ys <= north))
    mask = np.zeros(lattice.shape, dtype=np.bool_)
    if len(columns) and len(rows):
        across, up = np.meshgrid(xs[columns], ys[rows])
        mask[np.ix_(rows, columns)] = shapely.contains_xy(metric, across, up)
    return mask


def cell_at(terrain: Terrain, x_m: float, y_m: float) -> Cell | None:
    """Return the cell of a metric place, or None outside the raster."""
    lattice = terrain.lattice
    row = math.floor((y_m - lattice.south_m) / lattice.cell_m)
    column = math.floor((x_m - lattice.west_m) / lattice.cell_m)
    return (row, column) if 0 <= row < lattice.rows and 0 <= column < lattice.columns else None


def base_cell(inputs: Inputs) -> Cell | None:
    """Return the cell that teams leave from, or None: no base, or too far away."""
    if inputs.base is None:
        return None
    return cell_at(inputs.terrain, *metric_point(inputs.searched.frame, inputs.base.lon, inputs.base.lat))


def drive_pace(terrain: Terrain, ride: str) -> Doubles:
    """Return seconds per metre of a ride, inf where it cannot drive."""
    speed = np.zeros(terrain.lattice.shape)
    for name, kph in _ON_GROUND.get(ride, {}).items():
        burn(speed, terrain.lattice, [each for cover, each in terrain.ground.cover if cover == name], kph)
    if ride != "boat":
        burn(speed, terrain.lattice, [each for cover, each in terrain.ground.cover if cover == "water"], 0.0)
    for name, kph in _ON_LINES.get(ride, {}).items():
        burn(speed, terrain.lattice, terrain.ground.lines.get(name, ()), kph, touched=True)
    with np.errstate(divide="ignore"):
        pace: Doubles = _KPH / speed
    return pace


def ways_of_ride(
    inputs: Inputs, ride: str, cells: Sequence[Cell | None], told: Callable[[float], None]
) -> RideWays:
    """Return the ways of a ride; kept until sectors, base or ground change.

    Parameters
    ----------
    told
        Hears the share that is done.
    """
    terrain = inputs.terrain
    start = base_cell(inputs)
    key = (terrain.lattice, terrain.stamp, ride, start, tuple(cells))
    if key not in _known:
        _known[key] = _measured(terrain, ride, start, cells, told)
        while len(_known) > _KEPT:
            _known.popitem(last=False)
    _known.move_to_end(key)
    return _known[key]


def _measured(
    terrain: Terrain,
    ride: str,
    start: Cell | None,
    cells: Sequence[Cell | None],
    told: Callable[[float], None],
) -> RideWays:
    count = len(cells)
    out_s, home_s = np.full(count, np.inf), np.full(count, np.inf)
    between_s = np.full((count, count), np.inf)
    np.fill_diagonal(between_s, 0.0)
    drive_s = driven(terrain, ride, start)
    pace = np.where(np.isfinite(drive_s), np.fmin(drive_pace(terrain, ride), terrain.walk_s_per_m), np.inf)
    pace = np.fmin(pace, terrain.walk_s_per_m)
    ground = TravelGround(terrain.lattice, pace, terrain.heights_m)
    known = [number for number, cell in enumerate(cells) if cell is not None]
    at = tuple(np.array([cells[number] for number in known], dtype=np.int64).reshape(-1, 2).T)
    if start is not None:
        out_s[known] = travel_time_s(ground, [start]).time_s[at]
        home_s[known] = travel_time_s(ground, [start], towards=True).time_s[at]
    for place, number in enumerate(known):
        cell = cells[number]
        assert cell is not None  # those without one are not in the list
        between_s[number, known] = travel_time_s(ground, [cell]).time_s[at]
        told((place + 1) / len(known))
    return RideWays(out_s, home_s, between_s, drive_s, bool(np.isfinite(drive_s).any()))


def driven(terrain: Terrain, ride: str, start: Cell | None) -> Doubles:
    """Return when a ride can be at each cell; the team walks to where it stands if that is near."""
    nowhere = np.full(terrain.lattice.shape, np.inf)
    if ride == "none" or start is None:
        return nowhere
    pace = drive_pace(terrain, ride)
    rows, columns = np.nonzero(np.isfinite(pace))
    if not len(rows):
        return nowhere
    away_m = np.hypot(rows - start[0], columns - start[1]) * terrain.lattice.cell_m
    nearest = int(away_m.argmin())
    if away_m[nearest] > NEAR_ROAD_M:
        return nowhere
    source = (int(rows[nearest]), int(columns[nearest]), float(away_m[nearest]) * _walk_s_per_m(terrain))
    return travel_time_s(TravelGround(terrain.lattice, pace), [source], slope=NO_SLOPE).time_s


def _walk_s_per_m(terrain: Terrain) -> float:
    pace = terrain.walk_s_per_m
    return float(np.median(pace[np.isfinite(pace)])) if np.isfinite(pace).any() else 1.0


def drop_off(terrain: Terrain, ways: RideWays, cell: Cell) -> tuple[Cell, float] | None:
    """Return where a team leaves its ride for a sector, and the walk from there, seconds; None: on foot."""
    if not ways.driven:
        return None
    walk = TravelGround(terrain.lattice, terrain.walk_s_per_m, terrain.heights_m)
    walk_s = travel_time_s(walk, [cell], towards=True).time_s
    total_s = ways.drive_s + walk_s
    best = int(np.argmin(total_s))
    row, column = divmod(best, terrain.lattice.columns)
    if not math.isfinite(total_s[row, column]):
        return None
    return (row, column), float(walk_s[row, column])
