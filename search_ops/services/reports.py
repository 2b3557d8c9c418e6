"""Filing what the field reports: a batch from a phone, or one report that headquarters enters for others.

Batches that come together may share one transaction and one lock. Nothing is answered before the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from search_ops.domain.payloads import FIELD_KINDS
from search_ops.domain.reports import Report, decide
from search_ops.errors import BadInput
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.unit_of_work import Intent, carry_out, transaction
from search_ops.services.evidence_jobs import weigh_what_follows
from search_ops.services.filing import Filing, keep_position

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from search_ops.domain.payloads import FieldEvent
    from search_ops.domain.principals import Principal
    from search_ops.persistence.unit_of_work import Office, UnitOfWork
    from search_ops.services.filing import Malformed, Verdict


@dataclass(frozen=True, slots=True)
class FiledBatch:
    """The answer to a batch; `at` is when it was filed."""

    epoch: UUID
    at: datetime
    results: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class EnteredReport:
    """A report that headquarters enters for a team or a person, with the time it happened and the source."""

    command_id: UUID
    kind: str
    at: datetime
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What one device sends at once."""

    principal: Principal
    events: Sequence[FieldEvent | Malformed]


async def file_events(
    office: Office, principal: Principal, operation_id: UUID, events: Sequence[FieldEvent | Malformed]
) -> FiledBatch:
    """File a batch of a device in one transaction and return a verdict for each event, in order.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    return (await file_batches(office, operation_id, [Batch(principal, events)]))[0]


async def file_batches(office: Office, operation_id: UUID, batches: Sequence[Batch]) -> list[FiledBatch]:
    """File batches of several devices in one transaction: all are stored, or none.

    Raises
    ------
    NotKnown
        There is no such operation.
    """
    stream_id = operation_stream(operation_id)
    async with transaction(office, [stream_id]) as work:
        stream = work.streams[stream_id]
        filing = Filing(work, stream, operation_id)
        await filing.look_up(event for batch in batches for event in batch.events)
        verdicts = []
        for batch in batches:
            begin = len(stream.appended)
            verdicts.append([await filing.file(batch.principal, event) for event in batch.events])
            await weigh_what_follows(work, batch.principal, stream.appended[begin:])
        return [
            FiledBatch(stream.epoch, work.now, tuple(filing.settled(verdict) for verdict in of_one))
            for of_one in verdicts
        ]


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
        await keep_position(work, operation_id, payload, entered.at)
        filing = Filing(work, work.streams[stream_id], operation_id)
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
