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

if TYPE_CHECKING:
    import asyncio
    from uuid import UUID

    from websockets.http11 import Request, Response

    from web.stream.hub import Feed, Reader


class Socket(ServerConnection):
    """A connection with a reader behind it once it has signed in."""

    def __init__(self, *args: Any, limits: Limits, **options: Any) -> None:
        super().__init__(*args, **options)
        self.limits = limits
        self.is_attached = False
        self.reader: Reader  # these three are there once it is attached
        self.feed: Feed
        self.session_id: UUID
        self._bucket = Bucket(limits.messages_per_s, self.loop.time())
        self._closing: asyncio.Task[None] | None = None
        self._is_pump_due = False
        self._asked: bytes | None = None
        self._asked_at_s = 0.0
        self._pinged_at_s = self.loop.time()

    def attach(self, feed: Feed, reader: Reader, session_id: UUID) -> None:
        """Put the reader behind the socket."""
        self.feed = feed
        self.reader = reader
        self.session_id = session_id
        self.is_attached = True

    # ---- in ----------------------------------------------------------------------------------------

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

    def post(self, data: bytes) -> None:
        """Write ready frames, unless the socket is being closed."""
        if self.protocol.state is State.OPEN:
            self.transport.write(data)

    def pump(self) -> None:
        """Write what there is for the reader, while there is room in the buffer."""
        if not self.is_attached or self.protocol.state is not State.OPEN:
            return
        reader = self.reader
        # One byte more than the limit, so that a full buffer always passes the mark of `pause_writing`.
        room_bytes = self.limits.buffer_bytes - self.transport.get_write_buffer_size() + 1
        out = self.feed.take(reader, max(0, room_bytes), self.loop.time())
        if out:
            self.transport.write(b"".join(out))
        if reader.farewell is not None:
            self.dismiss(*reader.farewell)
        elif reader.behind_since_s is not None and not self.paused and not self._is_pump_due:
            self._is_pump_due = True
            self.loop.call_soon(self._pump_again)

    def _pump_again(self) -> None:
        self._is_pump_due = False
        self.pump()

    def resume_writing(self) -> None:
        """Go on where the full buffer stopped us."""
        super().resume_writing()
        self.pump()

    # ---- time --------------------------------------------------------------------------------------

    def watch(self, token: bytes) -> None:
        """Ask whether the other end is there; close the socket when it has not answered for too long.

        Called at every sweep once the socket is attached, with a token of that sweep.
        """
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
