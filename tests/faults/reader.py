"""A screen that follows a search live, as PROTOCOL.md tells a client to, and notes what it was sent."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from search_ops.domain import fold
from tests.faults.wire import ask

if TYPE_CHECKING:
    import random
    from uuid import UUID

_LEAST_S, _MOST_S = 0.5, 15.0
_PINGS_OF_SILENCE: Final = 2.2
_EPOCH_CHANGED: Final = 4409


class NotReachedError(OSError):
    """Headquarters answered something else than what was asked for."""


@dataclass
class Reader:
    """One screen.

    Attributes
    ----------
    whole : dict
        Visibility of every event that it was sent whole, by epoch and number.
    heard : bytearray
        All bytes of frames and snapshots, where somebody looks for what he must not find.
    lives : list of float
        Monotonic seconds at which it was told that it has everything.
    """

    port: int
    operation_id: UUID
    token: str
    rng: random.Random
    participant_id: UUID | None = None
    keeps_bytes: bool = False
    epoch: str | None = None
    seq: int = 0
    state: fold.State = field(default_factory=dict)
    whole: dict[tuple[str, int], str] = field(default_factory=dict)
    heard: bytearray = field(default_factory=bytearray)
    lives: list[float] = field(default_factory=list)
    lost: list[float] = field(default_factory=list)
    snapshots: int = 0
    frames: int = 0
    faults: list[str] = field(default_factory=list)
    is_live: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    _attempt: int = 0
    _classes: str | None = None

    async def follow(self, *, from_snapshot: bool = False) -> None:
        """Follow until `over`, coming back whatever happens."""
        while not self.over.is_set():
            try:
                if from_snapshot and self.epoch is None:
                    await self._snapshot()
                await self._once()
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code == _EPOCH_CHANGED:
                    self._begin_anew()
            except (OSError, WebSocketException, TimeoutError):
                pass  # a dead network, server, database: come back
            if self.is_live:
                self.is_live = False
                self.lost.append(time.monotonic())
            ceiling_s = min(_MOST_S, _LEAST_S * 2**self._attempt)
            self._attempt += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(_LEAST_S + self.rng.random() * (ceiling_s - _LEAST_S)):
                    await self.over.wait()

    async def until(self, seq: int, limit_s: float) -> bool:
        """Wait until it has this number; False when it does not come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                while self.seq < seq or not self.is_live:
                    self.moved.clear()
                    await self.moved.wait()
        return self.seq >= seq

    async def shown(self) -> tuple[int, Any]:
        """Return (number, state) of a fresh snapshot for the same eyes."""
        answer = await self._get("snapshot")
        return answer["seq"], answer["state"]

    async def _get(self, what: str, method: str = "GET") -> Any:
        path = f"/api/operations/{self.operation_id}/{what}"
        body: dict[str, Any] | None = {} if method == "POST" else None
        reply = await ask(self.port, method, path, self.token, body, limit_s=20.0)
        if reply.status != 200:
            raise NotReachedError(f"{what}: {reply.status}")
        if what == "snapshot" and self.keeps_bytes:
            self.heard += reply.body
        return reply.json()

    async def _snapshot(self) -> None:
        answer = await self._get("snapshot")
        self.epoch, self.seq, self.state = answer["epoch"], answer["seq"], answer["state"]
        self.snapshots += 1

    async def _once(self) -> None:
        ticket = await self._get("stream-ticket", "POST")
        resume = None if self.epoch is None else {"epoch": self.epoch, "after": self.seq}
        if resume is not None and self._classes is not None:
            resume["classes"] = self._classes
        async with connect(ticket["url"], compression=None, max_size=None, open_timeout=10) as socket:
            await socket.send(
                orjson.dumps({"type": "auth", "ticket": ticket["ticket"], "resume": resume}).decode()
            )
            patience_s = 10.0
            while not self.over.is_set():
                async with asyncio.timeout(patience_s):
                    raw = await socket.recv()
                frame = orjson.loads(raw)
                if self.keeps_bytes:
                    self.heard += raw.encode() if isinstance(raw, str) else raw
                if frame["type"] == "hello":
                    patience_s = frame["ping_s"] * _PINGS_OF_SILENCE
                await self._take(frame, socket)

    async def _take(self, frame: dict[str, Any], socket: ClientConnection) -> None:
        if frame["type"] == "hello":
            self._classes = frame["classes"]
            self.epoch = self.epoch or frame["epoch"]
        elif frame["type"] == "event":
            self._fold(frame["event"])
        elif frame["type"] == "reset":
            self._classes = None
            await self._snapshot()
            again = {"type": "resume", "epoch": self.epoch, "after": self.seq}
            await socket.send(orjson.dumps(again).decode())
        elif frame["type"] == "live":
            self._attempt = 0
            self.is_live = True
            self.lives.append(time.monotonic())
            if frame["seq"] > self.seq:
                self.faults.append(f"live at {frame['seq']}, but it has {self.seq} only")
        self.moved.set()

    def _fold(self, event: dict[str, Any]) -> None:
        seq = event["seq"]
        self.frames += 1
        if seq <= self.seq:
            return
        if seq != self.seq + 1:
            self.faults.append(f"I4: {seq} came after {self.seq}")
        self.seq = seq
        if "kind" in event:
            assert self.epoch is not None
            self.whole[self.epoch, seq] = event["visibility"]
            fold.apply(self.state, event)

    def _begin_anew(self) -> None:
        self.epoch, self.seq, self.state, self._classes = None, 0, {}, None
