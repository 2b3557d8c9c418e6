"""Phones as the server sees them: kept connections that file reports at set times, come what may."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson
from uuid_utils.compat import uuid7

from search_ops.domain.events import wire_time
from tests.load.timing import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

_PATIENCE_S: Final = 30.0
_DONE: Final = 200


@dataclass
class Phone:
    """One participant's phone and its connection."""

    port: int
    operation_id: UUID
    token: str
    device_id: UUID
    dseq: int = 0
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    def report(self, kind: str = "check_in", **payload: Any) -> dict[str, Any]:
        """Return a new report, as made when the thumb goes down."""
        self.dseq += 1
        return {
            "id": str(uuid7()),
            "v": 1,
            "device_id": str(self.device_id),
            "dseq": self.dseq,
            "kind": kind,
            "at": wire_time(datetime.now(UTC)),
            "payload": payload or {"word": "all_well"},
            "after": [],
            "base_version": None,
        }

    async def file(self, events: Sequence[dict[str, Any]]) -> tuple[int, Any]:
        """Send a batch and return (status, answer).

        Raises
        ------
        OSError, TimeoutError
            There was no whole answer.
        """
        body = orjson.dumps({"events": list(events)})
        head = (
            f"POST /api/operations/{self.operation_id}/events HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            async with asyncio.timeout(_PATIENCE_S):
                if self._writer is None:
                    self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
                assert self._reader is not None
                self._writer.write(head.encode() + body)
                return await _answer(self._reader)
        except (OSError, EOFError, TimeoutError):
            await self.hang_up()
            raise

    async def hang_up(self) -> None:
        """Close the connection; the next report opens another."""
        writer, self._reader, self._writer = self._writer, None, None
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, Any]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    return status, orjson.loads(await reader.readexactly(length))


@dataclass
class Filed:
    """What became of everything sent."""

    times: Times = field(default_factory=Times)
    acked: dict[str, int] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    late_s: float = 0.0


async def file_on_schedule(
    phones: Sequence[Phone],
    make: Callable[[Phone], list[dict[str, Any]]],
    *,
    per_s: float,
    seconds: float,
) -> Filed:
    """File so many batches a second, phone after phone; none waits for the answer to another phone.

    Times count from when a batch was due, also when its phone was still busy with the one before.
    """
    filed = Filed()
    count = int(per_s * seconds)
    begin = time.perf_counter() + 0.1

    async def one_phone(number: int, phone: Phone) -> None:
        for at in range(number, count, len(phones)):
            due = begin + at / per_s
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await _file_one(phone, make(phone), due, filed)

    await asyncio.gather(*(one_phone(number, phone) for number, phone in enumerate(phones)))
    filed.late_s = time.perf_counter() - begin - seconds
    return filed


async def _file_one(phone: Phone, events: list[dict[str, Any]], due: float, filed: Filed) -> None:
    try:
        status, answer = await phone.file(events)
    except (OSError, EOFError, TimeoutError) as fault:
        filed.errors[type(fault).__name__] += 1
        return
    filed.times.add(time.perf_counter() - due)
    if status != _DONE:
        filed.errors[str(status)] += 1
        return
    for verdict in answer["results"]:
        filed.statuses[verdict["status"]] += 1
        if verdict["status"] == "stored":
            filed.acked[verdict["id"]] = verdict["seq"]
