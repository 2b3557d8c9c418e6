"""What the supervisor says to the person at the terminal, in the language of the terminal."""

import os
import sys
from contextlib import suppress

from search_ops.texts import locale_of_environment, text

LOCALE = locale_of_environment(
    os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
)


def say(key: str, **facts: str | int) -> None:
    """Say one sentence of the catalogue."""
    write(text(LOCALE, key, **facts))


def write(line: str) -> None:
    """Write a line; a reader who closed the pipe is no reason to stop a search."""
    with suppress(BrokenPipeError, ValueError):
        print(line, flush=True)  # noqa: T201 - this is the terminal's voice


def complain(sentence: str) -> None:
    """Write a sentence about a fault to the error stream."""
    with suppress(BrokenPipeError, ValueError):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - this is the terminal's voice
