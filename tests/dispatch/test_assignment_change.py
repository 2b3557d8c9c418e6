"""Planning again: nothing moves for nothing, running tasks stay, each change has its reason; the checker."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.assignment_change import Change, Replan, Steadiness, plan_again
from dispatch.assignment_check import faults_of
from dispatch.assignment_plan import Plan
from dispatch.assignment_shifts import Effort, plan_shifts
from dispatch.assignment_values import NoAssignment, Situation
from tests.dispatch.assignment_cases import HOUR_S, invented, small

QUICK = Effort(nodes=20)
STEADY = Steadiness(issued=0.002)


def with_(situation: Situation, part: str, **arrays: Any) -> Situation:
    """Return the situation with some arrays of a part changed."""
    return dataclasses.replace(situation, **{part: dataclasses.replace(getattr(situation, part), **arrays)})


def planned(situation: Situation) -> tuple[Plan, dict[int, tuple[int, ...]]]:
    plan = plan_shifts(situation, gap=0.01, effort=QUICK)
    assert isinstance(plan, Plan)
    return plan, {tour.team: order for tour, order in zip(plan.tours, plan.orders, strict=True)}


def started(situation: Situation, orders: dict[int, tuple[int, ...]]) -> Situation:
    """Return the situation when every team has just begun its first sector, half of it done."""
    teams, work = situation.teams, situation.work
    at, search_s, gain = teams.at_sector.copy(), work.search_s.copy(), work.gain.copy()
    start_s = teams.start_s.copy()
    for team, order in orders.items():
        at[team] = order[0]
        start_s[team] += situation.ways.out_s[teams.ways_of[team], order[0]] + search_s[team, order[0]] / 2
        search_s[team, order[0]] /= 2
        gain[team, order[0]] /= 2
    situation = with_(situation, "teams", at_sector=at, runs=at >= 0, start_s=start_s)
    return with_(situation, "work", search_s=search_s, gain=gain)


def again(situation: Situation, orders: Any, steady: Steadiness = STEADY, gap: float = 0.01) -> Replan:
    replan = plan_again(situation, orders, steady=steady, gap=gap, effort=QUICK)
    assert isinstance(replan, Replan)
    assert faults_of(situation, replan.plan) == ()
    return replan


def test_nothing_moves_for_nothing() -> None:
    """With nothing changed, before the start and on the way, the plan stays."""
    situation = invented(12, 40, 2, rests=False)
    _, orders = planned(situation)
    for now in (situation, started(situation, orders)):
        replan = again(now, orders)
        assert [change for change in replan.changes if change.kind != "added"] == []
        assert replan.stayed == sum(map(len, orders.values()))
        assert replan.plan.steady == pytest.approx(replan.stayed * STEADY.issued)


def test_only_the_blocked_task_is_broken_off() -> None:
    """A sector found impassable under a running team: that task ends, all other running ones go on."""
    situation = invented(12, 40, 2)
    _, orders = planned(situation)
    now = started(situation, orders)
    team = next(iter(orders))
    search_s = now.work.search_s.copy()
    search_s[:, orders[team][0]] = np.inf
    replan = again(with_(now, "work", search_s=search_s), orders)
    broken = [change for change in replan.changes if change.running]
    assert [(each.sector, each.kind, each.was, each.reason) for each in broken] == [
        (orders[team][0], "removed", team, "cannot_search")
    ]
    kept = {line.team: line.sector for tour in replan.plan.tours for line in tour.lines[:1]}
    assert all(kept[each] == order[0] for each, order in orders.items() if each != team)


def test_a_late_team_gives_away_what_it_cannot_do() -> None:
    """What no longer fits is named ``no_time``, or the reason why it cannot even be done alone."""
    situation = invented(12, 40, 2)
    _, orders = planned(situation)
    team = max(orders, key=lambda each: len(orders[each]))
    start_s = situation.teams.start_s.copy()
    start_s[team] += 4.0 * HOUR_S
    replan = again(with_(situation, "teams", start_s=start_s), orders)
    gone = [change for change in replan.changes if change.was == team]
    assert gone
    assert {change.reason for change in gone} <= {"no_time", "too_long", "window"}
    moved = [change for change in replan.changes if change.kind == "moved"]
    assert all(change.now is not None and change.now != change.was for change in moved)


def test_a_clue_moves_only_what_it_is_worth() -> None:
    """Another sector's gain rises: it is taken in; with a higher worth of staying nothing is."""
    situation = invented(12, 40, 2)
    plan, orders = planned(situation)
    left = next(each for each in plan.left_sectors if each.reason == "better_elsewhere")
    gain = situation.work.gain.copy()
    gain[:, left.sector] += 0.1
    now = with_(situation, "work", gain=gain)
    assert any(
        change.sector == left.sector and change.reason == "better" and change.now is not None
        for change in again(now, orders).changes
    )
    stiff = again(now, orders, Steadiness(issued=10.0))
    assert [change for change in stiff.changes if change.kind != "added"] == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([None, 0.05]))
