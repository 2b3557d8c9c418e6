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


def hello(*, epoch: str, head: int, backed_up_seq: int, ping_s: float, classes: str) -> bytes:
    """Return the first frame of a socket that signed in."""
    return _message(
        "hello", epoch=epoch, head=head, backed_up_seq=backed_up_seq, ping_s=ping_s, classes=classes
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


PING = _message("ping")


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
