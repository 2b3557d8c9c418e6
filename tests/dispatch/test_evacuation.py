"""Evacuation: who goes, how many carry, which way out; nobody is forgotten in the recall; bad input."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.evacuation import (
    CarryRules,
    EvacuationPlan,
    Exit,
    ExitOut,
    FieldTeam,
    Found,
    NoEvacuation,
    RankedTeam,
    carriers_needed,
    plan_evacuation,
)

INF, NAN = math.inf, math.nan
TEAMS = [
    FieldTeam("fox-1", 0.0, 3),
    FieldTeam("fox-2", 600.0, 4, medic=True),
    FieldTeam("fox-3", 1200.0, 5),
    FieldTeam("fox-4", 2400.0, 8, stretcher=True),
    FieldTeam("fox-5", 3600.0, 6),
]


def planned(*given_: Any, **how: Any) -> EvacuationPlan:
    answer = plan_evacuation(*given_, **how)
    assert isinstance(answer, EvacuationPlan)
    return answer


@pytest.mark.parametrize(
    ("weight_kg", "metres", "wanted"),
    [
        (70.0, 100.0, (6, 6, False)),
        (70.0, 201.0, (6, 12, False)),
        (70.0, 1000.0, (6, 12, False)),
        (70.0, 4000.0, (6, 18, False)),
        (98.0, 100.0, (6, 6, False)),
        (99.0, 100.0, (8, 8, False)),
        (135.0, 100.0, (8, 8, True)),
        (None, 100.0, (6, 6, False)),
    ],
)
def test_carriers_by_distance_and_weight(
    weight_kg: float | None, metres: float, wanted: tuple[int, int, bool]
) -> None:
    """Six on each side of the scale, eight for a heavy load, crews by distance."""
    assert carriers_needed(Found(weight_kg=weight_kg), metres) == wanted


def test_who_walks_needs_two_beside_him() -> None:
    """No stretcher, no crews; the nearest who can."""
    found = Found("escorted", medic_wanted=False)
    plan = planned(found, TEAMS, [Exit("lane", "road", {"road": 4000.0})])
    assert plan.best.called == ("fox-1",)
    assert plan.best.carriers_needed == 2
    assert plan.best.there_after_s == pytest.approx(3600.0)
    assert plan.best.notices == ()
    assert plan.recall == ("fox-2", "fox-3", "fox-4", "fox-5")


def test_teams_are_ranked_and_the_nearest_called() -> None:
    """Twelve carriers for 600 m, a stretcher from further off; the others come back."""
    plan = planned(
        Found(weight_kg=80.0), TEAMS[::-1], [Exit("lane", "road", {"forest": 500.0, "path": 100.0})]
    )
    best = plan.best
    assert [team.team_id for team in plan.ranking] == ["fox-1", "fox-2", "fox-3", "fox-4", "fox-5"]
    assert best.called == ("fox-1", "fox-2", "fox-3", "fox-4")
    assert (best.carriers_needed, best.carriers) == (12, 20)
    assert best.carry_s == pytest.approx(500 / 2000 * 3600 + 100 / 2500 * 3600)
    assert (best.first_crew_after_s, best.gathered_after_s) == (2400.0, 2400.0)
    assert best.there_after_s == best.handed_over_after_s == pytest.approx(2400.0 + best.carry_s)
    assert plan.recall == ("fox-5",)
    assert plan.reasons == ("only_one",)
    assert best.notices == ()


def test_the_first_crew_may_begin_before_the_relief_is_there() -> None:
    """It is told when six and a stretcher are there; the plan waits for all."""
    teams = [replace(TEAMS[0], carriers=6, stretcher=True), *TEAMS[1:]]
    best = planned(Found(weight_kg=80.0), teams, [Exit("lane", "road", {"path": 900.0})]).best
    assert (best.first_crew_after_s, best.gathered_after_s) == (0.0, 1200.0)


def test_the_earliest_way_out_is_proposed_with_the_others() -> None:
    """A helicopter that comes late, a road far off, a road whose ambulance waits."""
    exits = [
        Exit(
            "glade", "landing", {"forest": 150.0}, met_after_s=9000.0, closes_after_s=9500.0, onward_s=600.0
        ),
        Exit("meadow", "landing", {"forest": 150.0}, met_after_s=9000.0, closes_after_s=8000.0),
        Exit("lane", "road", {"path": 900.0}, onward_s=3000.0),
        Exit("bridge", "ambulance", {"path": 900.0, "forest": 100.0}),
        Exit("ford", "road", {"swamp": 10.0}),
        Exit("island", "road", {}),
        Exit("ridge", "landing", {"path": 50.0}, met_after_s=INF),
    ]
    plan = planned(Found(weight_kg=80.0), TEAMS, exits)
    assert plan.best.exit_id == "bridge"
    assert plan.reasons == ("earlier",)
    assert [way.exit_id for way in plan.alternatives] == ["lane", "glade"]
    assert plan.alternatives[0].later_by_s == pytest.approx(3000.0 - 180.0)
    assert plan.alternatives[1].notices == ("waits_there",)
    assert plan.alternatives[1].at_doctor_after_s == 9600.0
    assert {out.exit_id: (out.fault, out.what) for out in plan.refused} == {
        "meadow": ("closed_by_then", None),
        "ford": ("unknown_ground", "swamp"),
        "island": ("no_way", None),
        "ridge": ("nobody_meets", None),
    }
    assert plan.best.later_by_s == 0.0


def test_fewer_carriers_are_slower_and_too_few_carry_nobody() -> None:
    """Nine for twelve rest more; three cannot carry."""
    exits = [Exit("lane", "road", {"path": 500.0})]
    nine = planned(Found(), [FieldTeam("a", 0.0, 9, stretcher=True, medic=True)], exits).best
    assert nine.carry_s == pytest.approx(720.0 * 12 / 9)
    assert nine.notices == ("fewer_carriers_than_needed", "weight_assumed")
    three = plan_evacuation(Found(weight_kg=70.0), [FieldTeam("a", 0.0, 3)], exits)
    assert isinstance(three, NoEvacuation)
    assert three.reason == "no_way_out"
    assert three.refused == (ExitOut("lane", "too_few_carriers", None, 4, 3),)
    four = planned(
        Found(weight_kg=150.0), [FieldTeam("a", 0.0, 4)], [Exit("lane", "road", {"path": 50.0})]
    ).best
    assert four.notices == ("fewer_carriers_than_needed", "heavy_load", "no_medic", "no_stretcher")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            FieldTeam,
            st.integers(0, 10**6).map(lambda number: f"team-{number}"),
            st.floats(0, 20_000) | st.sampled_from([INF, NAN, -1.0]),
            st.integers(-1, 9),
            st.booleans(),
            st.booleans(),
        ),
        max_size=12,
        unique_by=lambda team: team.team_id,
    ),
    st.lists(
        st.builds(
            Exit,
            st.integers(0, 10**6).map(lambda number: f"exit-{number}"),
            st.sampled_from(["road", "landing", "ambulance"]),
            st.dictionaries(st.sampled_from(["forest", "path", "road", "moon"]), st.floats(0, 5000)),
            st.floats(0, 9000) | st.sampled_from([INF, NAN]),
            st.floats(0, 90_000),
            st.floats(0, 9000),
        ),
        max_size=6,
        unique_by=lambda each: each.exit_id,
    ),
    st.builds(Found, st.sampled_from(["carried", "escorted"]), st.none() | st.floats(3, 200), st.booleans()),
)
def test_whatever_is_given_everything_is_accounted_for(
    teams: list[FieldTeam], exits: list[Exit], found: Found
) -> None:
    """Each team is ranked once, called or recalled; each exit proposed or refused; times in order."""
    answer = plan_evacuation(found, teams, exits)
    assert plan_evacuation(found, teams[::-1], exits[::-1]) == answer
    names = sorted(team.team_id for team in teams)
    assert sorted(team.team_id for team in answer.ranking) == names
    assert [team.walk_s for team in answer.ranking] == sorted(team.walk_s for team in answer.ranking)
    if isinstance(answer, NoEvacuation):
        assert answer.reason in {"no_teams", "no_exits", "no_way_to_the_person", "no_way_out"}
        assert answer.reason != "no_way_out" or len(answer.refused) == len(exits)
        return
    ways = [answer.best, *answer.alternatives]
    ids = [way.exit_id for way in ways] + [out.exit_id for out in answer.refused]
    assert sorted(ids) == sorted(each.exit_id for each in exits)
    assert sorted([*answer.best.called, *answer.recall]) == names
    by_id = {team.team_id: team for team in teams}
    for way in ways:
        called = [by_id[team] for team in way.called]
        assert way.carriers == sum(team.carriers for team in called)
        assert way.gathered_after_s == max(team.walk_s for team in called) < INF
        assert way.first_crew_after_s <= way.gathered_after_s <= way.there_after_s
        assert way.there_after_s <= way.handed_over_after_s <= way.at_doctor_after_s
        assert way.at_doctor_after_s >= answer.best.at_doctor_after_s
        good = [team for team in teams if 0 <= team.walk_s < INF and team.carriers >= 0]
        if way.carriers < way.carriers_needed:
            assert "fewer_carriers_than_needed" in way.notices
            assert way.carriers == sum(team.carriers for team in good)
        for what, wanted in (("stretcher", found.walking == "carried"), ("medic", found.medic_wanted)):
            there = any(getattr(team, what) for team in called)
            assert not wanted or there or f"no_{what}" in way.notices
            assert not wanted or there == any(getattr(team, what) for team in good)
    assert answer.reasons


@pytest.mark.parametrize(
    ("change", "reason", "what"),
    [
        ({"teams": []}, "no_teams", None),
        ({"exits": []}, "no_exits", None),
        ({"teams": [FieldTeam("a", INF, 5)]}, "no_way_to_the_person", None),
        ({"teams": [FieldTeam("a", NAN, 5)]}, "no_way_to_the_person", None),
        ({"teams": [FieldTeam("a", 5.0, 0)]}, "no_way_to_the_person", None),
        ({"teams": TEAMS[:1] * 2}, "listed_twice", "fox-1"),
        ({"exits": [Exit("b", "road", {"path": 1.0})] * 2}, "listed_twice", "b"),
        ({"exits": [Exit("b", "road", {"path": NAN})]}, "no_way_out", None),
        ({"exits": [Exit("b", "road", {"path": INF})]}, "no_way_out", None),
        ({"exits": [Exit("b", "road", {"path": 1.0}, onward_s=-1.0)]}, "no_way_out", None),
        ({"found": Found(weight_kg=NAN)}, "input_invalid", "weight_kg"),
        ({"found": Found(weight_kg=-5.0)}, "input_invalid", "weight_kg"),
        ({"found": Found("flown")}, "input_invalid", "walking"),  # type: ignore[arg-type] # from outside
        ({"rules": CarryRules(pace_mps={"path": 0.0})}, "input_invalid", "pace_mps"),
        ({"rules": CarryRules(crews_by_m=())}, "input_invalid", "crews_by_m"),
        ({"rules": CarryRules(kg_per_bearer=NAN)}, "input_invalid", "kg_per_bearer"),
        ({"rules": CarryRules(stretcher_kg=-1.0)}, "input_invalid", "stretcher_kg"),
    ],
)
def test_bad_input_is_answered(change: dict[str, Any], reason: str, what: str | None) -> None:
    """A reason, never an exception."""
    given_: dict[str, Any] = {"found": Found(), "teams": TEAMS, "exits": [Exit("b", "road", {"path": 1.0})]}
    answer = plan_evacuation(**{**given_, **change})
    assert isinstance(answer, NoEvacuation)
    assert (answer.reason, answer.what) == (reason, what)


def test_a_team_with_a_wrong_record_is_recalled_all_the_same() -> None:
    """It cannot be called, but it is out there."""
    teams = [*TEAMS, FieldTeam("lost", NAN, 4), FieldTeam("odd", 5.0, -2)]
    plan = planned(Found(), teams, [Exit("lane", "road", {"path": 50.0})])
    assert {"lost", "odd"} <= set(plan.recall)
    assert plan.ranking[-2:] == (
        RankedTeam("lost", INF, 4, "record_invalid", "walk_s"),
        RankedTeam("odd", INF, 0, "record_invalid", "carriers"),
    )
