"""What desks ask of the sheet of all teams that is written by itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from search_ops.domain.wishes import Change


class BoardScheduleWish(Change):
    """How often the sheet of all teams is written, in which language; None ends it."""

    every_min: Annotated[int, Field(ge=5, le=24 * 60)] | None
    language: Literal["ru", "en"]
