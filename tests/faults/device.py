"""A phone: reports are kept when the thumb goes down and offered until headquarters has them in its log."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from uuid_utils.compat import uuid7

from search_ops.domain.events import wire_time
from tests.faults.outbox import (
    Answer,
    Channel,
    Item,
    Pace,
    judge,
    next_batch,
    next_due_in_ms,
    offer_again,
    pause_left_ms,
    read_answer,
    settle,
    timeout_ms,
)
from tests.faults.wire import ask

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

_WANTED_DELAY_MS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Acked:
    """What a phone was told: this event stands in the log under this number."""

    event_id: str
    seq: int
    epoch: str


@dataclass
class Device:
    """One phone with its outbox.

    Attributes
    ----------
    port : int
        Where it finds headquarters, or what stands in the way.
    hurry : float
        Its seconds in ours: at 0.01 a wait of a minute takes 0.6 s.
    acked : list of Acked
        Every word it ever got that an event is filed.
    """

    operation_id: UUID
    participant_id: UUID
    device_id: UUID
    token: str
    port: int
    rng: random.Random
    hurry: float = 1.0
    items: dict[str, Item] = field(default_factory=dict)
    acked: list[Acked] = field(default_factory=list)
    dseq: int = 0
    paces: dict[Channel, Pace] = field(default_factory=dict)
    is_over: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    bells: dict[Channel, asyncio.Event] = field(
        default_factory=lambda: {"sos": asyncio.Event(), "rest": asyncio.Event()}
    )
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def tap(self, kind: str, payload: dict[str, Any], at: datetime, after: Sequence[str] = ()) -> Item:
        """Keep a report."""
        self.dseq += 1
        event = {
            "id": str(uuid7()),
            "v": 1,
            "device_id": str(self.device_id),
            "dseq": self.dseq,
            "kind": kind,
            "at": wire_time(at),
            "payload": payload,
            "after": list(after),
            "base_version": None,
        }
        item = Item(str(self.operation_id), event, self._now_ms())
        self.items[item.id] = item
        self.kick()
        return item

    @property
    def unfiled(self) -> list[Item]:
        """Return what headquarters has not confirmed."""
        return [item for item in self.items.values() if item.state != "filed"]

    async def send(self) -> None:
        """Offer what there is until `is_over`; both channels run side by side."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._channel("sos"))
            both.create_task(self._channel("rest"))

    def note_server(self, epoch: str) -> None:
        """Offer again what was filed in another epoch than the server's."""
        for item_id, change in offer_again(list(self.items.values()), str(self.operation_id), epoch).items():
            self._change(item_id, change)
            self.kick()

    async def emptied(self) -> None:
        """Wait until everything is filed."""
        while self.unfiled:
            self.moved.clear()
            await self.moved.wait()

    def stop(self) -> None:
        """Switch the phone off; what it holds stays."""
        self.is_over = True
        self.kick()

    def kick(self) -> None:
        """Say that another attempt is worth while: a tap, the network, a word of the server."""
        for bell in self.bells.values():
            bell.set()

    async def _channel(self, channel: Channel) -> None:
        bell = self.bells[channel]
        while not self.is_over:
            bell.clear()
            delay_ms = await self._attempt(channel)
            if bell.is_set() and delay_ms != 0:
                delay_ms = 0 if delay_ms is None else min(delay_ms, _WANTED_DELAY_MS)
            if delay_ms == 0:
                continue
            bell.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if delay_ms is None else delay_ms / 1000 * self.hurry):
                    await bell.wait()
                pace = self.paces.get(channel, Pace())
                self.paces[channel] = replace(pace, failures=min(pace.failures, 1))

    async def _attempt(self, channel: Channel) -> int | None:
        items = list(self.items.values())
        pace = self.paces.get(channel, Pace())
        now_ms = self._now_ms()
        batch = next_batch(items, channel, now_ms, pace.batch_size)
        if not batch:
            due_in_ms = next_due_in_ms(items, channel, now_ms)
            return None if due_in_ms is None else max(1, due_in_ms)
        if (pause_ms := pause_left_ms(pace, now_ms)) > 0:
            return pause_ms
        answer = await self._offer(batch, timeout_ms(channel, pace.failures))
        outcome = judge(batch, answer, self._now_ms())
        for item_id, change in outcome.changes.items():
            self._change(item_id, change)
        if answer.type == "judged":
            self.note_server(answer.epoch)
        self.paces[channel], delay_ms = settle(
            channel,
            pace,
            answer,
            outcome,
            sent=len(batch),
            now_ms=self._now_ms(),
            chance=self.rng.random(),
        )
        return delay_ms

    def _change(self, item_id: str, change: Any) -> None:
        item = replace(self.items[item_id], **change)
        self.items[item_id] = item
        self.moved.set()
        if change["state"] == "filed":
            assert item.seq is not None
            assert item.epoch is not None
            self.acked.append(Acked(item_id, item.seq, item.epoch))

    async def _offer(self, batch: Sequence[Item], limit_ms: int) -> Answer:
        path = f"/api/operations/{self.operation_id}/events"
        body = {"events": [dict(item.event) for item in batch]}
        try:
            reply = await ask(self.port, "POST", path, self.token, body, limit_s=limit_ms / 1000 * self.hurry)
        except TimeoutError:
            return Answer("later", cause="timeout")
        except OSError:
            return Answer("later", cause="network")
        self.statuses[reply.status] += 1
        return read_answer(reply.status, reply.headers.get("retry-after"), reply.body)

    def _now_ms(self) -> int:
        return int(asyncio.get_running_loop().time() * 1000 / self.hurry)
