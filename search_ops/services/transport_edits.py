"""Changing the transport network at a desk: one row, its version checked, who, when and why kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert

from search_ops.domain.rights import Right, rights_in
from search_ops.errors import BadInput, ChangedMeanwhile, Conflict, NotKnown
from search_ops.persistence.event_log import operation_stream
from search_ops.persistence.grants import place_of_stream
from search_ops.persistence.transport_tables import (
    transport_change,
    transport_craft,
    transport_place,
    transport_resource,
    transport_service,
    transport_way,
)
from search_ops.persistence.unit_of_work import Intent
from search_ops.services.movement_disturbing import carry_out_telling
from search_ops.services.transport_clock import is_backward
from search_ops.services.transport_judging import (
    judge_place,
    judge_resource,
    judge_service,
    judge_way,
    place_counted,
    resource_counted,
    service_counted,
    way_counted,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from search_ops.domain.principals import Principal
    from search_ops.domain.transport_wishes import (
        PlaceWish,
        ResourceStateWish,
        ResourceWish,
        ServiceWish,
        WayWish,
    )
    from search_ops.domain.wishes import Change
    from search_ops.persistence.unit_of_work import Office, UnitOfWork
    from search_ops.services.movement_disturbing import Counted, Judge

_NOT_COLUMNS: Final = frozenset({"command_id", "base_version", "reason"})
_FOR_ONE_SEARCH: Final = frozenset({"promised", "moving", "working"})


async def put_place(office: Office, principal: Principal, place_id: str, wish: PlaceWish) -> dict[str, Any]:
    """Add a place or change it: also to close an airport, or to open it again.

    Returns
    -------
    dict
        ``{"subject_id", "version", "disturbed"}``, the last one the ids of the movements told.

    Raises
    ------
    BadInput
        ``place_incomplete``, ``time_zone_unknown``.
    ChangedMeanwhile
        Somebody else has changed it since.
    """
    if (wish.lon is None) != (wish.lat is None):
        raise BadInput("place_incomplete", where="lon")
    if wish.time_zone is not None:
        try:
            ZoneInfo(wish.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise BadInput("time_zone_unknown", where="time_zone") from None

    async def decide(work: UnitOfWork) -> tuple[Mapping[str, Any], Judge]:
        answer = await _put(work, principal, (transport_place, "place", place_id), wish)
        return answer, judge_place(place_id, wish)

    return await _intend(office, principal, wish, f"place/{place_id}", (place_counted(place_id), decide))


async def put_service(
    office: Office, principal: Principal, service_id: str, wish: ServiceWish
) -> dict[str, Any]:
    """Add a line of the timetable, change it, or withdraw it.

    Raises
    ------
    BadInput
        ``goes_nowhere``, ``place_unknown``, ``place_without_time_zone``, ``timetable_backward``,
        ``season_backward``.
    """
    if wish.from_place == wish.to_place:
        raise BadInput("goes_nowhere", where="to_place")
    if wish.valid_from is not None and wish.valid_to is not None and wish.valid_to < wish.valid_from:
        raise BadInput("season_backward", where="valid_to")

    async def decide(work: UnitOfWork) -> tuple[Mapping[str, Any], Judge]:
        zones = await zones_of(work.connection, wish.from_place, wish.to_place)
        for field in ("from_place", "to_place"):
            if zones[getattr(wish, field)] is None:
                raise BadInput("place_without_time_zone", where=field)
        if is_backward(wish.model_dump(), zones):
            raise BadInput("timetable_backward", where="arrives")
        answer = await _put(work, principal, (transport_service, "service", service_id), wish)
        return answer, await judge_service(work.connection, service_id, wish, zones)

    about = f"service/{service_id}"
    return await _intend(office, principal, wish, about, (service_counted(service_id), decide))


async def put_way(office: Office, principal: Principal, way_id: str, wish: WayWish) -> dict[str, Any]:
    """Add a road, a winter road, a river or sea leg, change it, or withdraw it.

    Raises
    ------
    BadInput
        ``goes_nowhere``, ``place_unknown``, ``season_half``.
    """
    if wish.from_place == wish.to_place:
        raise BadInput("goes_nowhere", where="to_place")
    if (wish.season_from is None) != (wish.season_to is None):
        raise BadInput("season_half", where="season_to")

    async def decide(work: UnitOfWork) -> tuple[Mapping[str, Any], Judge]:
        zones = await zones_of(work.connection, wish.from_place, wish.to_place)
        answer = await _put(work, principal, (transport_way, "way", way_id), wish)
        return answer, judge_way(wish, zones)

    return await _intend(office, principal, wish, f"way/{way_id}", (way_counted(way_id), decide))


async def put_resource(
    office: Office, principal: Principal, resource_id: UUID, wish: ResourceWish
) -> dict[str, Any]:
    """Add a resource to the catalogue, change what it is, or take it out.

    Raises
    ------
    BadInput
        ``place_unknown``, ``craft_unknown``.
    """

    async def decide(work: UnitOfWork) -> tuple[Mapping[str, Any], Judge]:
        if wish.base_place is not None:
            await zones_of(work.connection, wish.base_place)
        if wish.craft_type is not None:
            query = select(transport_craft.c.craft_type).where(
                transport_craft.c.craft_type == wish.craft_type
            )
            if (await work.connection.execute(query)).one_or_none() is None:
                raise BadInput("craft_unknown", where="craft_type")
        where = (transport_resource, "resource", resource_id)
        answer = await _put(work, principal, where, wish, added={"state_at": work.now})
        row = await held_row(work.connection, transport_resource, resource_id)
        assert row is not None
        return answer, judge_resource(row, wish.reason)

    about = f"resource/{resource_id}"
    return await _intend(office, principal, wish, about, (resource_counted(resource_id), decide))


async def set_resource_state(
    office: Office, principal: Principal, resource_id: UUID, wish: ResourceStateWish
) -> dict[str, Any]:
    """Say what a resource does now.

    Raises
    ------
    NotKnown
        The catalogue has none of this id.
    BadInput
        ``search_required``: promised, moving and working are for one search; ``search_not_yours``.
    Conflict
        ``resource_of_another``: of another organisation, or at work for a search that is not the caller's.
    """
    if wish.state in _FOR_ONE_SEARCH and wish.operation_id is None:
        raise BadInput("search_required", where="operation_id")

    async def decide(work: UnitOfWork) -> tuple[Mapping[str, Any], Judge]:
        await locked(work.connection, f"resource/{resource_id}")
        held = await held_row(work.connection, transport_resource, resource_id)
        if held is None:
            raise NotKnown
        _check(held, wish.base_version)
        await _require_own(work, principal, held, wish)
        search = wish.operation_id if wish.state in _FOR_ONE_SEARCH else None
        values = {
            "state": wish.state,
            "operation_id": search,
            "follows_movement": None,
            "state_at": work.now,
            "version": held["version"] + 1,
        }
        await work.connection.execute(
            transport_resource.update().where(transport_resource.c.resource_id == resource_id).values(values)
        )
        said = ("resource", str(resource_id), "state", wish.reason)
        await note_change(work, principal, said, held, {**held, **values})
        answer = {"subject_id": str(resource_id), "version": values["version"]}
        return answer, judge_resource({**held, **values}, wish.reason)

    about = f"resource-state/{resource_id}"
    return await _intend(office, principal, wish, about, (resource_counted(resource_id), decide))


async def _require_own(
    work: UnitOfWork, principal: Principal, held: Mapping[str, Any], wish: ResourceStateWish
) -> None:
    """Let people speak for what is their organisation's or nobody's, and for searches of theirs."""

    async def may_plan(operation_id: UUID) -> bool:
        place = await place_of_stream(work.connection, operation_stream(operation_id))
        return place is not None and Right.MOVEMENT_PLAN in rights_in(principal, place)

    if wish.operation_id is not None and not await may_plan(wish.operation_id):
        raise BadInput("search_not_yours", where="operation_id")
    owner = held["organisation_id"]
    if owner is not None and owner == principal.organisation_id:
        return
    if owner is not None or (held["operation_id"] is not None and not await may_plan(held["operation_id"])):
        raise Conflict("resource_of_another")


# ---- one row -----------------------------------------------------------------------------------


async def _intend(
    office: Office,
    principal: Principal,
    wish: Change,
    about: str,
    counted: tuple[Counted, Callable[[UnitOfWork], Awaitable[tuple[Mapping[str, Any], Judge]]]],
) -> dict[str, Any]:
    body = {**wish.model_dump(mode="json", exclude_unset=True), "about": about}
    intent = Intent(wish.command_id, "network.edit", body)
    return await carry_out_telling(office, principal, intent, *counted)


async def _put(
    work: UnitOfWork,
    principal: Principal,
    where: tuple[Table, str, str | UUID],
    wish: PlaceWish | ServiceWish | WayWish | ResourceWish,
    *,
    added: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write a row as it should stand, and what it was before."""
    table, subject, identity = where
    await locked(work.connection, f"{subject}/{identity}")
    held = await held_row(work.connection, table, identity)
    _check(held, wish.base_version)
    version = 1 if held is None else held["version"] + 1
    said = {name: value for name, value in wish.model_dump().items() if name not in _NOT_COLUMNS}
    made = {**said, "version": version}
    if "edited_at" in table.c:
        made |= {"edited_at": work.now, "source": f"{principal.name}"[:200]}
    key = next(iter(table.primary_key.columns))
    statement = insert(table).values({key.name: identity, **made, **(added or {})})
    await work.connection.execute(statement.on_conflict_do_update(index_elements=[key.name], set_={**made}))
    what = "added" if held is None else "changed"
    await note_change(work, principal, (subject, str(identity), what, wish.reason), held, made)
    return {"subject_id": str(identity), "version": version}


