"""A bad network before headquarters: delayed, sliced, slow, half-open, reset, or cut after the commit.

Each connection draws its fate from the seed. `heal` ends all mischief; what hangs is cut.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    import random

CLEAN, DELAYED, SLICED, SLOW = "clean", "delayed", "sliced", "slow"
HALF_OPEN, RESET, CUT_REQUEST, CUT_ANSWER = "half_open", "reset", "cut_request", "cut_answer"
FATES: Final = (CLEAN, DELAYED, SLICED, SLOW, HALF_OPEN, RESET, CUT_REQUEST, CUT_ANSWER, CUT_ANSWER)
_CHUNK: Final = 16_384
_SLOW_BYTES: Final = 512


class FaultProxy:
    """Stands on a port of its own before another port of loopback.

    Parameters
    ----------
    hurry : float
        Its seconds in ours: delays of 50 to 5,000 ms become so much shorter.
    """

    def __init__(self, target_port: int, rng: random.Random, *, hurry: float) -> None:
        self.fates: Counter[str] = Counter()
        self.lost_answers = 0
        self.is_calm = False
        self._target_port = target_port
        self._rng = rng
        self._hurry = hurry
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self.heal()
        self._server.close()
        await asyncio.gather(*self._open, return_exceptions=True)

    def heal(self) -> None:
        """Let everything through from now on; what hangs in the bad network is cut."""
        self.is_calm = True
        for task in self._open:
            task.cancel()

    async def _serve(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        fate = CLEAN if self.is_calm else self._rng.choice(FATES)
        self.fates[fate] += 1
        there: asyncio.StreamWriter | None = None
        try:
            far, there = await asyncio.open_connection("127.0.0.1", self._target_port)
            await self._suffer(fate, (near, back), (far, there))
        except (OSError, asyncio.CancelledError):
            pass  # a cut is what this is for
        finally:
            self._open.discard(task)
            for writer in (back, there):
                if writer is not None:
                    writer.transport.abort()

    async def _suffer(
        self,
        fate: str,
        phone: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        house: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        if fate == RESET:
            return
        if fate == HALF_OPEN:
            await asyncio.sleep(70 * self._hurry)  # longer than the phone waits
            return
        upload = asyncio.ensure_future(self._carry(fate, phone[0], house[1]))
        try:
            if fate == CUT_ANSWER:
                # The first byte of an answer comes after the commit; the phone never sees it.
                await house[0].read(1)
                self.lost_answers += 1
                return
            await self._carry(fate, house[0], phone[1])
            with suppress(OSError):
                await phone[1].drain()
                phone[1].close()
                await phone[1].wait_closed()
        finally:
            upload.cancel()

    async def _carry(self, fate: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        if fate == DELAYED:
            await asyncio.sleep(self._rng.uniform(0.05, 5.0) * self._hurry)
        cut_after = self._rng.randrange(1, 2_000) if fate == CUT_REQUEST else None
        carried = 0
        while data := await source.read(_CHUNK):
            if cut_after is not None and carried + len(data) >= cut_after:
                sink.write(data[: cut_after - carried])
                with suppress(OSError):
                    await sink.drain()
                sink.transport.abort()
                return
            carried += len(data)
            await self._pass_on(fate, data, sink)

    async def _pass_on(self, fate: str, data: bytes, sink: asyncio.StreamWriter) -> None:
        if fate == SLICED:
            for byte in data:
                sink.write(bytes([byte]))
                await sink.drain()
                await asyncio.sleep(0)
        elif fate == SLOW:
            for at in range(0, len(data), _SLOW_BYTES):
                sink.write(data[at : at + _SLOW_BYTES])
                await sink.drain()
                # 1 to 64 kbit/s
                await asyncio.sleep(_SLOW_BYTES * 8 / self._rng.uniform(1_000, 64_000) * self._hurry)
        else:
            sink.write(data)
            await sink.drain()
