"""Where people are by what they have reported, and what of their legs stays when they are planned again."""

from datetime import datetime
from typing import Any

import pytest

from search_ops.domain.movements import state_by_reports
from search_ops.domain.under_way import travellers_under_way

CRATE = {"name": "ящик", "kg": 30.0, "length_m": 1.0, "width_m": 1.0, "height_m": 1.0, "count": 2}


def at(hour: int, minute: int = 0) -> str:
    return f"2026-08-23T{hour:02d}:{minute:02d}:00.000Z"


def leg(start: str, end: str, leaves: int, arrives: int, **more: Any) -> dict[str, Any]:
    times = {"leaves_at": at(leaves), "arrives_at": at(arrives)}
    load = {"people": 12, "cargo_kg": 460.0, "pieces": [["ящик", 2, 0]], "party": 0, "part": 0}
    return {"kind": "way", "mode": "road", "from_place": start, "to_place": end, **times, **load, **more}


def movement(*legs: dict[str, Any], **more: Any) -> dict[str, Any]:
    party = {"place_id": "TOWN", "ready_at": at(8), "people": 12, "cargo_kg": 400.0, "pieces": [CRATE]}
    plan = legs or (leg("TOWN", "MOW", 9, 10), leg("MOW", "IKT", 12, 18), leg("IKT", "END", 19, 22))
    return {"state": "planned", "parties": [party], "legs": list(plan), "to": {"place_id": "END"}, **more}


def told(number: int, word: str, when: str, version: int = 10) -> dict[str, Any]:
    return {"leg": number, "word": word, "at": when, "recorded_at": when, "version": version}


def only(found: Any) -> Any:
    (one,) = found
    return one


def test_nobody_who_is_at_home_is_under_way() -> None:
    """Then the movement is planned as it was asked."""
    assert travellers_under_way(movement(), []) is None


@pytest.mark.parametrize(
    ("number", "word", "place", "ready_at", "kept"),
    [
        (0, "left", "MOW", at(10, 30), [("left_at", at(9, 30))]),
        (0, "at_airport", "TOWN", at(9, 30), []),
        (0, "landed", "MOW", at(9, 30), [("done_at", at(9, 30))]),
        (1, "at_airport", "MOW", at(9, 30), [("done_at", at(9, 30))]),
        (1, "left", "IKT", at(18), [("done_at", at(9, 30)), ("left_at", at(9, 30))]),
    ],
)
def test_they_go_on_from_where_the_last_word_says(
    number: int, word: str, place: str, ready_at: str, kept: list[tuple[str, str]]
) -> None:
    """On a leg: where it ends, late by as much as it was left late; nobody comes out sooner than planned."""
    one = only(travellers_under_way(movement(), [told(number, word, at(9, 30))]))
    assert (one.place_id, one.ready_at) == (place, datetime.fromisoformat(ready_at))
    assert [
        (name, each[name]) for each in one.kept for name in ("done_at", "left_at") if name in each
    ] == kept
    assert (one.people, one.cargo_kg, one.arrived) == (12, 400.0, False)
    assert one.as_party()["pieces"] == [CRATE]


def test_on_the_last_leg_nothing_is_left_to_plan() -> None:
    """They are there, or will be."""
    for word in ("left", "landed", "arrived"):
        assert only(travellers_under_way(movement(), [told(2, word, at(20))])).arrived


def test_what_was_kept_counts_when_nobody_has_reported_since() -> None:
    """A plan made under way says itself how far they were."""
    done = leg("TOWN", "MOW", 9, 10, done_at=at(10))
    again = movement(done, leg("MOW", "END", 12, 18))
    one = only(travellers_under_way(again, []))
    assert (one.place_id, one.kept) == ("MOW", (done,))
    assert state_by_reports(again, []) == "moving"
    flying = movement(leg("TOWN", "MOW", 9, 10, left_at=at(9)), leg("MOW", "END", 12, 18))
    assert only(travellers_under_way(flying, [])).place_id == "MOW"


def test_those_who_stayed_behind_are_still_where_they_were() -> None:
    """The plan took eight and one crate: four, the other crate and the rest of the cargo wait at home."""
    some = {"people": 8, "cargo_kg": 130.0, "pieces": [["ящик", 1, 0]]}
    plan = movement(leg("TOWN", "MOW", 9, 10, **some), leg("MOW", "END", 12, 18, **some))
    gone, home = travellers_under_way(plan, [told(0, "landed", at(10))]) or []
    assert (gone.people, gone.cargo_kg) == (8, 100.0)
    assert (home.place_id, home.people, home.cargo_kg, home.kept) == ("TOWN", 4, 300.0, ())
    assert [each["count"] for each in home.as_party()["pieces"]] == [1]


def test_whoever_could_not_be_brought_on_has_not_arrived() -> None:
    """Their last leg ends elsewhere."""
    stranded = movement(leg("TOWN", "MOW", 9, 10, done_at=at(10)))
    assert not only(travellers_under_way(stranded, [])).arrived
    assert state_by_reports(stranded, [told(0, "arrived", at(11))]) == "moving"


def test_parts_that_go_by_different_ways_are_in_different_places() -> None:
    """Each by its own word; who has said nothing yet begins where his first leg begins."""
    plan = movement(
        leg("TOWN", "MOW", 9, 10, people=8),
        leg("TOWN", "ZIA", 9, 10, people=4, part=1),
        leg("MOW", "END", 12, 18, people=8),
        leg("ZIA", "END", 13, 19, people=4, part=1),
    )
    found = travellers_under_way(plan, [told(0, "landed", at(10))]) or []
    assert [(each.place_id, each.people) for each in found] == [("MOW", 8), ("TOWN", 4)]


@pytest.mark.parametrize(
    ("word", "place", "arrived"),
    [("left", None, False), ("at_airport", "TOWN", False), ("arrived", "END", True)],
)
def test_an_agency_knows_where_those_it_carries_are(word: str, place: str | None, arrived: bool) -> None:  # noqa: FBT001 - a case
    """Once they have left with it, nobody here does."""
    carried = leg("TOWN", "END", 9, 18, kind="agency", leaves_at=None)
    del carried["party"], carried["part"]
    one = only(travellers_under_way(movement(carried), [told(0, word, at(9))]))
    assert (one.place_id, one.arrived) == (place, arrived)
