"""The fold of the radio log: entries as they were heard, and corrections beside them."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

RADIO_LOG_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "radio_logged": (
        Put(
            "radio_log",
            "id",
            take=(
                "caller",
                "team_id",
                "participant_id",
                "called",
                "relay",
                "channel",
                "category",
                "text",
                "position",
                "source",
            ),
            fields={"at": "at", "recorded_at": "recorded_at", "by": "actor"},
        ),
    ),
    "radio_corrected": (
        Put(
            "radio_corrections",
            "id",
            take=("entry_id", "text", "position"),
            fields={"recorded_at": "recorded_at", "by": "actor"},
        ),
    ),
}
