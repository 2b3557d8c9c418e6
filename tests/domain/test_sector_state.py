"""The state of a sector, by vectors that the browser's tests read too."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from search_ops.domain.sector import sector_state
from search_ops.domain.transitions import TASK_MOVES

VECTORS = Path(__file__).parents[2] / "fixtures/reference/sector_states.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_state_follows_tasks_and_marks(case: dict[str, Any]) -> None:
    """Marks outrank work, work outranks a person's word, and that outranks older evidence."""
    given_at = case.get("given_at") or [None] * len(case["task_states"])
    tasks = [
        {"state": state, "given_at": at} for state, at in zip(case["task_states"], given_at, strict=True)
    ]
    state = sector_state({"mark": case["mark"]}, tasks, case.get("evidence", ()), case.get("judgement"))
    assert state == case["sector_state"]


def test_every_pair_of_tasks_gives_a_known_state() -> None:
    """Whatever two tasks a sector has, in whatever order, its state is one of the words, and the same."""
    known = {"planned", "assigned", "on_task", "awaiting_track"}
    for first, second in product(TASK_MOVES, repeat=2):
        there = sector_state({}, [{"state": first}, {"state": second}])
        back = sector_state({}, [{"state": second}, {"state": first}])
        assert there == back
        assert there in known
