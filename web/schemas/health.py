"""What readiness tells: numbers and codes, to everybody."""

from typing import Literal

from web.schemas.base import Answer


class ReadyTold(Answer):
    """The server answers; what stands still beside it is told, for a sign on every desk."""

    status: Literal["ready"]
    clocks_age_s: float | None
    backup_age_s: float | None
    backup_fault: str | None
    is_backup_late: bool
    is_backup_on_same_disk: bool
