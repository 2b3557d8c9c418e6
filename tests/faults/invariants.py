"""What must hold after every fault: I1 to I8 of the reliability plan, looked at in the database itself.

Written apart from the code that it judges: chain, fold and numbers are gone through here once more; the
product's own verification is one more witness, not the judge.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from search_ops.domain import fold
from search_ops.domain.events import GENESIS, Stored, chain_hash
from search_ops.persistence.event_log import load_state, read_events, read_head
from search_ops.persistence.tables import quarantine
from search_ops.services.verification import verify_log
from tests.faults.scene import CANARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncEngine

    from tests.faults.device import Device
    from tests.faults.reader import Reader


@dataclass
class Ledger:
    """What is remembered from look to look, outside the database: hashes of what was once seen."""

    hashes: dict[tuple[str, str, int], bytes] = field(default_factory=dict)
    events: int = 0
    acked: int = 0

    async def look(
        self,
        engine: AsyncEngine,
        stream_id: str,
        devices: Sequence[Device] = (),
        readers: Sequence[Reader] = (),
    ) -> list[str]:
        """Return what does not hold in one stream, with the number of the invariant."""
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            head = await read_head(connection, stream_id)
            assert head is not None
            log = await read_events(connection, stream_id, after=0, limit=None)
            projected = await load_state(connection, stream_id)
            query = select(quarantine.c.event_id).where(quarantine.c.stream_id == stream_id)
            quarantined = (await connection.execute(query)).scalars().all()
        self.events += len(log)
        epoch = str(head.epoch)
        faults = [*_numbers(log, head.head), *_ids(log), *_chain(log, head.head_hash)]
        faults += self._same_hashes(stream_id, epoch, log)
        if _folded(log) != projected:
            faults.append("I5: the projection is not the fold of the log")
        faults += [
            f"nobody sent two contents under one id, yet {each} lies in the tray" for each in quarantined
        ]
        for device in devices:
            self.acked += len(device.acked)
            faults += _acked(device, epoch, log)
        for reader in readers:
            faults += reader.faults
            faults += _beyond_grant(reader, epoch, log)
        return faults

    def _same_hashes(self, stream_id: str, epoch: str, log: Sequence[Stored]) -> Iterator[str]:
        for stored in log:
            held = self.hashes.setdefault((stream_id, epoch, stored.seq), stored.hash)
            if held != stored.hash:
                yield f"I1: {stored.seq} has another hash than before"


def _numbers(log: Sequence[Stored], head: int) -> Iterator[str]:
    if [stored.seq for stored in log] != list(range(1, head + 1)):
        yield f"I3: the numbers are not 1 to {head}"


def _ids(log: Sequence[Stored]) -> Iterator[str]:
    ids = Counter(stored.id for stored in log)
    yield from (f"I2: {identity} stands {count} times" for identity, count in ids.items() if count > 1)
    taps = Counter((stored.device_id, stored.dseq) for stored in log if stored.device_id is not None)
    yield from (f"I2: report {tap} stands {count} times" for tap, count in taps.items() if count > 1)


def _chain(log: Sequence[Stored], head_hash: bytes) -> Iterator[str]:
    previous = GENESIS
    for stored in log:
        if stored.prev_hash != previous or chain_hash(stored) != stored.hash:
            yield f"I10: the chain breaks at {stored.seq}"
            return
        previous = stored.hash
    if previous != head_hash:
        yield "I10: the head's hash is not that of the last event"


def _folded(log: Sequence[Stored]) -> fold.State:
    state: fold.State = {}
    for stored in log:
        fold.apply(state, stored.folding())
    return state


def _acked(device: Device, epoch: str, log: Sequence[Stored]) -> Iterator[str]:
    """I1: whatever a phone was told of this epoch is true."""
    held = {str(stored.id): stored for stored in log}
    for told in device.acked:
        if told.epoch != epoch:
            continue
        stored = held.get(told.event_id)
        if stored is None:
            yield f"I1: {told.event_id} was acknowledged as {told.seq} and is lost"
        elif stored.seq != told.seq:
            yield f"I1: {told.event_id} was acknowledged as {told.seq} and stands at {stored.seq}"
    for item in device.items.values():
        if item.state == "filed" and item.epoch == epoch and item.id not in held:
            yield f"I1: {item.id} counts as filed on the phone and is not in the log"


def _beyond_grant(reader: Reader, epoch: str, log: Sequence[Stored]) -> Iterator[str]:
    """I8: a participant was sent whole what is of all, of himself, or of a team he was in just then."""
    own = reader.participant_id
    if own is None:
        return
    if CANARY.encode() in reader.heard:
        yield f"I8: {own} was sent a word of headquarters"
    members: dict[str, Sequence[str]] = {}
    for stored in log:
        family, _, identity = stored.visibility.partition(":")
        before = str(own) in members.get(identity, ())
        _note_members(members, stored.kind, stored.payload)
        allowed = {
            "all": True,
            "person": identity == str(own),
            "team": before or str(own) in members.get(identity, ()),
        }
        if reader.whole.get((epoch, stored.seq)) is not None and not allowed.get(family, False):
            yield f"I8: {own} was sent {stored.seq} of class {stored.visibility}"


def _note_members(members: dict[str, Sequence[str]], kind: str, payload: Mapping[str, Any]) -> None:
    if kind in {"team_formed", "team_changed"}:
        team_id = str(payload["team_id"])
        is_over = bool(payload.get("disbanded"))
        members[team_id] = () if is_over else payload.get("member_ids", members.get(team_id, ()))


async def screens_agree(readers: Sequence[Reader], head: int, *, limit_s: float) -> list[str]:
    """I4, I5, I6: every screen comes to the head, and shows what a fresh snapshot shows."""
    faults = []
    for reader in readers:
        if not await reader.until(head, limit_s):
            faults.append(f"I4: a screen stays at {reader.seq} of {head}")
            continue
        seq, state = await reader.shown()
        if reader.seq != seq:
            faults.append(f"the log moved to {seq} while screens were compared")
        elif state != reader.state:
            faults.append(f"I5: a screen at {seq} shows another state than the snapshot")
    return faults


def emptied(devices: Sequence[Device]) -> list[str]:
    """I7: nothing is left in any outbox."""
    return [
        f"I7: {len(device.unfiled)} left in an outbox, first {device.unfiled[0].event}"
        for device in devices
        if device.unfiled
    ]


async def log_verifies(engine: AsyncEngine) -> list[str]:
    """Let the product's own verification look at all streams as well."""
    verified = await verify_log(engine)
    return [f"verify-log: {fault}" for fault in verified.faults]


def report(name: str, faults: Sequence[str], first: int, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of figures."""
    return {
        "name": name,
        "first_seed": first,
        **figures,
        "faults": len(faults),
        "first_faults": list(faults[:20]),
    }
