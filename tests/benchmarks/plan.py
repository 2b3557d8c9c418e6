"""`./run bench plan`: how long lost people wait, by our plan and by others. Needs ``SEARCH_OPS_TRIAL_DATA``.

People are lost by rules of behaviour (`plan_people`) that know nothing of the planner's model, and stay where
they are; six teams of four search for 48 h in shifts of 8 h with half an hour of hand-over (`plan_search`).
Every way of planning meets the same people, ground, teams, travel and shifts. The others search whole sectors
with one coverage, the one of eight that serves them best in that very case; ours and the oracle, which knows
the density of the simulation, plan part of sector, hours and way together.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from geo.probability.attraction import attraction_factor
from geo.probability.prior import prior
from geo.travel_time import effective_m, travel_time_s
from search_ops.lost_person.book import book
from tests.benchmarks.figure import Figure
from tests.benchmarks.plan_ground import CELL_M, CELLS, PACES, Raster, Terrain, Whole, terrains
from tests.benchmarks.plan_people import KINDS, Kind, lost_people, starts
from tests.benchmarks.plan_search import (
    SECTORS,
    TIMES_H,
    ByDensity,
    BySectors,
    ByShift,
    Chooser,
    World,
    not_found,
    on_parts,
    play,
    world_of,
)

SEED = 20_26
STARTS, PEOPLE, KNOWN, BOOTS = 5, 120, 6_000, 1_000
COVERAGES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
OTHERS = ("ring by ring", "nearest first", "greedy by density")
_TERRAIN = {"mountain": "temperate_mountain", "hills": "temperate_flat", "forest": "temperate_flat"}


@dataclass(frozen=True, eq=False)
class Search:
    """One start: what the planner assumes, what is known to the oracle, and the people to be found."""

    world: World
    model: Raster
    density: Raster
    away_m: Raster
    rings_m: tuple[float, ...]
    ends: Whole
    terrain: Terrain
    start: tuple[int, int]


@dataclass(frozen=True)
class Case:
    """A category on a terrain, from several starts."""

    name: str
    searches: tuple[Search, ...]


def plan() -> Iterator[Figure]:
    """Compare plans on three extracts and three categories, then show what they depend on."""
    if "SEARCH_OPS_TRIAL_DATA" not in os.environ:
        sys.stderr.write("# plan: SEARCH_OPS_TRIAL_DATA is not set, nothing to search\n")
        return
    cases = [case_of(terrain, kind) for terrain in terrains() for kind in KINDS]
    chosen: dict[str, tuple[float, float]] = {}
    everybody: dict[str, list[Raster]] = {}
    for case in cases:
        curves = {"ours": curves_of(case, "ours"), "oracle": curves_of(case, "oracle")}
        names = {}
        for other in OTHERS:
            coverage, curves[other] = best_of(case, other)
            names[other] = f"{other}, coverage {coverage:g}"
            chosen[case.name, other] = coverage  # type: ignore[index,assignment]
        yield from figures(case.name, curves, names)
        for name, curve in curves.items():
            everybody.setdefault(name, []).append(curve)
    whole = {name: np.concatenate(each) for name, each in everybody.items()}
    yield from figures(
        "all cases", whole, {other: f"{other}, its best coverage in each case" for other in OTHERS}
    )
    yield from parts_of_the_gain(cases, whole)
    yield from dependence(cases, chosen)


def case_of(terrain: Terrain, kind: Kind) -> Case:
    """Return the case: five starts, each with its map, its known density and its people."""
    seed = SEED + 97 * [each.category for each in KINDS].index(kind.category)
    searches = []
    for number, start in enumerate(starts(terrain, STARTS, SEED)):
        world = world_of(terrain, start)
        many = lost_people(terrain, kind, start, KNOWN, seed + 1_000 + number)
        density = np.bincount(many[many >= 0], minlength=CELLS**2).reshape(CELLS, CELLS) / KNOWN
        model, rings_m = planned(terrain, kind, start)
        row, column = np.indices((CELLS, CELLS))
        away_m = np.hypot(row - start[0], column - start[1]).ravel() * CELL_M
        sector = terrain.sector_of_cell.ravel()
        searches.append(
            Search(
                world,
                on_parts(world, model),
                on_parts(world, smoothed(density)),
                np.bincount(sector, away_m, SECTORS) / np.bincount(sector, minlength=SECTORS),
                rings_m,
                lost_people(terrain, kind, start, PEOPLE, seed + 2_000 + number),
                terrain,
                start,
            )
        )
    return Case(f"{terrain.name} {kind.category}", tuple(searches))


def planned(terrain: Terrain, kind: Kind, start: tuple[int, int]) -> tuple[Raster, tuple[float, ...]]:
    """Return the planner's map and rings: what the product makes of category, terrain and features."""
    known = book()
    distance = known.distance(kind.category, _TERRAIN[terrain.kind]).model  # type: ignore[arg-type]
    drawn = known.attraction(kind.category)
    features: dict[str, list[Any]] = {}
    for name, classes in drawn.classes.items():
        for each in classes:
            features.setdefault(name, []).extend(
                terrain.features.get("water" if each == "water_edge" else each, [])
            )
    attraction = attraction_factor(terrain.lattice, features, drawn.pulls)
    reached_m = effective_m(travel_time_s(terrain.travel, [start]), PACES["open"])
    x, y = terrain.lattice.middles()
    map_ = prior(
        terrain.lattice,
        np.ones((CELLS, CELLS), dtype=np.bool_),
        (float(x[start[1]]), float(y[start[0]])),
        distance,
        effective_m=reached_m,
        factors=[attraction.factor],
        uncertainty_m=100.0,
    )
    return map_.cells, tuple(1_000.0 * distance.quantile_km(share) for share in (0.25, 0.5, 0.75, 0.95))


