"""What desks get to see of a map of probability: figures by sector, why, and what changed. For the worker."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo.probability.explain import changes, sector_causes
from geo.probability.ledger import per_sector
from geo.probability.scenarios import normalised_weights
from geo.sector_effort import SPEED_SHARES, TEAM_PACES
from geo.sweep import light_at
from search_ops.services.probability_inputs import settings
from search_ops.services.search_widths import sweep_of_task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from geo.probability.explain import SectorCauses, SectorChange
    from geo.probability.ledger import BySector
    from search_ops.services.probability_inputs import Inputs
    from search_ops.services.probability_map import Made

    Doubles = npt.NDArray[np.float64]

TEAM_PEOPLE: Final = 5
"""Rates are for a team of so many on foot: the usual лиса."""
_DIGITS: Final = 6
_TOLD_CHANGE: Final = 0.002
_MOST_CHANGES: Final = 200
_MOST_WHY: Final = 4


def answer(inputs: Inputs, made: Made, *, map_id: str, made_at: str) -> dict[str, Any]:
    """Return the whole answer, as it is kept and read."""
    shown = made.ledger.normalised()
    by_sector = per_sector(made.ledger.prior, shown, made.sector_of_cell, len(made.sector_ids))
    causes = sector_causes(made.parts, made.sector_of_cell, len(made.sector_ids), shown)
    area = made.ledger.prior.area
    in_area = float(shown.cells[area].sum())
    return {
        "map_id": map_id,
        "made_at": made_at,
        "lattice": _lattice(inputs),
        "scenarios": _scenarios(made, raster_parts(made)),
        "in_area": round(in_area, _DIGITS),
        "outside_area": round(float(shown.cells.sum()) - in_area, _DIGITS),
        "beyond": round(shown.beyond, _DIGITS),
        "unpartitioned": round(by_sector.unassigned, _DIGITS),
        "found": round(made.ledger.found(), _DIGITS),
        "responsive_share": round(shown.responsive_share, _DIGITS),
        "notices": sorted({*shown.notes, *(note for each in made.explained for note in each.notices)}),
        "team_people": TEAM_PEOPLE,
        "sectors": _rows(inputs, made, by_sector, causes),
        "changes": _changes(inputs, made),
    }


def _lattice(inputs: Inputs) -> dict[str, Any]:
    lattice, frame = inputs.lattice, inputs.searched.frame
    east_m = lattice.west_m + lattice.columns * lattice.cell_m
    north_m = lattice.south_m + lattice.rows * lattice.cell_m
    corners = shapely.MultiPoint(
        [
            (lattice.west_m, north_m),
            (east_m, north_m),
            (east_m, lattice.south_m),
            (lattice.west_m, lattice.south_m),
        ]
    )
    places = shapely.get_coordinates(frame.to_lonlat(corners)).round(7).tolist()
    return {
        "west_m": lattice.west_m,
        "south_m": lattice.south_m,
        "cell_m": lattice.cell_m,
        "rows": lattice.rows,
        "columns": lattice.columns,
        "corners": places,
    }


# ---- rasters -----------------------------------------------------------------------------------


def raster_parts(made: Made) -> list[tuple[Doubles, float]]:
    """Return for every scenario what is left of it: cells and beyond, un-normalised.

    Their sum with the scenarios' weights, divided by the sum over everything, is the map that is shown: so
    that sliders can follow without the server.
    """
    ledger = made.ledger
    size = ledger.prior.cells.size
    keep = np.ones((2, size))
    for search in ledger.searches:
        for state, missed in enumerate(search.missed()):
            keep[state, search.cells] *= missed
    share = ledger.responsive_share
    factor = (share * keep[0] + (1.0 - share) * keep[1]).reshape(ledger.prior.cells.shape)
    beyond = 1.0
    for clue in ledger.clues:
        inside, outside = ledger.likelihood_of(clue)
        factor = factor * inside
        beyond *= outside
    return [(each.solved.prior.cells * factor, each.solved.prior.beyond * beyond) for each in made.explained]


def raster_bytes(parts: Sequence[tuple[Doubles, float]]) -> bytes:
    """Return the rasters one after another, float32 little endian, northern row first."""
    return b"".join(np.ascontiguousarray(cells[::-1], dtype="<f4").tobytes() for cells, _ in parts)


def _scenarios(made: Made, parts: Sequence[tuple[Doubles, float]]) -> list[dict[str, Any]]:
    area = made.ledger.prior.area
    shares = normalised_weights([each.weight for each in made.explained])
    rows = []
    for each, share, (cells, beyond) in zip(made.explained, shares, parts, strict=True):
        inside = float(cells[area].sum())
        chosen = each.distance
        rows.append(
            {
                "scenario_id": each.scenario_id,
                "weight": each.weight,
                "share": round(float(share), _DIGITS),
                "in_area": inside,
                "outside_area": float(cells.sum()) - inside,
                "beyond": beyond,
                "category_used": None if chosen is None else chosen.category,
                "terrain_used": None if chosen is None else chosen.terrain,
                "step": None if chosen is None else chosen.step,
                "reliability": None if chosen is None else chosen.reliability,
                "source": None if chosen is None else chosen.model.source,
                "n": None if chosen is None else chosen.model.n,
                "small_sample": chosen is not None and chosen.model.is_small_sample,
                "notices": sorted({*each.notices, *each.solved.prior.notes}),
            }
        )
    return rows


# ---- sectors -----------------------------------------------------------------------------------


def _rows(
    inputs: Inputs, made: Made, by_sector: BySector, causes: Sequence[SectorCauses]
) -> list[dict[str, Any]]:
    rows = []
    for number, sector_id in enumerate(made.sector_ids):
        share, answering = float(by_sector.probability[number]), float(by_sector.responsive[number])
        rates = rates_per_h(inputs, sector_id)
        pods = _pods(made, number)
        rows.append(
            {
                "sector_id": sector_id,
                "label": inputs.searched.grounds[sector_id].sector["label"],
                "share": round(share, _DIGITS),
                "responsive": round(answering, _DIGITS),
                "unresponsive": round(share - answering, _DIGITS),
                "density_per_km2": round(float(by_sector.density_per_km2[number]), _DIGITS),
                "rate_responsive_per_h": round(rates[0], _DIGITS),
                "rate_unresponsive_per_h": round(rates[1], _DIGITS),
                "next_best_per_h": round(next_hour(answering, share - answering, rates), _DIGITS),
                "pod_responsive": round(pods[0], 4),
                "pod_unresponsive": round(pods[1], 4),
                "why": _why(causes[number]),
            }
        )
    return rows


def next_hour(responsive: float, unresponsive: float, rates: tuple[float, float]) -> float:
    """Return the probability that the next whole hour of a team finds the person: no more than there is."""
    return -responsive * math.expm1(-rates[0]) - unresponsive * math.expm1(-rates[1])


def rates_per_h(inputs: Inputs, sector_id: str) -> tuple[float, float]:
    """Return the search coverage that a team on foot adds to a sector in an hour: of both subjects."""
    ground = inputs.searched.grounds[sector_id]
    cover = inputs.covers.get(sector_id)
    frame = inputs.searched.frame
    sweep = sweep_of_task(
        settings(inputs),
        task_id="",
        sector_id=sector_id,
        method_text=None,
        team_kind="foot",
        people=TEAM_PEOPLE,
        tracks=TEAM_PEOPLE,
        light=light_at(frame.lon_deg, frame.lat_deg, inputs.searched.now.timestamp()),
        cover=cover,
    )
    slow = sum(share / SPEED_SHARES.get(name, 1.0) for name, share in (cover or {}).items()) or 1.0
    pace = TEAM_PACES["foot"]
    per_h = pace.speed_kph * 1000.0 / slow / max(float(ground.metric.area), 1.0)
    # Whoever is looked for by eye may be seen by each of the line; a call is heard once, by all of it.
    line_m = pace.width_m * (TEAM_PEOPLE - 1) / TEAM_PEOPLE
    return (
        (sweep.sweeps["responsive"].width_m + line_m) * per_h,
        TEAM_PEOPLE * sweep.sweeps["unresponsive"].width_m * per_h,
    )


def _pods(made: Made, number: int) -> tuple[float, float]:
    """Return what all searching of a sector has come to, as it counts now: of its best searched cell."""
    cells = np.flatnonzero(made.sector_of_cell.ravel() == number)
    if not len(cells):
        return 0.0, 0.0
    missed = [1.0, 1.0]
    for search in made.ledger.searches:
        if len(search.cells) and np.isin(cells[0], search.cells):
            missed = [was * now for was, now in zip(missed, search.missed(), strict=True)]
    return 1.0 - missed[0], 1.0 - missed[1]


def _why(causes: SectorCauses) -> dict[str, Any]:
    return {
        "scenarios": [{"scenario_id": key, "share": round(share, 4)} for key, share in causes.scenarios],
        "pulls": [
            {"kind": each.kind, "share": round(each.share, 4), "within_m": round(each.within_m)}
            for each in causes.kinds[:_MOST_WHY]
        ],
        "even": round(causes.even, 4),
    }


def _changes(inputs: Inputs, made: Made) -> list[dict[str, Any]]:
    """Return the sectors whose probability changed since the map before, the largest change first."""
    before = inputs.before
    if before is None or before.ledger.prior.lattice != made.ledger.prior.lattice:
        return []
    found = changes(before.ledger, made.ledger, made.sector_of_cell, len(made.sector_ids))
    told = [each for each in found if abs(each.after - each.before) >= _TOLD_CHANGE]
    told.sort(key=lambda each: -abs(each.after - each.before))
    return [_change(inputs, made, each) for each in told[:_MOST_CHANGES]]


def _change(inputs: Inputs, made: Made, change: SectorChange) -> dict[str, Any]:
    sector_id = made.sector_ids[change.sector]
    return {
        "sector_id": sector_id,
        "label": inputs.searched.grounds[sector_id].sector["label"],
        "before": round(change.before, _DIGITS),
        "after": round(change.after, _DIGITS),
        "causes": [
            {
                "code": each.code,
                "times": round(each.times, 4),
                "pod_responsive": _rounded(each.pod_responsive),
                "pod_unresponsive": _rounded(each.pod_unresponsive),
                **_about(inputs, each.code, each.known_id),
            }
            for each in change.causes[:_MOST_WHY]
        ],
    }


def _rounded(pod: float | None) -> float | None:
    return None if pod is None else round(float(pod), 4)


def _about(inputs: Inputs, code: str, known_id: str) -> dict[str, Any]:
    """Return what a cause is called by people: a clue's words, or a team and the grade of its evidence."""
    searched = inputs.searched
    if code.startswith("clue"):
        clue: Mapping[str, Any] = searched.of("clue_weights").get(known_id, {})
        return {"text": clue.get("text"), "grade": None}
    row: Mapping[str, Any] = searched.of("evidence").get(known_id, {})
    task = searched.of("tasks").get(str(row.get("task_id")), {})
    team = searched.of("teams").get(str(task.get("team_id")), {})
    return {"text": team.get("callsign"), "grade": row.get("grade")}
