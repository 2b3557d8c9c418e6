"""What the server says, encoded once: JSON inside an unmasked websocket text frame, the same bytes for all.

A frame is ready for the socket here because the stream uses no compression and never masks: five thousand
readers of one event share one object.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson
from websockets.frames import Frame, Opcode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from search_ops.domain.visibility import ClassSet

JSON = Any
# By the length field of an unmasked frame: lengths of 126 and 127 say that the real one follows.
_HEADER_BYTES = {126: 4, 127: 10}
_RESET = b'{"type":"reset"'
_LIVE = b'{"type":"live"'
_NO_NEWS = (b'{"type":"hello"', _LIVE, b'{"type":"ping"')


def _packed(body: bytes) -> bytes:
    return Frame(Opcode.TEXT, body).serialize(mask=False)


def _message(kind: str, /, **fields: JSON) -> bytes:
    return _packed(orjson.dumps({"type": kind, **fields}))


def event(wire: Mapping[str, JSON]) -> bytes:
    """Return the frame of an event, whole, in the form of lists (CONTRACT 3)."""
    return _message("event", event=wire)


def stub(seq: int) -> bytes:
    """Return the frame of an event that the reader may not see: its number alone."""
    return _packed(b'{"type":"event","event":{"seq":%d}}' % seq)


def hello(*, epoch: str, head: int, backed_up_seq: int, ping_s: float, classes: str, at: str) -> bytes:
    """Return the first frame of a socket that signed in."""
    return _message(
        "hello",
        epoch=epoch,
        head=head,
        backed_up_seq=backed_up_seq,
        ping_s=ping_s,
        classes=classes,
        at=at,
    )


def live(seq: int) -> bytes:
    """Return the frame that says: you now have everything there is."""
    return _message("live", seq=seq)


def reset(reason: str, snapshot_url: str) -> bytes:
    """Return the frame that sends the reader to a snapshot."""
    return _message("reset", reason=reason, snapshot_url=snapshot_url)


def position(team_id: str | None, positions: Sequence[Mapping[str, JSON]]) -> bytes:
    """Return the frame with the last fixes of a team's members (or of one person in no team)."""
    return _message("position", team_id=team_id, positions=positions)


def progress(job: Mapping[str, JSON]) -> bytes:
    """Return the frame of a job's progress."""
    return _message("progress", **job)


def pass_(text: str) -> bytes:
    """Return the frame that hands a client without a socket what to go on with."""
    return _message("pass", **{"pass": text})


def close(code: int, reason: str) -> bytes:
    """Return the frame that stands for the closing of a socket where there is none."""
    return _message("close", code=code, reason=reason)


PING = _message("ping")
AGAIN = _message("again")


def body(frame: bytes) -> bytes:
    """Return the JSON of a frame, for lines that carry it without a websocket's header."""
    length = frame[1]
    return frame[_HEADER_BYTES.get(length, 2) :]


def is_reset(frame: bytes) -> bool:
    """Tell whether the frame sends its reader to a snapshot."""
    return body(frame).startswith(_RESET)


def is_live(frame: bytes) -> bool:
    """Tell whether the frame says that its reader has everything."""
    return body(frame).startswith(_LIVE)


def is_news(frame: bytes) -> bool:
    """Tell whether a client that waits wants to hear it at once: an event, or the state of something."""
    return not body(frame).startswith(_NO_NEWS)


def ping(token: bytes) -> bytes:
    """Return both pings at once: the message that page scripts see, and the protocol's, which is answered."""
    return PING + Frame(Opcode.PING, token).serialize(mask=False)


def snapshot_url(stream_id: str) -> str:
    """Return where the snapshot of a stream is read."""
    kind, _, identity = stream_id.partition("/")
    return f"/api/{kind}s/{identity}/snapshot"


def classes_mark(classes: ClassSet) -> str:
    """Return a short mark of a set of classes; equal marks mean that the same is visible."""
    return hashlib.sha256(classes.key().encode()).hexdigest()[:16]
