"""ZIP files of strangers (KMZ, zipped shapefiles): counted while unpacked, in memory, their paths ignored."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from search_ops.importing.file_refusal import FileRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_ENTRIES: Final = 1_000
MAX_UNPACKED_BYTES: Final = 50 * 1024 * 1024
MAX_SWELL: Final = 100
# A small file may pack better than 100 to 1 without being a bomb.
_SWELL_FREE_BYTES: Final = 1024 * 1024
_CHUNK_BYTES: Final = 64 * 1024
_ENCRYPTED: Final = 0x1


def is_zip(content: bytes) -> bool:
    """Tell whether the bytes begin like a ZIP file."""
    return content[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def unpack(
    content: bytes,
    name: str,
    file_format: str,
    suffixes: Iterable[str],
    *,
    max_bytes: int = MAX_UNPACKED_BYTES,
) -> dict[str, bytes]:
    """Unpack the members with the given suffixes.

    Parameters
    ----------
    content, name, file_format
        The archive, its name and format for errors.
    suffixes
        Lower case with the dot; other members are not unpacked.
    max_bytes
        All that may come out; sizes in headers are not believed.

    Returns
    -------
    dict
        Bytes by member name without folders, in the archive's order; of equal names the first counts.

    Raises
    ------
    FileRefused
        Broken, encrypted, too many entries, or more comes out than allowed.
    """
    wanted = set(suffixes)
    budget = max_bytes
    unpacked: dict[str, bytes] = {}

    def refused(reason: str, item: int | None = None, detail: str = "") -> FileRefused:
        place = {} if item is None else {"entry": item}
        return FileRefused(reason, file_name=name, file_format=file_format, place=place, detail=detail)

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise refused("bomb", detail="entries")
            for item, entry in enumerate(entries, start=1):
                member = PurePosixPath(entry.filename.replace("\\", "/")).name
                if PurePosixPath(member).suffix.lower() not in wanted or member in unpacked:
                    continue
                if entry.flag_bits & _ENCRYPTED:
                    raise refused("corrupt", item, "encrypted")
                data = _member(archive, entry, budget)
                if data is None:
                    raise refused("bomb", item)
                budget -= len(data)
                unpacked[member] = data
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as fault:
        raise refused("corrupt", detail=type(fault).__name__) from None
    return unpacked


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: int) -> bytes | None:
    """Return a member's bytes, or None when it swells beyond what is allowed."""
    allowed = min(budget, max(_SWELL_FREE_BYTES, MAX_SWELL * entry.compress_size))
    pieces: list[bytes] = []
    size = 0
    with archive.open(entry) as stream:
        while piece := stream.read(_CHUNK_BYTES):
            size += len(piece)
            if size > allowed:
                return None
            pieces.append(piece)
    return b"".join(pieces)
