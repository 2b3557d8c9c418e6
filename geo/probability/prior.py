"""Where a lost person may be, cell by cell, by one explanation of what happened.

Distance says how much lies in each band around the starting point; direction, ground and features move it
only within its band. Everything sums to one: cells of the area, cells of the raster outside it, and beyond.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ProbabilityError
from geo.probability.annulus import disc_in_box_m2

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from geo.lattice_raster import Lattice
    from geo.probability.direction import Direction
    from geo.probability.distance import LogNormal

    Floats = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

STRAIGHT_SHARE: Final = 0.3
"""Share of the mass that goes by straight distance although travel times are known: published distances are
straight ones, maps lack fords, gates and bridges, and a cell of probability zero could never be raised again.
In simulated searches (`tests/benchmarks/plan.py`) this share finds sooner than a twentieth; with much more
barriers would hardly count."""

_BAND_GROWTH: Final = 1.25
_BAND_CELLS: Final = 3.0
_LEAST_HELD_CELLS: Final = 12
_BEARINGS: Final = 360
_TOLD_SHARE: Final = 0.05
_TOLD_BAND: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Prior:
    """Probability over a raster and beyond it; sums to one.

    Attributes
    ----------
    lattice
        Where the raster lies.
    area
        Which cells belong to the operation's area, shape ``(rows, columns)``.
    cells
        Probability per cell, shape ``(rows, columns)``, >= 0; also of cells outside the area.
    beyond
        Probability of being outside the raster.
    notes
        Codes of what was odd: ``no_area``, ``start_outside_area``, ``start_outside_raster``,
        ``start_unreachable``, ``reach_enclosed``, ``band_even``, and those of `mix`.
    """

    lattice: Lattice
    area: Mask
    cells: Floats
    beyond: float
    notes: tuple[str, ...] = ()

    @property
    def inside(self) -> float:
        """Probability of the area."""
        return float(self.cells[self.area].sum())

    @property
    def outside_area(self) -> float:
        """Probability of the raster's cells outside the area."""
        return float(self.cells[~self.area].sum())

    @property
    def rest_of_world(self) -> float:
        """Probability of being outside the area: the raster's cells there and beyond."""
        return self.outside_area + self.beyond

    def with_area(self, area: Mask) -> Prior:
        """Return the same probability over another area: no mass moves."""
        return replace(self, area=_mask(self.lattice, area))


def prior(
    lattice: Lattice,
    area_mask: Mask,
    start_m: tuple[float, float],
    distance: LogNormal,
    *,
    effective_m: npt.NDArray[np.floating] | None = None,
    direction: Direction | None = None,
    factors: Sequence[Floats] = (),
    uncertainty_m: float = 0.0,
    even_within_m: float = 0.0,
    straight_share: float = STRAIGHT_SHARE,
) -> Prior:
    """Return the probability map of one explanation (scenario).

    Parameters
    ----------
    lattice, area_mask
        The raster and which of its cells are in the area, shape ``(rows, columns)``.
    start_m
        Starting point (IPP), x and y in the metric frame; may lie outside area and raster.
    distance
        Of finds from such a point.
    effective_m
        Travel time from the point turned into metres on flat open ground, shape ``(rows, columns)``;
        infinite or NaN is out of reach. None: straight distance alone.
    direction
        Stated direction of travel; None: all alike.
    factors
        Rasters >= 0, e.g. `Attraction.factor`; multiplied.
    uncertainty_m
        How well the point is known; within it the density is even. >= 0.
    even_within_m
        Radius around the point within which the density is held even although the point is known, >= 0;
        `LogNormal.even_within_km`.
    straight_share
        Share of the mass that goes by straight distance all the same, 0..1; only with ``effective_m``.

    Returns
    -------
    Prior
        Always sums to one, without NaN; what was odd stands in ``notes``.

    Raises
    ------
    ProbabilityError
        A shape does not fit, a factor is negative or NaN, or the point is not finite.

    Notes
    -----
    The mass of a band from a to b is ``F(b) - F(a)`` of the log-normal (Koester 2008 for the statistics; the
    division by circumference is in `LogNormal.density_per_km2`). Within a band a cell's part is proportional
    to the density at its middle times the factors. Of a straight band the raster holds the part of the whole
    ring that lies in it; the rest is beyond. Of a band of travel distance it holds what its cells make of the
    area that the band would have if ground went on as within the largest distance wholly inside.
    """
    area = _mask(lattice, area_mask)
    weight = _product(lattice, factors)
    if not 0.0 <= straight_share <= 1.0:
        raise ProbabilityError("a share lies in 0..1", name="straight_share")
    place = _Place(lattice, start_m, uncertainty_m, distance)
    place = replace(place, uncertainty_m=max(uncertainty_m, even_within_m))
    notes = place.notes(area)
    east, north = place.offsets()
    if direction is not None:
        weight = weight * direction.factor(east, north, max(uncertainty_m, lattice.cell_m))
    straight_m = np.hypot(east, north)
    reached = None if effective_m is None else _reached(lattice, effective_m)
    if reached is None:
        if effective_m is not None:
            notes.append("start_unreachable")
        cells, even = place.spread(straight_m, weight, place.held_straight(straight_m, direction))
    else:
        held, stranded = place.held_reached(reached)
        cells, even = place.spread(reached, weight, held)
        if stranded > _TOLD_SHARE:
            notes.append("reach_enclosed")
        plain, _ = place.spread(straight_m, weight, place.held_straight(straight_m, direction))
        cells = (1.0 - straight_share) * (cells + stranded * plain) + straight_share * plain
    if even:
        notes.append("band_even")
    return Prior(lattice, area, cells, _rest(cells), tuple(notes))


