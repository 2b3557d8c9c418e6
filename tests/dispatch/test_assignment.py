"""Assignment: as good as trying everything, kept to every rule, explained, repeatable, stopped when asked."""

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.assignment_check import faults_of
from dispatch.assignment_plan import Plan
from dispatch.assignment_possible import possible
from dispatch.assignment_shifts import Effort, Progress, plan_shifts
from dispatch.assignment_single import assign_one_each
from dispatch.assignment_values import (
    NOWHERE,
    NoAssignment,
    Sectors,
    Situation,
    Teams,
    Ways,
    Work,
    clock_round,
    gain_by_hand,
)
from tests.dispatch.assignment_cases import DOG, HOUR_S, invented, small

SEEDS = st.integers(0, 2**32 - 1)


def every_round(situation: Situation, most: int) -> list[list[tuple[int, ...]]]:
    """Return all rounds of each team that no rule forbids, the empty one among them."""
    can = possible(situation)
    rounds = []
    for team in range(situation.n_teams):
        free = np.flatnonzero(can.allowed[team]).tolist()
        mine = [
            order
            for n in range(1, most + 1)
            for order in itertools.permutations(free, n)
            if clock_round(situation, team, order) is not None
        ]
        kept = [sum(bool(can.kept[team, each]) for each in order) for order in mine]
        fullest = max(kept, default=0)
        mine = [order for order, n in zip(mine, kept, strict=True) if n == fullest]
        rounds.append(mine if fullest else [(), *mine])
    return rounds


def best_of_all(situation: Situation, most: int) -> float:
    """Return the value of the best plan by trying every choice of rounds."""
    gain = situation.work.gain
    sets = [
        {frozenset(order): float(gain[team, list(order)].sum()) for order in orders}
        for team, orders in enumerate(every_round(situation, most))
    ]
    best = 0.0
    for choice in itertools.product(*(each.items() for each in sets)):
        used = [sector for sectors, _ in choice for sector in sectors]
        if len(used) == len(set(used)):
            best = max(best, math.fsum(value for _, value in choice))
    return best


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_one_sector_each_is_the_best_pairing(seed: int) -> None:
    """No choice of single sectors gains more, and nothing breaks a rule."""
    situation = small(seed)
    plan = assign_one_each(situation)
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    assert plan.value == pytest.approx(best_of_all(situation, 1), abs=1e-12)
    assert (plan.gap, plan.ended) == (0.0, "proven")


