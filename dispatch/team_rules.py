"""Every rule of a team as a check that names what breaks it: of one person, one thing, a whole team."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dispatch.callsigns import heard_as
from dispatch.team_values import (
    KINDS,
    LEADER,
    RULES,
    Broken,
    Item,
    Outing,
    Person,
    Team,
    TeamKind,
    TeamRules,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

__all__ = [
    "check_team",
    "holds",
    "item_faults",
    "may_hold",
    "outing_faults",
    "person_faults",
    "skills_wanted",
    "wanted",
]


def holds(person: Person, competence: str, day: date) -> bool:
    """Tell whether a person's certificate holds on a day, the last one included."""
    if competence not in person.certificates:
        return False
    until = person.certificates[competence]
    return until is None or day <= until


def outing_faults(outing: Outing) -> tuple[Broken, ...]:
    """Return what is wrong with the times of an outing."""
    if math.isfinite(outing.start_s) and math.isfinite(outing.back_s) and outing.start_s < outing.back_s:
        return ()
    return (Broken("time_invalid", need=outing.start_s, have=outing.back_s),)


def person_faults(person: Person, outing: Outing, rules: TeamRules = RULES) -> tuple[Broken, ...]:
    """Return why a person cannot go on an outing, whoever goes with him; empty when he can."""
    who = person.person_id
    for name in ("until_s", "resting_since_s", "worked_s"):
        value = getattr(person, name)
        if value is not None and not (math.isfinite(value) and (name != "worked_s" or value >= 0)):
            return (Broken("record_invalid", who, what=name),)
    found = []
    if person.adult is not True:
        found.append(Broken("age_unknown" if person.adult is None else "under_age", who))
    if person.until_s is not None and person.until_s < outing.back_s:
        found.append(Broken("leaves_too_early", who, need=outing.back_s, have=person.until_s))
    rested_s = 0.0 if person.resting_since_s is None else max(outing.start_s - person.resting_since_s, 0.0)
    worked_s = 0.0 if rested_s >= rules.least_rest_s else person.worked_s
    if worked_s >= rules.most_shift_s:
        found.append(Broken("rest_too_short", who, need=rules.least_rest_s, have=rested_s))
    elif worked_s + outing.back_s - outing.start_s > rules.most_shift_s:
        whole_s = worked_s + outing.back_s - outing.start_s
        found.append(Broken("shift_too_long", who, need=rules.most_shift_s, have=whole_s))
    found.extend(Broken("limited", who, what=limit) for limit in sorted(person.limits & outing.demands))
    return tuple(found)


def item_faults(item: Item, outing: Outing) -> tuple[Broken, ...]:
    """Return why a thing cannot go on an outing."""
    until = item.ready_until_s
    if not item.usable:
        return (Broken("item_unusable", item_id=item.item_id, what=item.kind),)
    if until is not None and not until >= outing.back_s:  # so NaN ends too early
        return (
            Broken(
                "item_ends_too_early", item_id=item.item_id, what=item.kind, need=outing.back_s, have=until
            ),
        )
    return ()


def may_hold(item: Item, members: Iterable[Person], day: date, rules: TeamRules = RULES) -> bool:
    """Tell whether a thing has the person beside it that it needs."""
    if not item.goes_with:
        return True
    skill = rules.handled_by.get(item.kind)
    return any(
        person.person_id in item.goes_with and (skill is None or holds(person, skill, day))
        for person in members
    )


def wanted(kind: TeamKind, extra: Mapping[str, int], rules: TeamRules = RULES) -> dict[str, int]:
    """Return how many things of each kind a team has to have: by its kind, by the rules, by the request."""
    names = {**rules.items, **kind.items, **extra}
    return {
        name: most
        for name in sorted(names)
        if (most := max(rules.items.get(name, 0), kind.items.get(name, 0), extra.get(name, 0))) > 0
    }


def skills_wanted(kind: TeamKind, extra: Mapping[str, int]) -> dict[str, int]:
    """Return how many people of each competence a team has to have besides its leader."""
    return {
        name: most
        for name in sorted({**kind.competences, **extra})
        if (most := max(kind.competences.get(name, 0), extra.get(name, 0))) > 0
    }


