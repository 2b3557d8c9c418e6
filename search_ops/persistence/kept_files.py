"""Files that people brought or that we made, kept in pieces in the database."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select

from search_ops.persistence.tables import kept_file, kept_file_piece

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path
    from typing import IO
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncConnection

PIECE_BYTES: Final = 1024 * 1024
DIGEST_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What is known of a kept file without its content.

    Attributes
    ----------
    purpose : str
        ``uploaded`` (brought by somebody), ``packet``, ``export`` (made by us): decides who may read it.
    """

    file_id: UUID
    operation_id: UUID
    name: str
    media_type: str
    purpose: str
    sha256: bytes
    size_bytes: int
    kept_by: UUID | None
    kept_at: datetime


def described(
    content: IO[bytes],
    *,
    file_id: UUID,
    operation_id: UUID,
    name: str,
    media_type: str,
    purpose: str,
    kept_by: UUID | None,
    kept_at: datetime,
) -> KeptFile:
    """Return what will be known of a file; reads it once for its digest and leaves it at its beginning."""
    digest, size_bytes = hashlib.sha256(), 0
    content.seek(0)
    while piece := content.read(DIGEST_BYTES):
        digest.update(piece)
        size_bytes += len(piece)
    content.seek(0)
    return KeptFile(
        file_id, operation_id, name, media_type, purpose, digest.digest(), size_bytes, kept_by, kept_at
    )


async def write_file(connection: AsyncConnection, about: KeptFile, content: IO[bytes]) -> None:
    """Keep a file, in the caller's transaction; no more than a piece of it is in memory at a time."""
    await connection.execute(
        insert(kept_file).values({name: getattr(about, name) for name in KeptFile.__slots__})
    )
    number = 0
    while piece := content.read(PIECE_BYTES):
        values = {"file_id": about.file_id, "number": number, "content": piece}
        await connection.execute(insert(kept_file_piece).values(values))
        number += 1


async def find_file(connection: AsyncConnection, operation_id: UUID, file_id: UUID) -> KeptFile | None:
    """Return what is known of a file of this operation, or None."""
    query = select(kept_file).where(kept_file.c.file_id == file_id, kept_file.c.operation_id == operation_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return None if row is None else KeptFile(**row)


async def kept_bytes(connection: AsyncConnection, operation_id: UUID) -> int:
    """Return how much an operation keeps."""
    query = select(func.coalesce(func.sum(kept_file.c.size_bytes), 0)).where(
        kept_file.c.operation_id == operation_id
    )
    return int((await connection.execute(query)).scalar_one())


async def piece_of(connection: AsyncConnection, file_id: UUID, number: int) -> bytes | None:
    """Return one piece of a file, or None behind its end."""
    query = select(kept_file_piece.c.content).where(
        kept_file_piece.c.file_id == file_id, kept_file_piece.c.number == number
    )
    found: bytes | None = (await connection.execute(query)).scalar_one_or_none()
    return found


async def pieces_of(connection: AsyncConnection, file_id: UUID) -> AsyncIterator[bytes]:
    """Yield the content of a file, a piece at a time."""
    number = 0
    while (piece := await piece_of(connection, file_id, number)) is not None:
        yield piece
        number += 1


async def read_file(connection: AsyncConnection, file_id: UUID) -> bytes:
    """Return the whole content of a file; for the worker, never for the API."""
    return b"".join([piece async for piece in pieces_of(connection, file_id)])


async def copy_to(connection: AsyncConnection, file_id: UUID, path: Path) -> None:
    """Write a file to a path, for libraries that want one; for the worker."""
    with path.open("wb") as target:
        async for piece in pieces_of(connection, file_id):
            target.write(piece)
