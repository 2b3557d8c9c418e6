"""What desks ask of the clocks of a task."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from search_ops.domain.payloads import Moment  # noqa: TC001 - pydantic reads it
from search_ops.domain.wishes import Change


class TaskClocksWish(Change):
    """Agree on another time for a task that is given: when the team is back, how often it reports.

    Both are said, None takes the clock away.
    """

    due_at: Moment | None
    contact_every_min: Annotated[int, Field(ge=5, le=24 * 60)] | None
