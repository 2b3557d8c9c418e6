"""The simulated search: teams, shifts, hand-overs, travel, and the ways to choose what comes next.

All ways get the same teams, the same ground and the same knowledge of paces and sweep widths; they differ
in what they choose. A sector has two parts, the cells of its lines and the rest; a team spreads its effort
evenly over a part.
"""

import heapq
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dispatch.effort_shifts import STEPS_H, WAY_WEIGHT, ShiftPlan, plan_shift
from geo.travel_time import travel_time_s
from tests.benchmarks.plan_ground import (
    CELL_M,
    CLASSES,
    LINE_KPH,
    SEARCHERS,
    SECTORS_ACROSS,
    SWEEP_KPH,
    WIDTH_M,
    Raster,
    Terrain,
    Whole,
)

SECTORS = SECTORS_ACROSS**2
PARTS = 2 * SECTORS  # the rest of each sector, then its lines
TEAMS, SHIFT_H, HAND_OVER_H, HORIZON_H = 6, 8.0, 0.5, 48.0
LEAST_H = 0.25
TIMES_H = np.arange(0.0, HORIZON_H + 1e-9, 0.1)


@dataclass(frozen=True)
class World:
    """What a search of one case is played on.

    Attributes
    ----------
    between_h, base_h
        Travel between sectors, and between the base and each sector.
    rate_per_h
        Coverage that a team reaches in an hour in each part; 0 where there is nothing to search.
    part_of_cell
        Flat.
    """

    between_h: Raster
    base_h: Raster
    rate_per_h: Raster
    part_of_cell: Whole


@dataclass
class Visit:
    """A team's next work: hours in parts, one after the other, all in one sector."""

    sector: int
    parts: list[tuple[int, float]]


class Chooser(Protocol):
    """A way to choose what comes next."""

    def next_visit(self, world: World, travel_h: Raster, left_h: float, team: int) -> Visit | None:
        """Return the next work from where ``travel_h`` is counted, or None when nothing is worth it."""


def world_of(
    terrain: Terrain, base: tuple[int, int], *, width: float = 1.0, line_speed: float = 1.0
) -> World:
    """Return the world with a base; the factors scale all sweep widths and the speed on lines."""
    hours_per_cover = np.array([CELL_M**2 / (SEARCHERS * WIDTH_M[c] * SWEEP_KPH[c] * 1e3) for c in CLASSES])
    on_line = np.array([CELL_M**2 / (SEARCHERS * WIDTH_M[c] * LINE_KPH * line_speed * 1e3) for c in CLASSES])
    lines = terrain.lines.ravel()
    classes = terrain.ground_class.ravel()
    hours = np.where(lines, on_line[classes], hours_per_cover[classes]) / width
    part = terrain.sector_of_cell.ravel() + SECTORS * lines
    hours = np.where(terrain.water.ravel(), 0.0, hours)
    total = np.bincount(part, hours, minlength=PARTS)
    rate = np.divide(1.0, total, out=np.zeros(PARTS), where=total > 0)
    middles = np.array([terrain.near_middle(sector) for sector in range(SECTORS)])
    base_h = travel_time_s(terrain.travel, [base]).time_s[middles[:, 0], middles[:, 1]] / 3600.0
    return World(terrain.between_h, np.minimum(base_h, 24.0), rate, part)


def play(assumed: World, chooser: Chooser, *, travel: float = 1.0) -> Raster:
    """Return the team hours spent in each part by each of ``TIMES_H``, shape ``(parts, times)``.

    ``chooser`` sees what is assumed; travel takes ``travel`` times as long in truth. A team on its way home
    for the next shift is relieved at the base; a fresh team whose way is longer than thought stays over time.
    """
    spent = np.zeros((PARTS, len(TIMES_H)))
    free = [(0.0, team, -1, SHIFT_H) for team in range(TEAMS)]
    heapq.heapify(free)
    while free:
        now_h, team, place, left_h = heapq.heappop(free)
        if now_h >= HORIZON_H:
            continue
        row = assumed.base_h if place < 0 else assumed.between_h[place]
        visit = chooser.next_visit(assumed, row, left_h, team)
        going_h = 0.0 if visit is None else float(row[visit.sector]) * travel
        back_h = 0.0 if visit is None else float(assumed.base_h[visit.sector]) * travel
        fresh = place < 0 and left_h == SHIFT_H
        if visit is None or not visit.parts or (going_h + LEAST_H + back_h > left_h and not fresh):
            home_h = 0.0 if place < 0 else float(assumed.base_h[place]) * travel
            if fresh:
                continue  # nothing is left to do
            heapq.heappush(free, (now_h + home_h + HAND_OVER_H, team, -1, SHIFT_H))
            continue
        at_h, can_h = now_h + going_h, max(left_h - going_h - back_h, LEAST_H)
        for part, wanted_h in visit.parts:
            hours = min(wanted_h, can_h)
            spent[part] += np.clip(TIMES_H - at_h, 0.0, hours)
            at_h, can_h = at_h + hours, can_h - hours
        heapq.heappush(free, (at_h, team, visit.sector, left_h - (at_h - now_h)))
    return spent


def not_found(true: World, spent: Raster, ends: Whole) -> Raster:
    """Return for each person the probability of not being found by each of ``TIMES_H``."""
    cover = true.rate_per_h[:, None] * spent
    part = true.part_of_cell[np.maximum(ends, 0)]
    return np.where((ends >= 0)[:, None], np.exp(-cover[part]), 1.0)


