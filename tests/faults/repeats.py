"""F7: each event sent one to five times, shuffled, days late, copies at once, over real connections."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid5

from search_ops.domain.events import wire_time
from tests.faults.invariants import Ledger, log_verifies, report
from tests.faults.running import running
from tests.faults.scene import open_scene
from tests.faults.wire import ask

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search_ops.persistence.unit_of_work import Office
    from tests.faults.device import Device
    from tests.faults.scene import Headquarters, Scene

ROUND: Final = 1_000
_PHONES, _TEAMS, _SECTORS = 12, 4, 40
_MOST_COPIES: Final = 5
_AT_ONCE: Final = 6
_LATE: Final = timedelta(hours=72)
_WORDS: Final = ("all_well", "going", "out", "started", "finished", "returning", "back", "rest", "ready")


@dataclass
class Told:
    """Everything that was answered about the events of one search."""

    verdicts: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    sent: int = 0
    statuses: Counter[str] = field(default_factory=Counter)


async def repeat_round(headquarters: Headquarters, office: Office, seed: int, events: int) -> Repeated:
    """Send so many events of one search by the plan of a seed and look at what became of them."""
    rng = random.Random(seed)
    scene = await open_scene(
        headquarters, office, rng, phones=_PHONES, teams=_TEAMS, sectors=_SECTORS, hurry=0.01
    )
    made = [_event(scene, scene.devices[number % _PHONES], rng, number) for number in range(events)]
    _give_causes(made, rng)
    told = Told()
    await _send_all(scene, _batches(made, rng), told)
    # A cause may have come last of all: what waited for it is asked for once more, as phones do.
    await _send_all(scene, _batches(made, rng, copies=1), told)
    faults = [*_verdict_faults(told, made), *await _claims_visible(scene, told)]
    ledger = Ledger()
    faults += await ledger.look(office.engine, scene.stream_id)
    return Repeated(told.sent, told.statuses, faults, ledger.events)


@dataclass(frozen=True)
class Repeated:
    """What one round came to."""

    sent: int
    statuses: Counter[str]
    faults: list[str]
    stored: int


def _event(scene: Scene, device: Device, rng: random.Random, number: int) -> dict[str, Any]:
    late = timedelta(seconds=rng.uniform(0, _LATE.total_seconds()))
    kind, payload = _said(scene, device, rng)
    device.dseq += 1
    return {
        "id": str(uuid5(device.device_id, f"{rng.random()} {number}")),
        "v": 1,
        "device_id": str(device.device_id),
        "dseq": device.dseq,
        "kind": kind,
        "at": wire_time(datetime.now(UTC) - late),
        "payload": payload,
        "after": [],
        "base_version": None,
    }


def _said(scene: Scene, device: Device, rng: random.Random) -> tuple[str, dict[str, Any]]:
    place = scene.devices.index(device)
    drawn = rng.random()
    leads = place % 2 == 0 and place < 2 * len(scene.team_ids)
    if leads and drawn < 0.15:
        claim = {"team_id": str(scene.team_ids[place // 2]), "sector_id": str(rng.choice(scene.sector_ids))}
        return "sector_claimed", claim
    if leads and drawn < 0.5:
        return "check_in", {"word": rng.choice(_WORDS), "team_id": str(scene.team_ids[place // 2])}
    if drawn < 0.85:
        return "check_in", {"word": rng.choice(_WORDS)}
    if drawn < 0.9:
        return "sos_raised", {"text": "нога"}
    return "clue_found", {"text": f"след {drawn}"}


def _give_causes(made: Sequence[dict[str, Any]], rng: random.Random) -> None:
    """Let every tenth event name one of the same phone as its cause, made before it."""
    latest: dict[str, str] = {}
    for event in made:
        if event["device_id"] in latest and rng.random() < 0.1:
            event["after"] = [latest[event["device_id"]]]
        latest[event["device_id"]] = event["id"]


Batch = list[dict[str, Any]]


def _batches(made: Sequence[dict[str, Any]], rng: random.Random, copies: int | None = None) -> list[Batch]:
    """Return all copies of all events, mixed, in requests of one phone each."""
    by_device: dict[str, Batch] = defaultdict(list)
    for event in made:
        for _ in range(copies or rng.randint(1, _MOST_COPIES)):
            by_device[event["device_id"]].append(event)
    batches = []
    for events in by_device.values():
        rng.shuffle(events)
        while events:
            size = rng.choice((1, 3, 20, 100))
            batches.append([events.pop() for _ in range(min(size, len(events)))])
    rng.shuffle(batches)
    return batches


async def _send_all(scene: Scene, batches: list[Batch], told: Told) -> None:
    """Send every batch, several at once; half of them a second time while the first is on its way."""
    tokens = {str(device.device_id): device.token for device in scene.devices}
    path = f"/api/operations/{scene.operation_id}/events"
    left = list(enumerate(batches))

    async def send(batch: Batch) -> None:
        reply = await ask(
            scene.headquarters.port, "POST", path, tokens[batch[0]["device_id"]], {"events": batch}
        )
        if reply.status != 200:
            raise AssertionError(f"{reply.status}: {reply.body[:300]!r}")
        told.sent += len(batch)
        for verdict in reply.json()["results"]:
            told.verdicts[verdict["id"]].append(verdict)
            told.statuses[verdict["status"]] += 1

    async def work() -> None:
        while left:
            number, batch = left.pop()
            if number % 2 == 0:
                await asyncio.gather(send(batch), send(batch))
            else:
                await send(batch)

    async with asyncio.TaskGroup() as senders:
        for _ in range(_AT_ONCE):
            senders.create_task(work())


def _verdict_faults(told: Told, made: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Look for two first answers to one event, for two numbers, and for a report without any."""
    for event in made:
        verdicts = told.verdicts[event["id"]]
        statuses = Counter(verdict["status"] for verdict in verdicts)
        numbers = {verdict["seq"] for verdict in verdicts if verdict["seq"] is not None}
        reasons = {verdict["reason"] for verdict in verdicts if verdict["status"] == "refused"}
        if len(numbers) != 1:
            yield f"{event['kind']} {event['id']} has the numbers {sorted(numbers)}"
        # Copies in one request that waited for a cause in the same request are all told "stored".
        if (statuses["stored"] > 1 and not event["after"]) or len(reasons) > 1:
            yield f"{event['kind']} {event['id']} was answered {dict(statuses)} {sorted(reasons)}"
        if statuses["refused"] and (statuses["stored"] or statuses["duplicate"]):
            yield f"a refused claim was once answered otherwise: {dict(statuses)}"
        if unfit := statuses.keys() - {"stored", "duplicate", "refused", "waiting"}:
            yield f"{event['kind']} {event['id']} was answered {sorted(unfit)}"


