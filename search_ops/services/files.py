"""Files of an operation: taken in whole before anything is written, given out in pieces."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, Final

from search_ops.errors import BadInput, Conflict, NotKnown, TooLarge
from search_ops.persistence.kept_files import (
    KeptFile,
    described,
    find_file,
    kept_bytes,
    piece_of,
    write_file,
)
from search_ops.persistence.unit_of_work import transaction

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import IO
    from uuid import UUID

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_BYTES_OF_OPERATION: Final = 4 * 1024 * 1024 * 1024
_IN_MEMORY_BYTES: Final = 256 * 1024
UNKNOWN_TYPE: Final = "application/octet-stream"


async def take_in(
    office: Office,
    principal: Principal,
    operation_id: UUID,
    *,
    file_id: UUID,
    name: str,
    sent: AsyncIterator[bytes],
) -> dict[str, Any]:
    """Keep a file that somebody brings; sent again under the same id it counts once.

    The whole of it is received before a connection is taken: a slow sender holds none.

    Returns
    -------
    dict
        ``{"file_id", "name", "sha256", "size_bytes"}``.

    Raises
    ------
    BadInput
        ``file_empty``: nothing arrived; a stick pulled too early looks like this.
    TooLarge
        Over 64 MiB.
    Conflict
        ``file_differs``: another file has this id; ``files_too_large``: the operation keeps 4 GiB already.
    """
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as content:
        size_bytes = 0
        async for piece in sent:
            size_bytes += len(piece)
            if size_bytes > MOST_BYTES:
                raise TooLarge(MOST_BYTES)
            content.write(piece)
        if size_bytes == 0:
            raise BadInput("file_empty")
        about = described(
            content,
            file_id=file_id,
            operation_id=operation_id,
            name=base_name(name),
            media_type=UNKNOWN_TYPE,
            purpose="uploaded",
            kept_by=principal.id,
            kept_at=office.clock(),
        )
        return _answer(await keep(office, about, content))


async def keep(office: Office, about: KeptFile, content: IO[bytes]) -> KeptFile:
    """Keep a file in a transaction of its own; one that is kept already stays."""
    async with transaction(office) as work:
        held = await find_file(work.connection, about.operation_id, about.file_id)
        if held is not None:
            if held.sha256 != about.sha256:
                raise Conflict("file_differs")
            return held
        if await kept_bytes(work.connection, about.operation_id) + about.size_bytes > MOST_BYTES_OF_OPERATION:
            raise Conflict("files_too_large", limit_bytes=MOST_BYTES_OF_OPERATION)
        await write_file(work.connection, about, content)
    return about


def base_name(name: str) -> str:
    """Return the last part of a path of either kind; it is shown, never used as a path."""
    return name.replace("\\", "/").rsplit("/", 1)[-1].strip() or "file"


def _answer(about: KeptFile) -> dict[str, Any]:
    return {
        "file_id": str(about.file_id),
        "name": about.name,
        "sha256": about.sha256.hex(),
        "size_bytes": about.size_bytes,
    }


async def open_file(office: Office, operation_id: UUID, file_id: UUID) -> KeptFile:
    """Return what is known of a file.

    Raises
    ------
    NotKnown
        This operation keeps no such file.
    """
    async with office.engine.connect() as connection:
        about = await find_file(connection, operation_id, file_id)
    if about is None:
        raise NotKnown
    return about


async def content_of(office: Office, about: KeptFile) -> AsyncIterator[bytes]:
    """Yield the content of a file; a slow reader holds no connection between pieces."""
    number = 0
    while True:
        async with office.engine.connect() as connection:
            piece = await piece_of(connection, about.file_id, number)
        if piece is None:
            return
        yield piece
        number += 1
