"""F6: phones behind a network that delays, slices, starves, hangs, resets, cuts answers after the commit."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from tests.faults.invariants import Ledger, emptied, log_verifies, report
from tests.faults.proxy import FaultProxy
from tests.faults.running import running
from tests.faults.scene import open_scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.device import Device
    from tests.faults.scene import Headquarters

_PHONES: Final = 6
_TAPS: Final = 8
HURRY: Final = 0.05  # faster, and an SOS would wait less for its answer than a busy machine takes
BAD_FOR_S: Final = 2.0
HEALED_WITHIN_S: Final = 30.0
_KINDS: Final = (
    ("check_in", {"word": "all_well"}),
    ("check_in", {"word": "all_well"}),
    ("clue_found", {"text": "платок"}),
    ("sos_raised", {"text": "нога"}),
    ("note_added", {"text": "туман"}),
)


@dataclass
class Episode:
    """What one spell of bad network came to."""

    fates: Counter[str]
    lost_answers: int
    filed: int
    drained_s: float
    faults: list[str]


async def episode(
    headquarters: Headquarters, office: Office, seed: int, ledger: Ledger, *, bad_for_s: float = BAD_FOR_S
) -> Episode:
    """Let phones report through a bad network, heal it, and wait until their outboxes are empty."""
    rng = random.Random(seed)
    scene = await open_scene(headquarters, office, rng, phones=_PHONES, hurry=HURRY)
    async with FaultProxy(headquarters.port, rng, hurry=HURRY) as proxy, asyncio.TaskGroup() as phones:
        for device in scene.devices:
            device.port = proxy.port
            phones.create_task(device.send())
        await _tap(scene.devices, rng, bad_for_s)
        proxy.heal()
        drained_s = await drained(scene.devices, HEALED_WITHIN_S)
        for device in scene.devices:
            device.stop()
    faults = [*emptied(scene.devices), *await ledger.look(office.engine, scene.stream_id, scene.devices)]
    filed = sum(len(device.items) for device in scene.devices)
    return Episode(proxy.fates, proxy.lost_answers, filed, drained_s, faults)


async def _tap(devices: Sequence[Device], rng: random.Random, bad_for_s: float) -> None:
    """Report for a while, each at moments of his own."""
    for _ in range(_TAPS):
        for device in devices:
            kind, payload = rng.choice(_KINDS)
            device.tap(kind, dict(payload), datetime.now(UTC))
        await asyncio.sleep(bad_for_s / _TAPS)


async def drained(devices: Sequence[Device], limit_s: float) -> float:
    """Wait until all outboxes are empty, so long at most; return how long it took."""
    begin = time.monotonic()
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            for device in devices:
                await device.emptied()
    return time.monotonic() - begin


def cuts(count: int = 2_000, first: int = 0) -> Iterator[dict[str, Any]]:
    """Live through so many spells of bad network, each with a search of its own."""
    with running() as (_stack, headquarters):
        yield asyncio.run(_cuts(headquarters, count, first))


async def _cuts(headquarters: Headquarters, count: int, first: int) -> dict[str, Any]:
    begin = time.perf_counter()
    faults: list[str] = []
    fates: Counter[str] = Counter()
    filed = lost = 0
    slowest_s = 0.0
    ledger = Ledger()
    async with headquarters.office() as office:
        for seed in range(first, first + count):
            done = await episode(headquarters, office, seed, ledger)
            faults += [f"seed {seed}: {fault}" for fault in done.faults]
            fates, filed, lost = fates + done.fates, filed + done.filed, lost + done.lost_answers
            slowest_s = max(slowest_s, done.drained_s)
        faults += await log_verifies(office.engine)
    figures = {
        "n": count,
        "connections": dict(fates.most_common()),
        "answers_lost_after_commit": lost,
        "reports": filed,
        "acked": ledger.acked,
        "slowest_drain_s": round(slowest_s, 2),
        "took_s": round(time.perf_counter() - begin, 1),
    }
    return report("F6 cuts", faults, first, figures)
