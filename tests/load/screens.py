"""Thousands of screens in one process of their own: plain sockets and epoll; a task each would be the load.

A screen is one websocket that signs in with a ticket and reads. What a chunk of bytes means is worked out
once and remembered, because the stream sends all screens the same bytes.
"""

from __future__ import annotations

import base64
import os
import re
import select
import socket
import time
from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, Self

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection

_CHUNK: Final = 256 * 1024
_REMEMBERED: Final = 4_096
_TEXT, _CLOSE, _PING = 0x81, 0x88, 0x89
_SEQ = re.compile(rb'^\{"type":"event","event":\{"seq":(\d+)')
_RECORDED = re.compile(rb'"recorded_at":"([^"]+)"')


@dataclass(slots=True)
class Chunk:
    """What whole frames in some bytes come to."""

    first: int = 0
    last: int = 0
    deliveries: int = 0
    recorded_s: list[float] = field(default_factory=list)
    live: bool = False
    reset: bool = False
    pings: list[bytes] = field(default_factory=list)
    closed: int = 0
    whole: bool = True
    ordered: bool = True


@dataclass(slots=True)
class Screen:
    """One socket."""

    socket: socket.socket
    seq: int = 0
    rest: bytes = b""
    is_live: bool = False
    is_stuck: bool = False


@dataclass
class Heard:
    """What all screens of the process were told since the last question."""

    open: int = 0
    live: int = 0
    deliveries: int = 0
    faults: list[str] = field(default_factory=list)
    closed: Counter[int] = field(default_factory=Counter)
    resets: int = 0
    least_seq: int = 0
    delays_s: array[float] = field(default_factory=lambda: array("d"))
    all_live_s: float = 0.0


