"""L1, L2, L7: reports one by one, in batches, and phones that come back into the network at once."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING, Any, Final

from tests.load.phones import Filed, Phone, file_on_schedule
from tests.load.scene import line, scene
from tests.load.timing import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PHONES: Final = 120
_WARM_PER_S, _WARM_S = 50.0, 2.0
_STEP_S: Final = 10.0
_P99_MS: Final = {1: 100.0, 50: 300.0}
_GROWTH: Final = 1.25
_DONE: Final = "stored"


def check_ins(first_per_s: int = 100, most_per_s: int = 2_500) -> Iterator[dict[str, Any]]:
    """L1: single check-ins, faster by a quarter each ten seconds, until one in a hundred takes 100 ms."""
    yield from _climb("check-ins one by one", 1, first_per_s, most_per_s)


def batches(first_per_s: int = 1_000, most_per_s: int = 40_000) -> Iterator[dict[str, Any]]:
    """L2: events in batches of fifty, faster each ten seconds, until one batch in a hundred takes 300 ms."""
    yield from _climb("events in batches of 50", 50, first_per_s, most_per_s)


def _climb(name: str, size: int, first_per_s: int, most_per_s: int) -> Iterator[dict[str, Any]]:
    with asyncio.Runner() as runner:
        steps = runner.run(_climbed(size, first_per_s, most_per_s))
    held = [step["per_s"] for step in steps if step["is_held"]]
    for step in steps:
        yield line(f"{name}: step", step.pop("fault_list"), **step)
    yield line(name, [], held_per_s=max(held, default=0), p99_limit_ms=_P99_MS[size], phones=_PHONES)


async def _climbed(size: int, first_per_s: float, most_per_s: float) -> list[dict[str, Any]]:
    steps = []
    async with scene(_PHONES) as (where, _):

        def make(phone: Phone) -> list[dict[str, Any]]:
            return [phone.report() for _ in range(size)]

        await file_on_schedule(where.phones, make, per_s=_WARM_PER_S / size, seconds=_WARM_S)
        per_s, acked = first_per_s, dict[str, int]()
        while per_s <= most_per_s:
            filed = await file_on_schedule(where.phones, make, per_s=per_s / size, seconds=_STEP_S)
            acked |= filed.acked
            step = _step(filed, per_s, _P99_MS[size])
            steps.append(step)
            if not step["is_held"]:
                break
            per_s *= _GROWTH
        steps[-1]["fault_list"] += await where.faults(acked)
    return steps


def _step(filed: Filed, per_s: float, limit_ms: float) -> dict[str, Any]:
    stored = filed.statuses[_DONE]
    wrong = {word: count for word, count in filed.statuses.items() if word != _DONE} | filed.errors
    return {
        "per_s": round(per_s),
        "stored": stored,
        "is_held": filed.times.at(0.99) <= limit_ms and not wrong,
        **filed.times.as_json("answer"),
        "fault_list": [f"{count} times {word}" for word, count in wrong.items()],
    }


def returning(phones: int = 200, events: int = 100, within_s: int = 20) -> Iterator[dict[str, Any]]:
    """L7: phones with full outboxes come back within so many seconds, while others report live."""
    with asyncio.Runner() as runner:
        yield runner.run(_returned(phones, events, within_s))


async def _returned(phones: int, events: int, within_s: float) -> dict[str, Any]:
    async with scene(phones + 2) as (where, _):
        away, (live, lost) = where.phones[:-2], where.phones[-2:]
        backlogs = [[phone.report() for _ in range(events)] for phone in away]
        is_over = asyncio.Event()
        watched = [
            asyncio.create_task(_keep_reporting(live, live.report, 0.2, is_over)),
            asyncio.create_task(
                _keep_reporting(lost, lambda: lost.report("sos_raised", text="нога"), 1.0, is_over)
            ),
        ]
        begin = time.perf_counter()
        rng = random.Random(7)  # noqa: S311 - moments of a test
        done = await asyncio.gather(
            *(
                _come_back(phone, backlog, rng.uniform(0, within_s))
                for phone, backlog in zip(away, backlogs, strict=True)
            )
        )
        took_s = time.perf_counter() - begin
        is_over.set()
        (live_times, live_acked), (sos_times, sos_acked) = await asyncio.gather(*watched)
        acked = {identity: seq for one in [*done, live_acked, sos_acked] for identity, seq in one.items()}
        faults = await where.faults(acked)
        missing = phones * events - sum(map(len, done))
        if missing:
            faults.append(f"I7: {missing} reports are still on phones")
    return line(
        "return to the network",
        faults,
        phones=phones,
        events_each=events,
        within_s=within_s,
        filed_in_s=round(took_s, 1),
        filed_per_s=round(phones * events / took_s),
        **live_times.as_json("live"),
        **sos_times.as_json("sos"),
    )


_BATCH: Final = 50


async def _come_back(phone: Phone, backlog: list[dict[str, Any]], after_s: float) -> dict[str, int]:
    """File an outbox as the phone's rules say: batches, and again after a pause when one failed."""
    await asyncio.sleep(after_s)
    acked: dict[str, int] = {}
    rng = random.Random(str(phone.device_id))  # noqa: S311 - pauses of a test
    attempt = 0
    while len(acked) < len(backlog) and attempt < 8:
        batch = [event for event in backlog if event["id"] not in acked][:_BATCH]
        try:
            status, answer = await phone.file(batch)
        except (OSError, EOFError, TimeoutError):
            status, answer = 0, {}
        if status == 200:
            attempt = 0
            acked |= {one["id"]: one["seq"] for one in answer["results"] if one["seq"] is not None}
        else:
            attempt += 1
            await asyncio.sleep(rng.uniform(0, min(60, 2**attempt)))
    return acked


async def _keep_reporting(
    phone: Phone, make: Callable[[], dict[str, Any]], pause_s: float, is_over: asyncio.Event
) -> tuple[Times, dict[str, int]]:
    times, acked = Times(), dict[str, int]()
    due = time.perf_counter()
    while not is_over.is_set():
        report = make()
        status, answer = await phone.file([report])
        times.add(time.perf_counter() - due)
        if status == 200 and answer["results"][0]["seq"] is not None:
            acked[report["id"]] = answer["results"][0]["seq"]
        due += pause_s
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
    return times, acked
