"""A movement from the wish to the arrival: which report may follow which state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from search_ops.errors import BadInput, MoveRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

MOVES: Final[dict[str, frozenset[str]]] = {
    "asked": frozenset({"planned", "cancelled"}),
    "planned": frozenset({"planned", "moving", "arrived", "cancelled"}),
    "moving": frozenset({"planned", "moving", "arrived", "cancelled"}),
    "arrived": frozenset(),
    "cancelled": frozenset(),
}


def check_move(movement: Mapping[str, Any], wanted: str) -> None:
    """Refuse what the table does not allow.

    Raises
    ------
    MoveRefused
        With the state that stands.
    """
    state = str(movement["state"])
    if wanted not in MOVES[state]:
        raise MoveRefused(what="movement", state=state, wanted=wanted)


def state_after_report(movement: Mapping[str, Any], leg: int, word: str) -> str:
    """Return the state after a report of one leg.

    Raises
    ------
    BadInput
        ``no_such_leg``.
    MoveRefused
        Nothing was chosen yet, or the movement is over.
    """
    state = "arrived" if word == "arrived" else "moving"
    check_move(movement, state)
    if leg >= len(movement["legs"]):
        raise BadInput("no_such_leg", where="leg", have=len(movement["legs"]))
    return state
