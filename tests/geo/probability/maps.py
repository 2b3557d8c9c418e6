"""Small rasters, priors and ledgers for the tests of probability, and hypothesis generators of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from hypothesis import strategies as st

from geo.lattice_raster import Lattice
from geo.probability.clues import Clue, region, sighting
from geo.probability.distance import LogNormal
from geo.probability.ledger import Ledger
from geo.probability.prior import Prior, prior

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[3] / "fixtures/reference/probability_examples.json").read_text(encoding="utf-8")
)["examples"]

FIELD = Lattice(-3_000.0, -2_000.0, 100.0, 40, 60)
EVERYWHERE = np.ones(FIELD.shape, dtype=np.bool_)
HIKER = LogNormal(0.400835, 1.172935, 274, "hiker, temperate flat")


def row_of(values: list[float], beyond: float) -> Prior:
    """Return a map of one row of cells, all in the area."""
    lattice = Lattice(0.0, 0.0, 1_000.0, 1, len(values))
    return Prior(lattice, np.ones(lattice.shape, dtype=np.bool_), np.array([values]), beyond)


def total(found: Prior) -> float:
    """Return the sum of everything; 1 if it is right."""
    return found.inside + found.rest_of_world


def field_prior(*, start_m: tuple[float, float] = (0.0, 0.0), **more: Any) -> Prior:
    """Return a hiker's map on the small field."""
    return prior(FIELD, EVERYWHERE, start_m, HIKER, **more)


@st.composite
def priors(draw: st.DrawFn) -> Prior:
    """Draw maps of any starting point, ground, area and uncertainty."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    start_m = (draw(st.floats(-9_000, 9_000)), draw(st.floats(-9_000, 9_000)))
    effective = None
    if draw(st.booleans()):
        x, y = FIELD.middles()
        straight = np.hypot(*np.meshgrid(x - start_m[0], y - start_m[1]))
        effective = straight * rng.uniform(0.7, 4.0)
        effective[rng.random(FIELD.shape) < draw(st.sampled_from([0.0, 0.3, 1.0]))] = np.inf
    factors = []
    if draw(st.booleans()):
        ground = rng.uniform(0.0, 3.0, FIELD.shape)
        ground[rng.random(FIELD.shape) < draw(st.sampled_from([0.0, 0.5, 1.0]))] = 0.0
        factors.append(ground)
    return prior(
        FIELD,
        rng.random(FIELD.shape) < draw(st.sampled_from([0.0, 0.4, 1.0])),
        start_m,
        LogNormal(draw(st.floats(-3, 4)), draw(st.floats(0.05, 2.5))),
        effective_m=effective,
        factors=factors,
        uncertainty_m=draw(st.sampled_from([0.0, 30.0, 500.0, 20_000.0])),
    )


@st.composite
def clues(draw: st.DrawFn, clue_id: str) -> Clue:
    """Draw clues of every kind, also far away, empty and certain."""
    weight = draw(st.sampled_from([0.0, 0.2, 0.7, 1.0]))
    at_m = (draw(st.floats(-5_000, 5_000)), draw(st.floats(-5_000, 5_000)))
    if draw(st.booleans()):
        return sighting(clue_id, FIELD, at_m, draw(st.sampled_from([0.0, 50.0, 2_000.0])), weight)
    size_m = draw(st.sampled_from([0.0, 500.0, 3_000.0]))
    ground = shapely.Point(at_m).buffer(size_m, quad_segs=3)
    soft_m = draw(st.sampled_from([0.0, 200.0]))
    return region(clue_id, FIELD, ground, weight, soft_m=soft_m, is_outside=draw(st.booleans()))


_pods = st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])


@st.composite
def blocks(draw: st.DrawFn) -> npt.NDArray[np.bool_]:
    """Draw masks of a block of cells, also of none."""
    row, column = draw(st.integers(0, FIELD.rows - 1)), draw(st.integers(0, FIELD.columns - 1))
    where = np.zeros(FIELD.shape, dtype=np.bool_)
    where[row : row + draw(st.integers(0, 30)), column : column + draw(st.integers(0, 30))] = True
    return where


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Draw ledgers with up to four searches and three clues."""
    ledger = Ledger(draw(priors()), draw(st.sampled_from([0.0, 0.3, 1.0])))
    for number in range(draw(st.integers(0, 4))):
        ledger = ledger.searched(
            f"search {number}",
            draw(blocks()),
            draw(_pods),
            draw(_pods),
            age_h=draw(st.sampled_from([0.0, 6.0, 100.0])),
            tau_responsive_h=draw(st.sampled_from([12.0, float("inf")])),
        )
    for number in range(draw(st.integers(0, 3))):
        ledger = ledger.clue(draw(clues(f"clue {number}")))
    return ledger
