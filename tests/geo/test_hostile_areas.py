"""A share of the attack by generated geometries; `./run faults geometry` runs all of it."""

import pytest

from tests.faults.geometry import attack

# Flat along a line across 180 degrees: cut there, it was empty, and no refusal.
FOUND = (28_633,)


@pytest.mark.parametrize("first", [0, 1_000_000])
def test_hostile_areas_are_read_right_or_refused(first: int) -> None:
    """Whatever is sent is refused by name or read with the area and the inside of an independent look."""
    outcome = attack(range(first, first + 400))
    assert outcome.faults == []
    assert outcome.read > 20
    assert len(outcome.refused) > 8


def test_what_an_attack_once_found() -> None:
    """Seeds of faults that were mended stay mended."""
    outcome = attack(FOUND)
    assert outcome.faults == []
    assert outcome.refused == {"RoundingCollapseError": 1}
