"""The outermost layer: headers that every answer carries, and one answer for every fault of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import Request

from search_ops.settings import LOOPBACK_NAMES, Settings
from web import errors

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger()

_YEAR_S: Final = 31_536_000


def content_security_policy(configured: Settings) -> str:
    """Return what a page of ours may load: from us and the stream, and from nowhere else.

    Style *attributes* are allowed: the map library positions its markers with them; style elements are not.
    """
    return "; ".join(
        [
            "default-src 'self'",
            f"connect-src 'self' {' '.join(stream_origins(configured))}",
            "worker-src 'self' blob:",
            "img-src 'self' data: blob:",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


def stream_origins(configured: Settings) -> tuple[str, ...]:
    """Return where pages may hear the live stream, by socket or not; on loopback all names are one place."""
    parts = urlsplit(configured.public_stream_url)
    schemes = (parts.scheme, parts.scheme.replace("ws", "http", 1))
    if parts.hostname not in LOOPBACK_NAMES:
        return tuple(f"{scheme}://{parts.netloc}" for scheme in schemes)
    port = f":{parts.port}" if parts.port else ""
    names = [name for name in LOOPBACK_NAMES if ":" not in name]  # browsers refuse IPv6 in a policy
    return tuple(f"{scheme}://{name}{port}" for scheme in schemes for name in names)


class Edge:
    """ASGI middleware around everything else.

    Parameters
    ----------
    app : ASGIApp
        What it surrounds.
    configured : Settings
        Decide about the policy for pages.
    """

    def __init__(self, app: ASGIApp, configured: Settings) -> None:
        self._app = app
        self._headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=()",
            "Content-Security-Policy": content_security_policy(configured),
        }
        if configured.is_https:
            self._headers["Strict-Transport-Security"] = f"max-age={_YEAR_S}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the headers of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_completed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")  # personal data unless a route says otherwise
            await send(message)

        try:
            await self._app(scope, receive, send_completed)
        except Exception:
            if started:
                raise
            log.exception("unexpected fault", method=scope["method"], route=_template(scope))
            await errors.unexpected(Request(scope))(scope, receive, send_completed)


def _template(scope: Scope) -> str:
    """Return the route, never the path itself: it may hold a code."""
    return str(getattr(scope.get("route"), "path", "unknown"))
