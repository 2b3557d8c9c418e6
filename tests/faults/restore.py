"""F12: the laptop dies, an older backup becomes the database, and the phones bring back what it lacks."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from uuid_utils.compat import uuid7

from search_ops.persistence.anchors import append_anchor, read_anchors
from search_ops.persistence.embedded import Cluster
from search_ops.persistence.event_log import read_events
from search_ops.services.joining import JoinWish, join
from search_ops.services.keeping import heads, make_backup
from search_ops.services.reports import EnteredReport, enter_report
from search_ops.services.restoring import restore_backup
from search_ops.services.verification import verify_log
from search_ops.settings import Settings
from tests.faults.device import Device
from tests.faults.invariants import Ledger, report
from tests.faults.kills import LAUNCH
from tests.faults.load import under_load
from tests.faults.running import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.load import Load
    from tests.faults.scene import Headquarters
    from tests.stack import Stack

HURRY: Final = 0.3
_BACKUPS: Final = 3
_BACK_WITHIN_S: Final = 60.0


@dataclass
class Restored:
    """What restores came to."""

    acked_before: int = 0
    back_s: list[float] = field(default_factory=list)
    drained_s: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def restore_round(
    stack: Stack, headquarters: Headquarters, office: Office, seed: int, ledger: Ledger
) -> Restored:
    """Back up under load, go on, restore one of the backups, and wait for what the phones have."""
    rng = random.Random(seed)
    done = Restored()
    with tempfile.TemporaryDirectory() as folder:
        async with under_load(headquarters, office, rng, hurry=HURRY) as load:
            done.faults += await load.live(_BACK_WITHIN_S)
            backups = await _work_on(headquarters, load, Path(folder))
            late = await _join_late(load, rng)
            sending = asyncio.create_task(late.send())
            await late.emptied()
            before = _filed(load.scene.devices)
            done.acked_before = len(before)
            epoch = load.readers[0].epoch
            done.back_s.append(await _restore(stack, office, rng.choice(backups)))
            done.faults += await _return(load, late, epoch)
            begin = time.monotonic()
            done.faults += await load.end(ledger)
            done.drained_s.append(time.monotonic() - begin)
            late.stop()
            await sending
            done.faults += await _all_back(office, stack, load, before)
    return done


async def _work_on(headquarters: Headquarters, load: Load, folder: Path) -> list[Path]:
    """Make backups at random moments, with words of headquarters in between."""
    backups = []
    for number in range(_BACKUPS):
        await asyncio.sleep(load.rng.uniform(0.1, 0.8))
        kept = folder / str(number)
        kept.mkdir()
        url, kek = headquarters.database.owner_url, headquarters.kek
        backups.append(await asyncio.to_thread(make_backup, url, kept, kek))
        said = EnteredReport(uuid7(), "note_added", datetime.now(UTC), {"text": "Дождь", "source": "radio"})
        await enter_report(load.office, load.scene.desk.principal, load.scene.operation_id, said)
    await asyncio.sleep(load.rng.uniform(0.1, 0.8))
    return backups


async def _join_late(load: Load, rng: random.Random) -> Device:
    """Let somebody join whom no backup knows, and report."""
    device_id, scene = uuid7(), load.scene
    joined = await join(load.office, JoinWish(scene.search.join_code, "Поздний", device_id, None))
    port = scene.headquarters.port
    late = Device(scene.operation_id, joined.participant_id, device_id, joined.token, port, rng, HURRY)
    scene.devices.append(late)
    for _ in range(5):
        late.tap("check_in", {"word": "all_well"}, datetime.now(UTC))
    return late


def _filed(devices: Sequence[Device]) -> set[str]:
    return {told.event_id for device in devices for told in device.acked}


async def _restore(stack: Stack, office: Office, backup: Path) -> float:
    """Stop everything, put the backup in place, start again; return how long nobody was answered."""
    append_anchor(stack.data_dir, datetime.now(UTC).isoformat(timespec="seconds"), await _heads(stack))
    await office.engine.dispose()
    office.cache.clear()
    begin = time.monotonic()
    await asyncio.to_thread(stack.stop)
    await asyncio.to_thread(restore_backup, backup, Settings(data_dir=stack.data_dir))
    stack.start()  # in this thread: what it starts must outlive no more than the program
    return time.monotonic() - begin


async def _heads(stack: Stack) -> dict[str, dict[str, Any]]:
    return await asyncio.to_thread(heads, Cluster(stack.data_dir).urls().owner_url)


async def _return(load: Load, late: Device, epoch: str | None) -> list[str]:
    """Let screens and phones hear of the new epoch, as the stream tells it; the late one joins anew."""
    faults = []
    for reader in load.readers:
        with suppress(TimeoutError):
            async with asyncio.timeout(_BACK_WITHIN_S):
                while reader.epoch in {epoch, None} or not reader.is_live:
                    reader.moved.clear()
                    await reader.moved.wait()
        if reader.epoch in {epoch, None}:
            faults.append("a screen never heard of the new epoch")
    after = load.readers[0].epoch
    assert after is not None
    joined = await join(load.office, JoinWish(load.scene.search.join_code, "Поздний", late.device_id, None))
    late.token, late.participant_id = joined.token, joined.participant_id
    for device in load.scene.devices:
        device.note_server(after)
    return faults


async def _all_back(office: Office, stack: Stack, load: Load, before: set[str]) -> list[str]:
    """100 % of what the field was told is filed is there again; anchors of before agree."""
    async with office.engine.connect() as connection:
        log = await read_events(connection, load.scene.stream_id, after=0, limit=None)
    lost = before - {str(stored.id) for stored in log}
    faults = [f"I1: {each} was acknowledged before the restore and is not back" for each in sorted(lost)]
    anchors = read_anchors(stack.data_dir / "anchors.jsonl")
    verified = await verify_log(office.engine, anchors)
    return faults + [f"verify-log: {fault}" for fault in verified.faults]


def restore(count: int = 50, first: int = 0) -> Iterator[dict[str, Any]]:
    """Restore so many times, each time another search."""
    with running(LAUNCH) as (stack, headquarters):
        yield asyncio.run(_rounds(stack, headquarters, count, first))


async def _rounds(stack: Stack, headquarters: Headquarters, count: int, first: int) -> dict[str, Any]:
    begin = time.perf_counter()
    whole, ledger = Restored(), Ledger()
    async with headquarters.office() as office:
        for seed in range(first, first + count):
            done = await restore_round(stack, headquarters, office, seed, ledger)
            whole.faults += [f"seed {seed}: {fault}" for fault in done.faults]
            whole.acked_before += done.acked_before
            whole.back_s += done.back_s
            whole.drained_s += done.drained_s
    figures = {
        "n": count,
        "acked_before_restore": whole.acked_before,
        "slowest_back_s": round(max(whole.back_s), 1),
        "slowest_drain_s": round(max(whole.drained_s), 1),
        "took_s": round(time.perf_counter() - begin, 1),
    }
    return report("F12 restore", whole.faults, first, figures)
