"""One request on the stream's port and its answer, whole or piece by piece."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

_PLAIN = "text/plain"


class Exchange:
    """One request and its answer, as a line sees it.

    Attributes
    ----------
    address : str
        Where the client comes from.
    is_paused : bool
        Whether the buffer of the connection is full.

    Parameters
    ----------
    answered : callable
        Told once the answer is written whole, and whether the connection is kept for another request.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        address: str,
        answered: Callable[[bool], None],
        origin: str | None,
        *,
        chunked: bool,
        kept: bool,
    ) -> None:
        self.address = address
        self.is_paused = False
        self._transport = transport
        self._answered = answered
        self._origin = origin
        self._is_chunked = chunked
        self._is_kept = kept

    @property
    def buffered_bytes(self) -> int:
        """Return what was written and has not left us."""
        return self._transport.get_write_buffer_size()

    def begin(self, media_type: str) -> None:
        """Begin an answer whose length nobody knows yet."""
        self._is_kept = False
        self._head(HTTPStatus.OK, media_type, "Transfer-Encoding: chunked" if self._is_chunked else None)

    def send(self, data: bytes) -> None:
        """Write a piece of it."""
        self._write(b"%x\r\n%b\r\n" % (len(data), data) if self._is_chunked else data)

    def complete(self) -> None:
        """End it."""
        if self._is_chunked:
            self._write(b"0\r\n\r\n")
        self._answered(False)  # noqa: FBT003 - as declared

    def answer(self, data: bytes, media_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Write a whole answer."""
        self._head(status, media_type, f"Content-Length: {len(data)}")
        self._write(data)
        self._answered(self._is_kept)

    def refuse(self, status: HTTPStatus) -> None:
        """Answer with a status alone."""
        self._is_kept = False
        self.answer(f"{status.phrase.lower()}\n".encode(), _PLAIN, status)

    def _head(self, status: HTTPStatus, media_type: str, framing: str | None) -> None:
        lines = [
            f"HTTP/1.1 {status.value} {status.phrase}",
            f"Content-Type: {media_type}",
            "Cache-Control: no-store, no-transform",
            "X-Accel-Buffering: no",  # a proxy must not wait for the end of an answer that has none
            "X-Content-Type-Options: nosniff",
            "Vary: Origin",
            f"Connection: {'keep-alive' if self._is_kept else 'close'}",
        ]
        if self._origin is not None:
            lines.append(f"Access-Control-Allow-Origin: {self._origin}")
        if framing is not None:
            lines.append(framing)
        self._write("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)
