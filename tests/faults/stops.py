"""F4: each process held still (SIGSTOP) for a while under load, as by a machine that swaps, then let go."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import psutil

from tests.faults.invariants import Ledger, log_verifies, report
from tests.faults.kills import BACK_WITHIN_S, HURRY, LAUNCH, processes
from tests.faults.load import under_load
from tests.faults.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.scene import Headquarters
    from tests.stack import Stack

_TARGETS: Final = ("api", "stream", "worker", "backend", "postmaster")
_A_ROUND: Final = 5
_STILL_S: Final = (0.1, 0.5, 2.0, 8.0, 30.0)


async def stop_round(
    stack: Stack, headquarters: Headquarters, office: Office, *, seed: int, stops: int, ledger: Ledger
) -> tuple[Counter[str], list[str]]:
    """Hold one process after the other; return how many of each kind, and what did not hold."""
    rng = random.Random(seed)
    held: Counter[str] = Counter()
    async with under_load(headquarters, office, rng, hurry=HURRY) as load:
        faults = await load.live(BACK_WITHIN_S)
        for _ in range(stops):
            target = rng.choice(_TARGETS)
            await _hold(stack, target, rng)
            held[target] += 1
            faults += await load.live(BACK_WITHIN_S)
        faults += await load.end(ledger)
    return held, faults


async def _hold(stack: Stack, target: str, rng: random.Random) -> None:
    found = processes(stack, target)
    if not found:
        return
    victim = rng.choice(found)
    with suppress(psutil.Error):
        victim.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(rng.choice(_STILL_S) * rng.random())
        finally:
            victim.send_signal(signal.SIGCONT)


def stops(count: int = 300, first: int = 0) -> Iterator[dict[str, Any]]:
    """Hold so many processes, five to a search."""
    with running(LAUNCH) as (stack, headquarters):
        yield asyncio.run(_stops(stack, headquarters, count, first))


async def _stops(stack: Stack, headquarters: Headquarters, count: int, first: int) -> dict[str, Any]:
    begin = time.perf_counter()
    faults: list[str] = []
    held: Counter[str] = Counter()
    ledger = Ledger()
    async with headquarters.office() as office:
        for number in range(0, count, _A_ROUND):
            seed = first + number // _A_ROUND
            some = min(_A_ROUND, count - number)
            done, found = await stop_round(stack, headquarters, office, seed=seed, stops=some, ledger=ledger)
            held += done
            faults += [f"seed {seed}: {fault}" for fault in found]
        faults += await log_verifies(office.engine)
    figures = {
        "n": count,
        "held": dict(held),
        "acked": ledger.acked,
        "took_s": round(time.perf_counter() - begin, 1),
    }
    return report("F4 stops", faults, first, figures)
