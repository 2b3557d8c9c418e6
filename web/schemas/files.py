"""Answers about files."""

from uuid import UUID

from web.schemas.base import Answer


class FileKept(Answer):
    """A file that is kept; send it again under the same id and nothing changes."""

    file_id: UUID
    name: str
    sha256: str
    size_bytes: int
