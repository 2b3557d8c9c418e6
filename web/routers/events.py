"""The logs of operations, cases and organisations: snapshot, events, a ticket for the live stream; filing."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field, TypeAdapter, ValidationError

from search_ops.domain.payloads import FieldEvent
from search_ops.domain.rights import Right
from search_ops.services import reading
from search_ops.services.filing import Malformed
from search_ops.services.reports import Batch
from web.deps import (
    Caller,
    FilingDep,
    GuardedRoute,
    LimitsDep,
    OfficeDep,
    SettingsDep,
    WatchDep,
    in_case,
    in_operation,
    in_organisation,
)
from web.schemas.base import Decimal, Id
from web.schemas.field import BatchAnswer, BatchBody
from web.schemas.reading import EventsAnswer, SnapshotAnswer, TicketAnswer

router = APIRouter(route_class=GuardedRoute, tags=["log"])

_ID: TypeAdapter[UUID] = TypeAdapter(Id)
_OPERATION = "/api/operations/{operation_id}"
_CASE = "/api/cases/{case_id}"
_ORGANISATION = "/api/organisations/{organisation_id}"

OperationReader = Annotated[Caller, in_operation(Right.OPERATION_READ)]
CaseReader = Annotated[Caller, in_case(Right.CASE_READ)]
OrganisationReader = Annotated[Caller, in_organisation(Right.ORGANISATION_READ)]


async def wanted_events(
    after: Annotated[Decimal, Field(ge=0, le=2**53 - 1), Query()] = 0,
    limit: Annotated[Decimal, Field(ge=1, le=reading.MOST_EVENTS), Query()] = reading.MOST_EVENTS,
    wait: Annotated[Decimal, Field(ge=0, le=reading.LONGEST_WAIT_S), Query()] = 0,
    epoch: Annotated[Id | None, Query()] = None,
) -> reading.EventsWanted:
    """Read the query of a list of events."""
    return reading.EventsWanted(after, limit, wait, epoch)


Wanted = Annotated[reading.EventsWanted, Depends(wanted_events)]


@router.get(f"{_OPERATION}/snapshot", response_model=SnapshotAnswer)
async def get_operation_snapshot(caller: OperationReader, office: OfficeDep) -> dict[str, Any]:
    """Return the state of the operation for the caller's classes."""
    return await reading.read_snapshot(office, caller.principal, caller.place)


@router.get(f"{_CASE}/snapshot", response_model=SnapshotAnswer)
async def get_case_snapshot(caller: CaseReader, office: OfficeDep) -> dict[str, Any]:
    """Return the state of the case for the caller's classes."""
    return await reading.read_snapshot(office, caller.principal, caller.place)


@router.get(f"{_ORGANISATION}/snapshot", response_model=SnapshotAnswer)
async def get_organisation_snapshot(caller: OrganisationReader, office: OfficeDep) -> dict[str, Any]:
    """Return the state of the organisation's desk."""
    return await reading.read_snapshot(office, caller.principal, caller.place)


@router.get(f"{_OPERATION}/events", response_model=EventsAnswer)
async def get_operation_events(
    caller: OperationReader, office: OfficeDep, watch: WatchDep, wanted: Wanted
) -> dict[str, Any]:
    """Return events after a number, or wait for the next one."""
    return await reading.read_events(office, watch, caller.principal, caller.place, wanted)


@router.get(f"{_CASE}/events", response_model=EventsAnswer)
async def get_case_events(
    caller: CaseReader, office: OfficeDep, watch: WatchDep, wanted: Wanted
) -> dict[str, Any]:
    """Return events of the case after a number, or wait for the next one."""
    return await reading.read_events(office, watch, caller.principal, caller.place, wanted)


@router.get(f"{_ORGANISATION}/events", response_model=EventsAnswer)
async def get_organisation_events(
    caller: OrganisationReader, office: OfficeDep, watch: WatchDep, wanted: Wanted
) -> dict[str, Any]:
    """Return events of the organisation's desk after a number, or wait for the next one."""
    return await reading.read_events(office, watch, caller.principal, caller.place, wanted)


@router.post(f"{_OPERATION}/stream-ticket", response_model=TicketAnswer)
async def post_operation_ticket(
    caller: OperationReader, office: OfficeDep, configured: SettingsDep, limits: LimitsDep
) -> dict[str, Any]:
    """Return a ticket for the operation's live stream."""
    await limits.tickets_by_session.take(str(caller.principal.session_id))
    return await _ticket(caller, office, configured)


@router.post(f"{_CASE}/stream-ticket", response_model=TicketAnswer)
async def post_case_ticket(
    caller: CaseReader, office: OfficeDep, configured: SettingsDep, limits: LimitsDep
) -> dict[str, Any]:
    """Return a ticket for the case's live stream."""
    await limits.tickets_by_session.take(str(caller.principal.session_id))
    return await _ticket(caller, office, configured)


@router.post(f"{_ORGANISATION}/stream-ticket", response_model=TicketAnswer)
async def post_organisation_ticket(
    caller: OrganisationReader, office: OfficeDep, configured: SettingsDep, limits: LimitsDep
) -> dict[str, Any]:
    """Return a ticket for the live stream of the organisation's desk."""
    await limits.tickets_by_session.take(str(caller.principal.session_id))
    return await _ticket(caller, office, configured)


async def _ticket(caller: Caller, office: OfficeDep, configured: SettingsDep) -> dict[str, Any]:
    ticket, expires_at = await reading.make_ticket(office, caller.principal, caller.place)
    return {"ticket": ticket, "url": configured.public_stream_url, "expires_at": expires_at}


@router.post(f"{_OPERATION}/events", response_model=BatchAnswer)
async def post_events(
    body: BatchBody,
    caller: Annotated[Caller, in_operation(Right.REPORT_OWN, Right.REPORT_ENTER)],
    filing: FilingDep,
) -> dict[str, Any]:
    """File a batch of a device: a verdict for each event, after everything is committed."""
    batch = Batch(caller.principal, [_read_event(event) for event in body.events])
    filed = await filing.file(caller.place_id, batch)
    return {
        "epoch": filed.epoch,
        "at": filed.at,
        "results": [
            {"id": verdict.id, "status": verdict.status, "seq": verdict.seq, "reason": verdict.reason}
            for verdict in filed.results
        ],
    }


def _read_event(raw: dict[str, Any]) -> FieldEvent | Malformed:
    """Return the event, or why it cannot be one; its id is told back only when it is one."""
    try:
        return FieldEvent.model_validate(raw)
    except ValidationError as broken:
        fault = broken.errors(include_input=False, include_url=False)[0]
        field = fault["loc"][0] if fault["loc"] else ""
        reason = f"{field}_invalid" if field in FieldEvent.model_fields else "unknown_field"
        return Malformed(_readable_id(raw), reason)


def _readable_id(raw: dict[str, Any]) -> str | None:
    try:
        return str(_ID.validate_python(raw.get("id")))
    except ValidationError:
        return None
