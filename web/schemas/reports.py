"""The body of a report that headquarters enters for others."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from search_ops.domain.payloads import Condition, Identity, Moment, Position, Text, Word

EnteredSource = Literal["radio", "in_person", "call", "paper"]


class EnteredReportBody(BaseModel):
    """What was heard, about whom, when it happened, and by which channel; a team or a person is named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    command_id: Identity
    kind: Literal["check_in", "found_reported", "sos_raised", "clue_found", "note_added"]
    at: Moment
    source: EnteredSource
    word: Word | None = None
    condition: Condition | None = None
    team_id: Identity | None = None
    participant_id: Identity | None = None
    position: Position | None = None
    text: Text | None = None

    def payload(self) -> dict[str, Any]:
        """Return the payload of the event that this report becomes."""
        named: dict[str, Any] = self.model_dump(
            mode="json", exclude={"command_id", "kind", "at"}, exclude_none=True
        )
        return named


class EnteredReportAnswer(BaseModel):
    """Where the report stands in the log."""

    event_id: UUID
    seq: int
