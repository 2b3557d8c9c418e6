"""The map of probability from its inputs: priors, ledger, sectors, explanation. For the worker only."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.probability.attraction import attraction_factor
from geo.probability.clues import Clue, region, sighting
from geo.probability.decay import TAU_H
from geo.probability.direction import Direction
from geo.probability.explain import Part
from geo.probability.ledger import NOWHERE, Ledger, Search
from geo.probability.prior import elsewhere, prior
from geo.probability.scenarios import mix, normalised_weights
from geo.search_coverage_weigh import SUBJECTS
from geo.travel_time import TravelGround, effective_m, travel_time_s
from search_ops.services.probability_ground import OPEN_PACE_S_PER_M, features, heights_m, pace_s_per_m
from search_ops.services.probability_inputs import metric_point
from search_ops.services.probability_state import Solved, rounded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from geo.probability.attraction import Attraction
    from geo.probability.prior import Prior
    from search_ops.lost_person import Book
    from search_ops.lost_person.values import ChosenDistance
    from search_ops.services.probability_inputs import Inputs

    Doubles = npt.NDArray[np.float64]
    Numbers = npt.NDArray[np.intp]

_HOUR_S: Final = 3600.0
_SOFT_EDGE_M: Final = 50.0
_SEEN_WITHIN_M: Final = 10.0
_NOT_OF_THE_PRIOR: Final = frozenset({"name", "weight", "version", "set_at", "dropped", "drop_reason"})
"""Fields of a scenario that its prior does not follow from: all others, new ones too, ask for a new one."""
_MOST_POD: Final = 1.0 - 1e-9


@dataclass(frozen=True, slots=True)
class Explained:
    """A scenario as it went into the map."""

    scenario_id: str
    weight: float
    solved: Solved
    distance: ChosenDistance | None
    attraction: Attraction | None
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """The map.

    Attributes
    ----------
    sector_ids
        Number in ``sector_of_cell`` -> sector.
    """

    ledger: Ledger
    explained: tuple[Explained, ...]
    sector_ids: tuple[str, ...]
    sector_of_cell: Numbers
    parts: tuple[Part, ...]


def make(inputs: Inputs, tables: Book) -> Made:
    """Return the map of probability by these tables of lost people."""
    mask = inputs.lattice.inside(inputs.area)
    grounds = _Grounds(inputs, tables)
    explained = []
    for scenario_id, scenario in inputs.scenarios():
        explained.append(_explain(inputs, grounds, mask, scenario_id, scenario))
    priors = [(each.weight, each.solved.prior) for each in explained]
    mixed = mix(priors, lattice=inputs.lattice, area=mask)
    state = next(iter(inputs.searched.of("subject_state").values()), None) or _habits(inputs, tables)
    sector_ids, sector_of_cell = _sectors(inputs)
    ledger = Ledger(
        mixed,
        float(state["responsive_share"]),
        _searches(inputs, str(state["moves"]), sector_ids, sector_of_cell),
        tuple(_clue(inputs, key, clue) for key, clue in inputs.clues()),
    )
    shares = normalised_weights([each.weight for each in explained])
    parts = tuple(
        Part(each.scenario_id, float(share), each.solved.prior, each.attraction)
        for share, each in zip(shares, explained, strict=True)
    )
    return Made(_same_objects(ledger, inputs), tuple(explained), sector_ids, sector_of_cell, parts)


def _habits(inputs: Inputs, tables: Book) -> Mapping[str, Any]:
    """Return what the category of the weightiest scenario does by default: nobody has said otherwise."""
    placed = [each for _, each in inputs.scenarios() if not each["elsewhere"]]
    first = max(placed, key=lambda each: float(each["weight"]), default=None)
    habits = tables.habits_of("other" if first is None else str(first["category"]))
    return {"responsive_share": habits.responsive_share, "moves": habits.moves}


class _Grounds:
    """Rasters of the ground, each made when it is first asked for."""

    def __init__(self, inputs: Inputs, tables: Book) -> None:
        self._inputs = inputs
        self.tables = tables
        self._travel: TravelGround | None = None
        self._attraction: dict[str, Attraction] = {}

    def travel(self) -> TravelGround:
        if self._travel is None:
            lattice, ground = self._inputs.lattice, self._inputs.ground
            heights = heights_m(self._inputs.searched.frame, lattice, ground.heights)
            self._travel = TravelGround(lattice, pace_s_per_m(lattice, ground), heights)
        return self._travel

    def attraction(self, category: str) -> Attraction:
        chosen = self.tables.attraction(category)
        if chosen.category not in self._attraction:
            found = features(self._inputs.ground, chosen.classes)
            self._attraction[chosen.category] = attraction_factor(self._inputs.lattice, found, chosen.pulls)
        return self._attraction[chosen.category]


def _explain(
    inputs: Inputs,
    grounds: _Grounds,
    mask: npt.NDArray[np.bool_],
    scenario_id: str,
    scenario: Mapping[str, Any],
) -> Explained:
    weight = float(scenario["weight"])
    fingerprint = _fingerprint(inputs, grounds.tables, mask, scenario)
    if scenario["elsewhere"]:
        solved = Solved(scenario_id, fingerprint, elsewhere(inputs.lattice, mask))
        return Explained(scenario_id, weight, solved, None, None, ())
    category = str(scenario["category"])
    chosen = grounds.tables.distance(category, scenario["terrain"])
    attraction = grounds.attraction(category) if scenario["pulled"] else None
    known = None if inputs.before is None else inputs.before.solved.get(scenario_id)
    if known is not None and known.fingerprint == fingerprint:
        return Explained(scenario_id, weight, known, chosen, attraction, known.prior.notes)
    at_m, notices = _start(inputs, scenario), [*chosen.notes]
    reach = None
    if scenario["by_travel_time"]:
        reach, told = _reach(inputs, grounds, at_m)
        notices += told
    direction = None
    if scenario["heading_deg"] is not None:
        dispersion = grounds.tables.direction(category)
        direction = Direction(float(scenario["heading_deg"]), dispersion.quantiles_deg)
    found = prior(
        inputs.lattice,
        mask,
        at_m,
        chosen.model,
        effective_m=reach,
        direction=direction,
        factors=() if attraction is None else (attraction.factor,),
        uncertainty_m=float(scenario["uncertainty_m"]),
        even_within_m=chosen.model.even_within_km * 1000.0,
    )
    notices += () if attraction is None else attraction.notes
    notes = tuple(dict.fromkeys((*found.notes, *notices)))
    kept = rounded(replace(found, notes=notes))
    return Explained(scenario_id, weight, Solved(scenario_id, fingerprint, kept), chosen, attraction, notes)


def _start(inputs: Inputs, scenario: Mapping[str, Any]) -> tuple[float, float]:
    return _metric(inputs, float(scenario["lon"]), float(scenario["lat"]))


def _metric(inputs: Inputs, lon: float, lat: float) -> tuple[float, float]:
    return metric_point(inputs.searched.frame, lon, lat)


def _reach(inputs: Inputs, grounds: _Grounds, at_m: tuple[float, float]) -> tuple[Doubles | None, list[str]]:
    """Return travel time as metres of open ground, or None where the point lies off the raster."""
    lattice = inputs.lattice
    column = math.floor((at_m[0] - lattice.west_m) / lattice.cell_m)
    row = math.floor((at_m[1] - lattice.south_m) / lattice.cell_m)
    if not (0 <= row < lattice.rows and 0 <= column < lattice.columns):
        return None, []
    if inputs.ground.is_empty:
        return None, ["no_ground"]
    times = travel_time_s(grounds.travel(), [(row, column)])
    return effective_m(times, OPEN_PACE_S_PER_M), [each.code for each in times.notices]


def _fingerprint(
    inputs: Inputs, tables: Book, mask: npt.NDArray[np.bool_], scenario: Mapping[str, Any]
) -> str:
    said = {name: value for name, value in scenario.items() if name not in _NOT_OF_THE_PRIOR}
    lattice = inputs.lattice
    place = [lattice.west_m, lattice.south_m, lattice.cell_m, lattice.rows, lattice.columns, inputs.stamp]
    area = hashlib.sha256(np.packbits(mask).tobytes()).hexdigest()
    rows = [] if scenario["elsewhere"] else _figures(tables, scenario)
    return hashlib.sha256(json.dumps([said, place, area, rows], sort_keys=True).encode()).hexdigest()


def _figures(tables: Book, scenario: Mapping[str, Any]) -> list[Any]:
    """Return the figures of the tables that a scenario stands on: a table bought meanwhile changes them."""
    chosen = tables.distance(str(scenario["category"]), scenario["terrain"]).model
    direction = tables.direction(str(scenario["category"])).quantiles_deg
    return [chosen.mu_ln_km, chosen.sigma_ln_km, sorted(direction.items())]


# ---- sectors, searches, clues ------------------------------------------------------------------


def _sectors(inputs: Inputs) -> tuple[tuple[str, ...], Numbers]:
    """Return the area sectors in force by label, and which of them holds the middle of each cell."""
    grounds = {key: each for key, each in inputs.searched.grounds.items() if each.sector["kind"] == "area"}
    ids = tuple(sorted(grounds, key=lambda key: str(grounds[key].sector["label"])))
    numbers = np.full(inputs.lattice.shape, NOWHERE, dtype=np.intp)
    for number, key in enumerate(ids):
        numbers[_inside(inputs, grounds[key].metric) & (numbers == NOWHERE)] = number
    return ids, numbers


def _inside(inputs: Inputs, metric: Any) -> npt.NDArray[np.bool_]:
    """Return which cells have their middle within; only the box of the geometry is looked at."""
    lattice = inputs.lattice
    west, south, east, north = metric.bounds
    x, y = lattice.middles()
    columns, rows = np.flatnonzero((x >= west) & (x <= east)), np.flatnonzero((y >= south) & (y <= north))
    found = np.zeros(lattice.shape, dtype=np.bool_)
    if len(columns) and len(rows):
        window = replace(
            lattice,
            west_m=lattice.west_m + float(columns[0]) * lattice.cell_m,
            south_m=lattice.south_m + float(rows[0]) * lattice.cell_m,
            rows=len(rows),
            columns=len(columns),
        )
        found[np.ix_(rows, columns)] = window.inside(metric)
    return found


def _searches(
    inputs: Inputs, moves: str, sector_ids: Sequence[str], sector_of_cell: Numbers
) -> tuple[Search, ...]:
    """Return every piece of evidence with figures as a search of its cells.

    A line sector and a retired one count where no area sector lies: the same tracks are weighed there.
    """
    searched = inputs.searched
    number_of = {key: number for number, key in enumerate(sector_ids)}
    free = sector_of_cell == NOWHERE
    tau_h = TAU_H[moves]
    found = []
    for sector_id, rows in _rows_by_sector(searched.of("evidence")).items():
        cells = _cells_of(inputs, sector_id, number_of, sector_of_cell, free)
        if not len(cells):
            continue
        pods = {subject: _together(rows, subject) for subject in SUBJECTS}
        for number, (evidence_id, row) in enumerate(rows):
            answering, silent = (pods[subject][number] for subject in SUBJECTS)
            if max(answering, silent) > 0:
                age_h = _age_h(inputs, row)
                slower_h = tau_h if moves == "freely" else math.inf
                found.append(Search(evidence_id, cells, answering, silent, age_h, tau_h, slower_h))
    return tuple(found)


def _rows_by_sector(
    evidence: Mapping[str, Mapping[str, Any]],
) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    rows: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for evidence_id, row in sorted(evidence.items()):
        rows.setdefault(str(row["sector_id"]), []).append((evidence_id, row))
    return rows


def _together(rows: Sequence[tuple[str, Mapping[str, Any]]], subject: str) -> list[float]:
    """Return the detection of each task so that all together come to what was weighed for the sector.

    Two teams on one path have swept it once (decision 0012): each keeps its part of the whole, by how much
    it would have missed alone.
    """
    alone = [min(float(row.get(f"pod_{subject}") or 0.0), _MOST_POD) for _, row in rows]
    missed = [-math.log1p(-pod) for pod in alone]
    told = [float((row.get("cumulative") or {}).get(subject) or 0.0) for _, row in rows]
    whole = -math.log1p(-min(max(told, default=0.0), _MOST_POD))
    total = sum(missed)
    return [-math.expm1(-each * min(1.0, whole / total)) if total > 0 else 0.0 for each in missed]


def _cells_of(
    inputs: Inputs,
    sector_id: str,
    number_of: Mapping[str, int],
    sector_of_cell: Numbers,
    free: npt.NDArray[np.bool_],
) -> Numbers:
    if sector_id in number_of:
        return np.flatnonzero(sector_of_cell == number_of[sector_id])
    ground = inputs.searched.grounds.get(sector_id)
    metric = inputs.retired.get(sector_id) if ground is None else ground.metric
    if metric is None:
        return np.array([], dtype=np.intp)
    return np.flatnonzero(_inside(inputs, metric) & free)


def _age_h(inputs: Inputs, row: Mapping[str, Any]) -> float:
    window = inputs.searched.windows.get(str(row["task_id"]))
    now_s = inputs.searched.now.timestamp()
    # Whole quarters of an hour: the map does not change with every second that passes.
    return 0.0 if window is None else max(0.0, round((now_s - window.to_s) / _HOUR_S * 4) / 4)


def _clue(inputs: Inputs, key: str, clue: Mapping[str, Any]) -> Clue:
    weight = float(clue["weight"])
    if key in inputs.clue_areas:
        found = region(key, inputs.lattice, inputs.clue_areas[key], weight, soft_m=_SOFT_EDGE_M)
    else:
        at_m = _metric(inputs, float(clue["lon"]), float(clue["lat"]))
        found = sighting(key, inputs.lattice, at_m, float(clue["spread_m"] or _SEEN_WITHIN_M), weight)
    return replace(found, kernel=found.kernel.astype(np.float32).astype(np.float64))


def _same_objects(ledger: Ledger, inputs: Inputs) -> Ledger:
    """Return the ledger with the objects of the map before wherever they are equal: then nothing changed."""
    if inputs.before is None or inputs.before.ledger.prior.lattice != ledger.prior.lattice:
        return ledger
    before = inputs.before.ledger
    old = {each.clue_id: each for each in before.clues}

    def same(clue: Clue) -> Clue:
        was = old.get(clue.clue_id)
        equal = was is not None and was.weight == clue.weight and np.array_equal(was.kernel, clue.kernel)
        return was if was is not None and equal else clue

    prior_now: Prior = ledger.prior
    if np.array_equal(before.prior.cells, ledger.prior.cells):
        prior_now = replace(before.prior, notes=ledger.prior.notes)
    return replace(ledger, prior=prior_now, clues=tuple(same(clue) for clue in ledger.clues))