class BySectors:
    """Take whole sectors in a stated order, each with one coverage of both parts; begin again at the end.

    ``order`` gives a class per sector (rings), smaller first; within a class the nearest to the team is next.
    """

    def __init__(self, world: World, order: Raster, coverage: float) -> None:
        self._order = order
        self._coverage = coverage
        self._able = (world.rate_per_h[:SECTORS] > 0) | (world.rate_per_h[SECTORS:] > 0)
        self._passes = np.zeros(SECTORS)

    def next_visit(self, world: World, travel_h: Raster, left_h: float, team: int) -> Visit | None:  # noqa: ARG002
        """Return the nearest sector of the first class that is still to be done."""
        able = self._able & (travel_h + world.base_h + LEAST_H <= SHIFT_H)
        if not able.any():
            return None
        rank = np.where(able, self._passes * 1e6 + self._order * 1e3 + travel_h, np.inf)
        sector = int(rank.argmin())
        visit = whole_sector(world, sector, self._coverage)
        need_h = float(travel_h[sector] + world.base_h[sector])
        if need_h + LEAST_H <= left_h:
            self._passes[sector] += 1
            visit.parts = _cut(visit.parts, left_h - need_h)
        return visit


class ByDensity:
    """Take the sector with the highest probability per area, with one coverage; Bayes after each."""

    def __init__(self, world: World, p_of_part: Raster, coverage: float) -> None:
        self._left = p_of_part.copy()
        self._coverage = coverage
        self._able = (world.rate_per_h[:SECTORS] > 0) | (world.rate_per_h[SECTORS:] > 0)

    def next_visit(self, world: World, travel_h: Raster, left_h: float, team: int) -> Visit | None:  # noqa: ARG002
        """Return the densest sector."""
        able = self._able & (travel_h + world.base_h + LEAST_H <= SHIFT_H)
        if not able.any():
            return None
        density = np.where(able, self._left[:SECTORS] + self._left[SECTORS:], -1.0)
        sector = int(density.argmax())
        visit = whole_sector(world, sector, self._coverage)
        need_h = float(travel_h[sector] + world.base_h[sector])
        if need_h + LEAST_H <= left_h:
            visit.parts = _cut(visit.parts, left_h - need_h)
            for part, hours in visit.parts:
                self._left[part] *= np.exp(-world.rate_per_h[part] * hours)
        return visit


class ByShift:
    """Our plan: parts of sectors, hours and ways of a whole shift together (`dispatch.effort_shifts`).

    Options can be switched off, to see what each is worth: ``lines`` (parts of a sector apart), ``hours``
    (free hours instead of one coverage), ``ways`` (travel counts in the choice).
    """

    def __init__(
        self, p_of_part: Raster, *, lines: bool = True, hours: bool = True, ways: bool = True
    ) -> None:
        self._left = p_of_part.copy()
        self._lines, self._hours, self._weight = lines, hours, WAY_WEIGHT if ways else 0.0
        self._waiting: dict[int, list[Visit]] = {}

    def next_visit(self, world: World, travel_h: Raster, left_h: float, team: int) -> Visit | None:  # noqa: ARG002
        """Return the next stop of the team's shift; a fresh team gets a new one."""
        if left_h == SHIFT_H:
            self._waiting[team] = self._shift(world)
        return self._waiting[team].pop(0) if self._waiting[team] else None

    def _shift(self, world: World) -> list[Visit]:
        rate, left = world.rate_per_h, self._left
        need_h = np.divide(1.0, rate, out=np.zeros(PARTS), where=rate > 0)
        if not self._lines:
            whole_h = need_h[:SECTORS] + need_h[SECTORS:]
            rate = np.divide(1.0, whole_h, out=np.zeros(SECTORS), where=whole_h > 0)
            left = np.where(world.rate_per_h > 0, left, 0.0).reshape(2, SECTORS).sum(axis=0)
        steps_h = STEPS_H
        if not self._hours:
            once = np.divide(1.0, rate, out=np.full(len(rate), 1.0), where=rate > 0)
            steps_h = np.maximum(once, LEAST_H)[:, None]
        sector = np.arange(len(rate)) % SECTORS
        plan = plan_shift(
            left,
            rate,
            sector,
            world.between_h,
            world.base_h,
            SHIFT_H,
            steps_h=steps_h,
            way_weight=self._weight,
        )
        assert isinstance(plan, ShiftPlan)
        visits = []
        for stop in plan.stops:
            parts = list(stop.parts)
            if not self._lines:
                cover = sum(hours * rate[at] for at, hours in parts)
                parts = whole_sector(world, stop.sector, float(cover)).parts
            for at, hours in parts:
                self._left[at] *= np.exp(-world.rate_per_h[at] * hours)
            visits.append(Visit(stop.sector, parts))
        return visits


def whole_sector(world: World, sector: int, coverage: float) -> Visit:
    """Return the work of covering both parts of a sector, its lines first."""
    rate = world.rate_per_h
    parts = [(at, float(coverage / rate[at])) for at in (sector + SECTORS, sector) if rate[at] > 0]
    return Visit(sector, parts)


def _cut(parts: list[tuple[int, float]], can_h: float) -> list[tuple[int, float]]:
    """Return what of the work fits into the rest of a shift."""
    cut = []
    for part, hours in parts:
        here = min(hours, can_h)
        if here > 0:
            cut.append((part, here))
        can_h -= here
    return cut


def on_parts(world: World, cells: Any) -> Raster:
    """Return the probability of each part from a raster."""
    mass: Raster = np.bincount(world.part_of_cell, np.asarray(cells).ravel(), minlength=PARTS).astype(float)
    return mass
