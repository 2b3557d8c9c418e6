"""A reader of strangers' files in a process of its own: memory, processor, time and network taken away.

Native libraries trust files more than we do. Whatever a file makes them do ends with the child; the parent
gets bytes or a refusal, and a child that hangs is killed with all it started.

Run as ``python -m search_ops.importing.bounded MODULE:FUNCTION``; only `run_bounded` does.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from search_ops.importing.file_refusal import FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_INPUT, _RESULT, _REFUSAL, _ORDER = "input", "result", "refusal.json", "order.json"
_MIB: Final = 1024 * 1024
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_REFUSED: Final = 3
_OUT_OF_MEMORY: Final = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use.

    Parameters
    ----------
    memory_bytes
        Address space: libraries and their threads' stacks count, about 400 MiB before the first byte is read.
    cpu_s, wall_s
        Processor seconds, and seconds on the clock.
    result_bytes
        Largest file that it may write.
    """

    memory_bytes: int = 1024 * _MIB
    cpu_s: int = 10
    wall_s: float = 30.0
    result_bytes: int = 128 * _MIB


def run_bounded(
    function: str, content: bytes, options: Mapping[str, Any], *, name: str, file_format: str, limits: Limits
) -> bytes:
    """Run a reader on the content of a file in a bounded process.

    Parameters
    ----------
    function
        ``module:function``, taking the path of the input and the options, returning bytes.
    content
        Written to a folder that lives as long as the child.
    options
        Plain JSON values.
    name, file_format
        Of the file, for refusals.

    Raises
    ------
    FileRefused
        What the reader said, or ``too_slow``, ``too_much_memory``, ``reader_failed``.
    """
    with tempfile.TemporaryDirectory(prefix="search-ops-reader-") as folder:
        place = Path(folder)
        (place / _INPUT).write_bytes(content)
        (place / _ORDER).write_text(
            json.dumps({"function": function, "options": dict(options), "limits": _as_json(limits)}),
            encoding="utf-8",
        )
        code = _run(place, limits.wall_s)
        if code == 0:
            return (place / _RESULT).read_bytes()
        if code == _REFUSED:
            told = json.loads((place / _REFUSAL).read_text(encoding="utf-8"))
            raise FileRefused(
                told["reason"],
                file_name=name,
                file_format=told.get("file_format") or file_format,
                place=told.get("place"),
                detail=told.get("detail", ""),
            )
    raise FileRefused(_ending(code), file_name=name, file_format=file_format, detail=f"ended with {code}")


def _as_json(limits: Limits) -> dict[str, float]:
    return {field: getattr(limits, field) for field in Limits.__slots__}


def _ending(code: int) -> str:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return "too_slow"
    return "too_much_memory" if code in {_OUT_OF_MEMORY, -signal.SIGXFSZ} else "reader_failed"


def _run(place: Path, wall_s: float) -> int:
    """Start the child in a group of its own and wait for it; after ``wall_s`` the whole group is killed."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        # One thread: each takes address space for its stack, and the work is small.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    }
    command = [sys.executable, "-m", "search_ops.importing.bounded", str(place)]
    child = subprocess.Popen(  # noqa: S603 - our own program with our own words
        command,
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return child.wait(wall_s)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


# ---- in the child


def main(arguments: list[str]) -> int:
    """Do the order that lies in the folder; return the exit code."""
    place = Path(arguments[0])
    order = json.loads((place / _ORDER).read_text(encoding="utf-8"))
    module, _, attribute = order["function"].partition(":")
    for heavy in ("pandas", "geopandas", "pyarrow"):
        # pyogrio imports data frames wherever they are installed: seconds and memory for nothing.
        sys.modules[heavy] = None  # type: ignore[assignment]  # "None" is how Python says: not to be found
    _leave_network()
    _bind(Limits(**order["limits"]))
    try:
        function: Callable[[Path, Mapping[str, Any]], bytes] = getattr(
            importlib.import_module(module), attribute
        )
        (place / _RESULT).write_bytes(function(place / _INPUT, order["options"]))
    except FileRefused as refusal:
        (place / _REFUSAL).write_text(json.dumps(refusal.data), encoding="utf-8")
        return _REFUSED
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


def _bind(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.result_bytes, limits.result_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _leave_network() -> None:
    """Move to an empty network, where the system lets us; without it the settings of GDAL and PROJ remain."""
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        flags = _NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER
        libc.unshare(flags)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
