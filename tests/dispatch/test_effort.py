"""Optimal effort of one kind: published cases, the conditions of optimality, bad input, plain twin."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dispatch.effort import (
    Allocation,
    NoAllocation,
    allocate_hours,
    allocate_hours_plain,
    kkt_residual,
    next_best,
    pos_of,
    why_not,
)

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "fixtures/reference/allocation_examples.json").read_text(encoding="utf-8")
)["examples"]
WATER = [allocate_hours, allocate_hours_plain]


def best(p: Any, rate: Any, hours: float) -> Allocation:
    answer = allocate_hours(np.array(p, dtype=float), np.array(rate, dtype=float), hours)
    assert isinstance(answer, Allocation)
    return answer


@pytest.mark.parametrize("allocate", WATER)
@pytest.mark.parametrize("name", ["alloc-cc-1", "alloc-cc-2", "alloc-cc-3"])
def test_published_cases(name: str, allocate: Any) -> None:
    """SORAL's Charnes-Cooper cases: time, coverage, probability of success, rates afterwards."""
    example = EXAMPLES[name]
    p = np.array(example["inputs"]["poa_unnormalised"], dtype=float)
    rate = np.array(example["inputs"]["effectiveness_Wv_over_A"], dtype=float)
    answer = allocate(p, rate, example["inputs"]["time_available"])
    wanted, near = example["expected"]["recomputed"], example["tolerance"]
    assert answer.hours_h == pytest.approx(wanted["time"], abs=near["time"])
    assert answer.hours_h == pytest.approx(example["expected"]["published"]["time"], abs=near["time"])
    assert answer.pos == pytest.approx(example["expected"]["published"]["total_pos"], abs=near["total_pos"])
    assert answer.pos == pytest.approx(wanted["total_pos"], abs=1e-5)
    assert answer.hours_h * rate == pytest.approx(wanted["coverage"], abs=1e-5)
    assert next_best(p, rate, answer.hours_h) == pytest.approx(wanted["psr_after"], abs=1e-4)
    assert answer.level == pytest.approx(max(wanted["psr_after"]), abs=1e-4)


def test_four_segments() -> None:
    """SORAL's demo: areas, one width and speed, 40 h."""
    example = EXAMPLES["alloc-soral-demo"]
    given_, wanted = example["inputs"], example["expected"]["recomputed"]
    rate = given_["sweep_width"] * given_["speed"] / np.array(given_["area"])
    answer = best(given_["poa"], rate, given_["hours"])
    assert answer.hours_h == pytest.approx(wanted["time"], abs=example["tolerance"]["time"])
    assert answer.pos == pytest.approx(wanted["opos"], abs=example["tolerance"]["opos"])
    assert answer.level == pytest.approx(wanted["psr_after"], abs=1e-6)
    # What is left of the world outside: ROW / (1 - OPOS).
    row = EXAMPLES["assign-row-identity"]
    assert row["inputs"]["row"] / (1 - row["inputs"]["opos"]) == pytest.approx(
        row["expected"]["recomputed"]["row_after"], abs=1e-6
    )


def test_a_circular_normal() -> None:
    """Koopman's closed form on a raster of 50 m cells: success, and nothing beyond the radius."""
    example = EXAMPLES["koopman-circular-normal-1"]
    wanted, cell_km = example["expected"]["recomputed"], 0.05
    at_km = (np.arange(-4.5 / cell_km, 4.5 / cell_km) + 0.5) * cell_km
    away2 = at_km[:, None] ** 2 + at_km[None, :] ** 2
    p = (np.exp(-away2 / 2) * cell_km**2 / (2 * math.pi)).ravel()
    answer = best(p, np.full(p.size, 1.0 / cell_km**2), example["inputs"]["effort_km2"])
    assert answer.pos == pytest.approx(wanted["pos"], abs=example["tolerance"]["grid_pos"])
    searched_km = math.sqrt(float(away2.ravel()[answer.hours_h > 0].max()))
    assert searched_km == pytest.approx(wanted["radius_km"], abs=cell_km)
    inside = away2.ravel() < (wanted["radius_km"] - cell_km) ** 2
    density = (wanted["radius_km"] ** 2 - away2.ravel()[inside]) / 2
    assert answer.hours_h[inside] / cell_km**2 == pytest.approx(density, abs=5e-3)


PROBABILITIES = hnp.arrays(float, st.integers(1, 40), elements=st.just(0.0) | st.floats(1e-9, 1.0))


