"""Programs send by the phone's own rules: both answer the shared questions alike."""

import json

from tests.faults.outbox_vectors import FILE, vectors


def test_the_questions_to_the_browser_are_fresh() -> None:
    """The browser's tests hear the same; mend with `python -m tests.faults.outbox_vectors`."""
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(vectors()))
