"""`search-ops watch`: follows one search live from anywhere, and shows integrators how that is done.

The page `web/stream/PROTOCOL.md` in code: a ticket, one socket, every number once and in order, a snapshot
when told to reset, and coming back after a random time that grows. Nothing of the server's own is used.
"""

from __future__ import annotations

import json
import random
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from search_ops.installation import InstallationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from websockets.sync.client import ClientConnection

_LEAST_S, _MOST_S = 0.5, 15.0
_PINGS_OF_SILENCE: Final = 2.2
_PATIENCE_S: Final = 20.0
_NOT_YOURS, _EPOCH_CHANGED = 4403, 4409
_GONE: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


def sign_in(url: str, login: str, password: str) -> str:
    """Return a token of a signed-in account.

    Raises
    ------
    InstallationError
        The server refuses, or does not answer.
    """
    try:
        return str(_call(url, "/api/session", {"login": login, "password": password})["token"])
    except urllib.error.HTTPError as refused:
        raise InstallationError("watch-sign-in-refused", status=refused.code) from None
    except OSError as fault:
        raise InstallationError("watch-no-answer", url=url, why=str(fault)) from None


@dataclass
class Watch:
    """One search as it is followed.

    Attributes
    ----------
    url : str
        Of the server, without a slash at its end.
    seq : int
        The newest number that was heard; the next is always one more.
    """

    url: str
    operation_id: str
    token: str
    epoch: str | None = None
    seq: int = 0
    pause: Callable[[float], None] = time.sleep
    _attempt: int = field(default=0, init=False)
    _classes: str | None = field(default=None, init=False)

    def follow(self) -> Iterator[dict[str, Any]]:
        """Yield what is heard, for ever: `event`, `live`, `position` and `progress` frames.

        After a reset a frame ``{"type": "snapshot", "epoch", "seq", "state"}`` of our own making stands in
        the place of all events up to its number.

        Raises
        ------
        InstallationError
            The search is not there, is not ours to read, or the session is over.
        """
        while True:
            try:
                yield from self._once()
            except urllib.error.HTTPError as refused:
                if refused.code in _GONE:
                    raise InstallationError("watch-refused", status=refused.code) from None
            except ConnectionClosed as closed:
                code = None if closed.rcvd is None else closed.rcvd.code
                if code == _NOT_YOURS:
                    raise InstallationError("watch-refused", status=code) from None
                if code == _EPOCH_CHANGED:
                    self.epoch, self.seq, self._classes = None, 0, None
            except (OSError, WebSocketException):
                pass  # a dead network or a server that restarts: both end
            ceiling_s = min(_MOST_S, _LEAST_S * 2**self._attempt)
            self._attempt += 1
            self.pause(random.uniform(_LEAST_S, max(_LEAST_S, ceiling_s)))  # noqa: S311 - no secret

    def _once(self) -> Iterator[dict[str, Any]]:
        ticket = self._ask("stream-ticket", {})
        resume = None
        if self.epoch is not None:
            resume = {"epoch": self.epoch, "after": self.seq}
            resume |= {} if self._classes is None else {"classes": self._classes}
        with connect(ticket["url"], compression=None, max_size=None, proxy=None) as socket:
            socket.send(json.dumps({"type": "auth", "ticket": ticket["ticket"], "resume": resume}))
            silence_s = _PATIENCE_S
            while True:
                frame: dict[str, Any] = json.loads(socket.recv(silence_s))
                if frame["type"] == "hello":
                    silence_s = frame["ping_s"] * _PINGS_OF_SILENCE
                    self.epoch, self._classes = self.epoch or frame["epoch"], frame["classes"]
                elif frame["type"] == "reset":
                    yield self._begin_from_snapshot(socket)
                elif frame["type"] != "event":
                    self._attempt = 0 if frame["type"] == "live" else self._attempt
                    if frame["type"] != "ping":
                        yield frame
                elif frame["event"]["seq"] > self.seq:
                    self.seq = frame["event"]["seq"]
                    yield frame

    def _begin_from_snapshot(self, socket: ClientConnection) -> dict[str, Any]:
        snapshot = self._ask("snapshot")
        self.epoch, self.seq, self._classes = snapshot["epoch"], snapshot["seq"], None
        socket.send(json.dumps({"type": "resume", "epoch": self.epoch, "after": self.seq}))
        return {"type": "snapshot", **snapshot}

    def _ask(self, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return _call(self.url, f"/api/operations/{self.operation_id}/{what}", body, self.token)


def _call(
    url: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
) -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data, headers)  # noqa: S310 - the address is the operator's
    with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:  # noqa: S310
        content: dict[str, Any] = json.loads(answer.read())
    return content
