"""Cancelling and delaying departures: for everybody, and at once told to the movements that count on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from search_ops.errors import BadInput, ChangedMeanwhile, NotKnown
from search_ops.persistence.transport_tables import transport_departure, transport_service
from search_ops.persistence.unit_of_work import Intent
from search_ops.services.movement_disturbing import Counted, carry_out_telling
from search_ops.services.transport_clock import days_of
from search_ops.services.transport_edits import held_row, locked, note_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import DepartureWish
    from search_ops.persistence.unit_of_work import Office, UnitOfWork
    from search_ops.services.movement_disturbing import Aboard, Judge


async def change_departure(
    office: Office, principal: Principal, service_id: str, day: str, wish: DepartureWish
) -> dict[str, Any]:
    """Say that one day's departure is cancelled, late, or goes as planned after all; or how many it takes.

    Movements that count on it are told in the same transaction; nothing of them is changed: their people look
    for itineraries again and choose.

    Returns
    -------
    dict
        ``{"subject_id", "version", "disturbed"}``, the last one the ids of movements.

    Raises
    ------
    NotKnown
        There is no such service.
    BadInput
        ``no_such_departure``: it does not leave on that day, and no movement counts on it;
        ``delay_required``.
    """
    if (wish.state == "delayed") != (wish.delay_min is not None):
        raise BadInput("delay_required", where="delay_min")
    try:
        on_date = date.fromisoformat(day)
    except ValueError:
        raise BadInput("no_such_departure", where="on_date") from None
    subject = f"{service_id}@{on_date.isoformat()}"
    body = {**wish.model_dump(mode="json", exclude_unset=True), "about": f"departure/{subject}"}
    counted = Counted(subject, ({"service_id": service_id, "on_date": on_date.isoformat()},))

    async def decide(work: UnitOfWork) -> tuple[Mapping[str, Any], Judge]:
        service = await _require(work, service_id, on_date)
        version = await _write(work, principal, (service_id, on_date), wish)
        seats = service["seats"] if wish.seats is None else wish.seats
        return {"subject_id": subject, "version": version}, _judge(wish, seats)

    intent = Intent(wish.command_id, "departure.change", body)
    return await carry_out_telling(office, principal, intent, counted, decide)


def _judge(wish: DepartureWish, seats: int | None) -> Judge:
    def judge(_: Mapping[str, Any], aboard: Aboard) -> Mapping[str, Any] | None:
        short = seats is not None and aboard.people > seats
        if wish.state == "as_planned" and not short:
            return None
        return {
            "what": "seats" if wish.state == "as_planned" else wish.state,
            "delay_min": wish.delay_min,
            "reason": wish.reason,
            "seats": seats if short else None,
            "aboard": aboard.people if short else None,
        }

    return judge


async def _require(work: UnitOfWork, service_id: str, on_date: date) -> Mapping[str, Any]:
    """Return the service, if it leaves on that day or people count on that it does."""
    service = await held_row(work.connection, transport_service, service_id)
    if service is None:
        raise NotKnown
    leaves = not service["withdrawn"] and list(days_of(service, on_date, on_date)) == [on_date]
    if not leaves and not work.streams:
        raise BadInput("no_such_departure", where="on_date")
    return service


async def _write(
    work: UnitOfWork, principal: Principal, departure: tuple[str, date], wish: DepartureWish
) -> int:
    service_id, on_date = departure
    subject_id = f"{service_id}@{on_date.isoformat()}"
    await locked(work.connection, f"departure/{subject_id}")
    query = select(transport_departure).where(
        transport_departure.c.service_id == service_id, transport_departure.c.on_date == on_date
    )
    row = (await work.connection.execute(query)).mappings().one_or_none()
    current = None if row is None else int(row["version"])
    if current != wish.base_version:
        raise ChangedMeanwhile(current_version=current)
    version = (current or 0) + 1
    made = {
        "state": wish.state,
        "delay_min": wish.delay_min,
        "seats": wish.seats,
        "version": version,
    }
    statement = insert(transport_departure).values(service_id=service_id, on_date=on_date, **made)
    await work.connection.execute(
        statement.on_conflict_do_update(index_elements=["service_id", "on_date"], set_=made)
    )
    said = ("departure", subject_id, wish.state, wish.reason)
    await note_change(work, principal, said, None if row is None else dict(row), made)
    return version
