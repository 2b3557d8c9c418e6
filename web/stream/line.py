"""What a reader hears through, whatever carries it: a websocket, an event stream, or answer after answer.

Everything that decides who is told what, and when, is here and in `web.stream.hub`; a kind of line only
carries frames.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Callable, Sequence
    from uuid import UUID

    from web.stream.hub import Feed, Reader
    from web.stream.limits import Limits


class Line(ABC):
    """One conversation with one client; a reader is behind it once it has signed in.

    Attributes
    ----------
    takes_passes : bool
        Whether it may be opened with a pass of ours instead of a ticket (see `web.stream.passes`).
    was_live : bool
        Whether the client that shows a pass had been told everything there was.
    """

    takes_passes = False
    was_live = False
    limits: Limits
    loop: asyncio.AbstractEventLoop
    is_attached = False
    reader: Reader  # these three are there once it is attached
    feed: Feed
    session_id: UUID
    _is_pump_due = False

    # ---- what a kind of line brings ------------------------------------------------------------------

    @property
    @abstractmethod
    def address(self) -> str:
        """Return where the client comes from."""

    @property
    @abstractmethod
    def is_open(self) -> bool:
        """Whether anything can still be said."""

    @property
    @abstractmethod
    def is_full(self) -> bool:
        """Whether the buffer is full; the line pumps by itself when it has room again."""

    @property
    @abstractmethod
    def room_bytes(self) -> int:
        """Return how much may be written now."""

    @abstractmethod
    async def first_word(self) -> str | bytes:
        """Return the first message of the client."""

    @abstractmethod
    def further_words(self) -> AsyncIterator[str | bytes]:
        """Yield what else the client says, until the line is at its end."""

    @abstractmethod
    def put(self, out: Sequence[bytes]) -> None:
        """Write frames."""

    @abstractmethod
    def watch(self, token: bytes) -> None:
        """Ask whether the other end is there; close the line when it has been silent for too long.

        Called at every sweep once the line is attached, with a token of that sweep.
        """

    @abstractmethod
    def dismiss(self, code: int, reason: str) -> None:
        """Close the line without waiting; one that does not take the farewell is cut off."""

    @abstractmethod
    async def part(self, code: int, reason: str) -> None:
        """Close the line and wait until the other end has heard it, or has had its time."""

    # ---- what all have in common ---------------------------------------------------------------------

    def attach(self, feed: Feed, reader: Reader, session_id: UUID) -> None:
        """Put the reader behind the line."""
        self.feed = feed
        self.reader = reader
        self.session_id = session_id
        self.is_attached = True

    def greet(self, hello: bytes, write_pass: Callable[[], str]) -> None:  # noqa: ARG002 - others need it
        """Say the first frame."""
        self.post(hello)

    def post(self, frame: bytes) -> None:
        """Write one ready frame, unless the line is being closed."""
        if self.is_open:
            self.put([frame])

    def pump(self) -> None:
        """Write what there is for the reader, while there is room in the buffer."""
        if not self.is_attached or not self.is_open:
            return
        reader = self.reader
        out = self.feed.take(reader, max(0, self.room_bytes), self.loop.time())
        if out:
            self.put(out)
        if reader.farewell is not None:
            self.dismiss(*reader.farewell)
        elif reader.behind_since_s is not None and not self.is_full and not self._is_pump_due:
            self._is_pump_due = True
            self.loop.call_soon(self._pump_again)

    def _pump_again(self) -> None:
        self._is_pump_due = False
        self.pump()
