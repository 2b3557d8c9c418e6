"""A small share of `./run faults simulator` and `planted`."""

from __future__ import annotations

import pytest

from tests.faults.planted import caught
from tests.faults.simulator import story


def test_half_a_day_of_faults_ends_whole() -> None:
    """Lost and late answers, crashes, restores, dead batteries, clocks years off: nothing lost or doubled."""
    faults, world = story(0, hours=12)
    assert faults == []
    assert world.happened > 2_000


def test_the_same_seed_tells_the_same_story() -> None:
    """A seed that fails can be played again."""
    assert story(3, hours=4)[1].happened == story(3, hours=4)[1].happened


@pytest.mark.parametrize("bug", ["no unique key", "retry with a new id"])
def test_a_planted_bug_is_caught(bug: str) -> None:
    """What finds nothing proves nothing: these find each bug within a few stories."""
    assert caught(bug, hours=6) is not None
