"""When the shift of a person began and since when he is off duty: the limits of work and rest follow from it.

A move is written once; what it means for the shift is written beside it, so that every reader folds the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from dispatch.team_values import RULES
from search_ops.domain.events import wire_time

if TYPE_CHECKING:
    from collections.abc import Mapping

ON_DUTY: Final = frozenset({"on_site", "available", "on_task"})


def shift_fields(held: Mapping[str, Any], wanted: str, at: datetime) -> dict[str, str | None]:
    """Return what a move says about the shift: `shift_from`, `off_since`, or nothing.

    Parameters
    ----------
    held : mapping
        The participant before the move; empty for somebody new.
    wanted : str
        The state that he comes into.
    at : datetime
        When, aware.

    Notes
    -----
    A full rest ends a shift; a shorter one does not: who went home for two hours has not rested.
    """
    on_duty = held.get("state") in ON_DUTY
    if wanted in ON_DUTY:
        if on_duty and held.get("shift_from"):
            return {}
        begins = held.get("shift_from") is None or _rested(held, at)
        return {"off_since": None, **({"shift_from": wire_time(at)} if begins else {})}
    return {"off_since": wire_time(at)} if on_duty else {}


def _rested(held: Mapping[str, Any], at: datetime) -> bool:
    since = held.get("off_since")
    return since is not None and (at - datetime.fromisoformat(since)).total_seconds() >= RULES.least_rest_s


def worked_s(person: Mapping[str, Any], now: datetime) -> float:
    """Return how long somebody has been on shift since his last full rest, in seconds."""
    begun = person.get("shift_from")
    if begun is None:
        return 0.0
    ended = person.get("off_since")
    until = now if ended is None else datetime.fromisoformat(ended)
    return max((until - datetime.fromisoformat(begun)).total_seconds(), 0.0)
