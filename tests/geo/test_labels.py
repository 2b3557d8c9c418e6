"""A label once given is never given again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.labels import allocate_labels, piece_labels

LABELS = st.sampled_from(["G4", "G5", "G5-1", "G5-2", "Ж7", "1", "1-1"])


def test_free_labels_stay_and_taken_ones_get_a_suffix() -> None:
    """The first of its name keeps it; a re-cut counts on behind the old pieces."""
    assert allocate_labels(["G4", "G5", "G5"], used={"G5", "G5-1"}) == ("G4", "G5-2", "G5-3")
    assert piece_labels("G5", 2, used=()) == ("G5-1", "G5-2")
    assert piece_labels("G5-1", 2, used={"G5-1", "G5-2"}) == ("G5-1-1", "G5-1-2")


@given(wanted=st.lists(LABELS, max_size=20), used=st.sets(LABELS))
def test_labels_are_unique_and_stable(wanted: list[str], used: set[str]) -> None:
    """Every label is new, begins with what was wanted, and the same question has the same answer."""
    given_labels = allocate_labels(wanted, used)
    assert len(set(given_labels)) == len(wanted)
    assert not used.intersection(given_labels)
    assert all(label.startswith(wish) for label, wish in zip(given_labels, wanted, strict=True))
    assert allocate_labels(wanted, used) == given_labels


@given(wanted=st.lists(LABELS, max_size=10), more=st.lists(LABELS, max_size=10))
def test_a_second_round_never_repeats_the_first(wanted: list[str], more: list[str]) -> None:
    """What was given before counts as used, also after its sector is gone."""
    first = allocate_labels(wanted, ())
    assert not set(first).intersection(allocate_labels(more, first))
