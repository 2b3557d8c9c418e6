"""Every error the core may raise, drawn as a tree; the web edge turns them into answers by one table.

SearchOpsError
├── NotKnown               the thing does not exist, or may not be known to exist
├── Denied                 signed in, but the named right is missing
├── Conflict               somebody was faster, or the state does not allow it
│   ├── ChangedMeanwhile   base_version is stale
│   ├── SectorTaken        another team has this sector
│   ├── MoveRefused        the state machine has no such move
│   ├── NotEveryoneHome    closing needs everybody home, or a named reason
│   └── CommandReused      same command_id, other content
├── BadInput               well-formed JSON whose meaning is wrong
├── TooLarge               a file or body over its limit
├── TooMany                a limit with a number was reached
└── Unavailable            a part of the system cannot answer now
"""

from __future__ import annotations

from typing import Any


class SearchOpsError(Exception):
    """Base of all expected errors; `code` is stable, `data` is safe to show to the caller.

    Parameters
    ----------
    code : str
        Stable machine word, e.g. ``"sector_taken"``; the texts for people hang on it.
    **data
        Values for the message and for programs. Never what the caller sent.
    """

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data

    def remember(self) -> dict[str, Any]:
        """Return what a repeated command needs to be refused in the same words."""
        return {"error": type(self).__name__, "code": self.code, "data": self.data}

    @staticmethod
    def remembered(kept: dict[str, Any]) -> SearchOpsError:
        """Return the refusal that `remember` kept."""
        kinds = {kind.__name__: kind for kind in (Conflict, SectorTaken, ChangedMeanwhile)}
        kind = kinds.get(kept["error"], Conflict)
        error = kind.__new__(kind)
        SearchOpsError.__init__(error, kept["code"], **kept["data"])
        return error


class NotKnown(SearchOpsError):  # noqa: N818 - the tree reads as statements, not as "...Error"
    """The thing does not exist or may not be known to exist: both answer alike."""

    def __init__(self, code: str = "not_known", **data: Any) -> None:
        super().__init__(code, **data)


class Denied(SearchOpsError):  # noqa: N818
    """The caller is known but lacks the named right."""

    def __init__(self, right: str, **data: Any) -> None:
        super().__init__("right_missing", right=right, **data)


class Conflict(SearchOpsError):  # noqa: N818
    """The state of things does not allow this now."""


class ChangedMeanwhile(Conflict):
    """The caller decided on an older version of the thing."""

    def __init__(self, *, current_version: int | None) -> None:
        super().__init__("changed_meanwhile", current_version=current_version)


class SectorTaken(Conflict):
    """Another team has this sector; `held_by` says who."""

    def __init__(self, *, held_by: dict[str, Any]) -> None:
        super().__init__("sector_taken", held_by=held_by)


class MoveRefused(Conflict):
    """The state machine has no such move."""

    def __init__(self, *, what: str, state: str, wanted: str) -> None:
        super().__init__("move_refused", what=what, state=state, wanted=wanted)


class NotEveryoneHome(Conflict):
    """Closing needs every participant home or resolved, or a named reason."""

    def __init__(self, *, participants: list[dict[str, Any]]) -> None:
        super().__init__("not_everyone_home", participants=participants)


class CommandReused(Conflict):
    """The same command_id came with other content; nothing was done."""

    def __init__(self) -> None:
        super().__init__("command_reused")


class BadInput(SearchOpsError):  # noqa: N818
    """Well-formed, but the meaning is wrong; `code` names the fault, `where` the field."""

    def __init__(self, code: str, *, where: str | None = None, **data: Any) -> None:
        if where is not None:
            data["where"] = where
        super().__init__(code, **data)


class TooLarge(SearchOpsError):  # noqa: N818
    """A file or body is longer than we take."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__("body_too_large", limit_bytes=limit_bytes)


class TooMany(SearchOpsError):  # noqa: N818
    """A limit with a number was reached; `retry_after_s` says when it is worth coming back."""

    def __init__(self, code: str = "too_many", *, retry_after_s: int) -> None:
        super().__init__(code, retry_after_s=retry_after_s)


class Unavailable(SearchOpsError):  # noqa: N818
    """A part of the system cannot answer now; trying again later is right."""
