"""Travel time over ground from many sources: slope, pace, barriers. For the worker only.

Steps go to the eight neighbours of a cell. A step takes its length times the mean pace of both cells times a
factor of slope (Tobler; 1 on the flat), which differs up and down. Nothing passes a barrier cell, nor slips
between two barrier cells that touch at a corner. The result is the exact shortest time in this network of
steps; on open flat ground that is up to 8.2 % longer than the straight line, whose eight directions it has.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from geo.travel_time_kernels import forget, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from geo.lattice_raster import Lattice

    Floats = npt.NDArray[np.float64]
    Singles = npt.NDArray[np.float32]
    Whole = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

NoticeCode = Literal[
    "no_heights",
    "heights_missing_in_part",
    "pace_unknown",
    "source_outside",
    "source_on_barrier",
    "no_source",
    "no_ground",
]
_MOST_BUCKETS: Final = 4_000_000


class SlopeRule(NamedTuple):
    """How slope changes the pace: ``exp(steepness * (|slope - best_slope| - |best_slope|))``, 1 on the flat.

    Attributes
    ----------
    steepness
        >= 0; 0 switches slope off.
    best_slope
        Rise per metre at which walking is quickest, <= 0: gently down.
    """

    steepness: float
    best_slope: float


TOBLER: Final = SlopeRule(3.5, -0.05)
"""Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA report 93-1: 6 km/h times
``exp(-3.5 |slope + 0.05|)``; only its shape is used here, the speed on the flat is the pace raster's."""
NO_SLOPE: Final = SlopeRule(0.0, 0.0)


class Source(NamedTuple):
    """A cell where travel begins, and when (seconds, >= 0); row 0 in the south, column 0 in the west."""

    row: int
    column: int
    start_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Notice:
    """What a result could not take into account.

    Attributes
    ----------
    code
        ``no_heights``: slope counts nowhere; ``heights_missing_in_part``: not between cells without a height;
        ``pace_unknown``: cells without a pace above zero are barriers; ``source_outside``: left out;
        ``source_on_barrier``: begins at the nearest open cell instead; ``no_source``, ``no_ground``: the
        raster is unreachable everywhere.
    share
        Of the cells of the raster, 0..1, where it applies.
    sources
        Numbers of the sources meant.
    farthest_m
        The longest way a source was moved, metres.
    """

    code: NoticeCode
    share: float | None = None
    sources: tuple[int, ...] = ()
    farthest_m: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TravelGround:
    """Ground to travel over; arrays have the shape of the lattice and are not changed.

    Attributes
    ----------
    pace_s_per_m
        Seconds per metre on the flat, > 0; inf is a barrier.
    heights_m
        Metres; NaN where unknown; None where nothing is known.

    Raises
    ------
    ValueError
        A raster has another shape than the lattice.
    """

    lattice: Lattice
    pace_s_per_m: npt.NDArray[np.floating]
    heights_m: npt.NDArray[np.floating] | None = None

    def __post_init__(self) -> None:
        """Refuse rasters of another shape."""
        for raster in (self.pace_s_per_m, self.heights_m):
            if raster is not None and raster.shape != self.lattice.shape:
                raise ValueError(f"raster of shape {raster.shape} on a lattice of {self.lattice.shape}")


