"""The fold of hand-overs between shifts."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

HAND_OVER_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "shift_handed_over": (Put("hand_overs", "id", take=("to_name", "by_name", "note"), fields={"at": "at"}),),
}
