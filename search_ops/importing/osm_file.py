"""Look at a map file before the reader of libosmium gets it: format, wholeness, traps.

The check reads the file once (it also gives its SHA-256) and keeps nothing of it in memory. libosmium names a
cause but no place; here we know the byte and the block.
"""

import bz2
import hashlib
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from search_ops.importing.osm_refusal import MapFileRefused

# The format allows no more, https://wiki.openstreetmap.org/wiki/PBF_Format
_BLOB_HEADER_LIMIT_BYTES = 64 * 1024
_BLOB_LIMIT_BYTES = 32 * 1024 * 1024
_CHUNK_BYTES = 1024 * 1024
# The root element stands within this; what comes before it is a declaration and perhaps a comment.
_XML_HEAD_BYTES = 64 * 1024
# OSM XML packs 10 to 20 times; a file that swells more is a bomb.
_SWELL_LIMIT = 100
_SWELL_FREE_BYTES = 16 * 1024 * 1024

ByteProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class MapFile:
    """A file that looks whole: where it is, what it is, and its fingerprint."""

    path: Path
    format: str
    size_bytes: int
    sha256: bytes


def inspect(path: Path, progress: ByteProgress | None = None) -> MapFile:
    """Check format and wholeness of a map file.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``; what counts is the content, not the suffix.
    progress
        Called with (bytes read, bytes in all).

    Raises
    ------
    MapFileRefused
        With the reason, the format and the place of the fault.
    """
    if not path.is_file():
        raise MapFileRefused("missing", file_name=path.name, file_format="unknown")
    size_bytes = path.stat().st_size
    if size_bytes == 0:
        raise MapFileRefused("empty", file_name=path.name, file_format="unknown")
    with path.open("rb") as file:
        file_format = _format_of(path, file.read(64))
        file.seek(0)
        hashing = _Hashing(file, size_bytes, progress)
        if file_format == "pbf":
            _check_pbf(path, hashing)
        elif file_format == "osm":
            _check_xml(path, file_format, iter(lambda: hashing.read(_CHUNK_BYTES), b""))
        else:
            _check_xml(path, file_format, _unpacked(path, file_format, hashing))
        hashing.drain()
    return MapFile(path, file_format, size_bytes, hashing.digest())


class _Hashing:
    """Reads a file and hashes everything that passes, skipped parts included."""

    def __init__(self, file: BinaryIO, size_bytes: int, progress: ByteProgress | None) -> None:
        self._file, self._size_bytes, self._progress = file, size_bytes, progress
        self._hash = hashlib.sha256()
        self.offset_bytes = 0

    def read(self, count: int) -> bytes:
        data = self._file.read(count)
        self._hash.update(data)
        self.offset_bytes += len(data)
        if self._progress is not None:
            self._progress(self.offset_bytes, self._size_bytes)
        return data

    def drain(self) -> None:
        while self.read(_CHUNK_BYTES):
            pass

    def digest(self) -> bytes:
        return self._hash.digest()


def _format_of(path: Path, head: bytes) -> str:
    if head[:2] == b"\x1f\x8b":
        return "osm.gz"
    if head[:3] == b"BZh":
        return "osm.bz2"
    if b"OSMHeader" in head[:32]:
        return "pbf"
    # The byte order marks of UTF-8 and UTF-16 may stand before the first bracket.
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] == b"<":
        return "osm"
    if path.name.endswith(".pbf"):
        raise MapFileRefused("corrupt", file_name=path.name, file_format="pbf", place={"byte": 0, "block": 1})
    raise MapFileRefused("not_osm", file_name=path.name, file_format="unknown", place={"byte": 0})


def _check_pbf(path: Path, file: _Hashing) -> None:
    for block, (start, kind, blob) in enumerate(_blocks(path, file), start=1):
        place = {"byte": start, "block": block}
        if block == 1 and kind != b"OSMHeader":
            raise MapFileRefused("not_osm", file_name=path.name, file_format="pbf", place=place)
        if not _unpacks(blob):
            raise MapFileRefused("corrupt", file_name=path.name, file_format="pbf", place=place)


def _blocks(path: Path, file: _Hashing) -> Iterator[tuple[int, bytes, bytes]]:
    """Walk the blocks of a PBF: (offset in bytes, kind, packed content)."""
    block = 0
    while True:
        start, block = file.offset_bytes, block + 1
        place = {"byte": start, "block": block}
        prefix = file.read(4)
        if not prefix:
            return
        length = struct.unpack(">I", prefix)[0] if len(prefix) == 4 else 0  # noqa: PLR2004 - bytes of the prefix
        if not 0 < length <= _BLOB_HEADER_LIMIT_BYTES:
            reason = "truncated" if len(prefix) < 4 else "corrupt"  # noqa: PLR2004
            raise MapFileRefused(reason, file_name=path.name, file_format="pbf", place=place)
        header = file.read(length)
        try:
            fields = dict(_fields(header))
            kind, size_bytes = fields[1], fields[3]
        except (KeyError, ValueError):
            reason = "truncated" if len(header) < length else "corrupt"
            raise MapFileRefused(reason, file_name=path.name, file_format="pbf", place=place) from None
        if not isinstance(kind, bytes) or not isinstance(size_bytes, int) or size_bytes > _BLOB_LIMIT_BYTES:
            raise MapFileRefused("corrupt", file_name=path.name, file_format="pbf", place=place)
        blob = file.read(size_bytes)
        if len(blob) < size_bytes:
            raise MapFileRefused("truncated", file_name=path.name, file_format="pbf", place=place)
        yield start, kind, blob


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Read the outermost fields of a protobuf message: varints and byte strings, all that PBF has here."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif key & 7 == 2:  # noqa: PLR2004 - wire type "length delimited"
            length, at = _varint(message, at)
            if at + length > len(message):
                raise ValueError("a field goes beyond its message")
            yield key >> 3, message[at : at + length]
            at += length
        else:
            raise ValueError("a wire type that PBF does not use")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:  # noqa: PLR2004 - bits of the largest varint
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no continuation bit
            return value, at
    raise ValueError("a number without an end")


