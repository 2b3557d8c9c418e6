"""The state of a sector: one pure function of its tasks, marks and evidence, never stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_WORKING = frozenset({"on_task"})
_GIVEN = frozenset({"assigned", "briefed", "out"})
_DONE = frozenset({"returning", "back", "debriefed", "closed"})


def sector_state(sector: Mapping[str, Any], tasks: Iterable[Mapping[str, Any]]) -> str:
    """Return one of planned, assigned, on_task, awaiting_track, blocked, held_by_other.

    A mark on the ground outranks work: a hazard keeps out, another organisation's sector is theirs. Then the
    most active task decides. Finished work without a track waits for it (LABELS 12); the states proven,
    partly and again come from evidence, which is weighed where tracks are.

    Parameters
    ----------
    sector : mapping
        Entity of the collection ``sectors``; ``mark`` is None, ``blocked`` or ``held_by_other``.
    tasks : iterable of mapping
        The tasks whose ``sector_id`` is this sector's.
    """
    mark = sector.get("mark")
    if mark in {"blocked", "held_by_other"}:
        return str(mark)
    states = {str(task.get("state")) for task in tasks}
    if states & _WORKING:
        return "on_task"
    if states & _GIVEN:
        return "assigned"
    if states & _DONE:
        return "awaiting_track"
    return "planned"
