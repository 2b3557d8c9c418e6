"""Plain HTTP on the stream's port: what a POST of the first message is answered with.

`websockets` reads no request with a body and closes after each answer, so that these few requests are read
here, by the parser of uvicorn. Browsers are let in by `Origin`, as at the socket; the body is `text/plain`,
which a browser sends to another port without asking first.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import httptools

from web.stream.exchange import Exchange
from web.stream.http_lines import EVENT_STREAM, EventStreamLine, HttpLine, PollLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from web.stream.limits import Limits

PATH = "/stream"
_HEAD_BYTES = 16 * 2**10
_BARE = frozenset({PATH, f"{PATH}/"})


class HttpConnection(asyncio.Protocol):
    """One connection: requests one after another, each with its line.

    Parameters
    ----------
    receive : callable
        Handles a line from its beginning to its end.
    origins : frozenset of str
        Whose pages may ask.
    tasks : set of asyncio.Task
        Where what is being done stands, also after the connection has gone.
    """

    transport: asyncio.Transport

    def __init__(
        self,
        receive: Callable[[HttpLine], Awaitable[None]],
        origins: frozenset[str],
        limits: Limits,
        tasks: set[asyncio.Task[None]],
    ) -> None:
        self._receive = receive
        self._tasks = tasks
        self._origins = origins
        self._limits = limits
        self._loop = asyncio.get_running_loop()
        self._line: HttpLine | None = None
        self._exchange: Exchange | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._renew()

    def _renew(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._body = b""
        self._head_bytes = 0
        self._is_too_long = False

    @property
    def address(self) -> str:
        """Return where the client comes from."""
        peer = self.transport.get_extra_info("peername")
        return str(peer[0]) if peer else ""

    # ---- of asyncio ----------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give the client its time to say what it wants."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(self._limits.buffer_bytes, self._limits.buffer_bytes // 4)
        self._cut_off_after(self._limits.sign_in_s)

    def data_received(self, data: bytes) -> None:
        """Read on; whoever speaks before he was answered, or not HTTP, is cut off."""
        if self._exchange is not None:
            self.transport.abort()
            return
        self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.transport.abort()
            return
        if self._exchange is None and self._head_bytes > _HEAD_BYTES + self._limits.message_bytes:
            self.transport.abort()

    def pause_writing(self) -> None:
        """Hold back what there is."""
        if self._exchange is not None:
            self._exchange.is_paused = True

    def resume_writing(self) -> None:
        """Go on where the full buffer stopped us."""
        if self._exchange is not None:
            self._exchange.is_paused = False
        if self._line is not None:
            self._line.pump()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - an end like any other
        """Tell the line."""
        if self._deadline is not None:
            self._deadline.cancel()
        if self._line is not None:
            self._line.vanished()

    # ---- of the parser -------------------------------------------------------------------------------

    def on_url(self, url: bytes) -> None:
        """Collect the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Collect a header; the last of its name counts, but an `Origin` may stand there once."""
        key = name.lower()
        self._headers[key] = b"" if key == b"origin" and key in self._headers else value

    def on_body(self, body: bytes) -> None:
        """Collect the message, as long as a message may be."""
        if len(self._body) + len(body) > self._limits.message_bytes:
            self._is_too_long = True
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """Answer."""
        if self._exchange is not None:  # two requests at once: only the first was asked for
            self.transport.abort()
            return
        if self._deadline is not None:
            self._deadline.cancel()
        exchange = self._exchange = Exchange(
            self.transport,
            self.address,
            self.answered,
            self._origin,
            chunked=self._parser.get_http_version() == "1.1",
            kept=self._parser.should_keep_alive(),
        )
        refusal = self._refusal()
        if refusal is not None:
            exchange.refuse(refusal)
            return
        self._begin(exchange)

    @property
    def _origin(self) -> str | None:
        """Return the page that asks, when it is one of ours."""
        origin = self._headers.get(b"origin", b"").decode("latin-1")
        return origin if origin in self._origins else None

    def _refusal(self) -> HTTPStatus | None:
        """Return why this is no request for a stream."""
        if urlsplit(self._url.decode("latin-1")).path not in _BARE:
            return HTTPStatus.NOT_FOUND
        if b"origin" in self._headers and self._origin is None:
            return HTTPStatus.FORBIDDEN
        if self._parser.get_method() != b"POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if self._is_too_long:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None

    # ---- lines ---------------------------------------------------------------------------------------

    def _begin(self, exchange: Exchange) -> None:
        said = self._body.decode("utf-8", "replace")
        wants_events = EVENT_STREAM.encode() in self._headers.get(b"accept", b"")
        kind: Any = EventStreamLine if wants_events else PollLine
        self._line = kind(exchange, said, self._limits)
        task = self._loop.create_task(self._serve(self._line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, line: HttpLine) -> None:
        try:
            await self._receive(line)
        finally:
            line.end()

    def answered(self, is_kept: bool) -> None:  # noqa: FBT001 - a callback with one word to say
        """Be ready for the next request, or for the end, whichever the client wished."""
        self._line = None
        if is_kept:
            self._exchange = None
            self._loop.call_soon(self._renew)  # the parser may still be in the middle of this request
        else:
            self.transport.close()  # what is in the buffer still goes out
        # A client that takes nothing, or asks for nothing, does not keep its place.
        self._cut_off_after(self._limits.pong_s)

    def dismiss(self, code: int, reason: str) -> None:
        """Say farewell to the line, or cut off a connection that has none."""
        if self._line is not None:
            self._line.dismiss(code, reason)
        self.transport.close()

    def _cut_off_after(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self._loop.call_later(seconds, self.transport.abort)
