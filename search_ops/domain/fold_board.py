"""The fold of the sheet of all teams: how often it is written, when it last was, whether it was printed."""

from __future__ import annotations

from typing import Final

from search_ops.domain.fold_rows import Put

_OPERATION: Final = "payload.operation_id"

BOARD_ROWS: Final[dict[str, tuple[Put, ...]]] = {
    "board_schedule_set": (Put("board_schedule", _OPERATION, take=("every_min", "language")),),
    "board_written": (
        Put(
            "board_sheet",
            _OPERATION,
            take=("slot_at", "name", "printer"),
            fields={"written_at": "at", "printed_at": "=null", "print_fault": "=null"},
        ),
    ),
    "board_printed": (Put("board_sheet", _OPERATION, take=("print_fault",), fields={"printed_at": "at"}),),
}
