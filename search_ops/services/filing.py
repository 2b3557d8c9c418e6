"""Judging what phones report, under the lock of their search: one transaction, a verdict for each event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from search_ops.domain.events import further_id
from search_ops.domain.fold_table import FOLD
from search_ops.domain.payloads import FIELD_KINDS, RAW_LIMIT_BYTES, FieldEvent
from search_ops.domain.report_meaning import completed, meant_by
from search_ops.domain.reports import Decision, Report, decide, raw
from search_ops.persistence.positions import keep_last_position
from search_ops.persistence.report_tray import (
    is_any_waiting,
    let_wait,
    put_apart,
    read_filed,
    read_held,
    read_refusal,
    read_waiting_for,
    take_out,
)
from search_ops.services.geometries import admit_readers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from search_ops.domain.events import Stored
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import LockedStream, UnitOfWork

# What only our own decisions write: such an event of a device would be folded like ours and change the state.
DESK_KINDS: Final = FOLD.keys() - {kind for kind, _ in FIELD_KINDS}


@dataclass(frozen=True, slots=True)
class Malformed:
    """An event of a well-formed batch whose own form is broken; `reason` is a stable code."""

    id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one event (CONTRACT 3)."""

    id: str | None
    status: str
    seq: int | None = None
    reason: str | None = None


class Filing:
    """What is filed in one transaction, from one phone or from many, under the lock of the stream."""

    def __init__(self, work: UnitOfWork, stream: LockedStream, operation_id: UUID) -> None:
        self.work = work
        self.stream = stream
        self.operation_id = operation_id
        self._filed: dict[UUID, Row[*tuple[Any, ...]]] = {}
        self._looked_up: set[UUID] = set()
        self._is_any_waiting: bool | None = None
        self._appended: dict[UUID, Stored] = {}

    async def look_up(self, events: Iterable[FieldEvent | Malformed]) -> None:
        """Read at once what the log holds of these events and of their causes."""
        told = [event for event in events if isinstance(event, FieldEvent)]
        ids = {event.id for event in told}.union(*(event.after for event in told)) - self._looked_up
        self._filed |= await read_filed(self.work.connection, self.stream.stream_id, ids)
        self._looked_up |= ids

    async def file(self, principal: Principal, incoming: FieldEvent | Malformed) -> Verdict:
        """Judge one event; `look_up` has read of it before."""
        if isinstance(incoming, Malformed):
            return Verdict(incoming.id, "refused_input", reason=incoming.reason)
        actor = principal.actor()
        meant = meant_by(incoming, principal)
        if meant is None:
            return Verdict(str(incoming.id), "refused_input", reason="payload_invalid")
        known = await self._known(incoming, meant, actor)
        if known is not None:
            return known
        report = _report(incoming, meant, actor)
        if isinstance(report, Verdict):
            return report
        missing = await self._missing_causes(incoming.after)
        if missing:
            await let_wait(
                self.work.connection,
                self.stream.stream_id,
                incoming,
                meant,
                missing,
                actor=actor,
                now=self.work.now,
            )
            self._is_any_waiting = True
            return Verdict(str(incoming.id), "waiting", reason="cause_missing")
        return await self._admit(report)

    def settled(self, verdict: Verdict) -> Verdict:
        """Return the verdict at the end: the cause may have come later in the same transaction."""
        if verdict.status != "waiting" or verdict.id is None:
            return verdict
        stored = self._just_now(UUID(verdict.id))
        if stored is None:
            return verdict
        lost = self._lost_just_now(stored.id)
        return Verdict(verdict.id, "stored" if lost is None else "refused", seq=stored.seq, reason=lost)

    async def release_waiting(self, arrived: Sequence[UUID]) -> None:
        """Admit the events whose last missing cause has just arrived, in the order they came."""
        connection, stream_id = self.work.connection, self.stream.stream_id
        if not await self._may_wait():
            return
        for row in await read_waiting_for(connection, stream_id, arrived):
            incoming = FieldEvent.model_validate(row["body"])
            if await self._missing_causes(incoming.after):
                continue
            if not await take_out(connection, stream_id, incoming.id):
                continue  # an event released before it was its last cause, and has let it in already
            report = _report(incoming, row["fingerprint"], row["actor"])
            if isinstance(report, Report):
                await self._admit(report)

    # ---- what is known -----------------------------------------------------------------------------

    def _just_now(self, event_id: UUID) -> Stored | None:
        """Return the event if this transaction has brought it."""
        for stored in self.stream.appended[len(self._appended) :]:
            self._appended[stored.id] = stored
        return self._appended.get(event_id)

    def _lost_just_now(self, event_id: UUID) -> str | None:
        """Return why a claim lost that this transaction brought: its refusal is not written yet."""
        refusal = self._just_now(further_id(event_id, 1))
        return None if refusal is None or refusal.kind != "claim_refused" else str(refusal.payload["reason"])

    async def _may_wait(self) -> bool:
        if self._is_any_waiting is None:
            self._is_any_waiting = await is_any_waiting(self.work.connection, self.stream.stream_id)
        return self._is_any_waiting

    async def _known(self, incoming: FieldEvent, meant: bytes, actor: Mapping[str, Any]) -> Verdict | None:
        """Return the first answer when this id is known; other content or another sender is put apart."""
        connection, stream_id = self.work.connection, self.stream.stream_id
        before: Stored | Row[*tuple[Any, ...]] | None = self._just_now(incoming.id)
        before = before or self._filed.get(incoming.id)
        if before is not None:
            same = (
                before.fingerprint == meant
                and before.device_id == incoming.device_id
                and before.actor == actor
            )
            return await self._repeated(incoming, meant, actor, before.seq, same=same)
        held = await read_held(connection, stream_id, incoming.id) if await self._may_wait() else None
        if held is None:
            return None
        if held.fingerprint == meant and held.actor == actor:
            if await self._missing_causes(incoming.after):
                return Verdict(str(incoming.id), "waiting", reason="cause_missing")
            await take_out(connection, stream_id, incoming.id)
            return None
        return await self._repeated(incoming, meant, actor, 0, same=False)

    async def _repeated(
        self, incoming: FieldEvent, meant: bytes, actor: Mapping[str, Any], seq: int, *, same: bool
    ) -> Verdict:
        connection, stream_id = self.work.connection, self.stream.stream_id
        if not same:
            await put_apart(connection, stream_id, incoming, meant, actor=actor, now=self.work.now)
            return Verdict(str(incoming.id), "quarantined", reason="same_id_other_content")
        lost = self._lost_just_now(incoming.id)
        lost = lost or await read_refusal(connection, stream_id, further_id(incoming.id, 1))
        if lost is not None:
            return Verdict(str(incoming.id), "refused", seq=seq, reason=lost)
        return Verdict(str(incoming.id), "duplicate", seq=seq)

    async def _missing_causes(self, after: Sequence[UUID]) -> list[UUID]:
        wanted = {cause for cause in after if self._just_now(cause) is None and cause not in self._filed}
        unread = wanted - self._looked_up
        if unread:
            self._filed |= await read_filed(self.work.connection, self.stream.stream_id, unread)
            self._looked_up |= unread
        return sorted(wanted - self._filed.keys())

    # ---- what becomes of it ------------------------------------------------------------------------

    async def _admit(self, report: Report) -> Verdict:
        known_kind = (report.kind, report.v) in FIELD_KINDS
        decision: Decision = decide(self.stream, report) if known_kind else raw(report)
        if decision.input_fault is not None:
            return Verdict(str(report.id), "refused_input", reason=decision.input_fault)
        stored = [self.stream.append(draft) for draft in decision.drafts]
        for each in stored:
            if each.kind == "task_given":
                await admit_readers(
                    self.work.connection, self.stream.stream_id, each.payload, each.visibility
                )
        if known_kind:
            await keep_position(self.work, self.operation_id, report.payload, report.at)
        await self.release_waiting([each.id for each in stored])
        status = "stored" if decision.refused is None else "refused"
        return Verdict(str(report.id), status, seq=stored[0].seq, reason=decision.refused)