def smoothed(density: Raster) -> Raster:
    """Return a density with each cell's mass spread a little: a sample of thousands leaves holes."""
    spread = density.copy()
    for axis in (0, 1):
        spread = 0.5 * spread + 0.25 * (np.roll(spread, 1, axis) + np.roll(spread, -1, axis))
    return spread


def chooser_of(search: Search, name: str, coverage: float) -> Chooser:
    """Return a way of planning by its name."""
    rings = np.searchsorted(search.rings_m, search.away_m).astype(float)
    # Nearest first: classes so fine that the way from the base decides.
    nearest = np.argsort(np.argsort(search.world.base_h)).astype(float)
    ways: dict[str, Any] = {
        "ours": lambda: ByShift(search.model),
        "oracle": lambda: ByShift(search.density),
        "ring by ring": lambda: BySectors(search.world, rings, coverage),
        "nearest first": lambda: BySectors(search.world, nearest, coverage),
        "greedy by density": lambda: ByDensity(search.world, search.model, coverage),
        "without lines first": lambda: ByShift(search.model, lines=False),
        "without free hours": lambda: ByShift(search.model, hours=False),
        "without counting ways": lambda: ByShift(search.model, ways=False),
        "with none of the three": lambda: ByShift(search.model, lines=False, hours=False, ways=False),
    }
    chooser: Chooser = ways[name]()
    return chooser


@cache
def played(search: Search, name: str, coverage: float, travel: float) -> Raster:
    """Return the hours spent in each part by each time; what is true of widths does not change them."""
    return play(search.world, chooser_of(search, name, coverage), travel=travel)


def curves_of(case: Case, name: str, coverage: float = 1.0, **truth: float) -> Raster:
    """Return the probability of not being found by each time for everybody of a case.

    ``truth``: ``width``, ``line_speed`` and ``travel`` in truth, times what everyone assumes.
    """
    travel = truth.pop("travel", 1.0)
    parts = []
    for search in case.searches:
        true = world_of(search.terrain, search.start, **truth) if truth else search.world
        parts.append(not_found(true, played(search, name, coverage, travel), search.ends))
    return np.concatenate(parts)


def best_of(case: Case, name: str) -> tuple[float, Raster]:
    """Return the coverage that serves a way best in this very case, by mean time, and its curves."""
    tried = [(coverage, curves_of(case, name, coverage)) for coverage in COVERAGES]
    return min(tried, key=lambda each: float(each[1].mean()))


def mean_h(curves: Raster) -> Raster:
    """Return the mean time to find of each person, censored at the horizon, hours."""
    hours: Raster = np.trapezoid(curves, TIMES_H, axis=-1)
    return hours