async def _claims_visible(scene: Scene, told: Told) -> list[str]:
    """Every claim that lost stands in the log with its refusal, for headquarters to see."""
    reply = await ask(
        scene.headquarters.port, "GET", f"/api/operations/{scene.operation_id}/snapshot", scene.desk.token
    )
    head = reply.json()["seq"]
    seen: dict[int, dict[str, Any]] = {}
    while len(seen) < head:
        path = f"/api/operations/{scene.operation_id}/events?after={len(seen)}&limit=500"
        page = (await ask(scene.headquarters.port, "GET", path, scene.desk.token)).json()["events"]
        seen |= {event["seq"]: event for event in page}
        if not page:
            return [f"the log reads {len(seen)} of {head}"]
    faults = []
    for identity, verdicts in told.verdicts.items():
        if verdicts[-1]["status"] != "refused":
            continue
        seq = verdicts[-1]["seq"]
        claim, refusal = seen[seq], seen.get(seq + 1, {})
        if claim["id"] != identity or refusal.get("kind") != "claim_refused":
            faults.append(f"the refused claim {identity} is not visible at {seq}")
    return faults


def repeats(count: int = 1_000_000, first: int = 0) -> Iterator[dict[str, Any]]:
    """Send so many events, a thousand to a search."""
    with running() as (_stack, headquarters):
        yield asyncio.run(_repeats(headquarters, count, first))


async def _repeats(headquarters: Headquarters, count: int, first: int) -> dict[str, Any]:
    begin = time.perf_counter()
    faults: list[str] = []
    statuses: Counter[str] = Counter()
    sent = stored = 0
    async with headquarters.office() as office:
        for number in range(0, count, ROUND):
            seed = first + number // ROUND
            done = await repeat_round(headquarters, office, seed, min(ROUND, count - number))
            faults += [f"seed {seed}: {fault}" for fault in done.faults]
            sent, stored, statuses = sent + done.sent, stored + done.stored, statuses + done.statuses
        faults += await log_verifies(office.engine)
    figures = {
        "n": count,
        "copies_sent": sent,
        "verdicts": dict(statuses.most_common()),
        "events_in_logs": stored,
        "took_s": round(time.perf_counter() - begin, 1),
    }
    return report("F7 repeats", faults, first, figures)