def _report(incoming: FieldEvent, meant: bytes, actor: Mapping[str, Any]) -> Report | Verdict:
    model = FIELD_KINDS.get((incoming.kind, incoming.v))
    payload = incoming.payload
    if model is None:
        if incoming.kind in DESK_KINDS:
            return Verdict(str(incoming.id), "refused_input", reason="kind_reserved")
        if len(orjson.dumps(payload)) > RAW_LIMIT_BYTES:
            return Verdict(str(incoming.id), "refused_input", reason="payload_too_large")
    else:
        try:
            checked = model.model_validate(payload)
        except ValidationError:
            return Verdict(str(incoming.id), "refused_input", reason="payload_invalid")
        payload = checked.model_dump(mode="json", exclude_none=True)
        own = completed(incoming.kind, payload, actor)
        if own is None:
            return Verdict(str(incoming.id), "refused_input", reason="not_about_you")
        payload = own
    return Report(
        id=incoming.id,
        kind=incoming.kind,
        v=incoming.v,
        at=incoming.at,
        payload=payload,
        actor=actor,
        by_headquarters=actor["type"] == "account",
        device_id=incoming.device_id,
        dseq=incoming.dseq,
        after=tuple(incoming.after),
        base_version=incoming.base_version,
        meant=meant,
    )


async def keep_position(
    work: UnitOfWork, operation_id: UUID, payload: Mapping[str, Any], reported_at: datetime
) -> None:
    """Keep the fix of a report as its participant's last position, if it has one."""
    fix, participant_id = payload.get("position"), payload.get("participant_id")
    if fix is None or participant_id is None:
        return
    await keep_last_position(
        work.connection,
        operation_id=operation_id,
        participant_id=UUID(participant_id),
        fix=fix,
        reported_at=reported_at,
        received_at=work.now,
    )
