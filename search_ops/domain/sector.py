"""The state of a sector: one pure function of its tasks, marks, evidence and judgement, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from search_ops.domain.evidence import counts_as_searched, enough, newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORKING = frozenset({"on_task"})
_GIVEN = frozenset({"assigned", "briefed", "out"})
_DONE = frozenset({"returning", "back", "debriefed", "closed"})


def sector_state(
    sector: Mapping[str, Any],
    tasks: Iterable[Mapping[str, Any]],
    evidence: Iterable[Mapping[str, Any]] = (),
    judgement: Mapping[str, Any] | None = None,
) -> str:
    """Return the one word for a sector.

    A mark on the ground outranks work: a hazard keeps out, another organisation's sector is theirs. Then the
    most active task decides. Then a person's judgement, for as long as no newer evidence speaks. Then what is
    proven; then work that still waits for its track (a state of its own, no alarm); then what is partly
    searched.

    Parameters
    ----------
    sector : mapping
        Entity of the collection ``sectors``; ``mark`` is None, ``blocked`` or ``held_by_other``.
    tasks : iterable of mapping
        The tasks whose ``sector_id`` is this sector's; ``given_at`` tells which came after the judgement.
    evidence : iterable of mapping
        Entities of ``evidence`` of this sector, at most one for each task.
    judgement : mapping or None
        Entity of ``judgements`` of this sector.

    Returns
    -------
    str
        planned, assigned, on_task, awaiting_track, searched_proven, searched_partly, to_search_again,
        blocked or held_by_other.
    """
    mark = sector.get("mark")
    if mark in {"blocked", "held_by_other"}:
        return str(mark)
    held = list(tasks)
    states = [str(task.get("state")) for task in held]
    if not _WORKING.isdisjoint(states):
        return "on_task"
    if not _GIVEN.isdisjoint(states):
        return "assigned"
    rows = [row for row in evidence if counts_as_searched(row)]
    latest = newest(rows)
    if judgement is not None and (latest is None or int(judgement["version"]) > int(latest["version"])):
        return _judged(judgement, held)
    return _weighed(rows, states)


def _judged(judgement: Mapping[str, Any], tasks: list[Mapping[str, Any]]) -> str:
    if judgement["decision"] == "enough":
        return "searched_proven"
    later = (task for task in tasks if str(task.get("given_at") or "") > str(judgement["judged_at"]))
    return "awaiting_track" if any(task.get("state") in _DONE for task in later) else "to_search_again"


def _weighed(rows: list[Mapping[str, Any]], states: list[str]) -> str:
    if enough(rows):
        return "searched_proven"
    if sum(state in _DONE for state in states) > sum(bool(row.get("own")) for row in rows):
        return "awaiting_track"
    return "searched_partly" if rows else "planned"