@cache
def weights(people: int) -> Raster:
    """Return how often each person is drawn in each bootstrap sample, over their number."""
    rng = np.random.default_rng(SEED)
    return rng.multinomial(people, np.full(people, 1.0 / people), BOOTS) / people


def interval(samples: Raster) -> str:
    """Return the middle 95 per cent of bootstrap samples."""
    low, high = np.percentile(samples, (2.5, 97.5))
    return f"95 %: {low:.2f}..{high:.2f}"


def median_h(curve: Raster) -> float:
    """Return when half of the people are found; the horizon when they are not by then."""
    found = curve <= 0.5
    return float(TIMES_H[int(found.argmax())]) if found.any() else float(TIMES_H[-1])


def figures(name: str, curves: dict[str, Raster], names: dict[str, str]) -> Iterator[Figure]:
    """Return mean, median and shares of ours beside the others, and the part of the gap that is closed."""
    people = len(curves["ours"])
    draw = weights(people)
    mean = {each: mean_h(curve) for each, curve in curves.items()}
    boots = {each: draw @ hours for each, hours in mean.items()}
    ours = float(mean["ours"].mean())
    for other, label in {
        **names,
        "oracle": "oracle: the density of the simulation, planned like ours",
    }.items():
        unit = f"h, mean to 48 h ({interval(boots['ours'])}; baseline {interval(boots[other])})"
        yield Figure(f"plan {name}: mean time", ours, unit, people, float(mean[other].mean()), label)
    gap = (boots["ring by ring"] - boots["ours"]) / (boots["ring by ring"] - boots["oracle"])
    ring, oracle = float(mean["ring by ring"].mean()), float(mean["oracle"].mean())
    unit = f"of the gap from ring to oracle ({interval(gap)}; goal 0.8)"
    yield Figure(f"plan {name}: gap closed", (ring - ours) / (ring - oracle), unit, people)
    middle = {each: curve.mean(axis=0) for each, curve in curves.items()}
    medians = np.array([median_h(each) for each in draw[:300] @ curves["ours"]])
    unit = f"h, median ({interval(medians)}; goal: ratio >= 1.33)"
    ring_h = median_h(middle["ring by ring"])
    yield Figure(
        f"plan {name}: median", median_h(middle["ours"]), unit, people, ring_h, names["ring by ring"]
    )
    for hours in (6, 12, 24):
        at = int(np.searchsorted(TIMES_H, hours - 1e-6))
        shares = ", ".join(f"{each} {1.0 - curve[at]:.3f}" for each, curve in middle.items())
        yield Figure(f"plan {name}: found by {hours} h", 1.0 - float(middle["ours"][at]), shares, people)


def parts_of_the_gain(cases: list[Case], whole: dict[str, Raster]) -> Iterator[Figure]:
    """Show what lines first, hours per sector and the counting of ways are worth, each left out."""
    ours = float(mean_h(whole["ours"]).mean())
    for name in (
        "without lines first",
        "without free hours",
        "without counting ways",
        "with none of the three",
    ):
        other = float(np.concatenate([mean_h(curves_of(case, name)) for case in cases]).mean())
        yield Figure(
            "plan all cases: mean time", ours, "h, mean to 48 h", len(whole["ours"]), other, f"ours {name}"
        )


def dependence(cases: list[Case], chosen: Any) -> Iterator[Figure]:
    """Show ours beside the ring when truth is not what everyone assumed."""
    for truth in (
        {"width": 0.5},
        {"width": 2.0},
        {"line_speed": 0.5},
        {"line_speed": 2.0},
        {"travel": 1.5},
        {"travel": 0.67},
    ):
        means = {}
        for name in ("ours", "ring by ring", "oracle"):
            curves = [curves_of(case, name, chosen.get((case.name, name), 1.0), **truth) for case in cases]
            means[name] = float(np.concatenate([mean_h(each) for each in curves]).mean())
        words = ", ".join(f"{key} x {value:g} in truth" for key, value in truth.items())
        ring, ours, oracle = means["ring by ring"], means["ours"], means["oracle"]
        unit = f"h, mean to 48 h; gap closed {(ring - ours) / (ring - oracle):.2f}"
        people = sum(len(search.ends) for case in cases for search in case.searches)
        yield Figure(f"plan all cases, {words}", ours, unit, people, ring, "ring by ring, coverage as above")
