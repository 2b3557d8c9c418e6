"""The person is found: who goes there, how many carry, which way out; everybody else comes back."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.evacuation_values import (
    RULES,
    CarryRules,
    EvacuationPlan,
    Exit,
    ExitOut,
    FieldTeam,
    Found,
    NoEvacuation,
    Notice,
    RankedTeam,
    Reason,
    TeamFault,
    WayOut,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "CarryRules",
    "EvacuationPlan",
    "Exit",
    "ExitOut",
    "FieldTeam",
    "Found",
    "NoEvacuation",
    "RankedTeam",
    "WayOut",
    "carriers_needed",
    "plan_evacuation",
]


def plan_evacuation(
    found: Found, teams: Sequence[FieldTeam], exits: Sequence[Exit], rules: CarryRules = RULES
) -> EvacuationPlan | NoEvacuation:
    """Propose who goes to the person and which way out is taken.

    Parameters
    ----------
    found
        How the person is.
    teams
        All in the field, those who found included.
    exits
        Ways out that come into question.
    rules
        How a stretcher is carried.

    Notes
    -----
    For each way out the nearest teams are called until there are carriers enough, and the nearest stretcher
    and medic if these have none. The carry begins when all called are there. With fewer carriers than needed
    they rest more: the time grows in that ratio (assumption). Slopes count only through the lengths given.

    Examples
    --------
    >>> plan = plan_evacuation(
    ...     Found(weight_kg=80.0),
    ...     [FieldTeam("fox-1", 0.0, 3, stretcher=True), FieldTeam("fox-2", 900.0, 4, medic=True)],
    ...     [Exit("lane", "road", {"path": 150.0})],
    ... )
    >>> plan.best.carriers_needed, plan.best.called, round(plan.best.there_after_s)
    (6, ('fox-1', 'fox-2'), 1116)
    """
    wrong = _wrong(found, rules)
    if wrong is not None:
        return NoEvacuation("input_invalid", wrong)
    ranking = tuple(sorted((_ranked(team) for team in teams), key=lambda each: (each.walk_s, each.team_id)))
    for reason, given in (("no_teams", teams), ("no_exits", exits)):
        if not given:
            return NoEvacuation(reason, None, ranking)  # type: ignore[arg-type] # the two above
    names = Counter(team.team_id for team in teams), Counter(each.exit_id for each in exits)
    twice = sorted(name for counts in names for name, number in counts.items() if number > 1)
    if twice:
        return NoEvacuation("listed_twice", twice[0], ranking)
    by_id = {team.team_id: team for team in teams}
    near = [by_id[each.team_id] for each in ranking if each.fault is None]
    if not any(team.carriers for team in near):
        return NoEvacuation("no_way_to_the_person", None, ranking)
    answers = [_way_out(each, found, near, rules) for each in sorted(exits, key=lambda each: each.exit_id)]
    refused = tuple(each for each in answers if isinstance(each, ExitOut))
    ways = sorted(
        (each for each in answers if isinstance(each, WayOut)),
        key=lambda way: (way.at_doctor_after_s, way.carry_s, way.carriers_needed, way.exit_id),
    )
    if not ways:
        return NoEvacuation("no_way_out", None, ranking, refused)
    best = ways[0]
    others = tuple(
        replace(way, later_by_s=way.at_doctor_after_s - best.at_doctor_after_s) for way in ways[1:]
    )
    recall = tuple(each.team_id for each in ranking if each.team_id not in best.called)
    return EvacuationPlan(best, _reasons(ways), others, refused, ranking, recall)


def carriers_needed(found: Found, carry_m: float, rules: CarryRules = RULES) -> tuple[int, int, bool]:
    """Return how many carry at once, how many are needed with relief, and whether the load is too heavy.

    Examples
    --------
    >>> carriers_needed(Found(weight_kg=70.0), 3000.0), carriers_needed(Found(weight_kg=150.0), 100.0)
    ((6, 18, False), (8, 8, True))
    """
    if found.walking == "escorted":
        return rules.escort, rules.escort, False
    weight_kg = rules.unknown_weight_kg if found.weight_kg is None else found.weight_kg
    sides = math.ceil((weight_kg + rules.stretcher_kg) / rules.kg_per_bearer / 2.0)
    bearers = min(max(rules.bearers, 2 * sides), rules.most_bearers)
    crews = next(
        (crews for up_to_m, crews in rules.crews_by_m if carry_m <= up_to_m), rules.crews_by_m[-1][1]
    )
    return bearers, bearers * crews, 2 * sides > rules.most_bearers


def _wrong(found: Found, rules: CarryRules) -> str | None:
    """Return the name of the field that makes every answer meaningless."""
    weight = found.weight_kg
    if weight is not None and not (math.isfinite(weight) and weight > 0):
        return "weight_kg"
    if found.walking not in {"carried", "escorted"}:
        return "walking"
    positive = {
        "bearers": rules.bearers,
        "kg_per_bearer": rules.kg_per_bearer,
        "most_bearers": rules.most_bearers,
        "least_bearers": rules.least_bearers,
        "escort": rules.escort,
        "unknown_weight_kg": rules.unknown_weight_kg,
        "crews_by_m": min((crews for _, crews in rules.crews_by_m), default=0),
        "pace_mps": min(rules.pace_mps.values(), default=0.0),
    }
    if not (math.isfinite(rules.stretcher_kg) and rules.stretcher_kg >= 0):
        return "stretcher_kg"
    return next((name for name, value in positive.items() if not (math.isfinite(value) and value > 0)), None)


def _ranked(team: FieldTeam) -> RankedTeam:
    carriers = team.carriers if isinstance(team.carriers, int) and team.carriers >= 0 else 0
    if carriers != team.carriers:
        return RankedTeam(team.team_id, math.inf, 0, "record_invalid", "carriers")
    if not team.walk_s >= 0:
        return RankedTeam(team.team_id, math.inf, carriers, "record_invalid", "walk_s")
    fault: TeamFault | None = "no_way" if team.walk_s == math.inf else None
    return RankedTeam(team.team_id, float(team.walk_s), carriers, fault)


def _exit_fault(each: Exit, rules: CarryRules) -> ExitOut | None:
    for name in ("met_after_s", "closes_after_s", "onward_s"):
        if not getattr(each, name) >= 0:
            return ExitOut(each.exit_id, "record_invalid", name)
    for ground, metres in sorted(each.way_m.items()):
        if not metres >= 0:
            return ExitOut(each.exit_id, "record_invalid", ground)
        if ground not in rules.pace_mps:
            return ExitOut(each.exit_id, "unknown_ground", ground)
    if not each.way_m or not math.isfinite(sum(each.way_m.values())):
        return ExitOut(each.exit_id, "no_way")
    return None if math.isfinite(each.met_after_s + each.onward_s) else ExitOut(each.exit_id, "nobody_meets")


def _called(near: Sequence[FieldTeam], found: Found, needed: int) -> tuple[list[FieldTeam], list[Notice]]:
    """Return the nearest teams that bring carriers enough, a stretcher and a medic, and what is lacking."""
    called: list[FieldTeam] = []
    for team in near:
        if sum(each.carriers for each in called) >= needed:
            break
        if team.carriers:
            called.append(team)
    lacking: list[Notice] = []
    wanted: list[tuple[str, Notice]] = []
    if found.walking == "carried":
        wanted.append(("stretcher", "no_stretcher"))
    if found.medic_wanted:
        wanted.append(("medic", "no_medic"))
    for what, notice in wanted:
        if any(getattr(team, what) for team in called):
            continue
        bringing = next((team for team in near if getattr(team, what)), None)
        if bringing is None:
            lacking.append(notice)
        else:
            called.append(bringing)
    return sorted(called, key=lambda team: (team.walk_s, team.team_id)), lacking


def _first_crew_s(called: Sequence[FieldTeam], at_once: int, *, stretcher: bool) -> float:
    """Return when those who carry at once are there, with a stretcher if one comes."""
    carriers = 0
    brought = not stretcher
    for team in called:
        carriers += team.carriers
        brought = brought or team.stretcher
        if carriers >= at_once and brought:
            return team.walk_s
    return called[-1].walk_s


def _way_out(each: Exit, found: Found, near: Sequence[FieldTeam], rules: CarryRules) -> WayOut | ExitOut:
    fault = _exit_fault(each, rules)
    if fault is not None:
        return fault
    carry_m = float(sum(each.way_m.values()))
    at_once, needed, heavy = carriers_needed(found, carry_m, rules)
    called, notices = _called(near, found, needed)
    carriers = sum(team.carriers for team in called)
    least = min(rules.least_bearers, at_once) if found.walking == "carried" else 1
    if carriers < least:
        return ExitOut(each.exit_id, "too_few_carriers", None, least, carriers)
    carry_s = float(sum(metres / rules.pace_mps[ground] for ground, metres in each.way_m.items()))
    if carriers < needed:
        notices.append("fewer_carriers_than_needed")
        if found.walking == "carried":
            carry_s *= needed / carriers
    if heavy:
        notices.append("heavy_load")
    if found.weight_kg is None and found.walking == "carried":
        notices.append("weight_assumed")
    gathered_s = called[-1].walk_s
    there_s = gathered_s + carry_s
    over_s = max(there_s, each.met_after_s)
    if over_s > each.closes_after_s:
        return ExitOut(each.exit_id, "closed_by_then", None, over_s, each.closes_after_s)
    if each.met_after_s > there_s:
        notices.append("waits_there")
    stretcher = any(team.stretcher for team in called) and found.walking == "carried"
    return WayOut(
        each.exit_id,
        each.kind,
        needed,
        carriers,
        tuple(team.team_id for team in called),
        carry_m,
        carry_s,
        _first_crew_s(called, at_once, stretcher=stretcher),
        gathered_s,
        there_s,
        over_s,
        over_s + each.onward_s,
        tuple(sorted(notices)),
    )


def _reasons(ways: Sequence[WayOut]) -> tuple[Reason, ...]:
    """Return in what the first is ahead of the second."""
    if len(ways) == 1:
        return ("only_one",)
    best, second = ways[:2]
    ahead: dict[Reason, bool] = {
        "earlier": best.at_doctor_after_s < second.at_doctor_after_s,
        "shorter_carry": best.carry_m < second.carry_m,
        "fewer_carriers": best.carriers_needed < second.carriers_needed,
        "enough_carriers": best.carriers >= best.carriers_needed and second.carriers < second.carriers_needed,
    }
    return tuple(reason for reason, so in ahead.items() if so) or ("as_good",)
