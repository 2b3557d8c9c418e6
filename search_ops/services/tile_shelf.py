"""Tiles kept ready in this process, up to a number of bytes; the longest unused give way."""

from collections import OrderedDict


class TileShelf:
    """Bytes by name.

    Parameters
    ----------
    limit_bytes
        How much is kept.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0

    @property
    def kept_bytes(self) -> int:
        """How much the kept tiles take."""
        return self._bytes

    def get(self, name: str) -> bytes | None:
        """Return a tile that is kept, or None."""
        found = self._kept.get(name)
        if found is not None:
            self._kept.move_to_end(name)
        return found

    def put(self, name: str, content: bytes) -> None:
        """Keep a tile."""
        self._bytes += len(content) - len(self._kept.pop(name, b""))
        self._kept[name] = content
        while self._bytes > self._limit_bytes and self._kept:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= len(gone)
