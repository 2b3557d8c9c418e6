"""What desks ask for about the calls of a sound search («работа на отклик»)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from search_ops.domain.payloads import Identity, Moment  # noqa: TC001 - pydantic reads them
from search_ops.domain.wishes import Change, LonLat, NamedLine, Wish

MOST_CALLS = 200


class CallsWish(Wish):
    """Record calls: when, with what, by whom, and how long everybody was silent after each.

    `caller`: every listening team for itself, one team (`team_id`), or a place (`place`) such as a siren at
    headquarters. `task_ids` are the tasks whose teams listened.
    """

    task_ids: Annotated[list[Identity], Field(min_length=1, max_length=60)]
    times: Annotated[list[Moment], Field(min_length=1, max_length=MOST_CALLS)]
    signal: Literal["voice", "whistle", "megaphone", "horn", "siren"]
    caller: Literal["listeners", "team", "place"] = "listeners"
    team_id: Identity | None = None
    place: LonLat | None = None
    call_s: Annotated[float, Field(ge=1, le=600)] = 15.0
    silence_s: Annotated[float, Field(ge=5, le=3_600)] = 60.0

    @model_validator(mode="after")
    def _caller_is_told(self) -> Self:
        if (self.team_id is not None) is not (self.caller == "team"):
            raise ValueError("team_id goes with the caller 'team' and with no other")
        if (self.place is not None) is not (self.caller == "place"):
            raise ValueError("place goes with the caller 'place' and with no other")
        return self


class CallsWithdrawal(Change):
    """Take back calls that were recorded wrongly; they stay in the log with the reason."""

    reason: NamedLine
