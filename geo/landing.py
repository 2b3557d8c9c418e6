"""Where a helicopter could land: level, clear around, away from water and wires; a person confirms.

Arrays in, candidates out. A map never shows everything that kills a helicopter: a candidate is where somebody
should look, not where one may land.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from geo.terrain import slope_deg

if TYPE_CHECKING:
    import numpy.typing as npt

    from geo.lattice_raster import Lattice

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

Hindrance = Literal["heights_unknown", "too_steep", "obstacles", "near_water", "near_wires", "edge_of_raster"]
ToConfirm = Literal["surface", "wires_on_site", "loose_things", "obstacles_unknown"]
ALWAYS: Final[tuple[ToConfirm, ...]] = ("surface", "wires_on_site", "loose_things")
_CLASSES_M: Final = (0.3, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0)


@dataclass(frozen=True, slots=True)
class LandingRules:
    """What a landing place needs. The figures are assumptions until a pilot or a manual gives others.

    Attributes
    ----------
    pad_m
        Radius of level ground without anything on it.
    slope_deg
        The steepest that still counts as level.
    low_m
        Obstacles up to this height do not count (grass).
    rise
        Metres away from the pad's edge for each metre of height: 10 m high means ``10 rise`` away.
    water_m, wires_m
        From the middle to the nearest water, and to the nearest wire.
    """

    pad_m: float = 15.0
    slope_deg: float = 5.0
    low_m: float = 0.3
    rise: float = 2.0
    water_m: float = 30.0
    wires_m: float = 100.0


RULES: Final = LandingRules()


@dataclass(frozen=True, slots=True, eq=False)
class LandingGround:
    """Ground to look for a landing place on; arrays have the shape of the lattice and are not changed.

    Attributes
    ----------
    heights_m
        NaN where unknown.
    obstacles_m
        Height of trees, houses, masts above the ground; NaN where unknown; None where nothing is known.
    water, wires
        Cells with water, and cells under a wire.
    """

    lattice: Lattice
    heights_m: Floats
    obstacles_m: Floats | None
    water: Mask
    wires: Mask


@dataclass(frozen=True, slots=True)
class LandingCandidate:
    """A place to look at.

    Attributes
    ----------
    east_m, north_m
        Middle, in the operation's metric frame.
    slope_deg
        The steepest on the pad.
    obstacle_m, water_m, wires_m
        To the nearest one; inf where there is none as far as was looked.
    away_m
        From the place asked about; 0 without one.
    to_confirm
        What a person has to see before anybody lands.
    """

    east_m: float
    north_m: float
    slope_deg: float
    obstacle_m: float
    water_m: float
    wires_m: float
    away_m: float
    to_confirm: tuple[ToConfirm, ...]


@dataclass(frozen=True, slots=True)
class LandingPlaces:
    """Candidates, and what share of the ground each rule excludes (shares overlap).

    Attributes
    ----------
    candidates
        The nearest first when a place was asked about, else the clearest; empty when the rules leave nothing.
    excluded
        By hindrance, 0..1, the largest first.
    """

    candidates: tuple[LandingCandidate, ...]
    excluded: tuple[tuple[Hindrance, float], ...]


def landing_places(
    ground: LandingGround,
    rules: LandingRules = RULES,
    *,
    near: tuple[float, float] | None = None,
    spacing_m: float = 200.0,
    most: int = 12,
) -> LandingPlaces:
    """Return where a helicopter could land, apart from each other.

    Parameters
    ----------
    near
        East and north in metres: who is there first.
    spacing_m
        Between candidates, >= 0.
    most
        How many are named.

    Raises
    ------
    ValueError
        A raster has another shape than the lattice.
    """
    lattice, cell_m = ground.lattice, ground.lattice.cell_m
    shape = (lattice.rows, lattice.columns)
    if any(np.shape(each) != shape for each in (ground.heights_m, ground.water, ground.wires)) or (
        ground.obstacles_m is not None and np.shape(ground.obstacles_m) != shape
    ):
        raise ValueError("rasters must have the shape of their lattice")
    reach_m = max(rules.pad_m + rules.rise * 40.0, rules.water_m, rules.wires_m)
    slope = slope_deg(ground.heights_m, cell_m, cell_m)
    to_water_m = distance_within(ground.water, cell_m, reach_m)
    to_wires_m = distance_within(ground.wires, cell_m, reach_m)
    hindered, to_obstacle_m = _obstacles(ground, rules, reach_m)
    hindrances: dict[Hindrance, Mask] = {
        "heights_unknown": distance_within(np.isnan(slope), cell_m, rules.pad_m) <= rules.pad_m,
        "too_steep": distance_within(slope > rules.slope_deg, cell_m, rules.pad_m) <= rules.pad_m,
        "obstacles": hindered,
        "near_water": to_water_m < rules.water_m,
        "near_wires": to_wires_m < rules.wires_m,
        "edge_of_raster": _edge(shape, cell_m, rules.pad_m),
    }
    good = ~np.logical_or.reduce(list(hindrances.values()))
    shares = sorted(
        ((name, float(mask.mean())) for name, mask in hindrances.items()), key=lambda each: -each[1]
    )
    east_m = lattice.west_m + (np.arange(lattice.columns) + 0.5) * cell_m
    north_m = lattice.south_m + (np.arange(lattice.rows) + 0.5) * cell_m
    clear_m = np.minimum(np.minimum(to_obstacle_m, to_wires_m), np.minimum(to_water_m, reach_m))
    away_m = np.zeros(shape)
    if near is not None:
        away_m = np.hypot(east_m[None, :] - near[0], north_m[:, None] - near[1])
    badness = away_m if near is not None else -clear_m
    pad = math.ceil(rules.pad_m / cell_m)
    candidates = tuple(
        LandingCandidate(
            float(east_m[column]),
            float(north_m[row]),
            float(slope[row - pad : row + pad + 1, column - pad : column + pad + 1].max()),
            float(to_obstacle_m[row, column]),
            float(to_water_m[row, column]),
            float(to_wires_m[row, column]),
            float(away_m[row, column]),
            _to_confirm(ground.obstacles_m, row, column, pad),
        )
        for row, column in _apart(badness, good, spacing_m / cell_m, most)
    )
    return LandingPlaces(candidates, tuple((name, share) for name, share in shares if share > 0))


def distance_within(mask: Mask, cell_m: float, most_m: float) -> Floats:
    """Return metres from each cell's middle to that of the nearest marked cell, inf beyond ``most_m``.

    Notes
    -----
    First along columns, then over as many neighbouring columns as the distance reaches: exact, in numpy.

    Examples
    --------
    >>> distance_within(np.array([[True, False, False]]), 10.0, 15.0).tolist()
    [[0.0, 10.0, inf]]
    """
    rows, columns = mask.shape
    number = np.arange(rows)[:, None]
    below = np.maximum.accumulate(np.where(mask, number, -(1 << 30)), axis=0)
    above = np.minimum.accumulate(np.where(mask, number, 1 << 30)[::-1], axis=0)[::-1]
    along = np.minimum(number - below, above - number).astype(np.float64)
    reach = min(columns - 1, math.floor(most_m / cell_m))
    squares = along * along
    best = squares.copy()
    for aside in range(1, reach + 1):
        best[:, aside:] = np.minimum(best[:, aside:], squares[:, :-aside] + aside * aside)
        best[:, :-aside] = np.minimum(best[:, :-aside], squares[:, aside:] + aside * aside)
    distance = np.sqrt(best) * cell_m
    distance[distance > most_m + 1e-9] = np.inf
    return distance


def _obstacles(ground: LandingGround, rules: LandingRules, reach_m: float) -> tuple[Mask, Floats]:
    """Return where obstacles stand in the way of landing, and how far the nearest one is.

    Heights are taken up to the next of a few classes, on the safe side.
    """
    shape = (ground.lattice.rows, ground.lattice.columns)
    if ground.obstacles_m is None:
        return np.zeros(shape, dtype=np.bool_), np.full(shape, np.inf)
    cell_m, hindered = ground.lattice.cell_m, np.zeros(shape, dtype=np.bool_)
    heights = np.nan_to_num(ground.obstacles_m, nan=0.0)
    least_m = rules.low_m
    for most_m in (*(each for each in _CLASSES_M if each > rules.low_m), np.inf):
        of_class = (heights > least_m) & (heights <= most_m)
        if of_class.any():
            tallest_m = most_m if np.isfinite(most_m) else float(heights.max())
            needed_m = rules.pad_m + rules.rise * tallest_m
            hindered |= distance_within(of_class, cell_m, needed_m) <= needed_m
        least_m = most_m
    return hindered, distance_within(heights > rules.low_m, cell_m, reach_m)


def _to_confirm(obstacles_m: Floats | None, row: int, column: int, pad: int) -> tuple[ToConfirm, ...]:
    if obstacles_m is not None:
        known = ~np.isnan(obstacles_m[row - pad : row + pad + 1, column - pad : column + pad + 1])
        if known.all():
            return ALWAYS
    return (*ALWAYS, "obstacles_unknown")


def _edge(shape: tuple[int, int], cell_m: float, pad_m: float) -> Mask:
    """Return the rim of the raster, beyond which nobody knows what is there."""
    rim = math.ceil(pad_m / cell_m)
    inside = np.zeros(shape, dtype=np.bool_)
    inside[rim : shape[0] - rim, rim : shape[1] - rim] = True
    return ~inside


def _apart(badness: Floats, good: Mask, spacing: float, most: int) -> list[tuple[int, int]]:
    """Return the best cells, none nearer to a better one than the spacing, in cells."""
    rows, columns = np.nonzero(good)
    order = np.argsort(badness[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    free = np.ones(len(rows), dtype=np.bool_)
    chosen: list[tuple[int, int]] = []
    while len(chosen) < most and free.any():
        first = int(free.argmax())
        row, column = int(rows[first]), int(columns[first])
        chosen.append((row, column))
        free &= np.hypot(rows - row, columns - column) >= max(spacing, 0.5)
    return chosen
