"""Passes: how a client without a socket goes on from one answer to the next.

A ticket opens once and costs the database a write; a client that polls would need one every few seconds. A
pass is what we said ourselves, signed with a key of this installation, so that any of its stream processes
can read it: whose session, which stream, until when. It opens nothing for a session that is over: whoever
shows it is looked up each time, and what he may read follows from his grants at that moment.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson

_LABEL: Final = b"search-ops stream pass 1"


@dataclass(frozen=True, slots=True)
class Pass:
    """Whose session goes on with which stream.

    Attributes
    ----------
    board : (str, int)
        Which board its client has seen, and up to which version (`web.stream.hub.Board`).
    is_live : bool
        Whether its client had everything there was, so that it need not be told so again.
    """

    session_id: UUID
    stream_id: str
    board: tuple[str, int]
    is_live: bool


class Passes:
    """Writes passes and reads them.

    Parameters
    ----------
    kek : bytes
        The secret of the installation that the key is made from.
    lives_s : float
        For how long a pass opens: as long as a snapshot may take to arrive.
    """

    def __init__(self, kek: bytes, lives_s: float) -> None:
        self._key = hmac.digest(kek, _LABEL, "sha256")
        self._lives_s = lives_s

    def write(self, written: Pass) -> str:
        """Return the pass as text."""
        until = time.time() + self._lives_s
        body = orjson.dumps(
            [str(written.session_id), written.stream_id, *written.board, written.is_live, until]
        )
        return f"{_text(body)}.{_text(self._sign(body))}"

    def read(self, text: str) -> Pass | None:
        """Return what the pass says; None when it is not ours or too old."""
        written, _, signature = text.partition(".")
        try:
            body = base64.urlsafe_b64decode(written.encode("ascii"))
            signed = base64.urlsafe_b64decode(signature.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            return None
        if not hmac.compare_digest(self._sign(body), signed):
            return None
        session_id, stream_id, board, version, is_live, until = orjson.loads(body)
        if time.time() > until:
            return None
        return Pass(UUID(session_id), stream_id, (board, version), is_live)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii")