def even_prior(lattice: Lattice, area_mask: Mask, *notes: str, rest_of_world: float = 0.0) -> Prior:
    """Return even probability over the area: the answer when nothing is known.

    Without an area it lies over the whole raster, with the note ``no_area``.

    Parameters
    ----------
    rest_of_world
        Share put beyond the raster, 0..1.
    """
    area = _mask(lattice, area_mask)
    if not 0.0 <= rest_of_world <= 1.0:
        raise ProbabilityError("a share lies in 0..1", name="rest_of_world")
    told = list(notes)
    if not area.any():
        told.append("no_area")
    ground = area if area.any() else np.ones_like(area)
    cells = ground.astype(np.float64) * ((1.0 - rest_of_world) / float(ground.sum()))
    return Prior(lattice, area, cells, _rest(cells), tuple(told))


def elsewhere(lattice: Lattice, area_mask: Mask) -> Prior:
    """Return the explanation by which the person is not here at all: all mass beyond the raster."""
    return Prior(lattice, _mask(lattice, area_mask), np.zeros(lattice.shape), 1.0)


@dataclass(frozen=True, slots=True)
class _Place:
    """A starting point on a raster, and how distance is spread around it."""

    lattice: Lattice
    start_m: tuple[float, float]
    uncertainty_m: float
    distance: LogNormal

    def __post_init__(self) -> None:
        """Refuse a point that is none."""
        if not (math.isfinite(self.start_m[0]) and math.isfinite(self.start_m[1])):
            raise ProbabilityError("the starting point must be finite", name="start_m")
        if not (math.isfinite(self.uncertainty_m) and self.uncertainty_m >= 0):
            raise ProbabilityError("must be finite and not negative", name="uncertainty_m")

    def offsets(self) -> tuple[Floats, Floats]:
        """Return east and north of every cell's middle from the point, shape ``(rows, columns)`` each."""
        x, y = self.lattice.middles()
        east, north = np.meshgrid(x - self.start_m[0], y - self.start_m[1])
        return east, north

    def box(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of the raster as seen from the point."""
        lattice, (x, y) = self.lattice, self.start_m
        west, south = lattice.west_m - x, lattice.south_m - y
        return west, south, west + lattice.columns * lattice.cell_m, south + lattice.rows * lattice.cell_m

    def notes(self, area: Mask) -> list[str]:
        """Return what is odd about where the point lies."""
        if not area.any():
            return ["no_area"]
        west, south, east, north = self.box()
        if not (west <= 0.0 < east and south <= 0.0 < north):
            return ["start_outside_area", "start_outside_raster"]
        row, column = int(-south / self.lattice.cell_m), int(-west / self.lattice.cell_m)
        return [] if area[row, column] else ["start_outside_area"]

    def edges(self, most_m: float) -> Floats:
        """Return the edges of the bands, metres, from 0 to at least ``most_m``."""
        edges = [0.0, max(self.uncertainty_m, _BAND_CELLS * self.lattice.cell_m)]
        while edges[-1] <= most_m:
            edges.append(max(edges[-1] + _BAND_CELLS * self.lattice.cell_m, edges[-1] * _BAND_GROWTH))
        return np.array(edges)

    def held_straight(self, straight_m: Floats, direction: Direction | None) -> Floats:
        """Return which share of every band's mass the raster holds by its shape and the direction, 0..1."""
        edges = self.edges(float(straight_m.max()))
        box = self.box()
        inside = np.array([disc_in_box_m2(radius, box) for radius in edges])
        held = np.clip(np.diff(inside) / (math.pi * np.diff(edges**2)), 0.0, 1.0)
        if direction is None:
            return held
        bearings = np.radians((np.arange(_BEARINGS) + 0.5) * (360.0 / _BEARINGS))
        for band in np.flatnonzero((held > 0.0) & (held < 1.0)):
            middle_m = math.sqrt(edges[band] * edges[band + 1]) if band else edges[1] / 2.0
            east, north = middle_m * np.sin(bearings), middle_m * np.cos(bearings)
            factor = direction.factor(east, north, max(self.uncertainty_m, self.lattice.cell_m))
            within = (east >= box[0]) & (east < box[2]) & (north >= box[1]) & (north < box[3])
            ahead = float(factor[within].mean()) if within.any() else 0.0
            aside = float(factor[~within].mean()) if not within.all() else 0.0
            total = held[band] * ahead + (1.0 - held[band]) * aside
            held[band] = held[band] * ahead / total if total > 0 else held[band]
        return held

    def held_reached(self, reached_m: Floats) -> tuple[Floats, float]:
        """Return which share of every band of travel distance the raster holds, and the stranded mass.

        Stranded is the mass of distances that would lie on the raster but have no ground there: the way
        out is barred, on the map at least.
        """
        finite = reached_m[np.isfinite(reached_m)]
        edges = self.edges(float(finite.max()))
        rim = np.concatenate([reached_m[0], reached_m[-1], reached_m[:, 0], reached_m[:, -1]])
        whole_m = float(rim.min())  # out to here no way has left the raster
        cell_m2 = self.lattice.cell_m**2
        counts = np.histogram(finite, edges)[0] * cell_m2
        growth = 1.0
        within = float((finite < whole_m).sum())
        if math.isfinite(whole_m) and within >= _LEAST_HELD_CELLS:
            growth = within * cell_m2 / (math.pi * whole_m**2)
        held = np.clip(counts / (growth * math.pi * np.diff(edges**2)), 0.0, 1.0)
        held[edges[1:] <= whole_m] = 1.0
        held = np.where(counts > 0, held, 0.0)
        mass = np.diff(self.distance.cdf_km(edges / 1000.0))
        if math.isfinite(whole_m):
            return held, float(mass[(counts == 0) & (edges[1:] <= whole_m)].sum())
        return held, float(mass[counts == 0].sum()) + 1.0 - float(mass.sum())

    def spread(self, away_m: Floats, weight: Floats, held: Floats) -> tuple[Floats, bool]:
        """Spread every band's mass over its cells; return them and whether a band had no weight at all."""
        edges = self.edges(float(away_m[np.isfinite(away_m)].max()))
        mass = np.diff(self.distance.cdf_km(edges / 1000.0)) * held
        flat_km = self.uncertainty_m / 1000.0
        near_m = np.maximum(away_m, self.lattice.cell_m / 4.0)  # the cell of the point itself
        density = self.distance.density_per_km2(near_m / 1000.0, flat_km)
        band = np.digitize(away_m, edges) - 1
        band[~np.isfinite(away_m)] = len(mass)
        bins = len(mass) + 1
        flat_band = band.ravel()
        weighted = (density * weight).ravel()
        total = np.bincount(flat_band, weighted, minlength=bins)
        counts = np.bincount(flat_band, minlength=bins)
        lost = (counts > 0) & ~(total > 0.0)
        lost[-1] = False
        if lost.any():
            weighted = np.where(lost[flat_band], 1.0, weighted)
            total = np.bincount(flat_band, weighted, minlength=bins)
        per_weight = np.zeros(bins)
        np.divide(mass, total[:-1], out=per_weight[:-1], where=total[:-1] > 0.0)
        cells = (weighted * per_weight[flat_band]).reshape(self.lattice.shape)
        return cells, bool((lost[:-1] & (mass > _TOLD_BAND)).any())


def _reached(lattice: Lattice, effective_m: npt.NDArray[np.floating]) -> Floats | None:
    """Return the raster of distances with infinity out of reach; None when nothing is in reach."""
    reached = np.asarray(effective_m, dtype=np.float64)
    if reached.shape != lattice.shape:
        raise ProbabilityError("the raster of distances has another shape", name="effective_m")
    reached = np.where(np.isnan(reached) | (reached < 0), np.inf, reached)
    return reached if np.isfinite(reached).any() else None


def _product(lattice: Lattice, factors: Sequence[Floats]) -> Floats:
    weight = np.ones(lattice.shape)
    for factor in factors:
        if np.shape(factor) != lattice.shape:
            raise ProbabilityError("a factor has another shape", name="factors")
        if not (np.isfinite(factor).all() and (np.asarray(factor) >= 0).all()):
            raise ProbabilityError("a factor is finite and not negative", name="factors")
        weight = weight * factor
    return weight


def _mask(lattice: Lattice, area_mask: Mask) -> Mask:
    if np.shape(area_mask) != lattice.shape:
        raise ProbabilityError("the mask of the area has another shape", name="area_mask")
    return np.asarray(area_mask, dtype=np.bool_)


def _rest(cells: Floats) -> float:
    return max(0.0, 1.0 - float(cells.sum()))
