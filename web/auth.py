"""Who holds which key: bearer token or cookie, and whether a browser of ours sent the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from search_ops.errors import SearchOpsError

if TYPE_CHECKING:
    from fastapi import Request, Response

    from search_ops.settings import Settings

_LONGEST_TOKEN: Final = 200


class NotSignedIn(SearchOpsError):  # noqa: N818 - reads as a statement
    """No session, or one that is over."""

    def __init__(self) -> None:
        super().__init__("not_signed_in")


class OriginRefused(SearchOpsError):  # noqa: N818
    """A page that is not ours used the cookie of this browser."""

    def __init__(self) -> None:
        super().__init__("origin_refused")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key as it was presented."""

    token: str
    by_cookie: bool


def cookie_name(configured: Settings) -> str:
    """Return the name of the session cookie.

    The prefix makes browsers insist on Secure, Path=/ and no Domain; over plain HTTP, where a laptop serves a
    camp, clients other than Chromium would drop such a cookie.
    """
    return "__Host-session" if configured.is_https else "session"


def set_cookie(response: Response, configured: Settings, token: str, max_age_s: int) -> None:
    """Give the browser the key in a cookie that page scripts cannot read."""
    response.set_cookie(
        cookie_name(configured),
        token,
        max_age=max_age_s,
        path="/",
        secure=configured.is_https,
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, configured: Settings) -> None:
    """Take the key away from the browser."""
    response.delete_cookie(
        cookie_name(configured), path="/", secure=configured.is_https, httponly=True, samesite="lax"
    )


def credentials(request: Request, configured: Settings) -> Credentials | None:
    """Return the presented key; a bearer token goes before a cookie."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        token = token.strip()
        usable = scheme.lower() == "bearer" and 0 < len(token) <= _LONGEST_TOKEN
        return Credentials(token, by_cookie=False) if usable else None
    token = request.cookies.get(cookie_name(configured), "")
    return Credentials(token, by_cookie=True) if 0 < len(token) <= _LONGEST_TOKEN else None


def check_origin(request: Request, configured: Settings, *, by_cookie: bool) -> None:
    """Refuse an unsafe request that a foreign page had this browser send.

    A cookie travels with requests that other sites cause; a bearer token does not. Without a cookie a foreign
    Origin is refused too: signing somebody in from another site is an attack of its own.

    Raises
    ------
    OriginRefused
        The Origin is not ours, or a cookie came without any sign of where the request was made.
    """
    origin = request.headers.get("origin")
    if origin is not None:
        if origin not in configured.origins and not _same_host(origin, request.headers.get("host", "")):
            raise OriginRefused
    elif by_cookie and request.headers.get("sec-fetch-site") != "same-origin":
        raise OriginRefused


def _same_host(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and parts.netloc.lower() == host.lower()