def test_every_replan_keeps_the_rules(seed: int, running: float | None) -> None:
    """The checker accepts it, and the difference leads from the old plan to the new one."""
    situation, changed = small(seed), small(seed)
    plan = plan_shifts(situation)
    assert isinstance(plan, Plan)
    orders = {tour.team: order for tour, order in zip(plan.tours, plan.orders, strict=True)}
    rng = np.random.default_rng(seed)
    start_s = changed.teams.start_s + rng.choice([0.0, HOUR_S], changed.n_teams)
    changed = with_(changed, "teams", start_s=start_s)
    replan = again(changed, orders, Steadiness(0.01, running), gap=0.0)
    pairs = {(team, sector) for team, order in orders.items() for sector in order}
    for change in replan.changes:
        if change.was is not None:
            pairs.remove((change.was, change.sector))
        if change.now is not None:
            pairs.add((change.now, change.sector))
    assert pairs == {(line.team, line.sector) for tour in replan.plan.tours for line in tour.lines}


def test_what_does_not_exist_any_more_is_answered() -> None:
    """Teams and sectors of the old plan that are gone, and a worth that is no number."""
    situation = invented(3, 5, 1)
    assert plan_again(situation, {7: (0,)}, steady=STEADY) == NoAssignment("unknown_team", "before", (7,))
    assert plan_again(situation, {0: (9,)}, steady=STEADY) == NoAssignment("unknown_sector", "before", (0, 9))
    assert plan_again(situation, {0: (1,), 1: (1,)}, steady=STEADY) == NoAssignment(
        "locked_for_two", "before", (1, 1)
    )
    for bad in (Steadiness(-1.0), Steadiness(0.0, float("nan"))):
        answer = plan_again(situation, {}, steady=bad)
        assert isinstance(answer, NoAssignment)
        assert answer.reason == "limit_invalid"


def test_the_checker_sees_what_is_wrong() -> None:
    """Each rule broken by hand is found."""
    situation = invented(6, 20, 4)
    plan, _ = planned(situation)
    tour = next(each for each in plan.tours if len(each.lines) > 1)
    first, *others = tour.lines
    rest = tuple(each for each in plan.tours if each is not tour)

    def rules(*lines: Any, back_s: float = tour.back_s, in_: Situation = situation, **sums: Any) -> set[str]:
        wrong = dataclasses.replace(tour, lines=lines, back_s=back_s)
        return {each.rule for each in faults_of(in_, dataclasses.replace(plan, tours=(*rest, wrong), **sums))}

    def turned(**values: Any) -> set[str]:
        return rules(dataclasses.replace(first, **values), *others)

    assert rules(first, *others) == set()
    assert "sector_twice" in rules(first, *others, dataclasses.replace(first))
    assert "unknown_sector" in turned(sector=99)
    assert "gain" in turned(gain=first.gain * 2)
    assert "value" in turned(gain=first.gain * 2)
    assert "way" in turned(way_s=first.way_s - 60)
    assert "clock" in turned(begin_s=first.begin_s - 60)
    assert "search_hours" in turned(search_s=first.search_s / 2)
    assert "unexplained" in rules(*others, value=plan.value - first.gain)
    assert "clock" in rules(first, *others, back_s=others[-1].end_s)
    assert "bound" in rules(first, *others, bound=plan.value / 2)
    assert "bound" in rules(first, *others, gap=plan.gap + 0.1)
    n = situation.n_sectors
    held = with_(situation, "sectors", held=np.arange(n) == first.sector)
    skilled = with_(situation, "sectors", required=np.full(n, 64, dtype=np.uint64))
    late = with_(situation, "sectors", closes_s=np.full(n, first.begin_s))
    short = with_(situation, "teams", back_s=situation.teams.back_s - 6 * HOUR_S)
    rested = with_(situation, "teams", rest_s=np.full(situation.n_teams, 5 * HOUR_S))
    must = np.zeros((situation.n_teams, n), dtype=np.bool_)
    must[(first.team + 1) % situation.n_teams, first.sector] = True
    locked = with_(situation, "work", must=must)
    for rule, in_ in (
        ("held", held),
        ("skill", skilled),
        ("window", late),
        ("due_back", short),
        ("rest", rested),
        ("locked", locked),
        ("lock_lost", locked),
    ):
        assert rule in rules(first, *others, in_=in_), rule
    assert isinstance(Change(0, "added", None, 1, running=False, reason="better", gain=0.1), Change)