def check_team(
    team: Team,
    people: Sequence[Person],
    items: Sequence[Item],
    *,
    others: Sequence[Team] = (),
    used_callsigns: Iterable[str] = (),
    kinds: Sequence[TeamKind] = KINDS,
    rules: TeamRules = RULES,
) -> tuple[Broken, ...]:
    """Return every rule that a team breaks; empty when it may go.

    Parameters
    ----------
    team
        As proposed, or as somebody has dragged it together.
    people, items
        All of the operation.
    others
        Teams planned beside it: nobody and nothing is in two.
    used_callsigns
        Given in this operation to other teams, disbanded ones too.
    """
    roster = {person.person_id: person for person in people}
    stock = {item.item_id: item for item in items}
    kind = next((each for each in kinds if each.kind == team.kind), None)
    found: list[Broken] = [*outing_faults(team.outing)]
    if kind is None:
        found.append(Broken("unknown_kind", what=team.kind))
    taken = {heard_as(each) for each in (*used_callsigns, *(other.callsign for other in others))}
    if heard_as(team.callsign) in taken:
        found.append(Broken("callsign_used", what=team.callsign))
    members: dict[str, Person] = {}
    for who in dict.fromkeys(team.member_ids):
        if team.member_ids.count(who) > 1:
            found.append(Broken("listed_twice", who, have=float(team.member_ids.count(who))))
        if who not in roster:
            found.append(Broken("unknown_person", who))
            continue
        members[who] = roster[who]
        held = roster[who].team_id
        if held is not None and held != team.team_id:
            found.append(Broken("in_other_team", who, team_id=held))
        found.extend(
            Broken("in_other_team", who, team_id=each.team_id or each.callsign)
            for each in others
            if who in each.member_ids
        )
        found.extend(person_faults(roster[who], team.outing, rules))
    found.extend(_leader_faults(team, members))
    found.extend(_together(team, kind, members, rules))
    things = _things(team, members, stock, others, rules)
    needs = wanted(kind or TeamKind(team.kind, ""), team.items, rules)
    good = [stock[number].kind for number, faults in things.items() if not faults]
    found.extend(fault for faults in things.values() for fault in faults)
    found.extend(
        Broken("item_missing", what=name, need=need, have=good.count(name))
        for name, need in needs.items()
        if good.count(name) < need
    )
    return tuple(found)


def _leader_faults(team: Team, members: Mapping[str, Person]) -> list[Broken]:
    who = team.leader_id
    if who is None:
        return [Broken("no_leader", what=LEADER, need=1, have=0)]
    if who not in members:
        return [Broken("leader_not_member", who)]
    if LEADER not in members[who].certificates:
        return [Broken("certificate_missing", who, what=LEADER)]
    if not holds(members[who], LEADER, team.outing.day):
        return [Broken("certificate_expired", who, what=LEADER, until=members[who].certificates[LEADER])]
    return []


def _together(
    team: Team, kind: TeamKind | None, members: Mapping[str, Person], rules: TeamRules
) -> list[Broken]:
    day, number = team.outing.day, len(members)
    least = max(rules.least_people, kind.least_people if kind else 0)
    found = []
    if number < least:
        found.append(Broken("too_few_people", need=least, have=number))
    if kind is not None and number > kind.most_people:
        found.append(Broken("too_many_people", need=kind.most_people, have=number))
    skills = skills_wanted(kind, team.competences) if kind else dict(team.competences)
    for skill, need in skills.items():
        have = sum(holds(person, skill, day) for person in members.values())
        if have < need:
            found.append(Broken("competence_missing", what=skill, need=need, have=have))
    found.extend(
        Broken("need_unmet", who, what=need)
        for who, person in members.items()
        for need in sorted(person.needs)
        if not any(holds(other, need, day) for name, other in members.items() if name != who)
    )
    return found


def _things(
    team: Team,
    members: Mapping[str, Person],
    stock: Mapping[str, Item],
    others: Sequence[Team],
    rules: TeamRules,
) -> dict[str, list[Broken]]:
    """Return for each number what is wrong with that thing in this team."""
    found: dict[str, list[Broken]] = {}
    for number in dict.fromkeys(team.item_ids):
        if number not in stock:
            found[number] = [Broken("unknown_item", item_id=number)]
            continue
        item = stock[number]
        holders = [item.team_id] if item.team_id not in {None, team.team_id} else []
        holders += [each.team_id or each.callsign for each in others if number in each.item_ids]
        faults = [Broken("in_other_team", item_id=number, team_id=each, what=item.kind) for each in holders]
        faults += item_faults(item, team.outing)
        if not may_hold(item, members.values(), team.outing.day, rules):
            faults.append(Broken("item_without_its_person", item_id=number, what=item.kind))
        found[number] = faults
    return found
