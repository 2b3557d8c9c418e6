"""State machines as tables of allowed moves: operation, task, participant, joint request, commitment.

A report from the field may be late or may have lost the one before it: `reported_task_state` therefore also
allows jumps forward along out -> on_task -> returning -> back, and nothing backwards.
"""

from __future__ import annotations

from typing import Final

TASK_MOVES: Final[dict[str, frozenset[str]]] = {
    "planned": frozenset({"assigned", "cancelled"}),
    "assigned": frozenset({"briefed", "out", "on_task", "returning", "back", "cancelled", "recalled"}),
    "briefed": frozenset({"out", "on_task", "returning", "back", "cancelled", "recalled"}),
    "out": frozenset({"on_task", "returning", "back", "recalled"}),
    "on_task": frozenset({"returning", "back", "recalled"}),
    "returning": frozenset({"back", "recalled"}),
    "recalled": frozenset({"back"}),
    "back": frozenset({"debriefed", "closed"}),
    "debriefed": frozenset({"closed"}),
    "closed": frozenset(),
    "cancelled": frozenset(),
}

PARTICIPANT_MOVES: Final[dict[str, frozenset[str]]] = {
    "invited": frozenset({"going", "on_site", "home"}),
    "going": frozenset({"on_site", "home"}),
    "on_site": frozenset({"available", "on_task", "resting", "left", "home"}),
    "available": frozenset({"on_task", "resting", "on_site", "left", "home"}),
    "on_task": frozenset({"available", "resting", "on_site", "left", "home"}),
    "resting": frozenset({"available", "on_task", "on_site", "left", "home"}),
    "left": frozenset({"home", "on_site"}),
    "home": frozenset({"going", "on_site"}),
}

OPERATION_MOVES: Final[dict[str, frozenset[str]]] = {
    "active": frozenset({"hold_verify", "hold_evacuate", "suspended", "closed"}),
    "hold_verify": frozenset({"active", "hold_evacuate", "suspended", "closed"}),
    "hold_evacuate": frozenset({"active", "hold_verify", "suspended", "closed"}),
    "suspended": frozenset({"active", "hold_verify", "closed"}),
    "closed": frozenset({"active"}),
}

OUTCOMES: Final[frozenset[str]] = frozenset(
    {"found_alive", "found_undisclosed", "not_found", "identified", "unconfirmed", "handed_over"}
)

REQUEST_MOVES: Final[dict[str, frozenset[str]]] = {
    "draft": frozenset({"approved", "requested", "cancelled"}),
    "approved": frozenset({"requested", "cancelled"}),
    "requested": frozenset({"received", "answered", "cancelled"}),
    "received": frozenset({"answered", "cancelled"}),
    "answered": frozenset({"answered", "closed", "cancelled"}),
    "closed": frozenset(),
    "cancelled": frozenset(),
}

COMMITMENT_MOVES: Final[dict[str, frozenset[str]]] = {
    "provisional": frozenset({"accepted", "declined", "withdrawn"}),
    "accepted": frozenset({"committed", "withdrawn"}),
    "declined": frozenset(),
    "committed": frozenset({"departed", "withdrawn"}),
    "departed": frozenset({"on_scene", "withdrawn"}),
    "on_scene": frozenset({"working", "released"}),
    "working": frozenset({"released"}),
    "released": frozenset({"returned"}),
    "returned": frozenset(),
    "withdrawn": frozenset(),
}

UNFINISHED_TASKS: Final[frozenset[str]] = frozenset({"assigned", "briefed", "out", "on_task", "returning"})
AWAY_TASKS: Final[frozenset[str]] = frozenset({"out", "on_task", "returning", "recalled"})

TASK_STATE_OF_WORD: Final[dict[str, str]] = {
    "out": "out",
    "started": "on_task",
    "finished": "returning",
    "returning": "returning",
    "back": "back",
}

# The phone proposes; only headquarters puts somebody on site (CONTRACT 1), so "arrived" is not here.
PARTICIPANT_STATE_OF_WORD: Final[dict[str, str]] = {
    "going": "going",
    "leaving": "left",
    "home": "home",
    "rest": "resting",
    "ready": "available",
}

WORDS: Final[frozenset[str]] = frozenset(
    {*TASK_STATE_OF_WORD, *PARTICIPANT_STATE_OF_WORD, "arrived", "all_well", "stop_seen"}
)


def may_move(moves: dict[str, frozenset[str]], state: str, wanted: str) -> bool:
    """Tell whether the table allows the move; a state it does not list allows none."""
    return wanted in moves.get(state, frozenset())


def operation_phase(state: str) -> str:
    """Return the key of OPERATION_MOVES for a state such as ``closed/found_alive``."""
    return state.partition("/")[0]
