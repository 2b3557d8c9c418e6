"""L3, L4, L6, L9: thousands of screens on one search; idle ones, a storm of returns, and deaf ones."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final

import psutil

from tests.load.phones import Filed, file_on_schedule
from tests.load.scene import line, scene
from tests.load.screens import Heard, Screens
from tests.load.timing import Times

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.load.scene import Scene
    from tests.stack import Stack

_PHONES: Final = 30
_GROUP: Final = 1_000  # tickets live half a minute
_SETTLE_S: Final = 2.0


def watchers(screens: int = 5_000, per_s: int = 10, seconds: int = 20) -> Iterator[dict[str, Any]]:
    """L3: so many screens on one search, so many events a second; from the log to the screen."""
    with asyncio.Runner() as runner:
        yield runner.run(_watched(screens, per_s, seconds))


def idle(screens: int = 5_000) -> Iterator[dict[str, Any]]:
    """L4: memory of the stream process for each screen that is signed in and hears nothing."""
    with asyncio.Runner() as runner:
        yield runner.run(_idled(screens))


def storm(screens: int = 5_000) -> Iterator[dict[str, Any]]:
    """L6: all screens lose their connection at once and resume; events go on meanwhile."""
    with asyncio.Runner() as runner:
        yield runner.run(_returned(screens))


def stuck(screens: int = 2_000, stuck_screens: int = 200, seconds: int = 60) -> Iterator[dict[str, Any]]:
    """L9: some screens stop reading: what that does to the others, to memory, and when they are closed."""
    with asyncio.Runner() as runner:
        yield runner.run(_stuck(screens, stuck_screens, seconds))


async def _watched(count: int, per_s: int, seconds: int) -> dict[str, Any]:
    async with scene(_PHONES) as (where, _):
        with Screens(where.port + 1) as screens:
            await open_screens(where, screens, count)
            filed = await _report(where, per_s, seconds)
            heard = await all_heard(where, screens)
        faults = [*heard.faults[:20], *await where.faults(filed.acked)]
    return line(
        "screens on one search",
        faults,
        screens=heard.live,
        events_per_s=per_s,
        seconds=seconds,
        deliveries_per_s=round(heard.deliveries / seconds),
        resets=heard.resets,
        **Times(list(heard.delays_s)).as_json("log_to_screen"),
        **filed.times.as_json("answer"),
    )


async def _idled(count: int) -> dict[str, Any]:
    async with scene(1) as (where, stack):
        process = _stream_process(stack)
        before = process.memory_info().rss
        with Screens(where.port + 1) as screens:
            heard = await open_screens(where, screens, count)
            await asyncio.sleep(_SETTLE_S)
            after = process.memory_info().rss
    return line(
        "idle screens",
        [] if heard.live == count else [f"{count - heard.live} of {count} screens are not live"],
        screens=heard.live,
        bytes_per_screen=round((after - before) / count),
        stream_mb_before=round(before / 1e6, 1),
        stream_mb_after=round(after / 1e6, 1),
    )


async def _returned(count: int) -> dict[str, Any]:
    async with scene(_PHONES) as (where, _):
        with Screens(where.port + 1) as screens:
            await open_screens(where, screens, count)
            before = await _report(where, 10, 3)
            held = await all_heard(where, screens)
            left = await where.head()
            during = await _report(where, 10, 3)
            tickets = await where.tickets(count)
            screens.drop()
            resume = {"epoch": str(left.epoch), "after": left.head}
            back = await asyncio.to_thread(screens.open, tickets, resume)
            missed = await all_heard(where, screens)
        faults = [*held.faults[:9], *back.faults[:9], *missed.faults[:9]]
        faults += await where.faults(before.acked | during.acked)
        if missed.live != count:
            faults.append(f"{count - missed.live} of {count} screens are not back")
    return line(
        "storm of returns",
        faults,
        screens=count,
        all_live_s=round(back.all_live_s, 2),
        resets=back.resets + missed.resets,
        missed_events=len(during.acked),
        redelivered=back.deliveries + missed.deliveries,
    )


async def _stuck(count: int, stuck_count: int, seconds: int) -> dict[str, Any]:
    async with scene(_PHONES) as (where, stack):
        process = _stream_process(stack)
        with Screens(where.port + 1) as screens:
            await open_screens(where, screens, count)
            quiet_filed = await _report(where, 10, 10)
            quiet = await all_heard(where, screens)
            before = process.memory_info().rss
            screens.stop_reading(stuck_count)
            most, closed_s, filing = before, None, asyncio.create_task(_report(where, 10, seconds))
            begin = time.perf_counter()
            while not filing.done():
                await asyncio.sleep(0.5)
                most = max(most, process.memory_info().rss)
                if closed_s is None and screens.still_open() == 0:
                    closed_s = time.perf_counter() - begin
            beside = await all_heard(where, screens)
            filed = await filing
        faults = [*beside.faults[:20], *await where.faults(quiet_filed.acked | filed.acked)]
    alone_times, beside_times = Times(list(quiet.delays_s)), Times(list(beside.delays_s))
    return line(
        "screens that do not read",
        faults,
        screens=count,
        stuck=stuck_count,
        all_closed_s=None if closed_s is None else round(closed_s, 1),
        growth_per_stuck_kb=round((most - before) / stuck_count / 1024, 1),
        **alone_times.as_json("before"),
        **beside_times.as_json("beside"),
        p99_ratio=round(beside_times.at(0.99) / alone_times.at(0.99), 3),
    )


def _stream_process(stack: Stack) -> psutil.Process:
    assert stack.process is not None
    for child in psutil.Process(stack.process.pid).children(recursive=True):
        if "web.stream" in child.cmdline():
            return child
    raise AssertionError("no stream process")


async def open_screens(where: Scene, screens: Screens, count: int) -> Heard:
    """Open so many screens on the search."""
    heard = Heard()
    for begin in range(0, count, _GROUP):
        tickets = await where.tickets(min(_GROUP, count - begin))
        heard = await asyncio.to_thread(screens.open, tickets)
    assert heard.live == count, f"{heard.live} of {count} screens are live"
    return heard


async def _report(where: Scene, per_s: float, seconds: float) -> Filed:
    return await file_on_schedule(where.phones, lambda phone: [phone.report()], per_s=per_s, seconds=seconds)


async def all_heard(where: Scene, screens: Screens, *, limit_s: float = 30.0) -> Heard:
    """Return what all screens heard up to the head of the log, together with what came before."""
    head, whole = (await where.head()).head, Heard()
    async for heard in _answers(screens, limit_s):
        whole.deliveries += heard.deliveries
        whole.faults += heard.faults
        whole.resets += heard.resets
        whole.delays_s.extend(heard.delays_s)
        whole.open, whole.live, whole.least_seq = heard.open, heard.live, heard.least_seq
        if heard.least_seq >= head:
            return whole
    whole.faults.append(f"I4: a screen stays at {whole.least_seq} of {head}")
    return whole


async def _answers(screens: Screens, limit_s: float) -> AsyncIterator[Heard]:
    end = time.perf_counter() + limit_s
    while time.perf_counter() < end:
        yield await asyncio.to_thread(screens.tell)
        await asyncio.sleep(0.2)
