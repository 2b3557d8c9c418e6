"""Decisions of the desks that need no database."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from dispatch.callsigns import heard_as
from search_ops.domain.closing import not_home
from search_ops.domain.joint_request import (
    check_cancel,
    is_answered,
    promised,
    state_after_answer,
    state_after_receipt,
)
from search_ops.domain.tasking import considered_version
from search_ops.domain.transitions import PARTICIPANT_MOVES
from search_ops.domain.wishes import CaseWish, ClosingWish, ParticipantWish, PointWish, TaskWish
from search_ops.errors import MoveRefused


@pytest.mark.parametrize(
    "heard", ["лиса-12", "ЛИСА-12", "Лиса - 12", " Лиса-12 ", unicodedata.normalize("NFD", "Лиса-12")]
)
def test_one_callsign_heard_differently_is_one(heard: str) -> None:
    """Capitals, blanks and ways of composing letters do not make another callsign."""
    assert heard_as(heard) == heard_as("Лиса-12")
    assert heard_as(unicodedata.normalize("NFD", "Чайка-1")) == heard_as("чайка-1")
    assert heard_as("Лиса-1") != heard_as("Лиса-12")


def test_everybody_is_counted_who_is_neither_home_nor_only_invited() -> None:
    """Whoever set out must be accounted for; longest without contact comes first."""
    people = [
        (state, {"state": state, "version": 1, "last_contact_at": at})
        for state, at in zip(PARTICIPANT_MOVES, "87654321", strict=True)
    ]
    team = ("t", {"callsign": "Лиса-1", "disbanded": False, "member_ids": ["on_task"]})
    missing = not_home(people, [team])
    assert {person["state"] for person in missing} == set(PARTICIPANT_MOVES) - {"home", "invited"}
    assert [person["last_contact_at"] for person in missing] == sorted(
        person["last_contact_at"] for person in missing
    )
    assert {person["team"] for person in missing if person["state"] == "on_task"} == {"Лиса-1"}


def _answer(organisation: str, quantity: int | None, item: str = "i") -> dict[str, Any]:
    state = "declined" if quantity is None else "accepted"
    return {"organisation_id": organisation, "item_id": item, "quantity": quantity, "state": state}


def test_several_sides_answer_one_item() -> None:
    """A declines while B promises half: open; C promises the rest: answered."""
    items = [{"item_id": "i", "quantity": 10}]
    answers = [_answer("A", None), _answer("B", 5)]
    assert promised(answers, "i") == 5
    assert not is_answered(items, ["A", "B", "C"], answers)
    assert is_answered(items, ["A", "B", "C"], [*answers, _answer("C", 5)])
    assert is_answered(items, ["A", "B"], answers)


@given(
    st.lists(st.tuples(st.sampled_from("ABC"), st.one_of(st.none(), st.integers(1, 9))), max_size=6),
    st.integers(1, 20),
)
def test_a_request_is_open_while_somebody_may_still_help(
    given_answers: list[tuple[str, int | None]], quantity: int
) -> None:
    """Answered means: all that was asked is promised, or everybody who was asked has spoken."""
    answers = [_answer(*answer) for answer in given_answers]
    items = [{"item_id": "i", "quantity": quantity}]
    everybody = {organisation for organisation, _ in given_answers} == set("ABC")
    enough = sum(number or 0 for _, number in given_answers) >= quantity
    assert is_answered(items, list("ABC"), answers) == (everybody or enough)


def test_seen_is_not_promised() -> None:
    """A receipt never takes an answer back, and what is over takes neither receipt nor answer."""
    assert [state_after_receipt(state) for state in ("requested", "received", "answered")] == [
        "received",
        "received",
        "answered",
    ]
    items = [{"item_id": "i", "quantity": 3}, {"item_id": "k", "quantity": 1}]
    request = {"state": "requested", "items": items}
    # Without the name of a duty officer an answer to one item leaves the other one as unseen as before.
    assert state_after_answer(request, ["A"], [_answer("A", 3)]) == "requested"
    assert state_after_answer({**request, "state": "received"}, ["A"], [_answer("A", 3)]) == "received"
    assert state_after_answer(request, ["A"], [_answer("A", 3), _answer("A", None, "k")]) == "answered"
    for over in ("cancelled", "closed"):
        with pytest.raises(MoveRefused):
            state_after_receipt(over)
        with pytest.raises(MoveRefused):
            state_after_answer({**request, "state": over}, ["A"], [])
        with pytest.raises(MoveRefused):
            check_cancel(over)


def test_the_version_of_a_sector_counts_its_tasks() -> None:
    """A task of another sector does not count."""
    tasks = [("1", {"sector_id": "s", "version": 9}), ("2", {"sector_id": "x", "version": 12})]
    assert considered_version(tasks, "s", 4) == 9
    assert considered_version([], "s", 4) == 4


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (PointWish, {"lon": True, "lat": 1.0}),
        (PointWish, {"lon": 1.0, "lat": 95.0}),
        (PointWish, {"lon": float("nan"), "lat": 1.0}),
        (PointWish, {"lon": "1", "lat": 1.0}),
        (CaseWish, {"region": "RU-IRK", "last_seen_at": 5}),
        (CaseWish, {"region": "RU-IRK", "last_seen_at": "5"}),
        (CaseWish, {"region": "RU-IRK", "last_seen_at": "2026-08-23T10:00:00"}),
        (CaseWish, {"region": "RU-IRK", "last_seen_at": "0001-01-01T00:00:00+14:00"}),
        (CaseWish, {"region": "RU-IRK", "who": "Пётр\x00"}),
        (CaseWish, {"region": "RU-IRK", "who": "Пётр\u202e"}),
        (CaseWish, {"region": "RU-IRK", "whom": "Пётр"}),
        (CaseWish, {"region": "irkutsk"}),
        (ClosingWish, {"outcome": "found_dead"}),
        (ParticipantWish, {"name": "Анна", "state": "home"}),
        (TaskWish, {"team_id": "urn:uuid:" + str(uuid7()), "sector_id": str(uuid7())}),
    ],
)
def test_a_wish_of_wrong_form_is_refused(model: type[Any], said: dict[str, Any]) -> None:
    """Booleans as numbers, numbers as times, hidden characters, unknown fields: refused by form."""
    with pytest.raises(ValidationError):
        model.model_validate({"command_id": str(uuid7()), **said})
