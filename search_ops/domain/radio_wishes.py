"""What the radio desk writes: what was heard on the air, and what was written wrongly."""

from __future__ import annotations

from typing import Literal

from search_ops.domain.payloads import Identity, Moment  # noqa: TC001 - pydantic reads them
from search_ops.domain.wishes import Line, LonLat, NamedLine, NamedWords, Wish

Category = Literal["welfare", "task", "position", "clue", "medical", "logistics", "subject_located"]


class RadioEntryWish(Wish):
    """One call: who called whom, by whom it was passed on, of what kind it is, and the words.

    `at` is when it was heard, also when it is copied from paper hours later. Without `position` the
    coordinates that stand in the words are taken.
    """

    at: Moment
    caller: NamedLine
    team_id: Identity | None = None
    participant_id: Identity | None = None
    called: Line | None = None
    relay: Line | None = None
    channel: Line | None = None
    category: Category
    text: NamedWords
    position: LonLat | None = None
    source: Literal["radio", "paper"] = "radio"


class RadioCorrectionWish(Wish):
    """What the entry should have said; the entry itself stays as it was written."""

    text: NamedWords
    position: LonLat | None = None
