"""Reading logs as they grow: once per stream, whoever listens.

A hint of the database wakes a tail at once; a slow look at all heads makes a lost hint harmless. Whatever
fails, a tail goes on from the last number it has: a hole cannot arise, only a delay.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from search_ops.errors import NotKnown, Unavailable
from search_ops.services.streaming import hints
from web.stream.hub import Feed
from web.stream.limits import CLOSE_EPOCH_CHANGED

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from search_ops.services.streaming import Head, StreamReading
    from web.stream.limits import Limits
    from web.stream.messages import Wish

log = logging.getLogger(__name__)


class EpochChanged(Exception):  # noqa: N818 - reads as a statement
    """The log is another one than before: the database was restored."""


class Listener(Protocol):
    """What a tail wakes: a line."""

    def pump(self) -> None:
        """Write what there is."""

    def dismiss(self, code: int, reason: str) -> None:
        """Close it."""


class Tail:
    """One stream being read."""

    def __init__(self, reading: StreamReading, limits: Limits, stream_id: str) -> None:
        self.stream_id = stream_id
        self.listeners: set[Listener] = set()
        self.holders = 0
        self.unused_since_s = 0.0
        self.moved = asyncio.Event()
        self.moved_at_s = 0.0
        self.is_over = False
        self.task: asyncio.Task[None] | None = None
        self._feed: Feed | None = None
        self._reading = reading
        self._limits = limits
        self._lock = asyncio.Lock()
        self._looked_s = 0.0  # when the last look at the log began that was read to its end

    @property
    def feed(self) -> Feed:
        """Return the stream as read so far; only after `open`."""
        assert self._feed is not None
        return self._feed

    @property
    def is_open(self) -> bool:
        """Whether there is a feed."""
        return self._feed is not None

    async def open(self, wish: Wish) -> None:
        """Begin to read, from where the first reader wants to go on if that is near enough.

        Raises
        ------
        NotKnown
            There is no such stream.
        """
        async with self._lock:
            if self._feed is not None:
                return
            head = await self._head()
            place = await self._reading.place(self.stream_id)
            if head is None or place is None:
                raise NotKnown
            feed = Feed(self.stream_id, head.epoch, place, _beginning(wish, head, self._limits), self._limits)
            for seq, kind, payload in await self._reading.team_events(self.stream_id):
                feed.roll.note(seq, kind, payload)
            await self._read(feed, head)
            self._feed = feed

    async def read_on(self) -> None:
        """Read everything that is new and hand it to the listeners.

        Raises
        ------
        EpochChanged
            The numbers begin anew: nothing that was given out counts any more.
        """
        asked_s = asyncio.get_running_loop().time()
        async with self._lock:
            if self._looked_s > asked_s:  # somebody else asked just before: his answer is ours
                return
            looked_s = asyncio.get_running_loop().time()
            head = await self._head()
            feed = self.feed
            if head is None or head.epoch != feed.epoch:
                raise EpochChanged
            await self._read(feed, head)
            self._looked_s = looked_s

    async def _read(self, feed: Feed, head: Head) -> None:
        feed.backed_up_seq = head.backed_up_seq
        while feed.head < head.seq:
            events = await self._reading.events(
                self.stream_id, head.key_id, after=feed.head, limit=self._limits.read_rows
            )
            if not events:
                break
            feed.append(events)
            self.moved_at_s = asyncio.get_running_loop().time()
            self._wake()
        if feed.place_is_stale:
            place = await self._reading.place(self.stream_id)
            if place is not None:
                feed.renew_place(place)
                self._wake()

    async def read_back(self) -> None:
        """Read as far back as the ring can hold, once, for all readers that were away for longer."""
        async with self._lock:
            feed = self.feed
            head = None if feed.reaches_no_further else await self._head()
            if head is not None:
                feed.prepend(await self._older(feed, head))

    async def _older(self, feed: Feed, head: Head) -> list[dict[str, Any]]:
        lowest = max(0, feed.head - self._limits.ring_frames)
        older: list[dict[str, Any]] = []
        upto = feed.ring.first
        while lowest + 1 < upto:
            limit = min(self._limits.read_rows, upto - 1 - lowest)
            events = await self._reading.events(self.stream_id, head.key_id, after=lowest, limit=limit)
            if not events:
                break
            older += events
            lowest = events[-1]["seq"]
        return older

    async def _head(self) -> Head | None:
        return (await self._reading.heads([self.stream_id])).get(self.stream_id)

    def _wake(self) -> None:
        for listener in tuple(self.listeners):
            listener.pump()

    async def follow(self) -> None:
        """Read on whenever the log moved, until the stream is another one or nobody holds it."""
        while True:
            await self.moved.wait()
            self.moved.clear()
            if self.is_over:
                return
            try:
                await self.read_on()
            except EpochChanged:
                self.is_over = True
                for listener in tuple(self.listeners):
                    listener.dismiss(CLOSE_EPOCH_CHANGED, "epoch_changed")
                return
            except Unavailable:
                await self._later()
            except Exception:
                log.exception("reading %s failed", self.stream_id)
                await self._later()

    def end(self) -> None:
        """Stop following after what is being read now: a cancelled read would leave its connection behind."""
        self.is_over = True
        self.moved.set()

    async def _later(self) -> None:
        await asyncio.sleep(self._limits.retry_s)
        self.moved.set()


class Tails:
    """All streams somebody listens to, and what wakes them.

    Parameters
    ----------
    hints_url : str
        Where announcements of the database are heard, on a direct connection.
    """

    def __init__(self, reading: StreamReading, limits: Limits, hints_url: str) -> None:
        self.held: dict[str, Tail] = {}
        self._following: set[asyncio.Task[None]] = set()
        self._reading = reading
        self._limits = limits
        self._hints_url = hints_url

    @asynccontextmanager
    async def hold(self, stream_id: str, wish: Wish) -> AsyncIterator[Tail]:
        """Keep a stream read for as long as the body runs.

        Raises
        ------
        NotKnown
            There is no such stream.
        """
        tail = self.held.get(stream_id)
        if tail is None or tail.is_over:
            tail = self.held[stream_id] = Tail(self._reading, self._limits, stream_id)
        tail.holders += 1
        try:
            await tail.open(wish)
            if tail.task is None:
                tail.task = asyncio.create_task(tail.follow())
                self._following.add(tail.task)
                tail.task.add_done_callback(self._following.discard)
                tail.task.add_done_callback(lambda _: self._forget(tail))
                tail.moved.set()  # what was committed while we opened
            yield tail
        finally:
            tail.holders -= 1
            if tail.holders == 0:
                # Whoever lost a line comes back, and finds the ring instead of asking the database.
                asyncio.get_running_loop().call_later(self._limits.linger_s, self._part_with, tail)
                tail.unused_since_s = asyncio.get_running_loop().time()

    def _part_with(self, tail: Tail) -> None:
        """Read a stream no longer that nobody has held for a while."""
        unused_s = asyncio.get_running_loop().time() - tail.unused_since_s
        if tail.holders == 0 and unused_s >= self._limits.linger_s:
            self._forget(tail)
            tail.end()

    def _forget(self, tail: Tail) -> None:
        if self.held.get(tail.stream_id) is tail:
            del self.held[tail.stream_id]

    async def close(self) -> None:
        """Stop reading, and wait for what is being read: all lines are gone."""
        for tail in tuple(self.held.values()):
            tail.end()
        if self._following:
            await asyncio.wait(set(self._following), timeout=1)

    async def listen(self) -> None:
        """Wake the tail that a hint names; on every new connection wake all, since hints were lost."""
        async for stream_id in hints(self._hints_url):
            woken = self.held.values() if stream_id is None else [self.held.get(stream_id)]
            for tail in woken:
                if tail is not None:
                    tail.moved.set()

    async def look(self) -> None:
        """Look at all heads: wakes what moved without a hint. Waits for its time first."""
        now_s = asyncio.get_running_loop().time()
        is_busy = any(now_s - tail.moved_at_s < self._limits.busy_for_s for tail in self.held.values())
        await asyncio.sleep(self._limits.busy_poll_s if is_busy else self._limits.idle_poll_s)
        tails = {stream_id: tail for stream_id, tail in self.held.items() if tail.is_open}
        if not tails:
            return
        heads = await self._reading.heads(tails)
        for stream_id, tail in tails.items():
            head = heads.get(stream_id)
            if head is None or head.epoch != tail.feed.epoch or head.seq > tail.feed.head:
                tail.moved.set()
            else:
                tail.feed.backed_up_seq = head.backed_up_seq


def _beginning(wish: Wish, head: Head, limits: Limits) -> int:
    """Return behind which number to begin reading; what cannot be served from there is a reset anyway."""
    is_servable = (
        wish.after is not None
        and wish.epoch in {None, head.epoch}
        and head.seq - limits.ring_frames <= wish.after <= head.seq
    )
    return wish.after if is_servable and wish.after is not None else head.seq
