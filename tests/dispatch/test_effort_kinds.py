"""Several kinds of resource, whole searchers and whole teams: optimal, or how far from it."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.effort import Allocation, NoAllocation, allocate_hours
from dispatch.effort_kinds import KindsAllocation, allocate_kinds
from dispatch.effort_teams import NOWHERE, SearchersPlan, TeamsPlan, allocate_searchers, assign_teams

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "fixtures/reference/allocation_examples.json").read_text(encoding="utf-8")
)["examples"]


def kinds(p: Any, rate: Any, hours: Any) -> KindsAllocation:
    answer = allocate_kinds(
        np.array(p, dtype=float), np.array(rate, dtype=float), np.array(hours, dtype=float)
    )
    assert isinstance(answer, KindsAllocation)
    return answer


def test_two_resources_by_hand() -> None:
    """SORAL's case 7."""
    example = EXAMPLES["alloc-2x2"]
    given_, wanted = example["inputs"], example["expected"]
    answer = kinds(given_["poa"], given_["effectiveness"], given_["time_available"])
    assert answer.hours_h == pytest.approx(
        np.array(wanted["published"]["time"]), abs=example["tolerance"]["time"]
    )
    assert answer.pos == pytest.approx(wanted["recomputed"]["opos"], abs=example["tolerance"]["opos"])
    assert answer.kkt <= 1e-9


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 30), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_the_conditions_of_optimality(sectors: int, resources: int, seed: int) -> None:
    """Marginal values level per kind, all hours given, the dual bound meets the value."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(sectors))
    rate = rng.uniform(0.01, 0.5, (sectors, resources)) * (rng.random((sectors, resources)) < 0.8)
    hours = rng.uniform(1.0, 20.0, resources)
    answer = allocate_kinds(p, rate, hours)
    if not rate.any():
        assert answer == NoAllocation("nothing_to_gain")
        return
    assert isinstance(answer, KindsAllocation)
    assert answer.kkt <= 1e-9
    busy = rate.any(axis=0)
    assert answer.hours_h.sum(axis=0) == pytest.approx(np.where(busy, hours, 0.0), rel=1e-9)
    assert answer.idle_kinds == tuple(np.flatnonzero(~busy))
    assert not answer.hours_h[rate == 0].any()
    assert answer.pos <= answer.pos_bound + 1e-12
    assert answer.pos_bound - answer.pos <= 1e-9


def test_one_kind_is_the_closed_form() -> None:
    """With a single kind, both ways give the same hours."""
    rng = np.random.default_rng(5)
    p, rate = rng.dirichlet(np.ones(40)), rng.uniform(0.01, 0.5, 40)
    plain = allocate_hours(p, rate, 25.0)
    assert isinstance(plain, Allocation)
    answer = kinds(p, rate[:, None], [25.0])
    assert answer.hours_h[:, 0] == pytest.approx(plain.hours_h, abs=1e-8)
    assert answer.levels[0] == pytest.approx(plain.level, rel=1e-9)


def test_equal_kinds_may_share_as_they_like() -> None:
    """Kinds that differ in nothing, or only in speed, find as much as one with all their hours."""
    rng = np.random.default_rng(6)
    p, rate = rng.dirichlet(np.ones(20)), rng.uniform(0.01, 0.5, 20)
    one = allocate_hours(p, rate, 30.0)
    assert isinstance(one, Allocation)
    answer = kinds(p, np.column_stack((rate, rate, 2.0 * rate)), [10.0, 10.0, 5.0])
    assert answer.pos == pytest.approx(one.pos, abs=1e-10)
    assert answer.kkt <= 1e-9


@pytest.mark.parametrize(
    ("p", "rate", "hours", "refusal"),
    [
        ([0.5], [[0.1], [0.2]], [1.0], NoAllocation("shapes_differ")),
        ([], np.zeros((0, 2)), [1.0, 1.0], NoAllocation("no_sectors")),
        ([0.5], [[0.1]], [-1.0], NoAllocation("hours_invalid")),
        ([0.5, np.nan], [[0.1], [0.1]], [1.0], NoAllocation("not_finite", 1)),
        ([0.5, 0.1], [[0.1], [-0.1]], [1.0], NoAllocation("negative", 1)),
        ([0.5], [[0.0]], [1.0], NoAllocation("nothing_to_gain")),
        ([0.5], [[0.1]], [0.0], NoAllocation("nothing_to_gain")),
    ],
)
def test_bad_input_is_answered(p: Any, rate: Any, hours: Any, refusal: NoAllocation) -> None:
    """A reason and where, never an exception."""
    assert allocate_kinds(np.array(p, dtype=float), np.array(rate), np.array(hours)) == refusal


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 7), st.integers(0, 2**32 - 1))
def test_whole_searchers_are_exact(sectors: int, searchers: int, seed: int) -> None:
    """As good as the best of all ways to divide them."""
    rng = np.random.default_rng(seed)
    p, rate = rng.dirichlet(np.ones(sectors)), 10 ** rng.uniform(-2, 0, sectors)
    answer = allocate_searchers(p, rate, searchers, 4.0)
    assert isinstance(answer, SearchersPlan)
    assert answer.searchers.sum() == searchers
    every = [
        float(-(p * np.expm1(-rate * 4.0 * np.array(split))).sum())
        for split in itertools.product(range(searchers + 1), repeat=sectors)
        if sum(split) == searchers
    ]
    assert answer.pos == pytest.approx(max(every), abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_small_cases_of_whole_teams_are_proven(teams: int, sectors: int, seed: int) -> None:
    """Enumeration finds nothing better; value and bound meet."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(sectors))
    cover = rng.uniform(0.05, 1.5, (teams, sectors)) * (rng.random((teams, sectors)) < 0.8)
    answer = assign_teams(p, cover, most_nodes=400)
    if not cover.any():
        assert answer == NoAllocation("nothing_to_gain")
        return
    assert isinstance(answer, TeamsPlan)
    best = 0.0
    for places in itertools.product(range(sectors), repeat=teams):
        total = np.zeros(sectors)
        np.add.at(total, list(places), cover[range(teams), places])
        best = max(best, float(-(p * np.expm1(-total)).sum()))
    assert answer.pos == pytest.approx(best, abs=1e-9)
    assert answer.pos_bound >= best - 1e-9
    assert answer.gap <= 1e-6
    for team, place in enumerate(answer.sector_of_team):
        assert place == NOWHERE or cover[team, place] > 0


def test_forty_teams_with_a_stated_gap() -> None:
    """A plan of real size: the gap is stated and small, and a team that cannot go anywhere is named."""
    rng = np.random.default_rng(8)
    p = rng.dirichlet(np.full(80, 0.5))
    cover = rng.uniform(0.1, 1.0, (20, 80)) * (rng.random((20, 80)) < 0.7)
    cover[7] = 0.0
    answer = assign_teams(p, cover, most_nodes=5)
    assert isinstance(answer, TeamsPlan)
    assert answer.idle == ((7, "cannot_search_anywhere"),)
    assert 0.0 <= answer.gap <= 0.03
    assert answer.pos <= answer.pos_bound
