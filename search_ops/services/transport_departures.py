"""Cancelling and delaying departures: for everybody, and at once told to the movements that count on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from search_ops.domain.events import Draft, further_id
from search_ops.domain.visibility import HQ
from search_ops.errors import BadInput, ChangedMeanwhile, NotKnown
from search_ops.persistence.tables import entity
from search_ops.persistence.transport_tables import transport_departure, transport_service
from search_ops.persistence.unit_of_work import Intent, carry_out
from search_ops.services.transport_clock import days_of
from search_ops.services.transport_edits import held_row, locked, note_change

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import DepartureWish
    from search_ops.persistence.unit_of_work import LockedStream, Office, UnitOfWork

UNDER_WAY: Final = ("planned", "moving")


async def change_departure(
    office: Office, principal: Principal, service_id: str, day: str, wish: DepartureWish
) -> dict[str, Any]:
    """Say that one day's departure is cancelled, late, or goes as planned after all.

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
        ``no_such_departure``: it does not leave on that day; ``delay_required``.
    """
    if (wish.state == "delayed") != (wish.delay_min is not None):
        raise BadInput("delay_required", where="delay_min")
    try:
        on_date = date.fromisoformat(day)
    except ValueError:
        raise BadInput("no_such_departure", where="on_date") from None
    body = {
        **wish.model_dump(mode="json", exclude_unset=True),
        "about": f"departure/{service_id}@{on_date.isoformat()}",
    }
    intent = Intent(wish.command_id, "departure.change", body)

    async def decide(work: UnitOfWork) -> Mapping[str, Any]:
        await _require(work, service_id, on_date)
        version = await _write(work, principal, (service_id, on_date), wish)
        # A movement may have chosen it since we looked: whoever chooses waits for the same lock.
        if not set(await _counting_on(work.connection, service_id, on_date)) <= set(work.streams):
            raise _ChosenMeanwhile
        told: list[str] = []
        for locked_stream in work.streams.values():
            for movement_id, body in locked_stream.all("movements"):
                leg = _leg_of(body, service_id, on_date)
                if leg is None:
                    continue
                _tell(locked_stream, principal, wish, (movement_id, leg, len(told)), work.now)
                told.append(movement_id)
        subject = f"{service_id}@{on_date.isoformat()}"
        return {"subject_id": subject, "version": version, "disturbed": told}

    while True:
        async with office.engine.connect() as connection:
            streams = await _counting_on(connection, service_id, on_date)
        try:
            return await carry_out(office, principal, intent, streams, decide)
        except _ChosenMeanwhile:
            continue


class _ChosenMeanwhile(Exception):  # noqa: N818 - says to look again, nobody else sees it
    """A movement has chosen the departure between looking and locking."""


async def _require(work: UnitOfWork, service_id: str, on_date: date) -> None:
    service = await held_row(work.connection, transport_service, service_id)
    if service is None:
        raise NotKnown
    if service["withdrawn"] or list(days_of(service, on_date, on_date)) != [on_date]:
        raise BadInput("no_such_departure", where="on_date")


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


async def _counting_on(connection: AsyncConnection, service_id: str, on_date: date) -> list[str]:
    """Return the streams in which a movement counts on a departure."""
    leg = [{"service_id": service_id, "on_date": on_date.isoformat()}]
    query = select(entity.c.stream_id).where(
        entity.c.collection == "movements",
        entity.c.body["state"].astext.in_(UNDER_WAY),
        entity.c.body["legs"].contains(leg),
    )
    return list((await connection.execute(query.distinct())).scalars())


def _leg_of(movement: Mapping[str, Any], service_id: str, on_date: date) -> int | None:
    """Return the number of the leg of a movement under way that is this departure."""
    if movement["state"] not in UNDER_WAY:
        return None
    return next(
        (
            number
            for number, leg in enumerate(movement["legs"])
            if leg.get("service_id") == service_id and leg.get("on_date") == on_date.isoformat()
        ),
        None,
    )


def _tell(
    stream: LockedStream,
    principal: Principal,
    wish: DepartureWish,
    movement: tuple[str, int, int],
    at: datetime,
) -> None:
    movement_id, leg, number = movement
    disturbed = None
    if wish.state != "as_planned":
        disturbed = {
            "leg": leg,
            "what": wish.state,
            "delay_min": wish.delay_min,
            "reason": wish.reason,
        }
    stream.append(
        Draft(
            id=wish.command_id if number == 0 else further_id(wish.command_id, number),
            kind="movement_disturbed",
            visibility=HQ,
            payload={"movement_id": movement_id, "disturbed": disturbed},
            actor=principal.actor(),
            at=at,
        )
    )
