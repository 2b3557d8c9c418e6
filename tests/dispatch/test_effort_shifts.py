"""A shift: fits, is worth its ways, and is near the best that enumeration finds."""

import itertools
from typing import Any

import numpy as np
import pytest

from dispatch.effort import NoAllocation
from dispatch.effort_shifts import ShiftPlan, plan_shift

ONE = np.array([0, 1, 2])
LINE_KM = np.array([1.0, 2.0, 6.0])
BETWEEN = np.abs(LINE_KM[:, None] - LINE_KM[None, :]) / 2.0
BASE = LINE_KM / 2.0


def test_a_shift_fits_and_adds_up() -> None:
    """Search and ways are no longer than the shift; success is what the hours bring."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        p, rate = rng.dirichlet(np.ones(12)), rng.uniform(0.0, 1.5, 12)
        places = rng.uniform(0.0, 3.0, (6, 2))
        between = np.hypot(*(places[:, None] - places[None, :]).T) / 3.0
        base = np.hypot(*places.T) / 3.0
        sector = np.tile(np.arange(6), 2)
        plan = plan_shift(p, rate, sector, between, base, 8.0)
        assert isinstance(plan, ShiftPlan)
        order = [stop.sector for stop in plan.stops]
        assert len(set(order)) == len(order)
        way = base[order[0]] + between[order[:-1], order[1:]].sum() + base[order[-1]]
        assert plan.way_h == pytest.approx(way)
        assert plan.search_h + plan.way_h <= 8.0 + 1e-6
        spent = np.zeros(12)
        for stop in plan.stops:
            for part, hours in stop.parts:
                assert sector[part] == stop.sector
                spent[part] += hours
        assert spent.sum() == pytest.approx(plan.search_h)
        assert plan.pos == pytest.approx(float(-(p * np.expm1(-rate * spent)).sum()))
        assert not spent[rate == 0].any()


def test_a_far_sector_must_be_worth_its_way() -> None:
    """Two near sectors before a far one that holds a little more; the far one when it holds most."""
    rate = np.full(3, 0.5)
    near = plan_shift(np.array([0.3, 0.3, 0.35]), rate, ONE, BETWEEN, BASE, 6.0)
    assert isinstance(near, ShiftPlan)
    assert {stop.sector for stop in near.stops} == {0, 1}
    far = plan_shift(np.array([0.01, 0.01, 0.9]), rate, ONE, BETWEEN, BASE, 8.0)
    assert isinstance(far, ShiftPlan)
    assert far.stops[0].sector == 2 or far.stops[-1].sector == 2
    assert plan_shift(np.array([0.0, 0.0, 0.9]), rate, ONE, BETWEEN, BASE, 5.0) == ShiftPlan(
        (), 0.0, 0.0, 0.0
    )


def test_near_the_best_of_small_cases() -> None:
    """At least two thirds of what trying every order and split of hours finds, nine tenths on average."""
    rng = np.random.default_rng(4)
    reached = []
    for _ in range(10):
        p, rate = rng.dirichlet(np.ones(3)), rng.uniform(0.2, 1.0, 3)
        plan = plan_shift(p, rate, ONE, BETWEEN, BASE, 7.0)
        assert isinstance(plan, ShiftPlan)
        best = 0.0
        for chosen in itertools.chain.from_iterable(itertools.combinations(range(3), n) for n in (1, 2, 3)):
            free = 7.0 - 2.0 * max(BASE[list(chosen)])  # all lie on one line
            for split in itertools.product(np.arange(0.0, max(free, 0.0) + 0.01, 0.5), repeat=len(chosen)):
                if sum(split) <= free + 1e-9:
                    hours = np.zeros(3)
                    hours[list(chosen)] = split
                    best = max(best, float(-(p * np.expm1(-rate * hours)).sum()))
        reached.append(plan.pos / best)
    assert min(reached) >= 2 / 3
    assert np.mean(reached) >= 0.9


def test_bad_input_is_answered() -> None:
    """A reason and where, never an exception."""
    p, rate = np.array([0.5, 0.3, 0.2]), np.full(3, 0.5)
    assert plan_shift(p[:2], rate, ONE, BETWEEN, BASE, 8.0) == NoAllocation("shapes_differ")
    assert plan_shift(p, rate, ONE, BETWEEN, BASE, -1.0) == NoAllocation("hours_invalid")
    assert plan_shift(p * [1, np.nan, 1], rate, ONE, BETWEEN, BASE, 8.0) == NoAllocation("not_finite", 1)
    assert plan_shift(p, -rate, ONE, BETWEEN, BASE, 8.0) == NoAllocation("negative", 0)
    nothing = np.zeros(0)
    empty = plan_shift(nothing, nothing, nothing.astype(int), np.zeros((0, 0)), nothing, 8.0)
    assert empty == NoAllocation("no_sectors")


def test_what_would_never_end_is_refused() -> None:
    """Too much of anything, parts of no sector, ways that are none, steps that lead nowhere."""
    p, rate = np.array([0.5, 0.3, 0.2]), np.full(3, 0.5)

    def asked(**more: Any) -> ShiftPlan | NoAllocation:
        given = {"sector": ONE, "between": BETWEEN, "base": BASE, "shift_h": 8.0, **more}
        steps = {"steps_h": given["steps_h"]} if "steps_h" in given else {}
        wanted = (given["sector"], given["between"], given["base"], given["shift_h"])
        return plan_shift(p, rate, *wanted, **steps)

    assert asked(shift_h=1e6) == NoAllocation("hours_invalid")
    assert asked(sector=np.array([0, 1, 3])) == NoAllocation("sector_unknown", 2)
    assert asked(sector=np.array([-1, 1, 2])) == NoAllocation("sector_unknown", 0)
    assert asked(base=BASE * [1, np.nan, 1]) == NoAllocation("ways_invalid", 1)
    assert asked(between=-BETWEEN - 1.0) == NoAllocation("ways_invalid", 0)
    for steps_h in (np.array([1e-9]), np.array([0.0]), np.array([np.nan]), np.zeros(0), np.ones((2, 1))):
        refused = asked(steps_h=steps_h)
        assert isinstance(refused, NoAllocation)
        assert refused.reason == "steps_invalid"
    many = np.full(20_001, 0.5)
    parts = plan_shift(many, many, np.zeros(20_001, dtype=int), np.zeros((1, 1)), np.zeros(1), 8.0)
    assert parts == NoAllocation("too_many")
    unreachable = asked(base=np.full(3, np.inf), between=np.full((3, 3), np.inf))
    assert unreachable == ShiftPlan((), 0.0, 0.0, 0.0)
