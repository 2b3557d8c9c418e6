"""What stands still beside a server: clocks that were not looked at, a backup that failed or is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from search_ops.services.keeping_rounds import read_record

if TYPE_CHECKING:
    from search_ops.services.clocks import ClockRounds
    from search_ops.settings import Settings


@dataclass(frozen=True, slots=True)
class Standing:
    """What this process knows besides the database; ages in seconds, None: there is nothing to tell.

    Attributes
    ----------
    clocks_age_s : float or None
        Since all clocks were last looked at.
    backup_age_s : float or None
        Since the last verified backup.
    backup_fault : str or None
        Why the newest attempt failed.
    is_backup_late : bool
        A schedule is set, and the last backup is older than two of its intervals.
    is_backup_on_same_disk : bool
        The last backup would die with the database.
    """

    clocks_age_s: float | None
    backup_age_s: float | None
    backup_fault: str | None
    is_backup_late: bool
    is_backup_on_same_disk: bool


def standing(settings: Settings, clocks: ClockRounds | None, now: datetime) -> Standing:
    """Return how things stand at this moment."""
    record = read_record(settings.data_dir) or {}
    since = None if clocks is None else clocks.stand_since
    at = None if record.get("at") is None else datetime.fromisoformat(record["at"])
    every = timedelta(minutes=settings.backup_every_min)
    is_scheduled = settings.backup_dir is not None and settings.backup_every_min > 0
    return Standing(
        clocks_age_s=None if since is None else (now - since).total_seconds(),
        backup_age_s=None if at is None else (now - at).total_seconds(),
        backup_fault=record.get("fault"),
        is_backup_late=is_scheduled and at is not None and now - at > 2 * every,
        is_backup_on_same_disk=bool(record.get("is_same_disk", False)),
    )
