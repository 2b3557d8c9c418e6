"""The newest events of one stream, ready for the socket, bounded in number and bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as its readers get it: whole for whom its class admits, a stub for all others."""

    seq: int
    visibility: str
    whole: bytes
    stub: bytes

    @property
    def size_bytes(self) -> int:
        """Return what it weighs in memory."""
        return len(self.whole) + len(self.stub)


class Ring:
    """Consecutive entries `first` .. `head`; the oldest give way.

    Parameters
    ----------
    after : int
        The ring begins empty behind this number.
    """

    def __init__(self, after: int, *, frames: int, size_bytes: int) -> None:
        self.first = after + 1
        self.head = after
        self.held_bytes = 0
        self._frames = frames
        self._size_bytes = size_bytes
        self._entries: dict[int, Entry] = {}

    def __getitem__(self, seq: int) -> Entry:
        return self._entries[seq]

    def __len__(self) -> int:
        return len(self._entries)

    def append(self, entry: Entry) -> None:
        """Add the next entry.

        Raises
        ------
        ValueError
            It is not the next one: a hole must never pass.
        """
        if entry.seq != self.head + 1:
            raise ValueError(f"event {entry.seq} does not follow {self.head}")
        self._entries[entry.seq] = entry
        self.head = entry.seq
        self.held_bytes += entry.size_bytes
        while len(self._entries) > 1 and not self._fits(0, 0):
            self.held_bytes -= self._entries.pop(self.first).size_bytes
            self.first += 1

    def prepend(self, older: Sequence[Entry]) -> bool:
        """Put entries before the first, newest first while there is room; True when all found room."""
        for entry in reversed(older):
            if entry.seq != self.first - 1:
                raise ValueError(f"event {entry.seq} does not precede {self.first}")
            if not self._fits(1, entry.size_bytes):
                return False
            self._entries[entry.seq] = entry
            self.first = entry.seq
            self.held_bytes += entry.size_bytes
        return True

    def _fits(self, more_frames: int, more_bytes: int) -> bool:
        return (
            len(self._entries) + more_frames <= self._frames
            and self.held_bytes + more_bytes <= self._size_bytes
        )