class _Loop:
    """The child process."""

    def __init__(self, port: int, orders: Connection) -> None:
        self.port = port
        self.orders = orders
        self.epoll = select.epoll()
        self.epoll.register(orders.fileno(), select.EPOLLIN)
        self.screens: dict[int, Screen] = {}
        self.heard = Heard()
        self.memory: dict[bytes, Chunk] = {}

    def run(self) -> None:
        while True:
            for number, _ in self.epoll.poll(1.0):
                if number == self.orders.fileno():
                    order, *rest = self.orders.recv()
                    if order == "end":
                        return
                    self.orders.send(getattr(self, order)(*rest))
                elif number in self.screens:
                    self._read(number, self.screens[number])

    # ---- orders ------------------------------------------------------------------------------------

    def open(self, tickets: list[str], resume: dict[str, Any] | None, limit_s: float) -> Heard:
        """Open a screen for each ticket and wait until all are live."""
        begin = time.perf_counter()
        for ticket in tickets:
            one = socket.create_connection(("127.0.0.1", self.port), timeout=10)
            one.sendall(_handshake(self.port))
            auth = {"type": "auth", "ticket": ticket, "resume": resume}
            screen = Screen(one, seq=resume["after"] if resume else 0)
            self.screens[one.fileno()] = screen
            screen.rest = b""
            _skip_handshake(screen)
            one.sendall(_masked(_TEXT, orjson.dumps(auth)))
            one.settimeout(0)
            self.epoll.register(one.fileno(), select.EPOLLIN)
            for number, _ in self.epoll.poll(0):
                if number in self.screens:
                    self._read(number, self.screens[number])
        end = begin + limit_s
        while time.perf_counter() < end and not all(screen.is_live for screen in self.screens.values()):
            for number, _ in self.epoll.poll(0.2):
                if number in self.screens:
                    self._read(number, self.screens[number])
        self.heard.all_live_s = time.perf_counter() - begin
        return self.tell()

    def tell(self) -> Heard:
        """Return what was heard, and begin to count anew."""
        told, self.heard = self.heard, Heard()
        told.open = len(self.screens)
        told.live = sum(screen.is_live for screen in self.screens.values())
        told.least_seq = min((one.seq for one in self.screens.values() if not one.is_stuck), default=0)
        return told

    def drop(self) -> Heard:
        """Break all connections at once, as a lost network does."""
        for number, screen in list(self.screens.items()):
            self.epoll.unregister(number)
            screen.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            screen.socket.close()
        self.screens.clear()
        return self.tell()

    def stop_reading(self, count: int) -> Heard:
        """Let so many screens stand open without being read."""
        for number, screen in list(self.screens.items())[:count]:
            self.epoll.unregister(number)
            screen.is_stuck = True
        return self.tell()

    def still_open(self) -> int:
        """Return how many of those that do not read are not closed from the other side yet."""
        poll = select.poll()
        for number, screen in self.screens.items():
            if screen.is_stuck:
                poll.register(number, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
        gone = {number for number, _ in poll.poll(0)}
        return sum(one.is_stuck and number not in gone for number, one in self.screens.items())

    # ---- bytes -------------------------------------------------------------------------------------

    def _read(self, number: int, screen: Screen) -> None:
        try:
            data = screen.socket.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._gone(number, screen, 0)
            return
        data = screen.rest + data
        screen.rest = b""
        chunk = self.memory.get(data)
        if chunk is None:
            chunk, used = understood(data)
            if used < len(data):
                screen.rest = data[used:]
            elif len(self.memory) < _REMEMBERED:
                self.memory[data] = chunk
            else:
                self.memory.clear()
        self._take(number, screen, chunk)

    def _take(self, number: int, screen: Screen, chunk: Chunk) -> None:
        heard = self.heard
        if chunk.deliveries:
            heard.deliveries += chunk.deliveries
            if not chunk.ordered or (chunk.first != screen.seq + 1):
                heard.faults.append(f"I4: {chunk.first}..{chunk.last} came after {screen.seq}")
            screen.seq = chunk.last
            if screen.is_live:
                now = time.time()
                heard.delays_s.extend([now - at for at in chunk.recorded_s])
        if chunk.live:
            screen.is_live = True
        if chunk.reset:
            heard.resets += 1
            screen.is_live = False
        for token in chunk.pings:
            screen.socket.send(_masked(0x8A, token))
        if chunk.closed:
            self._gone(number, screen, chunk.closed)

    def _gone(self, number: int, screen: Screen, code: int) -> None:
        self.heard.closed[code] += 1
        self.epoll.unregister(number)
        screen.socket.close()
        del self.screens[number]


def understood(data: bytes) -> tuple[Chunk, int]:
    """Return what the whole frames at the front say, and how many bytes they are."""
    chunk, at = Chunk(), 0
    while at + 2 <= len(data):
        length, head = data[at + 1] & 0x7F, 2
        if length >= 126:
            head = 4 if length == 126 else 10
            length = int.from_bytes(data[at + 2 : at + head], "big")
        if at + head + length > len(data):
            break
        _note(chunk, data[at], data[at + head : at + head + length])
        at += head + length
    return chunk, at


def _note(chunk: Chunk, opcode: int, body: bytes) -> None:
    if opcode == _PING:
        chunk.pings.append(body)
    elif opcode == _CLOSE:
        chunk.closed = int.from_bytes(body[:2], "big") or 1
    elif found := _SEQ.match(body):
        seq = int(found.group(1))
        chunk.ordered &= chunk.last in {0, seq - 1}
        chunk.first, chunk.last = chunk.first or seq, seq
        chunk.deliveries += 1
        recorded = _RECORDED.search(body)
        if recorded is not None:
            chunk.recorded_s.append(datetime.fromisoformat(recorded.group(1).decode()).timestamp())
    elif body.startswith(b'{"type":"live"'):
        chunk.live = True
    elif body.startswith(b'{"type":"reset"'):
        chunk.reset = True


def _handshake(port: int) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def _skip_handshake(screen: Screen) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        got = screen.socket.recv(4096)
        if not got:
            raise ConnectionResetError("the stream refused a screen")
        data += got
    head, _, screen.rest = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 101"):
        raise ConnectionRefusedError(head.decode("latin-1"))


def _masked(opcode: int, body: bytes) -> bytes:
    size = len(body)
    head = bytes([opcode, 0x80 | size]) if size < 126 else bytes([opcode, 0xFE]) + size.to_bytes(2, "big")
    return head + bytes(4) + body  # a mask of zeros is a mask


def _child(port: int, orders: Connection) -> None:
    _Loop(port, orders).run()


class Screens:
    """The process of screens, ordered about from here.

    Parameters
    ----------
    port : int
        Of the stream, on loopback.
    """

    def __init__(self, port: int) -> None:
        context = get_context("spawn")
        self._orders, theirs = context.Pipe()
        self._process = context.Process(target=_child, args=(port, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._orders.send(("end",))
        self._process.join(10)
        self._orders.close()

    def open(
        self, tickets: Sequence[str], resume: dict[str, Any] | None = None, limit_s: float = 60.0
    ) -> Heard:
        """Open a screen for each ticket; return when all are live, or the time is over."""
        return self._ask("open", list(tickets), resume, limit_s)

    def tell(self) -> Heard:
        """Return what was heard since the last question."""
        return self._ask("tell")

    def drop(self) -> Heard:
        """Break all connections at once."""
        return self._ask("drop")

    def stop_reading(self, count: int) -> Heard:
        """Let so many screens stand open without being read."""
        return self._ask("stop_reading", count)

    def still_open(self) -> int:
        """Return how many of those that do not read are not closed yet."""
        self._orders.send(("still_open",))
        count: int = self._orders.recv()
        return count

    def _ask(self, *order: Any) -> Heard:
        self._orders.send(order)
        heard: Heard = self._orders.recv()
        return heard
