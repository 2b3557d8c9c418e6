"""The fold: every kind has its row, every reader folds alike, and the browser folds as we do."""

import json
from pathlib import Path
from typing import Any

import pytest

from search_ops.domain import fold
from search_ops.domain.export import fold_json
from search_ops.domain.fold_table import FOLD
from search_ops.domain.visibility import ClassSet
from tests.domain.sample_ids import ANNA, BORIS, MCHS, TEAM
from tests.domain.samples import CASE_STORY, STORY, told

ROOT = Path(__file__).parents[2]
HEADQUARTERS = ClassSet(frozenset({"all", "hq"}), frozenset({"team", "person", "agency"}))
READERS = {
    "headquarters": HEADQUARTERS,
    "with sealed": ClassSet(frozenset({"all", "hq", "sealed"}), frozenset({"team", "person", "agency"})),
    "leader": ClassSet(frozenset({"all", f"person:{ANNA}", f"team:{TEAM}"})),
    "volunteer": ClassSet(frozenset({"all", f"person:{BORIS}"})),
    "agency": ClassSet(frozenset({"all", f"agency:{MCHS}"})),
    "nobody": ClassSet(),
}


def seen(events: list[dict[str, Any]], classes: ClassSet) -> list[dict[str, Any]]:
    return [event if classes.admits(event["visibility"]) else {"seq": event["seq"]} for event in events]


def folded(events: list[dict[str, Any]], state: fold.State | None = None) -> fold.State:
    result: fold.State = json.loads(json.dumps(state or {}))
    for event in events:
        fold.apply(result, event)
    return result


def vectors() -> dict[str, Any]:
    stories = {name: seen(told(STORY), classes) for name, classes in READERS.items()}
    return {
        "cases": [
            {"name": name, "events": events, "state": folded(events)} for name, events in stories.items()
        ]
    }


def test_the_stories_tell_every_kind() -> None:
    """No kind of the table is missing from the stories, so that no kind goes untested."""
    assert {kind for kind, _, _ in STORY + CASE_STORY} >= set(FOLD)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("story", [STORY, CASE_STORY], ids=["operation", "case"])
def test_snapshot_and_events_make_the_state(reader: str, story: list[Any]) -> None:
    """For every reader and every number: the state there plus the events after it is the state at the end."""
    events = seen(told(story), READERS[reader])
    end = folded(events)
    for number in range(len(events) + 1):
        assert folded(events[number:], folded(events[:number])) == end


@pytest.mark.parametrize("reader", READERS)
def test_an_event_touches_only_what_its_readers_see(reader: str) -> None:
    """What a narrow reader folds is exactly headquarters' state of the entities his events made."""
    events = told(STORY)
    whole = folded(seen(events, READERS["with sealed"]))
    for collection, entities in folded(seen(events, READERS[reader])).items():
        for identity, entity in entities.items():
            assert entity == whole[collection][identity]


def test_applying_leaves_old_entities_alone() -> None:
    """A state kept from before is not changed by a later event."""
    events = told(STORY)
    state: fold.State = {}
    fold.apply(state, events[0])
    kept = state["operation"]
    before = json.dumps(next(iter(kept.values())))
    entity = next(iter(kept.values()))
    for event in events[1:]:
        fold.apply(state, event)
    assert json.dumps(entity) == before


def test_a_late_report_does_not_turn_the_contact_back() -> None:
    """The last contact is the latest time told, not the latest told time."""
    state = folded(told(STORY))
    late = next(event for event in told(STORY) if event["payload"].get("word") == "all_well")
    assert state["participants"][BORIS]["last_contact_at"] > late["at"]


def test_an_unknown_kind_changes_nothing() -> None:
    """A newer phone's event is kept in the log and leaves the state as it was."""
    state = folded(told(STORY))
    fold.apply(state, {**told(STORY)[-1], "seq": 99})
    assert state == folded(told(STORY))


def test_the_browser_reads_the_same_table() -> None:
    """The exported table is fresh; `python -m search_ops.domain.export FILE` mends it."""
    assert (ROOT / "web/ui/src/core/fold.json").read_text(encoding="utf-8") == fold_json()


def test_the_vectors_for_the_browser_are_fresh() -> None:
    """The browser's tests fold the same story; mend with `python -m tests.domain.test_fold`."""
    written = json.loads((ROOT / "fixtures/reference/fold_vectors.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(vectors()))


if __name__ == "__main__":
    target = ROOT / "fixtures/reference/fold_vectors.json"
    target.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
