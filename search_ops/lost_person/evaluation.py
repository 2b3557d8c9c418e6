"""How good the maps would have been: every case mapped as on the day, then scored with its find."""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.crs import LocalFrame
from geo.errors import GeoError
from geo.lattice_raster import Lattice
from geo.probability.direction import Direction
from geo.probability.prior import even_prior, prior
from geo.probability.scoring import PIXEL_M, PIXELS, log_score, mapscore_in_window, ring_calibration
from search_ops.csv_rows import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from geo.probability.distance import LogNormal
    from geo.probability.prior import Prior
    from geo.probability.scoring import Ring
    from search_ops.lost_person.book import Book
    from search_ops.lost_person.cases import Case

    Floats = npt.NDArray[np.float64]

MODELS: Final = ("ours", "rings", "even")
"""Ours; the rings of the table, even within (what is drawn by hand); nothing but the window."""

CELL_M: Final = 50.0
FARTHEST_M: Final = 500_000.0
_HALF_M: Final = PIXELS * PIXEL_M / 2.0
_RINGS: Final = (0.25, 0.5, 0.75, 0.95)
_Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Scored:
    """One case with its scores by model, and where its find lay in the model of distance, 0..1."""

    category: str
    step: str
    r: dict[str, float]
    log: dict[str, float]
    position: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Scores of one model over cases.

    Attributes
    ----------
    n
        Cases.
    r_mean, r_low, r_high
        Mean of MapScore's R and its 95 % interval (normal; the mean itself for a single case).
    r_median
        Median of R.
    log_mean
        Mean log score, natural logarithm, of cells of 50 m.
    """

    n: int
    r_mean: float
    r_low: float
    r_high: float
    r_median: float
    log_mean: float


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Attributes
    ----------
    models
        Summary by model of all cases.
    categories
        Summary of our model by category.
    rings
        Calibration of the distance model over all cases.
    steps
        How many cases were mapped by which step of the chain of tables.
    faults
        Rows that could not be used.
    """

    models: dict[str, Summary]
    categories: dict[str, Summary]
    rings: tuple[Ring, ...]
    steps: dict[str, int]
    faults: tuple[Fault, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the report for programs."""
        return asdict(self)


def evaluate(
    cases: Sequence[Case],
    book: Book,
    faults: Iterable[Fault] = (),
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Map and score cases.

    Parameters
    ----------
    cases
        At least one for a report with figures.
    book
        Tables that the maps are made from.
    faults
        Rows that could not be read; passed on, with those that cannot be mapped.
    progress
        Told how many cases are done.

    Notes
    -----
    Maps are of distance and stated direction; ground is not in a file of cases. R in the published window of
    25 km with its tie rule (Sava et al. 2016, doi 10.1111/tgis.12143).
    """
    scored: list[Scored] = []
    bad = list(faults)
    for number, case in enumerate(cases, start=1):
        try:
            scored.append(score(case, book))
        except GeoError:
            bad.append(Fault("not_on_one_map", case.line, "find_lon"))
        progress(number)
    names = sorted({each.category for each in scored})
    return Report(
        {model: _summary(scored, model) for model in MODELS} if scored else {},
        {name: _summary([each for each in scored if each.category == name], "ours") for name in names},
        ring_calibration([each.position for each in scored], _RINGS),
        {step: sum(each.step == step for each in scored) for step in sorted({each.step for each in scored})},
        tuple(sorted(bad, key=lambda fault: fault.line)),
    )


def score(case: Case, book: Book) -> Scored:
    """Map one case with every model and score it.

    Raises
    ------
    GeoError
        Start and find do not lie on one map.
    """
    frame = LocalFrame.at(case.ipp_lon, case.ipp_lat)
    places = np.array([[case.ipp_lon, case.ipp_lat], [case.find_lon, case.find_lat]])
    start, find = (tuple(map(float, place)) for place in frame.project(places))
    start_m, find_m = (start[0], start[1]), (find[0], find[1])
    away_m = math.hypot(find_m[0] - start_m[0], find_m[1] - start_m[1])
    if not away_m <= FARTHEST_M:
        raise GeoError("start and find lie on different maps")
    lattice = Lattice.around(
        (start_m[0] - _HALF_M, start_m[1] - _HALF_M, start_m[0] + _HALF_M, start_m[1] + _HALF_M),
        cell_m=CELL_M,
        margin_m=0.0,
    )
    chosen = book.distance(case.category, case.terrain)
    maps = _maps(case, lattice, start_m, chosen.model, book)
    return Scored(
        case.category,
        chosen.step,
        {
            name: mapscore_in_window(lattice, found.cells, start_m, find_m, rest_of_world=found.beyond)
            for name, found in maps.items()
        },
        {name: log_score(_probability(found, find_m)) for name, found in maps.items()},
        float(chosen.model.cdf_km(away_m / 1000.0)),
    )


def _maps(
    case: Case, lattice: Lattice, start_m: tuple[float, float], model: LogNormal, book: Book
) -> dict[str, Prior]:
    everywhere = np.ones(lattice.shape, dtype=np.bool_)
    direction = None
    if case.heading_deg is not None:
        direction = Direction(case.heading_deg, book.direction(case.category).quantiles_deg)
    beyond = 1.0 - float(model.cdf_km(_HALF_M / 1000.0))
    even = even_prior(lattice, everywhere, rest_of_world=beyond)
    return {
        "ours": prior(
            lattice, everywhere, start_m, model, direction=direction, uncertainty_m=case.uncertainty_m
        ),
        "rings": _rings(even, start_m, model),
        "even": even,
    }


def _rings(even: Prior, start_m: tuple[float, float], model: LogNormal) -> Prior:
    """Return the map that is drawn by hand: a quarter in each of three rings, a fifth in the fourth, even."""
    x, y = even.lattice.middles()
    away_km = np.hypot(*np.meshgrid(x - start_m[0], y - start_m[1])) / 1000.0
    edges = np.array([0.0, *(model.quantile_km(share) for share in _RINGS)])
    area_km2 = math.pi * np.diff(edges**2)
    per_cell = np.diff([0.0, *_RINGS]) / area_km2 * (even.lattice.cell_m**2 / 1e6)
    ring = np.digitize(away_km, edges) - 1
    cells: Floats = np.append(per_cell, 0.0)[ring]
    most = float(cells.sum())
    if most > 1.0:  # rings smaller than a cell
        cells = cells / most
    return replace(even, cells=cells, beyond=max(0.0, 1.0 - float(cells.sum())))


def _probability(found: Prior, find_m: tuple[float, float]) -> float:
    lattice = found.lattice
    column = math.floor((find_m[0] - lattice.west_m) / lattice.cell_m)
    row = math.floor((find_m[1] - lattice.south_m) / lattice.cell_m)
    if 0 <= row < lattice.rows and 0 <= column < lattice.columns:
        return float(found.cells[row, column])
    return found.beyond


def _summary(scored: Sequence[Scored], model: str) -> Summary:
    values = [each.r[model] for each in scored]
    mean = statistics.fmean(values)
    half = _Z95 * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return Summary(
        len(values),
        mean,
        max(-1.0, mean - half),
        min(1.0, mean + half),
        statistics.median(values),
        statistics.fmean(each.log[model] for each in scored),
    )
