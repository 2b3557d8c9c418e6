"""L8: a screen opens a search of a hundred thousand events and thousands of sectors."""

from __future__ import annotations

import asyncio
import gzip
import http.client
import time
from typing import TYPE_CHECKING, Any, Final

import orjson

from tests.factories import make_sectors
from tests.load.phones import Phone, file_on_schedule
from tests.load.scene import Scene, line, scene
from tests.load.timing import Times

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE: Final = 50
_PHONES: Final = 100
_PER_S: Final = 2_000
_SECTORS_AT_ONCE: Final = 500
_TRIES: Final = 7


def opening(events: int = 20_000, sectors: int = 1_000) -> Iterator[dict[str, Any]]:
    """L8: the snapshot of a large search, as a desk and as a phone fetch it."""
    with asyncio.Runner() as runner:
        yield from runner.run(_opened(events, sectors))


async def _opened(events: int, sectors: int) -> list[dict[str, Any]]:
    async with scene(_PHONES) as (where, _):
        for begin in range(0, sectors, _SECTORS_AT_ONCE):
            labels = [f"A{number}" for number in range(begin, min(begin + _SECTORS_AT_ONCE, sectors))]
            await make_sectors(where.office, where.search, labels, lat=58.0 + begin / 50_000)

        def make(phone: Phone) -> list[dict[str, Any]]:
            return [phone.report() for _ in range(_SIZE)]

        begin_s = time.perf_counter()
        filed = await file_on_schedule(where.phones, make, per_s=_PER_S / _SIZE, seconds=events / _PER_S)
        took_s = time.perf_counter() - begin_s
        lines = [
            await asyncio.to_thread(_fetched, where, who, token)
            for who, token in (("desk", where.desk_token), ("phone", where.phones[0].token))
        ]
        faults = await where.faults(filed.acked)
    size = {"events": len(filed.acked), "sectors": sectors}
    stored = line("large search filed", faults, **size, filed_in_s=round(took_s, 1))
    return [stored, *(each | size for each in lines)]


def _fetched(where: Scene, who: str, token: str) -> dict[str, Any]:
    times, body, packed = Times(), b"", 0
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
    for _ in range(_TRIES):
        connection = http.client.HTTPConnection("127.0.0.1", where.port, timeout=60)
        begin = time.perf_counter()
        connection.request("GET", f"/api/operations/{where.search.operation_id}/snapshot", headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        times.add(time.perf_counter() - begin)
        assert answer.status == http.HTTPStatus.OK, body[:200]
        packed = len(body)
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        connection.close()
    seq = orjson.loads(body)["seq"]
    return line(
        f"snapshot for a {who}",
        [],
        seq=seq,
        **times.as_json("answer"),
        sent_mb=round(packed / 1e6, 3),
        unpacked_mb=round(len(body) / 1e6, 3),
    )
