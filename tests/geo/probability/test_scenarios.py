"""Scenarios and consensus: one map out of several, always summing to one."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import ProbabilityError
from geo.probability.prior import Prior, elsewhere
from geo.probability.scenarios import (
    consensus_mattson,
    consensus_national_school,
    consensus_oconnor,
    consensus_proportional,
    mix,
    normalised_weights,
)
from tests.geo.probability.maps import EVERYWHERE, EXAMPLES, FIELD, field_prior, priors, row_of, total


def test_the_worksheet_of_proportional_consensus() -> None:
    """Scores 29, 35, 40, 18, 13 and ROW 5."""
    example = EXAMPLES["poa-proportional-sarbc"]
    found = consensus_proportional([example["inputs"]["scores"]], [example["inputs"]["row"]])
    wanted = example["expected"]
    assert found.regions * 100 == pytest.approx(wanted["recomputed"]["percent"], abs=0.01)
    assert found.regions * 100 == pytest.approx(
        wanted["published"]["percent"], abs=example["tolerance"]["percent"]
    )
    assert found.rest_of_world * 100 == pytest.approx(wanted["published"]["row"], abs=0.6)


def test_the_votes_of_the_national_school() -> None:
    """Column sum over grand total, zeros count."""
    example = EXAMPLES["consensus-searchmanager"]
    found = consensus_national_school(example["inputs"]["votes"])
    assert found.regions == pytest.approx(example["expected"]["recomputed"]["weights"], abs=1e-6)
    assert found.rest_of_world == 0.0


def test_mattson_is_the_mean_of_percents() -> None:
    """Two people, each 100 %; one who wrote 200 counts no more; one who wrote nothing is left out."""
    found = consensus_mattson([[50, 30], [20, 100], [0, 0]], [20, 80, 0])
    assert found.regions == pytest.approx([0.3, 0.4])
    assert found.rest_of_world == pytest.approx(0.3)
    assert found.notes == ("opinion_empty",)


def test_oconnor_letters() -> None:
    """The lowest letter used counts 1, each above it one more; the rest of the world is fixed first."""
    found = consensus_oconnor(["ACF", "bbb"], rest_of_world=0.1)
    # ACF: 6, 4, 1; BBB: 1, 1, 1; mean 3.5, 2.5, 1.
    assert found.regions == pytest.approx(np.array([3.5, 2.5, 1.0]) / 7 * 0.9)
    assert found.rest_of_world == 0.1


@settings(deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1e6), min_size=3, max_size=3), min_size=1, max_size=5), st.floats(0, 50)
)
def test_every_consensus_sums_to_one(scores: list[list[float]], rest: float) -> None:
    """Whatever people write, zeros only included."""
    for rule in (consensus_proportional, consensus_mattson, consensus_national_school):
        found = rule(scores, rest)
        assert found.regions.sum() + found.rest_of_world == pytest.approx(1.0)
    if not np.any(scores):
        assert consensus_mattson(scores).notes == ("no_opinion",)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1e12), priors()), min_size=1, max_size=4))
def test_every_mix_sums_to_one(scenarios: list[tuple[float, Prior]]) -> None:
    """Any weights, all zero included."""
    found = mix(scenarios)
    assert total(found) == pytest.approx(1.0, abs=1e-9)
    assert ("weights_all_zero" in found.notes) == (not any(weight for weight, _ in scenarios))


def test_weights_scale_and_elsewhere_goes_to_the_rest_of_the_world() -> None:
    """Three to one, in any scale; who is not here is nowhere on the raster."""
    here = row_of([0.6, 0.2], 0.2)
    away = elsewhere(here.lattice, here.area)
    for scale in (1.0, 1e-300, 1e300):
        found = mix([(3 * scale, here), (1 * scale, away)])
        assert found.cells.ravel() == pytest.approx([0.45, 0.15])
        assert found.rest_of_world == pytest.approx(0.4)
    assert mix([(0.0, here), (0.0, away)]).rest_of_world == pytest.approx(0.6)
    assert normalised_weights([0, 0]) == pytest.approx([0.5, 0.5])


def test_no_scenario_is_even_ground() -> None:
    """Nobody has said anything: the area evenly, and the reason."""
    found = mix([], lattice=FIELD, area=EVERYWHERE)
    assert found.notes == ("no_scenarios",)
    assert found.inside == pytest.approx(1.0)


def test_notes_of_scenarios_with_weight_are_kept_once() -> None:
    """What was odd in a part is told of the whole."""
    odd = field_prior(start_m=(90_000.0, 0.0))
    assert mix([(1.0, odd), (2.0, odd)]).notes == odd.notes
    assert mix([(0.0, odd), (2.0, field_prior())]).notes == ()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: mix([]),
        lambda: mix([(-1.0, row_of([1.0], 0.0))]),
        lambda: mix([(math.inf, row_of([1.0], 0.0))]),
        lambda: mix([(1.0, row_of([1.0], 0.0)), (1.0, field_prior())]),
        lambda: consensus_proportional([[1, -1]]),
        lambda: consensus_proportional([[1, math.nan]]),
        lambda: consensus_proportional([[1, 2]], [1, 2, 3]),
        lambda: consensus_oconnor(["AJ"]),
        lambda: consensus_oconnor(["AB", "A"]),
        lambda: consensus_oconnor(["AB"], 1.5),
    ],
)
def test_opinions_of_no_meaning_are_refused(wrong: Any) -> None:
    """Weights and scores are finite and not negative, letters go from A to I."""
    with pytest.raises(ProbabilityError):
        wrong()
    assert consensus_oconnor([]).rest_of_world == 1.0
