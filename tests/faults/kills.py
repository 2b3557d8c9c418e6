"""F1, F2, F3: `kill -9` of API, stream, worker, a backend and the postmaster under load, at any moment."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import psutil

from tests.faults.invariants import Ledger, log_verifies, report
from tests.faults.load import under_load
from tests.faults.running import running
from tests.faults.wire import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.load import Load
    from tests.faults.scene import Headquarters
    from tests.stack import Stack

LAUNCH: Final = [sys.executable, "-m", "tests.faults.launching"]
A_ROUND: Final = 10
BACK_WITHIN_S: Final = 30.0
HURRY: Final = 0.1
# Each as often as the plan wants it: 1,000 of the API, 500 of the stream, 200 of the database.
TARGETS: Final = ("api",) * 5 + ("stream",) * 3 + ("postmaster", "backend", "worker")
_PROGRAMS: Final = {"api": "web.supervisor.api_server", "stream": "web.stream", "worker": "worker"}


@dataclass
class Killed:
    """What a round of kills came to."""

    kills: Counter[str] = field(default_factory=Counter)
    back_s: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    reports: int = 0
    faults: list[str] = field(default_factory=list)


async def kill_round(
    stack: Stack,
    headquarters: Headquarters,
    office: Office,
    *,
    seed: int,
    targets: Sequence[str],
    ledger: Ledger,
) -> Killed:
    """Kill one after the other under load, each at a random moment; then look at everything."""
    rng = random.Random(seed)
    done = Killed()
    async with under_load(headquarters, office, rng, hurry=HURRY) as load:
        done.faults += await load.live(BACK_WITHIN_S)
        for target in targets:
            await asyncio.sleep(rng.uniform(0, 0.5))
            killed = kill(stack, target, rng)
            at_s = time.monotonic()
            done.kills[target] += 1
            done.faults += await _back(stack, headquarters, load, target, killed)
            done.back_s[target].append(time.monotonic() - at_s)
        done.faults += await load.end(ledger)
        for device in load.scene.devices:
            done.statuses += device.statuses
            done.reports += len(device.items)
    return done


def kill(stack: Stack, target: str, rng: random.Random) -> psutil.Process:
    """Kill a process of ours as the kernel does when memory is gone."""
    victim = rng.choice(processes(stack, target))
    os.kill(victim.pid, signal.SIGKILL)
    return victim


def processes(stack: Stack, target: str) -> list[psutil.Process]:
    """Return the processes of a kind, when there are any."""
    assert stack.process is not None
    found = []
    for child in psutil.Process(stack.process.pid).children(recursive=True):
        with suppress(psutil.Error):
            line = child.cmdline()
            if target == "postmaster":
                hit = line[1:2] == ["-D"]
            elif target == "backend":
                hit = "search_ops_app" in " ".join(line[:1])
            else:
                hit = line[-1:] == [_PROGRAMS[target]]
            if hit:
                found.append(child)
    return found


async def _back(
    stack: Stack, headquarters: Headquarters, load: Load, target: str, killed: psutil.Process
) -> list[str]:
    """Wait until what was killed works again and every screen is live."""
    deadline = time.monotonic() + BACK_WITHIN_S
    while time.monotonic() < deadline:
        others = [each for each in processes(stack, target) if each != killed]
        if (others or target == "backend") and await is_ready(headquarters.port):
            break
        await asyncio.sleep(0.05)
    else:
        return [f"{target} is not back after {BACK_WITHIN_S} s"]
    return await load.live(BACK_WITHIN_S)


async def is_ready(port: int) -> bool:
    """Ask the API whether it works."""
    with suppress(OSError, TimeoutError):
        return (await ask(port, "GET", "/readyz", limit_s=3)).status == 200
    return False


def kills(count: int = 1_700, first: int = 0) -> Iterator[dict[str, Any]]:
    """Kill so many processes, ten to a search."""
    with running(LAUNCH) as (stack, headquarters):
        yield asyncio.run(_kills(stack, headquarters, count, first))


async def _kills(stack: Stack, headquarters: Headquarters, count: int, first: int) -> dict[str, Any]:
    begin = time.perf_counter()
    whole, ledger = Killed(), Ledger()
    order = random.Random(first)
    async with headquarters.office() as office:
        for number in range(0, count, A_ROUND):
            seed = first + number // A_ROUND
            targets = [order.choice(TARGETS) for _ in range(min(A_ROUND, count - number))]
            done = await kill_round(stack, headquarters, office, seed=seed, targets=targets, ledger=ledger)
            whole.faults += [f"seed {seed}: {fault}" for fault in done.faults]
            whole.kills += done.kills
            whole.statuses += done.statuses
            whole.reports += done.reports
            for target, taken in done.back_s.items():
                whole.back_s[target] += taken
        whole.faults += await log_verifies(office.engine)
    figures = {
        "n": count,
        "kills": dict(whole.kills),
        "back_s": {target: _spread(taken) for target, taken in whole.back_s.items()},
        "reports": whole.reports,
        "acked": ledger.acked,
        "answers": {str(status): n for status, n in whole.statuses.most_common()},
        "took_s": round(time.perf_counter() - begin, 1),
    }
    return report("F1 F2 F3 kills", whole.faults, first, figures)


def _spread(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {
        "median": round(ordered[len(ordered) // 2], 2),
        "p95": round(p95, 2),
        "most": round(ordered[-1], 2),
    }
