"""One websocket: counts what comes in, writes what fits, and knows when the other end is gone.

Frames are written straight to the transport as ready bytes, which is sound because nothing else writes data
frames here: no compression, no masking, no fragmented sends. `websockets` keeps the handshake, the parsing,
the control frames and the closing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from websockets.asyncio.server import ServerConnection
from websockets.frames import Frame, Opcode
from websockets.protocol import State

from web.stream import frames
from web.stream.limits import CLOSE_TOO_MANY, CLOSE_TOO_SLOW, Bucket, Limits
from web.stream.line import Line

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Sequence

    from websockets.http11 import Request, Response


class Socket(ServerConnection, Line):
    """A line over a websocket."""

    def __init__(self, *args: Any, limits: Limits, **options: Any) -> None:
        super().__init__(*args, **options)
        self.limits = limits
        self._bucket = Bucket(limits.messages_per_s, self.loop.time())
        self._closing: asyncio.Task[None] | None = None
        self._asked: bytes | None = None
        self._asked_at_s = 0.0
        self._pinged_at_s = self.loop.time()

    @property
    def address(self) -> str:
        """Return where the client comes from."""
        return str(self.remote_address[0])

    @property
    def is_open(self) -> bool:
        """Whether anything can still be said."""
        return self.protocol.state is State.OPEN

    @property
    def is_full(self) -> bool:
        """Whether the buffer is full; `resume_writing` pumps when it has room again."""
        return self.paused

    @property
    def room_bytes(self) -> int:
        """Return how much may be written now.

        One byte more than the limit, so that a full buffer always passes the mark of `pause_writing`.
        """
        return self.limits.buffer_bytes - self.transport.get_write_buffer_size() + 1

    # ---- in ----------------------------------------------------------------------------------------

    async def first_word(self) -> str | bytes:
        """Return the first message of the client."""
        return await self.recv()

    async def further_words(self) -> AsyncIterator[str | bytes]:
        """Yield what else the client says, until the line is at its end."""
        async for data in self:
            yield data

    def process_event(self, event: Request | Response | Frame) -> None:
        """Count frames before anybody reads them, and take notice of answered pings."""
        super().process_event(event)
        if not isinstance(event, Frame):
            return
        if event.opcode is Opcode.PONG:
            if bytes(event.data) == self._asked:
                self._asked = None
        elif event.opcode is not Opcode.CLOSE and not self._bucket.take(self.loop.time()):
            self.dismiss(CLOSE_TOO_MANY, "too_many_messages")

    # ---- out ---------------------------------------------------------------------------------------

    def put(self, out: Sequence[bytes]) -> None:
        """Write frames."""
        self.transport.write(b"".join(out))

    def resume_writing(self) -> None:
        """Go on where the full buffer stopped us."""
        super().resume_writing()
        self.pump()

    # ---- time --------------------------------------------------------------------------------------

    def watch(self, token: bytes) -> None:
        """Ask whether the other end is there; close the socket when it has not answered for too long."""
        now_s = self.loop.time()
        if self.feed.reset_if_slow(self.reader, now_s):
            self.pump()
        if self._asked is not None:
            if now_s - self._asked_at_s >= self.limits.pong_s:
                self.dismiss(CLOSE_TOO_SLOW, "silent")
        elif now_s - self._pinged_at_s >= self.limits.ping_s - self.limits.sweep_s:
            self._asked, self._asked_at_s, self._pinged_at_s = token, now_s, now_s
            self.post(frames.ping(token))

    def dismiss(self, code: int, reason: str) -> None:
        """Close the socket without waiting; one that does not take the farewell is cut off."""
        if self._closing is not None:
            return
        self._closing = self.loop.create_task(self.close(code, reason))
        # `close` would wait for ever for room in a buffer that nobody empties.
        self.loop.call_later(self.limits.close_s, self.transport.abort)

    async def part(self, code: int, reason: str) -> None:
        """Close the socket and wait until the other end has heard it."""
        await self.close(code, reason)
