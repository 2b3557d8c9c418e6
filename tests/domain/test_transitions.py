"""State machines: every table is closed over its own states and ends somewhere."""

import pytest

from search_ops.domain import transitions
from search_ops.domain.transitions import may_move, operation_phase

TABLES = {
    "task": transitions.TASK_MOVES,
    "participant": transitions.PARTICIPANT_MOVES,
    "operation": transitions.OPERATION_MOVES,
    "request": transitions.REQUEST_MOVES,
    "commitment": transitions.COMMITMENT_MOVES,
}
STARTS = {
    "task": "planned",
    "participant": "invited",
    "operation": "active",
    "request": "draft",
    "commitment": "provisional",
}


@pytest.mark.parametrize("name", TABLES)
def test_every_state_can_be_reached_and_is_listed(name: str) -> None:
    """No move leads to a state the table does not know, and every state is reached from the first."""
    moves, reached = TABLES[name], {STARTS[name]}
    while True:
        further = reached | {state for known in reached for state in moves[known]}
        if further == reached:
            break
        reached = further
    assert reached == set(moves)


@pytest.mark.parametrize("state", transitions.TASK_MOVES)
def test_a_task_never_goes_back(state: str) -> None:
    """Whatever comes late, a task moves forward only: nothing returns to a state it has left."""
    ahead, seen = list(transitions.TASK_MOVES[state]), set()
    while ahead:
        following = ahead.pop()
        if following not in seen:
            seen.add(following)
            ahead.extend(transitions.TASK_MOVES[following])
    assert state not in seen


def test_nobody_is_lost_on_the_way_home() -> None:
    """From every state of a participant somebody can be brought home."""
    for state in set(transitions.PARTICIPANT_MOVES) - {"home"}:
        assert may_move(transitions.PARTICIPANT_MOVES, state, "home")


def test_stop_can_be_called_from_any_open_state() -> None:
    """СТОП never waits: no open state of an operation refuses it."""
    for state in ("active", "hold_evacuate", "suspended"):
        assert may_move(transitions.OPERATION_MOVES, state, "hold_verify")
    assert operation_phase("closed/found_alive") == "closed"


def test_words_of_reports_are_known_to_the_payloads() -> None:
    """The words that move something are exactly those a report may carry, and their targets exist."""
    assert set(transitions.TASK_STATE_OF_WORD.values()) <= set(transitions.TASK_MOVES)
    assert set(transitions.PARTICIPANT_STATE_OF_WORD.values()) <= set(transitions.PARTICIPANT_MOVES)
    from typing import get_args  # noqa: PLC0415 - only this test looks into the type

    from search_ops.domain.payloads import Word  # noqa: PLC0415

    assert set(get_args(Word)) == transitions.WORDS
