"""The operator's printer command: a program and its words, run without a shell and not for ever."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

WITHIN_S: Final = 20.0
PLACE: Final = "{file}"


def print_file(command: str, path: Path, *, within_s: float = WITHIN_S) -> str | None:
    """Hand a file to the printer command.

    Parameters
    ----------
    command : str
        Words as a shell would part them, for instance ``lp -d HQ``; ``{file}`` stands for the path, without
        it the path is the last word.

    Returns
    -------
    str or None
        None: printed. Else ``printer_absent`` (no such program), ``printer_refused`` (it ended with an
        error) or ``printer_silent`` (it did not end in time, and was ended with all it had started).
    """
    words = shlex.split(command)
    told = [word.replace(PLACE, str(path)) for word in words]
    if not any(PLACE in word for word in words):
        told.append(str(path))
    try:
        running = subprocess.Popen(  # noqa: S603 - the operator's own words, no shell
            told,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return "printer_absent"
    try:
        return None if running.wait(within_s) == 0 else "printer_refused"
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return "printer_silent"
