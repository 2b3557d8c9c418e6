"""A process for what strangers made: C libraries parse there, under limits, and only frames come back.

A frame is a JSON object and perhaps bytes. The child gets no address of the database and no secret: its
environment is made anew. What it may do at most is set by itself before it opens anything (`begin`).
"""

import json
import os
import resource
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import orjson

_HEAD = struct.Struct(">II")
_HEADER_LIMIT_BYTES = 64 * 1024 * 1024
_PAYLOAD_LIMIT_BYTES = 64 * 1024 * 1024
_ERRORS_KEPT_BYTES = 4_000
_STOP_WITHIN_S = 5.0
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What a child may take.

    Attributes
    ----------
    cpu_s : int
        Processor time of all its threads.
    address_bytes : int
        Address space, mapped files included.
    wall_s : float
        Time by the clock, after which it is killed.
    written_bytes : int
        Largest file that it may write.
    """

    cpu_s: int
    address_bytes: int
    wall_s: float
    written_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """One message of a child."""

    header: dict[str, Any]
    payload: bytes


class ChildDiedError(Exception):
    """The child ended without saying that it was done.

    Parameters
    ----------
    cause
        ``too_long`` (processor or clock), ``too_large`` (memory), ``crashed``.
    detail
        Signal or exit code, for the log.
    """

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause = cause
        self.detail = detail


@contextmanager
def child_frames(module: str, wish: Mapping[str, Any], limits: ProcessLimits) -> Iterator[Iterator[Frame]]:
    """Run a module of ours in a bounded process and yield its frames as they come.

    Leaving the block early ends the child.

    Parameters
    ----------
    module
        Full name; its main part calls `begin`.
    wish
        What it shall do; JSON.
    limits
        What it may take.

    Raises
    ------
    ChildDiedError
        While iterating: it ended before its last frame ``{"end": ...}``.
    """
    told = json.dumps({"wish": wish, "limits": asdict(limits)})
    command = [sys.executable, "-m", module, told]
    process = subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment()
    )
    assert process.stdout is not None
    assert process.stderr is not None
    said = bytearray()
    listening = threading.Thread(target=_listen, args=(process.stderr, said), daemon=True)
    listening.start()
    over_time = threading.Event()

    def stop() -> None:
        over_time.set()
        process.kill()

    clock = threading.Timer(limits.wall_s, stop)
    clock.daemon = True
    clock.start()
    try:
        yield _frames(process, process.stdout, over_time, said, listening)
    finally:
        clock.cancel()
        process.kill()
        process.wait(_STOP_WITHIN_S)
        process.stdout.close()
        listening.join(_STOP_WITHIN_S)
        process.stderr.close()


def _environment() -> dict[str, str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if key in os.environ}
    return kept | {"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}


def _listen(errors: IO[bytes], said: bytearray) -> None:
    for line in errors:
        said += line
        del said[:-_ERRORS_KEPT_BYTES]


def _frames(
    process: subprocess.Popen[bytes],
    answers: IO[bytes],
    over_time: threading.Event,
    said: bytearray,
    listening: threading.Thread,
) -> Iterator[Frame]:
    while True:
        frame = _next_frame(answers)
        if frame is None:
            process.wait()
            listening.join(_STOP_WITHIN_S)
            raise _death(process.returncode, said.decode(errors="replace"), over_time=over_time.is_set())
        if "died" in frame.header:
            raise ChildDiedError(str(frame.header["died"]), str(frame.header.get("detail", "")))
        yield frame
        if "end" in frame.header:
            return


def _next_frame(answers: IO[bytes]) -> Frame | None:
    head = answers.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    header_bytes, payload_bytes = _HEAD.unpack(head)
    if header_bytes > _HEADER_LIMIT_BYTES or payload_bytes > _PAYLOAD_LIMIT_BYTES:
        return None
    header, payload = answers.read(header_bytes), answers.read(payload_bytes)
    if len(header) < header_bytes or len(payload) < payload_bytes:
        return None
    try:
        told = orjson.loads(header)
    except ValueError:
        return None
    return Frame(told, payload) if isinstance(told, dict) else None


def _death(code: int, said: str, *, over_time: bool) -> ChildDiedError:
    last = said.strip().rpartition("\n")[2][:300]
    if over_time or code == -signal.SIGXCPU:
        return ChildDiedError("too_long", "limit of time")
    if code == -signal.SIGKILL:
        return ChildDiedError("too_long", "killed: limit of processor time or memory")
    if "MemoryError" in said or "bad_alloc" in said or code == -signal.SIGBUS:
        return ChildDiedError("too_large", last)
    return ChildDiedError("crashed", f"exit {code} {last}".strip())


# ---- in the child ------------------------------------------------------------------------------


def begin() -> dict[str, Any]:
    """Take the limits upon this process and return the wish; the first thing a child does."""
    told = json.loads(sys.argv[1])
    limits = ProcessLimits(**told["limits"])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_bytes, limits.address_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written_bytes, limits.written_bytes))
    wish: dict[str, Any] = told["wish"]
    return wish


def send(header: Mapping[str, Any], payload: bytes = b"") -> None:
    """Send a frame to the parent; waits while he is busy."""
    packed = orjson.dumps(header)
    out = sys.stdout.buffer
    out.write(_HEAD.pack(len(packed), len(payload)))
    out.write(packed)
    out.write(payload)
    out.flush()


def run_child(work: Any) -> None:
    """Run ``work(wish)`` in a child and tell how it ended; everything it raises becomes a frame."""
    wish = begin()
    try:
        send({"end": work(wish)})
    except MemoryError:
        send({"died": "too_large", "detail": "memory"})
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more
    except Exception as fault:  # noqa: BLE001 - the parent decides what it means
        send({"died": "crashed", "detail": f"{type(fault).__name__}: {fault}"[:500]})
    sys.stdout.flush()
    os._exit(0)  # libraries with threads of their own must not hold up the end