def test_prices_prove_the_best_pairing() -> None:
    """A team that takes the price of its sector off the gain wants no other sector more."""
    for teams, sectors in ((30, 80), (80, 30), (40, 40)):
        situation = invented(teams, sectors, 3)
        plan = assign_one_each(situation)
        assert isinstance(plan, Plan)
        gain = np.where(possible(situation).allowed, situation.work.gain, 0.0)
        wish = np.maximum((gain - plan.prices).max(axis=1), 0.0)
        assert plan.prices.min() >= 0
        assert plan.value == pytest.approx(plan.prices.sum() + wish.sum(), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_shifts_are_the_best_of_all(seed: int) -> None:
    """Trying every choice of rounds finds nothing better; the bound says so."""
    situation = small(seed)
    plan = plan_shifts(situation, gap=0.0, most_stops=3)
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    assert plan.value == pytest.approx(best_of_all(situation, 3), abs=1e-9)
    assert plan.ended == "proven"
    assert plan.gap <= 1e-8


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_a_short_list_is_searched_on(seed: int) -> None:
    """With room for hardly any rounds in the list the answer is the same."""
    situation = small(seed)
    plan = plan_shifts(situation, gap=0.0, most_stops=3, effort=Effort(pool=12))
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    assert plan.value == pytest.approx(best_of_all(situation, 3), abs=1e-9)


def test_a_real_size_keeps_every_rule_and_repeats() -> None:
    """Thirty teams: within the gap asked for, the same for the same seed, progress from first to last."""
    situation = invented(30, 90, 5, shift_h=8.0)
    heard: list[Progress] = []

    def listen(progress: Progress) -> bool:
        heard.append(progress)
        return True

    effort = Effort(nodes=20)
    plan = plan_shifts(situation, gap=0.01, effort=effort, heard=listen)
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    assert plan.ended in {"proven", "close_enough"}
    assert plan.gap <= 0.01
    assert heard[0].stage == "first"
    assert heard[0].orders
    values = [each.value for each in heard]
    bounds = [each.bound for each in heard]
    assert values == sorted(values)
    assert bounds == sorted(bounds, reverse=True)
    assert plan.value >= values[0] >= 0.9 * plan.value
    again = plan_shifts(situation, gap=0.01, effort=effort)
    assert isinstance(again, Plan)
    assert (again.orders, again.value, again.bound) == (plan.orders, plan.value, plan.bound)


def test_stopped_when_asked() -> None:
    """The first plan is whole, keeps every rule and states an honest bound."""
    situation = invented(20, 60, 6)
    plan = plan_shifts(situation, heard=lambda _: False)
    assert isinstance(plan, Plan)
    assert plan.ended == "asked_to_stop"
    assert faults_of(situation, plan) == ()
    assert 0 < plan.gap < math.inf
    quick = plan_shifts(situation, effort=Effort(rounds=0))
    assert isinstance(quick, Plan)
    assert quick.ended == "effort_spent"
    assert quick.value >= plan.value


def two_and_three(**changed: Any) -> Situation:
    """Two teams, three sectors an hour from everything, eight hours, searches of two hours."""
    arrays: dict[str, Any] = {
        "start_s": np.zeros(2),
        "back_s": np.full(2, 8.0 * HOUR_S),
        "skills": np.array([0, DOG], dtype=np.uint64),
        "ways_of": np.zeros(2, dtype=np.int64),
        "at_sector": np.full(2, NOWHERE),
        "runs": np.zeros(2, dtype=np.bool_),
        "rest_after_s": np.full(2, np.inf),
        "rest_s": np.zeros(2),
        "required": np.zeros(3, dtype=np.uint64),
        "opens_s": np.zeros(3),
        "closes_s": np.full(3, np.inf),
        "held": np.zeros(3, dtype=np.bool_),
        "gain": np.array([[0.3, 0.2, 0.1], [0.3, 0.2, 0.1]]),
        "search_s": np.full((2, 3), 2.0 * HOUR_S),
        "must": np.zeros((2, 3), dtype=np.bool_),
        "must_not": np.zeros((2, 3), dtype=np.bool_),
        "out_s": np.full((1, 3), HOUR_S),
        "between_s": (np.full((1, 3, 3), HOUR_S) * (1 - np.eye(3))),
        "home_s": np.full((1, 3), HOUR_S),
        "vehicle_of": np.zeros(1, dtype=np.int64),
    }
    arrays.update({name: np.asarray(value) for name, value in changed.items()})

    def part(kind: Any) -> Any:
        return kind(**{field.name: arrays[field.name] for field in dataclasses.fields(kind)})

    return Situation(part(Teams), part(Sectors), part(Work), part(Ways))


def only(situation: Situation, **options: Any) -> Plan:
    plan = plan_shifts(situation, gap=0.0, **options)
    assert isinstance(plan, Plan)
    assert faults_of(situation, plan) == ()
    return plan


def test_a_line_says_why() -> None:
    """Gain, hours of search, detour, gain per hour, times; then the way home."""
    plan = only(two_and_three())
    assert sorted(map(len, plan.orders)) == [1, 2]
    line = next(tour for tour in plan.tours if len(tour.lines) == 2).lines[0]
    assert (line.way_s, line.begin_s, line.end_s) == (HOUR_S, HOUR_S, 3 * HOUR_S)
    assert (line.search_s, line.detour_s, line.because) == (2 * HOUR_S, HOUR_S, "gain")
    assert line.gain_per_h == pytest.approx(line.gain / 3)
    assert plan.tours[0].back_s <= 8 * HOUR_S


@pytest.mark.parametrize(
    ("changed", "sector", "reason", "figure"),
    [
        ({"held": [True, False, False]}, 0, "held", 0.0),
        ({"required": np.array([2, 0, 0], dtype=np.uint64)}, 0, "no_skill", 1.0),
        ({"gain": [[0.0, 0.2, 0.1]] * 2}, 0, "no_gain", 0.0),
        ({"must_not": [[True, False, False]] * 2}, 0, "locked", 0.0),
        ({"search_s": [[np.inf, 7200.0, 7200.0]] * 2}, 0, "cannot_search", 0.0),
        ({"search_s": [[7 * HOUR_S, 7200.0, 7200.0]] * 2}, 0, "too_long", HOUR_S),
        ({"out_s": [[np.inf, HOUR_S, HOUR_S]]}, 0, "no_way", 0.0),
        ({"closes_s": [2 * HOUR_S, np.inf, np.inf]}, 0, "window", HOUR_S),
        ({"back_s": [4 * HOUR_S, 4 * HOUR_S]}, 2, "better_elsewhere", 0.1),
    ],
)
def test_a_sector_left_out_says_why(changed: Any, sector: int, reason: str, figure: float) -> None:
    """The reason of the pair that came closest, with its figure, in both kinds of plan."""
    situation = two_and_three(**changed)
    for plan in (only(situation), assign_one_each(situation)):
        assert isinstance(plan, Plan)
        left = next(each for each in plan.left_sectors if each.sector == sector)
        assert str(left.reason) == reason
        assert left.figure == pytest.approx(figure)


def test_a_team_left_out_says_why() -> None:
    """A shift that is over, and one that is too short."""
    plan = only(two_and_three(back_s=[0.0, 3.5 * HOUR_S]))
    assert plan.orders == ()
    assert [(left.team, left.reason, left.figure) for left in plan.idle_teams] == [
        (0, "shift_over", 0.0),
        (1, "too_long", 0.5 * HOUR_S),
    ]
    assert plan.gap == 0.0


def test_locks_are_kept_or_named() -> None:
    """A must is kept whatever it costs; musts that fit into no round together are named."""
    plan = only(two_and_three(must=[[False, False, True], [False, False, False]], back_s=[4 * HOUR_S] * 2))
    assert plan.tours[0].lines[0].sector == 2
    assert plan.tours[0].lines[0].because == "locked"
    plan = only(two_and_three(must=[[True, True, True], [False, False, False]]))
    assert [(left.team, left.sector, left.reason) for left in plan.broken] == [(0, 2, "locks_do_not_fit")]
    plan = only(two_and_three(must=[[True, False, False], [False] * 3], held=[True, False, False]))
    assert [(left.sector, left.reason) for left in plan.broken] == [(0, "held")]
    everything = only(two_and_three(must_not=np.ones((2, 3), dtype=np.bool_)))
    assert everything.orders == ()
    assert {left.reason for left in (*everything.left_sectors, *everything.idle_teams)} == {"locked"}


def test_a_running_task_comes_first() -> None:
    """It is kept with what is left of it, and the team goes on from there."""
    search_s = np.full((2, 3), 2.0 * HOUR_S)
    search_s[0, 2] = 600.0
    plan = only(two_and_three(at_sector=[2, NOWHERE], runs=[True, False], search_s=search_s))
    assert plan.tours[0].lines[0].sector == 2
    assert (plan.tours[0].lines[0].begin_s, plan.tours[0].lines[0].because) == (0.0, "running")


def test_rests_take_their_time() -> None:
    """After every two hours half an hour, wherever it falls; waiting for a window counts as rest."""
    situation = two_and_three(rest_after_s=[2 * HOUR_S] * 2, rest_s=[0.5 * HOUR_S] * 2)
    walked = clock_round(situation, 0, (0,))
    assert walked is not None
    assert (walked.stays[0].begin_s, walked.stays[0].end_s) == (HOUR_S, 3.5 * HOUR_S)
    assert walked.back_s == 4.5 * HOUR_S
    waiting = dataclasses.replace(
        situation, sectors=dataclasses.replace(situation.sectors, opens_s=np.full(3, 2 * HOUR_S))
    )
    walked = clock_round(waiting, 0, (0,))
    assert walked is not None
    assert (walked.stays[0].begin_s, walked.back_s) == (2 * HOUR_S, 5 * HOUR_S)


def test_priorities_by_hand_are_enough() -> None:
    """Without a map the first priority goes first; four of the second weigh as much as one of the first."""
    gain = gain_by_hand(np.array([3, 1, 2, 0]), 2)
    assert gain.shape == (2, 4)
    assert gain[0].sum() == pytest.approx(1.0)
    assert gain[0, 1] == pytest.approx(4 * gain[0, 2])
    assert gain[0, 3] == 0
    assert not gain_by_hand(np.zeros(3, dtype=np.int64), 2).any()
    situation = two_and_three(gain=gain_by_hand(np.array([3, 1, 2]), 2), back_s=[4 * HOUR_S] * 2)
    assert sorted(only(situation).orders) == [(1,), (2,)]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"start_s": np.zeros(0)}, NoAssignment("no_teams", "start_s")),
        ({"required": np.zeros(0, dtype=np.uint64)}, NoAssignment("no_sectors", "required")),
        ({"back_s": np.zeros(3)}, NoAssignment("shapes_differ", "back_s")),
        ({"between_s": np.zeros((1, 3, 2))}, NoAssignment("shapes_differ", "between_s")),
        ({"gain": [[0.1, np.nan, 0.1]] * 2}, NoAssignment("not_finite", "gain", (0, 1))),
        ({"gain": [[0.1, 0.1, 0.1], [0.1, 0.1, np.inf]]}, NoAssignment("not_finite", "gain", (1, 2))),
        ({"out_s": [[1.0, np.nan, 1.0]]}, NoAssignment("not_finite", "out_s", (0, 1))),
        ({"start_s": [0.0, -1.0]}, NoAssignment("negative", "start_s", (1,))),
        ({"search_s": [[1.0, 1.0, 0.0]] * 2}, NoAssignment("negative", "search_s", (0, 2))),
        ({"ways_of": [0, 1]}, NoAssignment("unknown_ways", "ways_of", (1,))),
        ({"vehicle_of": [1]}, NoAssignment("unknown_vehicle", "vehicle_of", (0,))),
        ({"at_sector": [0, 3]}, NoAssignment("unknown_sector", "at_sector", (1,))),
        ({"runs": [True, False]}, NoAssignment("unknown_sector", "at_sector", (0,))),
        (
            {"must": np.eye(2, 3, dtype=np.bool_), "must_not": np.eye(2, 3, dtype=np.bool_)},
            NoAssignment("locked_both_ways", "must", (0, 0)),
        ),
        ({"must": [[True, False, False]] * 2}, NoAssignment("locked_for_two", "must", (0, 0))),
    ],
)
def test_bad_input_is_answered(changed: Any, refusal: NoAssignment) -> None:
    """A reason and the place, never an exception."""
    situation = two_and_three(**changed)
    assert plan_shifts(situation) == refusal
    assert assign_one_each(situation) == refusal


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"seed": -1}, NoAssignment("limit_invalid", "seed")),
        ({"gap": math.nan}, NoAssignment("limit_invalid", "gap")),
        ({"most_stops": 0}, NoAssignment("limit_invalid", "most_stops")),
        ({"effort": Effort(pool=0)}, NoAssignment("limit_invalid", "pool")),
        ({"bonus": np.zeros(3)}, NoAssignment("shapes_differ", "bonus")),
        ({"bonus": np.full((2, 3), -1.0)}, NoAssignment("negative", "bonus", (0, 0))),
    ],
)
def test_bad_options_are_answered(options: Any, refusal: NoAssignment) -> None:
    assert plan_shifts(two_and_three(), **options) == refusal
