"""A share of the attack by spoilt files; `./run faults files` runs all of it."""

from tests.faults.files import attack, good_files


def test_good_files_are_read() -> None:
    """What is spoilt afterwards can be read before: else every refusal would mean nothing."""
    assert len(good_files()) == 6


def test_spoilt_files_are_read_or_refused() -> None:
    """No spoilt file makes a reader fall or leaves a fix beyond the globe; refusals have words."""
    outcome = attack(range(600))
    assert outcome.faults == []
    assert outcome.read > 100
    assert len(outcome.refused) > 5
