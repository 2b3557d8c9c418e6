"""Evidence: grades, methods, shortfalls, and figures as people are told them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_ops.domain.evidence import (
    TrackSeen,
    enough,
    grade_of,
    grade_of_word,
    method_of,
    shortfall,
    spoken_pod,
    subject_of,
)

SPOKEN: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures/reference/spoken_pods.json").read_text(encoding="utf-8")
)
TARGET = {"subject": "unresponsive", "pod": 0.6}


def row(grade: str, pod: float | None = 0.7, **more: Any) -> dict[str, Any]:
    return {
        "grade": grade,
        "own": True,
        "version": 1,
        "target": TARGET,
        "cumulative": {"responsive": None, "unresponsive": pod},
        **more,
    }


def test_a_track_is_full_when_it_tells_the_whole_task() -> None:
    """Nine tenths of the time, believable fixes, real times; two halves of unknown order are not a whole."""
    assert grade_of([TrackSeen(timed=True, watched_share=0.95, unbelieved_share=0.02)]) == "full_track"
    for part in (
        TrackSeen(timed=True, watched_share=0.6, unbelieved_share=0.0),
        TrackSeen(timed=True, watched_share=0.99, unbelieved_share=0.3),
        TrackSeen(timed=False, watched_share=0.0, unbelieved_share=0.0),
    ):
        assert grade_of([part, part]) == "partial_track"
    assert (grade_of_word("paper"), grade_of_word("radio"), grade_of_word(None)) == (
        "paper",
        "radio",
        "radio",
    )


@pytest.mark.parametrize(
    ("text", "method", "subject"),
    [
        ("Работа на отклик", "sound", "responsive"),
        ("прочёс", "line", "unresponsive"),
        ("Прочес цепью", "line", "unresponsive"),
        ("sound sweep", "sound", "responsive"),
        ("response идти по азимуту", "sound", "responsive"),  # as the desk's list writes them
        ("comb ", "line", "unresponsive"),
        ("patrol ", "visual", "unresponsive"),
        ("other на отклик", "sound", "responsive"),
        (None, "visual", "unresponsive"),
        ("осмотр просек", "visual", "unresponsive"),
    ],
)
def test_the_words_of_a_task_name_its_method(text: str | None, method: str, subject: str) -> None:
    """What squads write decides whom the search could find."""
    assert method_of(text) == method
    assert subject_of(method_of(text)) == subject


@pytest.mark.parametrize(
    ("rows", "finished", "why"),
    [
        ([row("full_track", 0.7)], True, None),
        ([row("full_track", 0.4)], True, "below_target"),
        ([row("partial_track", 0.9)], True, "partial_track"),
        ([row("radio", None)], True, "no_track"),
        ([row("full_track", 0.4)], False, None),
        ([], True, None),
        ([row("full_track", 0.4, own=False, swept_share=0.02)], True, None),
    ],
)
def test_a_sector_is_proposed_again_with_its_reason(
    rows: list[dict[str, Any]],
    finished: bool,  # noqa: FBT001 - a column of the table
    why: str | None,
) -> None:
    """Below the target, only part of a track, only a word; never while somebody is still there."""
    assert shortfall(rows, finished=finished) == why


def test_words_alone_are_never_enough() -> None:
    """No figure follows from a word, whatever stands in the row."""
    assert not enough([row("radio", 0.99)])
    assert not enough([])
    assert enough([row("radio", 0.9), row("full_track", 0.7, version=2)])


@pytest.mark.parametrize("case", SPOKEN, ids=lambda case: str(case["pod"]))
def test_figures_as_people_are_told_them(case: dict[str, Any]) -> None:
    """The vectors that the browser reads too."""
    assert spoken_pod(case["pod"]) == case["spoken"]


@given(st.floats(0, 1))
def test_told_figures_hold_the_true_one(pod: float) -> None:
    """Within one per cent of the range, in steps of five, never wider than one step."""
    spoken = spoken_pod(pod)
    assert spoken is not None
    assert spoken["low_pct"] - 1.001 <= pod * 100 <= spoken["high_pct"] + 1.001
    assert spoken["low_pct"] % 5 == spoken["high_pct"] % 5 == 0
    assert spoken["high_pct"] - spoken["low_pct"] <= 5
