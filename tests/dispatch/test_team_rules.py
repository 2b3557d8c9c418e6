"""The rules of a team one by one, as asked of a team that somebody has dragged together; callsigns."""

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dispatch.callsigns import free_callsigns, heard_as
from dispatch.team_rules import check_team
from dispatch.team_values import Broken, Item, Outing, Person, Team

DAY = date(2026, 9, 12)
H = 3600.0
OUT = Outing(DAY, 10 * H, 16 * H)
LEADER = {"leader": DAY}


def test_a_team_changed_by_hand_is_checked_by_the_same_rules() -> None:
    """Each fault is named with whom or what it concerns."""
    people = [
        Person("a", certificates=LEADER),
        Person("b", certificates={"leader": DAY - timedelta(days=1)}),
        Person("c", team_id="team-7"),
        Person("d", adult=False, needs=frozenset({"medic"})),
        Person("e", limits=frozenset({"night"})),
        Person("f", certificates={"medic": None}, needs=frozenset({"medic"})),
    ]
    items = [
        *(Item(f"{kind}-{n:02}", kind) for kind in ("navigator", "radio") for n in range(2)),
        Item("old", "radio", usable=False),
        Item("rex", "dog", ("a",)),
        Item("x", "torch", ready_until_s=H),
    ]
    good = Team("Лиса-5", "foot", "a", ("a", "e"), ("navigator-00", "radio-00"), OUT)

    def rules(team: Team, **more: Any) -> set[str]:
        return {each.rule for each in check_team(team, people, items, **more)}

    assert rules(good) == set()
    assert rules(good, used_callsigns=["лиса – 05"]) == {"callsign_used"}
    assert rules(good, others=[replace(good, callsign="Лиса-6")]) == {"in_other_team", "item_missing"}
    assert rules(replace(good, leader_id=None)) == {"no_leader"}
    assert rules(replace(good, leader_id="c")) == {"leader_not_member"}
    assert rules(replace(good, leader_id="e")) == {"certificate_missing"}
    assert rules(replace(good, member_ids=("a",))) == {"too_few_people"}
    assert rules(replace(good, member_ids=("a", "a", "e"))) == {"listed_twice"}
    assert rules(replace(good, member_ids=("a", "e", "nobody"))) == {"unknown_person"}
    assert rules(replace(good, member_ids=("a", "c"))) == {"in_other_team"}
    assert rules(replace(good, member_ids=("a", "c"), team_id="team-7")) == set()
    assert rules(replace(good, member_ids=("a", "d"))) == {"under_age", "need_unmet"}
    assert rules(replace(good, member_ids=("a", "f"))) == {"need_unmet"}
    assert rules(replace(good, outing=replace(OUT, demands=frozenset({"night"})))) == {"limited"}
    assert rules(replace(good, outing=replace(OUT, back_s=math.nan))) >= {"time_invalid"}
    assert rules(replace(good, outing=replace(OUT, start_s=17 * H))) == {"time_invalid"}
    assert rules(replace(good, kind="submarine")) == {"unknown_kind"}
    assert rules(replace(good, kind="dog")) == {"competence_missing", "item_missing"}
    assert rules(replace(good, item_ids=("radio-00", "nothing"))) == {"unknown_item", "item_missing"}
    assert rules(replace(good, item_ids=("old", "navigator-00"))) == {"item_unusable", "item_missing"}
    assert rules(replace(good, item_ids=(*good.item_ids, "x"))) == {"item_ends_too_early"}
    assert rules(replace(good, item_ids=(*good.item_ids, "rex"))) == {"item_without_its_person"}
    expired = check_team(replace(good, leader_id="b", member_ids=("b", "e")), people, items)
    assert expired == (Broken("certificate_expired", "b", what="leader", until=DAY - timedelta(days=1)),)


def test_callsigns_are_never_given_twice() -> None:
    """Numbers of disbanded teams stay used, however they were written."""
    assert free_callsigns("Лиса", ["ЛИСА 2", "Лиса—01", "Лиса-4", "Борт-3"], 3) == (
        "Лиса-3",
        "Лиса-5",
        "Лиса-6",
    )
    assert heard_as("Ёлка-1") == heard_as("елка 1")
    assert heard_as("Лиса-1") != heard_as("Лиса-11")
