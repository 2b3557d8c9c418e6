"""The door of the stream's port: looks at the first word of a connection and hands it to whom it is for.

Both protocols live on one port, so that whoever can reach one can reach the other, and so that a reverse
proxy, a firewall and a second stream process have one address to know.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from web.stream.http_connection import HttpConnection
from web.stream.socket import Socket

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from web.stream.http_lines import HttpLine
    from web.stream.limits import Limits

# A websocket begins with GET, as do the two questions after health, which `websockets` answers too.
_PLAIN = (b"POST", b"OPTI", b"HEAD", b"PUT ", b"DELE", b"PATC")
_WORD_BYTES = 4


class Porch:
    """What all doors of a process share: the plain connections behind them, and what is done for them."""

    def __init__(
        self, receive: Callable[[HttpLine], Awaitable[None]], origins: tuple[str, ...], limits: Limits
    ) -> None:
        self.connections: set[HttpConnection] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.limits = limits
        self._receive = receive
        self._origins = frozenset(origins)

    def open_door(self, *args: Any, **options: Any) -> Door:
        """Return what a new connection meets; made in the place of a websocket connection."""
        return Door(self, lambda: Socket(*args, limits=self.limits, **options))

    def plain(self) -> HttpConnection:
        """Return a connection that speaks plain HTTP."""
        made = _Counted(self._receive, self._origins, self.limits, self.tasks)
        made.porch = self
        return made

    def dismiss_all(self, code: int, farewell: Callable[[], str]) -> None:
        """Send everybody behind a plain connection away, each to come back at another moment."""
        for connection in tuple(self.connections):
            connection.dismiss(code, farewell())


class _Counted(HttpConnection):
    """A connection that its porch knows of while it lasts."""

    porch: Porch

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.porch.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.porch.connections.discard(self)
        super().connection_lost(error)


class Door(asyncio.Protocol):
    """A connection that has not said its first word."""

    transport: asyncio.Transport

    def __init__(self, porch: Porch, make_socket: Callable[[], Socket]) -> None:
        self._porch = porch
        self._make_socket = make_socket
        self._heard = b""
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Give it as much time as for a sign-in."""
        self.transport = cast("asyncio.Transport", transport)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self._porch.limits.sign_in_s, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Hand the connection on as soon as it is clear what it speaks."""
        self._heard += data
        if len(self._heard) < _WORD_BYTES:
            return
        self._part()
        is_plain = self._heard.startswith(_PLAIN)
        protocol: asyncio.Protocol = self._porch.plain() if is_plain else self._make_socket()
        self.transport.set_protocol(protocol)
        protocol.connection_made(self.transport)
        protocol.data_received(self._heard)

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - nobody is behind it yet
        """Forget it."""
        self._part()

    def _part(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
