"""Positions of participants on their hot path: kept beside the log, which gets one line per chunk.

Every fix is kept once by (device, dseq). What cannot be true is kept and flagged, but does not move the map.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

import rfc8785
from pyproj import Geod
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.domain.events import Draft, wire_time
from search_ops.domain.visibility import person_class
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.positions import keep_last_position
from search_ops.persistence.tables import last_position, operation_record, position
from search_ops.persistence.unit_of_work import transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office, UnitOfWork

MOST_FIXES: Final = 50
# Faster than any helicopter of ours; worse than a mast; later than any honest clock.
FASTEST_MPS: Final = 90.0
WORST_ACCURACY_M: Final = 5_000.0
CLOCK_AHEAD: Final = timedelta(minutes=5)
# A last position older than this no longer tells what is impossible.
JUDGED_WITHIN: Final = timedelta(minutes=30)
_NEAR_M: Final = 500.0  # two fixes of a bad receiver differ by that without anybody moving

_EARTH: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Fix:
    """One position as a device measured it; `doubt` says why its own sender does not vouch for it."""

    dseq: int
    at: datetime
    lon: float
    lat: float
    accuracy_m: float | None = None
    speed_mps: float | None = None
    bearing_deg: float | None = None
    battery: float | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a chunk."""

    stored: int
    duplicate: int
    flagged: int


async def take_positions(
    office: Office, principal: Principal, operation_id: UUID, device_id: UUID, fixes: Sequence[Fix]
) -> Taken:
    """Keep a chunk of fixes of the caller.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    if not fixes:
        return Taken(0, 0, 0)
    stream_id = operation_stream(operation_id)
    async with transaction(office, [stream_id]) as work:
        judge = await _judge_for(work, operation_id, principal.id)
        in_order = _once(fixes)
        flags = [fix.doubt or judge.flag(fix) for fix in in_order]
        rows = [
            _row(principal, operation_id, device_id, fix, flag=flag, received_at=work.now)
            for fix, flag in zip(in_order, flags, strict=True)
        ]
        new = await _insert(work.connection, rows)
        stored = [(fix, flag) for fix, flag in zip(in_order, flags, strict=True) if fix.dseq in new]
        honest = [fix for fix, flag in stored if flag is None]
        if honest:
            await _show(work, operation_id, principal.id, honest[-1])
        if stored:
            draft = _track_recorded(principal, device_id, [fix for fix, _ in stored], work.now)
            work.streams[stream_id].append(draft)
    flagged = sum(flag is not None for _, flag in stored)
    return Taken(len(stored), len(fixes) - len(stored), flagged)


def _once(fixes: Sequence[Fix]) -> list[Fix]:
    """Return the fixes in order of time; of two with one number the first sent counts."""
    by_number: dict[int, Fix] = {}
    for fix in fixes:
        by_number.setdefault(fix.dseq, fix)
    return sorted(by_number.values(), key=lambda fix: (fix.at, fix.dseq))


@dataclass(slots=True)
class _Judge:
    """Tells what cannot be true, going from the last known position forward in time."""

    now: datetime
    opened_at: datetime
    closed_at: datetime | None
    last: tuple[float, float, datetime] | None

    def flag(self, fix: Fix) -> str | None:
        """Return why the fix is not believed, or None; a believed one becomes the last."""
        if fix.at > self.now + CLOCK_AHEAD:
            return "clock_ahead"
        if fix.at < self.opened_at:
            return "before_operation"
        if self.closed_at is not None and fix.at > self.closed_at:
            return "after_closing"
        if fix.accuracy_m is not None and fix.accuracy_m > WORST_ACCURACY_M:
            return "accuracy"
        if self._too_fast(fix):
            return "speed"
        if self.last is None or fix.at >= self.last[2]:
            self.last = (fix.lon, fix.lat, fix.at)
        return None

    def _too_fast(self, fix: Fix) -> bool:
        if fix.speed_mps is not None and fix.speed_mps > FASTEST_MPS:
            return True
        if self.last is None or abs(fix.at - self.last[2]) > JUDGED_WITHIN:
            return False
        _, _, distance_m = _EARTH.inv(self.last[0], self.last[1], fix.lon, fix.lat)
        elapsed_s = abs((fix.at - self.last[2]).total_seconds())
        return bool(distance_m > _NEAR_M + FASTEST_MPS * elapsed_s)


async def _judge_for(work: UnitOfWork, operation_id: UUID, participant_id: UUID) -> _Judge:
    record = operation_record.c
    times = select(record.opened_at, record.closed_at).where(record.operation_id == operation_id)
    opened_at, closed_at = (await work.connection.execute(times)).one()
    held = last_position.c
    last = select(func.ST_X(held.geom), func.ST_Y(held.geom), held.at).where(
        held.operation_id == operation_id, held.participant_id == participant_id
    )
    row = (await work.connection.execute(last)).one_or_none()
    return _Judge(work.now, opened_at, closed_at, None if row is None else (row[0], row[1], row[2]))


def _row(
    principal: Principal,
    operation_id: UUID,
    device_id: UUID,
    fix: Fix,
    *,
    flag: str | None,
    received_at: datetime,
) -> dict[str, Any]:
    return {
        "operation_id": operation_id,
        "device_id": _own_device(principal, device_id),
        "dseq": fix.dseq,
        "participant_id": principal.id,
        "geom": f"SRID=4326;POINT({fix.lon!r} {fix.lat!r})",
        "accuracy_m": fix.accuracy_m,
        "speed_mps": fix.speed_mps,
        "bearing_deg": fix.bearing_deg,
        "battery": fix.battery,
        "flagged": flag,
        "at": fix.at,
        "received_at": received_at,
    }


def _own_device(principal: Principal, device_id: UUID) -> UUID:
    """Return the device under which the fixes are counted.

    Naming somebody else's device must not take his numbers: such fixes get a place of their own.
    """
    return device_id if device_id == principal.device_id else uuid5(principal.id, str(device_id))


async def _insert(connection: AsyncConnection, rows: list[dict[str, Any]]) -> set[int]:
    statement = insert(position).on_conflict_do_nothing().returning(position.c.dseq)
    return set((await connection.execute(statement.values(rows))).scalars())


async def _show(work: UnitOfWork, operation_id: UUID, participant_id: UUID, fix: Fix) -> None:
    await keep_last_position(
        work.connection,
        operation_id=operation_id,
        participant_id=participant_id,
        fix={
            "lon": fix.lon,
            "lat": fix.lat,
            "accuracy_m": fix.accuracy_m,
            "battery": fix.battery,
            "at": fix.at.isoformat(),
        },
        reported_at=fix.at,
        received_at=work.now,
    )


def _track_recorded(principal: Principal, device_id: UUID, fixes: Sequence[Fix], now: datetime) -> Draft:
    written: list[Any] = [[fix.dseq, wire_time(fix.at), fix.lon, fix.lat] for fix in fixes]
    return Draft(
        id=uuid7(),
        kind="track_recorded",
        visibility=person_class(principal.id),
        payload={
            "participant_id": str(principal.id),
            "sha256": hashlib.sha256(rfc8785.dumps(written)).hexdigest(),
            "from": wire_time(fixes[0].at),
            "to": wire_time(fixes[-1].at),
            "n": len(fixes),
        },
        actor=principal.actor(),
        at=now,
        device_id=device_id,
    )
