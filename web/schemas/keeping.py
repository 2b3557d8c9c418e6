"""What is told about backups."""

from web.schemas.base import Answer


class BackupTold(Answer):
    """The last backup that is whole, and whether the newest attempt failed; the folder itself is not told."""

    has_folder: bool
    every_min: int
    tried_at: str | None = None
    at: str | None = None
    name: str | None = None
    size_bytes: int | None = None
    is_same_disk: bool = False
    fault: str | None = None
