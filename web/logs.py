"""How a server process writes its log: one line each, and nothing of what people sent.

A traceback says where; the message of an exception often says what, and that may be a missing person's name:
validation errors, for instance, repeat their input. Only messages of kinds that programs make are written.
"""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING, Final

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

_OUTSPOKEN: Final = (AssertionError, AttributeError, ImportError, NameError, NotImplementedError, TypeError)
_DEEPEST_FRAMES: Final = 12


def _where(_: WrappedLogger, __: str, entry: EventDict) -> EventDict:
    """Replace an exception by its kind and the places it came through."""
    if not entry.pop("exc_info", None):
        return entry
    error = sys.exc_info()[1]
    if error is None:
        return entry
    frames = traceback.extract_tb(error.__traceback__)[-_DEEPEST_FRAMES:]
    entry["fault"] = type(error).__name__
    entry["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    if isinstance(error, _OUTSPOKEN):
        entry["message"] = str(error)
    return entry


def configure_logs() -> None:
    """Make every line of this process JSON on standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _where,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
