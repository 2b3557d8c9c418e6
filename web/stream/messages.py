"""What a client says: `auth` first, `resume` after a reset; nothing else has a meaning yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from web.stream.limits import CLOSE_UNREADABLE, CLOSE_UNSUPPORTED

_LONGEST_TICKET = 512


class Unreadable(Exception):  # noqa: N818 - reads as a statement
    """The frame is not one of ours; `code` closes the socket."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wish:
    """From where the client wants to go on.

    `epoch` None means from the beginning. `after` None means that what it sent is no number we gave: that
    earns a reset, not an error, so that a client with a damaged store heals itself. `board` is what its pass
    says it has seen (`web.stream.passes`).
    """

    epoch: str | None = None
    after: int | None = 0
    classes: str | None = None
    board: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Auth:
    """Sign-in: a ticket, used once, or a pass that we gave it, and a wish."""

    ticket: str
    wish: Wish
    is_pass: bool = False


@dataclass(frozen=True, slots=True)
class Resume:
    """Going on after a reset."""

    wish: Wish


def read_message(data: str | bytes) -> Auth | Resume | None:
    """Return what the client said, None for a type we do not know.

    Raises
    ------
    Unreadable
        A binary frame, no JSON object, or an `auth` without a ticket.
    """
    if isinstance(data, bytes):
        raise Unreadable(CLOSE_UNSUPPORTED, "text_only")
    try:
        said = orjson.loads(data)
    except ValueError:
        raise Unreadable(CLOSE_UNREADABLE, "not_json") from None
    if not isinstance(said, dict):
        raise Unreadable(CLOSE_UNREADABLE, "not_an_object")
    if said.get("type") == "auth":
        is_pass = "pass" in said
        ticket = said.get("pass" if is_pass else "ticket")
        if not isinstance(ticket, str) or not 0 < len(ticket) <= _LONGEST_TICKET:
            raise Unreadable(CLOSE_UNREADABLE, "no_ticket")
        return Auth(ticket, _wish(said.get("resume")), is_pass)
    if said.get("type") == "resume":
        return Resume(_wish(said.get("resume", said)))
    return None


def _wish(said: Any) -> Wish:
    if said is None:
        return Wish()
    if not isinstance(said, dict):
        return Wish(epoch="", after=None)
    epoch, after, classes = said.get("epoch"), said.get("after"), said.get("classes")
    # A boolean is an int for Python; numbers beyond 64 bits arrive as floats and fall out here too.
    is_number = isinstance(after, int) and not isinstance(after, bool) and after >= 0
    return Wish(
        epoch=epoch if isinstance(epoch, str) else "",
        after=after if is_number else None,
        classes=classes if isinstance(classes, str) else None,
    )