async def locked(connection: AsyncConnection, name: str) -> None:
    """Let nobody else decide about this until the transaction ends, also where no row stands yet."""
    await connection.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"transport/{name}", 0)))
    )


async def held_row(connection: AsyncConnection, table: Table, identity: str | UUID) -> dict[str, Any] | None:
    """Return a row as it stands."""
    key = next(iter(table.primary_key.columns))
    row = (await connection.execute(select(table).where(key == identity))).mappings().one_or_none()
    return None if row is None else dict(row)


def _check(held: Mapping[str, Any] | None, base_version: int | None) -> None:
    current = None if held is None else int(held["version"])
    if current != base_version:
        raise ChangedMeanwhile(current_version=current)


async def zones_of(connection: AsyncConnection, *place_ids: str) -> dict[str, str | None]:
    """Return the time zones of places that must be there.

    Raises
    ------
    BadInput
        ``place_unknown``.
    """
    query = select(transport_place.c.place_id, transport_place.c.time_zone).where(
        transport_place.c.place_id.in_(place_ids)
    )
    zones = {row.place_id: row.time_zone for row in await connection.execute(query)}
    if len(zones) != len(set(place_ids)):
        raise BadInput("place_unknown", where="place_id")
    return zones


async def note_change(
    work: UnitOfWork,
    principal: Principal,
    said: tuple[str, str, str, str],
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> None:
    """Write down who changed what and why: (subject, its id, what, reason)."""
    subject, subject_id, what, reason = said
    await work.connection.execute(
        transport_change.insert().values(
            subject=subject,
            subject_id=subject_id,
            what=what,
            before=None if before is None else _plain(before),
            after=None if after is None else _plain(after),
            reason=reason,
            changed_by=principal.id,
            changed_by_name=principal.name,
            changed_at=work.now,
        )
    )


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    # Names of columns are a kind of text of their own; the writer of JSON takes plain text only.
    return {
        str(name): value.isoformat()
        if isinstance(value, (date, datetime))
        else str(value)
        if isinstance(value, UUID)
        else value
        for name, value in row.items()
    }
