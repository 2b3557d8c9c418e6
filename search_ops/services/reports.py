"""Filing what the field reports: a batch from a phone, or one report that headquarters enters for others.

One transaction and one lock per batch; a verdict for each event. Nothing is answered before the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from uuid_utils.compat import uuid7

from search_ops.domain.events import further_id
from search_ops.domain.fold_table import FOLD
from search_ops.domain.payloads import FIELD_KINDS, RAW_LIMIT_BYTES, FieldEvent
from search_ops.domain.report_meaning import completed, meant_by
from search_ops.domain.reports import Decision, Report, decide, raw
from search_ops.errors import BadInput
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.positions import keep_last_position
from search_ops.persistence.tables import event as event_table
from search_ops.persistence.tables import quarantine, waiting_event
from search_ops.persistence.unit_of_work import (
    Intent,
    LockedStream,
    Office,
    UnitOfWork,
    carry_out,
    transaction,
)
from search_ops.services.evidence_jobs import weigh_what_follows
from search_ops.services.geometries import admit_readers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from search_ops.domain.principals import Principal

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


@dataclass(frozen=True, slots=True)
class FiledBatch:
    """The answer to a batch."""

    epoch: UUID
    results: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class EnteredReport:
    """A report that headquarters enters for a team or a person, with the time it happened and the source."""

    command_id: UUID
    kind: str
    at: datetime
    payload: Mapping[str, Any]


async def file_events(
    office: Office, principal: Principal, operation_id: UUID, events: Sequence[FieldEvent | Malformed]
) -> FiledBatch:
    """File a batch of a device in one transaction and return a verdict for each event, in order.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    stream_id = operation_stream(operation_id)
    async with transaction(office, [stream_id]) as work:
        filing = _Filing(work, work.streams[stream_id], principal, operation_id)
        results = [filing.settled(verdict) for verdict in [await filing.file(one) for one in events]]
        await weigh_what_follows(work, principal)
        epoch = filing.stream.epoch
    return FiledBatch(epoch, tuple(results))


async def enter_report(
    office: Office, principal: Principal, operation_id: UUID, entered: EnteredReport
) -> dict[str, Any]:
    """File what somebody said by radio, call, paper or in person, for a team or a person.

    Returns
    -------
    dict
        ``{"event_id", "seq"}``.

    Raises
    ------
    BadInput
        The report is about nobody, or about somebody who is not in this operation.
    """
    payload = _checked_payload(entered.kind, entered.payload)
    body = {"kind": entered.kind, "at": entered.at.isoformat(), "payload": payload}
    intent = Intent(entered.command_id, "report.enter", {"operation_id": str(operation_id), **body})
    stream_id = operation_stream(operation_id)

    async def decided(work: UnitOfWork) -> dict[str, Any]:
        report = Report(
            id=entered.command_id,
            kind=entered.kind,
            v=1,
            at=entered.at,
            payload=payload,
            actor=principal.actor(),
            by_headquarters=True,
        )
        decision = decide(work.streams[stream_id], report)
        if decision.input_fault is not None:
            raise BadInput(decision.input_fault)
        stored = [work.streams[stream_id].append(draft) for draft in decision.drafts]
        await _keep_position(work, operation_id, payload, entered.at)
        filing = _Filing(work, work.streams[stream_id], principal, operation_id)
        await filing.release_waiting([each.id for each in stored])
        await weigh_what_follows(work, principal)
        return {"event_id": str(stored[0].id), "seq": stored[0].seq}

    return await carry_out(office, principal, intent, [stream_id], decided)