@settings(max_examples=60, deadline=None)
@given(PROBABILITIES, st.floats(0, 1e4), st.integers(0, 2**32 - 1))
def test_the_conditions_of_optimality(p: np.ndarray[Any, Any], hours: float, seed: int) -> None:
    """Every hour is given, none to a sector without rate, marginal values level; the twin agrees."""
    rng = np.random.default_rng(seed)
    rate = rng.choice([0.0, 1.0], len(p), p=[0.2, 0.8]) * 10.0 ** rng.uniform(-4, 2, len(p))
    answer, plain = allocate_hours(p, rate, hours), allocate_hours_plain(p, rate, hours)
    if not (p * rate).any():
        assert answer == plain == NoAllocation("nothing_to_gain")
        return
    assert isinstance(answer, Allocation)
    assert isinstance(plain, Allocation)
    assert answer.hours_h.sum() == pytest.approx(hours, rel=1e-9, abs=1e-12)
    assert not answer.hours_h[(rate == 0) | (p == 0)].any()
    assert (answer.hours_h >= 0).all()
    if answer.level > 1e-280:
        assert kkt_residual(p, rate, answer) <= 1e-9
        assert answer.level == pytest.approx(plain.level, rel=1e-8)
    assert answer.hours_h == pytest.approx(plain.hours_h, rel=1e-6, abs=1e-6 * max(hours, 1e-3))
    assert answer.pos == pytest.approx(plain.pos, abs=1e-12)


def test_the_level_is_what_the_next_hour_adds() -> None:
    """A little more time adds the level times that time."""
    rng = np.random.default_rng(3)
    p, rate = rng.dirichlet(np.ones(50)), rng.uniform(0.01, 0.5, 50)
    answer, more = best(p, rate, 30.0), best(p, rate, 30.001)
    assert (more.pos - answer.pos) / 0.001 == pytest.approx(answer.level, rel=1e-4)
    # No other way of spending the same hours finds more.
    for _ in range(50):
        assert pos_of(p, rate, rng.dirichlet(np.ones(50)) * 30.0) <= answer.pos


@pytest.mark.parametrize("allocate", WATER)
@pytest.mark.parametrize(
    ("p", "rate", "hours", "refusal"),
    [
        ([], [], 1.0, NoAllocation("no_sectors")),
        ([0.5], [0.5, 0.5], 1.0, NoAllocation("shapes_differ")),
        ([0.5, math.nan], [0.5, 0.5], 1.0, NoAllocation("not_finite", 1)),
        ([0.5, 0.5], [0.5, math.inf], 1.0, NoAllocation("not_finite", 1)),
        ([-0.5, 0.5], [0.5, 0.5], 1.0, NoAllocation("negative", 0)),
        ([0.5, 0.5], [0.5, -0.5], 1.0, NoAllocation("negative", 1)),
        ([0.5], [0.5], -1.0, NoAllocation("hours_invalid")),
        ([0.5], [0.5], math.nan, NoAllocation("hours_invalid")),
        ([0.0, 0.5], [0.5, 0.0], 1.0, NoAllocation("nothing_to_gain")),
    ],
)
def test_bad_input_is_answered(
    allocate: Any, p: list[float], rate: list[float], hours: float, refusal: NoAllocation
) -> None:
    """A reason and where, never an exception."""
    assert allocate(np.array(p), np.array(rate), hours) == refusal


def test_no_hours_still_say_what_the_first_is_worth() -> None:
    """Without hours nothing is given, and the level is the best first hour."""
    answer = best([0.5, 0.3], [0.1, 0.4], 0.0)
    assert answer.hours_h.tolist() == [0.0, 0.0]
    assert answer.level == pytest.approx(0.12)
    assert answer.pos == 0.0


def test_what_was_left_out_and_why() -> None:
    """Each sector without hours has one reason; the most valuable comes first."""
    p, rate = np.array([0.4, 0.0, 0.2, 0.01, 0.05]), np.array([0.5, 0.5, 0.0, 0.1, 0.2])
    left = why_not(p, rate, best(p, rate, 1.0).hours_h)
    assert [(each.index, each.reason) for each in left] == [
        (4, "below_level"),
        (3, "below_level"),
        (1, "no_probability"),
        (2, "cannot_be_searched"),
    ]
    assert left[0].per_h == pytest.approx(0.01)
    short = why_not(p, rate, np.array([1.0, 0.0, 0.0, 0.0, 0.1]), least_h=0.25)
    assert (short[0].index, short[0].reason) == (4, "too_short")


@pytest.mark.parametrize("hours", [1e-3, 50.0, 5e4, 1e7])
def test_many_cells_are_sampled_first(hours: float) -> None:
    """Beyond 65 536 cells a sample gives a first level; the answer stays exact even where it misleads."""
    rng = np.random.default_rng(9)
    p, rate = rng.gamma(0.3, 1.0, 70_000), rng.uniform(0.0, 2.0, 70_000)
    for misleading in (False, True):
        if misleading:  # the cells of the sample are worth most by far
            p[::61] *= 1e6
        answer, plain = best(p, rate, hours), allocate_hours_plain(p, rate, hours)
        assert isinstance(plain, Allocation)
        np.testing.assert_allclose(answer.hours_h, plain.hours_h, rtol=1e-6, atol=1e-9 * hours)
        assert answer.hours_h.sum() == pytest.approx(hours, rel=1e-9)
        assert kkt_residual(p, rate, answer) <= 1e-9