def _unpacks(blob: bytes) -> bool:
    """Whether the block's content unpacks to the size it claims, itself bounded."""
    try:
        fields = dict(_fields(blob))
        packed, claimed = fields.get(3), fields.get(2, 0)
        if not isinstance(packed, bytes):
            return bool(fields)  # stored raw, or packed in a way that libosmium judges
        if not isinstance(claimed, int) or claimed > _BLOB_LIMIT_BYTES:
            return False
        unpacking = zlib.decompressobj()
        return len(unpacking.decompress(packed, claimed + 1)) == claimed and unpacking.eof
    except (ValueError, zlib.error):
        return False


def _unpacked(path: Path, file_format: str, file: _Hashing) -> Iterator[bytes]:
    """Unpack a stream piece by piece; refuse what is cut off, damaged, or swells like a bomb."""

    def refusal(reason: str) -> MapFileRefused:
        place = {"byte": file.offset_bytes}
        return MapFileRefused(reason, file_name=path.name, file_format=file_format, place=place)

    unpack = _gunzip if file_format == "osm.gz" else _bunzip
    unpacked_bytes = 0
    try:
        for piece in unpack(lambda: file.read(_CHUNK_BYTES)):
            unpacked_bytes += len(piece)
            if unpacked_bytes > _SWELL_FREE_BYTES + _SWELL_LIMIT * file.offset_bytes:
                raise refusal("bomb")
            yield piece
    except EOFError:
        raise refusal("truncated") from None
    except (zlib.error, OSError):
        raise refusal("corrupt") from None


def _gunzip(read: Callable[[], bytes]) -> Iterator[bytes]:
    """Unpack gzip, also several streams in a row; zeros after the last are padding of tapes."""
    data = read()
    while data:
        engine = zlib.decompressobj(31)
        while not engine.eof:
            data = data or read()
            if not data:
                raise EOFError
            yield engine.decompress(data, _CHUNK_BYTES)
            data = engine.unused_data if engine.eof else engine.unconsumed_tail
        data = data.lstrip(b"\0") or read().lstrip(b"\0")


def _bunzip(read: Callable[[], bytes]) -> Iterator[bytes]:
    """Unpack bzip2, also several streams in a row, as parallel packers write them."""
    data = read()
    while data:
        engine = bz2.BZ2Decompressor()
        while not engine.eof:
            if engine.needs_input and not data:
                data = read()
                if not data:
                    raise EOFError
            yield engine.decompress(data, _CHUNK_BYTES)
            data = b""
        data = engine.unused_data or read()


class _RootSeen(Exception):  # noqa: N818 - a signal from inside the parser
    pass


def _check_xml(path: Path, file_format: str, pieces: Iterator[bytes]) -> None:
    """Read up to the root element, which must be ``osm``; refuse every declaration of types or entities."""
    parser = expat.ParserCreate()
    seen: list[str] = []

    def declared(*_: object) -> None:
        place = {"line": parser.CurrentLineNumber, "column": parser.CurrentColumnNumber}
        raise MapFileRefused("declares_entities", file_name=path.name, file_format=file_format, place=place)

    def started(name: str, _: object) -> None:
        seen.append(name)
        raise _RootSeen

    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = started
    head_bytes = 0
    for piece in pieces:
        if not seen and head_bytes < _XML_HEAD_BYTES:
            _feed(parser, piece[:_XML_HEAD_BYTES], path, file_format)
            head_bytes += len(piece)
    if seen != ["osm"]:
        raise MapFileRefused(
            "history" if seen == ["osmChange"] else "not_osm",
            file_name=path.name,
            file_format=file_format,
            place={"line": parser.CurrentLineNumber, "column": parser.CurrentColumnNumber},
        )


def _feed(parser: expat.XMLParserType, piece: bytes, path: Path, file_format: str) -> None:
    try:
        parser.Parse(piece, False)  # noqa: FBT003 - the signature of expat
    except _RootSeen:
        pass
    except expat.ExpatError as fault:
        raise MapFileRefused(
            "corrupt",
            file_name=path.name,
            file_format=file_format,
            place={"line": fault.lineno, "column": fault.offset},
            detail=expat.ErrorString(fault.code),
        ) from None
