"""Snapshots go out packed where the client takes it: megabytes of a large search over a phone's network.

Nothing else that carries personal data does: the stream least of all, where text of others stands beside
secrets in one running compression. Pages of elsewhere cannot ask for a snapshot, so that nobody can measure
guesses by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_LEAST_BYTES: Final = 2_048
_LEVEL: Final = 3  # the server's time counts too: level 9 takes six times as long for a tenth less


class PackedSnapshots:
    """ASGI middleware: gzip for snapshots alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._packed = GZipMiddleware(app, minimum_size=_LEAST_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        is_snapshot = scope["type"] == "http" and scope["path"].endswith("/snapshot")
        await (self._packed if is_snapshot else self._plain)(scope, receive, send)