@dataclass(frozen=True, slots=True, eq=False)
class TravelTimes:
    """Solved travel times.

    Attributes
    ----------
    time_s
        Seconds, shape ``(rows, columns)``, inf where not reached; a view, not to be written to.
    notices
        What could not be taken into account.
    """

    time_s: Floats
    notices: tuple[Notice, ...]
    ground: TravelGround
    sources: tuple[Source, ...]
    most_s: float
    slope: SlopeRule
    towards: bool
    _framed: _Framed = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class _Framed:
    """Flat interleaved rasters with a frame of barrier cells, as the kernels want them."""

    time_s: Floats
    seeds: Whole
    starts_s: Floats
    rule: Floats

    @property
    def land(self) -> Singles:
        """Paces and heights, in the same memory as the times."""
        return self.time_s.view(np.float32)

    @property
    def flags(self) -> npt.NDArray[np.uint8]:
        """Fresh marks of cells."""
        return np.zeros(len(self.time_s) // 2, dtype=np.uint8)


def travel_time_s(
    ground: TravelGround,
    sources: Iterable[tuple[int, int] | tuple[int, int, float]],
    *,
    most_s: float = math.inf,
    slope: SlopeRule = TOBLER,
    towards: bool = False,
) -> TravelTimes:
    """Return the shortest travel time from the nearest of many sources to every cell.

    Parameters
    ----------
    ground
        Pace, barriers and heights.
    sources
        ``(row, column)`` or ``(row, column, start seconds)``.
    most_s
        Cells that take longer stay unreached; the work stops there.
    slope
        :data:`TOBLER`, another rule, or :data:`NO_SLOPE`.
    towards
        The time from every cell to the nearest source instead.

    Returns
    -------
    TravelTimes
        Bad ground and bad sources are told in its notices; there is always a raster.

    Notes
    -----
    Exact to the rounding of paces and heights to single precision (relative 1e-7). Needs 9 bytes per cell
    beside the result and a little for the front; 8 of them stay for :func:`change_solved`.

    Examples
    --------
    >>> from geo.lattice_raster import Lattice
    >>> ground = TravelGround(Lattice(0.0, 0.0, 10.0, 1, 4), np.full((1, 4), 0.8))
    >>> travel_time_s(ground, [(0, 0)]).time_s.round(3).tolist()
    [[0.0, 8.0, 16.0, 24.0]]
    """
    given = tuple(Source(int(each[0]), int(each[1]), *map(float, each[2:])) for each in sources)
    notices = list(_of_ground(ground, slope))
    open_cells = np.isfinite(ground.pace_s_per_m) & (ground.pace_s_per_m > 0)
    placed = _placed(ground, given, open_cells, notices)
    framed = _framed(ground, open_cells, placed, _rule(ground, open_cells, most_s, slope, towards=towards))
    width = ground.lattice.columns + 2
    spread(framed.time_s, framed.land, framed.flags, framed.seeds, width, framed.rule)
    return _solved(ground, given, tuple(notices), framed, most_s, slope, towards=towards)


def change_solved(before: TravelTimes, row: int, column: int, pace_s_per_m: Floats) -> TravelTimes:
    """Return the travel times after a window of the ground has another pace, barriers included.

    Parameters
    ----------
    before
        Solved; it stays as it is.
    row, column
        South-west cell of the window.
    pace_s_per_m
        The whole window's new paces; it lies within the raster.

    Returns
    -------
    TravelTimes
        The same as solving anew. Only cells whose shortest way led through the window, or now does, are
        worked on; where a source itself is in the window, everything is solved anew.

    Raises
    ------
    ValueError
        The window does not lie within the raster.
    """
    lattice = before.ground.lattice
    rows, columns = pace_s_per_m.shape
    if row < 0 or column < 0 or row + rows > lattice.rows or column + columns > lattice.columns:
        raise ValueError("the changed window must lie within the raster")
    pace = np.array(before.ground.pace_s_per_m)
    pace[row : row + rows, column : column + columns] = pace_s_per_m
    ground = TravelGround(lattice, pace, before.ground.heights_m)
    inside = [
        row <= each.row < row + rows and column <= each.column < column + columns for each in before.sources
    ]
    moved = any(each.code in {"source_on_barrier", "no_source"} for each in before.notices)
    if any(inside) or moved:
        return travel_time_s(
            ground, before.sources, most_s=before.most_s, slope=before.slope, towards=before.towards
        )
    old = before._framed  # noqa: SLF001 - its own kind
    width = lattice.columns + 2
    open_cells = np.isfinite(pace_s_per_m) & (pace_s_per_m > 0)
    framed = replace(old, time_s=np.array(old.time_s), rule=np.array(old.rule))
    whole = framed.land.reshape(lattice.rows + 2, width, 4)
    window = whole[row + 1 : row + 1 + rows, column + 1 : column + 1 + columns, 2]
    new = np.where(open_cells, pace_s_per_m, np.inf).astype(np.float32)
    rule = framed.rule
    if (new < window).any():  # a quicker step asks for narrower buckets
        shorter = lattice.cell_m * float(new.min()) * math.exp(-before.slope.steepness * rule[4])
        rule[1] = min(rule[1], max(shorter, rule[1] / 64))
    changed = np.argwhere(window != new)
    window[:] = new
    near = np.unique(
        (changed[:, None, 0] + row + 1 + np.repeat((-1, 0, 1), 3)) * width
        + (changed[:, None, 1] + column + 1 + np.tile((-1, 0, 1), 3))
    )
    at_row, at_column = np.divmod(near, width)
    near = near[
        (at_row > 0) & (at_row <= lattice.rows) & (at_column > 0) & (at_column <= lattice.columns)
    ].astype(np.int64)
    flags = framed.flags
    again = forget(framed.time_s, framed.land, flags, framed.seeds, framed.starts_s, near, width, rule)
    spread(framed.time_s, framed.land, flags, again, width, rule)
    notices = tuple(each for each in before.notices if each.code not in {"pace_unknown", "no_ground"})
    odd = tuple(_of_pace(ground))
    return _solved(
        ground, before.sources, odd + notices, framed, before.most_s, before.slope, towards=before.towards
    )


def effective_m(times: TravelTimes, open_pace_s_per_m: float) -> Floats:
    """Return how far one would have come on open flat ground in the time each cell takes, metres."""
    metres: Floats = times.time_s / open_pace_s_per_m
    return metres


def _solved(  # noqa: PLR0917 - what a result is made of
    ground: TravelGround,
    given: tuple[Source, ...],
    notices: tuple[Notice, ...],
    framed: _Framed,
    most_s: float,
    slope: SlopeRule,
    *,
    towards: bool,
) -> TravelTimes:
    lattice = ground.lattice
    inner = framed.time_s.reshape(lattice.rows + 2, lattice.columns + 2, 2)[1:-1, 1:-1, 0]
    inner.flags.writeable = False
    return TravelTimes(inner, notices, ground, given, most_s, slope, towards, framed)


def _of_ground(ground: TravelGround, slope: SlopeRule) -> Iterable[Notice]:
    yield from _of_pace(ground)
    if slope.steepness == 0:
        return
    if ground.heights_m is None:
        yield Notice("no_heights", 1.0)
        return
    share = float(np.isnan(ground.heights_m).mean())
    if share == 1.0:
        yield Notice("no_heights", 1.0)
    elif share > 0:
        yield Notice("heights_missing_in_part", share)


def _of_pace(ground: TravelGround) -> Iterable[Notice]:
    if ground.pace_s_per_m.size == 0 or not (ground.pace_s_per_m < np.inf).any():
        yield Notice("no_ground", 1.0)
    unknown = float((~(ground.pace_s_per_m > 0)).mean()) if ground.pace_s_per_m.size else 0.0
    if unknown > 0:
        yield Notice("pace_unknown", unknown)


def _placed(
    ground: TravelGround, given: Sequence[Source], open_cells: Mask, notices: list[Notice]
) -> tuple[Source, ...]:
    """Return the sources that can begin, those on barriers moved to the nearest open cell."""
    rows, columns = ground.lattice.shape
    within = [
        0 <= each.row < rows and 0 <= each.column < columns and 0 <= each.start_s < math.inf for each in given
    ]
    outside = tuple(number for number, inside in enumerate(within) if not inside)
    if outside:
        notices.append(Notice("source_outside", sources=outside))
    placed, moved, farthest_m = [], [], 0.0
    somewhere: Whole | None = None
    for number, each in enumerate(given):
        if not within[number]:
            continue
        at = each
        if not open_cells[each.row, each.column]:
            somewhere = np.argwhere(open_cells) if somewhere is None else somewhere
            if not len(somewhere):
                continue
            away = ((somewhere - (each.row, each.column)) ** 2).sum(axis=1)
            nearest = int(away.argmin())
            at = Source(int(somewhere[nearest, 0]), int(somewhere[nearest, 1]), each.start_s)
            farthest_m = max(farthest_m, math.sqrt(float(away[nearest])) * ground.lattice.cell_m)
            moved.append(number)
        placed.append(at)
    if moved:
        notices.append(Notice("source_on_barrier", sources=tuple(moved), farthest_m=farthest_m))
    if not placed:
        notices.append(Notice("no_source"))
    return tuple(placed)


def _rule(
    ground: TravelGround, open_cells: Mask, most_s: float, slope: SlopeRule, *, towards: bool
) -> Floats:
    lean = -slope.best_slope
    quickest = float(ground.pace_s_per_m.min(where=open_cells, initial=np.inf))
    bucket_s = 1.0
    if math.isfinite(quickest):
        bucket_s = quickest * ground.lattice.cell_m * math.exp(-slope.steepness * lean)
        slowest = float(ground.pace_s_per_m.max(where=open_cells, initial=quickest))
        # No way is longer than all cells at the slowest pace; buckets enough for a usual way across.
        across_m = ground.lattice.cell_m * sum(ground.lattice.shape)
        bucket_s = max(bucket_s, min(most_s, across_m * slowest) / _MOST_BUCKETS)
    return np.array(
        [ground.lattice.cell_m, bucket_s, most_s, slope.steepness, lean, -1.0 if towards else 1.0]
    )


def _framed(ground: TravelGround, open_cells: Mask, placed: Sequence[Source], rule: Floats) -> _Framed:
    rows, columns = ground.lattice.shape
    time_s = np.full((rows + 2) * (columns + 2) * 2, np.inf)
    land = time_s.view(np.float32).reshape(rows + 2, columns + 2, 4)
    land[:, :, 2] = np.inf
    land[:, :, 3] = np.nan
    np.copyto(land[1:-1, 1:-1, 2], ground.pace_s_per_m, where=open_cells, casting="same_kind")
    if ground.heights_m is not None:
        np.copyto(land[1:-1, 1:-1, 3], ground.heights_m, casting="same_kind")
    soon = [at for at in placed if at.start_s <= rule[2]]
    seeds = np.array([(at.row + 1) * (columns + 2) + at.column + 1 for at in soon], dtype=np.int64)
    np.minimum.at(time_s, 2 * seeds, np.array([at.start_s for at in soon], dtype=np.float64))
    seeds = np.unique(seeds)
    return _Framed(time_s, seeds, time_s[2 * seeds], rule)