def _checked_payload(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    model = FIELD_KINDS.get((kind, 1))
    if model is None:
        raise BadInput("unknown_kind", where="kind")
    try:
        checked = model.model_validate(dict(payload))
    except ValidationError as broken:
        raise BadInput("payload_invalid", where=_first_place(broken)) from broken
    return checked.model_dump(mode="json", exclude_none=True)


def _first_place(broken: ValidationError) -> str:
    return ".".join(str(part) for part in broken.errors(include_input=False)[0]["loc"])


class _Filing:
    """One batch under its lock."""

    def __init__(
        self, work: UnitOfWork, stream: LockedStream, principal: Principal, operation_id: UUID
    ) -> None:
        self.work = work
        self.stream = stream
        self.principal = principal
        self.operation_id = operation_id

    async def file(self, incoming: FieldEvent | Malformed) -> Verdict:
        """Judge one event."""
        if isinstance(incoming, Malformed):
            return Verdict(incoming.id, "refused_input", reason=incoming.reason)
        meant = meant_by(incoming, self.principal)
        if meant is None:
            return Verdict(str(incoming.id), "refused_input", reason="payload_invalid")
        known = await self._known(incoming, meant)
        if known is not None:
            return known
        report = self._report(incoming, meant, self.principal.actor())
        if isinstance(report, Verdict):
            return report
        missing = await self._missing_causes(incoming.after)
        if missing:
            await self._wait(incoming, meant, missing)
            return Verdict(str(incoming.id), "waiting", reason="cause_missing")
        return await self._admit(report)

    def settled(self, verdict: Verdict) -> Verdict:
        """Return the verdict at the end of the batch: its cause may have come later in the same one."""
        if verdict.status != "waiting":
            return verdict
        stored = next((each for each in self.stream.appended if str(each.id) == verdict.id), None)
        if stored is None:
            return verdict
        lost = self._lost_just_now(stored.id)
        return Verdict(verdict.id, "stored" if lost is None else "refused", seq=stored.seq, reason=lost)

    def _lost_just_now(self, event_id: UUID) -> str | None:
        """Return why a claim lost that this batch brought: its refusal is not written yet."""
        refusal_id = further_id(event_id, 1)
        for stored in self.stream.appended:
            if stored.id == refusal_id and stored.kind == "claim_refused":
                return str(stored.payload["reason"])
        return None

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
            await _keep_position(self.work, self.operation_id, report.payload, report.at)
        await self.release_waiting([each.id for each in stored])
        status = "stored" if decision.refused is None else "refused"
        return Verdict(str(report.id), status, seq=stored[0].seq, reason=decision.refused)

    def _report(self, incoming: FieldEvent, meant: bytes, actor: Mapping[str, Any]) -> Report | Verdict:
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

    async def _known(self, incoming: FieldEvent, meant: bytes) -> Verdict | None:
        """Return the first answer when this id is known; other content or another sender is quarantined."""
        for stored in self.stream.appended:
            if stored.id == incoming.id:
                same = stored.fingerprint == meant and stored.device_id == incoming.device_id
                return await self._repeated(incoming, meant, stored.seq, same=same)
        query = select(
            event_table.c.seq, event_table.c.fingerprint, event_table.c.device_id, event_table.c.actor
        ).where(event_table.c.stream_id == self.stream.stream_id, event_table.c.event_id == incoming.id)
        row = (await self.work.connection.execute(query)).one_or_none()
        if row is not None:
            same = (
                row.fingerprint == meant
                and row.device_id == incoming.device_id
                and row.actor == self.principal.actor()
            )
            return await self._repeated(incoming, meant, row.seq, same=same)
        waiting = select(waiting_event.c.fingerprint, waiting_event.c.actor).where(
            waiting_event.c.stream_id == self.stream.stream_id, waiting_event.c.event_id == incoming.id
        )
        held = (await self.work.connection.execute(waiting)).one_or_none()
        if held is None:
            return None
        if held.fingerprint == meant and held.actor == self.principal.actor():
            if await self._missing_causes(incoming.after):
                return Verdict(str(incoming.id), "waiting", reason="cause_missing")
            await self._wait_no_more(incoming.id)
            return None
        return await self._repeated(incoming, meant, 0, same=False)

    async def _repeated(self, incoming: FieldEvent, meant: bytes, seq: int, *, same: bool) -> Verdict:
        if not same:
            await self._quarantine(incoming, meant)
            return Verdict(str(incoming.id), "quarantined", reason="same_id_other_content")
        lost_now = self._lost_just_now(incoming.id)
        if lost_now is not None:
            return Verdict(str(incoming.id), "refused", seq=seq, reason=lost_now)
        refusal = select(event_table.c.payload["reason"].astext).where(
            event_table.c.stream_id == self.stream.stream_id,
            event_table.c.event_id == further_id(incoming.id, 1),
            event_table.c.kind == "claim_refused",
        )
        lost = (await self.work.connection.execute(refusal)).one_or_none()
        if lost is not None:
            return Verdict(str(incoming.id), "refused", seq=seq, reason=lost[0])
        return Verdict(str(incoming.id), "duplicate", seq=seq)

    async def _quarantine(self, incoming: FieldEvent, meant: bytes) -> None:
        values = {
            "quarantine_id": uuid7(),
            "stream_id": self.stream.stream_id,
            "event_id": incoming.id,
            "body": incoming.model_dump(mode="json"),
            "actor": self.principal.actor(),
            "fingerprint": meant,
            "received_at": self.work.now,
        }
        await self.work.connection.execute(insert(quarantine).values(values).on_conflict_do_nothing())

    async def _missing_causes(self, after: Sequence[UUID]) -> list[UUID]:
        wanted = set(after) - {stored.id for stored in self.stream.appended}
        if not wanted:
            return []
        query = select(event_table.c.event_id).where(
            event_table.c.stream_id == self.stream.stream_id, event_table.c.event_id.in_(wanted)
        )
        present = set((await self.work.connection.execute(query)).scalars())
        return sorted(wanted - present)

    async def _wait(self, incoming: FieldEvent, meant: bytes, missing: Sequence[UUID]) -> None:
        values = {
            "stream_id": self.stream.stream_id,
            "event_id": incoming.id,
            "body": incoming.model_dump(mode="json"),
            "missing": list(missing),
            "actor": self.principal.actor(),
            "fingerprint": meant,
            "received_at": self.work.now,
        }
        await self.work.connection.execute(insert(waiting_event).values(values).on_conflict_do_nothing())

    async def _wait_no_more(self, event_id: UUID) -> bool:
        """Take an event out of the tray; False when it is not there any more."""
        taken = await self.work.connection.execute(
            waiting_event.delete().where(
                waiting_event.c.stream_id == self.stream.stream_id, waiting_event.c.event_id == event_id
            )
        )
        return taken.rowcount > 0

    async def release_waiting(self, arrived: Sequence[UUID]) -> None:
        """Admit the events whose last missing cause has just arrived, in the order they came."""
        query = (
            select(waiting_event)
            .where(
                waiting_event.c.stream_id == self.stream.stream_id,
                waiting_event.c.missing.overlap(list(arrived)),
            )
            .order_by(waiting_event.c.received_at, waiting_event.c.event_id)
        )
        for row in (await self.work.connection.execute(query)).mappings().all():
            incoming = FieldEvent.model_validate(row["body"])
            if await self._missing_causes(incoming.after):
                continue
            if not await self._wait_no_more(incoming.id):
                continue  # an event released before it was its last cause, and has let it in already
            report = self._report(incoming, row["fingerprint"], row["actor"])
            if isinstance(report, Report):
                await self._admit(report)


async def _keep_position(
    work: UnitOfWork, operation_id: UUID, payload: Mapping[str, Any], reported_at: datetime
) -> None:
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
