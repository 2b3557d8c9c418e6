"""Lines for networks that break websockets: the same frames in one long answer, or in one after another.

Each begins with a POST of what a websocket's first message would be, so that nothing secret stands in an
address. What a client says later is a POST as well, with a pass, which begins the next answer: no process
need remember a client between two of them, and any process may give the next one.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING

from web.stream import frames
from web.stream.limits import CLOSE_TOO_SLOW
from web.stream.line import Line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from web.stream.exchange import Exchange
    from web.stream.limits import Limits

EVENT_STREAM = "text/event-stream"
JSON = "application/json"


class HttpLine(Line):
    """A line whose client speaks once, before it listens."""

    takes_passes = True

    def __init__(self, exchange: Exchange, said: str, limits: Limits) -> None:
        self.exchange = exchange
        self.limits = limits
        self.loop = asyncio.get_running_loop()
        self._said = said
        self._ended = asyncio.Event()
        self._write_pass: Callable[[], str] | None = None
        self._begun_s = self.loop.time()

    @property
    def address(self) -> str:
        """Return where the client comes from."""
        return self.exchange.address

    @property
    def is_open(self) -> bool:
        """Whether anything can still be said."""
        return not self._ended.is_set()

    async def first_word(self) -> str:
        """Return the body of the request."""
        return self._said

    async def further_words(self) -> AsyncIterator[str]:
        """Wait for the end: what the client says later is a request of its own."""
        await self._ended.wait()
        if self.is_open:  # never; but what yields nothing at all is no generator
            yield self._said

    def greet(self, hello: bytes, write_pass: Callable[[], str]) -> None:
        """Say the first frame, and with what to go on."""
        self._write_pass = write_pass
        self.put([hello])

    def put(self, out: Sequence[bytes]) -> None:
        """Write frames; after a reset the next word is the client's, so the answer ends."""
        ends = any(map(frames.is_reset, out))
        self.carry([*([self.pass_frame()] if ends else ()), *map(frames.body, out)])
        if ends:
            self.end()

    def pass_frame(self) -> bytes:
        """Return the message that hands the client its next pass."""
        assert self._write_pass is not None
        return frames.body(frames.pass_(self._write_pass()))

    def go_again(self) -> None:
        """End an answer that is to be followed by the next."""
        self.carry([self.pass_frame(), frames.body(frames.AGAIN)])
        self.end()

    def dismiss(self, code: int, reason: str) -> None:
        """Say why and end the answer."""
        if self.is_open:
            self.carry([frames.body(frames.close(code, reason))])
            self.end()

    async def part(self, code: int, reason: str) -> None:
        """Say why and end the answer."""
        self.dismiss(code, reason)

    def end(self) -> None:
        """End the answer."""
        if self.is_open:
            self._ended.set()
            self.finish()

    def vanished(self) -> None:
        """Take notice that the connection is gone."""
        self._ended.set()

    @abstractmethod
    def carry(self, bodies: Sequence[bytes]) -> None:
        """Write messages."""

    @abstractmethod
    def finish(self) -> None:
        """Complete the answer."""


class EventStreamLine(HttpLine):
    """One long answer of server-sent events.

    Nothing comes back, so that a client is held to be there while the connection takes what we write; and
    now and then the answer ends and has to be asked for again, which shows that somebody is.
    """

    def __init__(self, exchange: Exchange, said: str, limits: Limits) -> None:
        super().__init__(exchange, said, limits)
        self._pinged_s = self._emptied_s = self._begun_s
        exchange.begin(EVENT_STREAM)

    @property
    def is_full(self) -> bool:
        """Whether the buffer is full; the exchange pumps when it has room again."""
        return self.exchange.is_paused

    @property
    def room_bytes(self) -> int:
        """Return how much may be written now; one byte more, as for a socket."""
        return self.limits.buffer_bytes - self.exchange.buffered_bytes + 1

    def greet(self, hello: bytes, write_pass: Callable[[], str]) -> None:
        """Say the first frame, and with what to go on should the connection break."""
        super().greet(hello, write_pass)
        self.carry([self.pass_frame()])

    def carry(self, bodies: Sequence[bytes]) -> None:
        """Write messages, each as one event."""
        self.exchange.send(b"".join(b"data: " + body + b"\n\n" for body in bodies))

    def finish(self) -> None:
        """Complete the answer; a connection that does not take its end is cut off."""
        self.exchange.complete()

    def watch(self, token: bytes) -> None:  # noqa: ARG002 - nobody sends it back
        """Say that we are there; close when what we wrote has not left us for too long."""
        now_s = self.loop.time()
        if self.feed.reset_if_slow(self.reader, now_s):
            self.pump()
        if not self.is_open:
            return
        if self.exchange.buffered_bytes == 0:
            self._emptied_s = now_s
        if now_s - self._emptied_s >= self.limits.pong_s:
            self.dismiss(CLOSE_TOO_SLOW, "silent")
        elif now_s - self._begun_s >= self.limits.answer_s:
            self.go_again()
        elif now_s - self._pinged_s >= self.limits.ping_s - self.limits.sweep_s:
            self._pinged_s = now_s
            self.carry([frames.body(frames.PING), self.pass_frame()])


class PollLine(HttpLine):
    """One answer: what is new now, or what is new as soon as something is, or after a while a `ping`."""

    def __init__(self, exchange: Exchange, said: str, limits: Limits) -> None:
        super().__init__(exchange, said, limits)
        self._bodies: list[bytes] = []
        self._held_bytes = 0
        self._is_due = False

    @property
    def is_full(self) -> bool:
        """Whether the answer is as long as it may be; what did not fit is asked for with the next."""
        return self.room_bytes <= 0

    @property
    def room_bytes(self) -> int:
        """Return how much the answer still takes."""
        return self.limits.buffer_bytes - self._held_bytes

    def put(self, out: Sequence[bytes]) -> None:
        """Collect frames; the first that is news ends the waiting, a moment later for what comes with it."""
        super().put(out)
        if self.is_open and not self._is_due and any(self._is_news(one) for one in out):
            self._is_due = True
            self.loop.call_later(self.limits.gather_s, self._answer)

    def _is_news(self, frame: bytes) -> bool:
        return frames.is_news(frame) or (frames.is_live(frame) and not self.was_live)

    def _answer(self) -> None:
        if self.is_open:
            self.go_again()

    def carry(self, bodies: Sequence[bytes]) -> None:
        """Collect messages."""
        self._bodies += bodies
        self._held_bytes += sum(map(len, bodies))

    def finish(self) -> None:
        """Send the answer."""
        self.exchange.answer(b'{"frames":[' + b",".join(self._bodies) + b"]}", JSON)

    def watch(self, token: bytes) -> None:  # noqa: ARG002 - nobody sends it back
        """Answer when nothing has happened for a while: the client is to hear that we are there."""
        if self.loop.time() - self._begun_s >= self.limits.ping_s - self.limits.sweep_s:
            self.carry([frames.body(frames.PING)])
            self.go_again()
